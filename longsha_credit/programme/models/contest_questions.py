"""The question bank: questions with their right answers, explanations and sources; what is in use never changes."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.exchange.models import Job

LETTERS = "ABCDEF"
TRUTH = ["对", "错"]


class QuestionKind(models.TextChoices):
    SINGLE = "single", "单选题"
    MULTIPLE = "multiple", "多选题"
    TRUTH = "truth", "判断题"


class Category(models.TextChoices):
    """题目讲哪一方面；抽题规则按它分。"""

    LAW = "law", "法律法规"
    POLICY = "policy", "政策文件"
    OFFICE = "office", "政务诚信"
    REPAIR = "repair", "信用修复"
    PRIVACY = "privacy", "个人信息保护"
    CULTURE = "culture", "诚信文化"


class QuestionState(models.TextChoices):
    DRAFT = "draft", "待核对"
    READY = "ready", "已启用"
    RETIRED = "retired", "已停用"
    DISCARDED = "discarded", "已作废"


class QuestionQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "created_by", "replaces")

    def for_contests_of(self, organisation):
        """What a contest of this unit draws from: its own questions and those of the units above it."""
        above = [int(pk) for pk in organisation.path.strip("/").split("/")]
        return self.filter(organisation__in=above, state=QuestionState.READY)


CONTENT = (
    "kind",
    "category",
    "text",
    "options",
    '"right"',
    "explanation",
    "source",
)  # right is a word of SQL


@pghistory.track()
class Question(models.Model):
    """题目：一道题、几个选项、哪些对、为什么、依据是什么。启用以后不改，要改就出新版。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="出题单位"
    )
    kind = models.CharField("题型", max_length=8, choices=QuestionKind.choices)
    category = models.CharField("类别", max_length=8, choices=Category.choices)
    text = models.TextField("题目", max_length=500)
    options = ArrayField(models.CharField(max_length=200), verbose_name="选项")
    right = models.CharField("正确答案", max_length=6)
    explanation = models.TextField("解析", max_length=1000)
    source = models.CharField("法规依据", max_length=300)
    version = models.PositiveSmallIntegerField("版本", default=1, editable=False)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="later", verbose_name="取代"
    )
    state = models.CharField(
        "状态", max_length=10, choices=QuestionState.choices, default=QuestionState.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="出题人"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="核对人"
    )
    job = models.ForeignKey(
        Job, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name="随哪次导入"
    )
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "题目"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "state", "kind", "category"], name="question_to_draw")
        ]
        constraints = [
            models.CheckConstraint(
                name="question_has_fitting_options",
                condition=Q(kind="truth", options=TRUTH)
                | Q(kind="single", options__len__gte=2, options__len__lte=6)
                | Q(kind="multiple", options__len__gte=3, options__len__lte=6),
            ),
            # one letter is right, of several kinds at least two; in the order of the letters, none twice
            models.CheckConstraint(
                name="question_has_a_right_answer",
                condition=Q(kind="truth", right__regex="^[AB]$")
                | Q(kind="single", right__regex="^[A-F]$")
                | Q(kind="multiple", right__regex="^(?=..)A?B?C?D?E?F?$"),
            ),
            models.CheckConstraint(
                name="question_says_why_and_whence",
                condition=~Q(text="") & ~Q(explanation="") & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="question_is_checked_by_another",
                condition=Q(state__in=["draft", "discarded"], checked_by=None)
                | (
                    Q(state__in=["ready", "retired"], checked_by__isnull=False)
                    & ~Q(checked_by=F("created_by"))
                ),
            ),
            models.CheckConstraint(
                name="new_version_of_a_question_counts_on",
                condition=Q(version=1, replaces=None) | Q(version__gt=1, replaces__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_next_version_of_a_question",
                fields=["replaces"],
                condition=Q(replaces__isnull=False) & ~Q(state="discarded"),
            ),
        ]
        triggers = [
            fixed("question_changes_only_as_draft", *CONTENT, unless="OLD.state = 'draft'"),
            fixed("question_keeps_its_place", "organisation_id", "version", "replaces_id", "job_id"),
            fixed(
                "question_in_use_is_never_a_draft_again",
                "state",
                unless="OLD.state = 'draft' OR (OLD.state = 'ready' AND NEW.state = 'retired')",
            ),
            pgtrigger.Trigger(
                name="right_answer_is_an_option",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF ascii(right(NEW."right", 1)) - 64 > cardinality(NEW.options) OR '' = ANY (NEW.options) THEN
                  {refuse("right_answer_is_an_option", "every option has words and every right letter its option")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.text[:40]

    @property
    def lettered(self):
        """(letter, words) of each option."""
        return list(zip(LETTERS, self.options, strict=False))

    @property
    def right_words(self):
        return right_words(self.kind, self.options, self.right)


def right_words(kind: str, options: list[str], right: str) -> str:
    """The right answer as people read it: 对, or B、D with their words."""
    chosen = [options[LETTERS.index(letter)] for letter in right]
    if kind == QuestionKind.TRUTH:
        return "".join(chosen)
    return "；".join(f"{letter} {words}" for letter, words in zip(right, chosen, strict=True))
