"""An obligation: a promise of an organisation, from draft to the public page."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Count, F, Prefetch, Q

from commitments.models.terms import TERM_COLUMNS, Form, Terms
from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.models import Publishable, PublishableQuerySet

NEAR_DAYS = 7


class ObligationState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审查中"
    IN_FORCE = "in_force", "正在履行"
    WITHDRAWING = "withdrawing", "申请撤下"
    WITHDRAWN = "withdrawn", "已撤下"
    DISCARDED = "discarded", "已作废"


class ObligationQuerySet(PublishableQuerySet):
    def with_names(self):
        """What every list shows of a row, in one query."""
        return self.select_related("organisation", "service_field", "post", "publication")

    def with_newest_progress(self):
        """Each row's newest published figure beside it, for `latest_progress`; one more query for any list."""
        progress = self.model._meta.get_field("progress").related_model
        newest = progress.objects.public().newest_figure_of_each()
        return self.prefetch_related(Prefetch("progress", newest, to_attr="published_progress"))

    def due_between(self, start, end):
        return self.filter(due_on__gte=start, due_on__lte=end)

    def not_yet_due(self, today):
        return self.filter(due_on__gte=today)

    def past_due(self, today):
        """Past the promised day; whether it was kept is for people to find."""
        return self.filter(due_on__lt=today)

    def below(self, organisation):
        """What `organisation` and the units under it have promised."""
        return self.filter(organisation__path__startswith=organisation.path)

    def matching(self, words):
        """Rows that have every word somewhere in title, published text, service field, unit name or code."""
        found = self
        for word in words:
            found = found.filter(
                Q(publication__title__icontains=word)
                | Q(publication__text__icontains=word)
                | Q(service_field__name__icontains=word)
                | Q(organisation__name__icontains=word)
                | Q(code__contains=word)
            )
        return found

    def most_promised_fields(self):
        """Service fields by how many of these promises lie in them: rows of (key, name, number)."""
        return (
            self.order_by()
            .values(key=F("service_field__key"), name=F("service_field__name"))
            .annotate(number=Count("pk"))
            .order_by("-number", "service_field__order")
        )

    def figures(self, today, month_end, since):
        """Not yet due, past due, due this month (and of these past), first published since a moment: one query."""
        month = Q(due_on__gte=today.replace(day=1), due_on__lte=month_end)
        return self.order_by().aggregate(
            active=Count("pk", filter=Q(due_on__gte=today)),
            past=Count("pk", filter=Q(due_on__lt=today)),
            due=Count("pk", filter=month),
            due_past=Count("pk", filter=month & Q(due_on__lt=today)),
            new=Count("pk", filter=Q(publication__first_published_at__gte=since)),
            units=Count("organisation", distinct=True),
        )

    def counted_by_unit(self, today, month_end):
        """Per unit's path: how many are not yet due, how many fall due this month, how many are past due."""
        month = Q(due_on__gte=today.replace(day=1), due_on__lte=month_end)
        return (
            self.order_by()
            .values(unit_path=F("organisation__path"))
            .annotate(
                active=Count("pk", filter=Q(due_on__gte=today)),
                due=Count("pk", filter=month),
                past=Count("pk", filter=Q(due_on__lt=today)),
            )
        )


@pghistory.track()
class Obligation(Publishable, Terms):
    """承诺：某单位公开答应某日前做到某事。单位欠着，人走事在。"""

    form = models.CharField("形式", max_length=12, choices=Form.choices, default=Form.COMMITMENT)
    code = models.CharField("承诺编码", max_length=20, blank=True, default="", editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="obligations", verbose_name="承诺单位"
    )
    made_on = models.DateField("作出日期", null=True, editable=False)
    version = models.PositiveIntegerField("版本", default=0, editable=False)
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True, verbose_name="附件")
    state = models.CharField(
        "状态", max_length=12, choices=ObligationState.choices, default=ObligationState.DRAFT
    )
    withdraw_reason = models.CharField("撤下理由", max_length=500, blank=True, default="")
    withdraw_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="撤下申请人",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = ObligationQuerySet.as_manager()

    class Meta(Terms.Meta):
        verbose_name = "承诺"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="obligation_by_unit"),
            models.Index(fields=["due_on"], name="obligation_by_due"),
        ]
        constraints = [
            *Terms.Meta.constraints,
            models.UniqueConstraint(name="commitment_code_is_unique", fields=["code"], condition=~Q(code="")),
            models.CheckConstraint(
                name="commitment_code_is_20_digits", condition=Q(code="") | Q(code__regex=r"^[0-9]{20}$")
            ),
            models.CheckConstraint(
                name="in_force_only_when_published",
                condition=Q(state__in=["draft", "in_review", "discarded"], publication=None)
                | (
                    Q(state__in=["in_force", "withdrawing", "withdrawn"], publication__isnull=False)
                    & Q(version__gte=1)
                    & ~Q(code="")
                ),
            ),
            models.CheckConstraint(
                name="withdrawal_has_a_reason",
                condition=~Q(state__in=["withdrawing", "withdrawn"])
                | (~Q(withdraw_reason="") & Q(withdraw_asked_by__isnull=False)),
            ),
        ]
        triggers = [
            fixed(
                "terms_change_only_by_new_version",
                *TERM_COLUMNS,
                unless="OLD.state = 'draft' OR (OLD.state = 'in_force' AND NEW.version = OLD.version + 1)",
            ),
            fixed("commitment_keeps_its_code", "code", "made_on", unless="OLD.code = ''"),
            fixed("commitment_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
            fixed("commitment_keeps_its_unit", "organisation_id", unless="OLD.state = 'draft'"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title

    def standing(self, today):
        """(state, words) for the public: derived from the promised day, never a verdict."""
        days = (self.due_on - today).days
        if days < 0:
            return "overdue", "已过期限，等待报告结果"
        words = f"还有{days}天" if days else "今天到期"
        return ("active" if days > NEAR_DAYS else "near"), words

    @property
    def latest_progress(self):
        """The newest published figure, from a list the view fetched beside the row."""
        return next(iter(getattr(self, "published_progress", [])), None)
