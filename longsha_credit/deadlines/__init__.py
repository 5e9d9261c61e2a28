"""When: calendar, rules of law as data, deadlines, reminders (a later issue fills it)."""
