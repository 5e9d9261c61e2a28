"""Keys for programs of the offices, and what was filed with them."""

import datetime

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from longsha_credit.audit.triggers import append_only, fixed, never_deleted
from longsha_credit.directory.models.users import Membership, User
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import within

LONGEST = datetime.timedelta(days=365)
KEEPERS = frozenset({Role.OFFICE})


class ApiTokenQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and for the credit office those of everybody who works in its district."""
        there = Membership.objects.filter(within(user, KEEPERS, "organisation__path"), ended_on=None)
        return self.filter(Q(owner=user.pk) | Exists(there.filter(user=OuterRef("owner"))))

    def with_names(self):
        return self.select_related("owner", "revoked_by")

    def usable(self, today):
        """Neither revoked nor past its last day, of an account that is on."""
        return self.filter(revoked_at=None, expires_on__gte=today, owner__is_active=True)


class ApiToken(models.Model):
    """接口令牌：一个账号交给一个程序用的钥匙，只存校验值；能做什么，每次都看这个账号当时的权限，再按范围收窄。"""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens", verbose_name="账号")
    name = models.CharField("用途", max_length=60)
    may_read = models.BooleanField("读取本人的草稿")
    may_file = models.BooleanField("填报草稿")
    start = models.CharField("开头", max_length=16)
    hash = models.CharField("校验值", max_length=64, unique=True)
    made_on = models.DateField("建立日期")
    made_at = models.DateTimeField("建立时间", auto_now_add=True)
    expires_on = models.DateField("有效期至")
    last_used_on = models.DateField("最近使用", null=True)
    revoked_at = models.DateTimeField("停用时间", null=True)
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="停用人"
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "接口令牌"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="token_lasts_a_year_at_most",
                condition=Q(expires_on__gt=F("made_on"), expires_on__lte=F("made_on") + LONGEST),
            ),
            models.CheckConstraint(name="token_is_kept_as_hash", condition=Q(hash__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="token_may_do_something", condition=Q(may_read=True) | Q(may_file=True)
            ),
            models.CheckConstraint(name="token_says_what_for", condition=~Q(name="")),
            models.CheckConstraint(
                name="revoked_token_says_by_whom",
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]
        triggers = [
            fixed(
                "token_stays_what_it_was_made",
                *(
                    "owner_id",
                    "name",
                    "may_read",
                    "may_file",
                    "start",
                    "hash",
                    "made_on",
                    "made_at",
                    "expires_on",
                ),
            ),
            fixed(
                "revoked_token_stays_revoked", "revoked_at", "revoked_by_id", unless="OLD.revoked_at IS NULL"
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"接口令牌“{self.name}”"

    def standing(self, today) -> tuple[str, str]:
        """(state, word) as the list shows it."""
        if self.revoked_at:
            return "na", "已停用"
        if self.expires_on < today:
            return "na", "已到期"
        return ("active", "可用") if self.owner.is_active else ("blocked", "账号已停用")

    @property
    def scope_words(self) -> str:
        """What it may do, in words."""
        given = [(self.may_file, "填报草稿"), (self.may_read, "读取本人的草稿")]
        return "、".join(words for may, words in given if may)


class ApiFiling(models.Model):
    """接口填报：某个令牌用某个幂等键填了哪一份草稿；同一个键再来一次，不再填第二份。"""

    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, related_name="filings", verbose_name="令牌")
    key = models.CharField("幂等键", max_length=80)
    digest = models.CharField("内容校验值", max_length=64)
    kind = models.CharField("对象类型", max_length=60)
    object_id = models.BigIntegerField("对象编号")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "接口填报"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="one_filing_per_key", fields=["token", "key"]),
            models.CheckConstraint(
                name="filing_knows_what_was_sent", condition=Q(digest__regex=r"^[0-9a-f]{64}$") & ~Q(key="")
            ),
        ]
        triggers: list[pgtrigger.Trigger] = append_only()

    def __str__(self):
        return f"{self.kind} {self.object_id}"
