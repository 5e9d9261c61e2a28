"""What the desk offers of the board: whose cells, narrowed how, and which of them wait for a writer."""

import datetime

from django.db.models import DateField, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThanOrEqual

from disclosure.clocks import DUTY
from disclosure.coverage import board
from disclosure.flows import WRITERS
from disclosure.models import Duty, Group, Notice
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Level, Organisation

WAYS = {"": "按单位", "topic": "按事项", "cells": "逐项"}
LEVELS = [choice for choice in Level.choices if choice[0] != Level.POST]
NEWEST = 20


def duties_of(user):
    """What the units in reach of `user` owe now."""
    return Duty.objects.visible_to(user).current()


def units_of(user):
    """The units in reach, each after the one it stands under."""
    return Organisation.objects.visible_to(user).taking_part().units().in_tree_order()


def narrowed(duties, query, user):
    """`duties` by unit (with those below it, or alone), level, group and topic; unknown values narrow nothing."""
    unit = unit_asked(user, query.get("unit", ""))
    if unit is not None:
        alone = query.get("alone") == "1"
        duties = duties.filter(organisation=unit) if alone else duties.below(unit)
    if query.get("level") in dict(LEVELS):
        duties = duties.filter(organisation__level=query["level"])
    if query.get("group") in Group.values:
        duties = duties.filter(topic__group=query["group"])
    if (topic := query.get("topic", "")) and topic.isascii() and topic.isdigit() and len(topic) < 10:
        duties = duties.filter(topic=int(topic))
    return duties


def unit_asked(user, text):
    """The unit that an address names, where it is in reach."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    return Organisation.objects.visible_to(user).taking_part().units().filter(pk=int(text)).first()


def own_unit(user):
    """The highest unit the user works in."""
    return min(units_of(user), key=lambda unit: len(unit.path), default=None)


def state_asked(query):
    return query.get("state", "") if query.get("state") in board.STATES else ""


def ways(query):
    """The ways to look at the board: by unit, by topic, cell by cell."""
    current = query.get("by", "") if query.get("by") in WAYS else ""
    return [{"key": key, "label": label, "current": key == current} for key, label in WAYS.items()]


def notices_in(duty, user):
    """What the unit has written under the topic, newest first, drafts too."""
    rows = Notice.objects.visible_to(user).filter(organisation=duty.organisation_id, topic=duty.topic_id)
    return rows.with_names().with_standing().order_by("-id")[:NEWEST]


def clock_of(duty, user):
    return Deadline.objects.visible_to(user).of(duty).open().with_names().first()


def waiting_for(user, today: datetime.date):
    """What the writer's own units have to update by a day that is near or past, with that day as `due_on`."""
    own = Q(organisation__in=[m.organisation_id for m in user.current_memberships if m.role in WRITERS])
    clocks = Deadline.objects.visible_to(user).open().filter(_asks(today), object_kind=DUTY)
    return (
        duties_of(user)
        .filter(own)
        .with_names()
        .annotate(due_on=Subquery(clocks.filter(object_id=OuterRef("pk")).values("due_on")[:1]))
        .filter(due_on__isnull=False)
        .order_by("due_on", "id")
    )


def _asks(today: datetime.date):
    """Clocks whose day of the first reminder has come; the rule names the most days first."""
    first = ExpressionWrapper(
        F("due_on") - Coalesce(F("rule__remind_before__0"), 0), output_field=DateField()
    )
    return LessThanOrEqual(first, Value(today, output_field=DateField()))
