"""Who takes part in a contest and what they answered: residents without any identity, officials by their own file."""

import datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, IntegerField, Q, Sum
from django.db.models.functions import Coalesce

from longsha_credit.audit.triggers import append_only, fixed, never_deleted, refuse
from longsha_credit.directory.models import Official
from longsha_credit.programme.models.contests import Contest, ContestUnit, PaperQuestion


class Entrant(models.Model):
    """参加者：某单位的一个公职人员，或者一个不知道是谁的居民（只认号码的校验值）。"""

    contest = models.ForeignKey(
        Contest, on_delete=models.PROTECT, related_name="entrants", verbose_name="竞赛"
    )
    unit = models.ForeignKey(ContestUnit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    official = models.ForeignKey(
        Official, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="公职人员"
    )
    secret = models.CharField("号码校验值", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "参加者"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="resident_is_nobody_in_particular",
                condition=Q(official=None, secret__regex="^[0-9a-f]{64}$")
                | Q(official__isnull=False, secret=""),
            ),
            models.UniqueConstraint(
                name="official_takes_part_once",
                fields=["contest", "official"],
                condition=Q(official__isnull=False),
            ),
            models.UniqueConstraint(name="secret_is_of_one", fields=["secret"], condition=~Q(secret="")),
        ]
        triggers = [
            fixed("entrant_stays_who_it_is", "contest_id", "unit_id", "official_id", "secret"),
            pgtrigger.Trigger(
                name="entrant_is_of_a_unit_that_takes_part",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (
                  SELECT FROM programme_contestunit u WHERE u.id = NEW.unit_id AND u.contest_id = NEW.contest_id
                  AND CASE WHEN NEW.official_id IS NULL THEN u.residents ELSE u.officials END IS NOT NULL
                ) THEN
                  {refuse("entrant_is_of_a_unit_that_takes_part", "people of this kind take part for this unit")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return str(self.official or "一位居民")


class AttemptQuerySet(models.QuerySet):
    def finished(self, now: datetime.datetime):
        """Handed in, or out of time: then what was saved counts."""
        return self.filter(Q(submitted_at__isnull=False) | Q(ends_at__lte=now))

    def running(self, now: datetime.datetime):
        return self.filter(submitted_at=None, ends_at__gt=now)

    def with_score(self):
        """Each with its points and how many questions were answered."""
        right = Q(answers__choice=F("answers__item__question__right"))
        return self.annotate(
            score=Coalesce(Sum("answers__item__points", filter=right), 0, output_field=IntegerField()),
            answered=Count("answers", filter=~Q(answers__choice="")),
        )


class Attempt(models.Model):
    """一次答题：从什么时候到什么时候，题目按什么次序，交了没有。"""

    entrant = models.ForeignKey(
        Entrant, on_delete=models.PROTECT, related_name="attempts", verbose_name="参加者"
    )
    number = models.PositiveSmallIntegerField("第几次")
    order = ArrayField(models.PositiveSmallIntegerField(), verbose_name="题目次序")
    started_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("到时")
    submitted_at = models.DateTimeField("交卷", null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = "答题"
        ordering = ["entrant", "number"]
        constraints = [
            models.UniqueConstraint(name="attempts_are_counted", fields=["entrant", "number"]),
            models.CheckConstraint(name="attempt_takes_time", condition=Q(ends_at__gt=F("started_at"))),
            models.CheckConstraint(
                name="attempt_is_handed_in_in_time",
                condition=Q(submitted_at=None)
                | Q(submitted_at__gte=F("started_at"), submitted_at__lte=F("ends_at")),
            ),
        ]
        triggers = [
            fixed("attempt_stays_as_it_began", "entrant_id", "number", '"order"', "started_at", "ends_at"),
            fixed("attempt_is_handed_in_once", "submitted_at", unless="OLD.submitted_at IS NULL"),
            pgtrigger.Trigger(
                name="attempt_keeps_the_rules",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("rules", "programme_contest%ROWTYPE")],
                func=f"""
                SELECT c.* INTO rules FROM programme_contest c JOIN programme_entrant e ON e.contest_id = c.id
                WHERE e.id = NEW.entrant_id FOR SHARE OF c;
                IF rules.state <> 'published' OR NEW.number NOT BETWEEN 1 AND rules.attempts
                  OR NEW.started_at < rules.opens_at OR NEW.ends_at > rules.closes_at
                  OR NEW.ends_at > NEW.started_at + make_interval(mins => rules.minutes) THEN
                  {refuse("attempt_keeps_the_rules", "as many as allowed, in the window, as long as allowed")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"第{self.number}次"

    def is_over(self, now: datetime.datetime) -> bool:
        return self.submitted_at is not None or now >= self.ends_at


class GivenAnswer(models.Model):
    """答案：一次答题里一道题选了哪些；选一次记一次，到时或者交卷以后不能再记。"""

    attempt = models.ForeignKey(
        Attempt, on_delete=models.PROTECT, related_name="answers", verbose_name="答题"
    )
    item = models.ForeignKey(PaperQuestion, on_delete=models.PROTECT, related_name="+", verbose_name="题")
    choice = models.CharField("选了", max_length=6, blank=True, default="")
    version = models.PositiveSmallIntegerField("改过几次", default=1)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "答案"
        ordering = ["attempt", "item"]
        constraints = [
            models.UniqueConstraint(name="one_answer_per_question", fields=["attempt", "item"]),
            models.CheckConstraint(name="answer_is_of_letters", condition=Q(choice__regex="^A?B?C?D?E?F?$")),
        ]
        triggers = [
            fixed("answer_stays_with_its_question", "attempt_id", "item_id"),
            pgtrigger.Trigger(
                name="answer_comes_in_time",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("its", "programme_attempt%ROWTYPE")],
                # The lock makes an answer wait for a handing in under way, and a handing in for an answer.
                func=f"""
                SELECT * INTO its FROM programme_attempt WHERE id = NEW.attempt_id FOR SHARE;
                IF its.submitted_at IS NOT NULL OR clock_timestamp() > its.ends_at THEN
                  {refuse("answer_comes_in_time", "nothing is answered after the end")}
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="answer_is_to_the_paper",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (
                  SELECT FROM programme_attempt a JOIN programme_entrant e ON e.id = a.entrant_id
                  JOIN programme_contest c ON c.id = e.contest_id
                  JOIN programme_paperquestion q ON q.paper_id = c.paper_id
                  WHERE a.id = NEW.attempt_id AND q.id = NEW.item_id
                ) THEN
                  {refuse("answer_is_to_the_paper", "the question stands on the paper of the contest")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.choice


class ContestCertificate(models.Model):
    """证书：这次答题达到了合格分。居民的证书没有名字。"""

    attempt = models.OneToOneField(
        Attempt, on_delete=models.PROTECT, related_name="certificate", verbose_name="答题"
    )
    number = models.CharField("证书编号", max_length=16, unique=True)
    issued_at = models.DateTimeField("发证时间")

    class Meta:
        verbose_name = "证书"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="certificate_has_a_number", condition=Q(number__regex="^[2-9A-HJKMNP-Z]{12}$")
            ),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="certificate_was_earned",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[
                    ("rules", "programme_contest%ROWTYPE"),
                    ("got", "INTEGER"),
                    ("all_points", "INTEGER"),
                ],
                func=f"""
                SELECT c.* INTO rules FROM programme_contest c JOIN programme_entrant e ON e.contest_id = c.id
                JOIN programme_attempt a ON a.entrant_id = e.id WHERE a.id = NEW.attempt_id;
                SELECT coalesce(sum(points), 0) INTO all_points FROM programme_paperquestion
                WHERE paper_id = rules.paper_id;
                SELECT coalesce(sum(q.points), 0) INTO got FROM programme_givenanswer g
                JOIN programme_paperquestion q ON q.id = g.item_id
                JOIN programme_question b ON b.id = q.question_id AND b."right" = g.choice
                WHERE g.attempt_id = NEW.attempt_id;
                IF rules.pass_percent IS NULL OR got * 100 < rules.pass_percent * all_points OR NOT EXISTS (
                  SELECT FROM programme_attempt a WHERE a.id = NEW.attempt_id
                  AND (a.submitted_at IS NOT NULL OR a.ends_at <= NEW.issued_at)
                ) THEN
                  {refuse("certificate_was_earned", "the attempt is over and reached the pass mark")}
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.number
