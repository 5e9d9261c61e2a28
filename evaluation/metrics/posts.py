"""Figures of posts: about one person each, for the unit and the district alone, never a ranking."""

from decimal import Decimal
from typing import Any

from evaluation.metrics import imported, of_posts
from evaluation.metrics.figures import Metric, Part, tallied
from evaluation.metrics.of_windows import IN_TIME_WEIGHTS
from evaluation.metrics.windows import FOUND_PARTS, parts_of
from longsha_credit.directory import counting
from longsha_credit.directory.counting import Days

INTERNAL = "说的是一个人，只在内部，不公开、不排名。"

NO_DISHONESTY = Metric(
    key="no-dishonesty",
    title="没有修复的失信记录",
    unit="条",
    formula="取数前一天还在有效期内、当事主体是这个岗位或者在岗的人的失信记录条数；已经修复、撤销、更正的不计，前任个人的不计。",
    basis="试点方案二（二）；见创建指标表四2.1。",
    minimum_sample=1,
    parts=(Part("breach", "失信记录", Decimal(1), "broken"),),
    **tallied(of_posts.dishonesty),
    noun="条",
    note=INTERNAL,
    is_public=False,
    is_personal=True,
)

HONOURS_PARTS = parts_of(
    of_posts.HONOUR_WEIGHTS,
    {
        "national": ("国家级", "kept"),
        "province": ("省级", "kept"),
        "city": ("市级", "kept"),
        "district": ("区级", "kept"),
        "other": ("看不出级别，按区级", "kept"),
    },
)


def best(days: Days) -> dict[int, dict[str, int]]:
    """For every post with an honour the highest alone."""
    found = counting.of_all(of_posts.honours(days))
    return {post: _highest(counts) for post, counts in found.items()}


def best_below(organisation: Any, days: Days) -> dict[str, int]:
    """The highest honour of one post, or of all the posts of a unit."""
    return _highest(counting.within(of_posts.honours(days), organisation))


def _highest(counts: dict[str, int]) -> dict[str, int]:
    there = [level for level, number in counts.items() if number]
    top = max(there, key=of_posts.HONOUR_WEIGHTS.__getitem__, default=None)
    return {level: int(level == top) for level in counts}


HONOURS = Metric(
    key="honours",
    title="守信、表彰记录",
    unit="级",
    formula="期内有效的评优评先、表彰奖励记录里最高的一级：国家级4、省级3、市级2、区级1。级别看作出机关的名称，名称里写到区县的算区级，写到市的算市级；看不出的按区级。",
    basis="试点方案二（二）；级别的算法为建议值，见创建指标表四2.2。",
    minimum_sample=1,
    parts=HONOURS_PARTS,
    of_all=best,
    below=best_below,
    rows=lambda organisation, days, part="": counting.behind(of_posts.honours(days), organisation, part),
    noun="条",
    statement=lambda days, below: of_posts.highest(of_posts.honours(days), of_posts.HONOUR_WEIGHTS, below),
    lists_own_rows=True,
    note=INTERNAL,
    is_public=False,
    is_personal=True,
)

POST_SHOWN = Metric(
    key="post-shown",
    title="亮牌公示",
    unit="%",
    formula="写明由这个岗位负责、本年有效的公开承诺，有一件就算已经公示。",
    basis="试点方案二（三）；计算方法为建议值，见创建指标表四3.1。",
    minimum_sample=1,
    parts=(Part("shown", "已经公示", Decimal(1), "kept"), Part("missing", "还没有公示", Decimal(0), "empty")),
    **tallied(of_posts.shown),
    noun="个",
    note=INTERNAL,
    is_public=False,
    is_personal=True,
)

POST_KEPT_RATE = Metric(
    key="post-kept-rate",
    title="岗位承诺兑现率",
    unit="%",
    formula="由这个岗位负责的公开承诺：（全部履行的件数＋0.5×部分履行的件数）÷到期的件数。换了人，承诺还归这个岗位。",
    basis="试点方案二（三）；计算方法同单位的到期兑现率，见创建指标表四3.2。",
    minimum_sample=1,
    parts=parts_of(
        of_posts.KEPT_WEIGHTS,
        {
            "full": ("全部履行", "kept"),
            "partly": ("部分履行", "partly"),
            "none": ("未履行", "broken"),
            "silent": ("到期没有报告", "overdue"),
            "late": ("逾期报告，待认定", "pending"),
            "pending": ("按期报告，待认定", "pending"),
        },
    ),
    **tallied(of_posts.kept),
    note=INTERNAL,
    is_public=False,
    is_personal=True,
)

POST_PUBLISHED = Metric(
    key="post-published-in-time",
    title="负责的公开条目及时率",
    unit="%",
    formula="起草那天由这个岗位上的人经办、期内首次公开的份数里，没有超过公开期限的份数÷总份数；以后换了人仍归这个岗位。",
    basis="政府信息公开条例第二十六条；计算方法为建议值，见创建指标表四4.2。",
    minimum_sample=1,
    parts=parts_of(IN_TIME_WEIGHTS, {"in_time": ("按期公开", "kept"), "late": ("逾期公开", "broken")}),
    **tallied(of_posts.published),
    noun="份",
    note=INTERNAL,
    is_public=False,
    is_personal=True,
)

POST_UPHELD = Metric(
    key="post-complaints-upheld",
    title="属实投诉件数",
    unit="件",
    formula="对这个岗位负责的承诺的投诉，期内答复、核实属实的件数＋0.5×部分属实的件数；区里正在重新办理的，办完以前不计。",
    basis="试点方案二（五）；部分属实按一半计是建议值，见创建指标表四5.1。",
    minimum_sample=1,
    parts=FOUND_PARTS,
    **tallied(of_posts.upheld),
    quiet=True,
    note=INTERNAL,
    is_public=False,
    is_personal=True,
)

HANDOVER_LISTS = Metric(
    key="handover-lists",
    title="交接清单完整率",
    unit="%",
    formula="清单里的事项全部由三方确认的交接数÷期内到期的交接数；晚了但已经逐件确认的算完整，先离任、到期没有确认完的不算。没有变动的不适用。",
    basis="试点方案二（五）；计算方法为建议值，见创建指标表四5.3。",
    minimum_sample=1,
    parts=parts_of(
        of_posts.WHOLE_WEIGHTS,
        {
            "whole": ("清单完整", "kept"),
            "overridden": ("区里决定先离任", "broken"),
            "open": ("到期没有确认完", "overdue"),
        },
    ),
    **tallied(of_posts.handovers),
    noun="次",
    note=INTERNAL,
    is_public=False,
    is_personal=True,
)


def hours_of_all(days: Days) -> dict[int, dict[str, Decimal]]:
    """For every post that is held the hours learned, and what is lacking of the year's least."""
    least = of_posts.least_hours(days)
    return {row.post_id: _lacking(row.hours, least) for row in of_posts.learned(days)}


def hours_below(organisation: Any, days: Days) -> dict[str, Decimal]:
    least, found = of_posts.least_hours(days), {"counted": Decimal(0), "rest": Decimal(0)}
    for row in of_posts.learned(days, organisation.path):
        for part, number in _lacking(row.hours, least).items():
            found[part] += number
    return found


def hours_behind(organisation: Any, days: Days, part: str = "") -> list[dict[str, Any]]:
    """Each day's confirmed hours; what is lacking has no rows."""
    rows = of_posts.learned_days(organisation, days) if part in ("", "counted") else []
    return [
        {"said": f"{row.hours.normalize():f}学时", "ref": row.source_kind, "counted_on": row.day, "link": ""}
        | {"unit_name": organisation.name, "stands_in": "counted"}
        for row in rows
    ]


def _lacking(hours: Decimal, least: Decimal) -> dict[str, Decimal]:
    return {"counted": min(hours, least), "rest": max(least - hours, Decimal(0))}


TRAINING_HOURS = Metric(
    key="training-hours",
    title="学时",
    unit="%",
    formula="在岗的人本年经人确认的学时÷本年最低学时，超过的按最低学时算；学时跟着人走。",
    basis="试点方案二（八）；最低学时由区信用办定，见创建指标表四8.1。",
    minimum_sample=1,
    parts=(Part("counted", "已学", Decimal(1), "kept"), Part("rest", "还差", Decimal(0), "empty")),
    of_all=hours_of_all,
    below=hours_below,
    rows=hours_behind,
    noun="学时",
    statement=of_posts.hours_facts,
    lists_own_rows=True,
    note=INTERNAL,
    is_public=False,
    is_personal=True,
)


def scores_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every post whose holder had a test: the points reached, and those missed."""
    found: dict[int, dict[str, int]] = {}
    for row in of_posts.scores(days):
        counts = found.setdefault(row["post_id"], {"counted": 0, "rest": 0})
        counts["counted"] += row["points"]
        counts["rest"] += row["full_points"] - row["points"]
    return found


def scores_below(organisation: Any, days: Days) -> dict[str, int]:
    rows = of_posts.scores(days, organisation.path)
    reached = sum(row["points"] for row in rows)
    return {"counted": reached, "rest": sum(row["full_points"] for row in rows) - reached}


def scores_behind(organisation: Any, days: Days, part: str = "") -> list[dict[str, Any]]:
    """Each test with the points reached: said, ref, counted_on, link, unit_name, stands_in."""
    return [
        {
            "said": f"{row['title']}：{row['points']}/{row['full_points']}分"
            + ("" if row["took_part"] else "，没有参加"),
            "ref": "",
            "counted_on": row["day"],
            "link": "",
            "unit_name": organisation.name,
            "stands_in": "counted" if row["points"] else "rest",
        }
        for row in of_posts.scores(days, organisation.path)
        if part in ("", "counted" if row["points"] else "rest")
    ]


TEST_SCORE = Metric(
    key="test-score",
    title="测试成绩",
    unit="%",
    formula="在岗的人任职以来、期内结束的测试：得分÷总分，几次测试加在一起；算哪一次按测试公开的规则，没有参加的得0分。",
    basis="试点方案二（八）；计算方法为建议值，见创建指标表四8.2。",
    minimum_sample=1,
    parts=(Part("counted", "得分", Decimal(1), "kept"), Part("rest", "没有得的分", Decimal(0), "empty")),
    of_all=scores_of_all,
    below=scores_below,
    rows=scores_behind,
    noun="分",
    statement=of_posts.score_facts,
    lists_own_rows=True,
    note=INTERNAL,
    is_public=False,
    is_personal=True,
)

SATISFACTION = imported.IMPORTABLE["post-satisfaction"]

POST_SATISFACTION = Metric(
    key=SATISFACTION.key,
    title=SATISFACTION.title,
    unit="%",
    formula="满意的评价÷全部评价：办结来件的最后一次回访评价，加上导入的好差评。",
    basis=f"来源文件：{SATISFACTION.document}；见创建指标表四9.1。",
    minimum_sample=SATISFACTION.minimum_sample,
    parts=(Part("counted", "满意", Decimal(1), "kept"), Part("rest", "不满意", Decimal(0), "broken")),
    **tallied(of_posts.satisfied),
    quiet=True,
    takes_imports=True,
    noun="条",
    note=INTERNAL,
    is_public=False,
    is_personal=True,
)

POSTS = (
    *(NO_DISHONESTY, HONOURS, POST_SHOWN, POST_KEPT_RATE, POST_PUBLISHED, POST_UPHELD, HANDOVER_LISTS),
    *(TRAINING_HOURS, TEST_SCORE, POST_SATISFACTION),
)
