"""What stands against a step of a promise and its parts, and which columns a step writes with the state."""

import datetime
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from commitments import clocks, parts
from commitments.models import (
    Amendment,
    Contract,
    Form,
    Obligation,
    ObligationState,
    ProgressUpdate,
    Received,
    ResultReport,
    Verdict,
    Verification,
)
from commitments.models.terms import TERMS
from commitments.wording import WORDINGS, plain
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.directory.models import Level
from longsha_credit.directory.services import division_of
from longsha_credit.publication.models import Review
from longsha_credit.publication.reasons import fit_for_the_log


def terms_complete(terms: Any, today: datetime.date) -> list[str]:
    problems = []
    if terms.due_on <= today:
        problems.append("完成期限已经过了，请改为今天以后的日期。")
    if terms.post.level != Level.POST or terms.post.parent_id != terms.organisation.pk:
        problems.append("责任岗位不属于承诺单位，请重新选择。")
    elif terms.post.valid_to:
        problems.append("责任岗位已停用，请重新选择。")
    if not terms.standard or not terms.beneficiaries:
        problems.append("服务对象和认定标准还没有填全，请点“修改草稿”补上，承诺类别和领域也一起核对。")
    if not terms.organisation.supervision_phone:
        problems.append("承诺单位还没有监督电话，请本单位负责人或系统管理员在“单位资料”里补上。")
    return problems + _parts_fit(terms, today) + _fits_its_form(terms)


def _parts_fit(terms: Any, today: datetime.date) -> list[str]:
    """No part ends after the whole, and none of a new promise is over already; one being changed may be."""
    problems, is_new = [], isinstance(terms, Obligation)
    for part in parts.of(terms):
        if part.due_on > terms.due_on:
            problems.append(f"第{part.number}部分的期限晚于整件事的期限，请改早，或者把整件事的期限改晚。")
        if is_new and part.due_on <= today:
            problems.append(f"第{part.number}部分的期限已经过了，请改为今天以后的日期。")
    return problems


def _fits_its_form(terms: Any) -> list[str]:
    obligation = getattr(terms, "obligation", terms)
    if obligation.form == Form.POLICY and terms.document_until and terms.due_on > terms.document_until:
        return ["落实期限晚于文件的有效期，请改早；文件已经延期的，请先改有效期。"]
    if obligation.form != Form.CONTRACT:
        return []
    if not Contract.objects.filter(obligation=obligation).exists():
        return ["合同内部栏目还没有填，请点“修改草稿”填写合同对方和签订日期。"]
    words = [terms.title, terms.content, terms.standard, terms.beneficiaries, terms.liability]
    return names_the_other_side(obligation, *words, *(part.title for part in parts.of(terms)))


def names_the_other_side(obligation: Obligation, *texts: str) -> list[str]:
    """Who the other side of a contract is, its number and its sum stay in the office: no text may give them away."""
    if obligation.form != Form.CONTRACT:
        return []
    contract = Contract.objects.filter(obligation=obligation).first()
    if contract is None:
        return []
    said = "".join("".join(texts).split())
    kept = {
        "合同对方的名称": [contract.counterparty],
        "合同编号": [contract.number],
        "合同金额": _sums(contract),
    }
    found = [what for what, words in kept.items() if any(_stands_in(word, said) for word in words)]
    return [f"公开的文字里写了{'、'.join(found)}，这些只能在内部栏目里，请改成一般的说法。"] if found else []


def _stands_in(word: str, said: str) -> bool:
    word = "".join(word.split())
    return len(word) > 2 and word in said


def _sums(contract: Contract) -> list[str]:
    """A sum as people write it: 128600, 128,600 and 12.86万."""
    if contract.amount is None:
        return []
    return [
        plain(contract.amount),
        f"{contract.amount:,.2f}".removesuffix(".00"),
        f"{plain(contract.amount / 10000)}万",
    ]


def amendment_complete(amendment: Amendment, today: datetime.date) -> list[str]:
    problems = terms_complete(amendment, today)
    before = amendment.obligation
    same_files = set(amendment.files.all()) == set(before.files.all())
    same_terms = all(getattr(amendment, name) == getattr(before, name) for name in TERMS)
    if same_files and same_terms and parts.same(amendment, before):
        problems.append("内容和现行版本一样，没有可变更的。")
    return problems + obligation_in_force(amendment, today)


def obligation_in_force(part: Any, today: datetime.date) -> list[str]:
    """Amendments, progress and results pass only while the promise itself stands."""
    state, form = Obligation.objects.values_list("state", "form").get(pk=part.obligation_id)
    if state == ObligationState.IN_FORCE:
        return []
    return [f"{WORDINGS[form].noun}现在是“{ObligationState(state).label}”，不能再变更、报进展或报结果。"]


def progress_complete(progress: ProgressUpdate, today: datetime.date) -> list[str]:
    problems = obligation_in_force(progress, today)
    if progress.as_of > today:
        problems.append("截至日期不能晚于今天。")
    if progress.part and progress.part.is_dropped:
        problems.append("这一部分已经由变更取消，请改报整件事或别的部分。")
    if not progress.files.exists():
        problems.append("还没有佐证材料，请至少上传一份（照片、验收单等）。")
    return problems + names_the_other_side(progress.obligation, progress.text)


def result_complete(result: ResultReport, today: datetime.date) -> list[str]:
    problems = obligation_in_force(result, today)
    if result.obligation.amendments.filter(state="in_review").exists():
        problems.append("这件承诺有一份变更正在审查，办完或撤回以后才能报结果。")
    if result.fulfilled_on and result.fulfilled_on > today:
        problems.append("完成日期不能晚于今天。")
    if (
        result.claim == Verdict.FULL
        and result.fulfilled_on
        and result.fulfilled_on > result.obligation.due_on
    ):
        problems.append(_LATE_IS_NOT_FULL)
    if not result.files.exists():
        problems.append("还没有佐证材料，请至少上传一份（照片、验收单等）。")
    return problems + names_the_other_side(result.obligation, result.text, result.unmet)


def verification_complete(found: Verification, today: datetime.date) -> list[str]:
    problems = still_reported(found, today)
    if found.fulfilled_on and found.fulfilled_on > today:
        problems.append("完成日期不能晚于今天。")
    if found.verdict == Verdict.FULL and found.fulfilled_on and found.fulfilled_on > found.obligation.due_on:
        problems.append(_LATE_IS_NOT_FULL)
    counts_on = found.obligation.counts_on
    in_time = found.fulfilled_on and (counts_on is None or found.fulfilled_on <= counts_on)
    if found.counted_verdict == Verdict.FULL and not in_time:
        problems.append("完成日期没有写明，或晚于计入兑现率的期限：“按变更前的内容认定”不能选“全部履行”。")
    return problems + names_the_other_side(found.obligation, found.text, found.unmet, found.consequence)


_LATE_IS_NOT_FULL = "完成日期晚于承诺的期限，不能报“全部履行”。请写明到期那天做到了哪一步、后来怎样补做的。"


def still_reported(found: Verification, today: datetime.date) -> list[str]:
    """A verdict passes only on the report it was written about, while that waits for it."""
    state = Obligation.objects.values_list("state", flat=True).get(pk=found.obligation_id)
    report = ResultReport.objects.values_list("state", flat=True).get(pk=found.report_id)
    if state == ObligationState.REPORTED and report == "published":
        return []
    return [f"承诺现在是“{ObligationState(state).label}”，这份结果报告已不在待核验，不能再作认定。"]


def not_decided_yet(result: ResultReport, today: datetime.date) -> list[str]:
    """Only a report that waits for the district can be sent back to the unit."""
    if result.obligation.state == ObligationState.REPORTED:
        return []
    return [f"承诺现在是“{result.obligation.get_state_display()}”，不能退回这份报告。"]


def promise_stands_verified(found: Verification, today: datetime.date) -> list[str]:
    if found.obligation.state == ObligationState.VERIFIED:
        return []
    return [f"承诺现在是“{found.obligation.get_state_display()}”，先办完再撤销认定。"]


def writers_of(report: ResultReport) -> set[int]:
    """Everybody who wrote in a report or submitted it."""
    wrote = (
        Entry.objects.about(report).filter(step__in=["draft", "submit"]).values_list("actor_id", flat=True)
    )
    return {report.created_by_id, *wrote}


def hands_of(report: ResultReport) -> set[int]:
    """Its writers and whoever passed it."""
    passed = Review.objects.of(report).filter(state="passed").values_list("first_by_id", flat=True)
    return writers_of(report) | set(passed)


def apart_from_the_report(taken: Taken) -> dict[str, Any]:
    """Whoever had a hand in the report does not submit the verdict on it."""
    if taken.by and taken.by.pk in hands_of(taken.obj.report):
        raise Refused("您报告或复核过这份结果，须由另一个人核验。", "eyes")
    return {}


def no_revocation_open(obligation: Obligation, today: datetime.date) -> list[str]:
    if obligation.verifications.filter(state="withdrawing").exists():
        return ["核验结论正在申请撤销，请先批准撤销或维持认定，再办撤下。"]
    return []


def while_it_waits(taken: Taken) -> dict[str, Any]:
    """Hold the promise while the verdict is written, as for its other parts."""
    if taken.by and taken.by.pk in writers_of(taken.obj.report):
        raise Refused("这份结果是您报告的，核验结论须由另一个人复核。", "eyes")
    Obligation.objects.select_for_update(of=("self",)).get(pk=taken.obj.obligation_id)
    if problems := still_reported(taken.obj, taken.today):
        raise Refused("".join(problems), "guard")
    return {"publication": taken.given["publication"]}


def asks_revocation(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": fit_for_the_log(taken.reason), "withdraw_asked_by": taken.by}


def forgets_revocation(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": "", "withdraw_asked_by": None}


def gets_code(taken: Taken) -> dict[str, Any]:
    """On the first submission: the day it was made and its 20-digit code (division 6 + day 8 + serial 6)."""
    obligation, today = taken.obj, taken.today
    if obligation.code:
        return {}
    if received := _code_it_came_with(obligation):
        return received
    prefix = f"{division_of(obligation.organisation)}{today:%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [prefix])
    last = Obligation.objects.filter(code__startswith=prefix).aggregate(last=Max("code"))["last"]
    serial = int(last[14:]) + 1 if last else 1
    return {"code": f"{prefix}{serial:06d}", "made_on": today}


def _code_it_came_with(obligation: Obligation) -> dict[str, Any]:
    """The code and day of another platform's file, unless another promise has the code by now."""
    came = Received.objects.filter(obligation=obligation).first()
    if came is None or Obligation.objects.filter(code=came.code).exists():
        return {}
    return {"code": came.code, "made_on": came.made_on}


def comes_into_force(taken: Taken) -> dict[str, Any]:
    return {"publication": taken.given["publication"], "version": 1, "counts_on": taken.obj.due_on}


def _while_it_stands(taken: Taken) -> None:
    """Hold the promise until this step is written: the guard asked before, and a withdrawal may come in between."""
    Obligation.objects.select_for_update(of=("self",)).get(pk=taken.obj.obligation_id)
    if problems := obligation_in_force(taken.obj, taken.today):
        raise Refused("".join(problems), "guard")


def is_published(taken: Taken) -> dict[str, Any]:
    _while_it_stands(taken)
    return {"publication": taken.given["publication"]}


def is_proposed(taken: Taken) -> dict[str, Any]:
    """The day of submission decides whether a change comes too late to count; returned ones start anew."""
    return {"proposed_on": taken.today}


def is_adopted(taken: Taken) -> dict[str, Any]:
    _while_it_stands(taken)
    counts_on = Obligation.objects.values_list("counts_on", flat=True).get(pk=taken.obj.obligation_id)
    proposed_on = taken.obj.proposed_on or timezone.localdate(taken.given["review"].submitted_at)
    # asked in good time yet passed after the day: that, too, would undo what was due
    is_late = counts_on < taken.today or clocks.too_late_to_count(counts_on, proposed_on)
    return {"adopted_at": timezone.now(), "is_late": is_late, "proposed_on": proposed_on}


def asks_withdrawal(taken: Taken) -> dict[str, Any]:
    return {
        "withdraw_reason": fit_for_the_log(taken.reason),
        "withdraw_asked_by": taken.by,
        "withdraw_asked_on": taken.today,
        "withdraw_from": taken.obj.state,
    }


def forgets_withdrawal(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": "", "withdraw_asked_by": None, "withdraw_asked_on": None, "withdraw_from": ""}


def leaves_the_count(taken: Taken) -> dict[str, Any]:
    """Like a change, a withdrawal asked for too late, or after the verdict, does not take the promise out of the rate."""
    obligation = taken.obj
    is_past = obligation.counts_on is not None and obligation.counts_on < taken.today
    if (
        obligation.verdict
        or is_past
        or clocks.too_late_to_count(obligation.counts_on, obligation.withdraw_asked_on)
    ):
        return {}
    return {"counts_on": None}


def is_reported(taken: Taken) -> dict[str, Any]:
    in_time = clocks.reported_in_time(taken.obj, taken.today)
    return {"reported_on": taken.today, "reported_in_time": in_time}


def forgets_report(taken: Taken) -> dict[str, Any]:
    return {"reported_on": None, "reported_in_time": None}


def has_its_verdict(taken: Taken) -> dict[str, Any]:
    found = taken.given["verification"]
    return {
        "verdict": found.verdict,
        "counted_verdict": found.counted_verdict,
        "verified_on": taken.today,
    }


def forgets_verdict(taken: Taken) -> dict[str, Any]:
    return {"verdict": "", "counted_verdict": "", "verified_on": None}
