"""A multiplied district: units as the portal would make them, with rows in every figure that is measured."""

import datetime

import pytest
from django.utils import timezone

from commitments.models import Obligation
from disclosure.models import Notice
from evaluation.metrics import METRICS, Period
from evaluation.models import Fact, Snapshot
from longsha_credit.directory.models import Organisation
from longsha_credit.home import bench_rollup, demo_scale
from longsha_credit.programme.models import Task, TaskState
from longsha_credit.publication.models import Publication
from tests.evaluation.counted import told
from tests.programme.tasking import making

TODAY = timezone.localdate()
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_district_more_has_everything_the_bench_counts(cast):
    year = making.year(cast, TODAY.year)
    making.issued(cast, year, today=datetime.date(TODAY.year, 3, 10))
    before = {model: model.objects.count() for model in (Organisation, Task, Notice, Obligation)}
    last = max(Task.objects.values_list("pk", flat=True))
    made = demo_scale.multiply(demo_scale.OF_A_DISTRICT, say=lambda line: None)
    new = {model: model.objects.count() - number for model, number in before.items()}
    units = 14 + 14 * 15
    assert new == {Organisation: units + 1, Task: 2 * units, Notice: 2 * units, Obligation: 4 * units}
    assert made["programme_task"] == 2 * units and made["records_record"] == 20 * units
    # whatever is public leads back to the row it is about
    for publication in Publication.objects.filter(kind__in=["notice", "obligation"]):
        rows = Notice if publication.kind == "notice" else Obligation
        assert rows.objects.get(pk=publication.object_id).publication == publication
    tasks = Task.objects.filter(pk__gt=last)
    assert set(tasks.values_list("state", flat=True)) == {
        TaskState.DONE,
        TaskState.ISSUED,
        TaskState.WITHDRAWN,
    }
    period = Period.of_year(TODAY.year, TODAY)
    for key in bench_rollup.BEHIND:
        assert len(told(key, period)) > units / 2, key
        parts = {part for counts in METRICS[key].of_all(period).values() for part, n in counts.items() if n}
        assert len(parts) > 1, key  # not all of one kind
    said: list[str] = []
    assert bench_rollup.rollup(rows=1, rounds=1, say=said.append) > 0
    assert sum("比值" in line for line in said) == len(bench_rollup.BEHIND)
    assert any(
        "0 个不同" in line and "0 处不同" in line for line in said
    )  # facts and points come to the same again
    assert not Snapshot.objects.exists() and not Fact.objects.exists()


def test_growth_is_measured_on_made_up_units_only(cast):
    making.issued(cast, making.year(cast, TODAY.year), today=datetime.date(TODAY.year, 3, 10))
    said: list[str] = []
    with pytest.raises(ValueError, match="只有演示数据"):
        bench_rollup.growing([10], rounds=1, say=said.append)
    Organisation.objects.update(is_demo=True)
    bench_rollup.growing([20, 40], rounds=1, say=said.append)
    assert demo_scale.made_up() == 40
    assert sum("单位是上一次的 2.0 倍" in line for line in said) == 1
    with pytest.raises(ValueError, match="已有40个"):
        bench_rollup.growing([20], rounds=1, say=said.append)
