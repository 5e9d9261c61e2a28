"""Figures of windows that the portal counts itself; what comes from outside is in `imported`."""

from collections.abc import Mapping
from decimal import Decimal

from evaluation.metrics import of_windows
from evaluation.metrics.figures import Metric, Part, tallied

HUNDREDTHS = 100


def parts_of(weights: Mapping[str, int | None], words: Mapping[str, tuple[str, str]]) -> tuple[Part, ...]:
    """The parts of a figure: `words` are {part: (label, state)}, `weights` hundredths."""
    return tuple(
        Part(key, label, None if weights[key] is None else Decimal(weights[key]) / HUNDREDTHS, state)
        for key, (label, state) in words.items()
    )


FOUND_PARTS = parts_of(
    of_windows.FOUND_WEIGHTS,
    {
        "true": ("属实", "broken"),
        "partly": ("部分属实", "partly"),
        "untrue": ("不属实", "kept"),
        "again": ("区里正在重新办理", "pending"),
    },
)

COMPLAINTS_UPHELD = Metric(
    key="complaints-upheld",
    title="属实投诉件数",
    unit="件",
    formula="期内答复的投诉中，核实属实的件数＋0.5×部分属实的件数；区里正在重新办理的，办完以前不计。归被反映的单位。",
    basis="试点方案二（五）；部分属实按一半计是建议值，见创建指标表三5.2。",
    minimum_sample=1,
    parts=FOUND_PARTS,
    **tallied(of_windows.upheld),
    quiet=True,
    is_public=False,
)

CHANGES_IN_TIME = Metric(
    key="changes-published-in-time",
    title="变更按期更新率",
    unit="%",
    minimum_sample=1,
    formula="公开以后有变更、在目录时限以内更新的份数÷期内更新的份数。变更是指新形成的内容取代了旧的一份，或者修订了已经公开的内容；只改文字、形成日期不变的修订不算变更。",
    basis="政府信息公开条例第二十六条（二十个工作日）；计算方法为建议值，见创建指标表三4.3。",
    parts=parts_of(
        of_windows.IN_TIME_WEIGHTS, {"in_time": ("按期更新", "kept"), "late": ("逾期更新", "broken")}
    ),
    **tallied(of_windows.changes),
    noun="份",
    is_public=False,
)

WINDOWS = (COMPLAINTS_UPHELD, CHANGES_IN_TIME)
