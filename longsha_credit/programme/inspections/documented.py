"""督导整改通知书 as an official document."""

import datetime
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from longsha_credit.directory.roles import Role
from longsha_credit.exchange.official.kinds import DocumentKind, Field
from longsha_credit.exchange.official.kinds import register as known
from longsha_credit.programme.inspections.papers import paper_of
from longsha_credit.programme.models import InspectionNotice

ISSUERS = frozenset({Role.CLERK, Role.LEAD, Role.REVIEWER, Role.OFFICE})
COLUMNS = ("序号", "问题", "整改要求", "整改期限")
OWN = (
    Field("检查名称", "是哪一次督导检查", "2026年第四季度督导检查"),
    Field("检查依据", "按什么检查", "试点工作方案"),
)
SAMPLE = paper_of(
    SimpleNamespace(
        visit=SimpleNamespace(
            inspection=SimpleNamespace(title="2026年第四季度督导检查", basis="试点工作方案"),
            visited_on=datetime.date(2026, 11, 20),
        ),
        issued_for=SimpleNamespace(name="示例区", level="district"),
        organisation=SimpleNamespace(name="向阳街道"),
        lines=[
            ["财务公开栏停在第二季度，没有更新。", "补齐第三季度的内容并公开。", "2026-12-04", 1],
            [
                "承诺的坡道有两处没有验收单，现场查看其中一处扶手松动，居民反映过两次还没有修。",
                "逐处验收，修好扶手，把验收单作为佐证上传。",
                "2026-12-18",
                1,
            ],
        ],
        number="信督改〔2026〕0001",
        issued_on=datetime.date(2026, 11, 26),
    )
)


def _values(notice: Any) -> dict[str, str]:
    inspection = notice.visit.inspection
    return {"检查名称": inspection.title, "检查依据": inspection.basis}


def register() -> None:
    """Called when the app is ready."""
    known(
        DocumentKind(
            key="inspection-notice",
            label="督导整改通知书",
            word="督改",
            model=InspectionNotice,
            things=lambda user: InspectionNotice.objects.visible_to(user).with_names(),
            paper=paper_of,
            unit=lambda it: it.issued_for,
            roles=ISSUERS,
            url=lambda it: reverse("inspections:notice", args=[it.pk]),
            sample=SAMPLE,
            own=OWN,
            values=_values,
            tables=(Field("问题清单", "每个问题、要求和期限", [], columns=COLUMNS),),
        )
    )
