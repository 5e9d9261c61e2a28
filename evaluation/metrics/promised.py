"""Figures of commitments and openness that only the demonstration standard asks for."""

from decimal import Decimal

from commitments import metrics as commitments
from commitments.supervision import metrics as supervision
from disclosure import metrics as disclosure
from evaluation.metrics.figures import Metric, Part, tallied

ONE, NONE = Decimal(1), Decimal(0)

COMMUNITY_AREAS = Metric(
    key="community-areas",
    title="社区承诺覆盖",
    unit="%",
    formula="已有的类别数÷（4×社区数）。四类是便民服务、居务公开（依法行政类承诺）、廉洁纪律三类公开承诺，和惠民政策落实（登记在册的政策落实）；至少一件本年有效的就算覆盖。",
    basis="试点方案二（三）；分类和计算方法为建议值，见创建指标表二3.1。",
    minimum_sample=1,
    parts=(
        Part("covered", "已有", ONE, "kept"),
        Part("missing", "还没有", NONE, "empty", "计入分母"),
    ),
    **tallied(commitments.community_areas),
    noun="类",
    is_public=False,
)

PROMISES_SHOWN = Metric(
    key="promises-shown",
    title="承诺公示率",
    unit="%",
    formula="公开中的公开承诺件数÷公开过的、完成期限在本年1月1日以后的公开承诺件数；撤下的留在分母里。上墙公示由评审人看现场照片。",
    basis="试点方案二（三）；计算方法为建议值，见创建指标表二3.4、表三3.1。",
    minimum_sample=1,
    parts=(
        Part("public", "公开中", ONE, "kept"),
        Part("down", "已撤下", NONE, "broken", "计入分母"),
    ),
    **tallied(commitments.shown),
    is_public=False,
)

COMMITMENTS_IN_TIME = Metric(
    key="commitments-published-in-time",
    title="承诺公示及时率",
    unit="%",
    formula="单位负责人审定后二十个工作日内首次公开的承诺件数÷期内首次公开的承诺件数。",
    basis="试点方案二（三）；期限参照政府信息公开条例第二十六条；见创建指标表一3.4。",
    minimum_sample=1,
    parts=(
        Part("in_time", "按期公开", ONE, "kept"),
        Part("late", "逾期公开", NONE, "partly"),
    ),
    **tallied(commitments.published_in_time),
    is_public=False,
)

LEGALITY_REVIEWED = Metric(
    key="legality-reviewed",
    title="规范性文件合法性审查率",
    unit="%",
    formula="公开以前有合法性审查意见的规范性文件数÷期内首次公开的规范性文件数。没有规范性文件的不适用。",
    basis="试点方案二（一）；见创建指标表一1.3。",
    minimum_sample=1,
    parts=(
        Part("reviewed", "先审查后公开", ONE, "kept"),
        Part("unreviewed", "没有先审查", NONE, "broken"),
    ),
    **tallied(disclosure.legality),
    noun="份",
    is_public=False,
)

FINANCE_QUARTERS = Metric(
    key="finance-quarters",
    title="财务按季公开",
    unit="季",
    formula="公开过财务的季度数；从应当公开之日以后开始的第一个整季算起，过完的季度才算。",
    basis="试点方案二（四）；见创建指标表一4.3。",
    minimum_sample=1,
    parts=(
        Part("published", "当季公开过", ONE, "kept"),
        Part("missed", "当季没有公开", NONE, "broken"),
    ),
    **tallied(disclosure.finance),
    noun="季",
    is_public=False,
)

MESSAGES_IN_TIME = Metric(
    key="messages-in-time",
    title="留言和依申请公开按期办理率",
    unit="%",
    formula="按期答复的建议、按期转达的表扬件数，加导入的按期答复的依申请公开件数，÷期内收到、已经办理或到期的件数；还没有到期的不计入。归承办单位。",
    basis="试点方案二（四）；政府信息公开条例第三十三条；见创建指标表一4.5。",
    minimum_sample=1,
    parts=(
        Part("in_time", "按期办理", ONE, "kept"),
        Part("late_accept", "超期受理、转达", NONE, "overdue"),
        Part("late_reply", "超期答复", NONE, "overdue"),
        Part("open", "还在办理", None, "pending", "办理以前不计入"),
    ),
    **tallied(supervision.messages),
    takes_imports=True,
    note="依申请公开在区里自己的渠道办理，按期率由区信用办导入。",
    quiet=True,
    is_public=False,
)

PROMISED = (
    *(COMMUNITY_AREAS, PROMISES_SHOWN, COMMITMENTS_IN_TIME),
    *(LEGALITY_REVIEWED, FINANCE_QUARTERS, MESSAGES_IN_TIME),
)
