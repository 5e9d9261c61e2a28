"""What of a promise and of the rows under it may become public: allow-listed fields only."""

from typing import Any

from commitments.models import Amendment, Obligation, ProgressUpdate, ResultReport, Verification
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.registry import Candidate

LABELS = {
    "organisation": "承诺单位",
    "code": "承诺编码",
    "made_on": "作出日期",
    "area": "承诺类别",
    "service_field": "公共服务领域",
    "domain": "所属方面",
    "content": "承诺内容",
    "standard": "认定标准",
    "target": "量化指标",
    "due_on": "完成期限",
    "beneficiaries": "服务对象",
    "post": "责任岗位",
    "liability": "违诺责任",
}
PROGRESS_LABELS = {"commitment": "承诺编码", "as_of": "截至日期", "done": "已完成", "text": "进展情况"}

RESULT_LABELS = {
    "commitment": "承诺编码",
    "claim": "报告的结果",
    "fulfilled_on": "完成日期",
    "done": "完成数量",
    "text": "做了什么",
    "unmet": "没有做到的部分",
}
VERDICT_LABELS = {
    "commitment": "承诺编码",
    "verifier": "认定单位",
    "verdict": "认定",
    "fulfilled_on": "完成日期",
    "text": "认定说明",
    "unmet": "没有做到的部分",
    "consequence": "违诺责任怎样追究",
    "counted_verdict": "计入兑现率的认定",
}


def plain(number: Any) -> str:
    """A decimal as people write it, without trailing zeros."""
    return f"{number.normalize():f}"


def amount(number: Any, unit: str) -> str:
    return f"{plain(number)}{unit}" if number is not None else ""


def _candidate(obligation: Obligation, terms: Any, files: list[StoredFile], reason: str = "") -> Candidate:
    fields = {
        "organisation": obligation.organisation.name,
        "code": obligation.code,
        "made_on": obligation.made_on.isoformat() if obligation.made_on else "",
        "area": terms.get_area_display(),
        "service_field": terms.service_field.name,
        "domain": terms.get_domain_display(),
        "content": terms.content,
        "standard": terms.standard,
        "target": amount(terms.target, terms.unit),
        "due_on": terms.due_on.isoformat(),
        "beneficiaries": terms.beneficiaries,
        "post": terms.post.name,
        "liability": terms.liability,
    }
    return Candidate(
        of=obligation,
        reference=obligation.code,
        organisation=obligation.organisation,
        title=terms.title,
        text="\n".join([terms.content, terms.standard, terms.beneficiaries, terms.liability]),
        path=f"commitments/{obligation.code}/",
        fields=fields,
        files=files,
        service_field=terms.service_field,
        reason=reason,
    )


def candidate_of_obligation(obligation: Obligation) -> Candidate:
    return _candidate(obligation, obligation, list(obligation.files.all()))


def candidate_of_amendment(amendment: Amendment) -> Candidate:
    return _candidate(amendment.obligation, amendment, list(amendment.files.all()), amendment.reason)


def candidate_of_progress(progress: ProgressUpdate) -> Candidate:
    obligation = progress.obligation
    return Candidate(
        of=progress,
        reference=obligation.code,
        organisation=progress.organisation,
        title=f"{obligation.title}：{progress.as_of:%Y-%m-%d} 进展",
        text=progress.text,
        path=f"commitments/{obligation.code}/#progress-{progress.pk}",
        fields={
            "commitment": obligation.code,
            "as_of": progress.as_of.isoformat(),
            "done": amount(progress.done, obligation.unit),
            "text": progress.text,
        },
        files=list(progress.files.all()),
        service_field=obligation.service_field,
    )


def _day(date: Any) -> str:
    return date.isoformat() if date else ""


def candidate_of_result(result: ResultReport) -> Candidate:
    obligation = result.obligation
    return Candidate(
        of=result,
        reference=obligation.code,
        organisation=result.organisation,
        title=f"{obligation.title}：结果报告",
        text="\n".join([result.text, result.unmet]),
        path=f"commitments/{obligation.code}/#result",
        fields={
            "commitment": obligation.code,
            "claim": result.get_claim_display(),
            "fulfilled_on": _day(result.fulfilled_on),
            "done": amount(result.done, obligation.unit),
            "text": result.text,
            "unmet": result.unmet,
        },
        files=list(result.files.all()),
        service_field=obligation.service_field,
    )


def candidate_of_verification(found: Verification) -> Candidate:
    obligation = found.obligation
    return Candidate(
        of=found,
        reference=obligation.code,
        organisation=found.organisation,
        title=f"{obligation.title}：核验结论",
        text="\n".join([found.text, found.unmet, found.consequence]),
        path=f"commitments/{obligation.code}/#verdict",
        fields={
            "commitment": obligation.code,
            "verifier": found.organisation.name,
            "verdict": found.get_verdict_display(),
            "fulfilled_on": _day(found.fulfilled_on),
            "text": found.text,
            "unmet": found.unmet,
            "consequence": found.consequence,
            "counted_verdict": found.get_counted_verdict_display(),
        },
        files=list(found.files.all()),
        service_field=obligation.service_field,
    )
