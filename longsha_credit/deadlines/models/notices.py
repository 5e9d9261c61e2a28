"""Reminders planned with a deadline, the notifications people read, and the daily mail that carries them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import fixed, never_deleted, not_truncated, refuse
from longsha_credit.deadlines.models.clocks import Deadline
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import ScopedQuerySet


class ReminderKind(models.TextChoices):
    BEFORE = "before", "到期前提醒"
    OVERDUE = "overdue", "超期督办"


class Slip(models.TextChoices):
    BLUE = "blue", "蓝色督办单"
    YELLOW = "yellow", "黄色督办单"
    RED = "red", "红色督办单"


class Place(models.TextChoices):
    OWN = "own", "本单位或最近的上级"
    ABOVE = "above", "上级单位"


class ReminderQuerySet(ScopedQuerySet):
    path_lookup = "deadline__organisation__path"
    apart_lookup = "deadline__apart_from"

    def unsent(self):
        return self.filter(sent_at=None)


class Reminder(models.Model):
    """提醒：哪天、提醒哪个角色；和期限一起排好，发出以前随期限重排，发出以后不再变动。"""

    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, related_name="reminders", verbose_name="期限"
    )
    send_on = models.DateField("提醒日")
    kind = models.CharField("种类", max_length=8, choices=ReminderKind.choices)
    slip = models.CharField("督办单", max_length=6, choices=Slip.choices, blank=True, default="")
    role = models.CharField("提醒谁", max_length=12, choices=Role.choices)
    place = models.CharField("在哪里", max_length=6, choices=Place.choices, default=Place.OWN)
    days_before = models.SmallIntegerField("提前几天", null=True)
    sent_at = models.DateTimeField("发出时间", null=True)
    recipients = models.PositiveIntegerField("收到的人数", null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒"
        ordering = ["send_on", "id"]
        indexes = [
            models.Index(fields=["send_on", "id"], name="reminder_due_unsent", condition=Q(sent_at=None)),
            models.Index(fields=["sent_at"], name="reminder_by_sending", condition=Q(sent_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_reminder_per_day_and_role", fields=["deadline", "send_on", "role", "place"]
            ),
            models.CheckConstraint(
                name="sent_reminder_counts_who_got_it",
                condition=Q(sent_at=None, recipients=None)
                | Q(sent_at__isnull=False, recipients__isnull=False),
            ),
            models.CheckConstraint(
                name="slip_only_when_overdue",
                condition=Q(kind=ReminderKind.BEFORE, slip="", days_before__isnull=False)
                | Q(kind=ReminderKind.OVERDUE, slip__in=Slip.values, days_before=None),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="sent_reminder_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__sent_at__isnull=False),
                func=refuse("sent_reminder_stays", "what was sent is never changed or removed"),
            ),
            not_truncated(),
        ]

    def __str__(self):
        return f"{self.send_on} {self.get_role_display()}"


class DigestKind(models.TextChoices):
    DAILY = "daily", "每日汇总"
    RED = "red", "红色督办单"


class Digest(models.Model):
    """邮件汇总：某人某日一封，把还没有寄过的通知一起寄出；愿意的人，红色督办单马上另有一封。"""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests", verbose_name="收件人"
    )
    day = models.DateField("日期")
    kind = models.CharField("种类", max_length=5, choices=DigestKind.choices, default=DigestKind.DAILY)
    sent_at = models.DateTimeField("寄出时间", null=True)
    attempts = models.PositiveIntegerField("试过几次", default=0)
    last_error = models.CharField("上次失败的原因", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "邮件汇总"
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                name="one_digest_per_person_and_day",
                fields=["user", "day"],
                condition=Q(kind=DigestKind.DAILY),
            ),
            models.UniqueConstraint(
                name="one_red_mail_waits_at_a_time",
                fields=["user"],
                condition=Q(kind=DigestKind.RED, sent_at=None),
            ),
            models.CheckConstraint(name="digest_is_of_a_known_kind", condition=Q(kind__in=DigestKind.values)),
        ]
        triggers = [
            fixed("digest_is_sent_once", "sent_at", "user_id", "day", "kind", unless="OLD.sent_at IS NULL"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.user} {self.day}"


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only one's own."""
        return self.filter(user=user.pk)

    def unread(self):
        return self.filter(read_at=None)


class Notification(models.Model):
    """通知：某人收到的一条，写下就不再改；只记何时读过、随哪封邮件寄出。"""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="notifications",
        verbose_name="收件人",
    )
    # Reminders not sent yet are replanned by deleting them; looking here first would only cost a query, and a
    # reminder with a notification is kept by its own trigger and by the foreign key.
    reminder = models.ForeignKey(
        Reminder, on_delete=models.DO_NOTHING, null=True, related_name="notifications", verbose_name="提醒"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    title = models.CharField("事项", max_length=200)
    text = models.CharField("内容", max_length=300)
    path = models.CharField("办理页面", max_length=200)
    slip = models.CharField("督办单", max_length=6, choices=Slip.choices, blank=True, default="")
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("读过", null=True)
    digest = models.ForeignKey(
        Digest, on_delete=models.PROTECT, null=True, related_name="notifications", verbose_name="随哪封邮件"
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_by_user"),
            models.Index(fields=["user"], name="notification_unread", condition=Q(read_at=None)),
            models.Index(fields=["user"], name="notification_unmailed", condition=Q(digest=None)),
        ]
        constraints = [
            models.UniqueConstraint(name="one_notification_per_reminder", fields=["reminder", "user"]),
        ]
        triggers = [
            fixed(
                "notification_keeps_its_words",
                *("user_id", "reminder_id", "organisation_id", "title", "text", "path", "slip", "at"),
            ),
            fixed("notification_is_mailed_once", "digest_id", unless="OLD.digest_id IS NULL"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title
