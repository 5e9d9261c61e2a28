"""The question bank: two people for each question, files taken in whole or not at all, what is in use never changed."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from longsha_credit.audit.workflow import Refused
from longsha_credit.programme.contests import fields, resources, services, sheets
from longsha_credit.programme.contests.flows import QUESTION
from longsha_credit.programme.models import Question
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


def cells(data, name="题.xlsx", known=()):
    return {(fault.cell, fault.label) for fault in fields.check(name, data, set(known)).faults}


@pytest.mark.parametrize(
    "data",
    [workbook(GOOD, MANY, TRUE), workbook(GOOD, MANY, TRUE, title="向阳街道题库"), csv(GOOD, MANY, TRUE),
     csv(GOOD, MANY, TRUE, encoding="gb18030"), csv(GOOD, MANY, TRUE, encoding="utf-8-sig")],
    ids=["xlsx", "xlsx with a title", "utf-8", "gb18030", "utf-8 of Excel"],
)  # fmt: skip
def test_a_file_is_read_as_offices_have_it(data):
    checked = fields.check("题", data, set())
    assert checked.faults == []
    assert [(one["kind"], one["right"], len(one["options"])) for one in checked.questions] == [
        ("single", "A", 2), ("multiple", "AB", 3), ("truth", "A", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [
        (0, "问答题", "A2"), (1, "别的", "B2"), (2, "", "C2"), (2, "=1+1", "C2"), (2, "字" * 501, "C2"), (4, "", "E2"),
        (5, "", None), (6, "跳过了C", "F2"), (9, "", "J2"), (9, "C", "J2"), (9, "AB", "J2"), (10, "", "K2"), (11, "", "L2"),
    ],
)  # fmt: skip
def test_every_fault_is_told_by_its_cell(column, value, cell):
    row = [*GOOD]
    row[column] = value
    found = fields.check("题.xlsx", workbook(row), set())
    assert [fault.cell for fault in found.faults] == ([cell] if cell else [])
    assert all(fault.sentence.endswith("。") for fault in found.faults)


def test_several_right_answers_want_at_least_two_and_three_options():
    assert cells(workbook([*MANY[:9], "A", *MANY[10:]])) == {("J2", "正确答案")}
    assert cells(workbook([*MANY[:5], "", "", "", "", "AB", *MANY[10:]])) == {("F2", "选项C")}
    assert cells(workbook([*TRUE[:9], "也许", *TRUE[10:]])) == {("J2", "正确答案")}


def test_the_same_question_twice_or_in_the_bank_is_told():
    assert cells(workbook(GOOD, TRUE, GOOD)) == {("C4", "题目")}
    assert cells(workbook(GOOD), known={GOOD[2]}) == {("C2", "题目")}


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x00\x01\x02\xff\xfe", b"a,b\n1,2\n", workbook(),
     workbook(GOOD[1:], heads=HEADS[1:]), csv(*[[*GOOD[:2], f"第{n}题", *GOOD[3:]] for n in range(sheets.MOST_ROWS + 1)])],
    ids=["empty", "broken", "xls", "binary", "other heads", "no rows", "a head missing", "too long"],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(data):
    with pytest.raises(sheets.Unreadable, match="。$"):
        fields.check("题.xlsx", data, set())


def sent(browser, cast, data, name="题.xlsx", **more):
    file = SimpleUploadedFile(name, data)
    return browser.post(
        "/desk/contests/questions/import/", {"organisation": cast.street.pk, "file": file, **more}
    )


def looked_through(browser, cast, data):
    """The page of a file after a worker looked through it."""
    page = sent(browser, cast, data)
    waiting = browser.get(page.url)
    assert "正在检查" in waiting.content.decode()
    making.worked(waiting.context["job"])
    return browser.get(page.url)


def test_a_file_with_one_fault_brings_in_nothing(signed_in, cast):
    browser = signed_in(cast.clerk)
    told = looked_through(browser, cast, workbook(GOOD, [*TRUE[:9], "也许", *TRUE[10:]]))
    assert "有1处要改，没有导入" in told.content.decode()
    assert "J3" in told.content.decode()
    browser.post(told.request["PATH_INFO"])  # nobody gets past the faults
    assert not Question.objects.exists()
    for data in (b"no table", workbook(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        page = sent(browser, cast, data)
        if page.status_code == 302:
            making.worked(browser.get(page.url).context["job"])
            page = browser.get(page.url)
        assert re.search("请[^<]+。", page.content.decode().split("</h1>")[1])
    assert not Question.objects.exists()


def test_what_was_found_right_is_brought_in_once_and_taken_back_while_nobody_touched_it(signed_in, cast):
    browser = signed_in(cast.clerk)
    page = looked_through(browser, cast, workbook(GOOD, MANY, TRUE))
    assert "3道题都没有问题，还没有导入" in page.content.decode()
    making.question(cast, text=TRUE[2])  # somebody writes one of them meanwhile
    job_page = browser.post(page.request["PATH_INFO"]).url
    assert browser.post(page.request["PATH_INFO"]).url == job_page  # pressed twice
    job = making.worked(browser.get(job_page).context["job"])
    assert (job.done, job.total, job.state) == (2, 2, "done")
    assert "另有1道题库里已经有" in "".join(job.lines)
    brought = Question.objects.filter(job=job)
    assert set(brought.values_list("state", "created_by")) == {("draft", cast.clerk.pk)}
    assert browser.get(f"/desk/contests/questions/?job={job.pk}").context["page"].total == 2
    first, second = brought.order_by("pk")
    QUESTION.take(first, "confirm", by=cast.lead)
    browser.post(f"{job_page}undo/")
    making.worked(job)
    assert (job.state, job.done) == ("undone", 1)
    assert set(brought.values_list("state", flat=True)) == {"ready", "discarded"}
    again = looked_through(browser, cast, workbook(MANY))  # what was taken back may come again
    assert "1道题都没有问题" in again.content.decode()


def test_a_changed_draft_is_not_taken_back(signed_in, cast):
    browser = signed_in(cast.clerk)
    page = looked_through(browser, cast, workbook(GOOD))
    job = making.worked(browser.get(browser.post(page.request["PATH_INFO"]).url).context["job"])
    it = Question.objects.get()
    it.explanation = "改过。"
    services.save_question(it, by=cast.clerk)
    browser.post(f"/desk/jobs/{job.pk}/undo/")
    making.worked(job)
    assert "有1道已经有人核对或者改过" in "".join(job.lines)
    assert Question.objects.get().state == "draft"


def test_a_file_is_nobody_elses(signed_in, cast):
    job = making.looked_through(cast)
    for who, status in (("lead", 200), ("other_lead", 404), ("reviewer", 404), ("official", 404)):
        url = f"/desk/contests/questions/import/{job.pk}/"
        assert signed_in(getattr(cast, who)).get(url).status_code == status, who


def test_nobody_brings_in_questions_for_another_street(signed_in, cast):
    file = SimpleUploadedFile("题.xlsx", workbook(GOOD))
    sent_ = {"organisation": cast.other_street.pk, "file": file}
    assert signed_in(cast.clerk).post("/desk/contests/questions/import/", sent_).status_code == 422
    assert not Question.objects.exists()


def test_the_template_offers_its_choices_and_its_example_is_not_brought_in():
    book = load_workbook(io.BytesIO(resources.template()))
    sheet = book["题目"]
    listed = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert listed == {
        "A2": '"单选题,多选题,判断题"',
        "B2": '"法律法规,政策文件,政务诚信,信用修复,个人信息保护,诚信文化"',
    }
    assert [cell.value.rstrip("*") for cell in sheet[1]] == HEADS
    sheet.append(GOOD)
    target = io.BytesIO()
    book.save(target)
    assert len(fields.check("题.xlsx", target.getvalue(), set()).questions) == 1


def test_what_goes_out_comes_in_again_and_formulas_stay_texts(signed_in, cast):
    services.save_question(
        Question(**making.question_terms(cast, options=["+1", "-1", "@没有"], right="B")), by=cast.clerk
    )
    browser = signed_in(cast.clerk)
    csv_ = b"".join(browser.get("/desk/contests/questions/csv/").streaming_content)
    assert "'+1" in csv_.decode()
    xlsx = b"".join(browser.get("/desk/contests/questions/xlsx/").streaming_content)
    for data in (csv_, xlsx):
        (fault,) = fields.check("题", data, set()).faults
        assert (fault.cell, "当成公式" in fault.sentence) == ("F2", True)


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
