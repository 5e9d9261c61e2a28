"""What is proposed after an annual evaluation, for people to decide: a notice of criticism, an accountability proposal."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from evaluation.models.annuals import AnnualOutcome
from evaluation.models.summaries import person
from longsha_credit.audit.triggers import TODAY, fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import ScopedQuerySet


class ProposalKind(models.TextChoices):
    """方案二（九）列明的两种处理。"""

    CIRCULAR = "circular", "通报批评"
    ACCOUNTABILITY = "accountability", "追究主要负责人责任的建议"


class ProposalState(models.TextChoices):
    DRAFT = "draft", "拟稿"
    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已同意"
    REFUSED = "refused", "不同意"
    DROPPED = "dropped", "不再提请"


class ProposalQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Work of the district until it is decided; neither the unit nor its people read drafts about them."""
        of_district = [path for path in user.paths_for(SEES_WORK) if path.count("/") == 2]
        rows = models.Q(pk__in=[])
        for path in of_district:
            rows |= models.Q(organisation__path__startswith=path)
        return self.filter(rows)

    def with_names(self):
        return self.select_related(
            "organisation__parent", "outcome__year__organisation", "created_by", "decided_by", "notice"
        )


@pghistory.track()
class AnnualProposal(models.Model):
    """处理建议：通报批评或者追究主要负责人责任的建议稿，由人决定。同意的通报转成公开内容草稿，走公开审查。"""

    outcome = models.ForeignKey(
        AnnualOutcome, on_delete=models.PROTECT, related_name="proposals", verbose_name="考评结果"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    kind = models.CharField("种类", max_length=14, choices=ProposalKind.choices)
    facts = models.TextField("事实", max_length=2000)
    asked = models.TextField("建议", max_length=1000)
    basis = models.CharField("依据", max_length=300)
    state = models.CharField(
        "状态", max_length=10, choices=ProposalState.choices, default=ProposalState.DRAFT
    )
    drafted_on = models.DateField("拟稿日期")
    number = models.CharField("编号", max_length=40, blank=True, default="")
    decided_by = person("审批人", null=True)
    decided_on = models.DateField("审批日期", null=True)
    opinion = models.CharField("审批意见", max_length=500, blank=True, default="")
    notice = models.OneToOneField(
        "disclosure.Notice", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="通报"
    )
    created_by = person("拟稿人")
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "处理建议"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_proposal_of_a_kind",
                fields=["outcome", "kind"],
                condition=Q(state__in=["draft", "proposed", "approved"]),
            ),
            models.CheckConstraint(
                name="proposal_gives_facts_and_basis",
                condition=~Q(facts="") & ~Q(asked="") & ~Q(basis="") & Q(kind__in=ProposalKind.values),
            ),
            models.CheckConstraint(
                name="proposal_is_decided_by_another",
                condition=(
                    Q(state__in=["approved", "refused"], decided_by__isnull=False, decided_on__isnull=False)
                    & ~Q(decided_by=F("created_by"))
                )
                | (~Q(state__in=["approved", "refused"]) & Q(decided_by=None, decided_on=None, notice=None)),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_proposal_before_the_defence",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (
                    SELECT FROM evaluation_annualoutcome o WHERE o.id = NEW.outcome_id
                    AND o.organisation_id = NEW.organisation_id AND o.state <> 'pending'
                    AND (EXISTS (SELECT FROM evaluation_defence d WHERE d.outcome_id = o.id)
                         OR (o.defence_until < NEW.drafted_on AND NEW.drafted_on <= {TODAY}))) THEN
                  {refuse("no_proposal_before_the_defence", "the unit is heard first, or its days are over")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "proposal_keeps_its_place",
                *("outcome_id", "organisation_id", "kind", "drafted_on", "created_by_id"),
            ),
            fixed("proposed_text_stays", "facts", "asked", "basis", unless="OLD.state = 'draft'"),
            fixed(
                "decided_proposal_stays",
                *("state", "decided_by_id", "decided_on", "opinion", "number"),
                unless="OLD.state IN ('draft', 'proposed')",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.organisation.name}：{self.get_kind_display()}"
