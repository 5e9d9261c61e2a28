"""Sets in force, snapshots with facts written by hand, and what is decided about them."""

import datetime
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evaluation import computing, facts, services
from evaluation.flows import RULING, SET
from evaluation.models import Fact, ImportedFact, Indicator, IndicatorSet, Purpose, Result, Ruling, Snapshot
from evaluation.snapshots import FLOW as SNAPSHOT
from longsha_credit.files.services import store
from longsha_credit.programme.models import Year
from tests.programme import years

DAY = datetime.date(2026, 11, 20)


def year(c) -> Year:
    """2026, with the four default tables as drafts."""
    found = Year.objects.filter(number=2026).first() or years.copied(c, 2026)
    services.load_sets(found)
    return Year.objects.select_related("organisation").get(pk=found.pk)


def draft(c, level="street") -> IndicatorSet:
    return IndicatorSet.objects.with_names().get(year=year(c), level=level, version=1)


def in_force(c, level="street") -> IndicatorSet:
    row = draft(c, level)
    if row.is_draft:
        SET.take(row, "put_in_force", by=c.reviewer)
    return row


def snapshot(c, values=None, purpose=Purpose.TRIAL) -> Snapshot:
    """A taken snapshot; `values` is {unit: {metric: (counted, of)}}, halves allowed."""
    row = facts.opened(year(c), purpose, by=c.office, today=DAY)
    Fact.objects.bulk_create(
        Fact(snapshot=row, organisation=unit, metric=key, numerator=round(n * 100), denominator=d)
        for unit, counted in (values or {}).items()
        for key, (n, d) in counted.items()
    )
    row.formulas = {"kept-rate": 1}
    row.save()
    SNAPSHOT.take(row, "finish", by=None)
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
    asked = {"facts": "生效判决没有履行", "document_number": "〔2026〕1号", "document": paper()}
    if kind == "out":
        free = row.circumstances.exclude(rulings__state__in=["proposed", "standing"])
        asked["circumstance"] = free.order_by("number").first()
    else:
        asked |= {"matter": "一站办", "rank": "province", "facts": "省里通报表扬"}
    return services.propose(kind, year=row.year, organisation=unit, by=c.office, **(asked | changes))


def agreed(c, row: Ruling) -> Ruling:
    RULING.take(row, "agree", by=c.reviewer)
    return row


def imported(c, metric="handled-in-legal-time", corrects=None) -> ImportedFact:
    """95 of 100 cases of the window, with the paper they stand on."""
    kept = store(paper(), organisation=c.window, purpose="evaluation_import", by=c.clerk)
    if corrects:
        ImportedFact.objects.filter(pk=corrects.pk).update(superseded_at=timezone.now())
    return ImportedFact.objects.create(
        year=year(c), organisation=c.window, metric=metric, numerator=9500, denominator=100, source="政务服务系统",
        document=kept, corrects=corrects, by=c.clerk,
    )  # fmt: skip


def to_be_frozen(c, old: Year) -> dict[str, Any]:
    """A snapshot of a year that is about to be frozen, and a result on it."""
    row = facts.opened(old, Purpose.TRIAL, by=c.office, today=DAY)
    SNAPSHOT.take(row, "finish", by=None)
    kept = Result.objects.create(
        snapshot=row, set=in_force(c), organisation=c.street, earned=[], worth=[], total=0, awaiting=1
    )
    other = IndicatorSet.objects.create(year=old, level="window", version=1, title="窗口", basis="方案")
    return {"e_frozen_snapshot": row, "e_frozen_result": kept, "e_frozen_set": other}


def world(c) -> dict[str, Any]:
    """One row of each kind in each state the attempts are about, by name."""
    g = SimpleNamespace()
    g.e_result = result(c)
    g.e_used, g.e_taken = g.e_result.set, g.e_result.snapshot
    g.e_judged, g.e_lowered = indicator(g.e_used, "6.3"), indicator(g.e_used, "4.4")
    g.e_mark = services.mark(g.e_result, g.e_judged, points=200, reason="材料齐全", by=c.reviewer)
    g.e_out_ruling, g.e_bonus = ruling(c), agreed(c, ruling(c, "bonus"))
    g.e_taking = facts.opened(year(c), Purpose.TRIAL, by=c.office, today=DAY)
    g.e_draft = draft(c, "community")
    g.e_heading, g.e_other_heading = g.e_draft.headings.order_by("number")[:2]
    g.e_indicator, g.e_out = indicator(g.e_draft, "1.1"), g.e_draft.circumstances.first()
    g.e_used_heading, g.e_used_out = g.e_judged.heading, g.e_used.circumstances.first()
    g.e_short = services.copy_set(in_force(c, "post"), to=year(c), by=c.office)
    indicator(g.e_short, "1.1").delete()
    SET.take(g.e_short.copied_from, "retire", by=c.office, reason="要换新的")
    return vars(g)
