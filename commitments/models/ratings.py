"""How satisfied people are, in five levels."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from commitments.models.cases import Case
from commitments.models.obligations import Obligation
from longsha_credit.audit.triggers import append_only
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet


class Satisfaction(models.TextChoices):
    """好差评的五级。"""

    VERY_GOOD = "very_good", "非常满意"
    GOOD = "good", "满意"
    FAIR = "fair", "基本满意"
    BAD = "bad", "不满意"
    VERY_BAD = "very_bad", "非常不满意"


# Below so many a share says nothing: numbers only.
MINIMUM_SAMPLE = 30
SATISFIED = [Satisfaction.VERY_GOOD, Satisfaction.GOOD, Satisfaction.FAIR]


class RatingQuerySet(ScopedQuerySet):
    def public(self):
        """Ratings carry no person, no address and no words: their numbers are for everybody."""
        return self.filter(organisation__taking_part=True)

    def open_ones(self):
        """What anybody may leave on a page: shown apart, never counted for evaluation."""
        return self.filter(case=None)

    def below(self, organisation):
        return self.filter(organisation__path__startswith=organisation.path)

    def that_count(self):
        """The last rating of each closed case."""
        later = Rating.objects.filter(case=OuterRef("case"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later), case__state="closed")

    def by_level(self):
        """How many there are at each of the five levels, best first, with what share of all; one query."""
        found = dict(self.order_by().values_list("level").annotate(n=Count("pk")))
        total = sum(found.values())
        return {
            "total": total,
            "levels": [
                {
                    "label": label,
                    "number": found.get(level, 0),
                    "share": round(100 * found.get(level, 0) / total) if total else 0,
                }
                for level, label in Satisfaction.choices
            ],
            "satisfied": sum(found.get(level, 0) for level in SATISFIED),
            "is_small": total < MINIMUM_SAMPLE,
            "minimum": MINIMUM_SAMPLE,
        }


class Rating(models.Model):
    """评价：五级里的一级，只记哪天、对谁；凭办结的来件作的计入考评，公开评价不计。`organisation` 是被评价的单位。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="评价的单位"
    )
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, related_name="ratings", verbose_name="评价的承诺"
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="ratings", verbose_name="来件"
    )
    number = models.PositiveSmallIntegerField("第几次回访", null=True)
    level = models.CharField("评价", max_length=10, choices=Satisfaction.choices)
    rated_on = models.DateField("评价日期")
    form_hash = models.CharField("这一次提交的校验值", max_length=64, unique=True, null=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = "评价"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "level"], name="rating_by_unit", condition=Q(case=None)),
        ]
        constraints = [
            models.UniqueConstraint(name="one_rating_each_time", fields=["case", "number"]),
            models.CheckConstraint(
                name="rating_is_of_a_case_or_open",
                condition=Q(case=None, number=None, form_hash__isnull=False)
                | Q(case__isnull=False, number__in=[1, 2], form_hash=None),
            ),
            models.CheckConstraint(name="rating_has_a_level", condition=Q(level__in=Satisfaction.values)),
        ]
        triggers = append_only()

    def __str__(self):
        return self.get_level_display()
