"""The work of an import in the background: looked through piece by piece, brought in and taken back in one piece."""

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

import pghistory
from django.db import connection

from longsha_credit.audit.models import Entry
from longsha_credit.audit.sets import record_set
from longsha_credit.audit.workflow import Refused
from longsha_credit.exchange import jobs
from longsha_credit.exchange.imports import services, staging
from longsha_credit.exchange.imports.kinds import KINDS, ImportKind
from longsha_credit.exchange.models import Import, Job
from longsha_credit.exchange.tables import reading
from longsha_credit.exchange.tables.cleaning import Fault, clean_row
from longsha_credit.exchange.tables.fields import Sheet
from longsha_credit.exchange.tables.wrong import Unreadable

AT_ONCE = 2000  # rows read between two signs of life
WHY_UNDONE = "这次导入已经撤销"

TOLD = """
SELECT i.object_id, {label} AS object_label, o.path AS organisation_path, o.name AS organisation_name,
  %(why)s || i.number || '行' || {told} AS reason
FROM exchange_imported i JOIN {table} t ON t.id = i.object_id JOIN directory_organisation o ON o.id = {unit}
WHERE i.of_id = %(import)s
"""
UNTOUCHED = """
SELECT t.id FROM exchange_imported i JOIN {table} t ON t.id = i.object_id WHERE i.of_id = %(import)s AND {untouched} LIMIT %(most)s
"""


def register() -> None:
    """Tell of both kinds of work; called once when the app is ready."""
    jobs.register(services.CHECK, label="检查导入的文件", run=look_through, chunk=AT_ONCE)
    jobs.register(
        services.BRING_IN, label="导入", run=bring_in, undo=take_back, untouched=stands_against_undoing
    )


class _Reader:
    """A file being read, kept open from one piece to the next: going on costs nothing, beginning anew costs it all."""

    now: "_Reader | None" = None

    def __init__(self, import_: Import, kind: ImportKind):
        self.pk, self.at, self.stack = import_.pk, 0, contextlib.ExitStack()
        self.sheet = kind.sheet()
        name = import_.file.name
        try:
            self.table = self.stack.enter_context(reading.opened(import_.file.file.path, self.sheet, name))
        except FileNotFoundError as problem:
            raise Unreadable("文件不在了，请重新上传。") from problem
        self.lines: Iterator[Any] = reading.lines(self.table)

    @classmethod
    def at_row(cls, import_: Import, kind: ImportKind, at: int) -> "_Reader":
        """The file after so many rows, wherever another worker left off."""
        if cls.now is None or (cls.now.pk, cls.now.at) != (import_.pk, at):
            cls.close()
            cls.now = cls(import_, kind)
            cls.now.take(at)
        return cls.now

    @classmethod
    def close(cls) -> None:
        if cls.now is not None:
            cls.now.stack.close()
            cls.now = None

    def take(self, most: int) -> list[Any]:
        """The next rows. Raises Unreadable."""
        found = list(itertools.islice(self.lines, most))
        self.at += len(found)
        return found


def look_through(job: Job, chunk: int) -> bool:
    """Stage the next rows; after the last one look at all of them together."""
    import_, kind = _of(job)
    done = job.position.get("rows", 0)
    if not done:
        staging.empty(import_)
    try:
        reader = _Reader.at_row(import_, kind, done)
        lines = reader.take(chunk)
    except Unreadable as problem:
        _Reader.close()
        return _is_unreadable(job, import_, str(problem))
    filled = [line for line in lines if not _is_blank(kind, reader.sheet, line.texts)]
    staging.put(
        import_, ((line.number, line.key, *_cleaned(kind, reader.sheet, line.texts)) for line in filled)
    )
    job.done = done + len(lines)
    blank = job.position.get("blank", 0) + len(lines) - len(filled)
    job.position = {"rows": job.done, "blank": blank}
    if len(lines) == chunk:
        return True
    import_.columns, import_.notes = reader.table.columns, reader.table.notes
    if blank:
        import_.notes = [*import_.notes, f"{blank}行没有填数，略过了。"]
    _Reader.close()
    _is_looked_through(job, import_, kind)
    return False


def _is_blank(kind: ImportKind, sheet: Sheet, texts: list[str]) -> bool:
    return kind.is_blank is not None and kind.is_blank(dict(zip(sheet.names, texts, strict=True)))


def _cleaned(kind: ImportKind, sheet: Sheet, texts: list[str]) -> tuple[list[Any], list[Fault]]:
    """The values of a row and what is wrong with them, each cell alone and, where the kind asks, together."""
    values, faults = clean_row(sheet, texts)
    if kind.together is None:
        return values, faults
    named = dict(zip(sheet.names, values, strict=True))
    told = {fault.name for fault in faults}
    faults += [fault for fault in kind.together(named) if fault.name not in told]
    faults.sort(key=lambda fault: sheet.names.index(fault.name))
    return list(named.values()), faults


def _is_unreadable(job: Job, import_: Import, problem: str) -> bool:
    staging.empty(import_)
    Import.objects.filter(pk=import_.pk).update(problem=problem[:300], rows=0, faulty=0, known=0, faults=0)
    job.result = {"lines": [problem], "link": _link(import_)}
    return False


def _is_looked_through(job: Job, import_: Import, kind: ImportKind) -> None:
    look = staging.Look(import_, kind, by=import_.by)
    look.check()
    found = staging.counts(import_)
    Import.objects.filter(pk=import_.pk).update(
        problem="",
        emptied_at=None,
        columns=import_.columns,
        notes=[*import_.notes, *kind.remarks(import_)],
        **found,
    )
    job.total = job.done = found["rows"]
    good = found["rows"] - found["faulty"] - found["known"]
    lines = [
        f"共{found['rows']}行：{good}行可以导入，{found['faulty']}行有要改的，{found['known']}行系统里已经有。"
    ]
    job.result = {"lines": [*lines, "还没有导入。"], "link": _link(import_)}


def _link(import_: Import) -> dict[str, str]:
    return {"path": f"desk/imports/{import_.pk}/", "label": "看检查结果"}


def bring_in(job: Job, chunk: int) -> bool:
    """Drafts of all good rows at once, each with its entry; nothing where the portal has changed since the check.

    One import of a kind at a time: what the other one made is seen, and refused, by the second.
    """
    import_, kind = _of(job)
    if job.by.role_at(kind.roles, import_.organisation.path) is None:
        raise Refused(f"{job.by}现在没有填报的职责，一行也没有导入。", "guard")
    if against := list(kind.closed(import_)):
        raise Refused("".join(against), "guard")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {kind.key}"])
    look = staging.Look(import_, kind, by=job.by)
    if staging.counts(import_)["rows"] != import_.rows:
        raise Refused("检查结果已经清空，一行也没有导入。请重新检查。", "guard")
    if changed := look.changed():
        numbers = "、".join(map(str, changed[:3])) + ("等" if len(changed) > 3 else "")
        raise Refused(
            f"检查以后情况变了：第{numbers}行可能刚刚由别人导入，或者单位、清单有变动。一行也没有导入，请重新检查。",
            "guard",
        )
    with pghistory.context(user=job.by.pk):
        made = look.create()
        _tell(
            import_,
            kind,
            step=kind.step,
            label=kind.step_label,
            by=job.by,
            why=f"导入自文件“{import_.file.name}”第",
        )
        if kind.after:
            kind.after(import_)
    Import.objects.filter(pk=import_.pk).update(made=made, made_at=look.values["now"])
    job.total = job.done = made
    left = [f"{import_.faulty}行有错，没有导入。"] if import_.faulty else []
    left += [f"{import_.known}行系统里已经有，没有重复导入。"] if import_.known else []
    link = {"path": kind.drafts.format(pk=import_.pk), "label": f"看导入的{kind.what}"}
    job.result = {"lines": [f"导入{made}件{kind.what}。", *left], "link": link}
    return False


def take_back(job: Job, chunk: int) -> bool:
    """Throw away all drafts of the import that nobody has touched; the others stay and are counted."""
    import_, kind = _of(job)
    last = Entry.objects.about(job).filter(step="undo").select_related("actor").first()
    by = last.actor if last else job.by
    ids = _untouched(import_, kind)
    if kind.before_undo:
        kind.before_undo(import_, ids, by)
    look = staging.Look(import_, kind, by=by)
    throw_away = f"UPDATE {kind.table} t SET {kind.discard} WHERE t.id = ANY (%(ids)s)"
    with pghistory.context(user=by.pk), staging.hashed() as cursor:
        _tell(  # first: some kinds leave nothing behind to be named
            import_, kind, ids=ids, step="discard", label="撤销导入", by=by, why=f"{WHY_UNDONE}，原文件第",
            from_state=kind.states[0], to_state=kind.states[1],
        )  # fmt: skip
        for statement in kind.take_away or (throw_away,):
            cursor.execute(statement, look.values | {"ids": ids})
    job.done = len(ids)
    left = import_.made - len(ids)
    link = {"path": kind.drafts.format(pk=import_.pk), "label": "看这次导入的"}
    job.result = {
        "lines": [f"撤回{len(ids)}件，{kind.gone}。"]
        + ([f"有{left}件{kind.stays}，没有撤回。"] if left else []),
        "link": link,
    }
    return False


def stands_against_undoing(job: Job) -> list[str]:
    import_, kind = _of(job)
    if not kind.discard and not kind.take_away:
        return ["这种导入不能撤销，要改请一件一件改。"]
    if against := list(kind.closed(import_)):
        return against
    return [] if _untouched(import_, kind, most=1) else [f"导入的都{kind.stays}，没有可以撤销的。"]


def _of(job: Job) -> tuple[Import, ImportKind]:
    import_ = Import.objects.with_names().get(pk=job.arguments["import"])
    if import_.kind not in KINDS:
        raise Refused("系统里已经没有这种导入的程序，请联系系统管理员。", "guard")
    return import_, KINDS[import_.kind]


def _tell(
    import_: Import, kind: ImportKind, *, by: Any, why: str, ids: list[int] | None = None, **said: Any
) -> None:
    source = TOLD.format(label=kind.label_sql, table=kind.table, unit=kind.unit_sql, told=kind.told)
    if ids is not None:
        source += " AND t.id = ANY (%(ids)s)"
    acting_as = by.role_at(kind.roles, import_.organisation.path) or ""
    values = {"import": import_.pk, "why": why, "ids": ids}
    with staging.hashed():
        record_set(kind.model, source, values, by=by, reason=None, acting_as=acting_as, **said)


def _untouched(import_: Import, kind: ImportKind, most: int | None = None) -> list[int]:
    """The ids of what nobody has touched since, all or the first few."""
    with staging.hashed() as cursor:
        sql = UNTOUCHED.format(table=kind.table, untouched=kind.untouched)
        cursor.execute(sql, {"import": import_.pk, "made_at": import_.made_at, "most": most})
        return [pk for (pk,) in cursor.fetchall()]
