"""Tables of an import going out: the list in the import's own columns, the file with its faults, drop-downs of units."""

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from django.http import HttpResponseBase

from longsha_credit.directory.models import Level, Organisation
from longsha_credit.exchange.imports import staging
from longsha_credit.exchange.imports.kinds import KINDS, ImportKind
from longsha_credit.exchange.models import Import
from longsha_credit.exchange.tables import annotated as annotating
from longsha_credit.exchange.tables import reading, writing
from longsha_credit.exchange.tables.cleaning import as_chosen
from longsha_credit.exchange.tables.fields import Sort

MOST = 50_000
CHUNK = 500
MOST_UNITS = 500  # longer drop-downs help nobody


def rows_of(kind: ImportKind, rows: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row's own number and its values, read piece by piece."""
    for it in rows[:MOST].iterator(CHUNK):
        yield it.pk, kind.line(it)


def download(
    kind: ImportKind, form: str, rows: Any, *, user: Any, number: int, purpose: str = ""
) -> HttpResponseBase:
    marks = {"user": user, "number": number, "purpose": purpose}
    return writing.download(form, kind.label, kind.sheet(), rows_of(kind, rows), **marks)


def annotated(import_: Import) -> IO[bytes]:
    """The uploaded file with what is wrong in it, as an open workbook. Raises Unreadable, KeyError."""
    sheet = KINDS[import_.kind].sheet()
    columns = sheet.by_name
    labels = {name: field.label for name, field in columns.items()}
    remarks = [
        annotating.Remark(
            row, name, labels.get(name, "系统编号"), as_chosen(columns.get(name), given), sentence, fix
        )
        for row, name, sentence, fix, given in staging.faults(import_, most=annotating.MOST_LISTED)
    ]
    with reading.opened(import_.file.file.path, sheet, import_.file.name) as table:
        return annotating.workbook(table, remarks, number=import_.faults)


def unit_name(unit: Organisation) -> str:
    """A unit as a cell names it: a post, a window or a community with the unit above it."""
    return f"{unit.parent.name}/{unit.name}" if unit.parent and unit.level != Level.STREET else unit.name


def drop_downs(kind: ImportKind, user: Any) -> Mapping[str, Sequence[str]]:
    """For each column that holds a unit, those the person may write for."""
    names = [field.name for field in kind.sheet().fields if field.sort is Sort.UNIT]
    units = Organisation.objects.visible_to(user).where(user, kind.roles).in_force().select_related("parent")
    listed = [unit_name(unit) for unit in units.order_by("path")[:MOST_UNITS]] if names else []
    return dict.fromkeys(names, listed)
