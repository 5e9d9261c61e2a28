"""What officials have to learn in a year and what each has learned: courses, the minimum, hours confirmed by another."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Level, Official, Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.models.education import (
    Activity,
    closed_with_its_year,
    lies_in_its_year,
    person,
)
from longsha_credit.programme.models.materials import Material
from longsha_credit.programme.models.years import Year

COURSE_LEVELS = [Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.WINDOW]
# Who keeps the hours of a unit's people and reads them by name.
KEEPS_HOURS = frozenset({Role.CLERK, Role.LEAD})


class BasisKind(models.TextChoices):
    LAW = "law", "文件规定"
    REFERENCE = "reference", "参照"
    ADVICE = "advice", "建议值"


class OfTheDistrictQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """What the district has laid down for everybody who works or serves in it."""
        districts = {f"/{path.split('/')[1]}/" for path in user.paths_for(None)}
        return self.filter(organisation__path__in=sorted(districts))


@pghistory.track()
class HoursMinimum(models.Model):
    """年度学时要求：公职人员这一年至少学多少学时，凭什么；由区信用办改，年度封存以后不再改。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="区"
    )
    year = models.OneToOneField(Year, on_delete=models.PROTECT, related_name="+", verbose_name="年度")
    hours = models.DecimalField("最低学时", max_digits=4, decimal_places=1)
    basis = models.CharField("依据", max_length=300)
    basis_kind = models.CharField("依据性质", max_length=10, choices=BasisKind.choices)
    saved_by = person("保存人", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = OfTheDistrictQuerySet.as_manager()

    class Meta:
        verbose_name = "年度学时要求"
        verbose_name_plural = verbose_name
        ordering = ["-year__number"]
        constraints = [
            models.CheckConstraint(
                name="minimum_is_some_hours", condition=Q(hours__gt=0, hours__lte=200) & ~Q(basis="")
            )
        ]
        triggers = [
            fixed("minimum_is_of_one_year", "year_id", "organisation_id"),
            closed_with_its_year("hours", "basis", "basis_kind"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.year}学时要求"


COURSE_TEXT = ("title", "hours", "basis", "levels", "about", "material_id", "retired_on")


class CourseQuerySet(OfTheDistrictQuerySet):
    def offered(self):
        return self.filter(retired_on=None)

    def with_names(self):
        return self.select_related("organisation", "year", "material")


@pghistory.track()
class Course(models.Model):
    """课程：列入本年公职人员培训、干部进修的一门课，哪些层级必修。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="区"
    )
    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="+", verbose_name="年度")
    title = models.CharField("课程名称", max_length=80)
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1)
    basis = models.CharField("依据", max_length=300)
    levels = ArrayField(
        models.CharField(max_length=12), verbose_name="哪些层级必修", default=list, blank=True
    )
    about = models.TextField("学什么", max_length=1000)
    material = models.ForeignKey(
        Material, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="资料"
    )
    retired_on = models.DateField("停开日期", null=True, editable=False)
    created_by = person("经办人")
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = "课程"
        verbose_name_plural = verbose_name
        ordering = ["year__number", "id"]
        constraints = [
            models.CheckConstraint(
                name="course_has_hours_and_a_basis",
                condition=Q(hours__gt=0, hours__lte=100) & ~Q(basis="") & ~Q(title=""),
            ),
            models.CheckConstraint(
                name="course_is_for_known_levels",
                condition=Q(levels__contained_by=[str(v) for v in COURSE_LEVELS]),
            ),
            models.UniqueConstraint(
                name="one_course_of_a_name_in_a_year",
                fields=["organisation", "year", "title"],
                condition=Q(retired_on=None),
            ),
        ]
        triggers = [
            fixed("course_is_of_one_year", "year_id", "organisation_id", "created_by_id"),
            fixed("retired_course_stays", "retired_on", unless="OLD.retired_on IS NULL"),
            closed_with_its_year(*COURSE_TEXT),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title

    @property
    def level_words(self) -> str:
        return "、".join(str(Level(value).label) for value in self.levels) or "选修"


class HoursState(models.TextChoices):
    ENTERED = "entered", "待确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "已退回"
    REVOKED = "revoked", "已撤销"


LIVE = ["entered", "confirmed"]


class TrainingHoursQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """The own hours, and for the clerks and leads of a unit those of its people.

        A street keeps those of its communities and windows too; the district only those of its own people and
        windows: of everybody else it sees shares, never persons (domain.md §8.3).
        """
        condition = Q(official=user.official_id) if user.official_id else Q(pk__in=[])
        for path in user.paths_for(KEEPS_HOURS):
            if path.count("/") > 2:
                condition |= Q(organisation__path__startswith=path)
            else:
                condition |= Q(organisation__path=path) | Q(
                    organisation__parent__path=path, organisation__level__in=[Level.WINDOW, Level.POST]
                )
        return self.filter(condition)

    def with_names(self):
        return self.select_related(
            "official",
            "organisation",
            "year",
            "activity",
            "course",
            "certificate",
            "created_by",
            "confirmed_by",
        )

    def confirmed(self):
        return self.filter(state=HoursState.CONFIRMED)

    def live(self):
        """Entered or confirmed: neither sent back nor revoked."""
        return self.filter(state__in=LIVE)


@pghistory.track()
class TrainingHours(models.Model):
    """学时：某公职人员某天学了几学时，凭哪次活动、哪门课或哪张证书；一人登记、另一人确认，从不公开。"""

    official = models.ForeignKey(
        Official, on_delete=models.PROTECT, related_name="+", verbose_name="公职人员"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="+", verbose_name="年度")
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动"
    )
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="课程"
    )
    outside = models.CharField("外出培训", max_length=120, blank=True, default="")
    certificate = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="证书"
    )
    day = models.DateField("日期")
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1)
    state = models.CharField("状态", max_length=12, choices=HoursState.choices, default=HoursState.ENTERED)
    why = models.CharField("退回或撤销的理由", max_length=500, blank=True, default="", editable=False)
    created_by = person("登记人")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    confirmed_by = person("确认人", null=True, editable=False)
    confirmed_at = models.DateTimeField("确认时间", null=True, editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = TrainingHoursQuerySet.as_manager()

    class Meta:
        verbose_name = "学时"
        verbose_name_plural = verbose_name
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["year", "organisation", "state"], name="hours_by_unit"),
            models.Index(fields=["official", "year"], name="hours_by_official"),
        ]
        constraints = [
            models.CheckConstraint(
                name="hours_have_one_source",
                condition=Q(activity__isnull=False, course=None, outside="", certificate=None)
                | Q(activity=None, course__isnull=False, outside="", certificate=None)
                | (Q(activity=None, course=None, certificate__isnull=False) & ~Q(outside="")),
            ),
            models.CheckConstraint(name="hours_are_some", condition=Q(hours__gt=0, hours__lte=100)),
            models.CheckConstraint(
                name="hours_are_confirmed_by_another",
                condition=Q(state__in=["entered", "returned"], confirmed_by=None, confirmed_at=None)
                | (
                    Q(state__in=["confirmed", "revoked"])
                    & Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("created_by"))
                ),
            ),
            models.CheckConstraint(
                name="hours_taken_back_say_why",
                condition=Q(state__in=LIVE, why="") | (Q(state__in=["returned", "revoked"]) & ~Q(why="")),
            ),
            models.UniqueConstraint(
                name="an_activity_counts_once", fields=["official", "activity"], condition=Q(state__in=LIVE)
            ),
            models.UniqueConstraint(
                name="a_course_counts_once", fields=["official", "course"], condition=Q(state__in=LIVE)
            ),
        ]
        triggers = [
            lies_in_its_year("hours_lie_in_their_year", "day"),
            fixed(
                "hours_stay_as_entered",
                *("official_id", "organisation_id", "year_id", "activity_id", "course_id", "outside"),
                *("certificate_id", "day", "hours", "created_by_id"),
            ),
            fixed(
                "confirmed_hours_only_revoked",
                "state",
                unless="OLD.state = 'entered' OR (OLD.state = 'confirmed' AND NEW.state = 'revoked')",
            ),
            pgtrigger.Trigger(
                name="nobody_confirms_the_own_hours",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF EXISTS (SELECT FROM directory_user u
                           WHERE u.id = NEW.confirmed_by_id AND u.official_id = NEW.official_id) THEN
                  {refuse("nobody_confirms_the_own_hours", "somebody else confirms them")}
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="hours_fit_their_source",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF EXISTS (SELECT FROM programme_activity a WHERE a.id = NEW.activity_id AND (
                             a.year_id <> NEW.year_id OR a.state NOT IN ('held', 'summarised', 'filed')
                             OR NOT 'officials' = ANY (a.audiences)))
                   OR EXISTS (SELECT FROM programme_course c WHERE c.id = NEW.course_id AND c.year_id <> NEW.year_id)
                THEN
                  {refuse("hours_fit_their_source", "of an activity for officials that took place, or a course of the year")}
                END IF;
                RETURN NEW;
                """,
            ),
            closed_with_its_year("state", "confirmed_by_id"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.official}：{self.source}"

    @property
    def source(self) -> str:
        return str(self.activity or self.course or self.outside)

    @property
    def source_kind(self) -> str:
        return "活动" if self.activity_id else "课程" if self.course_id else "外出培训"
