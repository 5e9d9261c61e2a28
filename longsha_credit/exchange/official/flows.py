"""The steps of an office's own Word template: put in force by a second person, given up again."""

import datetime
from typing import Any

from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.exchange.models import DocumentTemplate, TemplateState
from longsha_credit.exchange.models.templates import KEEPERS
from longsha_credit.exchange.official.kinds import KINDS

S = TemplateState
ANOTHER = {"created_by_id": "您上传的模板由另一个人启用。"}


def _still_fits(row: DocumentTemplate, today: datetime.date) -> list[str]:
    """The kind may have gained or lost fields since the template was tried."""
    kind = KINDS.get(row.kind)
    if kind is None:
        return ["系统里已经没有这种文书。"]
    known = {one.name for one in kind.fields}
    needed = {one.name for one in kind.fields if one.required}
    gone, missing = sorted(set(row.fields) - known), sorted(needed - set(row.fields))
    if gone or missing:
        return [f"上传以后栏目变了（{'、'.join([*gone, *missing])}），请改好模板重新上传。"]
    return []


def _takes_the_place(taken: Taken) -> dict[str, Any]:
    rows = DocumentTemplate.objects.filter(
        organisation=taken.obj.organisation, kind=taken.obj.kind, state=S.IN_FORCE
    )
    for standing in rows:
        FLOW.take(standing, "give_way", by=None, reason=f"由{taken.obj}代替")
    return {"enforced_by": taken.by, "enforced_on": taken.today, "retired_on": None}


def _retires(taken: Taken) -> dict[str, Any]:
    return {"retired_on": taken.today}


FLOW = Workflow(
    "公文模板",
    TemplateState,
    Step(
        "enforce", "启用", frozenset({S.TRIED}), S.IN_FORCE, KEEPERS, not_by=ANOTHER, guard=_still_fits,
        writes=_takes_the_place, todo="own", tone="main",
    ),
    Step(
        "restore", "重新启用", frozenset({S.RETIRED}), S.IN_FORCE, KEEPERS, not_by=ANOTHER, guard=_still_fits,
        writes=_takes_the_place,
    ),
    Step("drop", "不启用", frozenset({S.TRIED}), S.DROPPED, KEEPERS, reason=True),
    Step(
        "retire", "换回系统的版式", frozenset({S.IN_FORCE}), S.RETIRED, KEEPERS, reason=True, writes=_retires,
        tone="stop",
    ),
    Step("give_way", "被新的代替", frozenset({S.IN_FORCE}), S.RETIRED, frozenset(), writes=_retires, button=False),
)  # fmt: skip
