"""What kinds of tables can be brought in; each is registered by the app whose drafts they become."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from longsha_credit.exchange.tables.cleaning import Fault
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort

# Where a row names a unit: by its codes, its name, or the names of the units above it and its own.
UNIT = "LEFT JOIN units u ON u.key = translate(r.unit, ' 　/', '')"
UNIT_UNKNOWN = """
SELECT number, 'unit', CASE WHEN several > 1
    THEN '有' || several || '个单位叫这个名字。请写区划代码，或者连上级单位的名称一起写，如 向阳街道/新苑社区。'
    ELSE '您的辖区里没有这个单位。请写全称或者12位区划代码。' END, NULL
FROM matched WHERE unit IS NOT NULL AND (unit_id IS NULL OR several > 1)
"""
TYPES = {
    Sort.DAY: "date",
    Sort.WHOLE: "bigint",
    Sort.NUMBER: "numeric",
    Sort.MONEY: "numeric",
    Sort.TRUTH: "boolean",
    Sort.SEVERAL: "text[]",
}


@dataclass(frozen=True)
class ImportKind:
    """One kind of table: its columns, and the SQL that matches its rows, checks them and makes drafts of them.

    `sheet()` gives the columns as they are now (choices may come from the database); the name of each is a column of
    `rows`, which the SQL may ask: `number` (the row's number in the file), `key` (the hidden number of what the row
    was exported from) and each value by its type (date, bigint, numeric, boolean, text[], else text), NULL where the
    cell is empty or wrong. `units` has `key`, `id` and `several` of the units the person may write for; see UNIT.
    Parameters: %(by)s, %(today)s, %(now)s, %(import)s, %(scope)s (LIKE patterns of paths) and those of `given`.

    `tables`: more common table expressions, each "name AS (SELECT …)".
    `together(values)`: faults of cells that only say together what is wrong; it may write values otherwise.
    `matched`: a SELECT of each row of `rows` with what it refers to; all that follows asks `matched`.
    `checks`: SELECTs of number, field, sentence, fix (NULL where there is none).
    `same`: SQL that holds where `t`, a row of the model's table, is what `m`, a row of `matched`, says: what is there
    already is left out and counted, and a row exported once and changed since is refused. `known`: SQL over m that
    holds where another table says so already. `once`: the columns of
    `matched` that no two rows of a file share; the second is pointed at in the field `once_field`.
    `create`: an INSERT over `good`, which is `matched` with a new `object_id` for each row that becomes a draft.
    `later`: statements after it in the same transaction; the drafts are in exchange_imported, of_id = %(import)s.
    `after(import_)`: what cannot be said in SQL, such as clocks; `before_undo(import_, ids, by)` likewise.
    `label`, `unit`: SQL over t for its name in an entry and for the id of its organisation.
    `untouched`: SQL over t, true while nobody changed a draft since the moment %(made_at)s; `discard`: the SET of
    the UPDATE that throws it away ("": what was brought in stays), `states` before and after; `take_away`: statements
    over %(ids)s instead of that UPDATE, for what has no state. `what`: what is made, `gone`: what undoing made of it.
    `step`, `step_label`: of its entry, those of who writes one by hand. `asks_purpose`: rows about people go out for a purpose only.
    `drafts`: where the list shows the drafts of one import, a path below the mount point with {pk}.
    `visible(user)`: all rows the person may see, and `export(user, query)` those the list shows at that address;
    `line(obj)` gives their values by the fields' names.
    `closed(import_)`: sentences that stand against bringing anything in now.
    `form`: an UploadForm that asks more than the file; its `given(by)` is kept with the import, and what stands there
    under a name is %(given_<name>)s. `beside(import_)` tells it in (label, value).
    `is_blank(texts)`: rows that stand ready in the template and that nobody filled in; they are left out.
    `first`: statements before `create` over `good_rows`, which is `matched` of the rows that come in.
    `stays`: why something is not undone. `told`: SQL over t, what an entry says after where the row came from.
    `prepared(user, query)`: what the template has beside its columns, as templates.workbook takes it.
    `remarks(import_)`: sentences on staged rows that are right and do not come in whole.
    """

    key: str
    label: str
    sheet: Callable[[], Sheet]
    roles: frozenset[str]
    model: type[models.Model]
    matched: str
    create: str
    same: str
    drafts: str
    list_name: str
    visible: Callable[[Any], Any]
    export: Callable[[Any, Any], Any]
    line: Callable[[Any], dict[str, Any]]
    tables: Sequence[str] = ()
    checks: Sequence[str] = (UNIT_UNKNOWN,)
    known: str = ""
    once: Sequence[str] = ()
    once_field: str = "title"
    given: Callable[[], dict[str, Any]] = dict
    together: Callable[[dict[str, Any]], list[Fault]] | None = None
    later: Sequence[str] = ()
    after: Callable[[Any], None] | None = None
    before_undo: Callable[[Any, list[int], Any], None] | None = None
    label_sql: str = "t.title"
    unit_sql: str = "t.organisation_id"
    untouched: str = "t.state = 'draft' AND t.saved_at = %(made_at)s"
    discard: str = "state = 'discarded', saved_at = %(now)s"
    states: tuple[str, str] = ("draft", "discarded")
    take_away: Sequence[str] = ()
    gone: str = "都已作废"
    step: str = "draft"
    step_label: str = "导入草稿"
    closed: Callable[[Any], Iterable[str]] = lambda import_: ()
    remarks: Callable[[Any], list[str]] = lambda import_: []
    form: Any = None
    beside: Callable[[Any], list[tuple[str, str]]] = lambda import_: []
    is_blank: Callable[[dict[str, str]], bool] | None = None
    first: Sequence[str] = ()
    told: str = "''"
    stays: str = "已经有人改过或者提交"
    prepared: Callable[[Any, Any], dict[str, Any]] = lambda user, query: {}
    what: str = "草稿"
    asks_purpose: bool = False
    note: str = "导入的都是草稿，核对以后再一件一件提交。"

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def column(one: Field, at: int) -> str:
    """SQL of the value of a field that stands `at` (from 1) among the cells of a row."""
    cast = f"::{TYPES[one.sort]}" if one.sort in TYPES else ""
    return f"r.cells[{at}]{cast} AS {one.name}"


KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Make a kind of table known, in the `ready()` of its app. The last registration counts."""
    KINDS[kind.key] = kind


def for_user(user: Any) -> list[ImportKind]:
    """The kinds that `user` may bring in, in the order in which they were registered."""
    return [kind for kind in KINDS.values() if user.holds(*kind.roles)]


def label_of(key: str) -> str:
    return KINDS[key].label if key in KINDS else "现在没有的种类"
