"""Whether a set of indicators is whole: its points, its measures, its steps, in clear sentences; pure functions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

HUNDREDTHS, FULL = 100, 10_000
# What each style of `scoring` says besides its metric and points, and what it may say.
NEEDS = {"rate": (), "linear": ("low", "high"), "each": ("unit",), "minus": ("unit",), "steps": ("steps",)}
MAY = {"rate": ("floor", "sample", "missing"), "linear": ("sample", "missing")}
STYLE_LABELS = {
    "rate": "达成率",
    "linear": "两线之间按直线",
    "each": "每一个得分",
    "minus": "每一件扣分",
    "steps": "分档取最高",
}
MISSING_LABELS = {"none": "不适用", "zero": "按零计", "await": "等着导入"}


def in_points(hundredths: int | None) -> str:
    """2.5 for 250: points as people write them."""
    if hundredths is None:
        return ""
    text = f"{hundredths / HUNDREDTHS:.2f}"
    return text.rstrip("0").rstrip(".")


def faults_of_set(indicators: Sequence[Any], headings: Sequence[Any], known: Collection[str]) -> list[str]:
    """What stands against putting a set in force; `indicators` with their `heading`, `known` metric keys."""
    found = []
    if (total := sum(i.points for i in indicators)) != FULL:
        found.append(f"各条指标加起来是{in_points(total)}分，要正好100分。")
    filled = {i.heading_id for i in indicators}
    found += [f"“{h.title}”下面没有指标，请补上，或者删去这一项。" for h in headings if h.pk not in filled]
    for indicator in indicators:
        found += [f"{indicator.code}：{sentence}" for sentence in faults_of(indicator, known)]
    return found


def faults_of(indicator: Any, known: Collection[str]) -> list[str]:
    """What is wrong with one indicator's measures and steps."""
    if indicator.way == "human":
        return faults_of_scale(indicator.scale, indicator.points)
    found = [s for measure in indicator.measures for s in faults_of_measure(measure, known)]
    total = sum(m.get("points", 0) for m in indicator.measures)
    if not found and total != indicator.points:
        found.append(
            f"各项算法加起来是{in_points(total)}分，和这条指标的{in_points(indicator.points)}分不一致，请改成一样。"
        )
    return found


def faults_of_scale(scale: Sequence[Sequence[Any]], points: int) -> list[str]:
    """What is wrong with the steps people may give."""
    if not scale:
        return []
    values = [value for _, value in scale]
    if max(values) != points:
        return [f"评分档次里最高的一档要正好是{in_points(points)}分。"]
    if len({words for words, _ in scale}) < len(scale):
        return ["评分档次里有两档叫法一样，请改成不同的。"]
    return []


def faults_of_measure(measure: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """What is wrong with one measure."""
    style, points = measure.get("style"), measure.get("points", 0)
    if style not in NEEDS:
        return ["请选择算法。"]
    if measure.get("metric") not in known:
        return [f"没有“{measure.get('metric')}”这项数据，请从列表里选。"]
    if points <= 0:
        return ["算法的分值要大于0。"]
    if lacking := [name for name in NEEDS[style] if measure.get(name) in (None, "", [])]:
        return [f"“{STYLE_LABELS[style]}”还要填：{'、'.join(WORDS[name] for name in lacking)}。"]
    if style == "linear" and not 0 <= measure["low"] < measure["high"] <= 100:
        return ["起算线要低于满分线，都在0到100之间。"]
    if style == "steps" and max(value for _, value in measure["steps"]) != points:
        return [f"最高一档要正好是{in_points(points)}分。"]
    return []


WORDS = {
    "low": "起算线",
    "high": "满分线",
    "unit": "每个（件）几分",
    "steps": "各档分值",
    "floor": "最低达成率",
    "sample": "最少样本",
    "missing": "没有数据时",
}


def in_words(measure: Mapping[str, Any], title: str) -> str:
    """A measure as a sentence, `title` being what is measured."""
    style, points = measure["style"], in_points(measure["points"])
    if style == "rate":
        floor = measure.get("floor", 60)
        words = f"{title}×{points}分" + (f"，低于{floor}%不得分" if floor else "")
    elif style == "linear":
        words = f"{title}{measure['high']}%以上{points}分，{measure['low']}%以下不得分，中间按直线"
    elif style == "each":
        words = f"{title}每个{in_points(measure['unit'])}分，最多{points}分"
    elif style == "minus":
        words = f"{points}分起，{title}每件扣{in_points(measure['unit'])}分，扣完为止"
    else:
        steps = "、".join(f"到{least}得{in_points(value)}分" for least, value in measure["steps"])
        words = f"{title}：{steps}，取最高"
    if measure.get("sample"):
        words += f"；样本不到{measure['sample']}个不适用"
    if measure.get("missing") == "await":
        words += "；数据要导入"
    return words
