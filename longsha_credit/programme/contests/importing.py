"""A file of questions taken in by two jobs: looked through whole, then, when somebody says so, made into drafts.

The file stays with the unit; undoing throws away what nobody has touched.
"""

from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import jobs
from longsha_credit.exchange.models import Job, JobState
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.contests import fields, services
from longsha_credit.programme.contests.flows import HOLDS, QUESTION
from longsha_credit.programme.contests.sheets import Unreadable
from longsha_credit.programme.models import Question, QuestionState

CHECK, IMPORT = "check_questions", "import_questions"
PURPOSE = "questions"
AT_ONCE = 200
WHY_UNDONE = "这次导入已经撤销"


def register() -> None:
    """Tell of both kinds of work, and who may read the files; called once when the app is ready."""
    files.readable(PURPOSE, lambda user: StoredFile.objects.visible_to(user))
    jobs.register(CHECK, label="检查题目文件", run=look_through)
    jobs.register(IMPORT, label="导入题目", run=bring_in, undo=take_back, chunk=AT_ONCE)


@transaction.atomic
def begin(upload: Any, *, organisation: Organisation, by: Any) -> Job:
    """Keep the file and start looking through it. Raises Http404, files.checks.Unacceptable."""
    require_within(by, organisation, HOLDS)
    file = files.store(upload, organisation=organisation, purpose=PURPOSE, by=by)
    return jobs.start(
        CHECK, by=by, organisation=organisation, title=f"检查题目文件：{file.name}", key=f"file {file.pk}",
        arguments={"file": file.pk},
    )  # fmt: skip


def look_through(job: Job, chunk: int) -> bool:
    """All cells of the file at once; what is wrong stands in the result, and nothing is taken in."""
    job.result = outcome = _outcome(job)
    job.total = job.done = outcome["rows"]
    outcome["link"] = {"path": f"desk/contests/questions/import/{job.pk}/", "label": "看检查结果"}
    return False


def _outcome(job: Job) -> dict[str, Any]:
    try:
        checked = _read(job, _texts(job.organisation))
    except Unreadable as problem:
        return {"rows": 0, "problem": str(problem), "lines": [str(problem)]}
    if checked.rows > services.MOST_QUESTIONS:
        problem = f"一次最多导入{services.MOST_QUESTIONS}道题，这个文件有{checked.rows}道，请分成几个文件。"
        return {"rows": checked.rows, "problem": problem, "lines": [problem]}
    number = len(checked.faults)
    said = f"有{number}处要改，没有导入。" if number else f"{checked.rows}道题都没有问题，还没有导入。"
    faults = [[fault.cell, fault.label, fault.sentence] for fault in checked.shown]
    return {"rows": checked.rows, "number": number, "faults": faults, "lines": [said]}


def _read(job: Job, known: set[str]) -> fields.Checked:
    file = StoredFile.objects.get(pk=job.arguments["file"])
    with file.file.open("rb") as opened:
        return fields.check(file.name, opened.read(), known)


def _texts(organisation: Organisation) -> set[str]:
    rows = Question.objects.filter(organisation=organisation).exclude(state=QuestionState.DISCARDED)
    return set(rows.values_list("text", flat=True))


@transaction.atomic
def confirm(check: Job, *, by: Any) -> Job:
    """Take the questions of a file in that was found right; pressed twice it is the same job. Raises Http404, Refused."""
    require_within(by, check.organisation, HOLDS)
    if check.state != JobState.DONE:
        raise Refused("文件还没有检查完，请稍等一会儿再点。", "state")
    if check.result.get("problem") or check.result.get("number"):
        raise Refused("文件里还有要改的，请改好以后重新上传。", "guard")
    file = StoredFile.objects.get(pk=check.arguments["file"])
    return jobs.start(
        IMPORT, by=by, organisation=check.organisation, title=f"导入题目：{file.name}", key=f"check {check.pk}",
        arguments={"file": file.pk},
    )  # fmt: skip


def bring_in(job: Job, chunk: int) -> bool:
    """Drafts of the next rows; what somebody has brought into the bank meanwhile is left out."""
    if job.by.role_at(HOLDS, job.organisation.path) is None:
        raise Refused(f"{job.by}现在没有出题的职责，没有接着导入。", "guard")
    rows, known = _read(job, set()).questions, _texts(job.organisation)
    start, left_out = job.position.get("row", 0), job.position.get("left_out", 0)
    part = rows[start : start + chunk]
    fresh = [row for row in part if row["text"] not in known]
    job.done += services.import_questions(fresh, organisation=job.organisation, by=job.by, job=job)
    left_out += len(part) - len(fresh)
    job.total = len(rows) - left_out
    job.position = {"row": start + len(part), "left_out": left_out}
    if start + chunk < len(rows):
        return True
    job.result = {
        "lines": [f"导入{job.done}道题，都是待核对；由另一个人核对以后启用。"]
        + ([f"另有{left_out}道题库里已经有，没有重复导入。"] if left_out else []),
        "link": {"path": f"desk/contests/questions/?job={job.pk}", "label": "看导入的题"},
    }
    return False


def take_back(job: Job, chunk: int) -> bool:
    """Throw away the next drafts of the import that nobody has touched."""
    last = Entry.objects.about(job).filter(step="undo").select_related("actor").first()
    untouched = _untouched(job)
    for question in untouched.order_by("pk")[:chunk]:
        QUESTION.take(question, "discard", by=last.actor if last else job.by, reason=WHY_UNDONE)
        job.done += 1
    if untouched.exists():
        return True
    left = Question.objects.filter(job=job).exclude(state=QuestionState.DISCARDED).count()
    job.result = {
        "lines": [f"撤回{job.done}道题，都已作废。"]
        + ([f"有{left}道已经有人核对或者改过，没有撤回。"] if left else []),
        "link": {"path": f"desk/contests/questions/?job={job.pk}", "label": "看这次导入的题"},
    }
    return False


def _untouched(job: Job) -> Any:
    """Still drafts, and saved by nobody after the import."""
    changed = Entry.objects.filter(
        object_kind=Question._meta.label_lower,
        object_id=Cast(OuterRef("pk"), CharField()),
        step="draft",
    ).exclude(step_label=services.IMPORTED)
    return Question.objects.filter(~Exists(changed), job=job, state=QuestionState.DRAFT)
