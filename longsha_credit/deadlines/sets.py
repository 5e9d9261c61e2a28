"""Clocks of very many rows at once: each rule and day computed once, the rows begun and ended in SQL."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import DateField, DateTimeField, Func, Value
from django.utils import timezone

from longsha_credit.deadlines import planning
from longsha_credit.deadlines.models import Holiday
from longsha_credit.deadlines.planning import Planned
from longsha_credit.deadlines.services import current_rule

BEGIN = """
WITH plan AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(plans)s::jsonb) AS p (key text, rule_id bigint, rule_key text, starts_on date,
    given_on date, due_on date, explanation jsonb, extend_limit int)
), reminder AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(reminders)s::jsonb) AS r (rule_id bigint, due_on date, send_on date, kind text,
    slip text, role text, place text, days_before int)
), begun AS (
  INSERT INTO deadlines_deadline (object_kind, object_id, organisation_id, rule_id, rule_key, title, path, starts_on,
    given_on, due_on, original_due_on, explanation, suspended, extended_by, extend_limit, cancel_reason, saved_at)
  SELECT %(kind)s, s.object_id, s.organisation_id, p.rule_id, p.rule_key, left(s.title, 200), s.path, p.starts_on,
    p.given_on, p.due_on, p.due_on, p.explanation, FALSE, 0, p.extend_limit, '', %(now)s
  FROM ({source}) s JOIN plan p ON p.key = s.plan
  ON CONFLICT (rule_key, object_kind, object_id) WHERE newest DO NOTHING
  RETURNING id, rule_id, due_on
), told AS (
  INSERT INTO deadlines_reminder (deadline_id, send_on, kind, slip, role, place, days_before)
  SELECT b.id, r.send_on, r.kind, r.slip, r.role, r.place, r.days_before
  FROM begun b JOIN reminder r ON r.rule_id = b.rule_id AND r.due_on = b.due_on
)
SELECT count(*) FROM begun
"""
# No rule of such clocks knows suspension; one that is suspended is ended one by one.
END = """
WITH ended AS (
  UPDATE deadlines_deadline d SET cancelled_at = %(now)s, cancel_reason = %(why)s, saved_at = %(now)s
  WHERE d.object_kind = %(kind)s AND d.object_id IN ({ids}) AND d.met_on IS NULL AND d.cancelled_at IS NULL
    AND NOT d.suspended
  RETURNING d.id
), dropped AS (
  DELETE FROM deadlines_reminder r USING ended WHERE r.deadline_id = ended.id AND r.sent_at IS NULL
)
SELECT count(*) FROM ended
"""


class DueOn(Func):
    """SQL of the day a clock under a rule runs out that starts after the day in an expression: one look into a list.

    The list is computed once for the days from `first` to `last`; a day outside of them has no due day.
    """

    output_field: Any = DateField()
    listed_as = "date[]"

    def __init__(self, day: Any, rule_key: str, first: datetime.date, last: datetime.date):
        rule, calendar = current_rule(rule_key, on=last), Holiday.objects.calendar()
        due = self.listed(planning.due_days(rule, first, last, calendar=calendar))
        super().__init__(Value(due, output_field=ArrayField(self.output_field)), day, Value(first))

    def listed(self, due: list[datetime.date]) -> list[Any]:
        return due

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        (due, a), (day, b), (first, c) = (compiler.compile(one) for one in self.source_expressions)
        return f"({due}::{self.listed_as})[{day} - {first}::date + 1]", (*a, *b, *c)


class OverAt(DueOn):
    """The instant at which that day is over: a moment is held against it as it is stored, no row's day worked out."""

    output_field = DateTimeField()
    listed_as = "timestamptz[]"

    def listed(self, due: list[datetime.date]) -> list[Any]:
        midnight, day = datetime.time.min, datetime.timedelta(days=1)
        return [timezone.make_aware(datetime.datetime.combine(one + day, midnight)) for one in due]


@dataclass(frozen=True)
class Plan:
    """The clock that every row of a set with this `key` gets, and its reminders."""

    key: str
    clock: dict[str, Any]
    reminders: list[Planned]


def plan(
    key: str,
    rule_key: str,
    *,
    starts_on: datetime.date,
    today: datetime.date,
    due_on: datetime.date | None = None,
    calendar: Any = None,
) -> Plan:
    """The clock under `rule_key` from `starts_on` on, with the promised day `due_on` where the rule has one."""
    rule, calendar = current_rule(rule_key, on=today), calendar or Holiday.objects.calendar()
    start = min(starts_on, due_on) if due_on else starts_on
    result = planning.compute(rule, start, given_on=due_on, calendar=calendar)
    clock = {
        "key": key,
        "rule_id": rule.pk,
        "rule_key": rule.key,
        "starts_on": start.isoformat(),
        "given_on": due_on.isoformat() if due_on else None,
        "due_on": result.due_on.isoformat(),
        "explanation": result.explanation,
        "extend_limit": rule.extend_amount,
    }
    return Plan(key, clock, planning.plan(rule, result.due_on, today=today, calendar=calendar))


def begin_set(model: type[models.Model], source: str, values: dict[str, Any], plans: Sequence[Plan]) -> int:
    """Start the clock of each row of `source` and plan its reminders; where one runs it stays. Gives how many began.

    `source` is a SELECT of object_id, organisation_id, title, path and plan (the key of one of `plans`) with `values`.
    """
    reminders = [
        {**vars(reminder), "send_on": reminder.send_on.isoformat()}
        | {"rule_id": one.clock["rule_id"], "due_on": one.clock["due_on"]}
        for one in {(p.clock["rule_id"], p.clock["due_on"]): p for p in plans}.values()
        for reminder in one.reminders
    ]
    given = {"plans": json.dumps([one.clock for one in plans]), "reminders": json.dumps(reminders)}
    return _counted(BEGIN.format(source=source), model, values | given)


def cancel_set(model: type[models.Model], ids: str, values: dict[str, Any], *, why: str) -> int:
    """End the open clocks of the rows whose ids the SELECT `ids` gives, unmet; gives how many."""
    return _counted(END.format(ids=ids), model, values | {"why": why[:200]})


def _counted(sql: str, model: type[models.Model], values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values | {"kind": model._meta.label_lower, "now": timezone.now()})
        return cursor.fetchone()[0]
