"""What the pages of imports show: the named views of the list, and the faults of one file cell by cell."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from longsha_credit.exchange.imports import staging
from longsha_credit.exchange.imports.kinds import KINDS, label_of
from longsha_credit.exchange.models import AT_WORK, BROUGHT_IN, WAITING, Import
from longsha_credit.exchange.tables import addresses
from longsha_credit.exchange.tables.cleaning import as_chosen


def _conditions() -> list[tuple[str, str, Q]]:
    work = Q(check_job__state__in=AT_WORK) | Q(bring_job__state__in=AT_WORK)
    return [
        ("work", "进行中", work),
        ("waiting", "等确认", WAITING),
        ("done", "已导入", BROUGHT_IN),
    ]


def filtered(rows: Any, query: Any) -> Any:
    """`rows` of the named view and of the kind the address asks for; unknown values narrow nothing."""
    chosen = {key: condition for key, _, condition in _conditions()}.get(query.get("view"))
    return of_kind(rows, query).filter(chosen) if chosen is not None else of_kind(rows, query)


def of_kind(rows: Any, query: Any) -> Any:
    return rows.filter(kind=query["kind"]) if query.get("kind") in KINDS else rows


def views(rows: Any, query: Any) -> list[dict]:
    """Every view with its number of rows, counted in one query."""
    rows, conditions = of_kind(rows, query), _conditions()
    numbers = rows.order_by().aggregate(
        all=Count("pk"), **{key: Count("pk", filter=condition) for key, _, condition in conditions}
    )
    chosen = query.get("view") if query.get("view") in {key for key, _, _ in conditions} else ""
    named = [("", "全部", numbers["all"])] + [(key, label, numbers[key]) for key, label, _ in conditions]
    return [{"key": k, "label": label, "count": n, "current": k == chosen} for k, label, n in named]


def with_labels(page: Any) -> list[tuple[Import, str]]:
    return [(row, label_of(row.kind)) for row in page]


@dataclass(frozen=True)
class Cell:
    """One cell to put right: where it is, what it is called, what stands there, what is wrong, what may be meant."""

    address: str
    label: str
    sentence: str
    fix: str
    given: str


class Faults:
    """The faults of an import, of one field or of all, as a list that is read a page at a time."""

    def __init__(self, import_: Import, field: str = ""):
        self.import_ = import_
        kind = KINDS.get(import_.kind)
        self.columns = kind.sheet().by_name if kind else {}
        self.labels = {name: one.label for name, one in self.columns.items()}
        self.numbers = staging.by_field(import_) if import_.faulty else {}
        self.field = field if field in self.numbers else ""

    def __len__(self) -> int:
        return self.numbers[self.field] if self.field else sum(self.numbers.values())

    def __getitem__(self, part: slice) -> list[Cell]:
        found = staging.faults(self.import_, self.field, part.start or 0, part.stop - (part.start or 0))
        return [self._cell(*fault) for fault in found]

    def _cell(self, row: int, name: str, sentence: str, fix: str, given: str) -> Cell:
        at = self.import_.columns.get(name)
        address = addresses.cell(at, row) if at is not None else f"第{row}行"
        given = as_chosen(self.columns.get(name), given)
        return Cell(address, self.labels.get(name, "系统编号"), sentence, fix, given)

    @property
    def fields(self) -> list[dict]:
        """The columns that have faults, with how many, as filters; where only one has, there is nothing to choose."""
        if len(self.numbers) < 2:
            return []
        ordered = [name for name in [*self.labels, "key"] if name in self.numbers]
        everything = {
            "name": "",
            "label": "全部",
            "count": sum(self.numbers.values()),
            "current": not self.field,
        }
        return [everything] + [
            {
                "name": n,
                "label": self.labels.get(n, "系统编号"),
                "count": self.numbers[n],
                "current": n == self.field,
            }
            for n in ordered
        ]
