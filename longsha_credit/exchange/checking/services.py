"""A file held against a form: what is wrong in which cell, and the file given back with it."""

from dataclasses import dataclass, field
from typing import IO, Any

from longsha_credit.exchange.checking.registry import Form
from longsha_credit.exchange.tables import annotated, reading
from longsha_credit.exchange.tables.annotated import Remark
from longsha_credit.exchange.tables.cleaning import clean_row
from longsha_credit.exchange.tables.reading import Table


@dataclass
class Report:
    """What was found: rows read, rows with faults, every fault by its cell, what was left out while reading."""

    rows: int = 0
    faulty: int = 0
    cells: list[tuple[str, Remark]] = field(
        default_factory=list
    )  # the cell's address, and what is wrong there
    notes: list[str] = field(default_factory=list)

    @property
    def whole(self) -> int:
        return self.rows - self.faulty


def check(path: Any, form: Form, name: str) -> Report:
    """The report of the file at `path`, which its owner calls `name`. Raises tables.wrong.Unreadable."""
    with reading.opened(path, form.sheet(), name) as table:
        return _report(table, form)


def marked(path: Any, form: Form, name: str) -> IO[bytes]:
    """The file with every fault beside its cell, as an open workbook. Raises tables.wrong.Unreadable."""
    report = check(path, form, name)
    with reading.opened(path, form.sheet(), name) as table:
        return annotated.workbook(table, [remark for _, remark in report.cells])


def _report(table: Table, form: Form) -> Report:
    report, codes = Report(), {}
    for line in reading.lines(table):
        values, faults = clean_row(table.sheet, line.texts)
        named = dict(zip(table.sheet.names, values, strict=True))
        told = {fault.name for fault in faults}
        faults += [fault for fault in form.together(named) if fault.name not in told]
        found = [Remark(line.number, f.name, f.label, f.given, f.sentence, f.fix) for f in faults]
        if (code := named.get(form.once)) and (first := codes.setdefault(code, line.number)) != line.number:
            label = table.sheet.by_name[form.once].label
            found.append(Remark(line.number, form.once, label, code, f"和第{first}行的相同，不能重复。"))
        report.rows += 1
        report.faulty += bool(found)
        report.cells += [(_address(table, remark), remark) for remark in found]
    report.notes = list(table.notes)
    return report


def _address(table: Table, remark: Remark) -> str:
    """Where the cell is; of a column that the file does not have, the row alone."""
    return table.cell(remark.row, remark.name) if remark.name in table.columns else f"第{remark.row}行"
