"""Every change of a promise and of the rows under it, apart from the steps of their flows."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from commitments import candidates, clocks, conditions, parts, payments
from commitments.flows import AMENDMENT, FLOW, OFFICE, PROGRESS, RESULT, VERDICT, WRITERS
from commitments.models import (
    Amendment,
    AmendmentState,
    Obligation,
    ObligationState,
    ProgressState,
    ProgressUpdate,
    ResultReport,
    ResultState,
    Verification,
    VerificationState,
)
from commitments.models.terms import TERMS
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.scope import require_within
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import NOTHING, Upload
from longsha_credit.publication import drafts, registry
from longsha_credit.publication.drafts import still
from longsha_credit.publication.models import Chain, Review
from longsha_credit.publication.registry import Kind

PURPOSE = "commitment"


Rows = list[dict[str, Any]]


@transaction.atomic
def save_draft(
    obligation: Obligation,
    *,
    by: Any,
    upload: Upload = NOTHING,
    seen: str = "",
    part_rows: Rows | None = None,
    contract: payments.Given | None = None,
) -> Obligation:
    """Store a new or changed draft. `seen` is the stamp of the version the writer started from.

    `part_rows` are all its parts (PART_FIELDS), `contract` what of a contract stays in the office; None leaves them.
    Raises Http404 outside the writer's organisations, Refused when it is no draft any more or a colleague
    saved first, files.checks.Unacceptable for a bad file.
    """
    _prepare(obligation, ObligationState.DRAFT, by, seen)
    stored = _store(obligation, by, upload, "草稿")
    if part_rows is not None:
        parts.write(stored, part_rows)
    if contract is not None:
        payments.keep(stored, contract, by=by, today=timezone.localdate())
    return stored


@transaction.atomic
def save_amendment(
    amendment: Amendment,
    *,
    by: Any,
    upload: Upload = NOTHING,
    seen: str = "",
    part_rows: Rows | None = None,
) -> Amendment:
    """Store a new or changed draft of a change; the published version stands until it passes. Raises as save_draft.

    A new change starts with the parts as they stand, unless `part_rows` says otherwise.
    """
    _prepare(amendment, AmendmentState.DRAFT, by, seen)
    new = amendment.pk is None
    if new:
        _still(amendment.obligation, ObligationState.IN_FORCE)
        if amendment.obligation.amendments.filter(state__in=["draft", "in_review"]).exists():
            raise Refused("这件承诺已有一份变更在办理，请先办完或作废那一份。", "state")
    stored = _store(amendment, by, upload, "变更")
    if part_rows is None and new:
        part_rows = parts.rows_of(amendment.obligation)
    if part_rows is not None:
        parts.write(stored, part_rows)
    if new:
        kept = [f for f in amendment.obligation.files.all() if f.pk not in upload.removed]
        amendment.files.add(*kept)
    return stored


@transaction.atomic
def save_contract(obligation: Obligation, given: payments.Given, *, by: Any, today: datetime.date) -> None:
    """Store what of a contract stays in the office, at whatever stage it is. Raises Http404, Refused."""
    require_within(by, obligation.organisation, WRITERS)
    if obligation.state == ObligationState.DISCARDED:
        raise Refused("这份合同的草稿已经作废，不能再改。", "state")
    payments.keep(obligation, given, by=by, today=today)
    record(obligation, step="contract", label="修改合同内部栏目", by=by, roles=WRITERS)


@transaction.atomic
def save_progress(
    progress: ProgressUpdate, *, by: Any, upload: Upload = NOTHING, seen: str = ""
) -> ProgressUpdate:
    """Store a new or changed draft of a progress report. Raises as save_draft."""
    _prepare(progress, ProgressState.DRAFT, by, seen)
    if progress.pk is None:
        _still(progress.obligation, ObligationState.IN_FORCE)
    return _store(progress, by, upload, "进展")


@transaction.atomic
def save_result(
    result: ResultReport, *, by: Any, today: datetime.date, upload: Upload = NOTHING, seen: str = ""
) -> ResultReport:
    """Store a new or changed draft of the report of how a promise ended. Raises as save_draft.

    The unit writes it; the district may once the unit's days for it have passed.
    """
    _prepare(result, ResultState.DRAFT, by, seen, WRITERS | OFFICE)
    obligation = result.obligation
    if result.pk is None:
        _still(obligation, ObligationState.IN_FORCE)
        _steps_in(result, by, today)
        if obligation.results.filter(state__in=["draft", "in_review"]).exists():
            raise Refused("这件承诺已有一份结果报告在办理，请接着办那一份。", "state")
    elif by.role_at(WRITERS, result.organisation.path) is None and _is_the_units(result):
        raise Refused("这是承诺单位自己的报告，由单位办理。", "eyes")
    return _store(result, by, upload, "结果报告")


def _is_the_units(result: ResultReport) -> bool:
    return result.organisation_id == result.obligation.organisation_id


def _steps_in(result: ResultReport, by: Any, today: datetime.date) -> None:
    """The district's report in place of a silent unit: after the unit's days, and instead of its abandoned draft."""
    if by.role_at(WRITERS, result.obligation.organisation.path) is not None:
        return
    last = clocks.silent_after(result.obligation, today)
    if today <= last:
        raise Refused(f"报告期限到{last:%Y-%m-%d}，过期仍没有报告的才由区里代报。", "guard")
    for draft in result.obligation.results.filter(state="draft"):
        RESULT.take(draft, "discard", by=None, reason="过期没有报告，由区里代报")


@transaction.atomic
def save_verification(
    found: Verification, *, by: Any, upload: Upload = NOTHING, seen: str = ""
) -> Verification:
    """Store a new or changed draft of the district's verdict. Raises as save_draft.

    Nobody who wrote, submitted or passed the report verifies it.
    """
    _prepare(found, VerificationState.DRAFT, by, seen, OFFICE)
    if found.pk is None:
        _still(found.obligation, ObligationState.REPORTED)
        if found.obligation.verifications.filter(state__in=["draft", "in_review"]).exists():
            raise Refused("这件承诺已有一份核验结论在办理，请接着办那一份。", "state")
    if by.pk in conditions.hands_of(found.report):
        raise Refused("您报告或复核过这份结果，须由另一个人核验。", "eyes")
    if not counts_apart(found.obligation):
        found.counted_verdict = found.verdict
    return _store(found, by, upload, "核验结论")


def note_export(user: Any, *, number: int) -> None:
    """Whoever takes commitments out of the portal leaves an entry."""
    place = user.current_memberships[0].organisation if user.current_memberships else None
    label = "导出国家模板的信用承诺"
    record(user, step="export", label=label, by=user, organisation=place, reason=f"{number}件")


def new_result(obligation: Obligation, by: Any) -> ResultReport:
    """An unsaved report of the unit itself, or of the district in place of a silent unit."""
    unit = obligation.organisation
    own = by.role_at(WRITERS, unit.path) is not None
    return ResultReport(obligation=obligation, organisation=unit if own else unit.district())


def new_verification(obligation: Obligation) -> Verification:
    """An unsaved verdict on the report that waits; raises Refused where none does."""
    report = obligation.results.filter(state=ResultState.PUBLISHED).first()
    if report is None:
        raise Refused("这件承诺还没有公开的结果报告，不能核验。", "state")
    return Verification(
        obligation=obligation,
        report=report,
        reporter=report.created_by,
        organisation=obligation.organisation.district(),
        verdict=report.claim,
        fulfilled_on=report.fulfilled_on,
        unmet=report.unmet,
    )


def counts_apart(obligation: Obligation) -> bool:
    """Whether a late change makes the kept rate count something else than the promise as it now reads."""
    return obligation.amendments.filter(state=AmendmentState.ADOPTED, is_late=True).exists()


def _prepare(obj: Any, draft: str, by: Any, seen: str, writers: frozenset[str] = WRITERS) -> None:
    drafts.prepare(obj, draft=draft, by=by, seen=seen, writers=writers)


def _store(obj: Any, by: Any, upload: Upload, word: str) -> Any:
    return drafts.store(obj, by=by, upload=upload, purpose=PURPOSE, word=word, roles=WRITERS | OFFICE)


def _still(obj: Any, state: str) -> None:
    still(obj, (state,))


def new_amendment(obligation: Obligation) -> Amendment:
    """An unsaved amendment that starts from the terms in force."""
    terms = {name: getattr(obligation, name) for name in TERMS}
    return Amendment(obligation=obligation, organisation=obligation.organisation, **terms)


def _save_result_today(result: ResultReport, *, by: Any, upload: Upload = NOTHING) -> ResultReport:
    return save_result(result, by=by, today=timezone.localdate(), upload=upload)


def _desk_url(obj: Any) -> str:
    return reverse("commitments:page", args=[getattr(obj, "obligation_id", None) or obj.pk])


def _page(code: str) -> str:
    return reverse("public_commitments:page", args=[code])


def _version_page(code: str, version: int) -> str:
    return reverse("public_commitments:version", args=[code, version])


def register() -> None:
    """Tell the gate of the five kinds and the files who may read them; called once when the app is ready."""
    files.readable(PURPOSE, lambda user: StoredFile.objects.visible_to(user))
    three, one, c = Chain.THREE, Chain.ONE, candidates
    of_a_promise = ("organisation", "obligation__service_field")
    pages: dict[str, Any] = {"page": _page, "version_page": _version_page}
    for kind in (
        Kind(Obligation, "commitment", "承诺", three, c.candidate_of_obligation, FLOW, c.LABELS, _desk_url, labels_for=c.labels_for, save=save_draft, read_with=("organisation", "service_field", "post"), **pages),
        Kind(Amendment, "commitment", "承诺", three, c.candidate_of_amendment, AMENDMENT, c.LABELS, _desk_url, labels_for=c.labels_for, save=save_amendment, **pages),
        Kind(ProgressUpdate, "progress", "进展", one, c.candidate_of_progress, PROGRESS, c.PROGRESS_LABELS, _desk_url, save=save_progress, read_with=of_a_promise),
        Kind(ResultReport, "result", "结果", one, c.candidate_of_result, RESULT, c.RESULT_LABELS, _desk_url, save=_save_result_today, read_with=of_a_promise),
        Kind(Verification, "verdict", "核验", one, c.candidate_of_verification, VERDICT, c.VERDICT_LABELS, _desk_url, save=save_verification, read_with=of_a_promise),
    ):  # fmt: skip
        registry.register(kind)


def reviews_about(parts: list[Any]) -> list[Review]:
    """Every review of these rows, newest first."""
    condition = Q()
    for part in parts:
        condition |= Q(kind=part._meta.label_lower, object_id=part.pk)
    people = ("organisation", "author", "submitted_by", "first_by", "second_by", "secrecy_by")
    return list(Review.objects.filter(condition).select_related(*people).order_by("-id"))


def parts_of(obligation: Obligation) -> list[Any]:
    """The obligation with everything that stands under it, files fetched: what its page tells of."""
    return [
        obligation,
        *obligation.amendments.select_related("organisation", "post", "service_field").prefetch_related(
            "files"
        ),
        *obligation.progress.select_related(
            "organisation", "obligation", "created_by", "part"
        ).prefetch_related("files"),
        *obligation.results.select_related("organisation", "obligation", "created_by").prefetch_related(
            "files"
        ),
        *obligation.verifications.select_related(
            "organisation", "obligation", "created_by", "reporter"
        ).prefetch_related("files"),
    ]
