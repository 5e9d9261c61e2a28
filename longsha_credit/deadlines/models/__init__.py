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
    DigestKind,
    Notification,
    Place,
    Reminder,
    ReminderKind,
    Slip,
)
from longsha_credit.deadlines.models.rules import BasisKind, Holiday, Rule, Unit
from longsha_credit.deadlines.models.ways import (
    CalendarFeed,
    ChatLine,
    ChatMessage,
    ChatRobot,
    Preference,
    Provider,
)

__all__ = [
    "BasisKind",
    "CalendarFeed",
    "ChatLine",
    "ChatMessage",
    "ChatRobot",
    "Deadline",
    "DeadlineChange",
    "Digest",
    "DigestKind",
    "Extension",
    "ExtensionState",
    "Holiday",
    "Notification",
    "Place",
    "Preference",
    "Provider",
    "Reminder",
    "ReminderKind",
    "Rule",
    "Slip",
    "Suspension",
    "Unit",
]
