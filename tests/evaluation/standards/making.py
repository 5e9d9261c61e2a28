"""Sets in force, snapshots with facts written by hand, and what is decided about them."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation import computing, services
from evaluation.flows import RULING, SET
from evaluation.models import Fact, Indicator, IndicatorSet, Purpose, Result, Ruling, Snapshot
from longsha_credit.programme.models import Year
from tests.programme import years

DAY = datetime.date(2022, 12, 31)


def year(c) -> Year:
    """2022, with the four default tables as drafts."""
    found = Year.objects.filter(number=2022).first() or years.copied(c, 2022)
    services.load_sets(found)
    return Year.objects.select_related("organisation").get(pk=found.pk)


def draft(c, level="street") -> IndicatorSet:
    return IndicatorSet.objects.with_names().get(year=year(c), level=level, version=1)


def in_force(c, level="street") -> IndicatorSet:
    row = draft(c, level)
    if row.is_draft:
        SET.take(row, "put_in_force", by=c.reviewer)
    return row


def snapshot(c, facts=None, purpose=Purpose.TRIAL) -> Snapshot:
    """A taken snapshot; `facts` is {unit: {metric: (counted, of)}}, halves allowed."""
    row = services.begin_snapshot(year(c), purpose=purpose, taken_on=DAY, by=c.office)
    Fact.objects.bulk_create(
        Fact(snapshot=row, organisation=unit, metric=key, numerator=round(n * 100), denominator=d)
        for unit, values in (facts or {}).items()
        for key, (n, d) in values.items()
    )
    services.finish_snapshot(row, {"kept-rate": 1})
    return row


FACTS = {
    "kept-rate": (17, 19), "swept": (4, 4), "closed-in-time": (9, 10), "field-coverage": (13, 14),
    "area-coverage": (4, 4), "satisfaction": (45, 50), "files-kept": (42, 43), "reviewed": (20, 20),
}  # fmt: skip


def result(c, level="street", unit=None, facts=None) -> Result:
    unit = unit or c.street
    row = snapshot(c, {unit: facts or FACTS})
    indicator_set = in_force(c, level)
    computing.compute(row, indicator_set)
    return Result.objects.with_names().get(snapshot=row, organisation=unit)


def indicator(row: IndicatorSet, code: str) -> Indicator:
    heading, number = code.split(".")
    return Indicator.objects.select_related("heading").get(
        heading__set=row, heading__number=heading, number=number
    )


def marked_all(c, row: Result, share=1.0) -> Result:
    """Every indicator that people judge gets its points."""
    for one in Indicator.objects.filter(heading__set=row.set, way="human").select_related("heading"):
        best = one.scale[0][1] if one.scale else one.points
        services.mark(row, one, points=best, reason="材料齐全", by=c.reviewer)
    row.refresh_from_db()
    return row


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("决定书.txt", "决定书正文".encode())


def ruling(c, kind="out", unit=None, **changes) -> Ruling:
    unit, row = unit or c.street, in_force(c, (unit or c.street).level)
    asked = {"facts": "生效判决没有履行", "document_number": "〔2022〕1号", "document": paper()}
    if kind == "out":
        asked["circumstance"] = row.circumstances.order_by("number").first()
    else:
        asked |= {"matter": "一站办", "rank": "province", "facts": "省里通报表扬"}
    return services.propose(kind, year=row.year, organisation=unit, by=c.office, **(asked | changes))


def agreed(c, row: Ruling) -> Ruling:
    RULING.take(row, "agree", by=c.reviewer)
    return row


