"""Figures of which the portal itself knows nothing: each comes from outside, with the document it stands in."""

from decimal import Decimal

from evaluation.metrics.figures import Metric, Part, imported

COUNTED = (Part("counted", "计入", Decimal(1), "kept"),)


def _brought(key: str, title: str, unit: str, formula: str, basis: str) -> Metric:
    return Metric(
        key=key, title=title, unit=unit, formula=f"{formula}门户不掌握，由区信用办连同来源文件导入。",
        basis=basis, minimum_sample=1, parts=COUNTED, **imported(), is_public=False,
    )  # fmt: skip


BROUGHT = (
    _brought(
        "privacy-incidents", "隐私事件", "件", "经认定的泄露个人信息、国家秘密、商业秘密的件数。",
        "政府信息公开条例第十四条、第十五条；表一4.4、表二4.4",
    ),
    _brought(
        "improper-demands", "违规出具证明、摊派、收费", "件", "查实的件数，以查实的文书为准。", "表二1.2、表三1.3"
    ),
    _brought(
        "integrity-checks", "评优任用前诚信核查率", "%",
        "核查的人次（单位次）÷评优、任用的人次（单位次）；核查以出具的核查意见为准。", "试点方案二（九）；表一9.1",
    ),
    _brought(
        "participation", "居民参与度", "%", "评价、建议、活动的去重人数÷目标人数；门户不留居民身份，不能去重。",
        "试点方案一（一）；表二9.2",
    ),
)  # fmt: skip
