"""Figures of what is published: in time, in how many fields, each quarter, and after a review."""

from decimal import Decimal

from disclosure import metrics as disclosure
from evaluation.metrics.figures import Metric, Part

PUBLISHED_IN_TIME = Metric(
    key="published-in-time",
    title="公开时限合规率",
    unit="%",
    formula="首次公开的日子没有超过公开期限的份数÷期内首次公开的份数。公开期限按目录写明的时限，从信息形成或者变更的次日起算；后来撤下的也计入。",
    basis="政府信息公开条例第二十六条；试点方案二（四）；计算方法为建议值，见创建指标表一4.2。",
    minimum_sample=5,
    parts=(
        Part("in_time", "按期公开", Decimal(1), "kept"),
        Part("late", "逾期公开", Decimal(0), "broken"),
    ),
    counted=disclosure.published,
    of_all=disclosure.published_of_all,
    below=disclosure.published_below,
    rows=disclosure.publications_behind,
    noun="份",
    is_public=False,
)

FIELD_COVERAGE = Metric(
    key="field-coverage",
    title="十四领域覆盖率",
    unit="%",
    formula="有有效内容的领域数÷应公开的领域数（每个街道、社区十四个）。被取代、过期、撤下的不算；公开目录不要求的层级不适用。",
    basis="试点方案二（四）；计算方法为建议值，见创建指标表一4.1。",
    minimum_sample=1,
    parts=(
        Part("covered", "有有效内容", Decimal(1), "kept"),
        Part("missing", "还没有内容", Decimal(0), "empty", "计入分母"),
    ),
    counted=disclosure.fields,
    of_all=disclosure.fields_of_all,
    below=disclosure.fields_below,
    rows=disclosure.fields_behind,
    noun="个",
    is_public=False,
)

QUARTERLY = Metric(
    key="quarterly-accounts",
    title="财务、居务按季公开率",
    unit="%",
    formula="当季公开过的季度数÷已经过完的季度数，一个单位的一个事项逐季算。只算首次公开、没有撤下的；从应当公开之日以后开始的第一个整季算起。",
    basis="试点方案二（四）；计算方法为建议值，见创建指标表一4.3、表二4.1。",
    minimum_sample=1,
    parts=(
        Part("published", "当季公开过", Decimal(1), "kept"),
        Part("missed", "当季没有公开", Decimal(0), "broken"),
    ),
    counted=disclosure.quarters,
    fold=2,  # 财务 and 居务 of a community's quarter
    of_all=disclosure.quarters_of_all,
    below=disclosure.quarters_below,
    rows=disclosure.quarters_behind,
    noun="个",
    is_public=False,
)

REVIEWED = Metric(
    key="reviewed",
    title="公开审查率",
    unit="%",
    formula="有三个人审查通过记录的公开版本数÷期内公开的版本数；首次公开和每次修订各算一个版本。",
    basis="政府信息公开条例第十七条；计算方法为建议值，见创建指标表一4.4。",
    minimum_sample=1,
    parts=(
        Part("reviewed", "有审查记录", Decimal(1), "kept"),
        Part("unreviewed", "没有审查记录", Decimal(0), "broken"),
    ),
    counted=disclosure.reviews,
    of_all=disclosure.reviews_of_all,
    below=disclosure.reviews_below,
    rows=disclosure.versions_behind,
    noun="个",
    is_public=False,
)
