"""One of each thing that stands in an address."""

from types import SimpleNamespace

from evaluation import facts
from longsha_credit.deadlines.ways import renew_calendar, token_of
from longsha_credit.home.packages import current, nightly
from longsha_credit.programme.services import load_plan
from records import opinions
from records.opinions import Subject
from tests import make
from tests.api.calling import key_of
from tests.commitments import ledger, owed
from tests.commitments.handover import making as handing
from tests.deadlines import clocks
from tests.disclosure import making as publishing
from tests.disclosure.catalogue import making as proposing
from tests.disclosure.coverage import owing
from tests.disclosure.scenes import making as scenes
from tests.evaluation.annual import making as annual
from tests.evaluation.demonstration import making as demonstrating
from tests.evaluation.importing import making as importing
from tests.evaluation.standards import making as evaluating
from tests.evaluation.summary import making as reporting
from tests.exchange import working
from tests.exchange.imports import making as bringing
from tests.exchange.official import making as official
from tests.programme.contests import making as contests
from tests.programme.education import making as teaching
from tests.programme.inspections import making as inspecting
from tests.programme.tasking import making as tasking
from tests.records import making
from tests.supervision import filing


def things(c: SimpleNamespace) -> SimpleNamespace:
    """What the addresses are about: one thing of each kind, of the first street."""
    c.promise = make.in_force(c)
    c.plain = make.in_force(c, title="没有变更的承诺")
    c.draft = make.draft(c)
    c.contract = owed.contract_draft(c)
    c.amendment = make.amendment(c, c.promise)
    c.report = make.progress(c, c.promise)
    c.result = make.result(c, make.in_force(c))
    c.waiting = make.in_force(c, title="等待核验的承诺")
    make.reported(c, c.waiting)
    verifying = make.in_force(c, title="正在写核验结论的承诺")
    make.reported(c, verifying)
    c.verdict = make.verification(c, verifying)
    c.review = make.review_of(make.submitted(c))
    c.found_review = make.review_of(make.submitted(c, liability="电话13804520001。"))
    c.told_draft = make.draft(c, liability="电话13804520001。")
    c.file = c.report.files.get()
    c.year = load_plan(c.district)
    c.snapshot = facts.opened(c.year, "trial", by=c.office, today=contests.timezone.localdate())
    c.membership = c.clerk.memberships.get()
    vars(c).update(clocks.of_every_kind(c))
    c.code = c.promise.code
    _records(c)
    c.case, c.going_case = filing.case(c), filing.accepted(c)
    c.opening = filing.opening(c, filing.accepted(c), by=c.lead)
    c.slip = filing.slip(c, filing.accepted(c))
    _ledger(c)
    c.token = make.published_progress(c, c.promise).publication.ledger.get().files.get().token
    _handovers(c)
    c.notice_draft, c.notice_public = publishing.notice(c), publishing.published(c)
    c.notice_code = c.notice_public.code
    c.notice_revision = publishing.revision(c, publishing.published(c))
    owing.all_duties()
    c.duty, c.topic = owing.duty(c.street), publishing.topic()
    c.topic_proposal = proposing.proposal(c, by=c.office)
    _scenes(c)
    c.job = working.started(c)
    vars(c).update(official.of_every_kind(c))
    c.slip_kind, c.fresh_slip = official.KIND, ledger.slip(c, ledger.rectifying(c))
    c.brought_file = bringing.uploaded(c)
    c.calendar_token = token_of(renew_calendar(c.clerk))
    _tasks(c)
    _contests(c)
    _education(c)
    c.imported_fact = importing.brought(c, c.street, "messages-in-time", 9, 10)
    _evaluation(c)
    vars(c).update(demonstrating.world(c))
    c.candidates_code, c.award_code = c.candidates_shown.code, c.award.code
    key_of(c.clerk)
    c.api_token = c.clerk.tokens.get()
    nightly()
    c.package_file = current().files.first()
    return c


def _evaluation(c: SimpleNamespace) -> None:
    """A report that is written and one that was sent; an outcome that was told, one that was heard, a proposal."""
    c.summary = reporting.begun(c)
    last_year = reporting.year(c, 2025)
    c.summary_sent = reporting.sent(c, of=last_year)
    c.summary_receipt = c.summary_sent.receipts.get()
    c.annual, c.outcome = annual.opened(c), annual.told(c)
    c.outcome_heard = annual.defended(c, annual.told(c, annual.outcome(c, of=last_year)))
    c.proposal = annual.proposal(c, c.outcome_heard)


def _tasks(c: SimpleNamespace) -> None:
    """A year with its list, one task of the first street that its clerk works on, and one that nobody was given."""
    c.task_year = tasking.year(c)
    c.task = tasking.working(c, tasking.task(c, of=c.task_year))
    c.task_evidence = tasking.picked(c, c.task)
    c.task_standard = tasking.standards(c.task_year, "window")[0]

    _inspections(c)
    return c


def _inspections(c: SimpleNamespace) -> None:
    """One the street plans for its community; the district's are about the street."""
    c.unit_result = evaluating.result(c)
    c.set_in_force, c.set_draft = c.unit_result.set, evaluating.draft(c, "community")
    c.set_indicator = evaluating.indicator(c.set_draft, "6.3")
    c.judged_indicator = evaluating.indicator(c.set_in_force, "6.3")
    c.ruling = evaluating.ruling(c)
    c.inspection = inspecting.of_the_street(c)
    c.inspection_going = inspecting.going(c, inspecting.of_the_street(c))
    c.visit_planned, c.visit_begun, c.visit_signed = (
        inspecting.planned(c),
        inspecting.begun(c),
        inspecting.signed(c),
    )
    c.finding_reported = inspecting.reported(c)
    c.finding_draft, c.finding_open = inspecting.found(c), inspecting.noticed(c)
    c.inspection_notice = inspecting.notice_of(c.finding_open)


def _handovers(c: SimpleNamespace) -> None:
    """Somebody leaves a post of the street, who has no account: the district's lead brings a signed paper."""
    handing.post_change(c)
    c.staying = handing.holding(c, "窗口岗", "401")
    c.handover_item = c.handover.items.first()
    c.handover_note = handing.dispute(c, c.handover, party="witness", by=c.office)
    c.signed = handing.paper(c, c.handover)


def _education(c: SimpleNamespace) -> None:
    """A plan, one that was held, a draft of its text, a public one, a material and a draft, somebody's hours."""
    c.this_year = teaching.year(c)
    c.activity, c.activity_held = teaching.planned(c), teaching.held(c)
    c.activity_sheet = teaching.sheet(c, teaching.summarised(c))
    c.activity_code = teaching.reported(c).activity.code
    edition = teaching.public_edition(c)
    c.material, c.material_code, c.edition_draft = (
        edition.material,
        edition.material.code,
        teaching.edition(c),
    )
    c.learner, c.course = teaching.official(c), teaching.course(c)
    c.hours_entered = teaching.entered(c, c.learner, activity=c.activity_held)


def _scenes(c: SimpleNamespace) -> None:
    """A public scene with a published month, a draft of each, and a revision of another."""
    c.scene = scenes.long_public(c)
    c.scene_code = c.scene.code
    c.scene_draft, c.scene_revision = scenes.draft(c), scenes.revision(c, scenes.public(c))
    c.scene_told = scenes.published_month(c, c.scene)
    c.scene_month = scenes.month(c, c.scene, month=scenes.BEFORE)


def _contests(c: SimpleNamespace) -> None:
    """A contest that goes on, in which the official has begun; one that is over, one with a result, drafts of each."""
    c.question, c.question_draft = contests.bank(c)[0], contests.question(c, text="草稿题？")
    told = contests.public(c, title="结果公布了的竞赛", pass_percent=1)
    winner = contests.resident(told)
    contests.sat(told, winner)
    c.certificate_number = contests.taking.certificate_of(winner, told, now=contests.timezone.now()).number
    c.contest_told_code = contests.published_result(c, told).contest.code
    c.contest = contests.public(c)
    c.contest_code, c.contest_draft = c.contest.code, contests.draft(c)
    contests.begun(contests.taking.enter_official(c.contest, c.official, now=contests.timezone.now()))
    c.contest_ahead = contests.public(c, title="可以更正的竞赛")
    c.contest_revision = contests.revision(c, contests.public(c, title="在更正的竞赛"))
    c.contest_over = contests.over(contests.public(c, title="结束了的竞赛"))
    c.contest_result = contests.result(c, contests.public(c, title="等结果的竞赛"))


def _records(c: SimpleNamespace) -> None:
    """A record in effect for half a year with its notice in review, a draft, and what was asked about others."""
    c.person, c.item = c.official.official, making.item("X06")
    long_ago = {"effective_from": making.LAST_YEAR, "decided_on": making.LAST_YEAR}
    c.record = making.confirmed(c, **long_ago)
    c.record_notice = c.record.notices.get()
    c.record_draft = making.draft(c)
    c.number = making.public(c, title="公示中的记录").number
    c.opinion = opinions.issue(
        [Subject(c.street)], by=c.office, today=making.TODAY, purpose="honour", note="先进街道评选"
    )[0]
    c.objection = making.objection(c, making.confirmed(c, title="有异议的记录"))
    c.answered = making.objected(c, making.confirmed(c, title="异议办结的记录"), "upheld")
    c.repair = making.repair(c, making.confirmed(c, title="申请修复的记录", **long_ago))
    c.granted = making.repaired(c, making.confirmed(c, title="已修复的记录", **long_ago))


def _ledger(c: SimpleNamespace) -> None:
    """A clue, one found true, one being put right with all that stands under it, a public one, a sweep, a case."""
    c.clue, c.found = ledger.clue(c), ledger.found(c)
    c.overdue = make.ended(c, make.in_force(c, title="没有全部履行的承诺"), "partly")
    c.found_case = ledger.case(c)
    c.ledger_item = ledger.rectifying(c)
    c.ledger_progress = ledger.progress(c, c.ledger_item)
    c.ledger_sheet = ledger.sheet(c, c.ledger_item, reason="")
    c.ledger_slip = ledger.slip(c, c.ledger_item)
    c.postponement = ledger.asked_for_time(c)
    c.sweep = ledger.sweep(c)
    c.ledger_number = ledger.shown(c).number
