"""Sending what is due and unsent: reminders are claimed and their notifications written in one statement."""

import datetime

from django.db import connection, transaction
from django.utils import timezone

from longsha_credit.directory.roles import Role

BATCH = 10_000

# Held rows are passed over: another worker has the reminder, or someone is just closing or moving the clock.
CLAIM = """
claimed AS (
  SELECT r.id, r.role, r.place, r.slip, d.title, d.path, d.due_on, d.organisation_id, d.rule_id,
         coalesce(d.apart_from_id, 0) AS apart
  FROM deadlines_reminder r
  JOIN deadlines_deadline d ON d.id = r.deadline_id
  WHERE r.sent_at IS NULL AND r.send_on <= %(today)s
    AND d.met_on IS NULL AND d.cancelled_at IS NULL AND NOT d.suspended
  ORDER BY r.send_on, r.id
  LIMIT %(batch)s
  FOR UPDATE OF r SKIP LOCKED
  FOR SHARE OF d SKIP LOCKED
)"""

# The nearest unit at or above the clock's (strictly above where asked) in which somebody holds the role now;
# where there is none, the district's office. A place is a unit, a role and own/above: few, however many reminders.
# Who sits in the unit a clock is kept apart from counts as absent (the same as User.units_sat_in).
SITS_THERE = """
  SELECT FROM directory_organisation kept
  JOIN directory_organisation seat ON starts_with(seat.path, kept.path)
  WHERE kept.id = p.apart AND (
    EXISTS (SELECT FROM directory_membership other
            WHERE other.user_id = u.id AND other.organisation_id = seat.id AND other.ended_on IS NULL)
    OR EXISTS (SELECT FROM directory_posting post
               WHERE post.official_id = u.official_id AND post.post_id = seat.id AND post.ended_on IS NULL))"""

RECIPIENTS = f"""
places AS MATERIALIZED (
  SELECT DISTINCT c.organisation_id, c.role, c.place, c.apart FROM claimed c
),
holders AS (
  SELECT p.organisation_id, p.role, p.place, p.apart, m.user_id,
         rank() OVER (PARTITION BY p.organisation_id, p.role, p.place, p.apart
                      ORDER BY m.role <> p.role, above.depth DESC) AS distance
  FROM places p
  JOIN directory_organisation o ON o.id = p.organisation_id
  CROSS JOIN LATERAL unnest(string_to_array(btrim(o.path, '/'), '/')::bigint[])
    WITH ORDINALITY AS above(id, depth)
  JOIN directory_membership m ON m.organisation_id = above.id AND m.ended_on IS NULL
   AND ((m.role = p.role AND (p.place = 'own' OR above.id <> o.id)) OR m.role = %(office)s)
  JOIN directory_user u ON u.id = m.user_id AND u.is_active
  WHERE p.apart = 0 OR NOT EXISTS ({SITS_THERE})
),
seats AS MATERIALIZED (
  SELECT organisation_id, role, place, apart, array_agg(user_id) AS people
  FROM holders WHERE distance = 1 GROUP BY organisation_id, role, place, apart
)"""

WORDS = """
  o.name || '：' || rule.label
  || CASE WHEN c.due_on > %(today)s THEN '，还有' || c.due_on - %(today)s || '天，' || c.due_on || ' 到期。'
          WHEN c.due_on = %(today)s THEN '，今天到期。'
          ELSE '，' || c.due_on || ' 到期，已超期' || %(today)s - c.due_on || '天，请尽快办理。' END"""

SEND = f"""
WITH {CLAIM}, {RECIPIENTS},
told AS (
  INSERT INTO deadlines_notification
    (user_id, reminder_id, organisation_id, title, text, path, slip, at)
  SELECT person, c.id, c.organisation_id, c.title, left({WORDS}, 300), c.path, c.slip, %(now)s
  FROM claimed c
  JOIN seats s USING (organisation_id, role, place, apart)
  JOIN directory_organisation o ON o.id = c.organisation_id
  JOIN deadlines_rule rule ON rule.id = c.rule_id
  CROSS JOIN LATERAL unnest(s.people) AS person
)
UPDATE deadlines_reminder r
SET sent_at = %(now)s, recipients = coalesce(cardinality(s.people), 0)
FROM claimed c LEFT JOIN seats s USING (organisation_id, role, place, apart)
WHERE r.id = c.id"""


def send_due(*, today: datetime.date, now: datetime.datetime | None = None, batch: int = BATCH) -> int:
    """Send every reminder whose day has come, on time or late, each once; gives how many went out.

    Safe to run twice, beside itself, or after days of silence. A reminder for nobody at all is sent with
    0 recipients, which its page shows.
    """
    total, number = 0, batch
    while number == batch:
        number = _send_batch(today, now or timezone.now(), batch)
        total += number
    return total


@transaction.atomic
def _send_batch(today: datetime.date, now: datetime.datetime, batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SEND, {"today": today, "now": now, "batch": batch, "office": str(Role.OFFICE)})
        return cursor.rowcount
