"""Points from facts and marks, by hand and for whatever may come: never too many, exact, the same in any order."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import reference, scoring
from evaluation.scoring import AWAIT, Lines, Share, Standard, Value

LINES = Lines(candidate=9000, passed=8000, nurtured=7000, heading_floor=6000, bonus_cap=500)


def earned(measure, numerator, denominator=0):
    """The points of one measure for a value of so many counted (halves may count), as on the sheet."""
    value = None if numerator is None else Value(round(numerator * 100), denominator)
    share = scoring.measured(measure, value)
    if share is AWAIT:
        return "await"
    return share and scoring.half_up(share.part * measure["points"], share.whole) / 100


KEPT = reference.rate("kept-rate", 800)
SATISFIED = reference.linear("satisfaction", 400, low=60, high=90, sample=30)
LOST = reference.minus("cases-lost", 500, unit=250)
SWEPT = reference.each("swept", 300, unit=75)
HONOURS = reference.steps("honours", 400, steps=[[1, 100], [2, 200], [3, 300], [4, 400]])
IMPORTED = reference.rate("handled-in-legal-time", 800, missing="await")


@pytest.mark.parametrize(
    ("measure", "numerator", "denominator", "points"),
    [
        (KEPT, 17, 19, 7.16),  # 16 in full and 2 in part of 19: 17 ÷ 19 × 8 = 7.1578…
        (KEPT, 6, 10, 4.8),
        (KEPT, 5.5, 10, 0),  # 55 %: under the floor
        (KEPT, 10, 10, 8),
        (KEPT, 0, 0, None),  # nothing due
        (KEPT, None, 0, None),
        (reference.rate("field-coverage", 400, floor=0), 3, 14, 0.86),
        (reference.rate("published-in-time", 500), 118, 126, 4.68),
        (SATISFIED, 45, 50, 4),
        (SATISFIED, 30, 40, 2),  # 75 %: half way
        (SATISFIED, 24, 40, 0),
        (SATISFIED, 29, 29, None),  # too small a sample
        (LOST, 0, 0, 5),
        (LOST, 1, 0, 2.5),
        (LOST, 3, 0, 0),
        (LOST, None, 0, 5),  # nothing counted is zero cases
        (SWEPT, 3, 0, 2.25),
        (SWEPT, 9, 0, 3),
        (reference.each("summary-in-time", 100, unit=100), 0.5, 0, 0.5),
        (HONOURS, 2, 0, 2),
        (HONOURS, 0, 0, 0),
        (IMPORTED, None, 0, "await"),
        (IMPORTED, 95, 100, 7.6),
    ],
)
def test_a_measure_as_worked_by_hand(measure, numerator, denominator, points):
    assert earned(measure, numerator, denominator) == points


def test_what_people_give_comes_in_the_steps_of_the_scale():
    assert reference.grades(400) == [["A", 400], ["B", 264], ["C", 132], ["C#", 0]]
    assert reference.grades(500) == [["A", 500], ["B", 330], ["C", 165], ["C#", 0]]
    assert reference.met(300, 3) == [["符合3项", 300], ["符合2项", 200], ["符合1项", 100], ["符合0项", 0]]
    assert [points for _, points in reference.lacking(400, 100)] == [400, 300, 200, 100, 0]


def test_the_points_of_what_does_not_apply_go_to_its_heading():
    two = reference.rate("a", 400), reference.rate("b", 400), reference.rate("c", 200)
    standards = [Standard(n, 2, m["points"], "auto", (m,)) for n, m in enumerate(two)]
    sheet = scoring.score(standards, LINES, {"a": Value(4200, 43), "b": Value(2800, 30)}, {})
    assert sheet.worth == [500, 500, 0]
    assert sheet.earned == [488, 467, None]  # 42 ÷ 43 × 5 = 4.8837, 28 ÷ 30 × 5 = 4.6667
    assert sheet.headings == {2: (955, 1000)}


def test_a_heading_where_nothing_applies_waits_for_a_person():
    standards = [Standard(1, 7, 400, "auto", (reference.rate("a", 400),)), Standard(2, 8, 600, "human")]
    assert scoring.score(standards, LINES, {}, {2: 600}).awaiting == 1
    sheet = scoring.score(standards, LINES, {}, {2: 600, 1: 300})
    assert (sheet.awaiting, sheet.total) == (0, 900)


def test_a_person_lowers_what_was_measured_and_never_raises_it():
    standard = [Standard(1, 1, 300, "lowered", (reference.rate("a", 300),))]
    value = {"a": Value(900, 10)}
    given = {mark: scoring.score(standard, LINES, value, {1: mark}).total for mark in (100, 270, 300, None)}
    assert given == {100: 100, 270: 270, 300: 270, None: 270}


def test_the_grade_needs_every_heading_and_no_circumstance():
    def grade(first, second, **more):
        standards = [Standard(1, 1, 1000, "human"), Standard(2, 2, 9000, "human")]
        return scoring.score(standards, LINES, {}, {1: first, 2: second}, **more).grade

    assert grade(600, 8400) == "candidate"
    assert grade(599, 8500) == "passed"  # a heading under 60 %
    assert grade(600, 8400, ruled_out=True) == "passed"
    totals = (7999, 7000, 6999, 6000, 5999)  # and 10.00 of the first heading
    assert [grade(1000, n) for n in totals] == ["passed", "passed", "nurtured", "nurtured", "below"]
    assert grade(600, 7900, bonus=500) == "candidate"
    assert grade(None, 9000) == ""  # its heading waits for a person


def test_of_one_matter_only_the_highest_commendation_adds():
    matters = [("一站办", 50), ("一站办", 200), ("邻里议事", 100)]
    assert scoring.bonus_of(matters, 500) == 300
    assert scoring.bonus_of([*matters, ("全国先进", 300)], 500) == 500
    assert scoring.bonus_of([], 500) == 0


# For whatever may come.

STREET = [
    Standard(f"{number}.{n}", number, row[1], row[2], tuple(row[3]))
    for number, (_, rows) in enumerate(reference.STREET, 1)
    for n, row in enumerate(rows, 1)
]
KEYS = sorted({m["metric"] for s in STREET for m in s.measures})
JUDGED = [s for s in STREET if s.way != "auto"]
counts = st.integers(0, 60)
facts = st.dictionaries(
    st.sampled_from(KEYS),
    st.tuples(counts, counts).map(lambda two: Value(100 * min(two), max(two))),
    min_size=len(KEYS) // 2,
)
marks = st.fixed_dictionaries({}, optional={s.key: st.none() | st.integers(0, s.points) for s in JUDGED})
QUICK = settings(max_examples=150, deadline=None)


@QUICK
@given(facts, marks, st.integers(0, 900), st.booleans())
def test_no_points_above_what_a_thing_is_worth(facts, marks, bonus, ruled_out):
    sheet = scoring.score(STREET, LINES, facts, marks, bonus=bonus, ruled_out=ruled_out)
    assert all(0 <= e <= w for e, w in zip(sheet.earned, sheet.worth, strict=True) if e is not None)
    assert sheet.total == min(10_000, sum(e or 0 for e in sheet.earned) + min(bonus, 500))
    for number, (earned, worth) in sheet.headings.items():
        places = [n for n, s in enumerate(STREET) if s.heading == number]
        assert worth in (0, sum(STREET[n].points for n in places))  # spread exactly, or nothing applies
        assert earned == sum(sheet.earned[n] or 0 for n in places) <= worth
    assert not (ruled_out and sheet.grade == "candidate")
    assert bool(sheet.grade) == (sheet.awaiting == 0)


@QUICK
@given(st.lists(st.tuples(st.integers(1, 5000), st.booleans()), min_size=1, max_size=12))
def test_what_is_spread_adds_up_exactly(rows):
    points, applies = zip(*rows, strict=True)
    worth = scoring.spread(points, applies)
    assert sum(worth) == (sum(points) if any(applies) else 0)
    for p, a, w in zip(points, applies, worth, strict=True):
        assert (w == 0) if not a else w >= p


@QUICK
@given(facts, marks, st.randoms())
def test_the_order_of_the_rows_changes_nothing(facts, marks, chance):
    mixed = chance.sample(list(facts.items()), len(facts))
    given = dict(chance.sample(list(marks.items()), len(marks)))
    assert scoring.score(STREET, LINES, dict(mixed), given) == scoring.score(STREET, LINES, facts, marks)


BETTER = {"rate": 1, "linear": 1, "each": 1, "steps": 1, "minus": -1}


@QUICK
@given(facts, marks, st.sampled_from([m for s in STREET for m in s.measures]))
def test_a_better_fact_never_costs_points(facts, marks, measure):
    value = facts.get(measure["metric"])
    if value is None or (value.numerator == 0 and measure["style"] == "minus"):
        return
    more = value.numerator + 100 * BETTER[measure["style"]]
    better = facts | {measure["metric"]: value._replace(numerator=more)}
    before = scoring.score(STREET, LINES, facts, marks)
    assert scoring.score(STREET, LINES, better, marks).total >= before.total


@QUICK
@given(facts, st.sampled_from(JUDGED), st.integers(0, 400))
def test_a_better_mark_never_costs_points(facts, judged, points):
    points = min(points, judged.points)
    totals = [scoring.score(STREET, LINES, facts, {judged.key: p}).total for p in (points, judged.points)]
    assert totals == sorted(totals)


def test_a_broken_rule_would_be_seen(monkeypatch):
    """The properties can fail: a rate that forgets its cap gives more than it is worth."""
    monkeypatch.setitem(scoring.STYLES, "rate", lambda measure, value: Share(value.numerator, 100))
    standard = replace(STREET[3], measures=(reference.rate("files-kept", 400),))
    sheet = scoring.score([standard], LINES, {"files-kept": Value(600, 6)}, {})
    assert sheet.earned[0] > sheet.worth[0]
