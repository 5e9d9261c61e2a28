"""The question bank: two people for each question, files taken in whole or not at all, what is in use never changed."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from longsha_credit.audit.workflow import Refused
from longsha_credit.exchange.flows import FLOW as JOBS
from longsha_credit.exchange.imports import services as imports
from longsha_credit.exchange.imports.staging import faults as faults_of
from longsha_credit.exchange.tables import reading
from longsha_credit.exchange.tables.cleaning import clean_row
from longsha_credit.programme.contests import fields, services
from longsha_credit.programme.contests.flows import QUESTION
from longsha_credit.programme.models import Question
from tests.exchange.imports import making as importing
from tests.programme.contests import making

HEADS = [field.label for field in fields.FIELDS]
GOOD = [
    "单选题",
    "法律法规",
    "守信是什么意思？",
    "说到做到",
    "说了不算",
    "",
    "",
    "",
    "",
    "A",
    "守信就是说到做到。",
    "民法典第七条",
]
MANY = [
    "多选题",
    "政务诚信",
    "政务诚信包括哪些？",
    "依法行政",
    "守信践诺",
    "随意改口",
    "",
    "",
    "",
    "b、A",
    "见意见。",
    "国发〔2016〕76号",
]
TRUE = [
    "判断题",
    "信用修复",
    "修复以后可以撤下公示。",
    "",
    "",
    "",
    "",
    "",
    "",
    "对",
    "修复后停止公示。",
    "信用修复管理办法第五条",
]


def workbook(*rows, heads=HEADS, title=None):
    book = Workbook()
    if title:
        book.active.append([title])
    book.active.append(heads)
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv(*rows, encoding="utf-8"):
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in [HEADS, *rows]).encode(encoding)


def read(data, tmp_path, name="题.xlsx"):
    """What a file holds: a question for each row, and (cell, sentence) of what is wrong."""
    path = tmp_path / "upload"
    path.write_bytes(data)
    questions, faults = [], []
    with reading.opened(path, fields.SHEET, name) as table:
        for line in reading.lines(table):
            values, wrong = clean_row(fields.SHEET, line.texts)
            named = dict(zip(fields.SHEET.names, values, strict=True))
            wrong += fields.together(named)
            questions.append(named)
            faults += [(table.cell(line.number, fault.name), fault.sentence) for fault in wrong]
    return questions, faults


@pytest.mark.parametrize(
    ("name", "data"),
    [("题.xlsx", workbook(GOOD, MANY, TRUE, title="向阳街道题库")), ("题.csv", csv(GOOD, MANY, TRUE, encoding="gb18030"))],
    ids=["xlsx with a title", "gb18030"],
)  # fmt: skip
def test_a_file_is_read_as_offices_have_it(name, data, tmp_path):
    questions, faults = read(data, tmp_path, name)
    assert faults == []
    assert [(one["kind"], one["right"], one["option_c"]) for one in questions] == [
        ("single", "A", None), ("multiple", "AB", "随意改口"), ("truth", "A", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [
        (0, "问答题", "A2"), (1, "别的", "B2"), (2, "", "C2"), (2, "=1+1", "C2"), (2, "字" * 501, "C2"), (4, "", "E2"),
        (4, "无", None), (5, "", None), (6, "跳过了C", "F2"), (9, "", "J2"), (9, "C", "J2"), (9, "AB", "J2"),
        (10, "", "K2"), (11, "", "L2"),
    ],
)  # fmt: skip
def test_every_fault_is_told_by_its_cell(column, value, cell, tmp_path):
    row = [*GOOD]
    row[column] = value
    _, faults = read(workbook(row), tmp_path)
    assert [address for address, _ in faults] == ([cell] if cell else [])
    assert all(sentence.endswith("。") for _, sentence in faults)


def test_several_right_answers_want_at_least_two_and_three_options(tmp_path):
    wrong = [
        [*MANY[:9], "A", *MANY[10:]],
        [*MANY[:5], "", "", "", "", "AB", *MANY[10:]],
        [*TRUE[:9], "也许", *TRUE[10:]],
    ]
    assert [address for address, _ in read(workbook(*wrong), tmp_path)[1]] == ["J2", "F3", "J4"]


def looked_through(c, data, name="题.xlsx", by=None):
    return importing.checked_file(c, data, kind="questions", by=by or c.clerk, name=name)


def told(import_):
    return sorted((row, field) for row, field, *_ in faults_of(import_))


def taken_in(import_, by):
    making.worked(imports.confirm(import_, by=by))
    return importing.again(import_)


def test_what_was_found_right_is_brought_in_and_taken_back_while_nobody_touched_it(signed_in, cast):
    done = taken_in(looked_through(cast, workbook(GOOD, MANY, TRUE)), cast.clerk)
    brought = Question.objects.filter(job=done.bring_job)
    assert set(brought.values_list("state", "created_by", "organisation")) == {
        ("draft", cast.clerk.pk, cast.street.pk)
    }
    assert list(brought.order_by("pk").values_list("options", "right")) == [
        (["说到做到", "说了不算"], "A"), (["依法行政", "守信践诺", "随意改口"], "AB"), (["对", "错"], "A"),
    ]  # fmt: skip
    browser = signed_in(cast.clerk)
    assert browser.get(f"/desk/contests/questions/?import={done.pk}").context["page"].total == 3
    first, second, _ = brought.order_by("pk")
    QUESTION.take(first, "confirm", by=cast.lead)
    second.explanation = "改过。"
    services.save_question(second, by=cast.clerk)
    JOBS.take(done.bring_job, "undo", by=cast.clerk, reason="重了")
    making.worked(done.bring_job)
    assert [it.state for it in brought.order_by("pk")] == ["ready", "draft", "discarded"]
    again = looked_through(cast, workbook(TRUE))  # what was taken back may come again
    assert (again.rows, again.known, again.faulty) == (1, 0, 0)


def test_the_same_question_twice_or_otherwise_in_the_bank_is_told(cast):
    assert told(looked_through(cast, workbook(GOOD, TRUE, GOOD))) == [(4, "text")]
    taken_in(looked_through(cast, workbook(GOOD)), cast.clerk)
    other = [*GOOD[:10], "另一种说法。", GOOD[11]]
    found = looked_through(cast, workbook(GOOD, other))
    assert (found.known, set(told(found))) == (1, {(3, "text")})


def test_nobody_brings_in_questions_for_another_street(signed_in, cast):
    given = {"organisation": cast.other_street.pk, "file": SimpleUploadedFile("题.xlsx", workbook(GOOD))}
    assert signed_in(cast.clerk).post("/desk/imports/new/questions/", given).status_code == 422
    assert signed_in(cast.panel).get("/desk/imports/new/questions/").status_code == 404
    assert not Question.objects.exists()


def test_what_goes_out_comes_in_again_as_nothing_new(signed_in, cast):
    for kind in ("single", "multiple", "truth"):
        making.question(cast, kind, text=f"{kind}题？")
    for form in ("xlsx", "csv"):
        answer = signed_in(cast.clerk).get(f"/desk/imports/export/questions/?format={form}")
        found = looked_through(cast, b"".join(answer.streaming_content), name=f"题.{form}")
        assert (found.rows, found.known, found.faulty) == (3, 3, 0)


def test_who_wrote_a_question_does_not_check_it_and_what_is_in_use_gets_a_new_version(cast):
    it = making.question(cast)
    with pytest.raises(Refused, match="须由另一个人核对"):
        QUESTION.take(it, "confirm", by=cast.clerk)
    QUESTION.take(it, "confirm", by=cast.lead)
    with pytest.raises(Refused, match="不能再改"):
        services.save_question(it, by=cast.clerk)
    newer = services.new_version(it)
    newer.explanation = "说得更明白。"
    services.save_question(newer, by=cast.clerk)
    it.refresh_from_db()
    assert it.state == "ready"  # until the new one is checked
    QUESTION.take(newer, "confirm", by=cast.lead)
    it.refresh_from_db()
    assert (it.state, newer.version, it.explanation) == ("retired", 2, "条例写得明白。")


def test_several_are_checked_at_once_but_not_ones_own(signed_in, cast):
    rows = [making.question(cast, text=f"第{n}题？") for n in range(3)]
    own = making.question(cast, text="自己的题？", by=cast.lead)
    browser = signed_in(cast.lead)
    browser.post("/desk/contests/questions/confirm/", {"question": [*(row.pk for row in rows), own.pk, "x"]})
    assert set(Question.objects.filter(state="ready")) == set(rows)


def test_a_question_is_written_on_the_page_with_the_same_checks(signed_in, cast):
    browser = signed_in(cast.clerk)
    typed = dict(zip([field.name for field in fields.FIELDS], GOOD, strict=True)) | {
        "organisation": cast.street.pk
    }
    bad = browser.post("/desk/contests/questions/new/", typed | {"right": "D"})
    assert (bad.status_code, "没有这个选项" in bad.content.decode()) == (422, True)
    assert browser.post("/desk/contests/questions/new/", typed).status_code == 302
    it = Question.objects.get()
    assert (it.options, it.right) == (["说到做到", "说了不算"], "A")
    assert "守信是什么意思" in browser.get(f"/desk/contests/questions/{it.pk}/edit/").content.decode()
