"""A task of one unit: a standard task handed down to it, its own measures beside it, what it did and who agreed."""

import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from longsha_credit.audit.models import Entry
from longsha_credit.audit.triggers import append_only, fixed, never_deleted, refuse
from longsha_credit.deadlines.joining import Clocks
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.exchange.models import Job
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.models.standards import StandardTask, frozen_year_stays
from longsha_credit.programme.models.years import Year
from longsha_credit.publication.models import Publication


class TaskState(models.TextChoices):
    ISSUED = "issued", "已下达"
    WORKING = "working", "办理中"
    REPORTED = "reported", "已报完成"
    RETURNED = "returned", "退回"
    DONE = "done", "已完成"
    WITHDRAWN = "withdrawn", "已收回"


OPEN = (TaskState.ISSUED, TaskState.WORKING, TaskState.RETURNED)
UNIT_CLOCKS = ("programme_task", "summary_report", "task_redo")


def _person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,  # nobody asks a person's tasks by these, and they are written by the hundred thousand
        related_name="+",
        verbose_name=label,
        **options,
    )


class TaskQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation__parent", "standard", "year", "owner", "owner_post")

    def standing(self):
        """Those that count: what was taken back does not."""
        return self.exclude(state=TaskState.WITHDRAWN)

    def unfinished(self):
        """Those that may still come back to the unit, what waits for a decision among them."""
        return self.exclude(state__in=[TaskState.DONE, TaskState.WITHDRAWN])

    def open(self):
        """Those the unit still has to do."""
        return self.filter(state__in=OPEN)

    def below(self, organisation):
        return self.filter(organisation__path__startswith=organisation.path)

    def with_clock(self):
        """Each row with `clock_due`: the day the unit's open clock runs out, moved by more time granted, or None."""
        clocks = Deadline.objects.open().filter(
            object_kind=self.model._meta.label_lower, object_id=OuterRef("pk"), rule_key__in=UNIT_CLOCKS
        )
        return self.annotate(clock_due=Subquery(clocks.values("due_on")[:1]))

    def late(self, today: datetime.date):
        """Open ones whose clock has run out; asks for `with_clock`."""
        return self.open().filter(clock_due__lt=today)


NOT_IN_A_FROZEN_YEAR = f"""
PERFORM 1 FROM programme_year y WHERE y.id IN (SELECT year_id FROM new_values) FOR SHARE;
IF EXISTS (SELECT FROM new_values n JOIN programme_year y ON y.id = n.year_id WHERE y.state = 'frozen') THEN
  {refuse("frozen_year_takes_no_task", "a frozen year is closed for everybody")}
END IF;
RETURN NULL;
"""
FITS_ITS_STANDARD = f"""
IF EXISTS (
    SELECT FROM new_values n
    JOIN programme_standardtask s ON s.id = n.standard_id
    JOIN programme_year y ON y.id = n.year_id JOIN directory_organisation o ON o.id = n.organisation_id
    WHERE s.year_id <> n.year_id OR s.level <> o.level
       OR extract(year FROM n.due_on)::int <> y.number) THEN
  {refuse("task_fits_its_standard", "year, level and day are those of the standard task")}
END IF;
RETURN NULL;
"""


def _for_the_set(rule: str, func: str) -> pgtrigger.Trigger:
    """Looked at once for all rows of a statement: a row-by-row look would double the time of handing down."""
    return pgtrigger.Trigger(
        name=rule,
        level=pgtrigger.Statement,
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(new="new_values"),
        func=func,
    )


class Task(models.Model):
    """任务：某单位在某年度要做成的一件标准任务。下达、办理、报完成，由上级认定，不由报的单位认定。"""

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="tasks", verbose_name="年度")
    standard = models.ForeignKey(
        StandardTask, on_delete=models.PROTECT, related_name="tasks", verbose_name="标准任务"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+", verbose_name="随哪次下达")
    state = models.CharField("状态", max_length=10, choices=TaskState.choices, default=TaskState.ISSUED)
    issued_on = models.DateField("下达日期")
    due_on = models.DateField("下达的期限")
    owner = _person("责任人")
    owner_post = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name="责任岗位",
    )
    report = models.TextField("完成情况", max_length=1000, blank=True, default="")
    reported_by = _person("报完成人")
    reported_on = models.DateField("报完成日期", null=True)
    decided_by = _person("认定人")
    decided_on = models.DateField("认定日期", null=True)
    opinion = models.CharField("认定意见", max_length=500, blank=True, default="")
    saved_at = models.DateTimeField("保存时间", auto_now=True)
    clocks = Clocks()

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "任务"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["organisation"], name="task_to_decide", condition=Q(state="reported")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_task_per_standard_and_unit",
                fields=["standard", "organisation"],
                condition=~Q(state="withdrawn"),
            ),
            models.CheckConstraint(
                name="task_is_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=F("reported_by")),
            ),
            models.CheckConstraint(
                name="task_state_has_its_people",
                condition=Q(
                    state__in=["issued", "working"], reported_by=None, reported_on=None, decided_by=None
                )
                | Q(state="withdrawn")
                | (
                    Q(state="reported", reported_by__isnull=False, reported_on__isnull=False, decided_by=None)
                    & ~Q(report="")
                )
                | (
                    Q(state__in=["returned", "done"], reported_by__isnull=False, reported_on__isnull=False)
                    & Q(decided_by__isnull=False, decided_on__isnull=False)
                    & ~Q(report="")
                ),
            ),
            models.CheckConstraint(name="task_has_one_owner", condition=Q(owner=None) | Q(owner_post=None)),
        ]
        triggers = [
            _for_the_set("frozen_year_takes_no_task", NOT_IN_A_FROZEN_YEAR),
            _for_the_set("task_fits_its_standard", FITS_ITS_STANDARD),
            frozen_year_stays(pgtrigger.Update),
            fixed(
                "task_keeps_what_it_is",
                *("year_id", "standard_id", "organisation_id", "job_id", "issued_on", "due_on"),
            ),
            fixed(
                "finished_task_stays",
                *("state", "owner_id", "owner_post_id", "report", "reported_by_id", "reported_on"),
                *("decided_by_id", "decided_on", "opinion"),
                unless="OLD.state NOT IN ('done', 'withdrawn')",
            ),
            pgtrigger.Trigger(
                name="owner_is_of_the_unit",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.owner_id IS NOT NULL OR NEW.owner_post_id IS NOT NULL"),
                func=f"""
                IF TG_OP = 'UPDATE' AND (OLD.owner_id, OLD.owner_post_id) IS NOT DISTINCT FROM
                    (NEW.owner_id, NEW.owner_post_id) THEN
                  RETURN NEW;
                END IF;
                IF (NEW.owner_id IS NOT NULL AND NOT EXISTS (
                      SELECT FROM directory_membership m WHERE m.user_id = NEW.owner_id
                      AND m.organisation_id = NEW.organisation_id AND m.ended_on IS NULL))
                   OR (NEW.owner_post_id IS NOT NULL AND NOT EXISTS (
                      SELECT FROM directory_organisation p WHERE p.id = NEW.owner_post_id AND p.level = 'post'
                      AND NEW.organisation_id IN (p.id, p.parent_id))) THEN
                  {refuse("owner_is_of_the_unit", "a person or a post of the unit answers for its task")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.organisation.name}：{self.standard.title}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def answers(self) -> str:
        """Who answers for it, in words; nothing where the lead has not said yet."""
        return str(self.owner or self.owner_post or "")


class NoteKind(models.TextChoices):
    MEASURES = "measures", "细化措施"
    PROGRESS = "progress", "办理进展"


def _while_open(rule: str, operation, row: str = "NEW") -> pgtrigger.Trigger:
    """What stands under a task is written while the unit works on it, and never in a frozen year."""
    return pgtrigger.Trigger(
        name=rule,
        operation=operation,
        when=pgtrigger.Before,
        func=f"""
        PERFORM 1 FROM programme_task t JOIN programme_year y ON y.id = t.year_id
        WHERE t.id = {row}.task_id AND t.state IN ('working', 'returned') AND y.state <> 'frozen' FOR SHARE OF t, y;
        IF NOT FOUND THEN
          {refuse(rule, "written while the unit works on the task")}
        END IF;
        RETURN {row};
        """,
    )


class UnderTaskQuerySet(ScopedQuerySet):
    path_lookup = "task__organisation__path"


class TaskNote(models.Model):
    """任务记事：单位自己的细化措施（以最后一份为准）和办理进展。只增不改。"""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="notes", verbose_name="任务")
    kind = models.CharField("种类", max_length=8, choices=NoteKind.choices)
    text = models.TextField("内容", max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="写的人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = UnderTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "任务记事"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="task_note_says_something", condition=~Q(text="")),
            models.CheckConstraint(name="task_note_is_of_a_kind", condition=Q(kind__in=NoteKind.values)),
        ]
        triggers = [_while_open("note_of_an_open_task", pgtrigger.Insert), *append_only()]

    def __str__(self):
        return f"{self.task}：{self.get_kind_display()}"


class TaskEvidence(models.Model):
    """任务佐证：从本单位已有的留痕、公开内容、文件里选一件，不重复上传。"""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="evidence", verbose_name="任务")
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="留痕"
    )
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="公开内容"
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="文件"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="选的人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = UnderTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "任务佐证"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="evidence_is_one_thing",
                condition=Q(entry__isnull=False, publication=None, file=None)
                | Q(entry=None, publication__isnull=False, file=None)
                | Q(entry=None, publication=None, file__isnull=False),
            ),
            models.UniqueConstraint(
                name="evidence_is_picked_once",
                fields=["task", "entry", "publication", "file"],
                nulls_distinct=False,
            ),
        ]
        triggers = [
            _while_open("evidence_of_an_open_task", pgtrigger.Insert),
            _while_open("evidence_stays_with_the_report", pgtrigger.Delete, row="OLD"),
            pgtrigger.Trigger(
                name="evidence_is_of_the_unit",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (
                    SELECT FROM programme_task t JOIN directory_organisation o ON o.id = t.organisation_id
                    WHERE t.id = NEW.task_id
                    AND (NEW.entry_id IS NULL OR EXISTS (SELECT FROM audit_entry e
                         WHERE e.id = NEW.entry_id AND e.organisation_path = o.path))
                    AND (NEW.publication_id IS NULL OR EXISTS (SELECT FROM publication_publication p
                         WHERE p.id = NEW.publication_id AND p.organisation_id = o.id))
                    AND (NEW.file_id IS NULL OR EXISTS (SELECT FROM files_storedfile f
                         WHERE f.id = NEW.file_id AND f.organisation_id = o.id))) THEN
                  {refuse("evidence_is_of_the_unit", "what another unit did proves nothing")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "evidence_keeps_what_it_is", "task_id", "entry_id", "publication_id", "file_id", "by_id", "at"
            ),
        ]

    def __str__(self):
        return str(self.entry or self.publication or self.file)
