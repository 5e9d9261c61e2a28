"""How a row of 我的待办 is told: its title, whose it is and how it stands, where it is done, by when."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from commitments.models import (
    CaseState,
    ObligationState,
    RectificationState,
)
from commitments.wording import WORDINGS
from disclosure.scenes.lists import last_month
from longsha_credit.exchange.official.kinds import label_of
from longsha_credit.programme.models import FindingState, VisitState
from longsha_credit.publication.models import ReviewState
from longsha_credit.publication.sheet import kind_label
from records.models import RecordState


def _standing(row: Any) -> str:
    sent_back = row.state == "draft" and row.last_review == ReviewState.RETURNED
    return "审查退回，请修改" if sent_back else row.get_state_display()


def _item(title, note, url, action, due=None) -> dict:
    return {"title": title, "note": note, "url": url, "action": action, "due": due}


def review_item(review, user) -> dict:
    note = f"{kind_label(review)} · {review.organisation.name} · {review.submitted_by.name}提交"
    return _item(
        review.title,
        note,
        reverse("reviews:page", args=[review.pk]),
        review.get_state_display().removeprefix("待"),
        review.due_on,
    )


def draft_item(obligation, user) -> dict:
    action = "批准撤下" if obligation.state == ObligationState.WITHDRAWING else "接着办"
    note = f"{WORDINGS[obligation.form].noun} · {obligation.organisation.name} · {_standing(obligation)}"
    return _item(obligation.title, note, reverse("commitments:page", args=[obligation.pk]), action)


CASE_ACTIONS = {
    CaseState.FILED: "受理审查",
    CaseState.ACCEPTED: "接着办",
    CaseState.PROPOSED: "审签",
    CaseState.REHANDLING: "重新办理",
    CaseState.REPROPOSED: "审签",
}


def case_item(case, user) -> dict:
    note = f"居民来件 · {case.get_kind_display()} · 反映{case.about.name} · {case.get_state_display()}"
    action = CASE_ACTIONS.get(case.state, "接着办")
    return _item(str(case), note, reverse("supervision:page", args=[case.pk]), action, case.due_on)


def slip_item(slip, user) -> dict:
    note = f"转办单 · {slip.sender.name}转来，请报送情况"
    return _item(str(slip), note, reverse("supervision:slip", args=[slip.pk]), "报送情况", slip.due_on)


def opening_item(opening, user) -> dict:
    note = f"查看反映人身份 · {opening.asked_by.name}申请"
    return _item(str(opening), note, reverse("supervision:page", args=[opening.case_id]), "决定")


RECORD_ACTIONS = {RecordState.SUBMITTED: "核实", RecordState.REVOKING: "决定撤销"}


def record_item(it, user) -> dict:
    note = f"诚信记录 · {it.organisation.name} · {it.get_state_display()}"
    url = reverse("records:page", args=[it.pk])
    return _item(str(it), note, url, RECORD_ACTIONS.get(it.state, "接着办"))


def to_correct_item(it, user) -> dict:
    note = f"异议办结，应当更正 · {it.organisation.name}"
    return _item(str(it), note, reverse("records:page", args=[it.pk]), "更正", it.correct_by)


def notice_item(notice, user) -> dict:
    note = f"记录公示 · {notice.organisation.name} · {_standing(notice)}"
    return _item(notice.record.title, note, reverse("records:page", args=[notice.record_id]), "提交公开审查")


def request_item(request, user) -> dict:
    note = f"{request._meta.verbose_name} · {request.organisation.name} · {request.filed_on:%Y-%m-%d}提出 · {request.get_state_display()}"
    url = reverse("records:page", args=[request.record_id])
    return _item(str(request.record), note, url, "办理")


LEDGER_ACTIONS = {
    RectificationState.CLUE: "核实",
    RectificationState.CHECKING: "认定",
    RectificationState.FOUND: "报方案",
    RectificationState.PLANNED: "批方案",
    RectificationState.RECTIFYING: "整改",
    RectificationState.CLOSING: "自验",
    RectificationState.ACCEPTING: "复核销号",
    RectificationState.CLOSED: "回访",
    RectificationState.REFUSING: "决定",
}


def ledger_item(item, user) -> dict:
    note = f"失信治理 · {item.organisation.name} · {item.get_state_display()}"
    url = reverse("rectification:page", args=[item.pk])
    return _item(item.title, note, url, LEDGER_ACTIONS.get(item.state, "接着办"), item.step_by)


def sheet_item(sheet, user) -> dict:
    note = f"治理公开稿 · {sheet.organisation.name} · {_standing(sheet)}"
    return _item(sheet.title, note, reverse("rectification:page", args=[sheet.rectification_id]), "接着办")


def postponement_item(asked, user) -> dict:
    note = f"整改延期 · {asked.organisation.name} · 申请延到{asked.to_day:%Y-%m-%d}"
    url = reverse("rectification:page", args=[asked.rectification_id])
    return _item(asked.rectification.title, note, url, "决定", asked.from_day)


def sweep_item(sweep, user) -> dict:
    url = reverse("rectification:sweep", args=[sweep.pk])
    return _item(str(sweep), "季度排查 · 没有查出也要零报告", url, "报送", sweep.due_on)


def part_item(part, user) -> dict:
    note = f"{part._meta.verbose_name} · {part.organisation.name} · {_standing(part)}"
    return _item(
        part.obligation.title,
        note,
        reverse("commitments:page", args=[part.obligation_id]),
        "接着办",
        part.obligation.due_on,
    )


def due_item(obligation, user) -> dict:
    note = (
        f"{WORDINGS[obligation.form].noun} · {obligation.organisation.name} · {obligation.service_field.name}"
    )
    ended = obligation.due_on <= timezone.localdate()
    name, action = ("result", "报结果") if ended else ("progress", "报进展")
    url = reverse(f"commitments:{name}", args=[obligation.pk])
    return _item(obligation.title, note, url, action, obligation.due_on)


def payment_item(payment, user) -> dict:
    """Neither the other side nor the sum: they stand on the contract's own page."""
    obligation = payment.contract.obligation
    note = f"合同付款 · {obligation.organisation.name} · 第{payment.number}笔"
    url = reverse("commitments:contract", args=[obligation.pk])
    return _item(obligation.title, note, url, "登记付款", payment.due_on)


def verify_item(obligation, user) -> dict:
    note = f"结果报告 · {obligation.organisation.name} · {obligation.reported_on:%Y-%m-%d}报告"
    url = reverse("commitments:page", args=[obligation.pk])
    return _item(obligation.title, note, url, "核验", obligation.verify_by)


def extension_item(extension, user) -> dict:
    deadline = extension.deadline
    note = f"延期申请 · {deadline.organisation.name} · {extension.asked_by.name}申请"
    return _item(deadline.title, note, reverse("deadlines:page", args=[deadline.pk]), "决定", deadline.due_on)


def handover_item(handover, user) -> dict:
    note = f"离任交接 · {handover.organisation.name} · {handover.outgoing_name or '空缺'} → {handover.incoming_name or '还没有登记'}"
    url = reverse("handovers:page", args=[handover.pk])
    return _item(str(handover), note, url, "办理", handover.due_on)


def paper_item(paper, user) -> dict:
    note = f"交接签字件 · {paper.handover.organisation.name} · {paper.asked_by.name}上传"
    return _item(str(paper), note, reverse("handovers:page", args=[paper.handover_id]), "决定")


def disclosed_item(row, user) -> dict:
    action = "批准撤下" if row.state == "withdrawing" else "接着办"
    note = f"{row.get_kind_display()} · {row.organisation.name} · {_standing(row)}"
    url = reverse("disclosure:page", args=[getattr(row, "of_id", row.pk)])
    return _item(str(row), note, url, action, getattr(row, "due_on", None))


def scene_item(it, user) -> dict:
    action = "批准撤下" if it.state == "withdrawing" else "接着办"
    note = f"{it.get_kind_display()} · {it.organisation.name} · {it.get_state_display()}"
    return _item(it.title, note, reverse("scenes:page", args=[it.pk]), action)


def scene_part_item(it, user) -> dict:
    pk = getattr(it, "of_id", None) or it.scene_id
    note = f"{it._meta.verbose_name} · {it.organisation.name} · {it.get_state_display()}"
    return _item(str(it), note, reverse("scenes:page", args=[pk]), "接着办")


def scene_month_item(it, user) -> dict:
    month = last_month(timezone.localdate())
    note = f"信用+场景 · {it.organisation.name} · {month:%Y年%-m月}的数字还没有报"
    return _item(it.title, note, reverse("scenes:page", args=[it.pk]), "报数字")


def activity_item(activity, user) -> dict:
    action = {"planned": "登记举办", "held": "写总结"}.get(activity.state, "公开或留内部")
    note = f"诚信教育 · {activity.organisation.name} · {activity.day:%Y-%m-%d}{activity.get_kind_display()}"
    return _item(activity.title, note, reverse("education:page", args=[activity.pk]), action, activity.due_on)


def activity_sheet_item(sheet, user) -> dict:
    action = "批准撤下" if sheet.state == "withdrawing" else "接着办"
    note = f"活动公开稿 · {sheet.organisation.name} · {_standing(sheet)}"
    return _item(str(sheet), note, reverse("education:page", args=[sheet.activity_id]), action)


def material_item(edition, user) -> dict:
    action = {"withdrawing": "批准撤下", "offered": "对内发布"}.get(edition.state, "接着办")
    note = f"学习资料 · {edition.organisation.name} · {_standing(edition)}"
    return _item(edition.title, note, reverse("education:material", args=[edition.material_id]), action)


def hours_item(row, user) -> dict:
    note = f"学时 · {row.organisation.name} · {row.created_by.name}登记"
    return _item(str(row), note, f"{reverse('education:hours')}?year={row.year.number}", "确认")


def year_item(year, user) -> dict:
    return _item(str(year), "年度安排 · 申请封存", f"{reverse('programme:list')}?year={year.number}", "决定")


def template_item(row, user) -> dict:
    note = f"Word 模板 · {row.created_by}上传 · {row.note}"
    url = reverse("documents:template", args=[row.pk])
    return _item(f"{label_of(row.kind)}：{row}", note, url, "看过启用")


def topic_proposal_item(row, user) -> dict:
    note = f"目录提议 · {row.what} · {row.created_by}提议"
    return _item(row.name, note, reverse("proposals:page", args=[row.pk]), "看过启用")


def job_item(job, user) -> dict:
    note = f"后台任务 · {job.organisation.name} · {job.error}"
    return _item(job.title, note, reverse("jobs:page", args=[job.pk]), "接着做")


def task_item(task, user) -> dict:
    note = f"年度任务 · {task.organisation.name} · {task.get_state_display()}"
    action = "按意见改" if task.state == "returned" else "办理"
    return _item(task.standard.title, note, reverse("tasks:page", args=[task.pk]), action, task.clock_due)


def task_report_item(task, user) -> dict:
    note = f"年度任务 · {task.organisation.name} · {task.reported_on:%Y-%m-%d}报完成"
    return _item(task.standard.title, note, reverse("tasks:page", args=[task.pk]), "认定")


def duty_item(duty, user) -> dict:
    url = reverse("coverage:cell", args=[duty.pk])
    note = f"信息公开 · {duty.organisation.name} · {duty.topic.get_frequency_display()}"
    return _item(duty.topic.name, note, url, "写一份", duty.due_on)


def contest_item(contest, user) -> dict:
    action = "批准撤下" if contest.state == "withdrawing" else "接着办"
    note = f"知识竞赛 · {contest.organisation.name} · {contest.get_state_display()}"
    return _item(contest.title, note, reverse("contests:page", args=[contest.pk]), action, contest.due_on)


def contest_revision_item(revision, user) -> dict:
    note = f"竞赛更正 · {revision.organisation.name} · {revision.get_state_display()}"
    return _item(revision.of.title, note, reverse("contests:page", args=[revision.of_id]), "接着办")


def contest_unit_item(unit, user) -> dict:
    closes = timezone.localtime(unit.contest.closes_at)
    note = f"知识竞赛 · {unit.organisation.name} · {closes:%Y-%m-%d %H:%M}结束，请组织参加"
    return _item(unit.contest.title, note, reverse("contests:tests"), "看参加情况", closes.date())


def test_item(contest, user) -> dict:
    closes = timezone.localtime(contest.closes_at)
    note = f"我的测试 · {contest.organisation.name}举办 · {closes:%Y-%m-%d %H:%M}结束"
    return _item(contest.title, note, reverse("contests:tests"), "答题", closes.date())


def contest_result_item(result, user) -> dict:
    note = f"竞赛结果 · {result.organisation.name} · {result.get_state_display()}"
    return _item(str(result), note, reverse("contests:page", args=[result.contest_id]), "提交复核")


def contest_over_item(contest, user) -> dict:
    note = (
        f"知识竞赛 · {contest.organisation.name} · {timezone.localtime(contest.closes_at):%Y-%m-%d %H:%M}结束"
    )
    return _item(contest.title, note, reverse("contests:page", args=[contest.pk]), "统计结果", contest.due_on)


def bank_item(question, user) -> dict:
    note = f"题库 · {question.organisation.name} · 有题等人核对答案和依据"
    return _item(
        f"{question.organisation.name}的题库", note, f"{reverse('contests:questions')}?view=check", "核对"
    )


def inspection_item(inspection, user) -> dict:
    note = (
        f"{inspection.get_kind_display()} · {inspection.organisation.name} · {inspection.get_state_display()}"
    )
    return _item(inspection.title, note, reverse("inspections:page", args=[inspection.pk]), "批准")


VISIT_ACTIONS = {
    VisitState.PLANNED: "开始检查",
    VisitState.ON_SITE: "接着记",
    VisitState.ANSWERING: "表态",
    VisitState.SIGNING: "签字",
    VisitState.COUNTERSIGNING: "签字",
}


def visit_item(visit, user) -> dict:
    note = f"{visit.inspection.title} · {visit.get_state_display()}"
    due = visit.inspection.to_on if visit.state == VisitState.PLANNED else None
    url = reverse("inspections:visit", args=[visit.pk])
    return _item(visit.organisation.name, note, url, VISIT_ACTIONS.get(visit.state, "接着办"), due)


FINDING_ACTIONS = {
    FindingState.DRAFT: "发整改通知",
    FindingState.OPEN: "报告整改",
    FindingState.REPORTED: "复查",
}


def finding_item(finding, user) -> dict:
    note = f"检查问题 · {finding.organisation.name} · {finding.get_state_display()}"
    url = reverse("inspections:finding", args=[finding.pk])
    return _item(str(finding), note, url, FINDING_ACTIONS.get(finding.state, "接着办"), finding.clock_due)
