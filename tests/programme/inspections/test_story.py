"""A half-year inspection walked through the pages: planned, noted on a phone, notified, put right, looked at again."""

import io

from django.urls import reverse
from docx import Document

from longsha_credit.deadlines.models import Deadline
from longsha_credit.programme.models import Finding, Inspection, InspectionNotice, Visit
from tests.programme.inspections import making


def as_typed(c, **changes) -> dict:
    """What the plan's form sends for one unit and two inspectors."""
    plan = making.plan(c)  # another one of the year, so that the form tells how burdened the unit is
    return {
        "kind": "half_year", "title": "半年督导检查", "basis": "试点工作方案四（一）",
        "from_on": plan.from_on.isoformat(), "to_on": plan.to_on.isoformat(),
        "units": [c.street.pk], "people": [c.office.pk, c.reviewer.pk],
        "points_openness": "公开栏、网上、窗口三处内容一致\n公示没有过期", "points_promises": "到期承诺都有结果",
    } | changes  # fmt: skip


def step(browser, name, pk, taken, **sent):
    answer = browser.post(reverse(f"inspections:{name}", args=[pk, taken]), sent)
    assert answer.status_code == 302, answer.content.decode()


def test_a_half_year_inspection_is_walked_from_plan_to_a_finding_put_right(cast, signed_in):
    c = cast
    office, lead, reviewer, reviewer2, clerk = map(
        signed_in, (c.office, c.district_lead, c.reviewer, c.reviewer2, c.clerk)
    )

    # planned by one of the district, approved by another; the unit does not see the plan
    answer = office.post(reverse("inspections:new"), as_typed(c))
    inspection = Inspection.objects.get(title="半年督导检查")
    assert answer.url == reverse("inspections:page", args=[inspection.pk])
    step(lead, "step", inspection.pk, "announce")
    assert clerk.get(reverse("inspections:page", args=[inspection.pk])).status_code == 404
    visit = Visit.objects.get(inspection=inspection)
    here = reverse("inspections:visit", args=[visit.pk])
    assert "待检查" in clerk.get(here).content.decode()
    assert "本年已安排1次" in office.get(reverse("inspections:new")).content.decode()

    # on the spot, point by point, without a script
    step(reviewer, "visit_step", visit.pk, "begin")
    for number, sent in enumerate(
        (
            {"result": "no", "note": "窗口的指南是旧的。", "photos": making.photo()},
            {"result": "yes"},
            {"result": "na"},
        ),
        start=1,
    ):
        answer = reviewer.post(reverse("inspections:point", args=[visit.pk, number]), sent)
        assert answer.url == f"{here}#point-{number}"
    step(reviewer, "visit_step", visit.pk, "finish")
    answer = {"agrees": "yes", "words": "", "present": "分管副主任"}
    step(clerk, "visit_step", visit.pk, "answer", **answer)
    step(reviewer, "visit_step", visit.pk, "sign")
    step(reviewer, "visit_step", visit.pk, "countersign")  # the same person again: told, not done
    visit.refresh_from_db()
    assert visit.state == "countersigning"
    step(office, "visit_step", visit.pk, "countersign")

    # the finding, what is asked, the notice with its number
    finding = Finding.objects.get(visit=visit)
    assert (finding.facts, finding.noted_by, finding.files.count()) == ("窗口的指南是旧的。", c.reviewer, 1)
    form = {"facts": finding.facts, "asked": "三处内容一致，旧指南全部换掉。", "term": "quick"}
    office.post(reverse("inspections:finding_edit", args=[finding.pk]), form)
    answer = office.post(reverse("inspections:send_notice", args=[visit.pk]))
    notice = InspectionNotice.objects.get()
    assert answer.url == reverse("inspections:notice", args=[notice.pk])
    assert notice.number.endswith("〕0001")
    word = Document(io.BytesIO(clerk.get(reverse("inspections:notice_word", args=[notice.pk])).content))
    assert word.tables[0].rows[1].cells[2].text == "三处内容一致，旧指南全部换掉。"
    clock = Deadline.objects.of(finding).get()
    assert (clock.rule_key, clock.organisation) == ("inspection_fix_quick", c.street)
    assert "报告整改" in clerk.get(reverse("desk")).content.decode()

    # the unit puts it right, who noted it may not judge, another does
    report = {"report": "旧指南全部换掉。", "uploads": making.photo("整改后.jpg")}
    clerk.post(reverse("inspections:report", args=[finding.pk]), report)
    step(clerk, "finding_step", finding.pk, "report")
    step(reviewer, "finding_step", finding.pk, "pass", words="看过了")
    finding.refresh_from_db()
    assert finding.state == "reported"
    step(reviewer2, "finding_step", finding.pk, "pass", words="现场核对，三处一致。")
    finding.refresh_from_db()
    assert (finding.state, finding.rounds.get().by) == ("closed", c.reviewer2)
    assert not Deadline.objects.of(finding).open().exists()

    # and it counts
    step(office, "step", inspection.pk, "close", reason="查了一个单位，一个问题，已整改。")
    figures = clerk.get(reverse("inspections:figures"))
    (row,) = figures.context["units"]
    told = {name: row[name] for name in ("visited", "found", "closed", "in_time", "unsolved", "late")}
    assert told == {"visited": 1, "found": 1, "closed": 1, "in_time": 1, "unsolved": 0, "late": 0}
