"""Every change of the ledger apart from the steps of its flows."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from commitments.models import (
    Case,
    Obligation,
    Postponement,
    Rectification,
    RectificationProgress,
    RectificationSheet,
    RectificationSlip,
    RectificationState,
    SheetState,
    SlipKind,
    StepTextState,
    Sweep,
    SweepState,
)
from commitments.models.rectification_words import OPEN_RECTIFICATIONS
from commitments.models.rectifications import above
from commitments.rectification import candidates, clocks, conditions
from commitments.rectification.checks import (
    case_refusal,
    finding_refusal,
    known_refusal,
    postponement_refusal,
)
from commitments.rectification.flows import OFFICE, PROGRESS, SHEET, SUPERIORS, issue
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import require_within, within
from longsha_credit.directory.services import division_of
from longsha_credit.exchange.numbering import next_number
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import NOTHING, Upload
from longsha_credit.programme.models import Finding
from longsha_credit.publication import registry
from longsha_credit.publication.drafts import still
from longsha_credit.publication.gate import WRITERS
from longsha_credit.publication.models import Chain
from longsha_credit.publication.registry import Kind

PURPOSE, HOLDERS_PAPER = "rectification", "rectification_holder"
HANDLES = WRITERS | OFFICE
SWEPT_LEVELS = (Level.STREET, Level.COMMUNITY)
EARLY = (RectificationState.CLUE, RectificationState.CHECKING)


# the item


@transaction.atomic
def save_clue(item: Rectification, *, by: Any, today: datetime.date, seen: str = "") -> Rectification:
    """Register a clue, or correct one that is not decided yet; its number and its clock come with the first saving.

    Raises Http404 outside the writer's units or for a case `by` may not see, Refused otherwise.
    """
    require_within(by, item.organisation, HANDLES)
    new = item.pk is None
    if new:
        _may_be_registered(item, by)
        item.created_by, item.registered_on = by, today
        prefix = f"TZ-{division_of(item.organisation.district())}-{today.year}-"
        item.number = next_number(Rectification, "number", prefix, 4)
    else:
        still(item, EARLY, seen)
        if item.created_by_id != by.pk and not stands_above(by, item):
            raise Refused("线索由登记人或上级修改。", "eyes")
    item.save()
    label = "登记线索" if new else "修改登记"
    record(item, step="register" if new else "correct", label=label, by=by, roles=HANDLES)
    if new:
        clocks.start(item, clocks.CHECK, today=today)
    return item


def _may_be_registered(item: Rectification, by: Any) -> None:
    """The source is what it says it is, and the same matter is not in the ledger twice."""
    if item.organisation.level not in conditions.LEVELS:
        raise Refused("责任单位要选街道、社区或窗口。", "guard")
    if item.case_id:
        if not Case.objects.visible_to(by).filter(pk=item.case_id).exists():
            raise Http404
        Case.objects.select_for_update(of=("self",)).get(pk=item.case_id)
        if refusal := case_refusal(item.case):
            raise Refused(refusal, "state")
    if item.obligation_id:
        Obligation.objects.select_for_update(of=("self",)).get(pk=item.obligation_id)
        if refusal := known_refusal(item.obligation):
            raise Refused(refusal, "state")
    if item.inspected_id:
        found = Finding.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=item.inspected_id)
        if not found:
            raise Http404
        if refusal := finding_refusal(found[0]):
            raise Refused(refusal, "state")
    if item.sweep_id:
        sweep = Sweep.objects.select_for_update(of=("self",)).get(pk=item.sweep_id)
        if sweep.state != SweepState.DUE:
            raise Refused("这次排查已经报送，不能再登记；另外发现的，直接登记线索。", "state")


def stands_above(user: Any, item: Rectification) -> bool:
    """Whether `user` works in a unit above the responsible one."""
    return Rectification.objects.filter(above(user), pk=item.pk).exists()


@transaction.atomic
def save_plan(item: Rectification, *, by: Any, seen: str = "") -> Rectification:
    """Store the plan of an item that was found true. Raises as save_clue."""
    require_within(by, item.organisation, WRITERS)
    still(item, (RectificationState.FOUND,), seen)
    item.save()
    record(item, step="plan", label="填写整改方案", by=by, roles=WRITERS)
    return item


@transaction.atomic
def save_closing(
    item: Rectification, *, by: Any, upload: Upload = NOTHING, holders_paper: Any = None, seen: str = ""
) -> Rectification:
    """Store what stands behind a request to close; `holders_paper` is the file the right-holder signed.

    Raises as save_clue, files.checks.Unacceptable for a bad file.
    """
    require_within(by, item.organisation, WRITERS)
    still(item, (RectificationState.RECTIFYING,), seen)
    if holders_paper:
        item.confirmation_file = files.store(
            holders_paper, organisation=item.organisation, purpose=HOLDERS_PAPER, by=by
        )
    item.save()
    files.attach(item, upload, purpose=PURPOSE, by=by)
    record(item, step="closing", label="填写销号材料", by=by, roles=WRITERS)
    return item


# what stands under it


@transaction.atomic
def save_progress(
    progress: RectificationProgress, *, by: Any, upload: Upload = NOTHING, settled: Any = None, seen: str = ""
) -> RectificationProgress:
    """Note down what was done; counts as it is, and may go to the public later. Raises as save_closing.

    `settled`: what has been paid so far, kept with the item and never public.
    """
    require_within(by, progress.organisation, WRITERS)
    new = progress.pk is None
    if new:
        progress.created_by = by
        still(progress.rectification, (RectificationState.RECTIFYING,), "")
    else:
        still(progress, (StepTextState.DRAFT,), seen)
    progress.save()
    files.attach(progress, upload, purpose=PURPOSE, by=by)
    if settled is not None:
        item = Rectification.objects.get(pk=progress.rectification_id)
        if item.amount is None or settled > item.amount:
            raise Refused("已清偿不能多于涉及金额，请核对。", "guard")
        item.settled = settled
        item.save(update_fields=["settled", "saved_at"])
    record(progress, step="draft", label="记进展" if new else "修改进展", by=by, roles=WRITERS)
    return progress


@transaction.atomic
def save_sheet(sheet: RectificationSheet, *, by: Any, seen: str = "") -> RectificationSheet:
    """Store a public text, the first or the next version of it. Raises as save_clue."""
    require_within(by, sheet.organisation, SUPERIORS | WRITERS)
    new = sheet.pk is None
    if new:
        sheet.created_by = by
        if sheet.rectification.sheets.filter(state__in=["draft", "in_review"]).exists():
            raise Refused("这件已有一份公开稿在办理，请接着办那一份。", "state")
    else:
        still(sheet, (SheetState.DRAFT,), seen)
    sheet.save()
    label = "起草公开稿" if new else "修改公开稿"
    record(sheet, step="draft", label=label, by=by, roles=SUPERIORS | WRITERS, reason=sheet.reason)
    return sheet


def new_sheet(item: Rectification) -> RectificationSheet:
    """An unsaved text that starts from the one now shown."""
    shown = item.sheets.filter(state=SheetState.PUBLISHED).first()
    return RectificationSheet(
        rectification=item,
        organisation=item.organisation,
        title=shown.title if shown else item.title,
        text=shown.text if shown else "",
        measures=shown.measures if shown else "",
    )


SLIPPABLE = (*(s for s in OPEN_RECTIFICATIONS if s not in EARLY),)


@transaction.atomic
def issue_slip(
    item: Rectification,
    *,
    kind: str,
    text: str,
    by: Any,
    today: datetime.date,
    colour: str = "",
    answer_by: datetime.date | None = None,
) -> RectificationSlip:
    """Write to the responsible unit: 督办单, 约谈通知书 or 整改通知书. Raises Http404 and Refused."""
    require_within(by, item.organisation, SUPERIORS)
    now = Rectification.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if now.state not in SLIPPABLE:
        raise Refused(f"现在是“{now.get_state_display()}”，不发督办文书。", "state")
    if kind == SlipKind.CLOSE:
        raise Refused("销号确认单在复核销号时自动生成。", "guard")
    unit = conditions.superior_of(by, now)
    return issue(
        now,
        kind,
        text=text,
        colour=colour if kind == SlipKind.SUPERVISE else "",
        answer_by=answer_by,
        issued_on=today,
        issued_by=by,
        issued_for=unit,
    )


@transaction.atomic
def ask_postponement(
    item: Rectification, *, to_day: datetime.date, reason: str, by: Any, today: datetime.date
) -> Postponement:
    """Ask for another day before this one has come; once a round, decided by somebody above."""
    require_within(by, item.organisation, WRITERS)
    now = Rectification.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if refusal := postponement_refusal(now, today):
        raise Refused(refusal, "state")
    if to_day <= now.due_on:
        raise Refused(f"要延到{now.due_on:%Y-%m-%d}以后的日期。", "guard")
    if not reason.strip():
        raise Refused("请写明申请延期的理由。", "reason")
    asked = Postponement.objects.create(
        rectification=now,
        organisation=now.organisation,
        round=now.round,
        from_day=now.due_on,
        to_day=to_day,
        reason=reason.strip()[:500],
        asked_on=today,
        created_by=by,
    )
    record(asked, step="ask", label="申请整改延期", by=by, roles=WRITERS, reason=reason)
    return asked


def note_export(user: Any, *, number: int, query: str) -> None:
    """Whoever takes rows out of the portal leaves an entry."""
    place = user.current_memberships[0].organisation if user.current_memberships else None
    reason = f"{number}条 {query}"
    record(user, step="export", label="导出治理台账", by=user, organisation=place, reason=reason)


# the quarterly sweep


@transaction.atomic
def open_sweeps(*, today: datetime.date) -> int:
    """A sweep for each street and community of the quarter that ended last; safe to run late, twice or beside itself."""
    year, quarter = clocks.quarter_before(today)
    last = clocks.last_day(year, quarter)
    units = Organisation.objects.taking_part().filter(level__in=SWEPT_LEVELS, valid_from__lte=last)
    made = 0
    for unit in units.exclude(sweeps__year=year, sweeps__quarter=quarter).order_by("path"):
        sweep, new = Sweep.objects.get_or_create(organisation=unit, year=year, quarter=quarter)
        if new:
            clocks.start_sweep(sweep, today=today)
            made += 1
    return made


def _save_sheet_alone(sheet: RectificationSheet, *, by: Any, upload: Upload = NOTHING) -> RectificationSheet:
    """A public text has no files of its own."""
    return save_sheet(sheet, by=by)


def _desk_url(obj: Any) -> str:
    return reverse("rectification:page", args=[obj.rectification_id])


def _holders_papers(user: Any) -> Any:
    """What a right-holder signed names him: only for who works on the item, not for who merely supervises."""
    return StoredFile.objects.filter(within(user, HANDLES | SUPERIORS, "organisation__path"))


def _evidence(user: Any) -> Any:
    seen = within(user, SEES_WORK, "organisation__path")
    return StoredFile.objects.filter(seen & Q(purpose=PURPOSE))


def _page(number: str) -> str:
    return reverse("public_rectification:page", args=[number])


def _version_page(number: str, version: int) -> str:
    return reverse("public_rectification:version", args=[number, version])


def register() -> None:
    """Tell the gate of the two kinds and the files who may read them; called once when the app is ready."""
    files.readable(PURPOSE, _evidence)
    files.readable(HOLDERS_PAPER, _holders_papers)
    c = candidates
    for kind in (
        Kind(RectificationSheet, "rectification", "治理事项", Chain.THREE, c.candidate_of_sheet, SHEET, c.LABELS, _desk_url, save=_save_sheet_alone, page=_page, version_page=_version_page, reference_label="编号"),
        Kind(RectificationProgress, "rectification_step", "治理进展", Chain.ONE, c.candidate_of_progress, PROGRESS, c.PROGRESS_LABELS, _desk_url, save=save_progress),
    ):  # fmt: skip
        registry.register(kind)
