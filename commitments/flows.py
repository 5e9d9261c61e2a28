"""The steps of obligations, amendments and progress: who, from where, what stands against it, what follows."""

import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Max
from django.utils import timezone

from commitments.models import (
    Amendment,
    AmendmentState,
    Obligation,
    ObligationState,
    ProgressState,
    ProgressUpdate,
)
from commitments.models.terms import TERMS
from longsha_credit.audit.workflow import Refused, Step, Taken, Workflow
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.publication import door
from longsha_credit.publication.gate import candidate_steps
from longsha_credit.publication.models import Publication

WRITERS = frozenset({Role.CLERK, Role.LEAD})


def _terms_complete(terms: Any, today: datetime.date) -> list[str]:
    problems = []
    if terms.due_on <= today:
        problems.append("完成期限已经过了，请改为今天以后的日期。")
    if terms.post.level != Level.POST or terms.post.parent_id != terms.organisation.pk:
        problems.append("责任岗位不属于承诺单位，请重新选择。")
    elif terms.post.valid_to:
        problems.append("责任岗位已停用，请重新选择。")
    if not terms.organisation.supervision_phone:
        problems.append("承诺单位还没有监督电话，请本单位负责人或系统管理员在“单位资料”里补上。")
    return problems


def _amendment_complete(amendment: Amendment, today: datetime.date) -> list[str]:
    problems = _terms_complete(amendment, today)
    before = amendment.obligation
    same_files = set(amendment.files.all()) == set(before.files.all())
    if same_files and all(getattr(amendment, name) == getattr(before, name) for name in TERMS):
        problems.append("内容和现行版本一样，没有可变更的。")
    return problems + _obligation_in_force(amendment, today)


def _obligation_in_force(part: Amendment | ProgressUpdate, today: datetime.date) -> list[str]:
    """Amendments and progress pass only while the promise itself stands."""
    state = Obligation.objects.values_list("state", flat=True).get(pk=part.obligation_id)
    if state == ObligationState.IN_FORCE:
        return []
    return [f"承诺现在是“{ObligationState(state).label}”，不能再变更或报进展。"]


def _progress_complete(progress: ProgressUpdate, today: datetime.date) -> list[str]:
    problems = _obligation_in_force(progress, today)
    if progress.as_of > today:
        problems.append("截至日期不能晚于今天。")
    if not progress.files.exists():
        problems.append("还没有佐证材料，请至少上传一份（照片、验收单等）。")
    return problems


def _gets_code(taken: Taken) -> dict[str, Any]:
    """On the first submission: the day it was made and its 20-digit code (division 6 + day 8 + serial 6)."""
    obligation, today = taken.obj, taken.today
    if obligation.code:
        return {}
    prefix = f"{_division_of(obligation.organisation)}{today:%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [prefix])
    last = Obligation.objects.filter(code__startswith=prefix).aggregate(last=Max("code"))["last"]
    serial = int(last[14:]) + 1 if last else 1
    return {"code": f"{prefix}{serial:06d}", "made_on": today}


def _division_of(organisation: Organisation) -> str:
    """The county's six digits: the organisation's own, or those of the nearest unit above that has a code."""
    ids = [int(part) for part in organisation.path.strip("/").split("/")]
    codes = dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "division_code"))
    for pk in reversed(ids):
        if codes[pk]:
            return codes[pk][:6]
    raise Refused("承诺单位和上级都没有统计用区划代码，请系统管理员先导入区划。", "guard")


def _comes_into_force(taken: Taken) -> dict[str, Any]:
    return {"publication": taken.given["publication"], "version": 1}


def _while_it_stands(taken: Taken) -> None:
    """Hold the promise until this step is written: the guard asked before, and a withdrawal may come in between."""
    Obligation.objects.select_for_update(of=("self",)).get(pk=taken.obj.obligation_id)
    if problems := _obligation_in_force(taken.obj, taken.today):
        raise Refused("".join(problems), "guard")


def _is_published(taken: Taken) -> dict[str, Any]:
    _while_it_stands(taken)
    return {"publication": taken.given["publication"]}


def _is_adopted(taken: Taken) -> dict[str, Any]:
    _while_it_stands(taken)
    return {"adopted_at": timezone.now()}


def _replaces_terms(taken: Taken) -> None:
    """The new version's terms become the obligation's; the old ones stay in the ledger."""
    amendment = taken.obj
    terms = {name: getattr(amendment, name) for name in TERMS}
    Obligation.objects.filter(pk=amendment.obligation_id).update(**terms, version=F("version") + 1)
    amendment.obligation.files.set(amendment.files.all())


def _asks_withdrawal(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": taken.reason[:500], "withdraw_asked_by": taken.by}


def _forgets_withdrawal(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": "", "withdraw_asked_by": None}


def _takes_down(taken: Taken) -> None:
    """The promise and every progress report under it go at once; what was still in review is recalled."""
    obligation = taken.obj
    for flow, parts in ((AMENDMENT, obligation.amendments), (PROGRESS, obligation.progress)):
        for part in parts.filter(state="in_review"):
            flow.take(part, "recall", by=None)
        for part in parts.filter(state="draft"):
            flow.take(part, "discard", by=None, reason="承诺已撤下")
    publications = [
        obligation.publication,
        *Publication.objects.filter(pk__in=obligation.progress.values("publication")),
    ]
    for publication in publications:
        door.withdraw(
            publication,
            reference=obligation.code,
            reason=obligation.withdraw_reason,
            asked_by=obligation.withdraw_asked_by,
            approver=taken.by,
            remove_content=bool(taken.given.get("remove_content")),
        )


S = ObligationState
OFFICE = frozenset({Role.REVIEWER, Role.OFFICE})

FLOW = Workflow(
    "承诺",
    ObligationState,
    *candidate_steps(
        draft=S.DRAFT, in_review=S.IN_REVIEW, passed=S.IN_FORCE, discarded=S.DISCARDED,
        complete=_terms_complete, submit_writes=_gets_code, pass_writes=_comes_into_force,
    ),
    Step(
        "ask_withdrawal", "申请撤下", frozenset({S.IN_FORCE}), S.WITHDRAWING, WRITERS | OFFICE,
        reason=True, writes=_asks_withdrawal, tone="stop",
    ),
    Step(
        "approve_withdrawal", "批准撤下", frozenset({S.WITHDRAWING}), S.WITHDRAWN, OFFICE,
        not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人批准。"},
        effects=(_takes_down,), todo="below", tone="main", asks=True,
    ),
    Step(
        "refuse_withdrawal", "不同意撤下", frozenset({S.WITHDRAWING}), S.IN_FORCE, OFFICE,
        reason=True, not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人决定。"}, writes=_forgets_withdrawal,
    ),
)  # fmt: skip

AMENDMENT = Workflow(
    "承诺变更",
    AmendmentState,
    *candidate_steps(
        draft=AmendmentState.DRAFT, in_review=AmendmentState.IN_REVIEW,
        passed=AmendmentState.ADOPTED, discarded=AmendmentState.DISCARDED,
        complete=_amendment_complete, pass_guard=_obligation_in_force, pass_writes=_is_adopted,
        on_passed=(_replaces_terms,),
    ),
)  # fmt: skip

PROGRESS = Workflow(
    "进展",
    ProgressState,
    *candidate_steps(
        draft=ProgressState.DRAFT, in_review=ProgressState.IN_REVIEW,
        passed=ProgressState.PUBLISHED, discarded=ProgressState.DISCARDED,
        complete=_progress_complete, pass_guard=_obligation_in_force, pass_writes=_is_published,
    ),
)  # fmt: skip
