"""Bringing in facts with their document, correcting one by a new row, and keeping the files of an import."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone

from evaluation.metrics.imported import IMPORTABLE, told
from evaluation.models import ImportedFact
from longsha_credit.audit.sets import record_set
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import require_within
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.models import Year
from longsha_credit.programme.services import require_open

KEEPERS = frozenset({Role.OFFICE})
PURPOSE = "imported_fact"
OVERTAKEN = "刚刚有人导入了同一个单位的同一项指标，这一次什么也没有导入。请刷新页面，核对以后再办。"


@dataclass(frozen=True)
class Brought:
    """One fact as it is brought in: the numerator in hundredths; a reason where it corrects what is there."""

    organisation_id: int
    metric: str
    numerator: int
    denominator: int
    reason: str = ""

    @property
    def place(self) -> tuple[int, str]:
        return self.organisation_id, self.metric

    @property
    def value(self) -> tuple[int, int]:
        return self.numerator, self.denominator


@dataclass(frozen=True)
class Origin:
    """Where the facts of one import come from: who said so, under which number, in which file (stored, or an upload)."""

    source: str
    number: str
    document: Any


@dataclass(frozen=True)
class Outcome:
    """What became of an import: the rows made, how many of them correct an old one, how many said nothing new."""

    made: list[ImportedFact]
    corrected: int
    same: int


@transaction.atomic
def bring_in(brought: Sequence[Brought], *, year: Year, origin: Origin, by: Any) -> Outcome:
    """Keep facts of one document, all or none; what is there already with the same numbers is left alone.

    A fact that differs from the one that stands takes its place and needs a reason; the old row stays.
    Raises Http404 outside the district, Refused, files.checks.Unacceptable.
    """
    _may_keep(brought, year, by)
    standing = _standing(brought, year)
    wanted = [one for one in brought if one.place not in standing or one.value != _value(standing[one.place])]
    for one in wanted:
        if one.place in standing and not one.reason:
            raise Refused(f"{standing[one.place].organisation}的这一项已经导入过，更正要写明理由。", "reason")
    if not wanted:
        return Outcome([], 0, len(brought))
    document = _document(origin, year, by)
    old = [standing[one.place].pk for one in wanted if one.place in standing]
    ImportedFact.objects.filter(pk__in=old, superseded_at=None).update(superseded_at=timezone.now())
    try:
        with transaction.atomic():
            made = ImportedFact.objects.bulk_create(
                ImportedFact(
                    year=year, organisation_id=one.organisation_id, metric=one.metric,
                    numerator=one.numerator, denominator=one.denominator,
                    source=origin.source, document_number=origin.number, document=document, by=by,
                    corrects=standing.get(one.place),
                    reason=one.reason if one.place in standing else "",
                )
                for one in wanted
            )  # fmt: skip
    except IntegrityError as problem:
        raise Refused(OVERTAKEN, "state") from problem
    _tell(made, standing, year, by)
    return Outcome(made, len(old), len(brought) - len(wanted))


def _may_keep(brought: Iterable[Brought], year: Year, by: Any) -> None:
    """The office of the year's district, for units of it, what may be brought in for their level, in an open year."""
    require_within(by, year.organisation, KEEPERS)
    require_open(year)
    wanted = {one.organisation_id for one in brought}
    units = Organisation.objects.taking_part().below(year.organisation).filter(pk__in=wanted)
    levels = dict(units.values_list("pk", "level"))
    for one in brought:
        if one.organisation_id not in levels:
            raise Http404
        item = IMPORTABLE.get(one.metric)
        if item is None or levels[one.organisation_id] not in item.levels:
            raise Refused("这一项指标不能为这一级单位导入，请对照“可以导入的指标”。", "guard")


def _standing(brought: Iterable[Brought], year: Year) -> dict[tuple[int, str], ImportedFact]:
    """What stands now where something is brought in, locked until it is settled."""
    wanted = {one.place for one in brought}
    rows = ImportedFact.objects.standing().filter(
        year=year, organisation__in={unit for unit, _ in wanted}, metric__in={key for _, key in wanted}
    )
    found = rows.select_related("organisation").select_for_update(of=("self",)).order_by("pk")
    return {(fact.organisation_id, fact.metric): fact for fact in found}


def _value(fact: ImportedFact) -> tuple[int, int]:
    return fact.numerator, fact.denominator


def _document(origin: Origin, year: Year, by: Any) -> StoredFile:
    if isinstance(origin.document, StoredFile):
        return origin.document
    return keep(origin.document, purpose=PURPOSE, year=year, by=by)


def keep(upload: Any, *, purpose: str, year: Year, by: Any) -> StoredFile:
    """A file of an import, kept for the district. Raises Http404, files.checks.Unacceptable."""
    require_within(by, year.organisation, KEEPERS)
    return files.store(upload, organisation=year.organisation, purpose=purpose, by=by)


ENTRIES = """
SELECT f.id AS object_id, o.name || y.number || '年' || (%(titles)s::jsonb ->> f.metric) AS object_label,
  o.path AS organisation_path, o.name AS organisation_name, %(reasons)s::jsonb ->> f.id::text AS reason
FROM evaluation_importedfact f JOIN directory_organisation o ON o.id = f.organisation_id
JOIN programme_year y ON y.id = f.year_id WHERE f.id = ANY (%(ids)s)
"""


def _tell(
    made: Sequence[ImportedFact], standing: dict[tuple[int, str], ImportedFact], year: Year, by: Any
) -> None:
    """An entry for each fact, in two statements; a correction says what stood there and why it was wrong."""
    new, corrected = {}, {}
    for fact in made:
        words = told(fact.metric, fact.numerator, fact.denominator)
        if old := standing.get((fact.organisation_id, fact.metric)):
            before = told(old.metric, old.numerator, old.denominator)
            corrected[fact.pk] = f"原来是{before}，更正为{words}：{fact.reason}"
        else:
            new[fact.pk] = words
    titles = json.dumps({key: item.title for key, item in IMPORTABLE.items()})
    acting_as = by.role_at(KEEPERS, year.organisation.path) or ""
    for step, label, reasons in (("import", "导入事实", new), ("correct", "更正导入的事实", corrected)):
        values = {"titles": titles, "reasons": json.dumps(reasons), "ids": list(reasons)}
        if reasons:
            record_set(
                ImportedFact, ENTRIES, values, step=step, label=label, by=by, acting_as=acting_as, reason=None
            )


def readable_documents(user: Any) -> Any:
    """The source documents of which the user may see every fact that rests on them."""
    seen = ImportedFact.objects.visible_to(user)
    others = ImportedFact.objects.filter(document=OuterRef("pk")).exclude(pk__in=seen.order_by().values("pk"))
    mine = StoredFile.objects.filter(pk__in=seen.order_by().values("document"))
    return mine.filter(~Exists(others))


def register() -> None:
    """Who opens the documents; called by the app when it is ready."""
    files.readable(PURPOSE, readable_documents)
