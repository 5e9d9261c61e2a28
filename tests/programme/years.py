"""Years as the office makes them: the plan's own, copies of it, a frozen one."""

from longsha_credit.programme import services
from longsha_credit.programme.flows import FLOW
from longsha_credit.programme.models import Year


def plan(c) -> Year:
    return services.load_plan(c.district)


def copied(c, to: int, year: Year | None = None) -> Year:
    return services.copy_year(year or plan(c), to=to, by=c.office)


def closing(c, year: Year | None = None) -> Year:
    year = year or plan(c)
    FLOW.take(year, "ask_freeze", by=c.office, reason="年度工作已经结束")
    return year


def frozen(c, year: Year | None = None) -> Year:
    year = closing(c, year)
    FLOW.take(year, "freeze", by=c.reviewer)
    return year


def as_typed(year: Year, **changes) -> dict:
    """What the edit form sends for this year, with some fields typed anew."""
    sent = {"title": year.title, "basis": year.basis, "report_on": year.report_on.isoformat(), "seen": ""}
    for stage in Year.objects.get(pk=year.pk).stages.all():
        sent |= {
            f"{stage.key}_starts_on": stage.starts_on.isoformat(),
            f"{stage.key}_ends_on": stage.ends_on.isoformat(),
            f"{stage.key}_task": stage.task,
        }
    return sent | changes
