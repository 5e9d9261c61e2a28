"""What each unit owes: one row for a unit and a topic that its level has to publish, made and ended by set."""

import datetime

from django.db import connection, models
from django.db.models import F, Max, OuterRef, Q, Subquery

from disclosure.models.notices import Notice
from disclosure.models.topics import Topic
from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet

# A post has no page of its own, and what is given out on request alone is not owed to everybody.
OWED = """
  SELECT o.id AS organisation_id, t.id AS topic_id
  FROM directory_organisation o JOIN disclosure_topic t ON o.level = ANY (t.levels)
  WHERE o.valid_to IS NULL AND o.valid_from <= %(today)s AND o.taking_part AND o.level <> 'post'
    AND t.retired_on IS NULL AND t.method = 'active'
"""
BEGIN = f"""
  INSERT INTO disclosure_duty (organisation_id, topic_id, since)
  SELECT w.organisation_id, w.topic_id, %(today)s FROM ({OWED}) w
  WHERE NOT EXISTS (
    SELECT FROM disclosure_duty d
    WHERE d.organisation_id = w.organisation_id AND d.topic_id = w.topic_id AND d.ended_on IS NULL)
  ORDER BY w.organisation_id, w.topic_id
  ON CONFLICT DO NOTHING
"""
END = f"""
  UPDATE disclosure_duty d SET ended_on = greatest(%(today)s, d.since)
  WHERE d.ended_on IS NULL AND NOT EXISTS (
    SELECT FROM ({OWED}) w WHERE w.organisation_id = d.organisation_id AND w.topic_id = d.topic_id)
"""


class DutyQuerySet(ScopedQuerySet):
    def current(self):
        return self.filter(ended_on=None)

    def public(self):
        """Every duty that runs now: whose they are and what they are about stand in the public catalogue."""
        return self.current()

    def with_names(self):
        return self.select_related("organisation__parent", "topic__service_field")

    def below(self, organisation):
        return self.filter(organisation__path__startswith=organisation.path)

    def with_last_publication(self):
        """Each row with `published_at`: when the unit last published under the topic what still stands, or None."""
        newest = (
            Notice.objects.public()
            .filter(organisation=OuterRef("organisation"), topic=OuterRef("topic"))
            .order_by()
            .values("topic")
            .annotate(at=Max("publication__published_at"))
        )
        return self.annotate(published_at=Subquery(newest.values("at")))

    def end_gone(self, today: datetime.date) -> int:
        """End what is not owed any more: the unit ended, the topic was retired, or another level has it now."""
        return _run(END, today)

    def begin_missing(self, today: datetime.date) -> int:
        """A row for all that is owed and has none; gives how many began."""
        return _run(BEGIN, today)


def _run(sql: str, today: datetime.date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"today": today})
        return cursor.rowcount


class Duty(models.Model):
    """应公开的事项：某单位按目录和它的层级，要公开并按频次更新某个事项，自某日起。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="duties", verbose_name="公开事项")
    since = models.DateField("自")
    ended_on = models.DateField("至", null=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = "应公开的事项"
        ordering = ["organisation__path", "topic__number"]
        constraints = [
            models.UniqueConstraint(
                name="one_duty_per_unit_and_topic",
                fields=["organisation", "topic"],
                condition=Q(ended_on=None),
            ),
            models.CheckConstraint(
                name="duty_ends_after_it_begins",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("since")),
            ),
        ]
        triggers = [
            fixed("duty_keeps_what_it_is", "organisation_id", "topic_id", "since"),
            fixed("duty_ends_once", "ended_on", unless="OLD.ended_on IS NULL"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.organisation.name}：{self.topic}"
