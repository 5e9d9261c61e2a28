"""One table for every clock in the portal, with what stops, lengthens and moves it."""

import datetime

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, Value

from longsha_credit.audit.triggers import append_only, at_commit, fixed, never_deleted, refuse
from longsha_credit.deadlines.models.rules import Rule
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.models.users import held_nearer
from longsha_credit.directory.scope import ScopedQuerySet

NEAR_DAYS = 7


def _person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **options
    )


class DeadlineQuerySet(ScopedQuerySet):
    apart_lookup = "apart_from"

    def open(self):
        return self.filter(met_on=None, cancelled_at=None)

    def running(self):
        """Open and not suspended: the days count."""
        return self.open().filter(suspended=False)

    def overdue(self, today: datetime.date):
        return self.running().filter(due_on__lt=today)

    def due_within(self, today: datetime.date, days: int = NEAR_DAYS):
        return self.running().filter(due_on__gte=today, due_on__lte=today + datetime.timedelta(days=days))

    def of(self, obj: models.Model):
        """Every clock of one object, closed ones too."""
        return self.filter(object_kind=obj._meta.label_lower, object_id=obj.pk)

    def owed_by(self, user):
        """Those among what `user` may see that are theirs: the role is the rule's, and nobody nearer holds it.

        Where some of the unit's people must stay apart from a clock, it is also on the superiors' list.
        """
        theirs = Q(pk__in=[])
        for mine in user.current_memberships:
            place = Q(rule__duty__contains=[mine.role], organisation__path__startswith=mine.organisation.path)
            theirs |= place & (Q(apart_from__isnull=False) | ~Q(organisation__in=held_nearer(mine)))
        return self.visible_to(user).filter(theirs)

    def with_names(self):
        return self.select_related("organisation", "rule")

    def with_slip(self):
        """The colour of the last slip that went out for each clock, as `slip`."""
        reminder = self.model._meta.get_field("reminders").related_model
        sent = reminder.objects.filter(deadline=OuterRef("pk"), sent_at__isnull=False).exclude(slip="")
        return self.annotate(slip=Subquery(sent.order_by("-send_on", "-id").values("slip")[:1]))


@pghistory.track()
class Deadline(models.Model):
    """期限：某单位某件事依哪条规则、从哪天起算、到哪天为止；办结、终止以后不再变动。"""

    object_kind = models.CharField("对象类型", max_length=60)
    object_id = models.BigIntegerField("对象编号")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="deadlines", verbose_name="单位"
    )
    apart_from = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="须回避的单位"
    )
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="deadlines", verbose_name="规则")
    rule_key = models.CharField("规则代号", max_length=40)
    title = models.CharField("事项", max_length=200)
    path = models.CharField("办理页面", max_length=200)
    starts_on = models.DateField("起算日")
    given_on = models.DateField("约定的日期", null=True)
    due_on = models.DateField("到期日")
    original_due_on = models.DateField("最初的到期日")
    explanation = models.JSONField("如何计算", default=list)
    suspended = models.BooleanField("暂停中", default=False)
    extended_by = models.PositiveIntegerField("已延期", default=0)
    extend_limit = models.PositiveIntegerField("最多可延期", default=0)
    met_on = models.DateField("办结日期", null=True)
    cancelled_at = models.DateTimeField("终止时间", null=True)
    cancel_reason = models.CharField("终止理由", max_length=200, blank=True, default="")
    # Of its object under its rule, by the database's doing: what counts of very many rows is one plain join.
    newest = models.BooleanField("最近一次", default=True, db_default=True, editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = "期限"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="deadline_by_object"),
            models.Index(
                fields=["due_on"], name="deadline_open_by_due", condition=Q(met_on=None, cancelled_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_newest_clock_per_rule",
                fields=["rule_key", "object_kind", "object_id"],
                condition=Q(newest=True),
            ),
            models.CheckConstraint(
                name="deadline_is_met_or_cancelled", condition=Q(met_on=None) | Q(cancelled_at=None)
            ),
            models.CheckConstraint(
                name="cancelled_deadline_says_why",
                condition=Q(cancelled_at=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
            ),
            models.CheckConstraint(
                name="deadline_is_due_after_it_starts", condition=Q(due_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="deadline_extended_as_the_rule_allows",
                condition=Q(extended_by=0) | Q(extended_by=F("extend_limit")),
            ),
            models.CheckConstraint(
                name="closed_deadline_is_not_suspended",
                condition=Q(suspended=False) | Q(met_on=None, cancelled_at=None),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="deadline_copies_its_rule",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT 1 FROM deadlines_rule r WHERE r.id = NEW.rule_id
                               AND r.key = NEW.rule_key AND r.extend_amount = NEW.extend_limit) THEN
                  {refuse("deadline_copies_its_rule", "key and limit are those of the rule")}
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="newer_clock_takes_the_place",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT NEW.newest THEN
                  {refuse("newer_clock_takes_the_place", "what starts is the newest")}
                END IF;
                UPDATE deadlines_deadline SET newest = FALSE
                WHERE rule_key = NEW.rule_key AND object_kind = NEW.object_kind AND object_id = NEW.object_id AND newest
                  AND (met_on IS NOT NULL OR cancelled_at IS NOT NULL);
                RETURN NEW;
                """,
            ),
            fixed(
                "clock_is_the_newest_until_the_next",
                "newest",
                unless="NEW.newest OR pg_trigger_depth() > 1",  # by the trigger above, not by anybody's update
            ),
            fixed(
                "deadline_keeps_what_it_is",
                *("object_kind", "object_id", "organisation_id", "apart_from_id", "rule_id", "rule_key"),
                *("original_due_on", "extend_limit"),
            ),
            fixed(
                "closed_deadline_stays_closed",
                *("starts_on", "given_on", "due_on", "extended_by"),
                *("met_on", "cancelled_at", "cancel_reason"),
                unless="OLD.met_on IS NULL AND OLD.cancelled_at IS NULL",
            ),
            at_commit(
                "suspended_while_a_suspension_is_open",
                "EXISTS (SELECT 1 FROM deadlines_deadline d WHERE d.id = NEW.id AND d.suspended <> EXISTS "
                "(SELECT 1 FROM deadlines_suspension s WHERE s.deadline_id = d.id AND s.until_on IS NULL))",
                "the mark and the open suspension go together",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.title}：{self.rule.label}"

    @property
    def is_open(self) -> bool:
        return self.met_on is None and self.cancelled_at is None

    def is_overdue(self, today: datetime.date) -> bool:
        return self.is_open and not self.suspended and self.due_on < today

    @property
    def lines(self) -> list[dict]:
        """The explanation for a template: its days as dates."""
        return [
            line | {"day": datetime.date.fromisoformat(line["day"]) if line["day"] else None}
            for line in self.explanation
        ]

    @property
    def was_met_late(self) -> bool:
        return self.met_on is not None and self.met_on > self.due_on


class SuspensionQuerySet(ScopedQuerySet):
    path_lookup = "deadline__organisation__path"
    apart_lookup = "deadline__apart_from"


@pghistory.track()
class Suspension(models.Model):
    """暂停：自某日至某日（两头都在内）不计入期限，例如等待补充材料。"""

    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, related_name="suspensions", verbose_name="期限"
    )
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True)
    reason = models.CharField("理由", max_length=500)
    by = _person("办理人", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = "暂停"
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(
                name="suspension_ends_after_it_begins",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
            ),
            models.CheckConstraint(name="suspension_says_why", condition=~Q(reason="")),
            # The embedded server has no btree_gist: a clock's number as a range of one compares for equality.
            ExclusionConstraint(
                name="suspensions_do_not_overlap",
                expressions=[
                    (
                        Func("deadline_id", "deadline_id", Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (Func("from_on", "until_on", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="suspension_where_the_rule_allows",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT 1 FROM deadlines_deadline d JOIN deadlines_rule r ON r.id = d.rule_id
                               WHERE d.id = NEW.deadline_id AND r.may_suspend) THEN
                  {refuse("suspension_where_the_rule_allows", "this rule knows no suspension")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("suspension_keeps_its_start", "deadline_id", "from_on", "reason", "by_id"),
            fixed("suspension_ends_once", "until_on", unless="OLD.until_on IS NULL"),
            at_commit(
                "open_suspension_marks_its_deadline",
                "EXISTS (SELECT 1 FROM deadlines_deadline d WHERE d.id = NEW.deadline_id AND d.suspended <> EXISTS "
                "(SELECT 1 FROM deadlines_suspension s WHERE s.deadline_id = d.id AND s.until_on IS NULL))",
                "the mark and the open suspension go together",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.deadline}：自{self.from_on}暂停"


class ExtensionState(models.TextChoices):
    ASKED = "asked", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class ExtensionQuerySet(ScopedQuerySet):
    path_lookup = "deadline__organisation__path"
    apart_lookup = "deadline__apart_from"


@pghistory.track()
class Extension(models.Model):
    """延期：到期以前申请，由另一个人批准，一个期限只延一次。`organisation` 是批准的单位。"""

    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, related_name="extensions", verbose_name="期限"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="批准的单位"
    )
    state = models.CharField(
        "状态", max_length=10, choices=ExtensionState.choices, default=ExtensionState.ASKED
    )
    asked_on = models.DateField("申请日期")
    asked_by = _person("申请人")
    due_then = models.DateField("申请时的到期日")
    reason = models.CharField("理由", max_length=500)
    decided_by = _person("决定人", null=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = "延期申请"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="extension_asked_before_it_is_due", condition=Q(asked_on__lte=F("due_then"))
            ),
            models.CheckConstraint(
                name="extension_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="extension_decision_has_a_person",
                condition=Q(state=ExtensionState.ASKED, decided_by=None, decided_at=None)
                | Q(
                    state__in=[ExtensionState.APPROVED, ExtensionState.REFUSED],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
            models.CheckConstraint(name="extension_says_why", condition=~Q(reason="")),
            models.UniqueConstraint(
                name="extended_only_once", fields=["deadline"], condition=Q(state=ExtensionState.APPROVED)
            ),
            models.UniqueConstraint(
                name="one_extension_asked_at_a_time",
                fields=["deadline"],
                condition=Q(state=ExtensionState.ASKED),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="extension_copies_the_due_day",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT 1 FROM deadlines_deadline d
                               WHERE d.id = NEW.deadline_id AND d.due_on = NEW.due_then) THEN
                  {refuse("extension_copies_the_due_day", "the due day is that of the deadline")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "extension_keeps_what_was_asked",
                *("deadline_id", "organisation_id", "asked_on", "asked_by_id", "due_then", "reason"),
            ),
            fixed(
                "extension_is_decided_once",
                *("state", "decided_by_id", "decided_at"),
                unless="OLD.state = 'asked'",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.deadline.title}：申请延期"


class DeadlineChangeQuerySet(ScopedQuerySet):
    path_lookup = "deadline__organisation__path"
    apart_lookup = "deadline__apart_from"


class DeadlineChange(models.Model):
    """期限变动：到期日由哪天改为哪天、为什么、由谁。只增不改。"""

    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, related_name="changes", verbose_name="期限"
    )
    old_due = models.DateField("原到期日")
    new_due = models.DateField("现到期日")
    why = models.CharField("原因", max_length=200)
    at = models.DateTimeField("时间", auto_now_add=True)
    by = _person("办理人", null=True)

    objects = DeadlineChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "期限变动"
        ordering = ["-id"]
        triggers = append_only()

    def __str__(self):
        return f"{self.old_due} → {self.new_due}：{self.why}"
