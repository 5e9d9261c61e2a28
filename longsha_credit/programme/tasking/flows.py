"""The steps of a unit's task: begun and reported by the unit, decided by the level above, taken back by the office."""

from typing import Any

from django.db.models import Q

from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.directory.roles import Role
from longsha_credit.programme.models import Task, TaskState
from longsha_credit.programme.tasking import clocks

WRITERS = frozenset({Role.CLERK, Role.LEAD})
LEADS = frozenset({Role.LEAD})
KEEPS_TASKS = frozenset({Role.OFFICE})
DECIDES = frozenset({Role.LEAD, Role.REVIEWER, Role.OFFICE})


def _led_by(user: Any) -> Q:
    return Q(organisation__in=[m.organisation_id for m in user.current_memberships if m.role == Role.LEAD])


NOT_THE_REPORTER = {"reported_by_id": "完成情况是您报的，须由另一个人认定。"}
BY_A_SUPERIOR = (_led_by, "本单位的任务由上级认定，本单位负责人不能认定。")


def year_is_open(task: Task, today: Any) -> list[str]:
    if not task.year.is_frozen:
        return []
    return [f"{task.year}已封存，任务不能再改；更正请记在新的年度里。"]


def _has_something_to_show(task: Task, today: Any) -> list[str]:
    problems = year_is_open(task, today)
    if not task.notes.exists() and not task.evidence.exists():
        problems.append("还没有写进展，也没有选佐证。请先选一件已有的承诺、公开内容或留痕，或者写一条进展。")
    return problems


def _reports(taken: Taken) -> dict[str, Any]:
    columns = {"report": (taken.given.get("report") or "").strip()[:1000] or "已完成。"}
    return columns | {
        "reported_by": taken.by,
        "reported_on": taken.today,
        "decided_by": None,
        "decided_on": None,
    }


def _decides(taken: Taken) -> dict[str, Any]:
    return {"decided_by": taken.by, "decided_on": taken.today, "opinion": taken.reason[:500]}


def _waits_for_the_superior(taken: Taken) -> None:
    clocks.is_reported(taken.obj, today=taken.today)


def _is_done(taken: Taken) -> None:
    clocks.is_decided(taken.obj, today=taken.today)


def _is_to_do_again(taken: Taken) -> None:
    clocks.is_decided(taken.obj, today=taken.today)
    clocks.begin_again(taken.obj, today=taken.today)


def _is_gone(taken: Taken) -> None:
    clocks.is_gone(taken.obj, why=f"任务收回：{taken.reason}")


S = TaskState

FLOW = Workflow(
    "任务",
    TaskState,
    Step("begin", "开始办理", frozenset({S.ISSUED}), S.WORKING, WRITERS, guard=year_is_open),
    Step(
        "report", "报完成", frozenset({S.WORKING, S.RETURNED}), S.REPORTED, WRITERS,
        guard=_has_something_to_show, writes=_reports, effects=(_waits_for_the_superior,), tone="main", asks=True,
    ),
    Step(
        "accept", "认定完成", frozenset({S.REPORTED}), S.DONE, DECIDES,
        not_by=NOT_THE_REPORTER, not_where=BY_A_SUPERIOR, guard=year_is_open, writes=_decides,
        effects=(_is_done,), todo="below", tone="main",
    ),
    Step(
        "send_back", "退回", frozenset({S.REPORTED}), S.RETURNED, DECIDES, reason=True,
        not_by=NOT_THE_REPORTER, not_where=BY_A_SUPERIOR, guard=year_is_open, writes=_decides,
        effects=(_is_to_do_again,),
    ),
    Step(
        "withdraw", "收回任务", frozenset({S.ISSUED, S.WORKING, S.RETURNED}), S.WITHDRAWN, KEEPS_TASKS,
        reason=True, guard=year_is_open, effects=(_is_gone,), tone="stop",
    ),
    author="owner",
)  # fmt: skip
