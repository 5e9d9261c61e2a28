"""通报 and 公示 as official documents, once they are public."""

import datetime
from typing import Any

from django.urls import reverse

from disclosure.models import DisclosedState, Notice, NoticeKind
from disclosure.papers import paper_of
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.documents import Paper, day
from longsha_credit.exchange.official.kinds import DocumentKind, Field
from longsha_credit.exchange.official.kinds import register as known

ISSUERS = frozenset({Role.CLERK, Role.LEAD, Role.OFFICE})
CIRCULAR = Paper(
    title="关于2026年第三季度诚信街道诚信社区创建工作进展情况的通报",
    blocks=(
        "现将第三季度诚信街道、诚信社区创建工作进展情况通报如下。",
        "一、总体情况",
        "到期的承诺36件，全部履行33件，部分履行2件，没有履行1件。",
        "二、存在的问题",
        "（一）公开不及时。两个社区的财务公开栏没有按季更新。",
        "（二）整改不到位。一件拖欠工程款的事项超过整改期限。",
        "三、下一步要求",
        "各街道对照问题逐项整改，十一月底以前报送整改情况。",
    ),
    sign="示例区信用办",
    signed_on=datetime.date(2026, 10, 12),
)
PUBLICITY = Paper(
    title="关于拟评定2026年度诚信社区的公示",
    blocks=(
        "按照试点工作方案，经自评、初审和评审，拟评定向阳街道花园社区等3个单位为诚信社区，现予公示。",
        "公示时间：2026年11月20日至2026年11月26日。对公示内容有异议的，请在公示期内提出：电话 0452-0000000，实名、匿名都可以。",
    ),
    sign="示例区信用办",
    signed_on=datetime.date(2026, 11, 19),
)
OWN = (
    Field("依据", "依据，没有写时为空", "试点工作方案"),
    Field("公示期", "从哪天到哪天，没有时为空", "2026年11月20日至2026年11月26日"),
    Field("异议方式", "怎样提异议，没有时为空", "电话 0452-0000000"),
)


def _values(notice: Any) -> dict[str, str]:
    hears = f"{day(notice.hearing_from)}至{day(notice.hearing_until)}" if notice.hears else ""
    return {"依据": notice.basis, "公示期": hears, "异议方式": notice.hearing_channel}


def _against(notice: Any) -> list[str]:
    if notice.state != DisclosedState.PUBLISHED:
        return ["审查通过、公开以后才能出具。"]
    if notice.document_number:
        return [f"公开的内容已经写明文号{notice.document_number}，不另编号。"]
    return []


def _kind(notice_kind: NoticeKind, key: str, word: str, sample: Paper) -> DocumentKind:
    return DocumentKind(
        key=key,
        label=notice_kind.label,
        word=word,
        model=Notice,
        things=lambda user: Notice.objects.visible_to(user).with_names().filter(kind=notice_kind),
        paper=paper_of,
        unit=lambda it: it.organisation,
        roles=ISSUERS,
        url=lambda it: reverse("disclosure:page", args=[it.pk]),
        sample=sample,
        own=OWN,
        values=_values,
        against=_against,
        applies=lambda it: it.kind == notice_kind,
    )


def register() -> None:
    """Called when the app is ready."""
    known(_kind(NoticeKind.CIRCULAR, "circular", "通", CIRCULAR))
    known(_kind(NoticeKind.PUBLICITY, "publicity", "示", PUBLICITY))
