"""The letter of commitment as an official document: issued by the unit that promised, from the published version."""

import datetime
from typing import Any

from django.urls import reverse

from commitments.letters import paper_of
from commitments.models import Obligation
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.documents import Paper
from longsha_credit.exchange.official.kinds import DocumentKind, Field
from longsha_credit.exchange.official.kinds import register as known
from longsha_credit.publication import reading

ISSUERS = frozenset({Role.CLERK, Role.LEAD, Role.OFFICE})


def _version(obligation: Any) -> Any:
    if obligation.publication_id is None or obligation.publication.withdrawn_at:
        return None
    version = reading.versions(obligation.publication)[0]
    return None if version.is_removed or version.status != reading.INTACT else version


def paper(obligation: Any) -> Paper:
    """The letter of the newest published version; before one, a page that says there is none yet."""
    if version := _version(obligation):
        return paper_of(version, obligation.organisation, "")
    return Paper(
        title=f"{obligation.organisation.name}承诺书",
        blocks=(f"公开承诺：{obligation.title}。", "还没有公开，公开以后才有承诺书的正文。"),
        sign=obligation.organisation.name,
        signed_on=None,
    )


def _values(obligation: Any) -> dict[str, str]:
    return {"承诺事项": obligation.title, "承诺编码": obligation.code or ""}


def _against(obligation: Any) -> list[str]:
    return [] if _version(obligation) else ["承诺公开以后才能出具承诺书，现在没有公开的版本。"]


SAMPLE = Paper(
    title="向阳街道承诺书",
    number="承诺编码 23020220260000000001",
    blocks=(
        "向阳街道公开承诺：年内为无电梯老旧小区建成无障碍坡道24处。",
        "一、承诺内容\n为辖区老旧小区建成无障碍坡道24处，逐处验收，在社区公示栏公布结果。\n服务对象：老年人和残疾人。",
        "二、完成期限和认定标准\n2026年11月30日前完成。量化指标：24处。\n逐处验收合格，验收单公开。",
        "三、责任岗位和违诺责任\n责任岗位：城市管理岗。\n到期没有完成的，公开说明原因和新的期限。",
        "四、监督\n监督电话 0452-0000000。在本区门户网站输入承诺编码可以查看每一次进展和变更。",
    ),
    attachments=("坡道建设点位表.pdf", "验收标准.pdf"),
    sign="向阳街道",
    signed_on=datetime.date(2026, 3, 5),
    note="第1版，校验值 0123456789ab",
)


def register() -> None:
    """Called when the app is ready."""
    known(
        DocumentKind(
            key="commitment-letter",
            label="承诺书",
            word="承",
            model=Obligation,
            things=lambda user: Obligation.objects.visible_to(user).commitments().with_names(),
            paper=paper,
            unit=lambda it: it.organisation,
            roles=ISSUERS,
            url=lambda it: reverse("commitments:page", args=[it.pk]),
            sample=SAMPLE,
            own=(
                Field("承诺事项", "承诺的名称", "建成无障碍坡道24处"),
                Field("承诺编码", "20位编码", "23020220260000000001"),
            ),
            values=_values,
            against=_against,
            applies=lambda it: it.form == "commitment",
        )
    )
