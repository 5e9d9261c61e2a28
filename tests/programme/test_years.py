"""The plan's year is loaded once, copied to later years, edited as a whole, and closed by two people for everybody."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Level
from longsha_credit.programme import services
from longsha_credit.programme.checks import Span, faults, moved
from longsha_credit.programme.flows import FLOW
from longsha_credit.programme.models import Stage, Year
from tests import make
from tests.programme import years

D = datetime.date


def load_reference():
    call_command("load_reference", stdout=io.StringIO())


def spans(year):
    return [(s.key, s.starts_on, s.ends_on) for s in Year.objects.get(pk=year.pk).stages.all()]


def change(year, by, **changed):
    """Save the year as it stands with some values changed; `starts`/`ends` of a stage by its key."""
    stood = services.spans_of(year)
    new = [changed.pop(span.key, span) for span in stood]
    fields = {"title": year.title, "basis": year.basis, "report_on": year.report_on} | changed
    return services.edit_year(year, by=by, spans=new, **fields)


# Loading


def test_the_plan_is_loaded_as_it_was_published(cast):
    year = years.plan(cast)
    assert (year.number, year.report_on, year.state) == (2021, D(2021, 11, 15), "open")
    assert spans(year) == [
        ("start", D(2021, 3, 1), D(2021, 3, 31)),
        ("advance", D(2021, 4, 1), D(2021, 10, 31)),
        ("conclude", D(2021, 11, 1), D(2021, 11, 30)),
    ]
    assert [s.name for s in year.stages.all()] == ["组织启动", "全面推进", "总结经验"]


def test_reference_data_waits_for_the_district_and_loads_once(empty_portal):
    load_reference()
    assert not Year.objects.exists()
    district = make.organisation(Level.DISTRICT, "示例区")
    load_reference()
    load_reference()
    assert (Year.objects.get().organisation, Stage.objects.count()) == (district, 3)


def test_with_two_districts_nobody_guesses(empty_portal):
    make.organisation(Level.DISTRICT, "示例区")
    make.organisation(Level.DISTRICT, "别的区")
    load_reference()
    assert not Year.objects.exists()


def test_loading_again_overwrites_no_edit_and_writes_no_second_entry(cast):
    year = years.plan(cast)
    change(year, cast.office, report_on=D(2021, 11, 19))
    load_reference()
    load_reference()
    year.refresh_from_db()
    assert year.report_on == D(2021, 11, 19)
    assert [e.step for e in Entry.objects.about(year)] == ["load_list", "edit", "load"]


# Copying


def test_a_copy_starts_open_with_the_same_days(cast):
    frozen = years.frozen(cast)
    copy = years.copied(cast, 2026, frozen)
    assert (copy.state, copy.copied_from, copy.report_on) == ("open", frozen, D(2026, 11, 15))
    assert (copy.frozen_at, copy.closing_by) == (None, None)
    assert spans(copy)[1] == ("advance", D(2026, 4, 1), D(2026, 10, 31))
    entry = Entry.objects.about(copy).get()
    assert (entry.step_label, entry.actor_name, entry.reason) == ("复制年度", "区办", "沿用2021年度的安排")


@pytest.mark.parametrize(
    ("to", "first", "second", "report"),
    [
        (2025, (D(2025, 1, 1), D(2025, 2, 28)), (D(2025, 3, 1), D(2025, 4, 30)), D(2025, 12, 1)),
        (2028, (D(2028, 1, 1), D(2028, 2, 29)), (D(2028, 3, 1), D(2028, 4, 30)), D(2028, 12, 1)),
    ],
)
def test_the_end_of_february_stays_the_end_of_february(to, first, second, report):
    leap = [
        Span("start", D(2024, 1, 1), D(2024, 2, 29), ""),
        Span("advance", D(2024, 3, 1), D(2024, 4, 30), ""),
        Span("conclude", D(2024, 11, 1), D(2024, 12, 31), ""),
    ]
    new, day = moved(leap, D(2024, 12, 1), to)
    assert [(s.starts_on, s.ends_on) for s in new[:2]] == [first, second]
    assert day == report
    back, _ = moved(moved(leap, D(2024, 12, 1), 2025)[0], D(2025, 12, 1), 2028)
    assert back[0].ends_on == D(2028, 2, 29)


def test_a_stage_or_a_report_on_29_february_moves_to_a_day_that_exists():
    leap = [
        Span("start", D(2024, 1, 1), D(2024, 1, 31), ""),
        Span("advance", D(2024, 2, 1), D(2024, 2, 28), ""),
        Span("conclude", D(2024, 2, 29), D(2024, 3, 31), ""),
    ]
    new, day = moved(leap, D(2024, 2, 29), 2025)
    assert (new[2].starts_on, day) == (D(2025, 3, 1), D(2025, 3, 1))
    assert faults(2025, day, new) == {}


@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # the first draw is slow on a busy machine
@given(st.integers(2021, 2099), st.integers(2021, 2099), st.data())
def test_every_sound_year_moves_to_a_sound_year(number, to, data):
    """Unless a stage was the leap day alone, between two others: then a person has to decide."""
    year = st.dates(D(number, 1, 1), D(number, 12, 31))
    days = sorted(data.draw(st.lists(year, min_size=6, max_size=6, unique=True)))
    old = [
        Span(key, *days[i : i + 2], "")
        for i, key in zip((0, 2, 4), ("start", "advance", "conclude"), strict=True)
    ]
    report = data.draw(st.dates(days[4], days[5]))
    assert faults(number, report, old) == {}
    new, day = moved(old, report, to)
    assert faults(to, day, new) == {}


def test_only_the_office_copies_a_year(cast):
    year = years.plan(cast)
    for who in (cast.reviewer, cast.lead, cast.clerk, cast.sysadmin, cast.auditor, cast.outsider):
        with pytest.raises(Http404):
            services.copy_year(year, to=2026, by=who)
    assert Year.objects.count() == 1


@pytest.mark.parametrize(
    ("to", "said"),
    [(2021, "2021年以后"), (2020, "2021年以后"), (2028, "不晚于2027年"), (2022, "2022年度已经有安排")],
)
def test_a_year_that_exists_or_makes_no_sense_is_refused(cast, to, said):
    year = years.plan(cast)
    services.copy_year(year, to=2022, by=cast.office, today=D(2026, 5, 1))
    with pytest.raises(Refused, match=said):
        services.copy_year(year, to=to, by=cast.office, today=D(2026, 5, 1))
    assert Year.objects.count() == 2


# Editing

START = Span("start", D(2021, 3, 1), D(2021, 3, 31), "启动")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"start": Span("start", D(2021, 3, 1), D(2021, 4, 1), "x")}, "“全面推进”要在“组织启动”结束（2021-04-01）以后开始"),
        ({"start": Span("start", D(2021, 3, 31), D(2021, 3, 1), "x")}, "“组织启动”的结束日期早于开始日期"),
        ({"start": Span("start", D(2020, 3, 1), D(2021, 3, 1), "x")}, "“组织启动”的开始日期要在2021年内"),
        ({"conclude": Span("conclude", D(2021, 11, 1), D(2022, 1, 1), "x")}, "“总结经验”的结束日期要在2021年内"),
        ({"report_on": D(2021, 10, 31)}, "报送日要在“总结经验”阶段内（2021-11-01 至 2021-11-30）"),
        ({"advance": Span("start", D(2021, 4, 1), D(2021, 5, 1), "x")}, "三个阶段要一起提交"),
    ],
)  # fmt: skip
def test_dates_that_do_not_fit_are_refused_and_nothing_is_saved(cast, changed, said):
    year = years.plan(cast)
    before = spans(year)
    with pytest.raises(Refused, match=said):
        change(year, cast.office, **({"title": "新名称"} | changed))
    year.refresh_from_db()
    assert (spans(year), year.title[:4], year.report_on) == (before, "齐齐哈尔", D(2021, 11, 15))
    assert Entry.objects.about(year).count() == 1


def test_every_fault_has_its_own_sentence():
    wrong = [
        Span("start", D(2020, 3, 1), D(2021, 5, 1), ""),
        Span("advance", D(2021, 4, 1), D(2021, 3, 1), ""),
        Span("conclude", D(2021, 2, 1), D(2021, 2, 2), ""),
    ]
    assert faults(2021, D(2021, 11, 15), wrong).keys() == {
        "start_starts_on", "advance_starts_on", "advance_ends_on", "conclude_starts_on", "report_on",
    }  # fmt: skip


def test_a_change_leaves_an_entry_and_the_row_as_it_was(cast):
    year = years.plan(cast)
    change(year, cast.office, start=Span("start", D(2021, 2, 1), D(2021, 3, 31), "提前启动"))
    assert spans(year)[0] == ("start", D(2021, 2, 1), D(2021, 3, 31))
    entry = Entry.objects.about(year)[0]
    assert entry.reason == "改了组织启动的开始日期（2021-03-01 改为 2021-02-01）；组织启动的工作内容"
    stage = year.stages.get(key="start")
    assert [e.starts_on for e in stage.events.order_by("pgh_id")] == [D(2021, 3, 1), D(2021, 2, 1)]
    assert year.stages.get(key="advance").events.count() == 1


def test_saving_without_a_change_leaves_nothing(cast):
    year = years.plan(cast)
    change(year, cast.office)
    assert [e.step for e in Entry.objects.about(year)] == ["load"]


def test_only_the_office_edits_and_only_from_what_it_saw(cast):
    year = years.plan(cast)
    for who in (cast.reviewer, cast.lead, cast.clerk, cast.sysadmin, cast.outsider):
        with pytest.raises(Http404):
            change(year, who, title="别的")
    seen = services.stamp_of(year)
    change(year, cast.office, title="新名称")
    with pytest.raises(Refused, match="同事刚刚保存过"):
        change(year, cast.office, title="旧页面上的名称", seen=seen)


# Closing


def test_a_frozen_year_is_closed_for_every_service(cast):
    year, other = years.plan(cast), years.copied(cast, 2026)
    services.require_open(year)
    years.frozen(cast, year)
    assert year.is_frozen and year.frozen_at is not None
    with pytest.raises(Refused, match="2021年度已封存，任务、事实和得分不能再改") as refused:
        services.require_open(year)
    assert refused.value.code == "state"
    with pytest.raises(Refused, match="现在是“已封存”，不能再改"):
        change(year, cast.office, title="别的")
    for step in FLOW.steps:
        for who in (cast.office, cast.reviewer, cast.reviewer2):
            with pytest.raises(Refused, match="现在是“已封存”|不在您的职责内"):
                FLOW.take(year, step, by=who, reason="再开")
    services.require_open(other)


def test_a_year_under_closing_is_still_open_but_not_edited(cast):
    year = years.closing(cast)
    services.require_open(year)
    with pytest.raises(Refused, match="现在是“申请封存”，不能再改"):
        change(year, cast.office, title="别的")
    FLOW.take(year, "refuse_freeze", by=cast.reviewer, reason="还有一项任务没有办结")
    assert (year.state, year.closing_by, year.closing_reason) == ("open", None, "")
    change(year, cast.office, title="新名称")


def test_the_open_year_of_a_day(cast):
    years.plan(cast)
    assert [y.number for y in Year.objects.open_on(D(2021, 12, 31))] == [2021]
    assert not Year.objects.open_on(D(2022, 1, 1)).exists()
    years.frozen(cast)
    assert not Year.objects.open_on(D(2021, 12, 31)).exists()


@pytest.mark.parametrize(
    ("day", "name", "left"),
    [
        (D(2021, 2, 28), None, None),
        (D(2021, 3, 1), "组织启动", 30),
        (D(2021, 10, 31), "全面推进", 0),
        (D(2021, 11, 1), "总结经验", 29),
        (D(2021, 12, 1), None, None),
    ],
)
def test_the_stage_of_a_day(cast, day, name, left):
    years.plan(cast)
    stage = services.current_year(day).stage_on(day)
    assert (stage and stage.name, stage and stage.days_left(day)) == (name, left)
    assert services.current_year(D(2022, 1, 1)) is None
