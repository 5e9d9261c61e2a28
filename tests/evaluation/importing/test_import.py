"""Facts from outside as the office brings them in: by form and by file, corrected by a new row, seen by whom they concern."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from evaluation.importing import fields, services
from evaluation.importing.resources import template
from evaluation.importing.services import Brought
from evaluation.metrics.imported import IMPORTABLE
from evaluation.models import ImportedFact
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Level, Posting
from longsha_credit.exchange.tables import reading
from tests import make
from tests.evaluation.hand import TODAY, value
from tests.evaluation.importing import making
from tests.programme import years

LIST, NEW, IMPORT, CONFIRM = (reverse(f"imported:{name}") for name in ("list", "new", "import", "confirm"))
HEADS = ["单位", "指标", "分子", "分母", "更正理由"]
LEGAL, ERRORS = "法定期限内办结率", "查实的办件、履职差错"


@pytest.fixture
def office(signed_in, cast):
    cast.year = making.year(cast)
    return signed_in(cast.office)


def table(*lines, heads=HEADS) -> SimpleUploadedFile:
    book = Workbook()
    for line in (heads, *lines):
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("窗口办件.xlsx", out.getvalue())


def sent(c, file, **changes) -> dict:
    given = {"year": c.year.pk, "file": file, "source": "区营商局", "document_number": "龙营函〔2026〕12号"}
    return given | {"document": make.upload("办件统计.txt", "盖章")} | changes


def faults(c, *lines) -> dict[str, str]:
    """{cell: sentence} of a file with these lines."""
    known = {"units": fields.Units(c.district), "standing": fields.Standing(c.year)}
    with reading.on_disk(file := table(*lines)) as path:
        checked = fields.check(path, file.name, **known)
    return {fault.cell: fault.sentence for fault in checked.faults}


def confirmed(client, response):
    """The button 导入 on the page that shows what was checked."""
    form = response.context["confirm"]
    return client.post(CONFIRM, {name: form.initial[name] for name in form.fields}, follow=True)


def test_a_file_is_checked_shown_and_then_taken_in_whole(office, cast):
    lines = ["向阳街道/综合窗口", LEGAL, 188, 200], ["主任岗（没有）", LEGAL, 1, 2]
    response = office.post(IMPORT, sent(cast, table(*lines)))
    assert response.status_code == 422 and "A3" in response.content.decode()
    assert not ImportedFact.objects.exists()
    response = office.post(IMPORT, sent(cast, table(lines[0], ["向阳街道/主任岗", ERRORS, "2", ""])))
    assert response.status_code == 200 and not ImportedFact.objects.exists()
    assert "已导入2条，其中更正0条" in confirmed(office, response).content.decode()
    assert value("handled-in-legal-time", cast.window) == (18800, 200)
    fact = ImportedFact.objects.get(metric="handling-errors")
    assert (fact.organisation, fact.numerator, fact.denominator) == (cast.post, 200, 0)
    assert (fact.source, fact.document.name, fact.by) == ("区营商局", "办件统计.txt", cast.office)
    entry = Entry.objects.about(fact).get()
    assert (entry.reason, entry.object_label) == ("2件", f"主任岗{TODAY.year}年查实的办件、履职差错")
    assert (entry.organisation_path, entry.actor, entry.acting_as) == (
        cast.post.path,
        cast.office,
        "示例区 · 区信用办管理员",
    )


def test_every_fault_is_named_by_its_cell_with_what_to_do(office, cast):
    making.brought(cast, cast.window, "handled-in-legal-time", 180, 200)
    found = faults(
        cast,
        ["向阳街道/综合窗", LEGAL, 1, 2],  # 2
        ["主任岗", ERRORS, 1, None],  # 3: two posts of that name
        ["向阳街道", LEGAL, 1, 2],  # 4: a street
        ["向阳街道/综合窗口", "法定期限办结率", 1, 2],  # 5
        ["向阳街道/综合窗口", "好差评满意率", "95%", 100],  # 6
        ["向阳街道/综合窗口", "主动评价率", 30, 20],  # 7: wrong way round
        ["向阳街道/综合窗口", "办事指南要素齐全率", "三十", None],  # 8
        ["向阳街道/综合窗口", LEGAL, 190, 200],  # 9: differs, without a reason
        ["向阳街道/主任岗", "上年度考核等次", "良好", None],  # 10
        ["向阳街道/主任岗", ERRORS, 1, None, "原来少算"],  # 11: nothing to correct
        ["向阳街道/主任岗", ERRORS, 1, None],  # 12: twice
        ["＝某窗口", LEGAL, 1, "2.5"],  # 13
    )
    assert "是不是“向阳街道/综合窗口”" in found["A2"]
    assert "有2个“主任岗”" in found["A3"] and "临江街道/主任岗" in found["A3"]
    assert "只用于窗口，这是街道" in found["A4"]
    assert "是不是“法定期限内办结率”" in found["B5"]
    assert "是百分数" in found["C6"]
    assert "是不是写反了" in found["C7"]
    assert "不是数" in found["C8"] and "没有填" in found["D8"]
    assert "已经导入过，是180/200件" in found["E9"]
    assert "优秀、称职、其他" in found["C10"]
    assert "没有可以更正的" in found["E11"]
    assert "和第11行是同一个单位" in found["B12"]
    assert "公式" in found["A13"] and "整数" in found["D13"]
    assert len(found) == 14


def test_a_file_corrects_with_a_reason_and_leaves_alone_what_is_the_same(office, cast):
    old = making.brought(cast, cast.window, "handled-in-legal-time", 180, 200)
    making.brought(cast, cast.window, "good-reviews", 90, 100)
    lines = (
        ["向阳街道/综合窗口", LEGAL, 190, 210, "漏加了12月的办件"],
        ["向阳街道/综合窗口", "好差评满意率", 90, 100],
        ["向阳街道/综合窗口", "主动评价率", None, None],  # a prepared line left empty
        ["例：向阳街道/综合窗口", LEGAL, 186, 188],
    )
    response = office.post(IMPORT, sent(cast, table(*lines)))
    checked = response.context["checked"]
    assert (checked.new, len(checked.changes), checked.same, checked.empty) == (0, 1, 1, 1)
    assert "其中更正1条；1条和已经导入的一样" in confirmed(office, response).content.decode()
    fact = ImportedFact.objects.standing().get(metric="handled-in-legal-time")
    old.refresh_from_db()
    assert (fact.corrects, fact.reason, fact.numerator) == (old, "漏加了12月的办件", 19000)
    assert (old.numerator, old.superseded_at is not None) == (18000, True)
    assert "原来是180/200件，更正为190/210件" in Entry.objects.about(fact).get().reason


def test_the_template_can_be_filled_in_and_brought_in_again(office, cast):
    response = office.get(reverse("imported:template"), {"metric": "handled-in-legal-time"})
    book = load_workbook(io.BytesIO(response.content))
    sheet = book["数据"]
    assert [cell.value for cell in sheet[3]][:2] == ["向阳街道/综合窗口", LEGAL]
    assert [one.formula1 for one in sheet.data_validations.dataValidation] == [
        "'选项'!$A$1:$A$1", f"'选项'!$B$1:$B${len(IMPORTABLE)}"
    ]  # fmt: skip
    sheet["C3"], sheet["D3"] = 5, 5
    out = io.BytesIO()
    book.save(out)
    response = office.post(IMPORT, sent(cast, SimpleUploadedFile("模板.xlsx", out.getvalue())))
    assert response.context["checked"].new == 1
    whole = load_workbook(template(fields.Units(cast.district)))
    names = [row[0].value for row in whole["单位"].iter_rows(min_row=2)]
    assert {"向阳街道", "向阳街道/新苑社区/书记岗", "向阳街道/综合窗口"} < set(names)
    assert len(names) == 7 and whole["数据"].max_row == 2


def test_what_the_list_exports_comes_in_again_and_changes_nothing(office, cast):
    making.brought(cast, cast.window, "handled-in-legal-time", 9.5, 10)
    making.brought(cast, cast.post, "annual-appraisal", 2, 1)
    out = office.get(reverse("imported:export"), {"kind": "csv"})
    data = b"".join(out.streaming_content)
    response = office.post(IMPORT, sent(cast, SimpleUploadedFile("导出.csv", data)))
    assert "2条都和已经导入的一样" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.xlsx", table().read(), "表里没有填好的数"),
        ("无表头.csv", b"a,b\n1,2\n", "没有找到表头"),
        ("旧.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600, "另存为 xlsx"),
        ("坏.xlsx", b"PK\x03\x04 nothing", "文件打不开"),
        ("缺.csv", "指标,分子\nx,1\n".encode("gb18030"), "表头缺少“单位”"),
    ],
    ids=[
        "empty",
        "without heads",
        "old",
        "broken",
        "without units",
    ],  # a workbook's bytes hold the time it was made
)
def test_a_file_that_is_no_table_is_told_so(office, cast, name, data, said):
    response = office.post(IMPORT, sent(cast, SimpleUploadedFile(name, data)))
    assert response.status_code == 422 and said in response.content.decode()
    assert not ImportedFact.objects.exists()


def test_without_its_document_nothing_is_brought_in(office, cast):
    response = office.post(IMPORT, sent(cast, table(["向阳街道/综合窗口", LEGAL, 1, 2]), document=""))
    assert response.status_code == 422 and not ImportedFact.objects.exists()


def test_one_fact_is_typed_and_corrected_by_a_new_row(office, cast):
    given = {
        "year": cast.year.pk,
        "metric": "improper-demands",
        "organisation": cast.window.pk,
        "source": "区纪委",
    }
    wrong = office.post(NEW, given | {"numerator": "一", "document": make.upload()})
    assert wrong.status_code == 422 and "不是数" in wrong.content.decode()
    office.post(NEW, given | {"numerator": "1", "document": make.upload("通报.txt", "查实")})
    fact = ImportedFact.objects.get()
    assert (fact.numerator, fact.denominator, fact.document.name) == (100, 0, "通报.txt")
    page = reverse("imported:correct", args=[fact.pk])
    same = office.post(page, {"numerator": "1", "source": "区纪委", "reason": "没有改"})
    assert same.status_code == 422 and "没有改动" in same.content.decode()
    shown = office.post(page, {"numerator": "0", "source": "区纪委", "reason": "复核不成立"}, follow=True)
    assert "复核不成立" in shown.content.decode() and "现在计入的" in shown.content.decode()
    assert value("improper-demands", cast.window) == (0, 0)
    again = office.get(page, follow=True)
    assert "已经更正过" in again.content.decode()


def test_a_frozen_year_takes_nothing_in(office, cast):
    year = years.plan(cast)
    fact = making.brought(cast, cast.window, "good-reviews", 1, 2, of=year)
    years.frozen(cast, year)
    with pytest.raises(Refused, match="已封存"):
        making.corrected(cast, fact, 2, 2)
    assert office.post(IMPORT, sent(cast, table(), year=year.pk)).status_code == 422


def test_a_clerk_brings_nothing_in_and_nobody_for_a_unit_elsewhere(cast, signed_in):
    making.year(cast)
    elsewhere = make.organisation(Level.DISTRICT, "外区", division_code="990200000000")
    one = [Brought(cast.window.pk, "good-reviews", 100, 2)]
    for who in (cast.clerk, cast.lead, cast.reviewer, cast.district_lead):
        assert signed_in(who).get(IMPORT).status_code == 404
        with pytest.raises(Http404):
            services.bring_in(one, year=making.year(cast), origin=making.origin(), by=who)
    with pytest.raises(Http404):
        making.brought(cast, elsewhere, "good-reviews", 1, 2)
    with pytest.raises(Refused, match="不能为这一级单位导入"):
        making.brought(cast, cast.street, "good-reviews", 1, 2)
    assert not ImportedFact.objects.exists()


def test_a_double_click_brings_it_in_once(office, cast):
    response = office.post(IMPORT, sent(cast, table(["向阳街道/综合窗口", LEGAL, 188, 200])))
    confirmed(office, response)
    assert "1条和已经导入的一样" in confirmed(office, response).content.decode()
    assert ImportedFact.objects.count() == 1


def test_nobody_confirms_with_the_files_of_another(office, cast, signed_in):
    response = office.post(IMPORT, sent(cast, table(["向阳街道/综合窗口", LEGAL, 188, 200])))
    other = make.user("office2", "office", cast.district, name="区办二")
    assert "已经失效" in confirmed(signed_in(other), response).content.decode()
    assert not ImportedFact.objects.exists()


def test_a_unit_reads_its_own_and_what_is_said_of_a_post_is_for_few(cast, signed_in):
    window = making.brought(cast, cast.window, "good-reviews", 90, 100)
    post = making.brought(cast, cast.post, "annual-appraisal", 2, 1)
    Posting.objects.create(official=cast.official.official, post=cast.post, started_on=make.LONG_AGO)
    seen = {
        who: set(ImportedFact.objects.visible_to(getattr(cast, who)))
        for who in (
            "clerk",
            "lead",
            "office",
            "reviewer",
            "supervisor",
            "official",
            "other_clerk",
            "sysadmin",
            "panel",
        )
    }
    both, one = {window, post}, {window}
    assert seen == {
        "clerk": one, "lead": both, "office": both, "reviewer": both, "supervisor": one, "official": {post},
        "other_clerk": set(), "sysadmin": set(), "panel": set(),
    }  # fmt: skip
    assert "上年度考核等次" in signed_in(cast.official).get(LIST).content.decode()
    shown = signed_in(cast.clerk).get(LIST).content.decode()
    assert "90/100条" in shown and "上年度考核等次</a>" not in shown
    assert not ImportedFact.objects.public().exists()


def test_a_document_opens_only_to_who_may_see_all_that_rests_on_it(cast):
    shared = services.keep(make.upload(), purpose=services.PURPOSE, year=making.year(cast), by=cast.office)
    both = [Brought(unit.pk, "post-scenes", 100, 1) for unit in (cast.post, cast.other_post)]
    origin = making.origin(document=shared)
    services.bring_in(both, year=making.year(cast), origin=origin, by=cast.office)
    assert list(services.readable_documents(cast.office)) == [shared]
    assert not services.readable_documents(cast.lead).exists()


def test_pages_ask_the_same_number_of_questions_however_many_rows(office, cast):
    def asked(url):
        with CaptureQueriesContext(connection) as found:
            assert office.get(url).status_code == 200
        return len(found)

    first = making.brought(cast, cast.window, "good-reviews", 90, 100)
    page = reverse("imported:page", args=[first.pk])
    before = asked(LIST), asked(page)
    for key in ("handled-in-legal-time", "guide-completeness", "reviews-per-case"):
        making.brought(cast, cast.window, key, 1, 2)
    assert asked(LIST) == before[0]
    last = making.corrected(cast, making.corrected(cast, first, 91, 100), 92, 100)
    assert asked(reverse("imported:page", args=[last.pk])) <= before[1] + 1


def test_what_nobody_would_ask_is_answered_with_a_page(office, cast):
    making.brought(cast, cast.window, "good-reviews", 90, 100)
    strange = {"q": "\x00'%_", "year": "１e9", "metric": "x", "level": "district", "view": "x", "page": "-1"}
    assert "没有找到" in office.get(LIST, strange).content.decode()
    for name in ("export", "template", "new"):
        assert office.get(reverse(f"imported:{name}"), strange | {"kind": "exe"}).status_code == 200
    typed = {
        "year": "x",
        "metric": "x",
        "organisation": "9" * 30,
        "numerator": "\x00",
        "denominator": "１２",
        "source": "<b>",
    }
    assert office.post(NEW, typed).status_code == 422
    assert office.post(CONFIRM, {"table": "1", "document": "x"}, follow=True).status_code == 200


def test_a_file_of_many_rows_is_taken_in_by_few_statements(office, cast):
    posts = [make.organisation(Level.POST, f"{n}号岗", cast.window) for n in range(60)]
    few, many = posts[:3], posts[3:]

    def asked(units):
        brought = [Brought(unit.pk, "duties-shown", 200, 2) for unit in units]
        with CaptureQueriesContext(connection) as found:
            services.bring_in(brought, year=cast.year, origin=making.origin(), by=cast.office)
        return len(found)

    assert asked(few) == asked(many)
    assert Entry.objects.filter(step="import").count() == 60


def test_titles_tell_the_indicators_apart():
    assert len({item.title for item in IMPORTABLE.values()}) == len(IMPORTABLE)
    assert all(item.numerator and item.denominator and item.document for item in IMPORTABLE.values())
