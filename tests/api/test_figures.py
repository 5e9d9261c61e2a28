"""Figures, terms and coverage as data: the numbers of the public pages, for all units at once, in as many queries as for one."""

import csv
import datetime
import io

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.handover import metrics, reading
from disclosure.coverage import public_reading as coverage
from disclosure.models import Duty
from evaluation.api import PUBLIC
from evaluation.metrics import Period
from longsha_credit.directory.models import Official, Organisation, Posting
from longsha_credit.home import api
from tests import make
from tests.commitments.handover import making as handing
from tests.commitments.reader import body_of
from tests.disclosure import making as notices

FIGURES, TERMS, COVERAGE = (f"/api/v1/{name}/" for name in ("figures", "terms", "coverage"))
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)


def rows_of(client, address, **asked):
    return client.get(address, asked).json()["results"]


def test_the_figures_of_every_unit_are_those_of_its_page_and_say_how_they_are_counted(cast, client):
    for title, verdict in (("做成的", "full"), ("没有做成的", "none")):
        make.ended(
            cast, make.in_force(cast, title=title, today=TODAY - 60 * DAY, due_on=TODAY - 9 * DAY), verdict
        )
    make.in_force(cast, by=cast.community_clerk, organisation=cast.community, post=cast.community_post)
    period = Period.of_year(TODAY.year, TODAY)
    rows = {row["organisation"]["id"]: row for row in rows_of(client, FIGURES)}
    assert len(rows) == Organisation.objects.public().count() == 5
    for unit in Organisation.objects.public():
        whole = client.get(f"{FIGURES}{unit.pk}/").json()
        for metric, told in zip(PUBLIC, whole["figures"], strict=True):
            figure, name = metric.for_unit(unit, period), metric.key.replace("-", "_")
            row = rows[unit.pk]
            shown = (row[name], row[f"{name}_numerator"], row[f"{name}_denominator"], row[f"{name}_left_out"])
            assert shown == (told["rate"], told["numerator"], told["denominator"], told["left_out"])
            assert told["rate"] == (None if figure.rate is None else str(figure.rate))
            assert (float(told["numerator"]), told["denominator"]) == (figure.numerator, figure.denominator)
            assert sum(part["number"] for part in told["parts"]) == figure.total
            assert client.get(told["url"]).status_code == 200
    street = rows[cast.street.pk]
    assert (street["kept_rate"], street["kept_rate_numerator"], street["kept_rate_denominator"]) == (
        None,
        "1",
        2,
    )


def test_a_year_is_asked_for_and_one_that_is_none_is_told_everywhere(cast, client):
    last = rows_of(client, FIGURES, year=TODAY.year - 1)[0]
    assert last["year"] == TODAY.year - 1
    assert (
        client.get(f"{FIGURES}{cast.street.pk}/", {"year": TODAY.year - 1}).json()["year"] == TODAY.year - 1
    )
    for address in (FIGURES, f"{FIGURES}{cast.street.pk}/", "/api/v1/figures.csv", "/api/v1/figures.jsonl"):
        for year in (TODAY.year + 1, "2020", "２０２５", "x", "2025.5"):
            response = client.get(address, {"year": year})
            assert response.status_code == 400 and "year" in response.json()["parameters"], (address, year)


def test_the_terms_are_those_of_the_page_and_name_nobody(cast, client):
    handing.lead_change(cast)
    Posting.objects.filter(pk=cast.posting.pk).update(started_on=TODAY - 150 * DAY)
    cast.posting.refresh_from_db()
    make.in_force(cast, title="任前作的", today=TODAY - 200 * DAY)
    done = make.in_force(cast, title="办成的", due_on=TODAY - 40 * DAY, today=TODAY - 140 * DAY)
    make.ended(cast, done, "full", today=TODAY - 40 * DAY)
    handing.complete(cast)
    person = Official.objects.create(name="书记", staff_number="77", organisation=cast.community)
    Posting.objects.create(official=person, post=cast.community_post, started_on=TODAY)
    rows = rows_of(client, TERMS)
    before, now = [row for row in rows if row["organisation"]["id"] == cast.street.pk]
    assert (before["number"], before["until"], now["number"], now["until"]) == (1, TODAY.isoformat(), 2, None)
    assert (before["made"], before["made_kept"], before["inherited"], before["inherited_open"]) == (
        1,
        1,
        1,
        1,
    )
    assert now["inherited"] == before["made_open"] + before["inherited_open"]
    for unit in (cast.street, cast.community):
        terms = {term.number: term for term in metrics.terms_of(unit, reading.public_promises(unit))}
        told = [row for row in rows if row["organisation"]["id"] == unit.pk]
        assert {row["number"]: (row["made"], row["inherited"]) for row in told} == {
            number: (len(term.made), len(term.inherited)) for number, term in terms.items()
        }
    body = client.get(TERMS).content.decode()
    assert not [it.name for it in Official.objects.all() if it.name in body]
    assert rows_of(client, TERMS, below=cast.other_street.pk) == []


def test_the_coverage_is_that_of_the_page_topic_by_topic(cast, client):
    notices.published(cast)
    Duty.objects.begin_missing(TODAY)
    rows = rows_of(client, COVERAGE)
    assert {row["organisation"]["id"] for row in rows} == {head.id for head, _ in _groups()}
    street = next(row for row in rows if row["organisation"]["id"] == cast.street.pk)
    counts = coverage.of_unit(cast.street, TODAY)["coverage"]
    assert (street["owed"], street["filled"], street["current"]) == (
        counts.total,
        counts.filled,
        counts.current,
    )
    assert street["filled"] == 1 and street["newest_on"] == TODAY.isoformat()
    whole = client.get(f"{COVERAGE}{cast.street.pk}/").json()
    assert len(whole["topics"]) == street["owed"]
    (filled,) = [topic for topic in whole["topics"] if topic["number"]]
    assert filled["topic"]["key"] == "elderly-care" and filled["state"]["key"] == "fresh"
    assert client.get(f"{COVERAGE}{cast.post.pk}/").status_code == 404


def _groups():
    found = coverage.overview(TODAY)["groups"]
    return [(one, None) for head, parts in found for one in (head, *parts)]


def test_more_units_and_terms_take_no_more_queries_and_tables_have_the_same_rows(cast, client):
    counts = {address: [] for address in (FIGURES, TERMS, COVERAGE)}
    for number in range(1, 4, 2):
        for n in range(number):
            unit = make.organisation("community", f"社区{number}{n}", cast.street)
            post = make.organisation("post", "书记岗", unit, is_lead_post=True)
            person = Official.objects.create(name="某", staff_number=f"{number}{n}", organisation=unit)
            Posting.objects.create(official=person, post=post, started_on=TODAY)
        Duty.objects.begin_missing(TODAY)
        for address, seen in counts.items():
            with CaptureQueriesContext(connection) as queries:
                client.get(address, {"below": cast.street.pk})
            seen.append(len(queries))
    assert all(few == many <= 12 for few, many in counts.values()), counts
    for name in ("figures", "terms", "coverage"):
        rows = list(
            csv.reader(io.StringIO(body_of(client.get(f"/api/v1/{name}.csv")).removeprefix("\ufeff")))
        )
        assert len(rows) - 1 == client.get(f"/api/v1/{name}/").json()["count"] and len(rows) > 4
        assert len(set(rows[0])) == len(rows[0]), rows[0]
        assert rows[0] == api.heads_of(
            api.OPEN[name](request=None, action="list", detail=False, format_kwarg=None)
        )
