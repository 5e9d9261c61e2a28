"""Imported facts as a workbook to fill in: with the units, what each indicator counts, and lines that stand ready."""

from typing import IO

from evaluation.importing.fields import SHEET, Units
from evaluation.metrics.imported import IMPORTABLE, Importable
from longsha_credit.directory.models import Level
from longsha_credit.exchange.tables.template import Page, workbook

HEADS = ("指标", "用于", "分子", "分母", "凭什么文件", "说明")


def template(units: Units, item: Importable | None = None) -> IO[bytes]:
    """The workbook as an open temporary file; with `item` a line stands ready for every unit of its levels."""
    known = [pk for pk in units.full if item is None or units.levels[pk] in item.levels]
    listed = [units.full[pk] for pk in known]
    ready = [{"unit": name, "metric": item.title} for name in listed] if item else []
    pages = (
        Page("单位", ("全称", "层级"), [(units.full[pk], Level(units.levels[pk]).label) for pk in known]),
        Page("指标", HEADS, [_line(one) for one in IMPORTABLE.values()]),
    )
    return workbook(SHEET, ready=ready, lists={"unit": listed}, pages=pages)


def _line(item: Importable) -> tuple[str, ...]:
    return item.title, item.level_words, item.numerator, item.denominator, item.document, item.note
