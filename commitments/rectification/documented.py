"""督办单, 约谈通知书, 整改通知书 and 销号确认单 as official documents."""

import datetime
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from commitments.models import RectificationSlip, SlipKind
from commitments.rectification.papers import paper_of
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.documents import Paper, day
from longsha_credit.exchange.official.kinds import DocumentKind, Field
from longsha_credit.exchange.official.kinds import register as known

ISSUERS = frozenset({Role.CLERK, Role.LEAD, Role.REVIEWER, Role.OFFICE})
WORDS = {SlipKind.SUPERVISE: "督", SlipKind.TALK: "谈", SlipKind.NOTICE: "改", SlipKind.CLOSE: "销"}
TEXTS = {
    SlipKind.SUPERVISE: "工程款至今没有付清，请查明原因，十个工作日内提出办法。",
    SlipKind.TALK: "请你单位主要负责人于2026年12月1日上午9时到区信用办，说明没有兑现的原因和打算。",
    SlipKind.NOTICE: "请于批准的期限以前付清工程款，并把付款凭证报区信用办。",
    SlipKind.CLOSE: "已按合同付清，权利人签字确认。",
}
OWN = (
    Field("事项", "台账里的事项名称", "社区活动室维修工程款没有付清"),
    Field("台账编号", "失信治理台账的编号", "TZ-230202-2026-0001"),
    Field("整改期限", "批准的整改期限，没有时为空", "2026年12月31日"),
    Field("回复期限", "书面回复的期限，没有时为空", "2026年12月5日"),
    Field("内容", "督办意见、约谈安排、整改要求或销号依据", "请查明原因，提出办法。"),
    Field("等级", "督办单的蓝、黄、红，别的文书为空", "蓝"),
)


def _values(slip: Any) -> dict[str, str]:
    item = slip.rectification
    return {
        "事项": item.title,
        "台账编号": item.number,
        "整改期限": day(item.due_on) if item.due_on else "",
        "回复期限": day(slip.answer_by) if slip.answer_by else "",
        "内容": slip.text,
        "等级": slip.get_colour_display(),
    }


def _sample(kind: SlipKind) -> Paper:
    item = SimpleNamespace(
        title="社区活动室维修工程款没有付清",
        number="TZ-230202-2026-0001",
        due_on=datetime.date(2026, 12, 31),
        get_problem_display=lambda: "拖欠账款",
        get_domain_display=lambda: "项目建设",
    )
    slip = SimpleNamespace(
        kind=kind,
        rectification=item,
        answer_by=datetime.date(2026, 12, 5),
        text=TEXTS[kind],
        colour="blue" if kind == SlipKind.SUPERVISE else "",
        get_colour_display=lambda: "蓝",
        get_kind_display=lambda: kind.label,
        issued_for=SimpleNamespace(name="示例区", level="district"),
        organisation=SimpleNamespace(name="向阳街道"),
        number="信治督〔2026〕0001",
        issued_on=datetime.date(2026, 11, 26),
    )
    return paper_of(slip)


def _kind(slip: SlipKind) -> DocumentKind:
    return DocumentKind(
        key=f"rectification-{slip.value}",
        label=f"失信治理{slip.label}",
        word=WORDS[slip],
        model=RectificationSlip,
        things=lambda user: (
            RectificationSlip.objects.visible_to(user)
            .filter(kind=slip)
            .select_related("organisation", "issued_for", "rectification__organisation")
        ),
        paper=paper_of,
        unit=lambda it: it.issued_for,
        roles=ISSUERS,
        url=lambda it: reverse("rectification:slip", args=[it.pk]),
        sample=_sample(slip),
        own=OWN,
        values=_values,
        tables=(Field("销号内容", "项目和内容", [], columns=("项目", "内容")),)
        if slip == SlipKind.CLOSE
        else (),
        applies=lambda it: it.kind == slip,
    )


def register() -> None:
    """Called when the app is ready."""
    for slip in SlipKind:
        known(_kind(slip))
