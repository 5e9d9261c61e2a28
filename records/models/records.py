"""An integrity record of a unit or an official, from draft to its end, and its way to the public page."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Q

from longsha_credit.audit.triggers import at_commit, fixed, never_deleted, refuse
from longsha_credit.directory.models import Official, Organisation, Posting
from longsha_credit.directory.roles import SEES_WORK, Role
from longsha_credit.directory.scope import ScopedQuerySet, within
from longsha_credit.files.models import StoredFile
from records.models.catalogue import PERSONS, CatalogueItem, Disclosure, RecordKind, SubjectKind

FILERS = frozenset({Role.CLERK, Role.LEAD, Role.OFFICE})
CONFIRMERS = frozenset({Role.REVIEWER, Role.OFFICE})


class RecordState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待核实"
    RETURNED = "returned", "退回修改"
    CONFIRMED = "confirmed", "已确认，未生效"
    EFFECTIVE = "effective", "有效"
    REVOKING = "revoking", "申请撤销"
    EXPIRED = "expired", "已到期"
    REPAIRED = "repaired", "已修复"
    REVOKED = "revoked", "已撤销"
    CORRECTED = "corrected", "已更正"
    DISCARDED = "discarded", "已作废"


UNFINISHED = [RecordState.DRAFT, RecordState.SUBMITTED, RecordState.RETURNED, RecordState.DISCARDED]
FINISHED = [state for state in RecordState if state not in UNFINISHED]
STANDING = [RecordState.CONFIRMED, RecordState.EFFECTIVE, RecordState.REVOKING]


class Part(models.TextChoices):
    PARTY = "party", "当事"
    INVOLVED = "involved", "涉及"


class Finality(models.TextChoices):
    FINAL = "final", "已生效"
    PENDING = "pending", "还可复议、诉讼或申诉"


class CorrectionKind(models.TextChoices):
    CLERICAL = "clerical", "文字更正"
    MATERIAL = "material", "实质更正"


class RecordQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """By the level of the catalogue item; a record on a person is for few: see `design` and the README.

        The district's reviewers and office read all; the unit's leads what is not kept to the office; who else works
        on the unit reads records of units at the level 机关内部 and above; a writer the own drafts. Whatever the
        level, the subject reads what is confirmed about it: the unit through its leads, an official the own record.
        """
        kept = Q(disclosure__in=[Disclosure.HANDLER, Disclosure.OFFICE])
        person = Q(subject_kind__in=PERSONS)
        path = "organisation__path"
        seen = within(user, CONFIRMERS, path)
        seen |= within(user, {Role.LEAD}, path) & ~kept
        seen |= within(user, {Role.LEAD}, path) & ~person & ~Q(state__in=UNFINISHED)
        seen |= within(user, SEES_WORK, path) & ~kept & ~person
        seen |= within(user, FILERS, path) & Q(created_by=user.pk, state__in=UNFINISHED)
        if user.official_id:
            own = Posting.objects.current().filter(official=user.official_id).values("post")
            seen |= (Q(official=user.official_id) | Q(organisation__in=own)) & ~Q(state__in=UNFINISHED)
        return self.filter(seen)

    def public(self):
        """Records of units whose notice stands published now; pages, search and counts start here."""
        notices = self.model._meta.get_field("notices").related_model
        published = notices.objects.public().filter(record=OuterRef("pk"))
        return self.filter(Exists(published), disclosure=Disclosure.PUBLIC).exclude(subject_kind__in=PERSONS)

    def with_names(self):
        return self.select_related("organisation__parent", "official", "item", "created_by")

    def marked(self):
        """With `objected` and `repairing`: whether an objection or a request for repair is open now.

        And `to_correct`: an objection was right, and the corrected version does not stand yet.
        """
        model = self.model
        open_ = {
            name: model._meta.get_field(related)
            .related_model._base_manager.filter(record=OuterRef("pk"))
            .exclude(state__in=["decided", "recalled"])
            for name, related in (("objected", "objections"), ("repairing", "repairs"))
        }
        right = model._meta.get_field("objections").related_model._base_manager.filter(
            record=OuterRef("pk"), record__state__in=STANDING, state="decided", outcome="corrected"
        )
        return self.annotate(to_correct=Exists(right), **{n: Exists(rows) for n, rows in open_.items()})

    def below(self, organisation):
        return self.filter(organisation__path__startswith=organisation.path)

    def in_effect(self):
        return self.filter(state__in=[RecordState.EFFECTIVE, RecordState.REVOKING])

    def standing(self):
        return self.filter(state__in=STANDING)

    def breaches(self):
        """Adverse and the unit's or official's own: what others did and a mention do not count."""
        return self.filter(item__kind=RecordKind.BREACH, part=Part.PARTY)


def _within_months(day: str, months: str) -> ExpressionWrapper:
    """SQL of the last day that lies so many months after a day."""
    interval = Func(F(months), function="make_interval", template="%(function)s(months => %(expressions)s)")
    return ExpressionWrapper(F(day) + interval, output_field=models.DateTimeField())


CONTENT = (
    *("item_id", "organisation_id", "official_id", "subject_kind", "subject_name", "part", "title", "facts"),
    *("document_number", "issuing_body", "decided_on", "disclosure", "effect_max_months", "repairable"),
    *("repair_min_months", "corrects_id", "correction_kind", "correction_reason", "created_by_id"),
    "submitted_by_id",
)
PERIOD = ("finality", "next_check_on", "effective_from", "effective_until")

# What an objection was open against when it expired may still be found wrong, and by nothing else.
OVERTURNED = """(OLD.state = 'expired' AND NEW.state = 'revoked' AND EXISTS (
  SELECT FROM records_objection WHERE record_id = OLD.id AND state = 'decided' AND outcome = 'revoked'))"""

COPIES_FIT = f"""
SELECT * INTO it FROM records_catalogueitem WHERE id = NEW.item_id;
IF (it.disclosure, it.effect_months, it.repairable, it.repair_min_months)
   IS DISTINCT FROM (NEW.disclosure, NEW.effect_max_months, NEW.repairable, NEW.repair_min_months)
   OR NOT (NEW.subject_kind = ANY (it.subjects)) THEN
  {refuse("record_copies_its_catalogue_item", "level, period, repair and subject are those of the item")}
END IF;
RETURN NEW;
"""

SUBJECT_FITS = f"""
SELECT level INTO unit_level FROM directory_organisation WHERE id = NEW.organisation_id;
IF NEW.official_id IS NULL AND unit_level <> NEW.subject_kind THEN
  {refuse("record_subject_fits_its_kind", "the unit is not of this kind")}
END IF;
IF NEW.official_id IS NOT NULL
   AND (SELECT organisation_id FROM directory_official WHERE id = NEW.official_id) <> NEW.organisation_id
   AND TG_OP = 'INSERT' THEN
  {refuse("record_subject_fits_its_kind", "the official does not belong to the unit")}
END IF;
RETURN NEW;
"""


@pghistory.track()
class Record(models.Model):
    """诚信记录：某单位或某公职人员的一件守信或失信的事，有文号、有依据、有证据，一人填报、另一人核实。"""

    number = models.CharField("记录编号", max_length=12, blank=True, default="", editable=False)
    version = models.PositiveSmallIntegerField("版本", default=1, editable=False)
    item = models.ForeignKey(
        CatalogueItem, on_delete=models.PROTECT, related_name="records", verbose_name="清单事项"
    )
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="更正哪一版",
    )
    correction_kind = models.CharField(
        "更正种类", max_length=8, choices=CorrectionKind.choices, blank=True, default=""
    )
    correction_reason = models.CharField("更正理由", max_length=500, blank=True, default="")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="records", verbose_name="单位"
    )
    official = models.ForeignKey(
        Official,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name="公职人员",
    )
    subject_kind = models.CharField("主体种类", max_length=10, choices=SubjectKind.choices, editable=False)
    subject_name = models.CharField("当时的名称", max_length=120, editable=False)
    part = models.CharField("主体在事件中", max_length=8, choices=Part.choices, default=Part.PARTY)
    title = models.CharField("标题", max_length=80)
    facts = models.TextField("事实", max_length=2000)
    document_number = models.CharField("文号", max_length=80, blank=True, default="")
    issuing_body = models.CharField("作出机关", max_length=80, blank=True, default="")
    decided_on = models.DateField("作出日期", null=True, blank=True)
    finality = models.CharField(
        "决定生效没有", max_length=8, choices=Finality.choices, default=Finality.FINAL
    )
    next_check_on = models.DateField("下次复查日期", null=True, blank=True)
    effective_from = models.DateField("生效日期", null=True, blank=True)
    effective_until = models.DateField("有效期至", null=True, blank=True)
    disclosure = models.CharField("公开层级", max_length=10, choices=Disclosure.choices, editable=False)
    effect_max_months = models.PositiveSmallIntegerField("最长有效月数", editable=False)
    repairable = models.BooleanField("可以修复", editable=False)
    repair_min_months = models.PositiveSmallIntegerField("修复前最短月数", editable=False)
    files = models.ManyToManyField(
        StoredFile, through="records.RecordFile", related_name="+", blank=True, verbose_name="证据"
    )
    state = models.CharField("状态", max_length=10, choices=RecordState.choices, default=RecordState.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="填报人"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="核实人"
    )
    confirmed_on = models.DateField("核实日期", null=True, editable=False)
    return_reason = models.CharField("退回理由", max_length=500, blank=True, default="", editable=False)
    flagged = models.JSONField("退回时指出的栏目", default=dict, editable=False)
    revoke_from = models.CharField("申请撤销前的状态", max_length=10, blank=True, default="", editable=False)
    revoke_reason = models.CharField("撤销理由", max_length=500, blank=True, default="", editable=False)
    revoke_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="撤销申请人",
    )
    ended_on = models.DateField("终止日期", null=True, editable=False)
    unsound = models.TextField("不再符合条件", blank=True, default="", editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "诚信记录"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="record_by_unit"),
            models.Index(fields=["official", "state"], name="record_by_official"),
            models.Index(fields=["state", "effective_until"], name="record_by_end"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="record_number_and_version_are_unique",
                fields=["number", "version"],
                condition=~Q(number="") & ~Q(state="discarded"),
            ),
            models.UniqueConstraint(
                name="one_correction_of_a_version", fields=["corrects"], condition=~Q(state="discarded")
            ),
            models.CheckConstraint(
                name="record_number_is_jl_and_10_digits",
                condition=Q(number="") | Q(number__regex=r"^JL[0-9]{10}$"),
            ),
            models.CheckConstraint(
                name="nobody_confirms_his_own_record",
                condition=Q(confirmed_by=None)
                | (
                    Q(submitted_by__isnull=False)
                    & ~Q(confirmed_by=F("created_by"))
                    & ~Q(confirmed_by=F("submitted_by"))
                ),
            ),
            models.CheckConstraint(
                name="confirmed_record_has_its_basis",
                condition=Q(state__in=UNFINISHED)
                | (
                    Q(state__in=FINISHED, confirmed_by__isnull=False, confirmed_on__isnull=False)
                    & Q(decided_on__isnull=False)
                    & Q(effective_from__isnull=False, effective_until__isnull=False)
                    & ~Q(number="")
                    & ~Q(document_number="")
                    & ~Q(issuing_body="")
                ),
            ),
            models.CheckConstraint(
                name="effect_within_catalogue_maximum",
                condition=Q(effective_until=None)
                | Q(effective_until__lte=_within_months("effective_from", "effect_max_months")),
            ),
            models.CheckConstraint(
                name="effect_ends_after_it_begins",
                condition=Q(effective_from=None, effective_until=None)
                | Q(effective_from__isnull=False, effective_until__gt=F("effective_from")),
            ),
            models.CheckConstraint(
                name="only_final_decisions_take_effect",
                condition=~Q(state__in=["effective", "expired", "repaired"]) | Q(finality="final"),
            ),
            models.CheckConstraint(
                name="pending_decision_is_checked_again",
                condition=~Q(state="confirmed", finality="pending") | Q(next_check_on__isnull=False),
            ),
            models.CheckConstraint(
                name="record_on_a_person_is_not_public",
                condition=~Q(subject_kind__in=PERSONS) | ~Q(disclosure="public"),
            ),
            models.CheckConstraint(
                name="official_is_named_where_he_is_the_subject",
                condition=Q(subject_kind="official", official__isnull=False)
                | (~Q(subject_kind="official") & Q(official=None)),
            ),
            models.CheckConstraint(
                name="correction_says_what_and_why",
                condition=Q(corrects=None, correction_kind="", correction_reason="", version=1)
                | (
                    Q(corrects__isnull=False, correction_kind__in=CorrectionKind.values, version__gt=1)
                    & ~Q(correction_reason="")
                ),
            ),
            models.CheckConstraint(
                name="revocation_says_why_and_who_asked",
                condition=~Q(state__in=["revoking", "revoked"])
                | (~Q(revoke_reason="") & Q(revoke_asked_by__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="record_copies_its_catalogue_item",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=COPIES_FIT,
                declare=[("it", "RECORD")],
            ),
            pgtrigger.Trigger(
                name="record_subject_fits_its_kind",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=SUBJECT_FITS,
                declare=[("unit_level", "TEXT")],
            ),
            fixed("record_changes_only_as_draft", *CONTENT, unless="OLD.state IN ('draft', 'returned')"),
            fixed(
                "period_is_settled_before_it_takes_effect",
                *PERIOD,
                unless="OLD.state IN ('draft', 'returned', 'confirmed')",
            ),
            fixed("record_keeps_its_number", "number", "version", unless="OLD.number = ''"),
            fixed(
                "record_keeps_who_confirmed_it",
                *("confirmed_by_id", "confirmed_on"),
                unless="OLD.state = 'submitted'",
            ),
            fixed(
                "record_ends_once",
                "state",
                unless=f"OLD.state NOT IN ('expired', 'repaired', 'revoked', 'corrected', 'discarded') OR {OVERTURNED}",
            ),
            at_commit(
                "confirmed_record_has_evidence",
                """NEW.confirmed_by_id IS NOT NULL AND NOT EXISTS (
                    SELECT FROM records_record_files WHERE record_id = NEW.id
                )""",
                "what is confirmed has a document behind it",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        """Entries, clocks and notices name it so; what a person's record says stays in the record."""
        return f"公职人员诚信记录 {self.number or '（草稿）'}" if self.is_about_a_person else self.title

    @property
    def is_about_a_person(self) -> bool:
        return self.subject_kind in PERSONS
