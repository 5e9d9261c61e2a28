"""From application to revocation, through the services."""

import datetime

import pytest
from django.utils import timezone

from evaluation.demonstration import awards, objections, panels, services
from evaluation.demonstration.conditions import award_complete
from evaluation.demonstration.flows import AWARD, FLOW, NOTICE, OBJECTION, SEAT
from evaluation.demonstration.wording import words
from evaluation.models import Application, Award, Mark, PanelScore, SelfEvidence
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services as deadlines
from longsha_credit.directory.models import Membership
from longsha_credit.directory.roles import Role
from tests import make
from tests.evaluation.demonstration import making
from tests.records import making as records

LAST_YEAR = {"effective_from": records.LAST_YEAR, "decided_on": records.LAST_YEAR}


def community_record(c):
    return records.public(
        c, organisation=c.community, subject_kind="community", by=c.community_clerk, **LAST_YEAR
    )


def suspended(award):
    return Award.objects.with_suspension().get(pk=award.pk).suspended


def test_a_community_goes_all_the_way_and_a_record_suspends_it_until_it_is_repaired(cast):
    it = making.candidate(cast, making.cycle(cast, approved=True))
    assert (it.total, it.grade) == (6000 + 1900 + 1900, "candidate")
    award = making.awarded(cast, making.over(cast, it))
    assert (award.form, award.plaque) == ("named", f"{making.YEAR}年度诚信示范社区")
    assert award.number.startswith("示范〔") and award.valid_until.year == making.TODAY.year + 2
    it.refresh_from_db()
    assert it.state == "awarded"
    assert not suspended(award)
    record = community_record(cast)
    assert suspended(award)
    records.repaired(cast, record)
    assert not suspended(award)


def test_without_an_approval_number_nobody_is_named(cast):
    award = making.awarded(cast, making.over(cast))
    assert (award.form, award.plaque) == ("benchmark", "")
    assert award.number.startswith("对标〔")
    said = words(award.application.cycle)
    assert not said.is_named and "示范" not in said.activity + said.title + said.paper
    with pytest.raises(Refused, match="不能再改成命名"):
        services.register_approval(award.application.cycle, **making.APPROVAL, by=cast.office)


def test_a_record_in_effect_keeps_a_unit_from_publicity_and_from_an_award(cast):
    it = making.marked(cast)
    record = community_record(cast)
    with pytest.raises(Refused, match="正在生效的失信记录"):
        FLOW.take(it, "nominate", by=cast.office)
    records.repaired(cast, record)
    FLOW.take(it, "nominate", by=cast.office)
    award = making.award(cast, making.over(cast, it))
    community_record(cast)
    with pytest.raises(Refused, match="正在生效的失信记录"):
        AWARD.take(award, "submit", by=cast.office)


def test_what_was_copied_from_last_year_is_confirmed_item_by_item_and_scores_never_come_along(cast):
    last = making.submitted(cast)
    item = last.items.get(indicator__heading__number=7)
    FLOW.take(last, "return_street", by=cast.lead, reason="补一张照片")
    services.assess(
        item,
        points=1500,
        text="做了两场。",
        by=cast.community_clerk,
        upload=services.Upload(added=(make.upload(),)),
    )
    FLOW.take(last, "submit", by=cast.community_clerk)
    next_one = making.next_cycle(cast, last.cycle)
    it = services.apply(
        next_one, cast.community, reason="再来。", by=cast.community_clerk, today=making.TODAY
    )
    carried = it.items.get(indicator__heading__number=7)
    assert (it.copied_from, carried.text, carried.points, carried.carried) == (last, "做了两场。", None, True)
    assert SelfEvidence.objects.filter(item=carried).get().file == item.evidence.get().file
    with pytest.raises(Refused, match="3条沿用上年、没有确认"):
        FLOW.take(it, "submit", by=cast.community_clerk)
    for one in it.items.select_related("indicator", "application__organisation"):
        services.assess(one, points=one.indicator.points, text=one.text, by=cast.community_clerk)
    FLOW.take(it, "submit", by=cast.community_clerk)
    assert it.state == "street"


def test_the_median_counts_and_who_lies_far_from_it_explains(cast):
    it = making.panel_done(cast, points=(1800, 1900, 400))
    it = Application.objects.with_names().get(pk=it.pk)
    with pytest.raises(Refused, match="2个偏离较大的评分"):
        FLOW.take(it, "summarise", by=cast.office)
    for row in PanelScore.objects.filter(seat__reviewer=cast.panel3):
        panels.explain(row, "材料里没有照片。", by=cast.panel3)
    FLOW.take(it, "summarise", by=cast.office)
    marks = Mark.objects.filter(organisation=cast.community)
    assert sorted(marks.values_list("points", flat=True)) == [1800, 1800]
    assert "最低4，最高19" in marks[0].reason


def test_who_belongs_to_the_unit_does_not_score_it(cast):
    making.panel(cast)
    Membership.objects.create(
        user=cast.panel2, organisation=cast.street, role=Role.CLERK, started_on=make.LONG_AGO
    )
    it = making.in_panel(cast)
    begun, away = panels.assign(it.cycle, panels.members(it.cycle), by=cast.office)
    assert (begun, away) == (2, ["评委乙回避新苑社区"])
    with pytest.raises(Refused, match="至少要3名"):
        seat = it.seats.first()
        making.scored_by(cast, seat)
        it = Application.objects.with_names().get(pk=it.pk)
        making.take_facts(cast, it)
        FLOW.take(Application.objects.with_names().get(pk=it.pk), "summarise", by=cast.office)


def test_an_objection_is_handled_by_others_and_stops_the_award_until_it_is_answered(cast):
    row = making.shown(cast)
    it, receipt = making.objection(cast, row, name="张三", contact="0000-9")
    again = objections.find(receipt.code.lower(), receipt.phrase)
    assert again == it and objections.find(receipt.code, "00000000") is None
    assert objections.read(it, by=cast.reviewer2)["name"] == "张三"
    with pytest.raises(Refused, match="没有参与的人"):
        OBJECTION.take(it, "accept", by=cast.reviewer)  # checked the application
    OBJECTION.take(it, "accept", by=cast.reviewer2)
    OBJECTION.take(it, "propose", by=cast.reviewer2, finding="rejected", reply="逐件核对过。")
    with pytest.raises(Refused, match="另一个人审定"):
        OBJECTION.take(it, "approve", by=cast.reviewer2)
    OBJECTION.take(it, "approve", by=cast.office)
    assert deadlines.of(it).get().met_on == timezone.localdate()
    assert objections.reply_of(it) == "逐件核对过。"


def test_an_objection_that_is_upheld_ends_it(cast):
    it = making.candidate(cast)
    row = making.shown(cast, it)
    making.decided(cast, row, "upheld")
    it = Application.objects.with_names().get(pk=it.pk)
    award = awards.new_award(it)
    award.organisation = cast.district
    after = row.until + datetime.timedelta(days=1)
    assert any("有一件异议成立" in problem for problem in award_complete(award, after))
    FLOW.take(it, "finish", by=cast.office, reason="异议成立")
    assert it.state == "finished"


def test_no_objection_comes_in_after_the_days_are_over(cast):
    row = making.over(cast)
    with pytest.raises(Refused, match="公示期已经过了"):
        making.objection(cast, row)


def test_publicity_lasts_five_working_days_by_the_rule(cast):
    monday = datetime.date(2026, 11, 2)
    row = making.notice(cast)
    NOTICE.take(row, "submit", by=cast.office, today=monday)
    making.passed(cast, row, today=monday)
    assert row.until == datetime.date(2026, 11, 9)


def test_an_award_is_checked_every_year_and_revoked_by_two(cast):
    award = making.awarded(cast, making.over(cast))
    clock = deadlines.open_of(award).get()
    assert clock.rule_key == "demonstration_recheck"
    awards.recheck(award, fit=True, text="抽查五件，都在期限内。", by=cast.office, today=clock.due_on)
    assert award.rechecks.get().number == 1
    AWARD.take(award, "ask_withdrawal", by=cast.office, reason="材料造假")
    with pytest.raises(Refused, match="须由另一个人批准"):
        AWARD.take(award, "approve_withdrawal", by=cast.office)
    AWARD.take(award, "approve_withdrawal", by=cast.reviewer)
    assert not Award.objects.public().exists() and not deadlines.open_of(award).exists()


def test_a_certificate_is_checked_by_number_and_code(cast):
    award = making.awarded(cast, making.over(cast))
    assert awards.verify(award.number, award.check_code.lower()) == award
    assert awards.verify(award.number, "A" * 12) is None and awards.verify("", "") is None


def test_facts_are_taken_once_after_the_self_assessment(cast):
    it = making.in_panel(cast)
    with pytest.raises(Refused, match="截止以后才取数"):
        services.take_facts(it.cycle, by=cast.office, today=making.TODAY)
    making.take_facts(cast, it)
    with pytest.raises(Refused, match="已经取过数"):
        making.services.take_facts(it.cycle, by=cast.office, today=it.cycle.panel_until)


def test_sent_scores_stay(cast):
    it = making.in_panel(cast)
    seat = making.seats(cast, it.cycle)[0]
    making.scored_by(cast, seat)
    with pytest.raises(Refused, match="已经提交"):
        panels.score(seat, {}, by=seat.reviewer)
    with pytest.raises(Refused):
        SEAT.take(seat, "send", by=seat.reviewer)
