"""How a row of 我的待办 about demonstration, the annual evaluation and the summary report is told."""

from django.urls import reverse

from longsha_credit.directory.models import Level
from longsha_credit.home.todo_items import _item, _standing


def cycle_item(it, user) -> dict:
    note = f"评价轮次 · {it.get_level_display()} · {it.get_state_display()}"
    return _item(it.title, note, reverse("demonstration:cycle", args=[it.pk]), "核对启用")


def to_apply_item(it, user) -> dict:
    note = f"{it.get_level_display()} · 本单位还没有申报"
    return _item(it.title, note, reverse("demonstration:apply", args=[it.pk]), "申报", it.apply_until)


APPLICATION_ACTIONS = {
    "draft": "接着填",
    "street": "初审",
    "check": "复核",
    "panel": "汇总评分",
    "scored": "定级",
}


def application_item(it, user) -> dict:
    note = f"示范申报 · {it.organisation.name} · {it.get_state_display()}"
    action = APPLICATION_ACTIONS.get(it.state, "接着办")
    return _item(it.cycle.title, note, reverse("demonstration:page", args=[it.pk]), action)


def seat_item(it, user) -> dict:
    unit, cycle = it.application.organisation.name, it.application.cycle
    return _item(
        unit,
        f"评审打分 · {cycle.title}",
        reverse("demonstration:seat", args=[it.pk]),
        "评分",
        cycle.panel_until,
    )


def candidate_notice_item(it, user) -> dict:
    action = "批准撤下" if it.state == "withdrawing" else "接着办"
    return _item(
        it.title, f"评定公示 · {_standing(it)}", reverse("demonstration:notice", args=[it.pk]), action
    )


def notice_objection_item(it, user) -> dict:
    note = f"公示异议 · 对{it.application.organisation.name} · {it.get_state_display()}"
    return _item(str(it), note, reverse("demonstration:objection", args=[it.pk]), "办理")


def award_item(it, user) -> dict:
    action = "批准撤销" if it.state == "withdrawing" else "接着办"
    note = f"评定结果 · {it.application.cycle.title} · {_standing(it)}"
    return _item(str(it), note, reverse("demonstration:award", args=[it.pk]), action)


def summary_item(report, user) -> dict:
    action = {"draft": "写完报送", "returned": "改好重报", "submitted": "接收"}.get(report.state, "接着办")
    due = {"draft": report.year.report_on, "returned": report.redo_by}.get(report.state)
    note = f"年度总结 · {report.organisation.name} · {report.get_state_display()}"
    if report.organisation.level == Level.DISTRICT:
        due = None
    return _item(str(report), note, reverse("summaries:page", args=[report.pk]), action, due)


def defence_item(outcome, user) -> dict:
    note = f"年度考评 · {outcome.organisation.name} · 可以陈述申辩，也可以表示没有异议"
    url = reverse("annual:outcome", args=[outcome.pk])
    return _item(str(outcome), note, url, "看结果", outcome.defence_until)


def outcome_item(outcome, user) -> dict:
    said = "已陈述申辩" if outcome.state == "defended" else "期满没有申辩"
    note = f"年度考评 · {outcome.organisation.name} · {said}"
    return _item(str(outcome), note, reverse("annual:outcome", args=[outcome.pk]), "审定")


def proposal_item(proposal, user) -> dict:
    action = "提请审批" if proposal.state == "draft" else "审批"
    note = f"处理建议 · {proposal.organisation.name} · {proposal.get_state_display()}"
    return _item(str(proposal), note, reverse("annual:proposal", args=[proposal.pk]), action)


def ruling_item(ruling, user) -> dict:
    note = f"{ruling.get_kind_display()} · {ruling.organisation.name} · {ruling.proposed_by}提出"
    return _item(ruling.about, note, reverse("evaluation:ruling", args=[ruling.pk]), "认定")
