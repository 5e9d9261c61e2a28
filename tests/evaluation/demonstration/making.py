"""Plain functions that carry a unit from an application to an award, through the services a page would call."""

import datetime
import secrets

from django.utils import timezone

from evaluation.demonstration import awards, objections, panels, services
from evaluation.demonstration.flows import AWARD, CYCLE, FLOW, NOTICE, OBJECTION, SEAT
from evaluation.models import (
    Application,
    Award,
    CandidateNotice,
    Cycle,
    Heading,
    ImportedFact,
    Indicator,
    IndicatorSet,
    NoticeObjection,
    SetState,
    SiteVisit,
)
from longsha_credit.directory.roles import Role
from longsha_credit.files import services as files
from longsha_credit.programme.models import Year
from tests import make
from tests.programme import years

TODAY = timezone.localdate()
# what a round consists of in the tests: (heading, points, way, measures)
METRIC = "good-reviews"
SMALL = "三条指标"
YEAR = TODAY.year - 4  # the standards of later years are others'
ROWS = (
    (3, 60, "auto", [{"metric": METRIC, "style": "each", "points": 6000, "unit": 6000, "missing": "zero"}]),
    (7, 20, "human", []),
    (9, 20, "human", []),
)
APPROVAL = {"body": "示例市人民政府", "number": "示市政函〔2026〕9号", "on": datetime.date(2026, 3, 2)}


def days(number: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=number)


def year_of(c) -> Year:
    return Year.objects.filter(number=YEAR).first() or years.copied(c, YEAR)


def indicators(c, level="community", year=None, state="in_force") -> IndicatorSet:
    """A set of three: one measured (60), two judged (20 each); the measured one earns all with a numerator of 1."""
    year = year or year_of(c)
    number = 1 + IndicatorSet.objects.filter(year=year, level=level).count()
    it = IndicatorSet.objects.create(
        year=year, level=level, version=number, title=SMALL, basis="试点方案二（六）"
    )
    for heading, points, way, measures in ROWS:
        row = Heading.objects.create(set=it, number=heading, title=f"任务{heading}")
        Indicator.objects.create(
            heading=row, number=1, title=f"指标{heading}", points=points * 100, way=way, measures=measures, formula="见说明"
        )  # fmt: skip
    if state == "in_force":
        IndicatorSet.objects.filter(pk=it.pk).update(state=SetState.IN_FORCE, frozen_at=timezone.now())
        it.refresh_from_db()
    return it


def panel(c) -> list:
    """Three who sit on the panel."""
    if not hasattr(c, "panel2"):
        c.panel2 = make.user("panel_2", Role.PANEL, c.district, name="评委乙")
        c.panel3 = make.user("panel_3", Role.PANEL, c.district, name="评委丙")
    return [c.panel, c.panel2, c.panel3]


def drafted_cycle(c, level="community", today=TODAY, **changes) -> Cycle:
    in_force = IndicatorSet.objects.filter(level=level, state="in_force", year=year_of(c))
    of = in_force.filter(title=SMALL).first() or indicators(c, level)
    day = lambda n: today + datetime.timedelta(days=n)  # noqa: E731
    fields = {
        "year": of.year, "organisation": c.district, "level": level, "set": of, "title": "2026年度诚信社区对标评价",
        "apply_until": day(10), "assess_until": day(20), "panel_until": day(40), "publicity_on": day(45),
    } | changes  # fmt: skip
    return services.save_cycle(Cycle(**fields), by=c.office)


def cycle(c, level="community", approved=False, **changes) -> Cycle:
    it = drafted_cycle(c, level, **changes)
    if approved:
        services.register_approval(it, **APPROVAL, by=c.office)
    CYCLE.take(it, "open", by=c.reviewer)
    return it


def next_cycle(c, before) -> Cycle:
    """The round of another year, with a set of its own."""
    year = Year.objects.filter(number=YEAR + 1).first() or years.copied(c, YEAR + 1)
    it = drafted_cycle(c, before.level, set=indicators(c, before.level, year), year=year)
    CYCLE.take(it, "open", by=c.reviewer)
    return it


def application(c, of=None, unit=None, by=None, **given) -> Application:
    of = of or cycle(c)
    return services.apply(
        of, unit or c.community, reason="做得实。", by=by or c.community_clerk, today=TODAY, **given
    )


def assessed(c, of=None, **given) -> Application:
    it = application(c, of, **given)
    for item in it.items.select_related("indicator"):
        services.assess(
            item, points=item.indicator.points, text="见佐证。", by=given.get("by") or c.community_clerk
        )
    return it


def submitted(c, of=None, **given) -> Application:
    it = assessed(c, of, **given)
    FLOW.take(it, "submit", by=given.get("by") or c.community_clerk)
    return it


def in_check(c, of=None, **given) -> Application:
    it = submitted(c, of, **given)
    if it.state == "street":
        FLOW.take(it, "pass_street", by=c.lead)
    return it


def in_panel(c, of=None, **given) -> Application:
    it = in_check(c, of, **given)
    FLOW.take(it, "pass_check", by=c.reviewer)
    return it


def take_facts(c, it, kept=1) -> None:
    """The facts of the round, with one that was brought in from outside: it earns the measured points when `kept`."""
    document = files.store(
        make.upload("第三方测评.txt"), organisation=c.district, purpose="evaluation", by=c.office
    )
    ImportedFact.objects.create(
        year=it.cycle.year, organisation=it.organisation, metric=METRIC, numerator=100 * kept, denominator=1,
        source="第三方测评", document=document, by=c.office,
    )  # fmt: skip
    day_after = it.cycle.assess_until + datetime.timedelta(days=1)
    services.take_facts(it.cycle, by=c.office, today=day_after)


def seats(c, of) -> list:
    panels.assign(of, panel(c), by=c.office)
    return list(of.applications.get().seats.select_related("application__cycle", "reviewer").order_by("id"))


def scored_by(c, seat, points=1800, note="") -> None:
    given = {indicator.pk: (points, note) for indicator in panels.human_indicators(seat)}
    panels.score(seat, given, by=seat.reviewer)
    SEAT.take(seat, "send", by=seat.reviewer)


def panel_done(c, of=None, points=(1800, 1900, 2000), kept=1, **given) -> Application:
    it = in_panel(c, of, **given)
    take_facts(c, it, kept)
    for seat, each in zip(seats(c, it.cycle), points, strict=True):
        scored_by(c, seat, each)
    it.refresh_from_db()
    return it


def marked(c, of=None, **given) -> Application:
    it = panel_done(c, of, **given)
    it = Application.objects.with_names().get(pk=it.pk)
    FLOW.take(it, "summarise", by=c.office)
    return it


def candidate(c, of=None, **given) -> Application:
    it = marked(c, of, **given)
    FLOW.take(it, "nominate", by=c.office)
    return it


def finished(c, of=None, **given) -> Application:
    it = marked(c, of, kept=0, **given)
    FLOW.take(it, "finish", by=c.office, reason="没有达到候选线")
    return it


def notice(c, it=None, **given) -> CandidateNotice:
    it = it or candidate(c, **given)
    return awards.save_notice(awards.new_notice(it.cycle), [it], by=c.office)


def passed(c, obj, today=None):
    return make.passed(c, obj, lead=c.district_lead, today=today)


def shown(c, it=None, today=TODAY, **given) -> CandidateNotice:
    """The notice through the gate on a day."""
    row = notice(c, it, **given)
    NOTICE.take(row, "submit", by=c.office, today=today)
    return passed(c, row, today=today)


def objection(c, row, today=TODAY, **given) -> tuple[NoticeObjection, objections.Receipt]:
    receipt = objections.file(
        row,
        row.applications.get(),
        words="他们的台账是补的。",
        token=secrets.token_urlsafe(9),
        today=today,
        **given,
    )
    return NoticeObjection.objects.get(number=receipt.number), receipt


def accepted(c, row) -> NoticeObjection:
    it, _ = objection(c, row)
    OBJECTION.take(it, "accept", by=c.reviewer2)
    return it


def proposed(c, row, finding="rejected") -> NoticeObjection:
    it = accepted(c, row)
    OBJECTION.take(it, "propose", by=c.reviewer2, finding=finding, reply="逐件核对过，台账是当月记的。")
    return it


def decided(c, row, finding="rejected") -> NoticeObjection:
    it = proposed(c, row, finding)
    OBJECTION.take(it, "approve", by=c.office)
    return it


LONG_AGO = 30  # days before today on which a notice that is over was shown


def over(c, it=None, **given) -> CandidateNotice:
    """A notice whose time for objections is over."""
    return shown(c, it, today=days(-LONG_AGO), **given)


def award(c, row=None, **given) -> Award:
    row = row or over(c, **given)
    it = Application.objects.with_names().get(notice=row)
    return awards.save_award(awards.new_award(it), by=c.office)


def awarded(c, row=None, **given) -> Award:
    it = award(c, row, **given)
    AWARD.take(it, "submit", by=c.office)
    return passed(c, it)


def visit(c, it) -> SiteVisit:
    fields = {"visited_on": TODAY, "visitors": "区信用办两人", "seen": "as_told", "text": "看了公示栏。"}
    return services.register_visit(SiteVisit(application=it, **fields), by=c.reviewer)


def world(c) -> dict:
    """One thing of each kind, all of the first street: the street drafts, a window is awarded, a post is scored."""
    of_street = {"unit": c.street, "by": c.clerk}
    of_window, of_post = {"unit": c.window, "by": c.clerk}, {"unit": c.post, "by": c.clerk}
    window = cycle(c, "window", approved=True)
    post, community = cycle(c, "post"), cycle(c, "community")
    applied = application(c, cycle(c, "street"), **of_street)
    file = make.upload("做法.txt")
    services.assess(
        applied.items.first(), points=100, text="做了。", by=c.clerk, upload=services.Upload(added=(file,))
    )
    won = awarded(c, over(c, candidate(c, window, **of_window)))
    awards.recheck(won, fit=True, text="还够格。", by=c.office, today=TODAY)
    scoring = in_panel(c, post, **of_post)
    seat, sent, _ = seats(c, post)
    panels.score(seat, {panels.human_indicators(seat)[0].pk: (100, "")}, by=seat.reviewer)
    scored_by(c, sent)
    showing = shown(c, candidate(c, community))
    asked, answered = objection(c, showing)[0], decided(c, showing)
    other = next_cycle(c, window)
    waiting = notice(c, candidate(c, other, **of_window))
    drafted = award(c, over(c, candidate(c, next_cycle(c, post), **of_post)))
    year = other.year
    indicators(c, "street", year)
    draft = services.save_cycle(
        Cycle(
            year=year, organisation=c.district, level="street", set=IndicatorSet.objects.get(year=year, level="street"),
            title="下一年的轮次", apply_until=days(1), assess_until=days(2), panel_until=days(3), publicity_on=days(4),
        ),
        by=c.office,
    )  # fmt: skip
    return {
        "own_round": applied.cycle,
        "round_draft": draft,
        "round_approved": window,
        "own_application": applied,
        "own_item": applied.items.first(),
        "own_evidence": applied.items.first().evidence.get(),
        "sent_application": scoring,
        "sent_item": scoring.items.first(),
        "site_visit": visit(c, scoring),
        "seat": seat,
        "seat_sent": sent,
        "panel_score": seat.scores.get(),
        "panel_score_sent": sent.scores.first(),
        "publicised": showing.applications.get(),
        "candidates_shown": showing,
        "candidates_draft": waiting,
        "objected": asked,
        "objected_decided": answered,
        "award": won,
        "award_draft": drafted,
        "award_recheck": won.rechecks.get(),
    }
