"""Commitments from another platform, in the national template: what becomes a draft, what is told, what is refused."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from commitments.flows import FLOW
from commitments.models import Obligation
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Organisation
from tests import make
from tests.exchange.imports import making
from tests.exchange.imports.rounds import national

CHECK = reverse("checking:check", args=["national"])


def faults(import_):
    return [(row.number, f[0], f[1]) for row in import_.staged.order_by("number") for f in row.faults or ()]


def test_a_draft_keeps_the_code_it_came_with_and_waits_for_what_the_template_lacks(cast, signed_in):
    row, other = national(cast)
    import_ = making.brought_in(
        cast, row | {"承诺事由": "坡道" * 40}, other | {"备注": "老系统迁来"}, kind="national"
    )
    assert import_.stage == "done"
    assert any(
        "第3行" in note and "承诺履行状态“全部履行”" in note and "备注“老系统迁来”" in note
        for note in import_.notes
    )
    assert any("第2行" in note and "有80个字" in note for note in import_.notes)
    draft = Obligation.objects.get(organisation=cast.street)
    assert (draft.state, draft.code, draft.verdict, len(draft.title)) == ("draft", "", "", 60)
    with pytest.raises(Refused, match="服务对象和认定标准还没有填全"):
        FLOW.take(draft, "submit", by=cast.clerk)
    Obligation.objects.filter(pk=draft.pk).update(
        standard="24处为全部履行。", beneficiaries="居民", due_on=make.soon()
    )
    draft.refresh_from_db()
    FLOW.take(draft, "submit", by=cast.clerk)
    assert (draft.code, str(draft.made_on)) == (row["承诺编码"], "2026-10-20")


def test_a_code_that_is_there_is_never_overwritten(cast):
    own = make.in_force(cast, title="坡道", content="建成坡道24处。")
    row, _ = national(cast)
    same = row | {
        "承诺编码": own.code, "承诺事由": "坡道", "承诺内容": own.content, "违诺责任": own.liability,
        "承诺作出日期": str(own.made_on), "承诺有效期": str(own.due_on),
    }  # fmt: skip
    assert making.checked(cast, same, kind="national").stage == "nothing"
    other = making.checked(cast, same | {"承诺内容": "建成坡道30处。"}, kind="national")
    ((number, field, sentence),) = faults(other)
    assert (number, field) == (2, "code") and "内容不同：承诺内容。" in sentence
    own.refresh_from_db()
    assert own.content == "建成坡道24处。" and Obligation.objects.count() == 1
    strange = same | {"承诺人名称": "临江街道"}
    taken = making.checked(cast, strange, kind="national", by=cast.other_clerk, unit=cast.other_street)
    assert "已经用在别的单位名下" in faults(taken)[0][2] and "坡道" not in faults(taken)[0][2]


def test_what_the_portal_does_not_take_is_refused_at_its_cell(cast):
    row, done = national(cast)
    number = "230202199001010014"
    rows = [
        row | {"承诺人类别": "自然人", "承诺人代码": number},
        row | {"承诺编码": "99010020261320000003", "公开类型": "不可公开", "承诺有效期": "/"},
        done | {"承诺编码": "99010020261020000004", "承诺履行状态": "部分履行", "履行状态认定单位": ""},
        row | {"承诺编码": "99010020261020000001", "承诺人名称": "无此街道"},
    ]
    found = faults(making.checked(cast, *rows, kind="national"))
    assert {(number, field) for number, field, _ in found} >= {
        (2, "promiser_sort"), (3, "code"), (3, "openness"), (4, "unmet"), (4, "consequence"), (4, "verifier"),
        (5, "promiser"), (5, "code"),
    }  # fmt: skip
    assert not any(number in sentence for _, _, sentence in found)


def test_a_file_is_checked_without_being_brought_in(cast, signed_in, tmp_path):
    row, done = national(cast)
    bad = done | {"承诺人代码": "11990100MB1234567X", "未履行的承诺内容": "", "监管状态": "监管中"}
    browser = signed_in(cast.office)
    page = browser.post(CHECK, {"file": making.table(row, bad), "answer": "page"}).content.decode()
    assert (
        "有2处不合模板" in page and "D3" in page and "校验位不对" in page and "监管状态应是监管完成" in page
    )
    book = browser.post(CHECK, {"file": making.table(row, bad), "answer": "workbook"}).getvalue()
    assert openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].max_row == 3
    assert "2行都合于模板" in browser.post(CHECK, {"file": making.table(row, done)}).content.decode()
    assert (
        "没有找到表头"
        in browser.post(CHECK, {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}).content.decode()
    )
    assert browser.post(CHECK, {}).status_code == 422
    assert signed_in(cast.official).get(CHECK).status_code == 404
    path = tmp_path / "来件.csv"
    path.write_bytes(making.table(row, bad).read())
    said = io.StringIO()
    with pytest.raises(CommandError, match="1行合于模板，1行不合"):
        call_command("check_table", "national", str(path), stdout=said, out=tmp_path / "out.xlsx")
    assert "D3 承诺人代码" in said.getvalue() and (tmp_path / "out.xlsx").exists()
    assert not Obligation.objects.exists()


def test_what_went_out_comes_back_as_nothing_new_or_as_the_same_drafts(cast, signed_in):
    Organisation.objects.filter(pk=cast.street.pk).update(uscc="11990100MB0000001T")
    Organisation.objects.filter(pk=cast.district.pk).update(uscc="11990100MB0000002X")
    make.in_force(cast, title="坡道２期", content="一、建成２４处。\r\n二、验收。")
    make.ended(cast, make.in_force(cast, title="路灯"), "partly")
    file = reverse("commitments:national_file")
    for kind in ("csv", "xlsx"):
        data = b"".join(signed_in(cast.office).get(file, {"format": kind}))
        again = making.checked_file(cast, data, f"导出.{kind}", kind="national")
        assert (again.stage, again.known, faults(again)) == ("nothing", 2, [])
