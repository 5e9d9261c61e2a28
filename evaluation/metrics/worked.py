"""Figures of the year's work: tasks, inspections, scenes, training, tests, activities, contests."""

from decimal import Decimal

from disclosure.scenes import metrics as scenes
from evaluation.metrics.figures import Metric, Part, tallied
from longsha_credit.programme.contests import metrics as contests
from longsha_credit.programme.education import metrics as education
from longsha_credit.programme.inspections import metrics as inspections
from longsha_credit.programme.tasking import metrics as tasking

ONE, HALF, NONE = Decimal(1), Decimal("0.5"), Decimal(0)

REPORTED = (
    Part("in_time", "按期报送", ONE, "kept"),
    Part("redone", "退回后按期补正", HALF, "partly", "每件计0.5"),
    Part("waiting", "退回后正在补正", None, "pending", "补正期限以前不计入"),
    Part("late", "超期", NONE, "overdue"),
    Part("missing", "到期没有报送", NONE, "overdue"),
)

SUMMARY_IN_TIME = Metric(
    key="summary-in-time",
    title="总结按期报送",
    unit="次",
    formula="年度总结在报送日以前报送的计1，退回后在规定的日子里补正的计0.5，超期、没有报送的计0。",
    basis="试点方案三（三）：11月15日前；见创建指标表一9.3。",
    minimum_sample=1,
    parts=REPORTED,
    **tallied(tasking.summaries),
    noun="次",
    is_public=False,
)

MATERIALS_IN_TIME = Metric(
    key="materials-in-time",
    title="报送材料按期率",
    unit="%",
    formula="期限以内报完成的任务件数（退回后按期补正的计0.5）÷期内到期或者已经报完成的任务件数；收回的不算。",
    basis="试点方案四；计算方法为建议值，见创建指标表二9.3。",
    minimum_sample=1,
    parts=REPORTED,
    **tallied(tasking.materials),
    is_public=False,
)

FIXES_DONE = Metric(
    key="fixes-done",
    title="对标整改完成率",
    unit="%",
    formula="复查合格的问题数÷整改期限在期内、已经到期或已经整改的问题数；按期报告、等待复查的不计入。",
    basis="试点方案二（六）、四；见创建指标表一6.1。",
    minimum_sample=1,
    parts=(
        Part("done", "已整改", ONE, "kept"),
        Part("waiting", "按期报告，待复查", None, "pending", "复查以前不计入"),
        Part("open", "到期没有整改", NONE, "overdue"),
    ),
    **tallied(inspections.fixes),
    noun="个",
    is_public=False,
)

SCENES_RUNNING = Metric(
    key="scenes-running",
    title="运行中的信用+场景",
    unit="个",
    formula="期末正在运行的场景数。公开的场景都有规则、受益对象和法制审核意见；暂停、结束、撤下的不算。",
    basis="试点方案二（七）；见创建指标表一7.1、表二7.1。",
    minimum_sample=1,
    parts=(
        Part("running", "运行中", ONE, "kept"),
        Part("suspended", "暂停", NONE, "partly"),
        Part("ended", "已结束", NONE, "empty"),
    ),
    **tallied(scenes.running),
    noun="个",
    is_public=False,
)

SCENE_PARTICIPATION = Metric(
    key="scene-participation",
    title="场景参加人次达标率",
    unit="%",
    formula="参加人次÷目标人次，逐个场景算，超过目标的按目标算；只算整月都在运行、已经过完的月份，没有报数的月份按零人次算。",
    basis="试点方案二（七）；见创建指标表二7.2。",
    minimum_sample=1,
    parts=(
        Part("taken", "已参加", ONE, "kept"),
        Part("missing", "没有达到目标的", NONE, "empty", "计入分母"),
    ),
    of_all=scenes.taken_of_all,
    below=scenes.taken_below,
    rows=lambda organisation, days, part="": scenes.targets_behind(organisation, days),
    statement=scenes.taken,
    noun="人次",
    is_public=False,
)

TRAINED = Metric(
    key="trained",
    title="学时达标率",
    unit="%",
    formula="本年确认的学时达到年度最低学时的人数÷单位名册上在职的人数。没有人员的不适用。",
    basis="试点方案二（八）；最低学时见年度学时要求；见创建指标表一8.1。",
    minimum_sample=1,
    parts=(
        Part("reached", "达标", ONE, "kept"),
        Part("short", "没有达标", NONE, "empty", "计入分母"),
    ),
    **tallied(education.trained),
    noun="人",
    note="不列姓名；本单位的学时登记在诚信教育里看。",
    is_public=False,
)

TESTS_TAKEN = Metric(
    key="tests-taken",
    title="公职人员测试参与率",
    unit="%",
    formula="参加答题的公职人员人次÷各场写明的公职人员人数；只算期内结束、公开中的竞赛和测试。",
    basis="试点方案二（八）；见创建指标表一8.2。",
    minimum_sample=1,
    parts=(
        Part("took", "参加", ONE, "kept"),
        Part("absent", "没有参加", NONE, "empty", "计入分母"),
    ),
    **tallied(contests.taken),
    noun="人次",
    is_public=False,
)

TESTS_PASSED = Metric(
    key="tests-passed",
    title="公职人员测试合格率",
    unit="%",
    formula="计入的一次达到合格线的人次÷参加有合格线的测试的人次。",
    basis="试点方案二（八）；见创建指标表一8.2、表三8.2。",
    minimum_sample=1,
    parts=(
        Part("passed", "合格", ONE, "kept"),
        Part("failed", "没有合格", NONE, "empty", "计入分母"),
    ),
    **tallied(contests.passed),
    noun="人次",
    is_public=False,
)

ACTIVITIES_HELD = Metric(
    key="activities-held",
    title="讲座和宣传场次",
    unit="场",
    formula="期内举办、已经总结并有佐证的场次。",
    basis="试点方案二（八）；见创建指标表一8.3、表二8.2。",
    minimum_sample=1,
    parts=(Part("held", "已举办", ONE, "kept"),),
    **tallied(education.held),
    noun="场",
    is_public=False,
)

ACTIVITY_ATTENDANCE = Metric(
    key="activity-attendance",
    title="居民活动参加人次达标率",
    unit="%",
    formula="参加人次÷计划里写明的预计人数，只算面向居民、已经总结的活动；一场超过的可以补另一场的不足。",
    basis="试点方案二（八）；计算方法为建议值，见创建指标表二8.2。",
    minimum_sample=1,
    parts=(
        Part("came", "已参加", ONE, "kept"),
        Part("missing", "没有达到预计的", NONE, "empty", "计入分母"),
    ),
    **tallied(education.attended),
    noun="人次",
    is_public=False,
)

CONTEST_PARTICIPATION = Metric(
    key="contest-participation",
    title="居民竞赛参与达标率",
    unit="%",
    formula=f"参加的居民人数÷目标人数；目标是竞赛里写明的居民人数的{contests.RESIDENTS_ASKED}%。只算期内结束、公开中的竞赛。",
    basis="试点方案二（八）；目标为建议值，见创建指标表二8.3。",
    minimum_sample=1,
    parts=(
        Part("took", "参加", ONE, "kept"),
        Part("absent", "没有达到目标的", NONE, "empty", "计入分母"),
    ),
    **tallied(contests.residents),
    noun="人次",
    is_public=False,
)

WORKED = (
    *(SUMMARY_IN_TIME, MATERIALS_IN_TIME, FIXES_DONE, SCENES_RUNNING, SCENE_PARTICIPATION),
    *(TRAINED, TESTS_TAKEN, TESTS_PASSED, ACTIVITIES_HELD, ACTIVITY_ATTENDANCE, CONTEST_PARTICIPATION),
)
