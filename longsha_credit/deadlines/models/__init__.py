"""Calendar and rules, clocks, reminders and notifications."""

from longsha_credit.deadlines.models.clocks import (
    Deadline,
    DeadlineChange,
    Extension,
    ExtensionState,
    Suspension,
)
from longsha_credit.deadlines.models.notices import (
    Digest,
    Notification,
    Place,
    Reminder,
    ReminderKind,
    Slip,
)
from longsha_credit.deadlines.models.rules import BasisKind, Holiday, Rule, Unit

__all__ = [
    "BasisKind",
    "Deadline",
    "DeadlineChange",
    "Digest",
    "Extension",
    "ExtensionState",
    "Holiday",
    "Notification",
    "Place",
    "Reminder",
    "ReminderKind",
    "Rule",
    "Slip",
    "Suspension",
    "Unit",
]
