"""交接书 as an official document, once the handover is over."""

import datetime
from typing import Any

from django.urls import reverse

from commitments.handover import reading
from commitments.handover.sheet import HEADS, paper_of
from commitments.models import Handover, HandoverState
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.documents import Paper, Table, day
from longsha_credit.exchange.official.kinds import DocumentKind, Field
from longsha_credit.exchange.official.kinds import register as known

ISSUERS = frozenset({Role.CLERK, Role.LEAD, Role.OFFICE})
OVER = (HandoverState.COMPLETE, HandoverState.OVERRIDDEN)
OWN = (
    Field("移交人", "离任的人", "张明"),
    Field("接交人", "接任的人，没有时为空", "李华"),
    Field("离任日期", "离任的日子", "2026年11月10日"),
)
SAMPLE = Paper(
    title="向阳街道离任交接书",
    number="JJ20260001",
    blocks=(
        "向阳街道负责人岗张明因职务变动于2026年11月10日离任，由李华接任。下列事项属于单位，不因人员变动而中止；自交接之日起由接任的人负责办理。",
        "一、交接清单",
        Table(
            "共3件",
            HEADS,
            tuple(
                (str(n), text, "2026-12-31", "张明\n2026-11-10", "李华\n2026-11-10", "王芳\n2026-11-11")
                for n, text in enumerate(
                    ("建成无障碍坡道24处（公开承诺，正在履行）", "活动室维修工程款（治理台账，整改中）", "居民来件（来件，办理中）"), 1
                )
            ),
        ),
        "二、交接结果",
        "全部事项已由三方逐件确认，交接完成。完成日期：2026年11月11日。",
    ),
    signatures=("移交人：张明（签字）　　　　　　年　　月　　日", "接交人：李华（签字）　　　　　　年　　月　　日"),
    sign="向阳街道",
    signed_on=datetime.date(2026, 11, 11),
)  # fmt: skip


def paper(handover: Any) -> Paper:
    items = reading.items_of(handover, None, [])
    return paper_of(handover, items, list(reading.disputes_of(handover)))


def _values(handover: Any) -> dict[str, str]:
    return {
        "移交人": handover.outgoing_name,
        "接交人": handover.incoming_name,
        "离任日期": day(handover.leaves_on),
    }


def _against(handover: Any) -> list[str]:
    return [] if handover.state in OVER else ["交接完成以后才能出具交接书。"]


def register() -> None:
    """Called when the app is ready."""
    known(
        DocumentKind(
            key="handover",
            label="交接书",
            word="交",
            model=Handover,
            things=lambda user: Handover.objects.visible_to(user).with_names(),
            paper=paper,
            unit=lambda it: it.organisation,
            roles=ISSUERS,
            url=lambda it: reverse("handovers:page", args=[it.pk]),
            sample=SAMPLE,
            own=OWN,
            values=_values,
            tables=(Field("交接清单", "逐件的事项和三方的确认", [], columns=HEADS),),
            against=_against,
        )
    )
