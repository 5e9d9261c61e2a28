"""Loading and copying sets of indicators, marking, proposing rulings."""

from typing import Any

from django.db import IntegrityError, transaction

from evaluation import computing, reference
from evaluation.flows import DECIDES, KEEPS_SETS
from evaluation.models import (
    AnnualOutcome,
    Circumstance,
    Cycle,
    Heading,
    Indicator,
    IndicatorSet,
    Mark,
    OutcomeState,
    Result,
    Ruling,
    RulingKind,
    SetState,
    Way,
)
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.scope import require_within
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import readable, store
from longsha_credit.programme.models import Year
from longsha_credit.programme.services import require_open

RULING_FILES = "evaluation_ruling"
MEASURED_ALONE = "这一条由系统测算，不能由人调整。数据有误的，请先更正数据，再重新取数。"
FOR_THE_PANEL = "这一条由评审员各自盲评，汇总评分时记分，这里不能另外评分。"


@transaction.atomic
def load_sets(year: Year) -> int:
    """The default table of every level that has none in any year, as a draft of `year`; gives how many were made.

    What stands is never overwritten. Nothing is made in a frozen year.
    """
    if year.is_frozen:
        return 0
    there = set(IndicatorSet.objects.values_list("level", flat=True))
    missing = [level for level in reference.TABLES if level not in there]
    for level in missing:
        row = IndicatorSet.objects.create(
            year=year,
            level=level,
            version=1,
            title=reference.TITLES[level],
            basis=reference.SET_BASIS,
            lines_basis=reference.LINES_BASIS,
        )
        _fill(row)
        record(row, step="load", label="载入建议的指标", by=None)
    return len(missing)


def _fill(row: IndicatorSet) -> None:
    rows = []
    for number, (title, indicators) in enumerate(reference.TABLES[row.level], 1):
        heading = Heading.objects.create(set=row, number=number, title=title)
        for place, (name, points, way, measures, scale, formula, evidence) in enumerate(indicators, 1):
            basis = reference.basis_of(number, title, name)
            rows.append(
                Indicator(
                    heading=heading, number=place, title=name, points=points, way=way, measures=measures,
                    scale=scale, formula=formula, evidence=evidence, basis=basis,
                )
            )  # fmt: skip
    Indicator.objects.bulk_create(rows)
    Circumstance.objects.bulk_create(
        Circumstance(set=row, number=number, text=text, basis=reference.OUT_BASIS)
        for number, text in reference.circumstances_of(row.level)
    )


COPIED = (
    *("level", "title", "basis", "candidate_line", "pass_line", "nurture_line", "heading_floor"),
    *("bonus_cap", "bonus_points", "lines_basis"),
)


@transaction.atomic
def copy_set(row: IndicatorSet, *, to: Year, by: Any) -> IndicatorSet:
    """A draft with all of `row`, the next version of its level in the year `to`. Raises Http404, Refused."""
    require_within(by, row.organisation, KEEPS_SETS)
    require_open(to)
    versions = IndicatorSet.objects.filter(year=to, level=row.level)
    if draft := versions.filter(state=SetState.DRAFT).first():
        raise Refused(f"{draft}还在拟订，请接着改那一版，不用再复制。", "state")
    latest = max(versions.values_list("version", flat=True), default=0)
    try:
        with transaction.atomic():
            copy = IndicatorSet.objects.create(
                year=to, version=latest + 1, copied_from=row, edited_by=by,
                **{name: getattr(row, name) for name in COPIED},
            )  # fmt: skip
    except IntegrityError as problem:
        raise Refused("同事刚刚复制过这一套，请刷新页面看最新情况。", "state") from problem
    for heading in Heading.objects.filter(set=row):
        indicators = list(Indicator.objects.filter(heading=heading))
        _anew(heading, set=copy)
        for indicator in indicators:
            _anew(indicator, heading=heading)
    for circumstance in Circumstance.objects.filter(set=row):
        _anew(circumstance, set=copy)
    record(copy, step="copy", label="复制成新版", by=by, roles=KEEPS_SETS, reason=f"沿用{row}")
    return copy


def _anew(row: Any, **changes: Any) -> None:
    """The same row once more, under another parent."""
    row.pk, row._state.adding = None, True
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


@transaction.atomic
def mark(result: Result, indicator: Indicator, *, points: int | None, reason: str, by: Any) -> Mark:
    """A person's points for what people judge; None: not applicable. The result follows at once.

    Raises Http404, Refused.
    """
    district = result.snapshot.year.organisation
    require_within(by, district, DECIDES)
    _require_markable(result, indicator, points)
    if indicator.way != Way.HUMAN:
        raise Refused("这一条由系统测算，要调整请提出，由另一个人认定。", "eyes")
    row = Mark.objects.create(
        snapshot=result.snapshot,
        organisation=result.organisation,
        indicator=indicator,
        points=points,
        reason=reason.strip(),
        by=by,
    )
    computing.compute_unit(result.snapshot, result.organisation)
    return row


def closed_to_marks(result: Result) -> str:
    """Why nobody gives points on this sheet any more, or an empty text."""
    if result.snapshot.year.is_frozen:
        return f"{result.snapshot.year}已封存，得分不能再改。"
    if AnnualOutcome.objects.filter(result=result, state=OutcomeState.DECIDED).exists():
        return "这个单位的年度考评已经审定，得分不能再改。"
    return ""


def is_for_the_panel(result: Result, indicator: Indicator) -> bool:
    """Whether this indicator is scored blind by the panel of a round, so that nobody marks it beside them."""
    return (
        indicator.way == Way.HUMAN
        and Cycle.objects.filter(snapshot=result.snapshot_id, set=result.set_id).exists()
    )


def _require_markable(result: Result, indicator: Indicator, points: int | None) -> None:
    require_open(result.snapshot.year)
    if closed := closed_to_marks(result):
        raise Refused(closed, "guard")
    if is_for_the_panel(result, indicator):
        raise Refused(FOR_THE_PANEL, "guard")
    if indicator.heading.set_id != result.set_id:
        raise Refused("这条指标不在这张表里，请刷新页面后重试。", "guard")
    if points is not None and points > indicator.points:
        raise Refused("给的分超过了这条指标的分值，请修改。", "guard")
    if points is not None and indicator.scale and points not in [value for _, value in indicator.scale]:
        raise Refused("请从列出的档次里选一档。", "guard")


@transaction.atomic
def propose_mark(result: Result, indicator: Indicator, *, points: int | None, reason: str, by: Any) -> Ruling:
    """Ask that what was measured be lowered, or that a heading where nothing applies be judged by people.

    It counts once another person agrees. Raises Http404, Refused.
    """
    require_within(by, result.snapshot.year.organisation, DECIDES)
    _require_markable(result, indicator, points)
    if indicator.way == Way.HUMAN:
        raise Refused("这一条由人评审，请直接评分。", "guard")
    if indicator.way == Way.AUTO and not nothing_applies(result, indicator):
        raise Refused(MEASURED_ALONE, "guard")
    return _propose(
        by, kind=RulingKind.MARK, year=result.snapshot.year, organisation=result.organisation,
        snapshot=result.snapshot, indicator=indicator, points=points, facts=reason,
    )  # fmt: skip


def nothing_applies(result: Result, indicator: Indicator) -> bool:
    """Whether no indicator of this one's heading was measured on this sheet, so that people judge it."""
    rows = list(computing.indicators_of(result.set))
    places = [n for n, row in enumerate(rows) if row.heading_id == indicator.heading_id]
    judged = Mark.objects.filter(
        snapshot=result.snapshot, organisation=result.organisation, indicator__heading=indicator.heading_id
    )
    return judged.exists() or not any(result.worth[n] for n in places)


@transaction.atomic
def propose(
    kind: str,
    *,
    year: Year,
    organisation: Any,
    by: Any,
    facts: str,
    document_number: str,
    document: Any,
    circumstance: Circumstance | None = None,
    matter: str = "",
    rank: str = "",
) -> Ruling:
    """Ask that a circumstance or a commendation be ruled on, with its document (an upload).

    Raises Http404, Refused, Unacceptable.
    """
    require_within(by, organisation, DECIDES)
    require_open(year)
    kept = store(document, organisation=organisation, purpose=RULING_FILES, by=by)
    return _propose(
        by, kind=kind, year=year, organisation=organisation, facts=facts, document_number=document_number.strip(),
        document=kept, circumstance=circumstance, matter=matter.strip(), rank=rank,
    )  # fmt: skip


def _propose(by: Any, **columns: Any) -> Ruling:
    columns["facts"] = columns["facts"].strip()
    try:
        with transaction.atomic():
            row = Ruling.objects.create(proposed_by=by, **columns)
    except IntegrityError as problem:
        raise Refused(
            "这个单位的同一件事已经提出或者认定过，不用再提。请到“认定”里看办到哪一步。", "state"
        ) from problem
    record(row, step="propose", label="提出", by=by, roles=DECIDES, to_state=row.state, reason=row.facts)
    return row


def register() -> None:
    """Say who reads the documents of rulings: those who read the ruling."""
    readable(RULING_FILES, files_of_rulings)


def files_of_rulings(user: Any) -> Any:
    """The documents of the rulings a user reads."""
    return StoredFile.objects.filter(pk__in=Ruling.objects.visible_to(user).values("document"))
