"""The figures that explain themselves: what is counted, for whom, over which days, and the rows behind it."""

from decimal import Decimal

from commitments import metrics as commitments
from commitments.handover import metrics as handover
from commitments.models.ratings import MINIMUM_SAMPLE
from commitments.rectification import metrics as rectification
from commitments.supervision import metrics as supervision
from evaluation.metrics.brought import BROUGHT
from evaluation.metrics.demonstrated import DEMONSTRATED
from evaluation.metrics.disclosed import FIELD_COVERAGE, PUBLISHED_IN_TIME, QUARTERLY, REVIEWED
from evaluation.metrics.figures import Figure, Metric, Part, Period, tallied
from evaluation.metrics.imported import IMPORTABLE, metric_of
from evaluation.metrics.posts import POSTS
from evaluation.metrics.promised import PROMISED
from evaluation.metrics.recorded import RECORDED
from evaluation.metrics.windows import WINDOWS
from evaluation.metrics.worked import WORKED

__all__ = ["METRICS", "Figure", "Metric", "Part", "Period"]

KEPT_RATE = Metric(
    key="kept-rate",
    title="到期兑现率",
    unit="%",
    formula="（全部履行的件数＋0.5×部分履行的件数）÷到期的件数。提前报告并核验的也算到期；按期报告、正在等区里核验的，核验以前不计入。只算公开承诺；合同契约、政策落实另行统计，不计入。",
    basis="试点方案二（三）、二（九）；计算方法为建议值，见创建指标表一3.3。",
    minimum_sample=5,
    parts=(
        Part("full", "全部履行", Decimal(1), "kept"),
        Part("partly", "部分履行", Decimal("0.5"), "partly", "每件计0.5"),
        Part("none", "未履行", Decimal(0), "broken"),
        Part("silent", "到期没有报告", Decimal(0), "overdue", "期限已过，没有报告结果；计入分母，不是认定"),
        Part("late", "逾期报告，待认定", Decimal(0), "pending", "报告晚于规定的日子，核验以前按没有兑现计"),
        Part("pending", "按期报告，待认定", None, "pending", "核验以前不计入"),
    ),
    counted=commitments.kept,
    of_all=commitments.kept_of_all,
    below=commitments.kept_below,
    rows=commitments.promises_behind,
    lead="期限在{year}年、到 {over} 已经到期或提前报告的公开承诺共{total}件，每一件都列在下面。",
    nothing="还没有到期的承诺",
    note="承诺按公开时写明的完成期限归到年度；临近到期才提出的变更、撤下，不改变这件承诺的计入。今天到期的，过了今天才算到期。",
)

REPORTED_IN_TIME = Metric(
    key="reported-in-time",
    title="按期报告率",
    unit="%",
    formula="按期公开结果报告的件数÷到期的件数；提前报告的也算到期。只算公开承诺。",
    basis="试点方案二（三）；报告的天数和计算方法为建议值。",
    minimum_sample=5,
    parts=(
        Part("in_time", "按期报告", Decimal(1), "kept"),
        Part("late", "逾期报告", Decimal(0), "partly"),
        Part("silent", "到期没有报告", Decimal(0), "overdue", "计入分母，不是认定"),
    ),
    counted=commitments.reported,
    of_all=commitments.reported_of_all,
    below=commitments.reported_below,
    rows=commitments.reports_behind,
    is_public=False,
)

COMPLAINTS_IN_TIME = Metric(
    key="complaints-in-time",
    title="投诉按期办理率",
    unit="%",
    formula="按期受理审查并按期答复的投诉件数÷已经受理审查和答复的投诉件数；不予受理的看受理审查是否按期；还在办理、没有到期的不计入，过了期限的算超期。归承办单位；被反映的单位收到转办单的，看是否按期报送情况。",
    basis="试点方案二（三）；期限参照湖北营商环境投诉办理规定；计算方法为建议值。",
    minimum_sample=5,
    parts=(
        Part("in_time", "按期办理", Decimal(1), "kept"),
        Part("late_accept", "超期受理审查", Decimal(0), "broken"),
        Part("late_reply", "超期答复", Decimal(0), "broken"),
        Part("open", "还在办理", None, "pending", "办完以前不计入"),
    ),
    **tallied(supervision.in_time),
    quiet=True,
    is_public=False,
)

SATISFACTION = Metric(
    key="satisfaction",
    title="办结来件满意率",
    unit="%",
    formula="回访评价为非常满意、满意、基本满意的件数÷有回访评价的办结件数，每件只算最后一次评价；公开评价不计入。归被反映的单位。",
    basis="试点方案一（一）、二（三）；五级评价参照政务服务好差评；计算方法为建议值。",
    minimum_sample=MINIMUM_SAMPLE,
    parts=(
        Part("very_good", "非常满意", Decimal(1), "kept"),
        Part("good", "满意", Decimal(1), "kept"),
        Part("fair", "基本满意", Decimal(1), "partly"),
        Part("bad", "不满意", Decimal(0), "broken"),
        Part("very_bad", "非常不满意", Decimal(0), "broken"),
    ),
    counted=supervision.satisfaction,
    takes_imports=True,
    of_all=supervision.satisfaction_of_all,
    below=supervision.satisfaction_below,
    rows=supervision.ratings_behind,
    quiet=True,
    is_public=False,
)

PROMISE_RATE = Metric(
    key="promise-rate",
    title="承诺率",
    unit="%",
    formula="本年有公开承诺的单位数÷参加创建的单位数。有公开承诺，是指至少有一件公开承诺已经公开、没有撤下、完成期限在本年1月1日以后。",
    basis="黑龙江省政务诚信承诺率目标：2025年起为100%；试点方案二（三）。",
    minimum_sample=1,
    parts=(
        Part("with", "有公开承诺", Decimal(1), "kept"),
        Part("without", "没有公开承诺", Decimal(0), "empty", "计入分母"),
    ),
    counted=commitments.promising,
    of_all=commitments.promising_of_all,
    below=commitments.promising_below,
    rows=commitments.units_behind,
    noun="个",
    lead="参加创建的街道、社区、窗口共{total}个，每一个都列在下面。",
    nothing="没有参加创建的单位",
    note="区是组织创建的，岗位由所在单位承诺，都不计在内。合同契约、政策落实不算公开承诺。",
    rows_as="units",
)

AREA_COVERAGE = Metric(
    key="area-coverage",
    title="四类承诺覆盖率",
    unit="%",
    formula="有公开承诺的类别数÷（4×单位数）。四类是依法行政、便民服务、阳光信访、廉洁纪律；某个单位某一类至少有一件本年有效的公开承诺，这一类就算覆盖。",
    basis="试点方案二（三）；计算方法为建议值，见创建指标表一3.1。",
    minimum_sample=1,
    parts=(
        Part("covered", "已有承诺", Decimal(1), "kept"),
        Part("missing", "还没有承诺", Decimal(0), "empty", "计入分母"),
    ),
    counted=commitments.covered,
    of_all=commitments.covered_of_all,
    below=commitments.covered_below,
    rows=commitments.areas_behind,
    noun="类",
    lead="参加创建的单位每个四类，共{total}类，逐类列在下面。",
    nothing="没有参加创建的单位",
    note="区是组织创建的，岗位由所在单位承诺，都不计在内。合同契约、政策落实不算公开承诺。",
    rows_as="areas",
)

CLOSED_IN_TIME = Metric(
    key="closed-in-time",
    title="按期销号率",
    unit="%",
    formula="整改期限以内申请销号、后来通过验收的件数÷整改期限在期内、已经到期或已经销号的件数；按期申请、正在验收的不计入。区里验收用了多久不算单位迟。",
    basis="试点方案二（五）；计算方法为建议值，见创建指标表一5.2。",
    minimum_sample=5,
    parts=(
        Part("in_time", "按期销号", Decimal(1), "kept"),
        Part("late", "超期销号", Decimal(0), "partly"),
        Part("open", "到期没有申请销号", Decimal(0), "overdue", "计入分母，不是认定"),
        Part("pending", "按期申请，正在验收", None, "pending", "验收以前不计入"),
    ),
    counted=rectification.closed,
    of_all=rectification.closed_of_all,
    below=rectification.closed_below,
    rows=rectification.closings_behind,
    is_public=False,
)

STAYED_CLOSED = Metric(
    key="stayed-closed",
    title="销号后没有回潮的比率",
    unit="%",
    formula="期内销号、到现在没有回潮的件数÷期内销号的件数。",
    basis="试点方案二（五）；计算方法为建议值，见创建指标表一5.5。",
    minimum_sample=5,
    parts=(
        Part("stayed", "没有回潮", Decimal(1), "kept"),
        Part("relapsed", "回潮", Decimal(0), "broken"),
    ),
    counted=rectification.stayed,
    of_all=rectification.relapses_of_all,
    below=rectification.relapses_below,
    rows=rectification.relapses_behind,
    is_public=False,
)

SWEPT = Metric(
    key="swept",
    title="季度排查按期报送率",
    unit="%",
    formula="按期报送的季度排查数÷期内到期的季度排查数；零报告也算报送。",
    basis="试点方案二（五）；计算方法为建议值，见创建指标表一5.1。",
    minimum_sample=1,
    parts=(
        Part("in_time", "按期报送", Decimal(1), "kept"),
        Part("late", "超期报送", Decimal(0), "partly"),
        Part("missing", "到期没有报送", Decimal(0), "overdue"),
    ),
    counted=rectification.swept,
    of_all=rectification.swept_of_all,
    below=rectification.swept_below,
    rows=rectification.sweeps_behind,
    noun="次",
    is_public=False,
)

HANDED_OVER = Metric(
    key="handed-over",
    title="交接按期完成率",
    unit="%",
    formula="期限以内三方确认完成的交接数÷期内到期或已经完成的交接数；区里决定先离任的计入分母、不计分子；没有人员变动的不适用，不写零。",
    basis="试点方案二（五）；期限参照外地领导干部离任交接办法；计算方法为建议值，见创建指标表一5.4。",
    minimum_sample=1,
    parts=(
        Part("in_time", "按期完成", Decimal(1), "kept"),
        Part("late", "超期完成", Decimal(0), "partly"),
        Part("overridden", "区里决定先离任", Decimal(0), "broken"),
        Part("open", "到期没有完成", Decimal(0), "overdue"),
    ),
    counted=handover.done,
    of_all=handover.done_of_all,
    below=handover.done_below,
    rows=handover.handovers_behind,
    noun="次",
    is_public=False,
)

METRICS = {
    metric.key: metric
    for metric in (
        *(KEPT_RATE, REPORTED_IN_TIME, PROMISE_RATE, AREA_COVERAGE, COMPLAINTS_IN_TIME, SATISFACTION),
        *(CLOSED_IN_TIME, STAYED_CLOSED, SWEPT, HANDED_OVER),
        *(PUBLISHED_IN_TIME, FIELD_COVERAGE, QUARTERLY, REVIEWED),
        *(*RECORDED, *PROMISED, *WORKED, *DEMONSTRATED, *BROUGHT, *WINDOWS, *POSTS),
    )
}
# What only comes from outside is a figure too; what is added to a figure of our own belongs to that one.
METRICS |= {key: metric_of(item) for key, item in IMPORTABLE.items() if not item.adds}
