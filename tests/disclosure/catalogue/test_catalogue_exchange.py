"""The catalogue in the standard columns: it goes out as real ones look, and comes in as proposals a second person decides."""

import csv
import io

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from disclosure.catalogue import standard_form as form
from disclosure.catalogue.flows import FLOW
from disclosure.models import CatalogueChange, Topic, TopicProposal
from disclosure.services import save_topic
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import User
from longsha_credit.exchange.imports.kinds import KINDS
from longsha_credit.exchange.tables.cleaning import clean
from longsha_credit.home import todo
from tests.disclosure import making as publishing
from tests.disclosure.catalogue import making
from tests.exchange.imports import making as bringing

FILE, LIST = reverse("proposals:file"), reverse("proposals:list")
CHECK = reverse("checking:check", args=["catalogue"])


def checked(c, *rows):
    return bringing.checked(c, *rows, kind="catalogue", by=c.office, unit=c.district)


def brought(c, *rows):
    return bringing.brought_in(c, *rows, kind="catalogue", by=c.office, unit=c.district)


def faults(import_):
    return [(row.number, f[0], f[1]) for row in import_.staged.order_by("number") for f in row.faults or ()]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_catalogue_goes_out_as_real_ones_look_and_is_known_again(cast, signed_in, tmp_path, kind):
    content = b"".join(signed_in(cast.office).get(FILE, {"format": kind}))
    if kind == "xlsx":
        page = openpyxl.load_workbook(io.BytesIO(content)).active
        assert [page["B1"].value, page["B2"].value, page["C2"].value] == ["公开事项", "一级事项", "二级事项"]
        assert {"A1:A2", "B1:C1", "I1:J1", "M1:N1", "B3:B16"} <= {
            str(one) for one in page.merged_cells.ranges
        }
    path = tmp_path / f"catalogue.{kind}"
    path.write_bytes(content)
    call_command("check_table", "catalogue", str(path))
    again = bringing.checked_file(
        cast, content, name=path.name, kind="catalogue", by=cast.office, unit=cast.district
    )
    assert (again.stage, again.known, again.faulty) == ("nothing", Topic.objects.in_use().count(), 0)


def test_what_is_new_and_what_differs_waits_for_a_second_person(cast, signed_in):
    old = making.topic()
    path = io.BytesIO(b"".join(signed_in(cast.office).get(FILE)))
    book = openpyxl.load_workbook(path)
    page = book.active
    line = next(row for row in page.iter_rows(min_row=3) if row[2].value == old.name)
    line[5].value, line[3].value = "3个工作日", "改过的内容"
    book.save(changed := io.BytesIO())
    import_ = bringing.checked_file(
        cast, changed.getvalue(), kind="catalogue", by=cast.office, unit=cast.district
    )
    assert (import_.rows, import_.known) == (
        Topic.objects.in_use().count(),
        Topic.objects.in_use().count() - 1,
    )
    brought(cast, making.row())
    of_change = making.proposal(cast, of=old, limit_rule="disclosure_prompt")
    new = TopicProposal.objects.get(topic=None)
    assert (new.channels, new.levels) == ("政府网站、社区/企事业单位/村公示栏（电子屏）", ["community"])
    text = signed_in(cast.office).get(LIST).content.decode()
    assert "公开内容（要素）、公开时限" in text and "新增" in text
    assert Topic.objects.get(pk=old.pk).content == old.content

    with pytest.raises(Refused, match="由另一个人启用"):
        FLOW.take(new, "adopt", by=cast.office)
    other = making.another(cast)
    browser = signed_in(other)
    assert [
        todo.numbers(one).of_kind["topic_proposals"] for one in (cast.office, User.objects.get(pk=other.pk))
    ] == [0, 2]
    for it in (new, of_change):
        browser.post(reverse("proposals:step", args=[it.pk, "adopt"]))
        it.refresh_from_db()
        assert (it.state, it.decided_by) == ("adopted", other)
    old.refresh_from_db()
    assert (old.content, old.limit_rule, old.version) == ("改过的内容", "disclosure_prompt", 2)
    added = Topic.objects.get(name=new.name)
    told = CatalogueChange.objects.get(topic=added)
    assert (told.reason, told.by) == ("按标准目录修订", other)
    assert "改过的内容" in browser.get(reverse("proposals:page", args=[of_change.pk])).content.decode()


def test_a_proposal_for_an_older_version_is_refused(cast):
    old = making.topic()
    late = making.proposal(cast, of=old)
    old.basis = "新的依据"
    save_topic(old, by=cast.office, reason="先改了依据")
    with pytest.raises(Refused, match="又改过"):
        FLOW.take(late, "adopt", by=making.another(cast))


def test_a_form_as_towns_have_it_is_read(cast):
    book = openpyxl.Workbook()
    page = book.active
    page.append(["向阳街道基层政务公开标准目录"])
    page.append(["序号", "公开事项", None, "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体",
                 "公开对象", None, "公开方式", None, "公开层级", None])  # fmt: skip
    page.append(
        [
            None,
            "一级事项",
            "二级事项",
            *[None] * 5,
            "全社会",
            "特定群众\n（请写明）",
            "主动",
            "依申请公开",
            "县级",
            "乡级",
        ]
    )
    boxes = (
        "■政府网站   □政府公报\n□两微一端   □发布会/听证会\n■社区/企事业单位/村公示栏（电子屏）  □其他____"
    )
    said = ["要素一；\n要素二", "条例", "自信息形成或者变更之日起 20 个工作日内", "街道办事处", boxes]
    page.append([1, "财务公开", "惠民资金", *said, "√", None, "√", None, None, "√"])
    page.append([2, None, "帮扶物资", *said, None, "受助家庭", None, "√", "√", "√"])
    page.merge_cells("B4:B5")
    for cells in ("A1:N1", "B2:C2", "I2:J2", "K2:L2", "M2:N2", "A2:A3", "D2:D3"):
        page.merge_cells(cells)
    book.save(file := io.BytesIO())
    import_ = bringing.checked_file(
        cast, file.getvalue(), kind="catalogue", by=cast.office, unit=cast.district
    )
    assert faults(import_) == []
    names = KINDS["catalogue"].sheet().names
    one, two = (dict(zip(names, row.cells, strict=True)) for row in import_.staged.order_by("number"))
    assert (one["top"], two["top"], one["content"]) == ("finance", "finance", "要素一；要素二")
    assert one["channels"] == "政府网站、社区/企事业单位/村公示栏（电子屏）"
    assert [one[name] for name in ("time_limit", "everyone", "active", "county")] == [
        "disclosure_publish", "全社会", "active", "street"]  # fmt: skip
    assert [two[name] for name in ("everyone", "active", "county")] == [
        "受助家庭",
        "on_request",
        "district,street",
    ]


def test_what_cannot_be_read_is_told_with_its_cell(cast):
    rows = (
        making.row(公开时限="30个工作日"),
        making.row(**{"公开事项（二级）": "甲", "公开渠道和载体": "□政府网站□政府公报"}),
        making.row(**{"公开事项（二级）": "乙", "公开对象": ""}),
        making.row(**{"公开事项（二级）": "丙", "公开方式": "主动、依申请"}),
        making.row(**{"公开事项（二级）": "丁", "公开层级": "省级"}),
        making.row(**{"公开事项（二级）": "戊", "公开事项（一级）": "公共服务"}),
        making.row(**{"公开事项（二级）": "己", "公开内容（要素）": "=1+1"}),
    )
    assert [(number, name) for number, name, _ in faults(checked(cast, *rows))] == [
        (2, "time_limit"), (3, "channels"), (4, "everyone"), (5, "active"), (6, "county"), (7, "top"), (8, "content"),
    ]  # fmt: skip


def test_time_limits_are_read_in_their_usual_words(cast):
    limit = form.sheet().by_name["time_limit"]
    for words, key in (
        ("20个工作日", "disclosure_publish"), ("自信息形成或者变更之日起２０个工作日内", "disclosure_publish"),
        ("信息形成或变更之日起20个工作日内公开", "disclosure_publish"), ("及时", "disclosure_prompt"), ("实时", "disclosure_prompt"),
        ("3个工作日", "disclosure_prompt"), ("自作出决定之日起7个工作日内", "disclosure_soon"), ("每季度", "topic_quarterly"),
    ):  # fmt: skip
        assert clean(limit, words) == key, words


def test_what_was_disclosed_goes_out_with_the_columns_of_its_topic_and_no_formula(cast, signed_in):
    shown = publishing.published(cast, title="=1+1的收费")
    publishing.notice(cast, title="还是草稿")
    url = reverse("proposals:disclosed")
    (line,) = csv.DictReader(
        io.StringIO(b"".join(signed_in(cast.clerk).get(url, {"format": "csv"})).decode("utf-8-sig"))
    )
    assert (line["标题"], line["索引号"], line["二级事项"]) == ("'=1+1的收费", shown.code, shown.topic.name)
    assert line["公开时限"].endswith("20个工作日内") and line["公开方式（主动公开）"] == "√"
    assert (
        b"".join(signed_in(cast.clerk).get(url, {"format": "csv", "q": "别的标题"})).decode().count("\n") == 1
    )


def test_the_check_page_tells_the_cell_and_a_topic_named_twice(cast, signed_in):
    file = bringing.table(making.row(公开时限="30个工作日"), making.row(), making.row(), name="目录.csv")
    text = signed_in(cast.office).post(CHECK, {"file": file, "answer": "page"}).content.decode()
    assert "F2" in text and "C4" in text and "和第2行的相同" in text and "有3处不合模板" in text
    assert signed_in(cast.clerk).get(CHECK).status_code == 404
