"""What the portal cannot know itself: which facts may be brought in, what they count, and which document proves them."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone

from evaluation.metrics.figures import Metric, Part
from evaluation.models import ImportedFact
from longsha_credit.directory.counting import Days
from longsha_credit.directory.models import Level

RATE, COUNT, GRADE = "rate", "count", "grade"
HUNDREDTHS = 100

STREET, COMMUNITY, WINDOW, POST = Level.STREET, Level.COMMUNITY, Level.WINDOW, Level.POST
CASES = "政务服务一体化平台导出的办件统计表，由主管部门盖章"
REVIEWS = "政务服务“好差评”系统导出的统计表，由主管部门盖章"


@dataclass(frozen=True)
class Importable:
    """A fact that is brought in: for which levels, what its two numbers mean, and what proves it.

    `used` names the indicators {level: number}. A RATE has a numerator within its denominator, a COUNT counts what was
    found (the denominator, out of how many, may be left out), a GRADE is one of the `grades` {word: value}.
    What `adds` is added to what the portal counts itself; all else stands alone.
    """

    key: str
    title: str
    used: dict[str, str]
    numerator: str
    denominator: str
    document: str
    shape: str = RATE
    noun: str = "件"
    grades: dict[str, int] = field(default_factory=dict)
    adds: bool = False
    note: str = ""
    minimum_sample: int = 1

    @property
    def levels(self) -> tuple[str, ...]:
        return tuple(self.used)

    @property
    def level_words(self) -> str:
        """街道9.2、社区9.1: where it counts."""
        return "、".join(f"{Level(level).label}{number}" for level, number in self.used.items())

    @property
    def is_rate(self) -> bool:
        return self.shape == RATE


IMPORTABLE = {
    item.key: item
    for item in (
        # 街道、社区
        Importable(
            "cases-lost", "复议纠错", {STREET: "1.2"},
            "生效的行政复议纠错文书件数", "核对了多少件（可以不填）", "复议决定书", shape=COUNT, adds=True,
            note="已经记成诚信记录的败诉、纠错不再导入，系统自己计入。",
        ),
        Importable(
            "messages-in-time", "留言、依申请公开按期答复率", {STREET: "4.5"},
            "在规定期限以内答复的件数", "期内应当答复的留言和政府信息公开申请件数",
            "政府网站留言台账、依申请公开台账或政府信息公开年度报告",
            adds=True, note="区里其他渠道收到的留言和依申请公开，只导入结果；和本系统收到的建议、表扬加在一起。没有收到的不导入。",
        ),
        Importable(
            "integrity-checks", "评优任用前诚信核查率", {STREET: "9.1"},
            "事前做过诚信核查的人次", "期内评优、任用的人次",
            "组织人事部门的评优、任用名单和核查意见编号", noun="人次",
            note="应当核查多少人次在组织人事部门，系统不知道；核查意见可以在“诚信记录”里按编号查对。",
        ),
        Importable(
            "satisfaction", "群众和企业满意度测评", {STREET: "9.2", COMMUNITY: "9.1"},
            "表示满意、基本满意的有效问卷数", "有效问卷数", "第三方测评报告（写明抽样办法和样本数）",
            noun="份", adds=True, minimum_sample=30, note="和办结来件的回访评价加在一起，合计不足30份的不计。",
        ),
        Importable(
            "participation", "居民参与度", {COMMUNITY: "9.2"},
            "去掉重复以后参加评价、建议、活动的人数", "年初确定的目标人数",
            "社区的参与统计表和街道的复核意见", noun="人",
            note="系统只记人次，不记居民是谁，所以去重的人数要导入。不导入名单。",
        ),
        Importable(
            "privacy-incidents", "泄密、泄露个人信息事件", {STREET: "4.4", COMMUNITY: "4.4"},
            "查实的泄密、泄露商业秘密或个人信息的件数", "核查了多少件（可以不填）",
            "保密、网信或上级机关的查处通报", shape=COUNT, note="没有导入的按没有发生计。",
        ),
        Importable(
            "improper-demands", "违规增设条件、摊派、收费、出具证明", {COMMUNITY: "1.2", WINDOW: "1.3"},
            "查实的件数", "核查了多少件（可以不填）", "查处决定、查实通报或核实认定书", shape=COUNT,
            note="没有导入的按没有查实计。线索和正在核查的不导入。",
        ),
        # 窗口
        Importable(
            "handled-in-legal-time", "法定期限内办结率", {WINDOW: "1.1"},
            "在法定期限以内办结的件数", "期内办结和到期应当办结的件数", CASES,
        ),
        Importable(
            "handled-in-promised-time", "承诺时限兑现率", {WINDOW: "3.2"},
            "在公开承诺的时限以内办结的件数", "期内办结和到期应当办结的件数", CASES,
        ),
        Importable(
            "guide-completeness", "办事指南要素齐全率", {WINDOW: "4.1"},
            "填写齐全的必填要素数", "全部事项的必填要素数", "主管部门的办事指南要素核查表", noun="个",
        ),
        Importable(
            "bad-reviews-fixed", "差评整改率", {WINDOW: "5.3"},
            "15个工作日以内核实、整改并回访的差评数", "收到的差评数，核实为误评的不算",
            "“好差评”系统的差评整改台账", noun="条", note="没有收到差评的，两个数都填0，按不适用计。",
        ),
        Importable(
            "good-reviews", "好差评满意率", {WINDOW: "9.1"},
            "评价为非常满意、满意、基本满意的条数", "主动评价的条数，系统默认好评不算", REVIEWS, noun="条",
        ),
        Importable(
            "reviews-per-case", "主动评价率", {WINDOW: "9.2"},
            "主动评价的件数，系统默认好评不算", "期内办结的件数", REVIEWS,
        ),
        # 岗位：说的是一个人，只在内部，不公开、不排名
        Importable(
            "handling-errors", "查实的办件、履职差错", {POST: "1.1"},
            "查实的差错件数", "这个岗位期内办了多少件（可以不填）", "差错认定书或查实通报", shape=COUNT,
            note="没有差错的也要导入，查实的件数填0。",
        ),
        Importable(
            "duties-shown", "岗位职责、流程公示", {POST: "4.1"},
            "已经公示的项数", "应当公示的项数：岗位职责、办事流程，共2项", "公示栏照片或网页截图，经上一级核对",
            noun="项", note="岗位在本系统里没有公开页面，职责和流程公示在窗口、公示栏和部门网站。",
        ),
        Importable(
            "post-handled-in-time", "限时办结率", {POST: "5.2"},
            "在规定时限以内办结的件数", "由这个岗位办理、期内应当办结的件数", CASES,
        ),
        Importable(
            "post-scenes", "参与信用+场景服务", {POST: "7.1"},
            "参与服务、正在运行的场景数", "本单位运行的场景数（可以不填）", "场景的岗位分工表", shape=COUNT, noun="个",
            note="场景归单位，由哪个岗位服务在分工表里。",
        ),
        Importable(
            "post-satisfaction", "服务对象评价", {POST: "9.1"},
            "评价为非常满意、满意、基本满意的条数", "主动评价的条数，系统默认好评不算", REVIEWS, noun="条",
            adds=True, minimum_sample=10, note="和对这个岗位负责的承诺的来件回访评价加在一起，合计不足10条的不计。",
        ),
        Importable(
            "annual-appraisal", "上年度考核等次", {POST: "9.2"},
            "上年度考核等次：优秀、称职或其他", "不用填", "年度考核结果通报", shape=GRADE, noun="级",
            grades={"优秀": 2, "称职": 1, "其他": 0},
            note="在岗的人上一年度的考核；没有参加考核的不导入，按不适用计。",
        ),
    )
}  # fmt: skip

PARTS = (
    Part("counted", "计入分子", Decimal(1), "kept"),
    Part("rest", "其余", Decimal(0), "broken"),
)


def standing(key: str, days: Days) -> QuerySet[ImportedFact]:
    """What was brought in for the year of these days and stands: a corrected row counts no more."""
    return ImportedFact.objects.standing().filter(metric=key, year__number=days.start.year).order_by()


def under(rows: QuerySet, path: str) -> QuerySet:
    """Rows of the units at and below a path; all of them where it is empty."""
    return rows.filter(organisation__path__startswith=path) if path else rows


def of_all(key: str, days: Days) -> dict[int, dict[str, Decimal]]:
    """{organisation id: {part: number}}; half a case stays half."""
    found = standing(key, days).values_list("organisation", "numerator", "denominator")
    return {unit: parts(numerator, denominator) for unit, numerator, denominator in found}


def within(key: str, organisation: Any, days: Days) -> dict[str, Decimal]:
    """The same for one organisation with the units under it."""
    found = under(standing(key, days), organisation.path)
    sums = found.aggregate(n=Sum("numerator", default=0), d=Sum("denominator", default=0))
    return parts(sums["n"], sums["d"])


def behind(key: str, organisation: Any, days: Days, part: str = "") -> list[dict[str, Any]]:
    """The facts brought in, each with its document: rows of said, ref, counted_on, link, unit_name, stands_in."""
    found = under(standing(key, days), organisation.path).select_related("organisation")
    return [
        {
            "said": f"{told(key, fact.numerator, fact.denominator)}，来源：{fact.source}",
            "ref": fact.document_number,
            "counted_on": timezone.localdate(fact.imported_at),
            "link": f"desk/evaluation/imported/{fact.pk}/",
            "unit_name": fact.organisation.name,
            "stands_in": name,
        }
        for fact in found.order_by("organisation__path")
        for name, number in parts(fact.numerator, fact.denominator).items()
        if number and (not part or part == name)
    ]


def parts(numerator: int, denominator: int) -> dict[str, Decimal]:
    """A value in hundredths as what is counted and what is not."""
    counted = Decimal(numerator) / HUNDREDTHS
    return {"counted": counted, "rest": max(Decimal(denominator) - counted, Decimal(0))}


def number_words(numerator: int) -> str:
    """Hundredths as people write the number: 50 is 0.5, 300 is 3."""
    return f"{(Decimal(numerator) / HUNDREDTHS).normalize():f}"


def told(key: str, numerator: int, denominator: int) -> str:
    """A value in words: 95/100件, 查实2件, 优秀."""
    item = IMPORTABLE.get(key)
    if item is None:
        return f"{number_words(numerator)}/{denominator}"
    if item.shape == GRADE:
        words = {value * HUNDREDTHS: word for word, value in item.grades.items()}
        return words.get(numerator, number_words(numerator))
    if item.shape == COUNT and not denominator:
        return f"{number_words(numerator)}{item.noun}"
    return f"{number_words(numerator)}/{denominator}{item.noun}"


def metric_of(item: Importable) -> Metric:
    """The figure of an imported fact; never public: what is public is decided where it is published."""
    return Metric(
        key=item.key,
        title=item.title,
        unit="%" if item.is_rate else item.noun,
        formula=f"{item.numerator}÷{item.denominator}" if item.is_rate else item.numerator,
        basis=f"来源文件：{item.document}；见创建指标{item.level_words}。",
        minimum_sample=item.minimum_sample,
        parts=PARTS,
        of_all=partial(of_all, item.key),
        below=partial(within, item.key),
        rows=partial(behind, item.key),
        takes_imports=True,
        noun=item.noun,
        note=item.note,
        nothing="还没有导入",
        rows_as="imported",
        is_public=False,
        is_personal=POST in item.levels,
    )
