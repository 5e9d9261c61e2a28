"""The report of a street's year, from the live numbers to the district's receipt, and who is found late."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from evaluation.models import SummaryReport, summaries_in_time
from evaluation.summary import papers, services
from evaluation.summary.flows import FLOW
from longsha_credit.audit.workflow import Refused
from longsha_credit.publication.drafts import stamp_of
from tests import make
from tests.evaluation.summary import making
from tests.evaluation.summary.making import AFTER, BEFORE, D
from tests.programme.tasking import making as tasking

SUMMARY_TASK = "报送年度工作情况总结"


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_a_draft_says_what_the_portal_knows(cast):
    kept = make.in_force(cast)
    of = tasking.year(cast)
    tasking.issued(cast, of)
    report = making.begun(cast, of=of)
    figures = report.figures
    assert sum(row["total"] for row in figures["tasks"]) > 13
    assert {line["key"] for line in figures["lines"]} >= {"kept-rate", "area-coverage", "closed-in-time"}
    coverage = next(line for line in figures["lines"] if line["key"] == "area-coverage")
    assert (coverage["main"], coverage["part"], coverage["whole"]) == (3, "1", 12)
    shown = [(row["title"], row["path"]) for row in figures["evidence"]]
    assert shown == [(kept.title, kept.publication.path)]
    texts = {section.key: section.text for section in report.sections.all()}
    assert "四类承诺覆盖率" in texts["tasks"]
    assert "公开四类承诺（2026-04-30到期）" in texts["next"]
    assert SUMMARY_TASK not in texts["next"]


def test_sending_gives_a_receipt_and_meets_the_task(cast):
    of = tasking.year(cast)
    task = tasking.task(cast, SUMMARY_TASK, of=of)
    report = making.sent(cast, of=of)
    receipt = report.receipts.get()
    assert (receipt.number, receipt.on, receipt.due_on) == ("ZJ-990100-2026-0001", BEFORE, D(2026, 11, 15))
    assert len(receipt.content_hash) == 64
    task.refresh_from_db()
    assert (task.state, task.reported_by) == ("reported", cast.lead)
    assert task.evidence.get().entry.step == "submit"
    making.returned(cast, report, today=D(2026, 11, 16))
    task.refresh_from_db()
    assert (report.redo_by, task.state) == (D(2026, 11, 23), "returned")
    services.save_section(making.part(report), text="还差两件，下月办完。", by=cast.clerk)
    making.sent(cast, report, today=D(2026, 11, 20))
    second = report.receipts.first()
    assert (second.round, second.due_on, second.was_in_time) == (2, D(2026, 11, 23), True)
    assert report.receipts.last().texts["problems"] == "problems：已经写好。"
    making.accepted(cast, report, today=D(2026, 11, 24))
    task.refresh_from_db()
    assert (report.state, task.state, task.decided_by) == ("accepted", "done", cast.reviewer)


def test_a_street_in_time_earns_all_one_put_right_in_time_half(cast):
    of, silent = making.year(cast), make.organisation("street", "青松街道", cast.district)
    quick = make.organisation("street", "南苑街道", cast.district)
    making.accepted(cast, of=of)
    back = making.returned(cast, making.sent(cast, unit=cast.other_street, by=cast.other_lead, of=of))

    def found(over):
        return {
            row["organisation_id"]: (row["numerator"], row["denominator"])
            for row in summaries_in_time(of, over)
        }

    assert found(D(2026, 11, 14)) == {cast.street.pk: (100, 1), cast.other_street.pk: (0, 1)}
    FLOW.take(back, "submit", by=cast.other_lead, today=D(2026, 11, 13))
    making.sent(cast, unit=quick, by=cast.district_lead, today=AFTER, of=of)
    assert found(AFTER) == {
        cast.street.pk: (100, 1),
        cast.other_street.pk: (50, 1),
        quick.pk: (0, 1),
        silent.pk: (0, 1),
    }


def test_two_people_write_two_parts_and_neither_is_lost(cast, signed_in):
    report = making.begun(cast)
    problems, plans = making.part(report, "problems"), making.part(report, "next")
    clerk, lead = signed_in(cast.clerk), signed_in(cast.lead)

    def send(browser, part, text, seen):
        url = reverse("summaries:section", args=[report.pk, part.key])
        return browser.post(url, {"text": text, "seen": seen})

    assert send(clerk, problems, "差一件。", stamp_of(problems)).status_code == 302
    assert send(lead, plans, "十二月办完。", stamp_of(plans)).status_code == 302
    late = send(lead, problems, "差两件。", stamp_of(problems))
    assert late.status_code == 422
    said = late.content.decode()
    assert "同事刚刚保存过" in said
    assert "差一件。" in said
    assert "差两件。" in said
    assert making.part(report, "problems").text == "差一件。"
    assert making.part(report, "next").text == "十二月办完。"


def test_numbers_drawn_anew_leave_the_words_alone(cast, signed_in):
    report = making.written(cast)
    make.in_force(cast)
    page = signed_in(cast.clerk).get(reverse("summaries:draw", args=[report.pk])).content.decode()
    assert "四类承诺覆盖率" in page
    assert "0%（0/12）" in page
    changed = services.draw_anew(report, by=cast.clerk, today=BEFORE)
    assert {"title": "信用承诺：四类承诺覆盖率", "before": "0%（0/12）", "after": "8.3%（1/12）"} in [
        {**row, "before": row["before"].replace("0.0%", "0%")} for row in changed
    ]
    assert making.part(report).text == "problems：已经写好。"


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [("next", " ", "“下步打算”"), ("tasks", "长" * 4000, "请删去")],
    ids=["empty", "too long"],
)
def test_what_is_empty_or_too_long_is_not_sent(cast, key, text, said):
    report = making.written(cast)
    services.save_section(making.part(report, key), text=text, by=cast.clerk)
    with pytest.raises(Refused, match=said):
        FLOW.take(report, "submit", by=cast.lead, today=BEFORE)
    assert SummaryReport.objects.get(pk=report.pk).round == 0


def test_the_district_report_is_put_together_from_the_streets(cast):
    street = making.written(cast)
    services.save_section(making.part(street, "highlights"), text="轮椅免押金借用。", by=cast.clerk)
    making.sent(cast, street, today=AFTER)
    report = making.begun(cast, unit=cast.district, by=cast.district_lead, today=AFTER)
    texts = {section.key: section.text for section in report.sections.all()}
    assert "向阳街道：轮椅免押金借用。" in texts["highlights"]
    assert "向阳街道迟报" in texts["organising"]
    assert "临江街道还没有报送" in texts["organising"]
    said = text_of(_word(report))
    assert "附3 各街道报送情况" in said
    assert "ZJ-990100-2026-0001" in said


def _word(report) -> bytes:
    from longsha_credit.exchange import documents

    return documents.docx(papers.paper_of(report))


def test_the_word_file_has_the_parts_the_figures_and_the_evidence(cast, signed_in):
    kept = make.in_force(cast)
    report = making.sent(cast)
    answer = signed_in(cast.clerk).get(reverse("summaries:word", args=[report.pk]))
    said = text_of(answer.content)
    assert "向阳街道关于2026年诚信街道社区创建工作情况的报告" in said.replace("\n", "")
    for part in ("一、组织推进", "五、下步打算", "附2 主要数字", "佐证索引", kept.title):
        assert part in said


def test_the_office_sees_who_is_late(cast, signed_in, monkeypatch):
    making.accepted(cast)
    browser = signed_in(cast.office)
    monkeypatch.setattr("evaluation.summary.views._today", lambda: datetime.date(2026, 11, 20))
    url = f"{reverse('summaries:list')}?year=2026&view=late"
    page = browser.get(url).content.decode()
    assert "临江街道" in page
    assert "超期5天" in page
    assert "向阳街道</a>" not in page
    with CaptureQueriesContext(
        connection,
    ) as before:
        browser.get(url)
    for n in range(3):
        make.organisation("street", f"新街道{n}", cast.district)
    with CaptureQueriesContext(connection) as after:
        browser.get(url)
    assert len(after) == len(before)
