"""The panel that scores blind, and who looked on the spot."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from evaluation.models.demonstrations import DISTRICT, Application
from evaluation.models.sets import Indicator
from longsha_credit.audit.triggers import append_only, at_commit, fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK, Role
from longsha_credit.directory.scope import ScopedQuerySet, within
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.models import Inspection

PANEL = frozenset({Role.PANEL})


class SeatState(models.TextChoices):
    ASSIGNED = "assigned", "待评分"
    SENT = "sent", "已提交评分"
    RECUSED = "recused", "已回避"
    RELIEVED = "relieved", "已撤换"


class SeatQuerySet(ScopedQuerySet):
    """Who sits on which panel: read by its member and by the district, not by the unit that is scored."""

    def visible_to(self, user):
        return self.filter(Q(reviewer=user.pk) | within(user, DISTRICT, self.path_lookup))

    def public(self):
        return self.none()

    def with_names(self):
        return self.select_related("application__organisation__parent", "application__cycle", "reviewer")

    def sitting(self):
        return self.filter(state__in=[SeatState.ASSIGNED, SeatState.SENT])


class Seat(models.Model):
    """席位：一名评审员评一个申报。本单位的人和有利害关系的人回避；提交以后自己的分也不能再改。"""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="seats", verbose_name="申报"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="被评单位"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="评审员"
    )
    state = models.CharField("状态", max_length=10, choices=SeatState.choices, default=SeatState.ASSIGNED)
    sent_at = models.DateTimeField("提交时间", null=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="分派人"
    )
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = "评审席位"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="one_seat_per_reviewer", fields=["application", "reviewer"]),
            models.CheckConstraint(
                name="sent_seat_says_when",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="nobody_scores_the_own_unit",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("unit", "RECORD")],
                # The street above a community is its own too; the district, where panels sit, is not.
                func=f"""
                SELECT o.id, o.path INTO unit FROM directory_organisation o
                  JOIN evaluation_application a ON a.organisation_id = o.id WHERE a.id = NEW.application_id;
                IF unit.id <> NEW.organisation_id OR (NEW.state IN ('assigned', 'sent') AND EXISTS (
                    SELECT FROM directory_organisation o WHERE o.level <> 'district'
                    AND (starts_with(unit.path, o.path) OR starts_with(o.path, unit.path))
                    AND o.id IN (
                      SELECT m.organisation_id FROM directory_membership m
                        WHERE m.user_id = NEW.reviewer_id AND m.ended_on IS NULL
                      UNION ALL SELECT f.organisation_id FROM directory_official f
                        JOIN directory_user u ON u.official_id = f.id WHERE u.id = NEW.reviewer_id))) THEN
                  {refuse("nobody_scores_the_own_unit", "who belongs to the unit stays away")}
                END IF;
                RETURN NEW;
                """,
            ),
            at_commit(
                "seat_is_sent_with_every_score",
                """NEW.state = 'sent' AND EXISTS (
                    SELECT FROM evaluation_application a JOIN evaluation_cycle c ON c.id = a.cycle_id
                    JOIN evaluation_heading h ON h.set_id = c.set_id
                    JOIN evaluation_indicator i ON i.heading_id = h.id AND i.way = 'human'
                    WHERE a.id = NEW.application_id AND NOT EXISTS (SELECT FROM evaluation_panelscore p
                      WHERE p.seat_id = NEW.id AND p.indicator_id = i.id))""",
                "every indicator that people judge has a score",
            ),
            fixed(
                "seat_keeps_its_place", "application_id", "organisation_id", "reviewer_id", "assigned_by_id"
            ),
            fixed("sent_seat_stays", "state", "sent_at", unless="OLD.state = 'assigned'"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.application}（评审）"


class PanelScoreQuerySet(models.QuerySet):
    """The one place that says who sees whose scores: pages, sums, orders and exports all start here."""

    def visible_to(self, user):
        """The own scores; others' once all own ones are in; the district's people once everybody's are."""
        own = Seat._base_manager.filter(application=OuterRef("seat__application"), reviewer=user.pk)
        waiting = Seat._base_manager.filter(
            application=OuterRef("seat__application"), state=SeatState.ASSIGNED
        )
        sent = Q(seat__state=SeatState.SENT)
        district = within(user, DISTRICT, "seat__organisation__path") & ~Q(Exists(own)) & ~Q(Exists(waiting))
        return self.filter(
            Q(seat__reviewer=user.pk) | sent & (Q(Exists(own.filter(state=SeatState.SENT))) | district)
        )

    def public(self):
        return self.none()

    def of(self, user):
        return self.filter(seat__reviewer=user.pk)

    def with_names(self):
        return self.select_related("seat__application", "indicator__heading")

    def counted(self):
        """Of seats that were sent: who stays away or was relieved does not count."""
        return self.filter(seat__state=SeatState.SENT)


class PanelScore(models.Model):
    """评审分：一名评审员给一条人工评审指标的分。自己全部提交以前看不到别人的，提交以后自己的不再改。"""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="scores", verbose_name="席位")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", verbose_name="指标")
    points = models.PositiveIntegerField("分")  # hundredths
    note = models.CharField("评语", max_length=300, blank=True, default="")
    explanation = models.CharField("偏离的说明", max_length=300, blank=True, default="")
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = PanelScoreQuerySet.as_manager()

    class Meta:
        verbose_name = "评审分"
        ordering = ["indicator__heading__number", "indicator__number", "id"]
        constraints = [
            models.UniqueConstraint(name="one_score_per_seat_and_indicator", fields=["seat", "indicator"])
        ]
        triggers = [
            pgtrigger.Trigger(
                name="panel_judges_what_people_judge",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT FROM evaluation_seat s JOIN evaluation_application a ON a.id = s.application_id
                    JOIN evaluation_cycle c ON c.id = a.cycle_id JOIN evaluation_heading h ON h.set_id = c.set_id
                    JOIN evaluation_indicator i ON i.heading_id = h.id
                    WHERE s.id = NEW.seat_id AND i.id = NEW.indicator_id AND i.way = 'human'
                    AND NEW.points <= i.points) THEN
                  {refuse("panel_judges_what_people_judge", "a human indicator of the round, within its points")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("score_keeps_its_place", "seat_id", "indicator_id"),
            pgtrigger.Trigger(
                name="sent_scores_stay",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF (TG_OP = 'INSERT' OR (OLD.points, OLD.note) IS DISTINCT FROM (NEW.points, NEW.note))
                   AND (SELECT state FROM evaluation_seat WHERE id = NEW.seat_id FOR SHARE) <> 'assigned' THEN
                  {refuse("sent_scores_stay", "who has seen other scores changes none")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.seat}：{self.indicator}"


class Seen(models.TextChoices):
    AS_TOLD = "as_told", "与自评相符"
    MOSTLY = "mostly", "基本相符，个别不符"
    NOT = "not", "与自评不符"


class SiteVisitQuerySet(ScopedQuerySet):
    seen_by = SEES_WORK

    def visible_to(self, user):
        return self.filter(application__in=Application.objects.visible_to(user))

    def public(self):
        return self.none()


class SiteVisit(models.Model):
    """现场核查：评审期间到单位看了什么、与自评符不符；可以就是一次督导检查。登记以后不改，再去一次再登记。"""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="visits", verbose_name="申报"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属督导检查"
    )  # fmt: skip
    visited_on = models.DateField("核查日期")
    visitors = models.CharField("参加人员", max_length=100)
    seen = models.CharField("结论", max_length=8, choices=Seen.choices)
    text = models.TextField("看到的情况", max_length=1000)
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True, verbose_name="照片和材料")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = SiteVisitQuerySet.as_manager()

    class Meta:
        verbose_name = "现场核查"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="visit_says_what_was_seen", condition=~Q(text="") & Q(seen__in=Seen.values)
            )
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.application}（现场核查）"
