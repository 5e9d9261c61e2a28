"""What goes from one holder of a post to the next, item by item."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q

from commitments.models.rectifications import Cause
from longsha_credit.audit.triggers import at_commit, fixed, never_deleted, refuse
from longsha_credit.deadlines.joining import Clocks
from longsha_credit.directory.models import Official, Organisation, Posting
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import ScopedQuerySet, within


def person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **options
    )


RULE = "handover"  # the deadline rule of its clock


class HandoverState(models.TextChoices):
    OPEN = "open", "正在交接"
    ASKED = "asked", "申请先离任"
    COMPLETE = "complete", "交接完成"
    OVERRIDDEN = "overridden", "区里决定先离任"
    CANCELLED = "cancelled", "已取消"


GOING_ON = [HandoverState.OPEN, HandoverState.ASKED]
PASSED_ON = [HandoverState.COMPLETE, HandoverState.OVERRIDDEN]


class Party(models.TextChoices):
    GIVER = "giver", "移交人"
    TAKER = "taker", "接交人"
    WITNESS = "witness", "监交人"


def seen_by(user, prefix=""):
    """Those who work on the unit, and the two officials between whom things pass."""
    seen = within(user, SEES_WORK, f"{prefix}organisation__path")
    if user.official_id:
        seen |= Q(**{f"{prefix}outgoing": user.official_id}) | Q(**{f"{prefix}incoming": user.official_id})
    return seen


class HandoverQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(seen_by(user))

    def open(self):
        return self.filter(state__in=GOING_ON)

    def not_cancelled(self):
        return self.exclude(state=HandoverState.CANCELLED)

    def passed_on(self):
        return self.filter(state__in=PASSED_ON)

    def with_names(self):
        return self.select_related(
            "organisation__parent", "posting__official", "posting__post", "incoming", "outgoing", "successor"
        )

    def with_tally(self):
        """How many items each has, how many of them are open, and how many each party confirmed of these."""
        still = Q(items__ended_on=None)
        return self.annotate(
            number_of_items=Count("items", distinct=True),
            number_open=Count("items", filter=still, distinct=True),
            **{
                f"by_{party}": Count(
                    "items", filter=still & Q(items__confirmations__party=party), distinct=True
                )
                for party in Party.values
            },
        )


# Every open item has the word of all three, and nothing that was said against one is left standing.
NOT_ALL_CONFIRMED = """NEW.state = 'complete' AND (
  EXISTS (SELECT FROM commitments_handoveritem i WHERE i.handover_id = NEW.id AND i.ended_on IS NULL
    AND 3 > (SELECT count(*) FROM commitments_handoverconfirmation c WHERE c.item_id = i.id))
  OR NOT EXISTS (SELECT FROM commitments_handoveritem i WHERE i.handover_id = NEW.id)
  OR EXISTS (SELECT FROM commitments_handovernote n JOIN commitments_handoveritem i ON i.id = n.item_id
    WHERE i.handover_id = NEW.id AND n.settled_at IS NULL))"""


@pghistory.track()
class Handover(models.Model):
    """离任交接：一次任职结束或者单位撤并时，没有办完的事逐件由移交人、接交人、监交人确认。`organisation` 是岗位所在的单位。"""

    posting = models.ForeignKey(
        Posting, on_delete=models.PROTECT, null=True, related_name="handovers", verbose_name="任职"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="handovers", verbose_name="单位"
    )
    successor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="接续的单位"
    )
    number = models.CharField("交接编号", max_length=20, unique=True, editable=False)
    cause = models.CharField("原因", max_length=16, choices=Cause.choices)
    outgoing = models.ForeignKey(
        Official, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="移交人"
    )
    outgoing_name = models.CharField("移交人姓名（当时）", max_length=60, blank=True, editable=False)
    incoming = models.ForeignKey(
        Official, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="接交人"
    )
    incoming_name = models.CharField("接交人姓名（当时）", max_length=60, blank=True, editable=False)
    leaves_on = models.DateField("离任日期")
    state = models.CharField("状态", max_length=12, choices=HandoverState.choices, default=HandoverState.OPEN)
    override_reason = models.CharField("先离任的理由", max_length=500, blank=True, default="")
    override_asked_by = person("先离任申请人", null=True)
    override_decided_by = person("先离任批准人", null=True)
    created_by = person("登记人")
    created_on = models.DateField("登记日期")
    completed_on = models.DateField("完成日期", null=True, editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)
    clocks = Clocks()

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = "离任交接"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="handover_is_of_a_posting_or_a_unit",
                condition=Q(posting__isnull=False, successor=None)
                | (Q(posting=None, successor__isnull=False) & ~Q(successor=F("organisation"))),
            ),
            models.UniqueConstraint(
                name="one_handover_per_posting",
                fields=["posting"],
                condition=~Q(state="cancelled") & Q(posting__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_handover_per_ending_unit",
                fields=["organisation"],
                condition=~Q(state="cancelled") & Q(posting=None),
            ),
            models.CheckConstraint(
                name="giver_and_taker_are_two_people",
                condition=Q(outgoing=None) | Q(incoming=None) | ~Q(outgoing=F("incoming")),
            ),
            models.CheckConstraint(
                name="complete_handover_has_its_taker",
                condition=~Q(state="complete") | Q(incoming__isnull=False),
            ),
            models.CheckConstraint(
                name="completed_handover_has_its_day",
                condition=Q(state__in=PASSED_ON, completed_on__isnull=False)
                | Q(state__in=["open", "asked", "cancelled"], completed_on=None),
            ),
            models.CheckConstraint(
                name="override_has_a_reason",
                condition=~Q(state__in=["asked", "overridden"])
                | (~Q(override_reason="") & Q(override_asked_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="override_decided_by_another",
                condition=(~Q(state="overridden") & Q(override_decided_by=None))
                | (
                    Q(state="overridden", override_decided_by__isnull=False)
                    & ~Q(override_decided_by=F("override_asked_by"))
                ),
            ),
        ]
        triggers = [
            at_commit(
                "handover_complete_when_all_confirmed", NOT_ALL_CONFIRMED, "every open item by all three"
            ),
            fixed(
                "handover_keeps_what_it_is",
                *("posting_id", "organisation_id", "successor_id", "number", "cause", "outgoing_id"),
                *("outgoing_name", "created_by_id", "created_on"),
            ),
            fixed(
                "ended_handover_stays",
                *("state", "completed_on", "leaves_on", "override_reason", "override_asked_by_id"),
                "override_decided_by_id",
                unless="OLD.state IN ('open', 'asked')",
            ),
            fixed(
                "taker_stays_once_heard",
                *("incoming_id", "incoming_name"),
                unless="(OLD.state IN ('open', 'asked') AND NOT EXISTS (SELECT FROM "
                "commitments_handoverconfirmation c JOIN commitments_handoveritem i ON i.id = c.item_id "
                "WHERE i.handover_id = OLD.id AND c.party = 'taker')) "
                "OR (OLD.state = 'overridden' AND OLD.incoming_id IS NULL)",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.organisation}{'并入' + self.successor.name if self.successor_id else '离任交接'} {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in GOING_ON

    @property
    def post(self):
        """The post somebody leaves, or None where a whole unit ends."""
        return self.posting.post if self.posting else None

    @property
    def scope(self):
        """The post whose own matters pass on, or None where all of the unit does: for its lead, or where it ends."""
        return None if self.post is None or self.post.is_lead_post else self.post

    @property
    def office(self) -> str:
        """What is handed over: a post, or a whole unit."""
        return self.post.name if self.post else "单位的全部工作"


class HandoverItemQuerySet(ScopedQuerySet):
    path_lookup = "handover__organisation__path"

    def visible_to(self, user):
        return self.filter(seen_by(user, "handover__"))

    def still_open(self):
        return self.filter(ended_on=None)

    def of(self, obj):
        """The rows about one object, in whichever handover it passed."""
        return self.filter(object_kind=obj._meta.label_lower, object_id=obj.pk)

    def inherited(self):
        """What went to a successor, the last handover first."""
        return (
            self.filter(handover__state__in=PASSED_ON, ended_on=None)
            .select_related("handover")
            .order_by("-handover__completed_on", "-handover_id")
        )


ITS_HANDOVER_IS_OPEN = "EXISTS (SELECT FROM commitments_handover h WHERE h.id = {row}.handover_id AND h.state IN ('open', 'asked'))"


def while_open(rule: str, handover: str) -> pgtrigger.Trigger:
    """A row that comes only while its handover goes on; `handover` is SQL for the number of it."""
    return pgtrigger.Trigger(
        name=rule,
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=f"""
        IF NOT EXISTS (SELECT FROM commitments_handover h WHERE h.id = {handover}
                       AND h.state IN ('open', 'asked')) THEN
          {refuse(rule, "the handover is over")}
        END IF;
        RETURN NEW;
        """,
    )


class HandoverItem(models.Model):
    """交接清单的一件：交接时没有办完的一件承诺、台账、来件、期限或异议，三方各自确认。办完的标明，不删去。"""

    handover = models.ForeignKey(
        Handover, on_delete=models.PROTECT, related_name="items", verbose_name="离任交接"
    )
    object_kind = models.CharField("对象类型", max_length=60)
    object_id = models.BigIntegerField("对象编号")
    kind = models.CharField("种类", max_length=30)
    label = models.CharField("事项", max_length=200)
    due_on = models.DateField("期限", null=True)
    state_then = models.CharField("当时的状态", max_length=30, blank=True)
    path = models.CharField("办理页面", max_length=200, blank=True)
    outgoing_name = models.CharField("移交人（当时）", max_length=60, blank=True)
    incoming_name = models.CharField("接交人（当时）", max_length=60, blank=True, default="")
    added_on = models.DateField("列入日期")
    ended_on = models.DateField("交接期间办结", null=True)

    objects = HandoverItemQuerySet.as_manager()

    class Meta:
        verbose_name = "交接事项"
        ordering = ["id"]
        indexes = [models.Index(fields=["object_kind", "object_id"], name="handover_item_by_object")]
        constraints = [
            models.UniqueConstraint(
                name="one_item_per_thing", fields=["handover", "object_kind", "object_id"]
            )
        ]
        triggers = [
            while_open("item_joins_an_open_handover", "NEW.handover_id"),
            fixed(
                "item_keeps_what_it_said",
                *("handover_id", "object_kind", "object_id", "kind", "label", "due_on", "state_then", "path"),
                *("outgoing_name", "added_on"),
            ),
            fixed(
                "item_ends_while_the_handover_is_open",
                "ended_on",
                unless=ITS_HANDOVER_IS_OPEN.format(row="OLD"),
            ),
            fixed("item_keeps_who_took_it", "incoming_name", unless="OLD.incoming_name = ''"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.label

    def is_overdue(self, today) -> bool:
        return self.due_on is not None and self.due_on < today
