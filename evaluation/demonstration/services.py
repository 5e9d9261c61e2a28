"""Every change of rounds and applications beside their steps: drafted, approved, facts taken, applied, assessed."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluation import facts
from evaluation.computing import compute
from evaluation.demonstration import candidates, clocks
from evaluation.demonstration.flows import AWARD, DISTRICT, NOTICE, OFFICE, WRITERS
from evaluation.models import (
    Application,
    ApplicationState,
    Award,
    CandidateNotice,
    Cycle,
    CycleState,
    Indicator,
    Purpose,
    SelfEvidence,
    SelfItem,
    SetState,
    SiteVisit,
    Snapshot,
)
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import require_within
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import NOTHING, Upload
from longsha_credit.programme.services import require_open
from longsha_credit.publication import registry
from longsha_credit.publication.drafts import still
from longsha_credit.publication.models import Chain, Publication
from longsha_credit.publication.registry import Kind

PURPOSE, VISIT = "demonstration", "demonstration_visit"
THINGS = {"entry": Entry, "publication": Publication, "file": StoredFile}


# --- rounds ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_cycle(cycle: Cycle, *, by: Any, seen: str = "") -> Cycle:
    """Store a new or changed draft of a round. Raises Http404 outside the district, Refused."""
    require_within(by, cycle.organisation, DISTRICT)
    require_open(cycle.year)
    new = cycle.pk is None
    if new:
        cycle.created_by = by
        running = Cycle.objects.filter(year=cycle.year, level=cycle.level)
        if running.filter(state__in=[CycleState.DRAFT, CycleState.OPEN]).exists():
            raise Refused("这一年这一级已经有一个没有结束的轮次。", "state")
    else:
        still(cycle, (CycleState.DRAFT,), seen)
    cycle.save()
    record(cycle, step="draft", label="拟定轮次" if new else "修改轮次", by=by, roles=DISTRICT)
    return cycle


@transaction.atomic
def register_approval(cycle: Cycle, *, body: str, number: str, on: datetime.date, by: Any) -> None:
    """Enter who approved the round and under which number, once. Raises Http404, Refused."""
    require_within(by, cycle.organisation, OFFICE)
    now = Cycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    if now.is_approved:
        raise Refused("批准文号已经登记过，不能再改。", "state")
    if now.state not in (CycleState.DRAFT, CycleState.OPEN):
        raise Refused("这一轮已经结束，不能再登记批准文号。", "state")
    if Award.objects.filter(application__cycle=cycle).exclude(state="discarded").exists():
        raise Refused("已经按试点对标评价出具了结果，不能再改成命名。", "state")
    Cycle.objects.filter(pk=cycle.pk).update(approval_body=body, approval_number=number, approved_on=on)
    record(now, step="approval", label="登记批准文号", by=by, roles=OFFICE, reason=f"{body} {number}")
    cycle.refresh_from_db()


@transaction.atomic
def take_facts(cycle: Cycle, *, by: Any, today: datetime.date) -> Snapshot:
    """Take the facts of the round's units once, and compute their sheets. Raises Http404, Refused."""
    require_within(by, cycle.organisation, OFFICE)
    now = Cycle.objects.select_for_update(of=("self",)).select_related("year", "set").get(pk=cycle.pk)
    if now.state != CycleState.OPEN or now.snapshot_id:
        raise Refused("这一轮已经取过数，或者现在不能取数。", "state")
    if today <= now.assess_until:
        raise Refused(f"自评到{now.assess_until:%Y-%m-%d}截止，截止以后才取数。", "guard")
    require_open(now.year)
    snapshot = facts.opened(now.year, Purpose.DEMONSTRATION, by=by, today=today)
    facts.take_all(snapshot)
    Cycle.objects.filter(pk=now.pk).update(snapshot=snapshot)
    compute(snapshot, now.set, below=now.organisation.path)
    record(now, step="facts", label="取数", by=by, roles=OFFICE)
    cycle.refresh_from_db()
    return snapshot


# --- applications ----------------------------------------------------------------------------------------------------


def open_cycles(unit: Organisation, today: datetime.date) -> Any:
    """Rounds a unit may still apply in and has not."""
    applied = Application.objects.in_the_round().filter(organisation=unit).values("cycle")
    rows = Cycle.objects.filter(state=CycleState.OPEN, level=unit.level, apply_until__gte=today)
    return rows.exclude(pk__in=applied)


@transaction.atomic
def apply(
    cycle: Cycle, unit: Organisation, *, reason: str, by: Any, today: datetime.date, copy: bool = True
) -> Application:
    """Begin an application with an item for each indicator; texts and evidence of the last one come along, scores never.

    Raises Http404 outside the writer's units, Refused.
    """
    require_within(by, unit, WRITERS)
    if not open_cycles(unit, today).filter(pk=cycle.pk).exists():
        raise Refused("这一轮现在不能申报：已经申报过、已经截止，或者不是这一级的。", "guard")
    last = _last(unit, cycle) if copy else None
    it = Application.objects.create(
        cycle=cycle, organisation=unit, reason=reason.strip(), copied_from=last, created_by=by
    )
    indicators = Indicator.objects.filter(heading__set=cycle.set_id).select_related("heading")
    items = [SelfItem(application=it, indicator=indicator) for indicator in indicators]
    earlier = {i.indicator.title: i for i in last.items.select_related("indicator")} if last else {}
    for item in items:
        old = earlier.get(item.indicator.title)
        if old:
            item.text, item.carried = old.text, True
    SelfItem.objects.bulk_create(items)
    _carry_evidence(items, earlier, by)
    record(it, step="draft", label="开始申报", by=by, roles=WRITERS)
    clocks.applied(it, today=today)
    return it


def _last(unit: Organisation, cycle: Cycle) -> Application | None:
    rows = Application.objects.in_the_round().filter(organisation=unit).exclude(cycle=cycle)
    return rows.exclude(state=ApplicationState.DRAFT).order_by("-id").first()


def _carry_evidence(items: list[SelfItem], earlier: dict[str, SelfItem], by: Any) -> None:
    new = {earlier[i.indicator.title].pk: i for i in items if i.indicator.title in earlier}
    rows = SelfEvidence.objects.filter(item__in=new)
    SelfEvidence.objects.bulk_create(
        SelfEvidence(
            item=new[row.item_id], entry_id=row.entry_id, publication_id=row.publication_id, file_id=row.file_id, by=by
        )
        for row in rows
    )  # fmt: skip


@transaction.atomic
def save_reason(it: Application, *, reason: str, by: Any) -> None:
    """Change why the unit applies, while it is drafted. Raises Http404, Refused."""
    _drafted(it, by)
    Application.objects.filter(pk=it.pk).update(reason=reason.strip(), saved_at=timezone.now())
    record(it, step="draft", label="修改申报理由", by=by, roles=WRITERS)


@transaction.atomic
def assess(item: SelfItem, *, points: int, text: str, by: Any, upload: Upload = NOTHING, picked: dict[str, list[int]] | None = None, dropped: list[int] | None = None) -> None:  # fmt: skip
    """Claim points (hundredths) for one indicator with words and evidence; what was carried over is confirmed by it.

    `picked` gives ids by kind (entry, publication, file), of things of the unit itself. Raises Http404, Refused,
    Unacceptable.
    """
    it = item.application
    _drafted(it, by)
    if points > item.indicator.points:
        raise Refused(f"这一条最多{item.indicator.points / 100:g}分。", "guard")
    SelfItem.objects.filter(pk=item.pk).update(
        points=points, text=text.strip(), carried=False, saved_at=timezone.now()
    )
    SelfEvidence.objects.filter(item=item, pk__in=dropped or []).delete()
    for kind, ids in (picked or {}).items():
        for pk in ids:
            SelfEvidence.objects.get_or_create(item=item, **{f"{kind}_id": pk}, defaults={"by": by})
    for file in upload.added:
        stored = files.store(file, organisation=it.organisation, purpose=PURPOSE, by=by)
        SelfEvidence.objects.create(item=item, file=stored, by=by)
    record(it, step="assess", label="自评", by=by, roles=WRITERS, reason=item.indicator.title)


def _drafted(it: Application, by: Any) -> None:
    require_within(by, it.organisation, WRITERS)
    still(it, (ApplicationState.DRAFT,))


@transaction.atomic
def register_visit(visit: SiteVisit, *, by: Any, upload: Upload = NOTHING) -> SiteVisit:
    """Enter what was seen on the spot, once. Raises Http404, Refused, Unacceptable."""
    it = visit.application
    require_within(by, it.cycle.organisation, DISTRICT)
    if it.state not in (ApplicationState.CHECK, ApplicationState.PANEL):
        raise Refused(f"申报现在是“{it.get_state_display()}”，不再登记现场核查。", "state")
    visit.organisation, visit.by = it.organisation, by
    visit.save()
    files.attach(visit, upload, purpose=VISIT, by=by, allowed=True)
    record(it, step="visit", label="登记现场核查", by=by, roles=DISTRICT, reason=visit.get_seen_display())
    return visit


# --- what the house is told ------------------------------------------------------------------------------------------


def register() -> None:
    """Tell the gate of the two kinds, and the files who may read them; called once when the app is ready."""
    files.readable(PURPOSE, _evidence_of)
    files.readable(VISIT, _photographs_of)
    pages: dict[str, Any] = {"reference_label": "编号"}
    for kind in (
        Kind(CandidateNotice, "demonstration_notice", "评定公示", Chain.THREE, candidates.candidate_of_notice, NOTICE,
             candidates.NOTICE_LABELS, candidates.desk_url, page=candidates.notice_page, **pages),
        Kind(Award, "demonstration", "评定结果", Chain.THREE, candidates.candidate_of_award, AWARD, candidates.AWARD_LABELS,
             candidates.desk_url, page=candidates.award_page, marks=candidates.marks, **pages),
    ):  # fmt: skip
        registry.register(kind)


def _evidence_of(user: Any) -> Any:
    picked = SelfEvidence.objects.visible_to(user).filter(file__isnull=False).values("file")
    return StoredFile.objects.filter(pk__in=picked)


def _photographs_of(user: Any) -> Any:
    through = SiteVisit.files.through.objects.filter(sitevisit__in=SiteVisit.objects.visible_to(user))
    return StoredFile.objects.filter(pk__in=through.values("storedfile"))


def in_force_set(year: Any, level: str) -> Any:
    """The set in force of a year and level, or None."""
    return year.indicator_sets.filter(level=level, state=SetState.IN_FORCE).first()
