"""What of a promise and of the rows under it may become public: allow-listed fields only."""

from typing import Any

from commitments import parts
from commitments.models import (
    DOCUMENT,
    Amendment,
    Form,
    Obligation,
    ProgressUpdate,
    ResultReport,
    Verification,
)
from commitments.wording import WORDINGS, amount, plain
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.registry import Candidate

LABELS = {
    "organisation": "承诺单位",
    "code": "承诺编码",
    "form": "形式",
    "made_on": "作出日期",
    "document_number": "文号",
    "document_issuer": "发文单位",
    "document_from": "施行日期",
    "document_until": "有效期至",
    "area": "承诺类别",
    "service_field": "公共服务领域",
    "domain": "所属方面",
    "content": "承诺内容",
    "standard": "认定标准",
    "target": "量化指标",
    "due_on": "完成期限",
    "parts": "分几个部分做",
    "beneficiaries": "服务对象",
    "post": "责任岗位",
    "liability": "违诺责任",
}
PROGRESS_LABELS = {
    "commitment": "承诺编码",
    "part": "哪一部分",
    "part_state": "这部分做到哪一步",
    "as_of": "截至日期",
    "done": "已完成",
    "text": "进展情况",
}

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


def labels_for(fields: dict[str, Any]) -> dict[str, str]:
    """The labels of one published text in the words of its form, which a public commitment does not name."""
    form = next((f for f in Form if f.label == fields.get("form")), Form.COMMITMENT)
    return LABELS | {name: label for name, label in WORDINGS[form].labels.items() if name in LABELS}


def _line(part: Any) -> str:
    more = [f"{part.due_on.isoformat()}前", amount(part.target, part.unit)]
    more.append(f"权重{plain(part.weight)}" if part.weight is not None else "")
    return f"{part.number}. {part.title}（{'，'.join(filter(None, more))}）"


def _of_its_form(obligation: Obligation, terms: Any) -> dict[str, str]:
    """What only some obligations have; an entry that is not there keeps the hash of those without it."""
    fields = {}
    if obligation.form != Form.COMMITMENT:
        fields["form"] = obligation.get_form_display()
    if obligation.form == Form.POLICY:
        fields |= {name: _text(getattr(terms, name)) for name in DOCUMENT}
    if found := parts.of(terms):
        fields["parts"] = "\n".join(_line(part) for part in found)
    return fields


def _text(value: Any) -> str:
    return "" if value is None else str(value)


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
        **_of_its_form(obligation, terms),
    }
    extra = [fields.get(name, "") for name in ("document_number", "document_issuer", "parts")]
    return Candidate(
        of=obligation,
        reference=obligation.code,
        organisation=obligation.organisation,
        title=terms.title,
        text="\n".join(
            [terms.content, terms.standard, terms.beneficiaries, terms.liability, *filter(None, extra)]
        ),
        path=f"commitments/{obligation.code}/",
        fields=fields,
        files=files,
        service_field=terms.service_field,
        reason=reason,
        kind_label="" if obligation.form == Form.COMMITMENT else obligation.get_form_display(),
    )


def candidate_of_obligation(obligation: Obligation) -> Candidate:
    return _candidate(obligation, obligation, list(obligation.files.all()))


def candidate_of_amendment(amendment: Amendment) -> Candidate:
    return _candidate(amendment.obligation, amendment, list(amendment.files.all()), amendment.reason)


def _of_its_part(progress: ProgressUpdate) -> dict[str, str]:
    if progress.part is None:
        return {}
    return {"part": str(progress.part), "part_state": progress.get_part_state_display()}


def candidate_of_progress(progress: ProgressUpdate) -> Candidate:
    obligation = progress.obligation
    unit = progress.part.unit if progress.part else obligation.unit
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
            "done": amount(progress.done, unit),
            "text": progress.text,
            **_of_its_part(progress),
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
