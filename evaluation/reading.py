"""A result as it is read: every point with what was counted, how, what it is worth here, and who gave or lowered it."""

from dataclasses import dataclass
from typing import Any

from evaluation import computing
from evaluation.checks import in_points, in_words
from evaluation.facts import values_of
from evaluation.metrics import METRICS
from evaluation.models import ImportedFact, Indicator, Mark, Result, Ruling, RulingKind, Way
from evaluation.reference import TABLES
from evaluation.scoring import GRADES, Value

# What a metric is called where no code counts it: as the indicator of the default tables that asks for it.
ASKED_FOR: dict[str, str] = {}
for _measured, _title in (
    (measure, row[0]) for table in TABLES.values() for _, rows in table for row in rows for measure in row[3]
):
    ASKED_FOR.setdefault(_measured["metric"], _title)
GRADE_STATES = {"candidate": "kept", "passed": "kept", "nurtured": "partly", "below": "broken", "": "pending"}
WAY_SHORT = {Way.AUTO: "系统", Way.LOWERED: "系统＋人工", Way.HUMAN: "人工"}


def metric_title(key: str) -> str:
    """What is measured, in words."""
    return METRICS[key].title if key in METRICS else ASKED_FOR.get(key, key)


@dataclass(frozen=True)
class FactLine:
    """One measure of an indicator with the fact behind it; `key` opens to its rows where `opens`."""

    key: str
    title: str
    counted: str
    how: str
    opens: bool


@dataclass(frozen=True)
class Line:
    """One indicator on a sheet; points in words, `earned` empty where nothing was given."""

    indicator: Indicator
    facts: list[FactLine]
    mark: Mark | None
    earned: str
    worth: str
    state: str  # given, na, waiting
    why: str

    whole: bool = False  # its whole heading does not apply, so that people judge it

    @property
    def way(self) -> str:
        return WAY_SHORT[Way(self.indicator.way)]

    @property
    def mark_words(self) -> str:
        return in_points(self.mark.points) if self.mark else ""

    @property
    def waits_for(self) -> str:
        """待评审 or 待导入: a person, or figures from outside."""
        return "待评审" if self.indicator.way == Way.HUMAN or self.whole else "待导入"

    @property
    def opens_to_people(self) -> bool:
        """Whether a person may give it points."""
        return self.indicator.way == Way.HUMAN or self.whole or self._may_be_lowered

    @property
    def _may_be_lowered(self) -> bool:
        return self.indicator.way == Way.LOWERED and self.state == "given"

    @property
    def action(self) -> str:
        if self.indicator.way != Way.HUMAN:
            return "提出评分" if self.whole else "提出调低"
        return "改评" if self.mark else "评分"


@dataclass(frozen=True)
class Part:
    """One heading of a sheet."""

    number: int
    title: str
    lines: list[Line]
    earned: int
    worth: int

    @property
    def earned_words(self) -> str:
        return in_points(self.earned)

    @property
    def worth_words(self) -> str:
        return in_points(self.worth)

    @property
    def rests_on_one(self) -> str:
        """Said where one indicator carries the points of a whole heading, because none of the others applies."""
        applying = [line for line in self.lines if line.state != "na"]
        if len(self.lines) < 2 or len(applying) != 1 or applying[0].whole:
            return ""
        return (
            f"这一项有{len(self.lines)}条指标，本单位只有{applying[0].indicator.code}一条适用，"
            f"这一项的{self.worth_words}分都看这一条。"
        )

    @property
    def waiting(self) -> int:
        return sum(line.state == "waiting" for line in self.lines)


def sheet_of(result: Result) -> list[Part]:
    """The sheet of a result by headings, as `templates/evaluation/_sheet.html` draws it; four queries."""
    values = values_of(result.snapshot, result.organisation)
    rows = Mark.objects.filter(snapshot=result.snapshot, organisation=result.organisation)
    marks = {row.indicator_id: row for row in rows.select_related("by", "seconded_by").order_by("id")}
    parts: dict[int, Part] = {}
    for n, indicator in enumerate(computing.indicators_of(result.set)):
        heading = indicator.heading
        earned, worth = result.earned[n], result.worth[n]
        line = _line(indicator, values, marks.get(indicator.pk), earned, worth)
        part = parts.setdefault(heading.number, Part(heading.number, heading.title, [], 0, 0))
        part.lines.append(line)
        parts[heading.number] = Part(
            part.number, part.title, part.lines, part.earned + (earned or 0), part.worth + worth
        )
    return [_judged_as_a_whole(part) for part in parts.values()]


def _line(
    indicator: Indicator, values: dict[str, Value], mark: Mark | None, earned: int | None, worth: int
) -> Line:
    facts = [_fact(measure, values.get(measure["metric"])) for measure in indicator.measures]
    if earned is not None:
        moved = f"本单位有不适用的指标，分值由{in_points(indicator.points)}分调整为{in_points(worth)}分。"
        why = "" if worth == indicator.points else moved
        return Line(indicator, facts, mark, in_points(earned), in_points(worth), "given", why)
    if worth:
        why = "等待评审。" if indicator.way == Way.HUMAN else "取数时还没有导入；导入以后要重新取数才计分。"
        return Line(indicator, facts, mark, "", in_points(worth), "waiting", why)
    why = _why_not(indicator, values, mark)
    return Line(indicator, facts, mark, "", in_points(indicator.points), "na", why)


def _why_not(indicator: Indicator, values: dict[str, Value], mark: Mark | None) -> str:
    """Why an indicator does not apply, and where its points went."""
    if mark is not None and mark.points is None:
        return "评审认为不适用，分值分到同一项的其他指标。"
    reasons = []
    for measure in indicator.measures:
        value, least = values.get(measure["metric"]), measure.get("sample", 0)
        if value is not None and 0 < value.denominator < least:
            reasons.append(f"样本{value.denominator}个，不到{least}个")
        else:
            reasons.append("本期没有要计的事项")
    return f"{'，'.join(dict.fromkeys(reasons))}；分值分到同一项的其他指标。"


NOTHING_APPLIES = "这一项没有适用的指标，由人工评审。"


def _judged_as_a_whole(part: Part) -> Part:
    """A heading where nothing applies waits for people, who may mark any of its indicators."""
    if part.worth:
        return part
    lines = [
        Line(line.indicator, line.facts, line.mark, "", line.worth, "waiting", NOTHING_APPLIES, whole=True)
        for line in part.lines
    ]
    return Part(part.number, part.title, lines, 0, 0)


def _fact(measure: dict[str, Any], value: Value | None) -> FactLine:
    key = measure["metric"]
    title = metric_title(key)
    return FactLine(key, title, counted(measure, value), in_words(measure, title), value is not None)


NOTHING = {"none": "没有要计的", "zero": "0", "await": "还没有导入"}


def counted(measure: dict[str, Any], value: Value | None) -> str:
    """17 / 19, or 3: what was counted, of how many where it is a share; without a fact, what that means."""
    share = measure["style"] in ("rate", "linear")
    if value is None:
        return NOTHING[measure.get("missing", "none" if share else "zero")]
    number = in_points(value.numerator)
    return f"{number} / {value.denominator}" if share else number


def grade_words(result: Result) -> tuple[str, str]:
    """The state and the words of a result's grade."""
    words = GRADES.get(result.grade, f"还有{result.awaiting}项没有得分")
    return GRADE_STATES[result.grade], words


def standing_rulings(result: Result) -> list[Ruling]:
    """What counts for this unit in this year: circumstances and commendations."""
    rows = Ruling.objects.filter(year=result.snapshot.year_id, organisation=result.organisation).with_names()
    return list(rows.standing().exclude(kind=RulingKind.MARK))


def is_above(user: Any, unit: Any) -> bool:
    """Whether the reader works for a unit above this one: the unit itself is not told who complained, nor when."""
    return (
        any(path != unit.path and unit.path.startswith(path) for path in user.paths_for(None))
        and unit.pk not in user.units_sat_in
    )


def imports_of(result: Result, key: str, user: Any) -> list[ImportedFact]:
    """What was brought in from outside for a fact and stands today, with its document."""
    rows = ImportedFact.objects.visible_to(user).standing()
    mine = rows.filter(year=result.snapshot.year_id, organisation=result.organisation_id, metric=key)
    return list(mine.select_related("document"))


def in_a_row(row: dict[str, Any], metric: Any) -> dict[str, Any]:
    """One of the rows behind a fact, whatever it is a row of: what, its number and page, when, how it stands."""
    return {
        "what": row["said"],
        "ref": row["ref"],
        "link": row["link"],
        "when": row["counted_on"],
        "stands": metric.part(row["stands_in"]),
    }
