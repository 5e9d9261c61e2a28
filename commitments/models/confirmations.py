"""What the parties of a handover say: the word for each item, a signed paper in its place, what is disputed."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from commitments.models.handovers import Handover, HandoverItem, Party, person, seen_by, while_open
from longsha_credit.audit.triggers import append_only, fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.files.models import StoredFile

ITEMS_HANDOVER = "(SELECT handover_id FROM commitments_handoveritem WHERE id = NEW.item_id)"


class PaperState(models.TextChoices):
    ASKED = "asked", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class SignedPaperQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(seen_by(user, "handover__"))


class SignedPaper(models.Model):
    """签字件：一方没有账号或拒绝确认，监交人上传签字的纸件并说明理由，由区里另一个人批准，代替这一方的确认。"""

    handover = models.ForeignKey(
        Handover, on_delete=models.PROTECT, related_name="papers", verbose_name="离任交接"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    party = models.CharField("代替谁的确认", max_length=8, choices=Party.choices[:2])
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="签字的纸件"
    )
    reason = models.CharField("理由", max_length=500)
    state = models.CharField("状态", max_length=10, choices=PaperState.choices, default=PaperState.ASKED)
    asked_by = person("上传人")
    asked_on = models.DateField("上传日期")
    decided_by = person("决定人", null=True)
    decided_on = models.DateField("决定日期", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = SignedPaperQuerySet.as_manager()

    class Meta:
        verbose_name = "交接签字件"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="paper_stands_for_a_party", condition=Q(party__in=["giver", "taker"])
            ),
            models.CheckConstraint(name="paper_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="paper_decided_by_another",
                condition=Q(state="asked", decided_by=None, decided_on=None)
                | (
                    Q(state__in=["approved", "refused"], decided_by__isnull=False, decided_on__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                ),
            ),
            models.UniqueConstraint(
                name="one_paper_asked_at_a_time", fields=["handover", "party"], condition=Q(state="asked")
            ),
        ]
        triggers = [
            while_open("paper_comes_while_the_handover_is_open", "NEW.handover_id"),
            fixed(
                "paper_keeps_what_was_asked",
                *("handover_id", "organisation_id", "party", "file_id", "reason", "asked_by_id", "asked_on"),
            ),
            fixed(
                "paper_is_decided_once", "state", "decided_by_id", "decided_on", unless="OLD.state = 'asked'"
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.handover}：{self.get_party_display()}签字件"


# In person: the giver and the taker by their own accounts, the witness by neither. By paper: an approved one.
CONFIRMED_BY_THE_PARTY = f"""
SELECT h.outgoing_id, h.incoming_id, h.id INTO parties FROM commitments_handover h
  JOIN commitments_handoveritem i ON i.handover_id = h.id WHERE i.id = NEW.item_id;
SELECT official_id INTO who FROM directory_user WHERE id = NEW.by_id;
IF NEW.paper_id IS NULL AND (CASE NEW.party
    WHEN 'giver' THEN who = parties.outgoing_id
    WHEN 'taker' THEN who = parties.incoming_id
    WHEN 'witness' THEN who IS NULL OR (who IS DISTINCT FROM parties.outgoing_id
                                        AND who IS DISTINCT FROM parties.incoming_id)
  END) IS NOT TRUE THEN
  {refuse("confirmed_by_the_party_itself", "each party by its own account")}
END IF;
IF NEW.paper_id IS NOT NULL AND NOT EXISTS (SELECT FROM commitments_signedpaper p
    WHERE p.id = NEW.paper_id AND p.handover_id = parties.id AND p.party = NEW.party AND p.state = 'approved') THEN
  {refuse("confirmed_by_the_party_itself", "a paper of this party, approved")}
END IF;
RETURN NEW;
"""


class ConfirmationQuerySet(ScopedQuerySet):
    path_lookup = "item__handover__organisation__path"


class HandoverConfirmation(models.Model):
    """交接确认：某一方在某时确认了某一件。只增不改。"""

    item = models.ForeignKey(
        HandoverItem, on_delete=models.PROTECT, related_name="confirmations", verbose_name="交接事项"
    )
    party = models.CharField("哪一方", max_length=8, choices=Party.choices)
    by = person("确认人")
    by_name = models.CharField("姓名（当时）", max_length=60)
    paper = models.ForeignKey(
        SignedPaper, on_delete=models.PROTECT, null=True, related_name="confirmations", verbose_name="签字件"
    )
    at = models.DateTimeField("确认时间", auto_now_add=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = "交接确认"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="each_party_confirms_once", fields=["item", "party"]),
        ]
        triggers = [
            while_open("confirmed_while_the_handover_is_open", ITEMS_HANDOVER),
            pgtrigger.Trigger(
                name="confirmed_by_the_party_itself",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=CONFIRMED_BY_THE_PARTY,
                declare=[("parties", "RECORD"), ("who", "BIGINT")],
            ),
            *append_only(),
        ]

    def __str__(self):
        return f"{self.get_party_display()} {self.by_name}"


class NoteQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(seen_by(user, "item__handover__"))

    def open(self):
        return self.filter(settled_at=None)


class HandoverNote(models.Model):
    """交接异议：某一方对某一件有不同说法，写明以后由监交人说明怎样处理；没有处理的，交接不能完成。"""

    item = models.ForeignKey(
        HandoverItem, on_delete=models.PROTECT, related_name="notes", verbose_name="交接事项"
    )
    party = models.CharField("哪一方", max_length=8, choices=Party.choices)
    text = models.CharField("异议", max_length=500)
    by = person("提出人")
    by_name = models.CharField("提出人姓名（当时）", max_length=60)
    at = models.DateTimeField("提出时间", auto_now_add=True)
    settled = models.CharField("怎样处理", max_length=500, blank=True, default="")
    settled_by = person("处理人", null=True)
    settled_by_name = models.CharField("处理人姓名（当时）", max_length=60, blank=True, default="")
    settled_at = models.DateTimeField("处理时间", null=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = "交接异议"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="note_says_what", condition=~Q(text="")),
            models.CheckConstraint(
                name="settled_note_says_how",
                condition=Q(settled="", settled_by=None, settled_at=None)
                | (~Q(settled="") & Q(settled_by__isnull=False, settled_at__isnull=False)),
            ),
        ]
        triggers = [
            while_open("note_comes_while_the_handover_is_open", ITEMS_HANDOVER),
            fixed("note_keeps_what_was_said", "item_id", "party", "text", "by_id", "by_name", "at"),
            fixed(
                "note_is_settled_once",
                *("settled", "settled_by_id", "settled_by_name", "settled_at"),
                unless="OLD.settled_at IS NULL",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.item}：{self.text}"
