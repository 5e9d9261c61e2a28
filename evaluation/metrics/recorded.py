"""Figures of integrity records: files kept, entered in time, objections in time, what was found of a unit."""

from decimal import Decimal

from commitments.rectification import metrics as rectification
from evaluation.metrics.figures import Metric, Part, tallied
from longsha_credit.directory.counting import Days, Tally
from records import metrics as records

ONE, NONE = Decimal(1), Decimal(0)

FILES_KEPT = Metric(
    key="files-kept",
    title="建档率",
    unit="%",
    formula="已建档案数÷应建档案数。应建的是街道、社区本身和单位名册上在职的公职人员；有一条已经确认、没有撤销的诚信记录，就算建档。窗口只算人员。",
    basis="试点方案二（二）；计算方法为建议值，见创建指标表一2.1。",
    minimum_sample=1,
    parts=(
        Part("kept", "已建档", ONE, "kept"),
        Part("missing", "还没有建档", NONE, "empty", "计入分母"),
    ),
    **tallied(records.files),
    noun="份",
    note="只列档案是谁的一类，不列人员姓名。",
    is_public=False,
)

RECORDS_TIMELY = Metric(
    key="records-timely",
    title="记录及时率",
    unit="%",
    formula="依据文书作出后七个工作日内填报的记录数÷期内文书形成的、已经确认的记录数。更正过的按第一版算，撤销的不算；已确认的记录都有依据和证据，由系统守住。",
    basis="试点方案二（二）；天数为建议值，见创建指标表一2.2。",
    minimum_sample=1,
    parts=(
        Part("in_time", "按期填报", ONE, "kept"),
        Part("late", "超期填报", NONE, "partly"),
    ),
    **tallied(records.timely),
    noun="条",
    is_public=False,
)

OBJECTIONS_IN_TIME = Metric(
    key="objections-in-time",
    title="异议按期办结率",
    unit="%",
    formula="按期办结的件数÷期内到期或已经办结的件数。归应当办理的单位：异议由区里核查，查明有误的由填报单位三个工作日内更正。",
    basis="试点方案二（二）；期限参照山东、河南社会信用条例；见创建指标表一2.3。",
    minimum_sample=1,
    parts=(
        Part("in_time", "按期办结", ONE, "kept"),
        Part("late", "超期或没有办结", NONE, "overdue"),
    ),
    **tallied(records.objections),
    is_public=False,
)

CASES_LOST = Metric(
    key="cases-lost",
    title="行政败诉和复议纠错",
    unit="件",
    formula="期内作出、已经生效的行政行为被判决违法或撤销的文书件数，加导入的复议纠错件数。修复、到期不减少件数；撤销的不算。",
    basis="试点方案二（一）、二（二）；计算方法为建议值，见创建指标表一1.2。",
    minimum_sample=1,
    parts=(Part("lost", "生效的败诉、纠错文书", ONE, "broken"),),
    **tallied(records.lost),
    takes_imports=True,
    note="复议纠错的文书没有记成诚信记录的，由区信用办连同文书导入。",
    is_public=False,
)


def _new(days: Days) -> list[Tally]:
    return [*records.found(days), *rectification.relapsed(days)]


NEW_DISHONESTY = Metric(
    key="new-dishonesty",
    title="新增认定失信和回潮",
    unit="件",
    formula="期内认定（按文书作出的日子）、已经生效的单位失信记录件数，加期内销号后回潮的件数。修复不减少当年的件数；撤销的不算，更正的按更正后的版本算。",
    basis="试点方案二（五）；计算方法为建议值，见创建指标表一5.5。",
    minimum_sample=1,
    parts=(
        Part("found", "认定的失信", ONE, "broken"),
        Part("relapsed", "回潮", ONE, "broken"),
    ),
    **tallied(_new),
    is_public=False,
)

RECORDED = (FILES_KEPT, RECORDS_TIMELY, OBJECTIONS_IN_TIME, CASES_LOST, NEW_DISHONESTY)
