"""An inspection as it is planned, who carries it out, and the visit of each unit down to its single points."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import at_commit, fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet, within
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.models.main_tasks import BY_KEY
from longsha_credit.programme.models.years import Year


class InspectionKind(models.TextChoices):
    HALF_YEAR = "half_year", "半年检查"
    SPECIAL = "special", "专项检查"
    SPOT = "spot", "日常抽查"
    YEAR_END = "year_end", "年终检查"


class InspectionState(models.TextChoices):
    DRAFT = "draft", "拟定中"
    GOING = "going", "进行中"
    CLOSED = "closed", "已结束"
    CANCELLED = "cancelled", "已取消"


def person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **options
    )


def unit(label: str = "单位") -> models.ForeignKey:
    return models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=label)


def year_is_open(year: str) -> pgtrigger.Trigger:
    """What belongs to a frozen year does not change any more; `year` is SQL for the id of the row's year."""
    return pgtrigger.Trigger(
        name="frozen_year_stays",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        declare=[("state_now", "TEXT")],
        # The lock makes this wait for a freezing that is under way, and a freezing wait for this.
        func=f"""
        SELECT state INTO state_now FROM programme_year WHERE id = ({year}) FOR SHARE;
        IF state_now = 'frozen' THEN
          {refuse("frozen_year_stays", "a frozen year is closed for everybody")}
        END IF;
        RETURN NEW;
        """,
    )


class InspectionQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "year", "created_by")


@pghistory.track()
class Inspection(models.Model):
    """督导检查：谁在哪几天查哪些单位、查什么、由哪些人去。另一个人批准以后开始，单位只看到查自己的那一次。"""

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="inspections", verbose_name="年度")
    organisation = unit("组织检查的单位")
    kind = models.CharField("类别", max_length=10, choices=InspectionKind.choices)
    title = models.CharField("名称", max_length=80)
    basis = models.CharField("依据", max_length=200)
    from_on = models.DateField("开始日期")
    to_on = models.DateField("结束日期")
    # [[heading, what is looked at], …] in the order of the form on the spot
    points = models.JSONField("检查内容", default=list)
    units = models.ManyToManyField(Organisation, related_name="+", verbose_name="被检查单位")
    state = models.CharField(
        "状态", max_length=10, choices=InspectionState.choices, default=InspectionState.DRAFT
    )
    summary = models.CharField("检查小结", max_length=500, blank=True, default="", editable=False)
    created_by = person("拟定人", editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "督导检查"
        ordering = ["-from_on", "-id"]
        indexes = [models.Index(fields=["year", "organisation"], name="inspection_by_year")]
        constraints = [
            models.CheckConstraint(
                name="inspection_ends_after_it_begins", condition=Q(to_on__gte=F("from_on"))
            ),
            models.CheckConstraint(
                name="inspection_says_why_and_how",
                condition=~Q(title="") & ~Q(basis="") & Q(kind__in=InspectionKind.values),
            ),
            models.CheckConstraint(
                name="closed_inspection_has_a_summary", condition=~Q(state="closed") | ~Q(summary="")
            ),
        ]
        triggers = [
            year_is_open("NEW.year_id"),
            fixed("inspection_keeps_its_organiser", "organisation_id", "created_by_id"),
            fixed(
                "announced_inspection_stays",
                *("year_id", "kind", "title", "basis", "from_on", "to_on", "points"),
                unless="OLD.state = 'draft'",
            ),
            fixed("ended_inspection_stays_ended", "state", unless="OLD.state IN ('draft', 'going')"),
            at_commit(
                "inspection_lies_in_its_year",
                """EXISTS (SELECT FROM programme_year y WHERE y.id = NEW.year_id
                           AND (extract(year FROM NEW.from_on) <> y.number
                                OR extract(year FROM NEW.to_on) <> y.number))""",
                "an inspection lies in the year it belongs to",
            ),
            at_commit(
                "inspection_is_made_by_two",
                """NEW.state IN ('going', 'closed') AND
                   (SELECT count(*) FROM programme_inspector i WHERE i.inspection_id = NEW.id) < 2""",
                "an inspection is made by at least two people",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title


class InspectorQuerySet(ScopedQuerySet):
    path_lookup = "inspection__organisation__path"


class Inspector(models.Model):
    """检查人员：一次检查至少两个人；批准以后只能增加，不能去掉。"""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="inspectors", verbose_name="督导检查"
    )
    user = person("检查人员")

    objects = InspectorQuerySet.as_manager()

    class Meta:
        verbose_name = "检查人员"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="inspector_is_named_once", fields=["inspection", "user"])]
        triggers = [
            pgtrigger.Trigger(
                name="inspectors_are_only_added",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=f"""
                IF EXISTS (SELECT FROM programme_inspection i
                           WHERE i.id = OLD.inspection_id AND i.state <> 'draft') THEN
                  {refuse("inspectors_are_only_added", "who inspects stays once it is announced")}
                END IF;
                RETURN coalesce(NEW, OLD);
                """,
            )
        ]

    def __str__(self):
        return str(self.user)


class VisitState(models.TextChoices):
    PLANNED = "planned", "待检查"
    ON_SITE = "on_site", "正在检查"
    ANSWERING = "answering", "待单位确认"
    SIGNING = "signing", "待检查人员签字"
    COUNTERSIGNING = "countersigning", "待第二人签字"
    SIGNED = "signed", "已签字"
    CALLED_OFF = "called_off", "未检查"


WRITTEN = ["answering", "signing", "countersigning", "signed"]
ANSWERED = ["signing", "countersigning", "signed"]


class VisitQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Who works on the unit or above it; a spot check is known to the unit only when it begins."""
        unannounced = Q(state=VisitState.PLANNED, inspection__kind=InspectionKind.SPOT)
        organises = within(user, self.seen_by, "inspection__organisation__path")
        return super().visible_to(user).exclude(unannounced & ~organises)

    def with_names(self):
        return self.select_related("organisation", "inspection__organisation", "inspection__year")

    def unfinished(self):
        """Those that are still to be made or to be signed."""
        return self.exclude(state__in=[VisitState.SIGNED, VisitState.CALLED_OFF])


@pghistory.track()
class Visit(models.Model):
    """现场检查：到一个单位逐项看，单位在场人员表态，两名检查人员签字；签字以后不能改。"""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="visits", verbose_name="督导检查"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="visits", verbose_name="被检查单位"
    )
    state = models.CharField("状态", max_length=14, choices=VisitState.choices, default=VisitState.PLANNED)
    visited_on = models.DateField("检查日期", null=True)
    agrees = models.BooleanField("单位无异议", null=True)
    words = models.CharField("单位意见", max_length=500, blank=True, default="")
    present = models.CharField("在场人员职务", max_length=60, blank=True, default="")
    answered_by = person("经手确认的账号", null=True)
    first_by = person("第一签字人", null=True)
    first_at = models.DateTimeField("第一签字时间", null=True)
    second_by = person("第二签字人", null=True)
    second_at = models.DateTimeField("第二签字时间", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "现场检查"
        ordering = ["-id"]
        indexes = [models.Index(fields=["organisation", "state"], name="visit_by_unit")]
        constraints = [
            models.UniqueConstraint(
                name="unit_is_visited_once_an_inspection", fields=["inspection", "organisation"]
            ),
            models.CheckConstraint(
                name="visit_has_a_day_once_it_begins",
                condition=Q(state__in=["planned", "called_off"], visited_on=None)
                | (~Q(state__in=["planned", "called_off"]) & Q(visited_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="unit_agrees_or_says_why_not",
                condition=~Q(state__in=ANSWERED)
                | (
                    (
                        Q(agrees__isnull=False, agrees=True)
                        | (Q(agrees__isnull=False, agrees=False) & ~Q(words=""))
                    )
                    & ~Q(present="")
                    & Q(answered_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="visit_is_signed_by_two",
                condition=(
                    Q(
                        state="signed",
                        first_by__isnull=False,
                        second_by__isnull=False,
                        second_at__isnull=False,
                    )
                    & ~Q(first_by=F("second_by"))
                )
                | (Q(state="countersigning", first_by__isnull=False) & Q(second_by=None, second_at=None))
                | (~Q(state__in=["countersigning", "signed"]) & Q(first_by=None, second_by=None)),
            ),
        ]
        triggers = [
            year_is_open("SELECT year_id FROM programme_inspection WHERE id = NEW.inspection_id"),
            pgtrigger.Trigger(
                name="visit_goes_to_a_unit_below",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (
                  SELECT FROM programme_inspection i JOIN directory_organisation o ON o.id = i.organisation_id
                  JOIN directory_organisation u ON u.id = NEW.organisation_id
                  WHERE i.id = NEW.inspection_id AND starts_with(u.path, o.path) AND u.id <> o.id) THEN
                  {refuse("visit_goes_to_a_unit_below", "nobody inspects himself")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("visit_keeps_its_place", "inspection_id", "organisation_id"),
            fixed(
                "signed_visit_stays",
                *("state", "visited_on", "agrees", "words", "present", "answered_by_id"),
                *("first_by_id", "first_at", "second_by_id", "second_at"),
                unless="OLD.state <> 'signed'",
            ),
            at_commit(
                "record_of_the_visit_is_whole",
                """NEW.state IN ('answering', 'signing', 'countersigning', 'signed') AND (
                  NOT EXISTS (SELECT FROM programme_visitpoint p WHERE p.visit_id = NEW.id)
                  OR EXISTS (
                    SELECT FROM programme_visitpoint p WHERE p.visit_id = NEW.id AND (p.result = '' OR
                      p.result = 'no' AND p.note = '' AND NOT EXISTS (
                        SELECT FROM programme_visitpoint_files f WHERE f.visitpoint_id = p.id))))""",
                "every point is answered, and what does not conform has a note or a photograph",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.inspection.title}：{self.organisation.name}"


class Result(models.TextChoices):
    YES = "yes", "符合"
    NO = "no", "不符合"
    NA = "na", "不涉及"


class PointQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "visit__organisation", "visit__inspection__organisation")


@pghistory.track()
class VisitPoint(models.Model):
    """检查项：现场逐项记符合、不符合、不涉及，不符合的写明情况或者拍照；检查结束以后不能改。"""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="points", verbose_name="现场检查")
    organisation = unit("被检查单位")
    position = models.PositiveSmallIntegerField("序号")
    heading = models.CharField("任务", max_length=12, choices=BY_KEY)
    text = models.CharField("检查内容", max_length=200)
    result = models.CharField("结果", max_length=4, choices=Result.choices, blank=True, default="")
    note = models.CharField("情况", max_length=300, blank=True, default="")
    files = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name="照片")
    saved_by = person("记录人", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = "检查项"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="point_has_its_place", fields=["visit", "position"]),
            models.CheckConstraint(
                name="answered_point_has_its_writer",
                condition=Q(result="") | Q(result__in=Result.values, saved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="point_is_of_the_nine_tasks", condition=Q(heading__in=list(BY_KEY)) & ~Q(text="")
            ),
        ]
        triggers = [
            year_is_open(
                "SELECT i.year_id FROM programme_inspection i JOIN programme_visit v ON v.inspection_id = i.id "
                "WHERE v.id = NEW.visit_id"
            ),
            pgtrigger.Trigger(
                name="points_are_written_on_the_spot",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("state_now", "TEXT")],
                # waits for a finishing that is under way
                func=f"""
                SELECT state INTO state_now FROM programme_visit
                WHERE id = NEW.visit_id AND organisation_id = NEW.organisation_id FOR SHARE;
                IF state_now IS DISTINCT FROM 'on_site' THEN
                  {refuse("points_are_written_on_the_spot", "the visit is not under way")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("point_keeps_what_is_asked", "visit_id", "organisation_id", "position", "heading", "text"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.text
