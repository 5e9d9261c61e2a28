"""Officials and the posts they hold from one day to another."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import at_commit, refuse
from longsha_credit.directory.models.organisations import Organisation
from longsha_credit.directory.scope import ScopedQuerySet


class OfficialQuerySet(ScopedQuerySet):
    def with_unit(self):
        return self.select_related("organisation").order_by("organisation__path", "staff_number")


@pghistory.track()
class Official(models.Model):
    """公职人员：姓名和工号，不存身份证号码。"""

    name = models.CharField("姓名", max_length=60)
    staff_number = models.CharField("工号", max_length=30)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="officials", verbose_name="所在单位"
    )

    objects = OfficialQuerySet.as_manager()

    class Meta:
        verbose_name = "公职人员"
        ordering = ["organisation", "staff_number"]
        constraints = [
            models.UniqueConstraint(name="staff_number_is_unique", fields=["organisation", "staff_number"])
        ]

    def __str__(self):
        return self.name


class PostingQuerySet(ScopedQuerySet):
    path_lookup = "post__path"

    def public(self):
        """The terms at the lead posts of units with a public page: which days they are is public, whose they are is not."""
        units = Organisation.objects.public().order_by()
        return self.filter(post__is_lead_post=True, post__parent__in=units).select_related("post__parent")

    def current(self):
        return self.filter(ended_on=None)

    def ended(self):
        return self.filter(ended_on__isnull=False)

    def at(self, unit):
        """Held at the posts directly under one unit, the lead post first, the newest first."""
        return (
            self.filter(post__parent=unit)
            .select_related("official__user", "post")
            .order_by("-post__is_lead_post", "post_id", "-started_on", "-id")
        )


@pghistory.track()
class Posting(models.Model):
    """任职：某人自某日起在某岗。结束任职须先完成交接（cleared_at）。"""

    official = models.ForeignKey(
        Official, on_delete=models.PROTECT, related_name="postings", verbose_name="公职人员"
    )
    post = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="postings", verbose_name="岗位"
    )
    started_on = models.DateField("到任日期")
    ended_on = models.DateField("离任日期", null=True, blank=True)
    cleared_at = models.DateTimeField("交接完成时间", null=True, blank=True, editable=False)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        ordering = ["-started_on"]
        constraints = [
            models.CheckConstraint(
                name="posting_ends_after_handover",
                condition=Q(ended_on=None) | Q(cleared_at__isnull=False),
            ),
            models.CheckConstraint(
                name="posting_ends_after_it_begins",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
            models.UniqueConstraint(
                name="one_current_holder_of_a_post", fields=["post"], condition=Q(ended_on=None)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="posting_is_at_a_post",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF (SELECT level FROM directory_organisation WHERE id = NEW.post_id) <> 'post' THEN
                  {refuse("posting_is_at_a_post", "only a post can be held")}
                END IF;
                RETURN NEW;
                """,
            ),
            # Handovers stand in a package above; the database knows both, and no service of ours gets past it.
            at_commit(
                "posting_ends_by_its_handover",
                """NEW.ended_on IS NOT NULL AND NOT EXISTS (
                  SELECT FROM commitments_handover h WHERE h.state IN ('complete', 'overridden') AND (
                    h.posting_id = NEW.id OR (h.posting_id IS NULL AND h.organisation_id =
                      (SELECT parent_id FROM directory_organisation WHERE id = NEW.post_id))))""",
                "a posting ends by its own handover or by that of its unit",
            ),
        ]

    def __str__(self):
        return f"{self.official}任{self.post}"

    @property
    def organisation(self):
        return self.post

    @property
    def unit(self):
        """The unit its post stands under."""
        return self.post.parent
