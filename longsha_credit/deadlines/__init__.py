"""When: calendar, rules of law as data, deadlines, reminders."""
