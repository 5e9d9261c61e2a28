"""Plain functions that make the year's tasks, through the services and the job an office's page would start."""

import datetime
import uuid

from longsha_credit.audit.models import Entry
from longsha_credit.directory.models import Organisation
from longsha_credit.exchange import jobs
from longsha_credit.exchange.flows import FLOW as JOB
from longsha_credit.exchange.models import Job
from longsha_credit.programme.models import StandardTask, Task, TaskEvidence, Year
from longsha_credit.programme.tasking import issuing, services
from longsha_credit.programme.tasking.flows import FLOW
from tests import make
from tests.programme import years

D = datetime.date
TODAY = D(2026, 3, 10)


def year(c, number: int = 2026) -> Year:
    """An open year with the list it starts with."""
    plan = years.plan(c)
    services.load_list(plan)
    return Year.objects.filter(number=number).first() or years.copied(c, number, plan)


def standards(of: Year, *levels: str) -> list[StandardTask]:
    rows = StandardTask.objects.filter(year=of).current().in_order()
    return list(rows.filter(level__in=levels) if levels else rows)


def ordered(c, of: Year, *, which=None, units=None, today=TODAY, due_on=None, key="") -> Job:
    """The job in its queue."""
    rows = standards(of, "street", "community") if which is None else which
    units = services.units_for(rows, of) if units is None else units
    return issuing.begin(
        of, rows, units, by=c.office, today=today, due_on=due_on, key=key or uuid.uuid4().hex
    )


def issued(c, of: Year | None = None, **changes) -> Job:
    """Handed down: the job has run to its end."""
    job = ordered(c, of or year(c), **changes)
    while jobs.advance(job.pk):
        pass
    job.refresh_from_db()
    return job


def undone(c, job: Job, by=None) -> Job:
    JOB.take(job, "undo", by=by or c.office)
    while jobs.advance(job.pk):
        pass
    job.refresh_from_db()
    return job


def task(c, title: str = "公开四类承诺", unit: Organisation | None = None, of: Year | None = None) -> Task:
    """One task of the first street; the whole list is handed down where it is not yet."""
    unit = unit or c.street
    found = Task.objects.standing().with_names().filter(standard__title=title, organisation=unit)
    if of is not None:
        found = found.filter(year=of)
    if not found.exists():
        issued(c, of)
    return found.get()


def working(c, it: Task | None = None, today=TODAY) -> Task:
    it = it or task(c)
    services.add_note(
        it, kind="measures", text="四月中旬以前写好四件承诺，每件定一个岗位。", by=c.clerk, today=today
    )
    it.refresh_from_db()
    return it


def reported(c, it: Task | None = None, today=TODAY) -> Task:
    it = working(c, it, today)
    FLOW.take(it, "report", by=c.clerk, report="四类承诺都已公开。", today=today)
    return it


def returned(c, it: Task | None = None, today=TODAY) -> Task:
    it = reported(c, it, today)
    FLOW.take(it, "send_back", by=c.office, reason="阳光信访的一件没有量化指标。", today=today)
    return it


def done(c, it: Task | None = None, today=TODAY) -> Task:
    it = reported(c, it, today)
    FLOW.take(it, "accept", by=c.office, today=today)
    return it


def withdrawn(c, it: Task | None = None, today=TODAY) -> Task:
    it = it or task(c)
    FLOW.take(it, "withdraw", by=c.office, reason="下达错了。", today=today)
    return it


def picked(c, it: Task) -> TaskEvidence:
    """An entry of the street's own as evidence."""
    promise = make.in_force(c)
    entry = Entry.objects.about(promise).first()
    return services.pick_evidence(it, entry=entry, by=c.clerk, today=TODAY)


def listed(of: Year, title: str, level: str = "street") -> StandardTask:
    return StandardTask.objects.get(year=of, title=title, level=level)


def in_the_frozen_year(c, of: Year) -> Task:
    """Begun before the year is frozen, with something picked for it."""
    one = [listed(of, "公开四类承诺")]
    issued(c, of, which=one, today=D(of.number, 3, 10))
    return working(c, task(c, of=of), today=D(of.number, 3, 10))


def world(c, of: Year, frozen: Task) -> dict:
    """What the attempts name: a task of the street in every state, with what stands under it."""
    day = D(of.number, 3, 10)
    rows = standards(of, "street")
    issued(c, of, which=rows[:-1], today=day)

    def one(title: str, unit=None) -> Task:
        return task(c, title, unit, of)

    begun, told = working(c, one("公开四类承诺"), day), working(c, one("建齐诚信档案"), day)
    proof = picked(c, told)
    FLOW.take(told, "report", by=c.clerk, report="都建齐了。", today=day)
    elsewhere = one("公开四类承诺", c.other_street)
    services.add_note(elsewhere, kind="progress", text="已经开始。", by=c.other_clerk, today=day)
    return {
        "t_standard": listed(of, "公开四类承诺"),
        "t_free": listed(of, "公开窗口服务承诺", "window"),
        "t_summary": rows[-1],
        "t_frozen_standard": listed(frozen.year, "建齐诚信档案"),
        "t_frozen": frozen,
        "t_issued": one("财务按季公开"),
        "t_working": begun,
        "t_note": begun.notes.get(),
        "t_evidence": picked(c, begun),
        "t_publication": c.in_force.publication,
        "t_reported": told,
        "t_evidence_reported": proof,
        "t_evidence_frozen": frozen.evidence.get(),
        "t_returned": returned(c, one("到期承诺兑现"), day),
        "t_done": done(c, one("公职人员诚信培训"), day),
        "t_withdrawn": withdrawn(c, one("评优任用前做诚信核查"), day),
        "t_elsewhere": elsewhere,
    }
