"""Database triggers for what must never be false; each raises with the rule's name."""

import pgtrigger

# The day it is here. `current_date` is a session's, and a session's clock shows UTC: yesterday until eight in the morning.
TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"


def refuse(rule: str, sentence: str) -> str:
    """SQL that stops the statement as a constraint violation, named after the rule."""
    return f"RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}', MESSAGE = '{rule}: {sentence}';"


def append_only() -> list[pgtrigger.Trigger]:
    """A table whose rows are never changed, deleted or truncated."""
    stop = refuse("append_only", "rows are never changed or removed")
    return [
        pgtrigger.Trigger(
            name="append_only",
            operation=pgtrigger.Update | pgtrigger.Delete,
            when=pgtrigger.Before,
            func=stop,
        ),
        not_truncated(),
    ]


def not_truncated() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="never_truncated",
        operation=pgtrigger.Truncate,
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        func=refuse("never_truncated", "rows are never removed"),
    )


def never_deleted() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Trigger(
            name="never_deleted",
            operation=pgtrigger.Delete,
            when=pgtrigger.Before,
            func=refuse("never_deleted", "rows are never removed"),
        ),
        not_truncated(),
    ]


def fixed(rule: str, *columns: str, unless: str = "FALSE") -> pgtrigger.Trigger:
    """Columns that never change once written, except where the SQL condition `unless` holds."""
    changed = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in columns)
    return pgtrigger.Trigger(
        name=rule,
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func=f"IF ({changed}) AND NOT ({unless}) THEN {refuse(rule, 'these columns do not change')} END IF; RETURN NEW;",
    )


def at_commit(rule: str, never: str, sentence: str) -> pgtrigger.Trigger:
    """What must not be so when the transaction ends, for rules that span tables; `never` is SQL over NEW."""
    return pgtrigger.Trigger(
        name=rule,
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func=f"IF {never} THEN {refuse(rule, sentence)} END IF; RETURN NULL;",
    )
