"""From facts to results: the same however it is cut, replaced when computed again, closed with the year."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from evaluation import computing, facts, running, services
from evaluation.flows import RULING
from evaluation.models import Fact, IndicatorSet, Mark, Purpose, Result
from evaluation.snapshots import FLOW as SNAPSHOT
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Level
from longsha_credit.exchange.models import Job
from tests import make
from tests.evaluation.standards import making
from tests.programme import years

WRITTEN = ("organisation_id", "earned", "worth", "bonus", "ruled_out", "total", "awaiting", "grade")


def results_of(snapshot):
    return sorted(Result.objects.filter(snapshot=snapshot).values_list("set_id", *WRITTEN))


def communities(cast, number=7):
    """A few more communities, half under each street, each with facts of its own."""
    units = [cast.community]
    for n in range(number):
        parent = cast.street if n % 2 else cast.other_street
        units.append(make.organisation(Level.COMMUNITY, f"第{n}社区", parent))
    return {
        unit: {
            "kept-rate": (n, 8),
            "closed-in-time": (8 - n, 8),
            "swept": (n % 5, 4),
            "field-coverage": (n, 14),
        }
        for n, unit in enumerate(units)
    }


def test_a_sheet_worked_out_by_hand(cast):
    row = making.result(cast)
    by_code = dict(zip([i.code for i in computing.indicators_of(row.set)], row.earned, strict=True))
    worth = dict(zip([i.code for i in computing.indicators_of(row.set)], row.worth, strict=True))
    # 1.3 does not apply: its 3 points go to 1.1 and 1.2 as 4 to 5
    assert (worth["1.1"], worth["1.2"], worth["1.3"]) == (533, 667, 0)
    assert by_code["1.2"] == 667
    assert worth["2.1"] == 1000 and by_code["2.1"] == 977  # 42 ÷ 43 × 10: nothing else of the heading applies
    assert by_code["3.3"] == round(17 / 19 * worth["3.3"])
    assert by_code["9.2"] == worth["9.2"]  # 90 %
    assert row.awaiting == 5 and row.grade == ""  # people have yet to judge five indicators
    marked = making.marked_all(cast, row)
    assert marked.awaiting == 0 and marked.grade in ("candidate", "passed", "nurtured", "below")
    assert marked.total == sum(e or 0 for e in marked.earned)


def test_cutting_the_units_changes_nothing(cast):
    facts = communities(cast)
    whole, cut, by_job = (making.snapshot(cast, facts) for _ in range(3))
    indicator_set = making.in_force(cast, "community")
    assert computing.compute(whole, indicator_set) == 8
    for path in (cast.street.path, cast.other_street.path):
        computing.compute(cut, indicator_set, path)
    assert results_of(cut) == results_of(whole)
    for job in running.start_computing(by_job, by=cast.office, parts=3):
        while running.compute(job, 2):  # two units at a time
            pass
    assert results_of(by_job) == results_of(whole)
    assert len(results_of(whole)) == 8


def test_computing_goes_on_in_the_middle_where_it_was_stopped(cast):
    snapshot = making.snapshot(cast, communities(cast))
    making.in_force(cast, "community")
    (job,) = running.start_computing(snapshot, by=cast.office, parts=1)
    running.compute(job, 3)
    stopped_at = dict(job.position)
    assert Result.objects.filter(snapshot=snapshot).count() == 3
    before = {row.pk for row in Result.objects.filter(snapshot=snapshot)}
    again = Job(arguments=job.arguments, position=stopped_at, done=job.done)
    while running.compute(again, 3):
        pass
    assert Result.objects.filter(snapshot=snapshot).count() == 8
    assert before <= {row.pk for row in Result.objects.filter(snapshot=snapshot)}


def test_taking_and_computing_as_the_workers_do(cast):
    making.in_force(cast)
    making.in_force(cast, "community")
    year = making.year(cast)
    snapshot, _ = facts.begin(year, Purpose.TRIAL, by=cast.office, today=making.DAY, key="a")
    ended = list(running.work_off(snapshot))
    assert {one.state for one in ended} == {"done"}, [one.error for one in ended]
    snapshot.refresh_from_db()
    assert snapshot.state == "taken" and snapshot.formulas
    assert Result.objects.filter(snapshot=snapshot).count() == 3  # two streets, one community


def test_the_command_takes_and_computes_a_year_and_says_what_is_wrong(cast):
    making.in_force(cast)
    out = io.StringIO()
    call_command("run_evaluation", 2026, on=making.DAY, parts=1, stdout=out)
    assert "2个得分" in out.getvalue()
    for year, options, sentence in [
        (2031, {}, "没有2031年度"),
        (2026, {"by": "nobody"}, "没有这样的区信用办管理员"),
    ]:
        with pytest.raises(CommandError, match=sentence):
            call_command("run_evaluation", year, **options, stdout=out)


def test_computed_again_a_result_is_replaced_and_keeps_its_place(cast):
    row = making.result(cast)
    marked = making.marked_all(cast, row)
    assert (marked.pk, marked.awaiting) == (row.pk, 0)
    assert marked.total > 0


def test_replaying_gives_what_is_stored_and_names_what_was_tampered_with(cast):
    row = making.marked_all(cast, making.result(cast))
    assert list(computing.replay(row.snapshot, row.set)) == []
    Result.objects.filter(pk=row.pk).update(total=row.total - 1)
    ((unit, stored, sheet),) = computing.replay(row.snapshot, row.set)
    assert (unit, stored.total, sheet.total) == (cast.street.pk, row.total - 1, row.total)


def test_nothing_of_a_frozen_year_is_computed_or_marked_again(cast):
    row = making.result(cast)
    year = years.frozen(cast, making.year(cast))
    row.snapshot.year = year
    with pytest.raises(Refused, match="已封存"):
        computing.compute(row.snapshot, row.set)
    with pytest.raises(Refused, match="已封存"):
        services.mark(row, making.indicator(row.set, "6.3"), points=200, reason="材料", by=cast.reviewer)
    for rule, change in {
        "frozen_year_keeps_its_results": lambda: Result.objects.filter(pk=row.pk).update(total=1),
        "frozen_year_gets_no_results": lambda: Result.objects.create(
            snapshot=row.snapshot,
            set=row.set,
            organisation=cast.community,
            earned=[],
            worth=[],
            total=0,
            awaiting=0,
        ),
    }.items():
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            change()
    assert list(computing.replay(row.snapshot, row.set)) == []


def test_what_is_measured_is_lowered_by_two_and_counts_only_then(cast):
    row = making.marked_all(cast, making.result(cast))
    reviewed = making.indicator(row.set, "4.4")
    with pytest.raises(Refused, match="另一个人"):
        services.mark(row, reviewed, points=100, reason="抽查有一条没有审查单", by=cast.office)
    asked = services.propose_mark(row, reviewed, points=100, reason="抽查有一条没有审查单", by=cast.office)
    row.refresh_from_db()
    before = row.total
    with pytest.raises(Refused, match="另一个人"):
        RULING.take(asked, "agree", by=cast.office)
    making.agreed(cast, asked)
    row.refresh_from_db()
    assert row.total < before
    given = Mark.objects.get(indicator=reviewed)
    assert (given.by, given.seconded_by, given.points) == (cast.office, cast.reviewer, 100)


def test_what_is_measured_alone_is_not_touched_by_people(cast):
    row = making.result(cast)
    with pytest.raises(Refused, match="不能由人调整"):
        services.propose_mark(
            row, making.indicator(row.set, "3.3"), points=100, reason="想调低", by=cast.office
        )


def test_a_circumstance_rules_out_and_lifting_it_gives_back(cast):
    row = making.marked_all(cast, making.result(cast))
    asked = making.ruling(cast)
    row.refresh_from_db()
    assert not row.ruled_out  # one person alone decides nothing
    making.agreed(cast, asked)
    row.refresh_from_db()
    assert row.ruled_out and row.grade != "candidate"
    RULING.take(asked, "lift", by=cast.reviewer, reason="判决已经履行")
    row.refresh_from_db()
    assert not row.ruled_out


def test_commendations_add_the_highest_of_a_matter_and_no_more_than_five(cast):
    row = making.marked_all(cast, making.result(cast))
    for matter, rank in [
        ("一站办", "province"),
        ("一站办", "city"),
        ("邻里议事", "nation"),
        ("阳光窗口", "city"),
    ]:
        making.agreed(cast, making.ruling(cast, "bonus", matter=matter, rank=rank))
    before = row.total
    row.refresh_from_db()
    assert row.bonus == 500  # 2 + 3 + 1, no more than 5
    assert row.total == min(before + 500, 10_000)


def test_the_same_circumstance_is_not_proposed_twice(cast):
    first = making.ruling(cast)
    with pytest.raises(Refused, match="已经提出或者认定过"):
        making.ruling(cast, circumstance=first.circumstance)


def test_a_unit_that_left_after_it_was_computed_keeps_its_result(cast):
    row = making.result(cast)
    cast.street.taking_part = False
    cast.street.save()
    assert computing.compute(row.snapshot, row.set) == 2


@pytest.mark.prove
def test_prove_how_fast_units_are_computed(cast, capsys):
    """Twenty thousand communities with their facts: so many a second, in so much memory."""
    import resource
    import time

    number = 20_000
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_organisation (level, name, parent_id, path, division_code, uscc, supervision_phone,"
            " address, office_hours, is_lead_post, taking_part, is_demo, valid_from)"
            " SELECT 'community', '社区' || n, %s, '', '', '', '', '', '', FALSE, TRUE, FALSE, '2020-01-01'"
            " FROM generate_series(1, %s) n",
            [cast.street.pk, number],
        )
    indicator_set = making.in_force(cast, "community")
    snapshot = facts.opened(making.year(cast), Purpose.TRIAL, by=cast.office, today=making.DAY)
    keys = sorted({m["metric"] for i in computing.indicators_of(indicator_set) for m in i.measures})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO evaluation_fact (snapshot_id, organisation_id, metric, numerator, denominator)"
            " SELECT %s, o.id, key, 100 * (o.id %% 40), 40 FROM directory_organisation o, unnest(%s) key"
            " WHERE o.level = 'community'",
            [snapshot.pk, keys],
        )
        cursor.execute("ANALYZE evaluation_fact")
    SNAPSHOT.take(snapshot, "finish", by=None)
    begun = time.perf_counter()
    made = computing.compute(snapshot, indicator_set)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with capsys.disabled():
        print(
            f"\n{made}个单位、{made * len(keys)}个事实：{seconds:.1f}秒，每秒{made / seconds:.0f}个，进程最高{peak} MiB"
        )
    assert made == number + 1
    assert Fact.objects.filter(snapshot=snapshot).count() == made * len(keys)
    assert IndicatorSet.objects.count() == 4
