"""The four default tables of indicators (domain.md §4.4) and what rules a unit out (§4.3), as data; points in hundredths."""

from collections.abc import Callable
from typing import Any

SUGGESTED = "分值和计算方法为建议值"
LINES_BASIS = "建议值；正式启用以前由区里研究确定"
SET_BASIS = (
    "试点方案二（六）“逐条对照示范创建指标”；参照《黑龙江省优化营商环境条例》第七条，会议和台账不作为主要依据"
)
TITLES = {
    "street": "示范街道创建指标",
    "community": "示范社区创建指标",
    "window": "示范窗口创建指标",
    "post": "示范岗创建指标",
}
AUTO, LOWERED, HUMAN = "auto", "lowered", "human"
FLOOR = 60  # percent: a rate below it earns nothing

Row = tuple[str, int, str, list[dict[str, Any]], list[list[Any]], str, str]


def _of(style: str) -> Callable[..., dict[str, Any]]:
    def measure(metric: str, points: int, **more: Any) -> dict[str, Any]:
        return {"metric": metric, "style": style, "points": points, **more}

    return measure


def rate(metric: str, points: int, *, floor: int = FLOOR, **more: Any) -> dict[str, Any]:
    return {"metric": metric, "style": "rate", "points": points, "floor": floor, **more}


linear, each, minus, steps = _of("linear"), _of("each"), _of("minus"), _of("steps")
IMPORTED = {
    "missing": "await"
}  # what the portal cannot know: until the figures are brought in, it is awaited


def grades(points: int) -> list[list[Any]]:
    """A、B、C、C# are 100, 66, 33 and 0 percent of the points, half up."""
    return [
        [name, (2 * points * share + 100) // 200]
        for name, share in (("A", 100), ("B", 66), ("C", 33), ("C#", 0))
    ]


def met(points: int, of: int, noun: str = "项") -> list[list[Any]]:
    """符合3项3分、符合2项2分: the points by how many of `of` standards are met, in equal steps."""
    return [[f"符合{n}{noun}", points * n // of] for n in range(of, -1, -1)]


def lacking(points: int, unit: int) -> list[list[Any]]:
    """缺1项扣1分: the points less `unit` for each thing that is lacking."""
    most = -(-points // unit)
    return [
        [f"缺{n}项{'以上' if n == most else ''}" if n else "不缺项", max(points - unit * n, 0)]
        for n in range(most + 1)
    ]


def _judged(title: str, points: int, scale: list[list[Any]], formula: str, evidence: str) -> Row:
    return title, points, HUMAN, [], scale, formula, evidence


def _counted(
    title: str, measures: list[dict[str, Any]], formula: str, evidence: str = "", way: str = AUTO
) -> Row:
    return title, sum(m["points"] for m in measures), way, measures, [], formula, evidence


# What streets, communities and windows have in common.
TIMELY = "依据文书形成后7个工作日内入库、依据和证据齐全的条数÷总条数"
KEPT = "（全部履行＋0.5×部分履行）÷到期件数×8"
IN_TIME = "发布日−形成日≤目录时限的条数÷总条数"


def _records(files: str) -> list[Row]:
    return [
        _counted("建档率", [rate("files-kept", 400)], f"已建÷应建×4（{files}）"),
        _counted("记录及时完整", [rate("records-timely", 400)], f"{TIMELY}×4"),
        _counted("异议按期办结", [rate("objections-in-time", 200)], "按期÷总数×2"),
    ]


STREET: list[tuple[str, list[Row]]] = [
    ("依法履职", [
        _judged("权责与执法程序", 400, lacking(400, 100), "抽查材料，缺1项扣1分", "执法公示、全过程记录、法制审核"),
        _counted("复议纠错、行政败诉", [minus("cases-lost", 500, unit=250)], "5−2.5×生效文书件数，最低0", "生效法律文书"),
        _counted("规范性文件、重大决策合法性审查率", [rate("legality-reviewed", 300)], "已审÷应审×3", "合法性审查意见", LOWERED),
    ]),
    ("诚信记录", _records("街道、社区、应建档公职人员")),
    ("政务承诺", [
        _counted("四类承诺覆盖", [each("area-coverage", 400, unit=100)], "四类中每类至少1条已公示，得1分"),
        _judged("承诺可考核", 200, met(200, 5, "条"), "抽5条，每条四个要素齐全得0.4分", "量化、时限、责任人、违诺责任"),
        _counted("到期兑现率", [rate("kept-rate", 800)], KEPT),
        _counted("承诺公示及时", [rate("commitments-published-in-time", 200)], "作出后20个工作日内公示的件数÷总件数×2"),
    ]),
    ("政务公开", [
        _counted("十四领域覆盖", [rate("field-coverage", 400, floor=0)], "有有效信息的领域数÷14×4"),
        _counted("公开时限合规率", [rate("published-in-time", 500)], f"{IN_TIME}×5"),
        _counted("财务公开", [each("finance-quarters", 200, unit=50)], "每季0.5分"),
        _counted("保密隐私审查", [rate("reviewed", 100), minus("privacy-incidents", 100, unit=100)],
                 "有审查记录率×1；没有隐私事件1分", "审查记录", LOWERED),
        _counted("留言、依申请公开按期答复", [rate("messages-in-time", 100)], "按期÷总数×1"),
    ]),
    ("失信治理", [
        _counted("季度排查（含零报告）", [each("swept", 300, unit=75)], "每季0.75分"),
        _counted("台账按期销号率", [rate("closed-in-time", 700)], "期内销号÷期内到期×7"),
        _counted("投诉举报按期受理办结率", [rate("complaints-in-time", 400)], "受理、办结两个时限都按期的件数÷总件数×4"),
        _counted("岗位变动交接完成率", [rate("handed-over", 200)], "10个工作日内三方签认的次数÷总次数×2"),
        _counted("新增认定失信、回潮", [minus("new-dishonesty", 200, unit=100)], "2−1×件数，最低0"),
    ]),
    ("示范创建", [
        _counted("自评与对标整改按期", [rate("self-assessed-in-time", 100, floor=0), rate("fixes-done", 200)],
                 "自评按期1分；整改完成率×2"),
        _counted("辖区社区、窗口、岗达标率", [rate("units-reaching", 300)], "达标数÷参评数×3"),
        _judged("经验成效", 200, grades(200), "被区以上采用，按A、B、C、C#评", "采用的文件、简报、会议材料"),
    ]),
    ("信用+", [
        _counted("落地场景", [each("scenes-running", 300, unit=150)], "每个1.5分，最多2个", "有规则、受益对象、法制审核"),
        _judged("成效与合规", 300, grades(300), "看受益人次和规则，按A、B、C、C#评", "受益人次、没有惩戒条款（仅正向激励）"),
    ]),
    ("教育宣传", [
        _counted("公职人员培训覆盖", [rate("trained", 300)], "满4学时的人数÷应训人数×3"),
        _counted("知识竞赛、测试", [rate("tests-taken", 100), rate("tests-passed", 100)], "参与率×1＋合格率×1"),
        _counted("讲座宣传活动", [each("activities-held", 200, unit=50)], "每场0.5分，最多4场", "计划、照片、签到"),
        _judged("典型案例", 100, grades(100), "按A、B、C、C#评", "案例材料"),
    ]),
    ("考评运用", [
        _counted("评优任用前诚信核查率", [rate("integrity-checks", 300)], "核查数÷应核查数×3", "核查意见", LOWERED),
        _counted("群众和企业满意度", [linear("satisfaction", 400, low=60, high=90, sample=30)],
                 "样本不少于30；90%以上4分，60%至90%按直线，60%以下0分"),
        _counted("11月15日前报送总结", [each("summary-in-time", 100, unit=100)], "按期1分，退回后补正按期0.5分"),
    ]),
]  # fmt: skip

COMMUNITY: list[tuple[str, list[Row]]] = [
    ("依法履职", [
        _judged("协助政府事项清单与民主协商程序", 500, grades(500), "按A、B、C、C#评", "会议纪要、公示"),
        _counted("没有违规出具证明、摊派、收费", [minus("improper-demands", 300, unit=300)], "查实1件扣3分"),
    ]),
    ("诚信记录", _records("社区、应建档人员")),
    ("承诺", [
        _counted("承诺覆盖", [each("community-areas", 400, unit=100)], "便民服务、居务公开、廉洁、惠民政策落实，每类1分"),
        _judged("承诺可考核", 200, met(200, 5, "条"), "抽5条，每条四个要素齐全得0.4分", "量化、时限、责任人、违诺责任"),
        _counted("到期兑现率", [rate("kept-rate", 800)], KEPT),
        _counted("上网并上墙公示", [rate("promises-shown", 200)], "有发布记录和现场照片的件数÷总件数×2", "发布记录、现场照片", LOWERED),
    ]),
    ("公开", [
        _counted("居务、财务按季公开", [each("quarterly-accounts", 600, unit=150)], "每季1.5分"),
        _counted("十四领域惠民政策覆盖", [rate("field-coverage", 500, floor=0)], "有有效信息的领域数÷14×5"),
        _counted("时限合规率", [rate("published-in-time", 300)], f"{IN_TIME}×3"),
        _counted("隐私保护", [minus("privacy-incidents", 200, unit=200)], "没有隐私事件2分"),
    ]),
    ("失信治理", [
        _counted("未兑现承诺季度排查", [each("swept", 200, unit=50)], "每季0.5分"),
        _counted("按期销号率", [rate("closed-in-time", 500)], "期内销号÷期内到期×5"),
        _counted("居民诉求按期办结率", [rate("complaints-in-time", 400)], "按期件数÷总件数×4"),
        _counted("换届、岗位交接", [rate("handed-over", 100)], "10个工作日内三方签认的次数÷总次数×1"),
    ]),
    ("示范创建", [
        _counted("自评按期", [rate("self-assessed-in-time", 200, floor=0)], "按期2分"),
        _counted("整改完成率", [rate("fixes-done", 300)], "完成数÷应整改数×3"),
        _judged("特色做法", 100, grades(100), "按A、B、C、C#评", "做法材料"),
    ]),
    ("信用+社区", [
        _counted("运行中的场景", [each("scenes-running", 400, unit=200)], "每个2分，最多2个"),
        _counted("自愿参与人次达目标", [rate("scene-participation", 300)], "实际÷目标×3"),
        _judged("合规", 100, [["合规", 100], ["有居民扣分或者名单", 0]], "没有居民扣分、没有名单，得1分", "场景规则"),
    ]),
    ("教育宣传", [
        _counted("社区工作者学时达标率", [rate("trained", 300)], "满4学时的人数÷应训人数×3"),
        _counted("居民讲座、宣传", [each("activities-held", 200, unit=50), rate("activity-attendance", 200)],
                 "场次2分（不少于4场）；人次÷目标×2"),
        _counted("知识竞赛参与", [rate("contest-participation", 300)], "参赛÷目标×3"),
        _judged("宣传阵地", 200, grades(200), "按A、B、C、C#评", "照片"),
    ]),
    ("评价", [
        _counted("居民满意度", [linear("satisfaction", 700, low=60, high=90, sample=30)],
                 "样本不少于30；90%以上7分，60%至90%按直线，60%以下0分"),
        _counted("居民参与度", [rate("participation", 300)], "评价、建议、活动的去重人数÷目标×3"),
        _counted("向街道报材料按期", [each("materials-in-time", 100, unit=100)], "按期1分"),
        _judged("结果运用", 100, grades(100), "按A、B、C、C#评", "运用考评结果的材料"),
    ]),
]  # fmt: skip

WINDOW: list[tuple[str, list[Row]]] = [
    ("依法办件", [
        _counted("法定期限内办结率", [rate("handled-in-legal-time", 800, **IMPORTED)], "法定期限内办结÷办件×8", "导入的办件数据"),
        _judged("办事指南与实际一致、一次性告知", 500, grades(500), "按A、B、C、C#评", "暗访、抽查"),
        _counted("没有违规增设条件、收费", [minus("improper-demands", 500, unit=500)], "查实1件扣5分"),
    ]),
    ("诚信记录", [
        _counted("窗口人员建档", [rate("files-kept", 300)], "已建÷应建×3"),
        _counted("记录及时", [rate("records-timely", 300)], f"{TIMELY}×3"),
    ]),
    ("服务承诺", [
        _counted("承诺公示", [rate("promises-shown", 400)], "系统公示2分，现场公示2分", "时限、标准、监督电话", LOWERED),
        _counted("承诺时限兑现率", [rate("handled-in-promised-time", 1200, **IMPORTED)], "承诺期内办结÷办件×12", "导入的办件数据"),
        _judged("告知承诺、容缺受理执行", 400, grades(400), "按A、B、C、C#评", "抽查办件"),
    ]),
    ("公开", [
        _counted("办事指南要素齐全率", [rate("guide-completeness", 600, **IMPORTED)], "必填要素齐全数÷应有数×6"),
        _judged("收费、人员岗位、监督方式公示", 300, met(300, 3), "符合3项3分、2项2分、1项1分", "现场查看"),
        _counted("变更20个工作日内更新率", [rate("changes-published-in-time", 300)], "按期更新÷变更×3"),
    ]),
    ("投诉治理", [
        _counted("投诉按期办结率", [rate("complaints-in-time", 500)], "按期÷总数×5"),
        _counted("属实投诉", [minus("complaints-upheld", 500, unit=250)], "5−2.5×件数，最低0"),
        _counted("差评整改率", [rate("bad-reviews-fixed", 400, **IMPORTED)], "15个工作日内整改÷差评×4", "导入的好差评数据"),
    ]),
    ("示范创建", [
        _counted("自评按期", [rate("self-assessed-in-time", 200, floor=0)], "按期2分"),
        _counted("整改完成", [rate("fixes-done", 200)], "完成数÷应整改数×2"),
        _judged("可推广做法", 200, grades(200), "按A、B、C、C#评", "做法材料"),
    ]),
    ("信用+服务", [
        _counted("守信便利措施在运行", [each("scenes-running", 400, unit=200)], "每项2分"),
        _judged("合规审查", 200, [["通过", 200], ["没有通过", 0]], "有法制审核、只有便利，得2分", "法制审核意见"),
    ]),
    ("教育", [
        _counted("学时达标率", [rate("trained", 400)], "满4学时的人数÷应训人数×4"),
        _counted("测试合格率", [rate("tests-passed", 400)], "合格人数÷应测人数×4"),
    ]),
    ("评价", [
        _counted("好差评满意率", [linear("good-reviews", 800, low=80, high=95, **IMPORTED)],
                 "95%以上8分，80%至95%按直线，80%以下0分", "导入的好差评数据"),
        _counted("主动评价率", [linear("reviews-per-case", 200, low=0, high=10, **IMPORTED)],
                 "评价数÷办件，10%以上2分，以下按直线", "导入的好差评数据"),
    ]),
]  # fmt: skip

POST: list[tuple[str, list[Row]]] = [
    ("依法履职", [
        _counted("办件、履职差错", [minus("handling-errors", 1000, unit=200, **IMPORTED)], "10−2×查实差错，最低0", "导入的差错登记"),
        _judged("程序合规抽查", 1000, met(1000, 10, "件"), "抽10件，每件合规1分", "抽查办件"),
    ]),
    ("诚信记录", [
        _counted("没有失信记录", [minus("no-dishonesty", 600, unit=600)], "有未修复的失信记录，0分"),
        _counted("守信、表彰记录", [steps("honours", 400, steps=[[1, 100], [2, 200], [3, 300], [4, 400]])],
                 "国家级4分、省级3分、市级2分、区级1分，取最高"),
    ]),
    ("岗位承诺", [
        _counted("亮牌公示", [rate("post-shown", 400)], "已公示4分"),
        _counted("兑现率", [rate("post-kept-rate", 1200)], "（全部履行＋0.5×部分履行）÷到期件数×12"),
        _judged("承诺可考核", 400, grades(400), "按A、B、C、C#评", "量化、时限、责任人、违诺责任"),
    ]),
    ("公开", [
        _counted("岗位职责、流程公示", [rate("duties-shown", 400)], "已公示÷应公示×4"),
        _counted("负责的公开条目及时率", [rate("post-published-in-time", 400)], "按期÷总数×4"),
    ]),
    ("诉求与交接", [
        _counted("属实投诉", [minus("post-complaints-upheld", 600, unit=300)], "6−3×件数，最低0"),
        _counted("限时办结率", [rate("post-handled-in-time", 400, **IMPORTED)], "按期÷办件×4", "导入的办件数据"),
        _counted("交接清单完整", [rate("handover-lists", 200)], "完整÷应有×2；没有变动的不适用"),
    ]),
    ("示范带动", [
        _judged("传帮带、经验", 600, grades(600), "按A、B、C、C#评", "带教、经验材料"),
    ]),
    ("信用+", [
        _counted("参与场景服务", [each("post-scenes", 400, unit=200)], "每项2分"),
    ]),
    ("学习", [
        _counted("学时", [rate("training-hours", 600, floor=0)], "满4学时6分，不满按比例"),
        _counted("测试成绩", [rate("test-score", 600, floor=0)], "分数÷100×6"),
    ]),
    ("评价", [
        _counted("服务对象评价", [rate("post-satisfaction", 500, sample=10)], "样本不少于10；满意率×5"),
        _counted("上年度考核", [steps("annual-appraisal", 300, steps=[[1, 200], [2, 300]], missing="none")],
                 "优秀3分、称职2分、其他0分"),
    ]),
]  # fmt: skip

TABLES = {"street": STREET, "community": COMMUNITY, "window": WINDOW, "post": POST}
# The share of each way in the hundred points of a table (domain §4.4), to be held by a test.
SHARES = {
    "street": {AUTO: 80, LOWERED: 8, HUMAN: 12},
    "community": {AUTO: 86, LOWERED: 2, HUMAN: 12},
    "window": {AUTO: 80, LOWERED: 4, HUMAN: 16},
    "post": {AUTO: 80, LOWERED: 0, HUMAN: 20},
}
METRIC_KEYS = frozenset(
    measure["metric"] for table in TABLES.values() for _, rows in table for row in rows for measure in row[3]
)
BASES = {
    ("政务公开", "公开时限合规率"): "《政府信息公开条例》第二十六条",
    ("考评运用", "11月15日前报送总结"): "试点方案三（三）",
}


def basis_of(number: int, heading: str, title: str) -> str:
    """Where an indicator comes from; what is not in the plan or a law says that it is a proposal."""
    own = BASES.get((heading, title))
    place = f"试点方案二（{'一二三四五六七八九'[number - 1]}）"
    return "；".join(filter(None, [own or place, SUGGESTED]))


OUT_BASIS = "试点方案二（九）；国发〔2016〕76号"
CIRCUMSTANCES = {
    1: "被列入失信被执行人，还没有退出",
    2: "有经认定、没有修复的政务失信记录",
    3: "拒不履行生效的判决、裁定或者复议决定",
    4: "被上级公开通报的重大违法行政，重大安全、生态、舆情责任事件",
    5: "领导班子成员被追究刑事责任或者受重处分",
    6: "弄虚作假：伪造承诺兑现、台账、满意度",
    7: "公开信息泄密，或者泄露个人信息造成后果",
    8: "打击报复投诉人、举报人",
    9: "拖欠账款没有分歧、逾期没有清偿",
    10: "窗口人员因吃拿卡要被查实",
}
OF_A_POST = {5: "本岗人员在处分期内"}
RULED_OUT_BY = {
    "street": (1, 2, 3, 4, 5, 6, 7, 8, 9),
    "community": (2, 3, 4, 6, 7, 8, 9),
    "window": (2, 4, 6, 7, 8, 10),
    "post": (2, 5, 6, 7, 8),
}


def circumstances_of(level: str) -> list[tuple[int, str]]:
    """The number and the text of what rules out a unit of a level."""
    own = OF_A_POST if level == "post" else {}
    return [(number, own.get(number, CIRCUMSTANCES[number])) for number in RULED_OUT_BY[level]]
