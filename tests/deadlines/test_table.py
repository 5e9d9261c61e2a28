"""THE TABLE: due days worked out by hand, over the holidays of 2025 and 2026 and the unknown year 2027."""

import datetime

import pytest

from longsha_credit.deadlines import planning
from longsha_credit.deadlines.calendar import Calendar
from longsha_credit.deadlines.models import Rule


def day(text):
    return datetime.date.fromisoformat(text)


def span(text):
    return tuple(day(part) for part in text.split("/"))


def a_calendar(rows):
    """A calendar with rows written "2027-02-08 放假 春节" or "2027-02-20 上班"."""
    days, names = {}, {}
    for row in rows:
        when, what, *name = row.split()
        days[day(when)], names[day(when)] = what == "上班", "".join(name)
    return Calendar(days, names)


def a_rule(amount, unit, roll=False, month=None, on=None):
    return Rule(
        key="k", label="办理", amount=amount, unit=unit, roll=roll, month=month, day=on,
        basis="某条例", basis_kind="law", extend_amount=60,
    )  # fmt: skip


SPRING_2027 = [f"2027-02-{d:02} 放假 春节" for d in range(5, 12)] + ["2027-02-20 上班"]

# what, amount, unit, start, due, and where needed: suspensions, extension, rows of the calendar, roll
TABLE = [
    # working days through plain weeks and weekends
    ("从周一起三个工作日到周四", 3, "workday", "2026-11-23", "2026-11-26", {}),
    ("从周五起一个工作日到下周一", 1, "workday", "2026-11-27", "2026-11-30", {}),
    ("从周六起一个工作日到周一", 1, "workday", "2026-11-28", "2026-11-30", {}),
    ("报告结果五个工作日", 5, "workday", "2026-11-30", "2026-12-07", {}),
    ("核验十个工作日", 10, "workday", "2026-12-07", "2026-12-21", {}),
    ("二十个工作日没有节日", 20, "workday", "2026-03-02", "2026-03-30", {}),
    # holidays and days worked in their place, 2025
    ("2025春节前一天起一个工作日", 1, "workday", "2025-01-27", "2025-02-05", {}),
    ("2025春节后调休周六计入", 3, "workday", "2025-02-05", "2025-02-08", {}),
    ("2025春节前调休周日计入", 1, "workday", "2025-01-24", "2025-01-26", {}),
    ("2025清明周五放假", 1, "workday", "2025-04-03", "2025-04-07", {}),
    ("2025五一前调休周日计入", 2, "workday", "2025-04-25", "2025-04-28", {}),
    ("2025国庆中秋八天", 5, "workday", "2025-09-30", "2025-10-14", {}),
    ("2025年底跨到2026年元旦", 2, "workday", "2025-12-30", "2026-01-04", {}),
    # 2026
    ("元旦后周日上班", 1, "workday", "2025-12-31", "2026-01-04", {}),
    ("春节前周六上班", 1, "workday", "2026-02-13", "2026-02-14", {}),
    ("春节九天", 3, "workday", "2026-02-13", "2026-02-25", {}),
    ("春节后周六上班", 5, "workday", "2026-02-14", "2026-02-28", {}),
    ("清明周一放假", 2, "workday", "2026-04-03", "2026-04-08", {}),
    ("五一五天加周六上班", 5, "workday", "2026-04-29", "2026-05-09", {}),
    ("端午周五放假", 1, "workday", "2026-06-18", "2026-06-22", {}),
    ("国庆前周日上班", 2, "workday", "2026-09-18", "2026-09-21", {}),
    ("中秋和国庆", 10, "workday", "2026-09-18", "2026-10-09", {}),
    ("国庆后周六上班", 2, "workday", "2026-10-07", "2026-10-09", {}),
    # the year that is not known yet
    ("2027年先按周一至周五", 3, "workday", "2026-12-30", "2027-01-04", {}),
    ("2027春节还没有登记", 5, "workday", "2027-02-04", "2027-02-11", {}),
    ("2027春节登记以后", 5, "workday", "2027-02-04", "2027-02-18", {"rows": SPRING_2027}),
    ("2027调休周六登记以后计入", 2, "workday", "2027-02-18", "2027-02-20", {"rows": SPRING_2027}),
    ("临时放假一天压过程序自带的", 1, "workday", "2026-11-23", "2026-11-25", {"rows": ["2026-11-24 放假"]}),
    ("自带的假日改为上班", 1, "workday", "2026-10-06", "2026-10-07", {"rows": ["2026-10-07 上班"]}),
    # days and months
    ("十五日不看休息日", 15, "day", "2026-02-01", "2026-02-16", {}),
    ("六十日末日落在国庆，不顺延", 60, "day", "2026-08-04", "2026-10-03", {}),
    ("六十日末日落在国庆，顺延", 60, "day", "2026-08-04", "2026-10-08", {"roll": True}),
    ("末日是周六，顺延到周一", 10, "day", "2026-11-18", "2026-11-30", {"roll": True}),
    ("末日是调休上班的周六，不顺延", 10, "day", "2026-09-30", "2026-10-10", {"roll": True}),
    ("一个月从一月三十一日到二月末", 1, "month", "2026-01-31", "2026-02-28", {}),
    ("闰年二月末", 1, "month", "2028-01-31", "2028-02-29", {}),
    ("三个月从十一月三十日", 3, "month", "2026-11-30", "2027-02-28", {}),
    ("闰日起十二个月", 12, "month", "2028-02-29", "2029-02-28", {}),
    ("三个月末日遇国庆顺延", 3, "month", "2026-07-02", "2026-10-08", {"roll": True}),
    ("三年", 36, "month", "2026-04-01", "2029-04-01", {}),
    # suspended and lengthened
    ("暂停三个工作日", 10, "workday", "2026-12-07", "2026-12-24", {"stops": ["2026-12-14/2026-12-16"]}),
    ("暂停只跨周末，不多不少", 10, "workday", "2026-12-07", "2026-12-21", {"stops": ["2026-12-12/2026-12-13"]}),
    ("两次暂停", 5, "workday", "2026-11-02", "2026-11-12",
     {"stops": ["2026-11-03/2026-11-04", "2026-11-09/2026-11-09"]}),
    ("按日的暂停七天", 15, "day", "2026-11-01", "2026-11-23", {"stops": ["2026-11-05/2026-11-11"]}),
    ("按月的暂停十天", 1, "month", "2026-03-10", "2026-04-20", {"stops": ["2026-03-20/2026-03-29"]}),
    ("暂停到期日以后的不算", 5, "workday", "2026-11-30", "2026-12-07", {"stops": ["2026-12-08/2026-12-20"]}),
    ("延期十个工作日", 10, "workday", "2026-12-07", "2027-01-04", {"extra": 10}),
    ("六十日延三十日", 60, "day", "2026-08-04", "2026-11-02", {"extra": 30}),
    ("又暂停又延期", 3, "workday", "2026-02-11", "2026-02-27",
     {"stops": ["2026-02-13/2026-02-14"], "extra": 2}),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_the_due_day_is_the_one_counted_by_hand(row):
    _, amount, unit, start, due, more = row
    computed = planning.compute(
        a_rule(amount, unit, more.get("roll", False)),
        day(start),
        suspensions=[span(text) for text in more.get("stops", [])],
        extension=more.get("extra", 0),
        calendar=a_calendar(more.get("rows", [])),
    )
    assert computed.due_on == day(due)


FIXED = [
    ("当年还没到", "2026-09-01", 11, 15, "2026-11-15"),
    ("当天就是", "2026-11-15", 11, 15, "2026-11-15"),
    ("过了就是明年", "2026-11-16", 11, 15, "2027-11-15"),
    ("年初的年度报告", "2026-02-01", 1, 31, "2027-01-31"),
    ("闰日在平年提前一天", "2026-12-01", 2, 29, "2027-02-28"),
]


@pytest.mark.parametrize("row", FIXED, ids=lambda row: row[0])
def test_a_fixed_day_is_the_next_one_and_does_not_move(row):
    _, start, month, on, due = row
    rule = a_rule(None, "date", month=month, on=on)
    assert planning.compute(rule, day(start), calendar=Calendar()).due_on == day(due)


def test_the_explanation_says_what_was_not_counted_and_what_was():
    rule = a_rule(3, "workday")
    computed = planning.compute(
        rule,
        day("2026-02-11"),
        suspensions=[(day("2026-02-13"), day("2026-02-14"))],
        extension=3,
        calendar=Calendar(),
    )
    assert [(line["label"], line["day"], line["note"]) for line in computed.explanation] == [
        ("起算", "2026-02-11", "当日不计，从次日起算"),
        ("办理：3个工作日", "2026-02-25", "2月15日至23日春节，不计"),
        ("暂停", "", "2月13日至14日暂停，不计"),
        ("延期：3个工作日", "2026-02-28", "经批准，只延一次；2月28日调休上班，计入"),
        ("到期", "2026-02-28", ""),
        ("依据", "", "某条例（法定）"),
    ]


def test_weekends_and_holidays_are_named_apart_and_a_rolled_day_says_why():
    worked = planning.compute(a_rule(6, "workday"), day("2026-09-30"), calendar=Calendar())
    assert worked.due_on == day("2026-10-14")
    assert worked.explanation[1]["note"] == "10月1日至7日国庆节、10月11日周末，不计；10月10日调休上班，计入"
    rolled = planning.compute(a_rule(60, "day", roll=True), day("2026-08-04"), calendar=Calendar())
    assert rolled.explanation[2:4] == [
        {"kind": "roll", "label": "末日是休息日，顺延", "day": "2026-10-08", "note": "10月3日至7日休息"},
        {"kind": "due", "label": "到期", "day": "2026-10-08", "note": ""},
    ]


def test_a_year_is_known_to_the_library_or_from_a_row():
    assert [Calendar().knows(year) for year in (2004, 2025, 2026, 2027)] == [True, True, True, False]
    assert a_calendar(SPRING_2027).knows(2027)
    kinds = [
        line["kind"]
        for line in planning.compute(a_rule(60, "day"), day("2026-12-01"), calendar=Calendar()).explanation
    ]
    assert "warning" not in kinds, "days do not depend on holidays"


def test_reminders_count_back_from_the_last_working_day_and_supervision_forward_in_working_days():
    rule = a_rule(None, "date", month=11, on=15)
    rule.duty, rule.remind_before = ["clerk"], [7, 1]
    rule.escalation = [
        {"after": 1, "unit": "workday", "slip": "blue", "to": ["clerk"], "where": "own"},
        {"after": 5, "unit": "day", "slip": "red", "to": ["lead"], "where": "above"},
    ]

    def plan(today):
        found = planning.plan(rule, day("2026-11-15"), today=day(today), calendar=Calendar())
        return [(str(p.send_on), p.kind, p.slip, p.role, p.place, p.days_before) for p in found]

    blue = ("2026-11-16", "overdue", "blue", "clerk", "own", None)
    red = ("2026-11-20", "overdue", "red", "lead", "above", None)
    before = [
        ("2026-11-06", "before", "", "clerk", "own", 7),
        ("2026-11-12", "before", "", "clerk", "own", 1),
    ]
    assert plan("2026-10-01") == [*before, blue, red]
    assert plan("2026-11-12") == [before[1], blue, red]
    assert plan("2026-11-18") == [("2026-11-18", *blue[1:]), red]
