"""What somebody proposes of the catalogue: a topic as it should be, put in force by a second person or dropped."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from disclosure.models.topics import Frequency, Group, Method, Topic
from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import ScopedQuerySet

# The columns of a topic that a proposal says; the rest of the topic stays as it is.
PROPOSED = (
    *("group", "name", "content", "basis", "limit_rule", "frequency", "publisher", "channels", "audience"),
    *("method", "levels"),
)


class ProposalState(models.TextChoices):
    PENDING = "pending", "待定"
    ADOPTED = "adopted", "已启用"
    DROPPED = "dropped", "已作废"


class TopicProposalQuerySet(ScopedQuerySet):
    seen_by = frozenset({Role.OFFICE})

    def with_names(self):
        return self.select_related("organisation", "topic", "created_by", "decided_by")


class TopicProposal(models.Model):
    """目录提议：新增一个公开事项，或者修订已有的；由另一个人启用以后才进公开目录。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, related_name="proposals", verbose_name="公开事项"
    )
    topic_version = models.PositiveIntegerField("针对第几版", null=True)
    group = models.CharField("公开事项（一级）", max_length=16, choices=Group.choices)
    name = models.CharField("公开事项（二级）", max_length=40)
    content = models.CharField("公开内容（要素）", max_length=500)
    basis = models.CharField("公开依据", max_length=300)
    limit_rule = models.CharField("公开时限", max_length=30)
    frequency = models.CharField("更新频次", max_length=20, choices=Frequency.choices, blank=True)
    publisher = models.CharField("公开主体", max_length=100)
    channels = models.CharField("公开渠道和载体", max_length=200)
    audience = models.CharField("公开对象", max_length=60)
    method = models.CharField("公开方式", max_length=10, choices=Method.choices)
    levels = ArrayField(models.CharField(max_length=12, choices=Level.choices), verbose_name="公开层级")
    reason = models.CharField("提议理由", max_length=300)
    state = models.CharField(
        "状态", max_length=10, choices=ProposalState.choices, default=ProposalState.PENDING
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提议人"
    )
    created_at = models.DateTimeField("提议时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间", null=True)

    objects = TopicProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "目录提议"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_proposal_of_a_topic", fields=["name"], condition=Q(state="pending")
            ),
            models.CheckConstraint(
                name="proposal_adopted_by_another",
                condition=Q(state="pending", decided_by=None, decided_at=None)
                | Q(state="dropped", decided_by__isnull=False, decided_at__isnull=False)
                | (
                    Q(
                        state="adopted", decided_by__isnull=False, decided_at__isnull=False,
                        topic__isnull=False,
                    )
                    & ~Q(decided_by=F("created_by"))
                ),
            ),
            models.CheckConstraint(
                name="proposal_names_what_it_changes",
                condition=Q(topic__isnull=False, topic_version__isnull=False)
                | Q(topic=None, topic_version=None)
                | Q(state="adopted", topic_version=None),
            ),
            models.CheckConstraint(
                name="proposal_is_whole",
                condition=~Q(name="") & ~Q(content="") & ~Q(basis="") & ~Q(publisher="") & ~Q(channels="")
                & ~Q(audience="") & ~Q(reason="") & Q(levels__len__gte=1),
            ),
        ]  # fmt: skip
        triggers = [
            fixed(
                "proposal_stays_as_proposed",
                *PROPOSED,
                *("organisation_id", "topic_version", "reason", "created_by_id", "created_at"),
            ),
            fixed(
                "decided_proposal_never_changes",
                *("state", "topic_id", "decided_by_id", "decided_at"),
                unless="OLD.state = 'pending'",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.name

    @property
    def what(self) -> str:
        """新增 or 修订."""
        return "新增" if self.topic_version is None else "修订"
