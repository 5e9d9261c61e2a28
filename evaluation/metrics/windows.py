"""Figures of windows that the portal counts itself; what comes from outside is in `imported`."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from commitments.metrics import Days
from evaluation.metrics import of_windows
from evaluation.metrics.figures import Metric, Part
from longsha_credit.directory import counting
from longsha_credit.directory.counting import Sql, Tally

HUNDREDTHS = 100
Tallies = Callable[[Days], list[Tally]]


def of_all(tallies: Tallies, days: Days) -> dict[int, dict[str, int]]:
    return counting.of_all(tallies(days))


def within(tallies: Tallies, organisation: Any, days: Days) -> dict[str, int]:
    return counting.within(tallies(days), organisation)


def behind(tallies: Tallies, organisation: Any, days: Days, part: str = "") -> Any:
    return counting.behind(tallies(days), organisation, part)


def facts(tallies: Tallies, weights: Mapping[str, int | None], days: Days, below: str = "") -> Sql:
    return counting.facts(tallies(days), weights, below)


def parts_of(weights: Mapping[str, int | None], words: Mapping[str, tuple[str, str]]) -> tuple[Part, ...]:
    """The parts of a figure: `words` are {part: (label, state)}, `weights` hundredths."""
    return tuple(
        Part(key, label, None if weights[key] is None else Decimal(weights[key]) / HUNDREDTHS, state)
        for key, (label, state) in words.items()
    )


def figure(tallies: Tallies | None, *, parts: tuple[Part, ...], **words: Any) -> Metric:
    """An internal figure over tallies; without them `words` name its three queries."""
    ways: dict[str, Any] = {}
    if tallies:
        ways = {"of_all": of_all, "below": within, "rows": behind}
        ways = {name: partial(way, tallies) for name, way in ways.items()}
    return Metric(**({"unit": "%", "minimum_sample": 1, "is_public": False} | ways | words), parts=parts)


FOUND_PARTS = parts_of(
    of_windows.FOUND_WEIGHTS,
    {
        "true": ("属实", "broken"),
        "partly": ("部分属实", "partly"),
        "untrue": ("不属实", "kept"),
        "again": ("区里正在重新办理", "pending"),
    },
)

COMPLAINTS_UPHELD = figure(
    of_windows.upheld,
    key="complaints-upheld",
    title="属实投诉件数",
    unit="件",
    formula="期内答复的投诉中，核实属实的件数＋0.5×部分属实的件数；区里正在重新办理的，办完以前不计。归被反映的单位。",
    basis="试点方案二（五）；部分属实按一半计是建议值，见创建指标表三5.2。",
    parts=FOUND_PARTS,
)

CHANGES_IN_TIME = figure(
    of_windows.changes,
    key="changes-published-in-time",
    title="变更按期更新率",
    formula="公开以后有变更、在目录时限以内更新的份数÷期内更新的份数。变更是指新形成的内容取代了旧的一份，或者修订了已经公开的内容；只改文字、形成日期不变的修订不算变更。",
    basis="政府信息公开条例第二十六条（二十个工作日）；计算方法为建议值，见创建指标表三4.3。",
    parts=parts_of(
        of_windows.IN_TIME_WEIGHTS, {"in_time": ("按期更新", "kept"), "late": ("逾期更新", "broken")}
    ),
    noun="份",
)

WINDOWS = (COMPLAINTS_UPHELD, CHANGES_IN_TIME)
WINDOW_FACTS = {
    "complaints-upheld": partial(facts, of_windows.upheld, of_windows.FOUND_WEIGHTS),
    "changes-published-in-time": partial(facts, of_windows.changes, of_windows.IN_TIME_WEIGHTS),
}
