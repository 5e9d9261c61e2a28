"""The official texts about records: what came of an objection or a repair, what the records say of somebody."""

from typing import Any

from longsha_credit.exchange.documents import Paper, day
from records.clocks import filing_unit
from records.models import Decision, Outcome
from records.models.opinions import Finding, Purpose

WAYS = "对处理结果有不同意见的，可以向{}信用办书面反映，也可以对作为依据的决定依法申请复议、提起诉讼或者提出申诉。"


def _told(request: Any, what: str) -> tuple[str, ...]:
    it = request.record
    return (
        f"{day(request.filed_on)}，你{'单位' if not it.is_about_a_person else ''}就诚信记录{it.number}（{it.title}）{what}，现已办结，告知如下。",
        "一、记录的依据",
        f"{it.issuing_body}{it.document_number}，{day(it.decided_on)}。清单事项：{it.item}（依据：{it.item.basis}）。",
    )


def _paper(request: Any, title: str, blocks: tuple[str, ...]) -> Paper:
    district = request.organisation.district()
    return Paper(
        title=title,
        number=request.number,
        to=request.record.subject_name,
        blocks=(*blocks, WAYS.format(district.name)),
        sign=f"{district.name}信用办",
        signed_on=request.decided_on,
    )


def objection(request: Any) -> Paper:
    """异议处理告知书."""
    blocks = (
        *_told(request, "提出异议"),
        "二、请求和理由",
        f"请求：{request.get_wanted_display()}。{request.reason}",
        "三、核查情况",
        request.finding,
        "四、结论",
        _objected(request),
    )
    return _paper(request, "异议处理告知书", blocks)


def _objected(request: Any) -> str:
    if request.outcome == Outcome.REVOKED:
        return "异议成立，记录撤销，停止公示、停止使用。"
    if request.outcome == Outcome.CORRECTED:
        by = filing_unit(request.record)
        return f"异议部分成立，记录由{by}按核查情况更正，更正后的版本代替现行版本；更正以前处处标注“更正中”。"
    return "异议不成立，记录维持，“异议处理中”的标注同时去掉。"


def repair(request: Any) -> Paper:
    """信用修复告知书; where it is granted it proves the repair."""
    granted = request.outcome == Decision.GRANTED
    if granted:
        said = f"准予信用修复。这条失信记录自{day(request.decided_on)}起终止，停止公示、停止使用。本告知书可以作为信用修复的证明。办理不收费。"
    else:
        said = (
            f"不予修复。记录有效至{day(request.record.effective_until)}；补齐条件后可以再次申请。办理不收费。"
        )
    blocks = (
        *_told(request, "申请信用修复"),
        "二、纠正情况",
        request.reason,
        "三、核查情况",
        request.finding,
        "四、结论",
        said,
    )
    return _paper(request, f"信用修复告知书{'（信用修复证明）' if granted else ''}", blocks)


def opinion(it: Any) -> Paper:
    """诚信核查意见; who wants to know whether it is real asks with number and code."""
    district = it.organisation.district()
    return Paper(
        title="诚信核查意见",
        number=it.number,
        to="",
        blocks=(
            f"核查对象：{it.subject_name}。",
            f"用途：{Purpose(it.purpose).label}（{it.purpose_note}）。",
            f"截至{day(it.issued_on)}，经查本区诚信记录：{Finding(it.finding).label}。",
            f"在本区门户网站输入编号{it.number}和验证码{it.code}可以查真伪，不显示对象和结论。",
        ),
        sign=f"{district.name}信用办",
        signed_on=it.issued_on,
    )
