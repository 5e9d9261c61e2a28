"""What an inspection holds to: two inspectors who stand aside, rounds with clocks of their own, closed years, one ledger item."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import Rectification
from commitments.rectification import checks
from commitments.rectification import services as ledger
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.flows import EXTENSION
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.roles import Role
from longsha_credit.programme.inspections.flows import FINDING, VISIT
from longsha_credit.programme.inspections.services import save_point
from longsha_credit.programme.models import Finding, Visit
from tests.programme import years
from tests.programme.inspections import making


def clocks_of(finding) -> dict[str, datetime.date]:
    return dict(Deadline.objects.of(finding).open().values_list("rule_key", "due_on"))


def test_a_failed_recheck_opens_another_round_with_its_own_clock_notice_and_report(cast):
    finding = making.reported(cast)
    assert set(clocks_of(finding)) == {"inspection_recheck"}
    FINDING.take(finding, "fail", by=cast.reviewer2, words="网上还是旧的。")
    assert (finding.state, finding.round, finding.report, finding.report_files.count()) == ("open", 2, "", 0)
    first = finding.rounds.get()
    assert (first.passed, first.report, first.files.count()) == (False, "三处内容已经核对一致。", 1)
    assert clocks_of(finding) == {"inspection_fix_normal": finding.due_on}
    assert [notice.lines[0][3] for notice in finding.notices.order_by("id")] == [1, 2]
    with pytest.raises(Refused, match="还没有写整改情况"):
        FINDING.take(finding, "report", by=cast.clerk)
    making.passed(cast, finding)
    assert [row.passed for row in finding.rounds.order_by("round")] == [False, True]


def test_more_time_asked_before_the_day_counts_when_it_is_reported(cast):
    finding = making.noticed(cast)
    (clock,) = Deadline.objects.of(finding).open()
    asked = deadlines.ask_extension(clock, reason="需要采购", by=cast.clerk, today=timezone.localdate())
    EXTENSION.take(asked, "approve", by=cast.district_lead)
    longer = clocks_of(finding)["inspection_fix_normal"]
    assert longer > finding.due_on
    making.reported(cast, finding, today=longer)
    FINDING.take(finding, "pass", by=cast.reviewer2, words="一致。", today=longer)
    assert (finding.due_on, finding.rounds.get().was_in_time) == (longer, True)


def test_neither_who_noted_nor_who_reported_looks_again(cast):
    """Not even with every role of the district."""
    for role in (Role.REVIEWER, Role.OFFICE):
        cast.clerk.memberships.create(
            organisation=cast.district, role=role, started_on=datetime.date(2026, 1, 1)
        )
    cast.clerk.__dict__.pop("current_memberships", None)
    finding = making.reported(cast)
    for person, sentence in ((cast.reviewer, "问题是您在现场记的"), (cast.clerk, "整改是您报告的")):
        with pytest.raises(Refused, match=sentence) as refused:
            FINDING.take(finding, "pass", by=person, words="一致。")
        assert refused.value.code == "eyes"
        assert not Finding.objects.filter(FINDING.waiting_for(person), pk=finding.pk).exists()


def test_who_works_in_the_unit_does_not_inspect_it(cast):
    cast.reviewer.memberships.create(
        organisation=cast.community, role=Role.CLERK, started_on=datetime.date(2026, 1, 1)
    )
    with pytest.raises(Refused, match="韩叙在新苑社区任职，须回避"):
        making.plan(cast)
    with pytest.raises(Refused, match="检查人员至少选2个人"):
        making.plan(cast, people=[cast.office])
    with pytest.raises(Refused, match="临江街道不在向阳街道下面"):
        making.of_the_street(cast, units=[cast.other_street])


def test_somebody_more_goes_along_when_an_inspector_falls_out(cast, signed_in):
    visit = making.answered(cast)
    cast.office.memberships.update(ended_on=timezone.localdate())
    with pytest.raises(Refused, match="您不是这次检查的检查人员"):
        VISIT.take(visit, "sign", by=cast.reviewer2)
    here = reverse("inspections:people", args=[visit.inspection_id])
    signed_in(cast.district_lead).post(here, {"people": [cast.reviewer2.pk]})
    VISIT.take(visit, "sign", by=cast.reviewer)
    VISIT.take(visit, "countersign", by=cast.reviewer2)
    assert visit.state == "signed"


def test_who_writes_a_plan_does_not_approve_it(cast):
    with pytest.raises(Refused, match="您是拟定人"):
        making.FLOW.take(making.plan(cast), "announce", by=cast.office)


def test_a_record_with_a_bare_failure_or_an_open_point_is_not_finished(cast):
    visit = making.begun(cast)
    point = visit.points.get(position=2)
    save_point(point, result="no", note="", by=cast.reviewer)
    with pytest.raises(Refused, match="第1、3项还没有记结果。第2项不符合，请写一句情况或者拍一张照片。"):
        VISIT.take(visit, "finish", by=cast.reviewer)


def test_a_unit_that_disagrees_says_why_and_a_record_changed_after_that_is_answered_anew(cast):
    visit = making.finished(cast)
    with pytest.raises(Refused, match="有异议的，请写明"):
        VISIT.take(visit, "answer", by=cast.clerk, agrees=False, words=" ", present="副主任")
    VISIT.take(visit, "answer", by=cast.clerk, agrees=False, words="窗口当天停电。", present="副主任")
    VISIT.take(visit, "write_on", by=cast.reviewer)
    assert (visit.state, visit.agrees, visit.words) == ("on_site", None, "")


def test_nothing_is_planned_noted_or_signed_in_a_frozen_year(cast):
    draft, visit, signing = making.plan(cast), making.begun(cast), making.answered(cast)
    years.frozen(cast, visit.inspection.year)
    for attempt in (
        lambda: making.plan(cast),
        lambda: making.FLOW.take(draft, "announce", by=cast.district_lead),
        lambda: save_point(visit.points.first(), result="yes", note="", by=cast.reviewer),
        lambda: VISIT.take(signing, "sign", by=cast.reviewer),
        lambda: VISIT.take(signing, "write_on", by=cast.reviewer),
    ):
        with pytest.raises(Refused, match="已封存"):
            attempt()
    assert Visit.objects.filter(pk=visit.pk, state="on_site").exists()


def test_a_finding_is_put_right_although_its_year_is_frozen(cast):
    finding = making.reported(cast)
    years.frozen(cast, finding.visit.inspection.year)
    FINDING.take(finding, "pass", by=cast.reviewer2, words="一致。")
    assert finding.state == "closed"


def test_a_finding_enters_the_ledger_once_with_its_notice_as_the_instrument(cast):
    finding = making.noticed(cast)
    item = checks.new_from_finding(finding, today=timezone.localdate())
    item.problem, item.domain = "promise", "livelihood"
    saved = ledger.save_clue(item, by=cast.reviewer, today=timezone.localdate())
    assert (saved.source, saved.inspected, saved.organisation) == ("inspection", finding, cast.street)
    assert saved.instrument == f"{making.notice_of(finding)}号"
    with pytest.raises(Refused, match="已经列入治理台账"):
        checks.new_from_finding(finding, today=timezone.localdate())
    again = Rectification(
        **{f.name: getattr(item, f.name) for f in Rectification._meta.fields if f.name != "id"}
    )
    with pytest.raises(Refused, match="已经列入治理台账"):
        ledger.save_clue(again, by=cast.reviewer, today=timezone.localdate())
