"""The measurements work on rows of their own, and what they compare is the same work."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from commitments.models import Obligation
from evaluation.metrics import KEPT_RATE, Period
from longsha_credit.home import bench_search, bench_texts, benches
from longsha_credit.home.bench_tables import shadowed
from longsha_credit.publication import words
from longsha_credit.publication.models.index import SearchedQuerySet
from tests import make
from tests.audit.rules import rows_of_everything

pytestmark = pytest.mark.django_db(transaction=True)


def test_measuring_the_kept_rate_leaves_the_real_promises_alone(cast):
    make.in_force(cast)
    said = []
    assert benches.rate(rows=3_000, rounds=1, say=said.append) > 0
    assert Obligation.objects.count() == 1
    assert sum("比值" in line for line in said) == 2


def test_the_rows_measured_stand_in_every_part_of_the_kept_rate():
    year, seen = Period.of_year(timezone.localdate().year - 1, timezone.localdate()), set()

    def look(line):
        if "到期" in line:  # the rows of the measurement stand where the real ones do while it speaks
            seen.update(part for part, number in KEPT_RATE.for_everybody(year).counts.items() if number)

    benches.rate(rows=3_000, rounds=1, say=look)
    assert seen == {part.key for part in KEPT_RATE.parts}


def test_a_kept_rate_that_counts_other_promises_is_not_measured_as_fast():
    def report_some_early(
        line,
    ):  # the kept rate counts what is reported before its day, the bare count does not
        if "到期" in line:
            reported = Obligation.objects.filter(pk__lt=1_500, reported_in_time__isnull=False)
            reported.update(counts_on=timezone.localdate())

    with pytest.raises(RuntimeError, match="对不上"):
        benches.rate(rows=3_000, rounds=1, say=report_some_early)


def test_all_measurements_run_one_after_another(capsys):
    call_command("bench", rows=300, rounds=1)
    said = capsys.readouterr().out
    assert [name for name in benches.BENCHES if f"== {name}" in said] == list(benches.BENCHES)
    assert said.count("比值") == 5


def test_no_rows_are_refused_in_words():
    with pytest.raises(CommandError, match="要大于 0"):
        call_command("bench", "rate", rows=0)


def searched(rows):
    """What is told of a search for each kept question among so many notices."""
    said = []
    benches.BENCHES["search"](rows=rows, rounds=1, say=said.append)
    return said


def test_the_notice_people_look_for_comes_first_among_thousands():
    assert len(bench_texts.WANTED) >= 30
    assert [line for line in searched(3_000) if "没有排第一" in line] == []


@pytest.mark.prove
def test_the_notice_people_look_for_comes_first_among_a_hundred_thousand():
    said = searched(100_000)
    print("\n".join(said))
    assert [line for line in said if "没有排第一" in line] == []


def test_a_search_that_ranks_only_the_newest_is_caught(monkeypatch):
    monkeypatch.setattr(SearchedQuerySet, "headed", lambda self, tsquery: self.none())
    assert [line for line in searched(3_000) if "没有排第一" in line] != []


def test_the_notices_searched_are_indexed_as_the_door_would():
    with (
        connection.cursor() as cursor,
        shadowed(cursor, ["directory_organisation", "publication_publication"]),
    ):
        bench_search.fill(cursor, 320)
        cursor.execute(
            "SELECT p.title, o.name, p.reference, p.text, tsvector_to_array(p.search) "
            "FROM publication_publication p JOIN directory_organisation o ON o.id = p.organisation_id"
        )
        for title, unit, reference, text, indexed in cursor.fetchall():
            cursor.execute(
                "SELECT tsvector_to_array(%s::tsvector)",
                [words.index(title=title, keywords=[unit, reference, ""], text=text)],
            )
            assert cursor.fetchone()[0] == indexed


def test_measuring_the_import_leaves_neither_rows_nor_files(cast):
    said = []
    before = rows_of_everything()
    assert benches.BENCHES["import"](rows=40, rounds=1, say=said.append) > 0
    assert rows_of_everything() == before
    assert not [path for path in Path(default_storage.location).rglob("*") if path.is_file()]
    assert sum("django-import-export" in line for line in said) == 2
