"""What is shown of sets: one by its headings, two side by side, and a draft tried out on what was counted before."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from evaluation import computing
from evaluation.checks import in_points, in_words
from evaluation.models import Heading, Indicator, IndicatorSet, Rank, Result, Snapshot, Way
from evaluation.reading import metric_title
from evaluation.scoring import GRADES, Standard, half_up, score
from longsha_credit.directory.models import Organisation

MOST_TRIED = 5_000  # units of one trial on a page


@dataclass
class Part:
    """A heading with its indicators, points in words."""

    heading: Heading
    indicators: list[Indicator] = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(indicator.points for indicator in self.indicators)

    @property
    def words(self) -> str:
        return in_points(self.points)

    @property
    def basis(self) -> str:
        """Where the indicators come from, said once where most come from the same."""
        bases = Counter(indicator.basis for indicator in self.indicators)
        return bases.most_common(1)[0][0] if bases else ""


def parts_of(row: IndicatorSet) -> list[Part]:
    """The headings of a set with their indicators; two queries."""
    parts = {heading.pk: Part(heading) for heading in Heading.objects.filter(set=row).order_by("number")}
    for indicator in computing.indicators_of(row):
        indicator.points_words = in_points(indicator.points)
        indicator.measured = [in_words(m, metric_title(m["metric"])) for m in indicator.measures]
        indicator.steps = [f"{words} {in_points(points)}分" for words, points in indicator.scale]
        parts[indicator.heading_id].indicators.append(indicator)
    return list(parts.values())


def shares(parts: list[Part]) -> list[tuple[str, str, int]]:
    """(way in words, points in words, points) of the three ways: how much people decide."""
    rows = [indicator for part in parts for indicator in part.indicators]
    totals = [(way, sum(i.points for i in rows if i.way == way)) for way in Way]
    return [(str(way.label), in_points(points), points) for way, points in totals]


def lines_of(row: IndicatorSet) -> list[tuple[str, str]]:
    """The grade lines in words."""
    candidate, passed, nurtured = (
        in_points(n) for n in (row.candidate_line, row.pass_line, row.nurture_line)
    )
    return [
        (GRADES["candidate"], f"{candidate}分以上，各项任务得分率不低于{in_points(row.heading_floor)}%，没有取消评选资格情形"),
        (GRADES["passed"], f"{passed}分以上"),
        (GRADES["nurtured"], f"{nurtured}分以上"),
        (GRADES["below"], f"不到{nurtured}分"),
    ]  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """An indicator in two versions; `kind` is same, changed, added or removed; `changes` are (what, before, after)."""

    kind: str
    before: Indicator | None
    after: Indicator | None
    changes: list[tuple[str, str, str]]

    @property
    def either(self) -> Indicator:
        one = self.after or self.before
        assert one is not None
        return one


def compared(before: IndicatorSet, after: IndicatorSet) -> dict[str, Any]:
    """Two versions side by side: points by heading, and each indicator that is not the same; four queries."""
    old, new = parts_of(before), parts_of(after)
    earlier = {i.same_as: i for part in old for i in part.indicators}
    later = {i.same_as: i for part in new for i in part.indicators}
    pairs = [_pair(earlier.get(key), i) for key, i in later.items()]
    pairs += [_pair(i, None) for key, i in earlier.items() if key not in later]
    return {
        "headings": _headings(old, new),
        "pairs": [pair for pair in pairs if pair.kind != "same"],
        "same": sum(pair.kind == "same" for pair in pairs),
        "lines": [
            (label, a, b)
            for (label, a), (_, b) in zip(lines_of(before), lines_of(after), strict=True)
            if a != b
        ],
    }


def _headings(old: list[Part], new: list[Part]) -> list[dict[str, Any]]:
    points = {part.heading.same_as: part for part in old}
    rows = [
        {"title": part.heading.title, "before": points.pop(part.heading.same_as, None), "after": part}
        for part in new
    ]
    return rows + [{"title": part.heading.title, "before": part, "after": None} for part in points.values()]


SHOWN = {
    "title": "指标",
    "points": "分值",
    "way": "方式",
    "measures": "算法",
    "scale": "评分档次",
    "formula": "计算方法",
}


def _pair(before: Any, after: Any) -> Pair:
    if before is None or after is None:
        return Pair("added" if after else "removed", before, after, [])
    names = (name for name in SHOWN if getattr(before, name) != getattr(after, name))
    changes = [(SHOWN[name], _words(before, name), _words(after, name)) for name in names]
    return Pair("changed" if changes else "same", before, after, changes)


def _words(indicator: Any, name: str) -> str:
    if name == "points":
        return f"{indicator.points_words}分"
    if name == "way":
        return str(indicator.get_way_display())
    if name == "measures":
        return "；".join(indicator.measured) or "（人工评审）"
    if name == "scale":
        return "、".join(indicator.steps) or "（分值以内任意给）"
    return str(getattr(indicator, name))


@dataclass(frozen=True)
class Moved:
    """A unit whose grade a draft would change, or whose points."""

    organisation: int
    name: str
    before: tuple[str, str]
    after: tuple[str, str]

    @property
    def before_words(self) -> str:
        return _grade_words(*self.before)

    @property
    def after_words(self) -> str:
        return _grade_words(*self.after)


def _grade_words(grade: str, total: str) -> str:
    """达标 83.5分; 没有得分 where nothing was computed."""
    return f"{GRADES.get(grade, '待评审')} {total}分" if total else "没有得分"


def tried(draft: IndicatorSet, snapshot: Snapshot, user: Any) -> dict[str, Any]:
    """What a draft would come to on a snapshot taken before: who would change the grade. Nothing is written.

    People's marks are carried to the same indicator of the draft, in proportion to its points.
    """
    earlier = {
        row.organisation_id: row
        for row in Result.objects.visible_to(user).filter(snapshot=snapshot, set__level=draft.level)[
            :MOST_TRIED
        ]
    }
    carried = _carried(draft, snapshot)
    known = {key for key, _, _ in carried.values()}
    standards, lines = computing.standards_of(draft), computing.lines_of(draft)
    units = computing.given(snapshot, draft, limit=MOST_TRIED)
    grades: Counter[tuple[str, str]] = Counter()
    moved = []
    for unit in units:
        marks = {
            carried[key][0]: _scaled(points, carried[key])
            for key, points in unit.marks.items()
            if key in carried
        }
        sheet = score(standards, lines, unit.values, marks, bonus=unit.bonus, ruled_out=unit.ruled_out)
        row = earlier.get(unit.organisation)
        before = (row.grade, in_points(row.total)) if row else ("", "")
        grades[before[0], sheet.grade] += 1
        if before[0] != sheet.grade:
            moved.append(Moved(unit.organisation, "", before, (sheet.grade, in_points(sheet.total))))
    names = dict(
        Organisation.objects.visible_to(user)
        .filter(pk__in=[m.organisation for m in moved])
        .values_list("pk", "name")
    )
    return {
        "units": len(units),
        "is_capped": len(units) == MOST_TRIED,
        "moved": [replace(m, name=names[m.organisation]) for m in moved if m.organisation in names],
        "grades": _by_grade(grades),
        "not_taken": _not_taken(standards, snapshot),
        "new_marks": sum(s.way == Way.HUMAN and s.key not in known for s in standards),
    }  # fmt: skip


def _carried(draft: IndicatorSet, snapshot: Snapshot) -> dict[int, tuple[int, int, int]]:
    """{indicator of an earlier set: (the draft's, its points there, its points here)}."""
    here = {i.same_as: i for i in computing.indicators_of(draft)}
    computed = IndicatorSet.objects.filter(results__snapshot=snapshot, level=draft.level)
    rows = Indicator.objects.filter(heading__set__in=computed)
    return {
        row.pk: (here[row.same_as].pk, row.points, here[row.same_as].points)
        for row in rows
        if row.same_as in here
    }


def _scaled(points: int | None, carried: tuple[int, int, int]) -> int | None:
    return None if points is None else half_up(points * carried[2], carried[1])


def _not_taken(standards: list[Standard], snapshot: Snapshot) -> list[str]:
    """The titles of the metrics these measure by that were not counted then: they are tried as not applicable."""
    keys = dict.fromkeys(measure["metric"] for one in standards for measure in one.measures)
    return [metric_title(key) for key in keys if key not in snapshot.formulas]


def _by_grade(grades: Counter[tuple[str, str]]) -> list[tuple[str, int, int]]:
    """(grade in words, how many had it, how many would have it), from the best down."""
    words = {**GRADES, "": "待评审"}
    return [
        (
            words[grade],
            sum(n for (before, _), n in grades.items() if before == grade),
            sum(n for (_, after), n in grades.items() if after == grade),
        )
        for grade in words
    ]


def bonus_of(row: IndicatorSet) -> list[tuple[str, str]]:
    """What a commendation of each rank adds, in words."""
    return [(str(rank.label), f"{in_points(row.bonus_points.get(rank, 0))}分") for rank in Rank]


def others(row: IndicatorSet, user: Any) -> list[IndicatorSet]:
    """The other versions of the same level, of every year, the newest first."""
    rows = IndicatorSet.objects.visible_to(user).filter(level=row.level).exclude(pk=row.pk)
    return list(rows.with_names().in_order())


def nearest(row: IndicatorSet, others: list[IndicatorSet]) -> IndicatorSet | None:
    """What a version is first compared with: the one it was copied from, else the one before it."""
    earlier = [o for o in others if (o.year.number, o.version) < (row.year.number, row.version)]
    return next((o for o in others if o.pk == row.copied_from_id), None) or next(
        iter(earlier or others), None
    )


def snapshots(user: Any) -> list[Snapshot]:
    """Where a draft may be tried: the snapshots that stand, the newest first."""
    rows = Snapshot.objects.visible_to(user).taken().select_related("year")
    return list(rows.order_by("-taken_on", "-id")[:50])


def number(text: str | None) -> int | None:
    """A number from an address; what is none counts as not asked."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
