"""An obligation: what an organisation owes - a promise, a contract, a policy - from draft to the public page."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Prefetch, Q, When

from commitments.models.terms import TERM_COLUMNS, Area, Form, Terms
from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.files.models import StoredFile
from longsha_credit.publication import words as index_words
from longsha_credit.publication.models import Publishable, PublishableQuerySet
from longsha_credit.publication.models.index import IndexQuery

NEAR_DAYS = 7
STATE_OF_VERDICT = {"full": "kept", "partly": "partly", "none": "broken"}


class ObligationState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审查中"
    IN_FORCE = "in_force", "正在履行"
    REPORTED = "reported", "待核验"
    VERIFIED = "verified", "已核验"
    WITHDRAWING = "withdrawing", "申请撤下"
    WITHDRAWN = "withdrawn", "已撤下"
    DISCARDED = "discarded", "已作废"


class Verdict(models.TextChoices):
    """履行状态，国家平台信用承诺归集模板的三种。只由人认定。"""

    FULL = "full", "全部履行"
    PARTLY = "partly", "部分履行"
    NONE = "none", "未履行"


# A promise whose result is not reported yet; the others wait for the district or have been verified.
OPEN = Q(reported_on=None)
REPORTED = Q(reported_on__isnull=False, verdict="")


class ObligationQuerySet(PublishableQuerySet):
    def with_names(self):
        """What every list shows of a row, in one query."""
        return self.select_related("organisation", "service_field", "post", "publication")

    def with_origin(self):
        """With the row of a file it was made of, where there is one."""
        return self.select_related("received")

    def of_form(self, form):
        return self.filter(form=form)

    def commitments(self):
        """Public commitments alone: what the rates and the counts of promises speak of."""
        return self.filter(form=Form.COMMITMENT)

    def beside_commitments(self):
        """Contracts and policies: shown, and counted apart."""
        return self.exclude(form=Form.COMMITMENT)

    def with_newest_progress(self):
        """Each row's newest published figure beside it, for `latest_progress`; one more query for any list."""
        progress = self.model._meta.get_field("progress").related_model
        newest = progress.objects.public().newest_figure_of_each()
        return self.prefetch_related(Prefetch("progress", newest, to_attr="published_progress"))

    def with_parts(self):
        """Each row's parts beside it, for `parts.of`; one more query for any list."""
        standing = self.model._meta.get_field("parts").related_model.objects.standing()
        return self.prefetch_related(Prefetch("parts", standing, to_attr="standing_parts"))

    def due_between(self, start, end):
        return self.filter(due_on__gte=start, due_on__lte=end)

    def not_yet_due(self, today):
        """Still being kept: neither past the promised day nor reported."""
        return self.filter(OPEN, due_on__gte=today)

    def past_due(self, today):
        """Past the promised day without a report; whether it was kept is for people to find."""
        return self.filter(OPEN, due_on__lt=today)

    def awaiting_verdict(self):
        return self.filter(REPORTED)

    def verified(self, verdict):
        return self.filter(verdict=verdict)

    def open_first(self):
        """What is still to be kept or judged by its day, then what is settled, the latest day first."""
        settled = Case(When(verdict="", then=None), default=F("due_on"))
        return self.order_by(settled.desc(nulls_first=True), "due_on", "id")

    def below(self, organisation):
        """What `organisation` and the units under it have promised."""
        return self.filter(organisation__path__startswith=organisation.path)

    def matching(self, words):
        """Rows that have every word in what the search keeps of them: title, text, service field, unit, code."""
        if not words:
            return self
        question = index_words.question(" ".join(words))
        return self.filter(publication__search=IndexQuery(question.every)) if question else self.none()

    def years_made(self):
        """The years in which these were made, the latest first."""
        return [day.year for day in self.order_by().dates("made_on", "year", order="DESC")]

    def counted_by_form(self):
        """How many of each form: {form: number}."""
        return dict(self.order_by().values_list("form").annotate(Count("pk")))

    def most_promised_fields(self):
        """Service fields by how many of these promises lie in them: rows of (key, name, number)."""
        return (
            self.order_by()
            .values(key=F("service_field__key"), name=F("service_field__name"))
            .annotate(number=Count("pk"))
            .order_by("-number", "service_field__order")
        )

    def figures(self, today, month_end, since):
        """Not yet due, past due, reported, due this month (and of these past), new since a moment: one query."""
        month = Q(due_on__gte=today.replace(day=1), due_on__lte=month_end)
        return self.order_by().aggregate(
            active=Count("pk", filter=OPEN & Q(due_on__gte=today)),
            past=Count("pk", filter=OPEN & Q(due_on__lt=today)),
            reported=Count("pk", filter=REPORTED),
            due=Count("pk", filter=month),
            due_past=Count("pk", filter=month & OPEN & Q(due_on__lt=today)),
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
                active=Count("pk", filter=OPEN & Q(due_on__gte=today)),
                due=Count("pk", filter=month),
                past=Count("pk", filter=OPEN & Q(due_on__lt=today)),
            )
        )


@pghistory.track()
class Obligation(Publishable, Terms):
    """承诺：某单位公开答应某日前做到某事；合同契约、政策落实走同一条路。单位欠着，人走事在。"""

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
    counts_on = models.DateField("计入兑现率的期限", null=True, editable=False)
    reported_on = models.DateField("报告日期", null=True, editable=False)
    reported_in_time = models.BooleanField("按期报告", null=True, editable=False)
    verdict = models.CharField(
        "履行状态", max_length=8, choices=Verdict.choices, blank=True, default="", editable=False
    )
    counted_verdict = models.CharField(
        "计入兑现率的认定", max_length=8, choices=Verdict.choices, blank=True, default="", editable=False
    )
    verified_on = models.DateField("认定日期", null=True, editable=False)
    withdraw_from = models.CharField(
        "申请撤下前的状态", max_length=12, blank=True, default="", editable=False
    )
    withdraw_asked_on = models.DateField("申请撤下日期", null=True, editable=False)
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
            # The kept rate of every unit is read from this index alone.
            models.Index(
                fields=["counts_on", "organisation"],
                include=["counted_verdict", "reported_in_time"],
                name="obligation_counted",
                condition=Q(counts_on__isnull=False, form=Form.COMMITMENT),
            ),
        ]
        constraints = [
            *Terms.Meta.constraints,
            models.UniqueConstraint(name="commitment_code_is_unique", fields=["code"], condition=~Q(code="")),
            models.CheckConstraint(
                name="commitment_code_is_20_digits", condition=Q(code="") | Q(code__regex=r"^[0-9]{20}$")
            ),
            models.CheckConstraint(
                name="area_fits_the_form",
                condition=Q(form=Form.COMMITMENT, area__in=Area.values)
                | Q(form__in=[Form.CONTRACT, Form.POLICY], area__in=["", *Area.values]),
            ),
            models.CheckConstraint(
                name="policy_names_its_document",
                condition=(Q(form=Form.POLICY) & ~Q(document_number=""))
                | (~Q(form=Form.POLICY) & Q(document_number="")),
            ),
            models.CheckConstraint(
                name="in_force_only_when_published",
                condition=Q(state__in=["draft", "in_review", "discarded"], publication=None)
                | (
                    Q(
                        state__in=["in_force", "reported", "verified", "withdrawing", "withdrawn"],
                        publication__isnull=False,
                    )
                    & Q(version__gte=1)
                    & ~Q(code="")
                ),
            ),
            models.CheckConstraint(
                name="withdrawal_has_a_reason",
                condition=~Q(state__in=["withdrawing", "withdrawn"])
                | (
                    ~Q(withdraw_reason="")
                    & Q(withdraw_asked_by__isnull=False, withdraw_asked_on__isnull=False)
                    & Q(withdraw_from__in=["in_force", "reported", "verified"])
                ),
            ),
            models.CheckConstraint(
                name="report_has_its_day",
                condition=Q(reported_on=None, reported_in_time=None)
                | Q(reported_on__isnull=False, reported_in_time__isnull=False),
            ),
            models.CheckConstraint(
                name="verdict_is_whole",
                condition=Q(verdict="", counted_verdict="", verified_on=None)
                | (
                    Q(verdict__in=Verdict.values, counted_verdict__in=Verdict.values)
                    & Q(verified_on__isnull=False, reported_on__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="state_tells_how_far_it_is",
                condition=Q(state__in=["draft", "in_review", "discarded", "in_force"], reported_on=None)
                | Q(state="reported", reported_on__isnull=False, verdict="")
                | (Q(state="verified") & ~Q(verdict=""))
                | Q(state__in=["withdrawing", "withdrawn"]),
            ),
        ]
        triggers = [
            fixed(
                "terms_change_only_by_new_version",
                *TERM_COLUMNS,
                unless="OLD.state = 'draft' OR (OLD.state = 'in_force' AND NEW.version = OLD.version + 1)",
            ),
            fixed("obligation_keeps_its_form", "form"),
            fixed("commitment_keeps_its_code", "code", "made_on", unless="OLD.code = ''"),
            fixed("commitment_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
            fixed(
                "counting_day_follows_version_or_withdrawal",
                "counts_on",
                unless="OLD.state = 'in_review' OR (OLD.state = 'in_force' AND NEW.version = OLD.version + 1) "
                "OR (NEW.state = 'withdrawn' AND NEW.counts_on IS NULL)",
            ),
            fixed(
                "verdict_comes_and_goes_by_its_step",
                *("verdict", "counted_verdict", "verified_on"),
                unless="(OLD.state, NEW.state) IN (('reported', 'verified'), ('verified', 'reported'))",
            ),
            fixed(
                "report_comes_and_goes_by_its_step",
                *("reported_on", "reported_in_time"),
                unless="(OLD.state, NEW.state) IN (('in_force', 'reported'), ('reported', 'in_force'))",
            ),
            fixed("commitment_keeps_its_unit", "organisation_id", unless="OLD.state = 'draft'"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title

    def standing(self, today):
        """(state, words) for the public: the verdict people found, or what follows from the promised day."""
        if self.verdict:
            return STATE_OF_VERDICT[self.verdict], self.get_verdict_display()
        if self.reported_on:
            return "pending", "已报告结果，等待核验"
        days = (self.due_on - today).days
        if days < 0:
            return "overdue", "已过期限，等待报告结果"
        words = f"还有{days}天" if days else "今天到期"
        return ("active" if days > NEAR_DAYS else "near"), words

    def is_owed(self, today):
        """Past the promised day without a report, or found not wholly kept: it may go into the ledger."""
        silent = (
            self.state in (ObligationState.IN_FORCE, ObligationState.WITHDRAWING) and not self.reported_on
        )
        return self.verdict in (Verdict.PARTLY, Verdict.NONE) or (silent and self.due_on < today)

    @property
    def latest_progress(self):
        """The newest published figure, from a list the view fetched beside the row."""
        return next(iter(getattr(self, "published_progress", [])), None)
