"""How somebody is told (never whether): the mail's hour, a calendar of one's own, and the robots of chat groups."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.deadlines.models.notices import Reminder
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import ScopedQuerySet

FIRST_HOUR, LAST_HOUR = 8, 18


class OwnQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only one's own."""
        return self.filter(user=user.pk)


class Preference(models.Model):
    """接收方式：汇总邮件几点以后寄、红色督办单要不要另外马上寄。工作台里的通知人人都有，不能关。"""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="preference", verbose_name="账号"
    )
    mail_hour = models.PositiveSmallIntegerField("汇总邮件", default=FIRST_HOUR)
    red_at_once = models.BooleanField("红色督办单马上另寄一封", default=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "接收方式"
        constraints = [
            models.CheckConstraint(
                name="mail_goes_in_office_hours",
                condition=Q(mail_hour__gte=FIRST_HOUR, mail_hour__lte=LAST_HOUR),
            )
        ]
        triggers = never_deleted()

    def __str__(self):
        return f"{self.user}的接收方式"


class CalendarFeed(models.Model):
    """日历订阅：某人的订阅地址是第几个；换一个，旧的马上失效。地址本身不存在库里。"""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feed", verbose_name="账号"
    )
    serial = models.PositiveIntegerField("第几个地址", default=1)
    is_on = models.BooleanField("启用", default=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "日历订阅"
        triggers = [
            fixed("calendar_address_never_comes_back", "serial", unless="NEW.serial > OLD.serial"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.user}的日历订阅"


class Provider(models.TextChoices):
    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    FEISHU = "feishu", "飞书"


class ChatRobotQuerySet(ScopedQuerySet):
    seen_by = frozenset({Role.LEAD, Role.OFFICE})

    def in_use(self):
        return self.filter(ended_at=None)


class ChatRobot(models.Model):
    """群机器人：某单位的工作群里替门户说话的；地址加密保存，存下以后谁也看不到，停用就抹掉。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    provider = models.CharField("哪家", max_length=8, choices=Provider.choices)
    sealed = models.TextField("加密的地址", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    ended_at = models.DateTimeField("停用时间", null=True)

    objects = ChatRobotQuerySet.as_manager()

    class Meta:
        verbose_name = "群机器人"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_robot_per_unit", fields=["organisation"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="robot_is_of_a_known_house", condition=Q(provider__in=Provider.values)
            ),
            models.CheckConstraint(
                name="ended_robot_keeps_no_address",
                condition=(Q(ended_at=None) & ~Q(sealed="")) | Q(ended_at__isnull=False, sealed=""),
            ),
        ]
        triggers = [
            fixed("robot_keeps_what_it_is", "organisation_id", "provider", "by_id", "created_at"),
            fixed("robot_ends_once", "sealed", "ended_at", unless="OLD.ended_at IS NULL AND NEW.sealed = ''"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.organisation}的{self.get_provider_display()}群机器人"


class ChatMessageQuerySet(ScopedQuerySet):
    path_lookup = "robot__organisation__path"
    seen_by = ChatRobotQuerySet.seen_by

    def waiting(self):
        return self.filter(sent_at=None, unsure_at=None, dropped_at=None, is_test=False)


class ChatMessage(models.Model):
    """群消息：要由机器人发的一条。发出、不能确定、不用再发，三样只有一样，定了就不再变，也不再发。"""

    robot = models.ForeignKey(
        ChatRobot, on_delete=models.PROTECT, related_name="messages", verbose_name="机器人"
    )
    is_test = models.BooleanField("试发", default=False)
    text = models.TextField("内容", blank=True, default="")
    created_at = models.DateTimeField("写下时间", auto_now_add=True)
    claimed_at = models.DateTimeField("开始发", null=True)
    sent_at = models.DateTimeField("发出时间", null=True)
    unsure_at = models.DateTimeField("不能确定有没有发出", null=True)
    dropped_at = models.DateTimeField("不用再发", null=True)
    attempts = models.PositiveIntegerField("试过几次", default=0)
    last_error = models.CharField("没有发出的原因", max_length=300, blank=True, default="")

    objects = ChatMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "群消息"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_waiting_message_per_robot",
                fields=["robot"],
                condition=Q(sent_at=None, unsure_at=None, dropped_at=None, is_test=False),
            ),
            models.CheckConstraint(
                name="chat_message_ends_one_way",
                condition=Q(sent_at=None, unsure_at=None)
                | Q(sent_at=None, dropped_at=None)
                | Q(unsure_at=None, dropped_at=None),
            ),
        ]
        triggers = [
            fixed(
                "chat_message_goes_once",
                *("robot_id", "is_test", "text", "claimed_at", "sent_at", "unsure_at", "dropped_at"),
                unless="OLD.sent_at IS NULL AND OLD.unsure_at IS NULL AND OLD.dropped_at IS NULL",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.robot} {self.created_at:%Y-%m-%d}"


class ChatLine(models.Model):
    """群消息带的一条提醒；一条提醒只进一条群消息。"""

    message = models.ForeignKey(
        ChatMessage, on_delete=models.PROTECT, related_name="lines", verbose_name="群消息"
    )
    reminder = models.OneToOneField(
        Reminder, on_delete=models.PROTECT, related_name="chat_line", verbose_name="提醒"
    )

    class Meta:
        verbose_name = "群消息的一条"
        triggers = [fixed("chat_line_stays_where_it_is", "message_id", "reminder_id"), *never_deleted()]

    def __str__(self):
        return f"{self.message}：{self.reminder}"
