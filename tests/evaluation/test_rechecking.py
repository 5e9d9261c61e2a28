"""A snapshot looked at again, in a frozen year too: what is the same says so, what parts is listed with its unit."""

import datetime

import pytest
from django.http import Http404

from commitments.models import Obligation, Verdict
from evaluation import computing, facts, rechecking
from evaluation.models import Fact, ImportedFact, Purpose, Result
from evaluation.scoring import Value
from longsha_credit.audit.workflow import Refused
from longsha_credit.exchange import jobs
from longsha_credit.files.models import StoredFile
from tests import make
from tests.audit.rules import past_triggers
from tests.evaluation.standards import making
from tests.programme import years
from tests.records import making as records

MADE, DUE = datetime.date(2026, 3, 2), datetime.date(2026, 6, 30)


@pytest.fixture
def taken(cast):
    """Two promises, a record, a survey and a number that only comes from outside; taken, and computed for streets."""
    for verdict in (Verdict.FULL, Verdict.PARTLY):
        make.ended(cast, make.in_force(cast, today=MADE, due_on=DUE), verdict, today=DUE)
    cast.record = records.confirmed(cast)
    document = StoredFile.objects.order_by("pk").first()
    for key, counted, of in (("satisfaction", 8100, 90), ("integrity-checks", 1100, 12)):
        ImportedFact.objects.create(
            year=making.year(cast), organisation=cast.street, metric=key, numerator=counted, denominator=of,
            source="第三方测评报告", document=document, by=cast.office,
        )  # fmt: skip
    day = datetime.date.today() + datetime.timedelta(days=1)  # noqa: DTZ011 — what was done today counts
    it = facts.opened(making.year(cast), Purpose.ANNUAL, by=cast.office, today=day)
    facts.take_all(it)
    computing.compute(it, making.in_force(cast))
    it.refresh_from_db()
    return it


def checked(c, it, key="a" * 32):
    job = rechecking.begin(it, by=c.office, key=key)
    while jobs.advance(job.pk, seconds=0):
        pass
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def parted(it):
    return [one for metric in facts.comparable(it) for one in facts.parted(it, metric, most=500)[1]]


def test_a_frozen_year_comes_to_the_same_and_what_came_from_outside_is_no_difference(cast, taken):
    years.frozen(cast, taken.year)
    job = checked(cast, taken)
    assert job.lines == [
        "重放：用取数时记下的数再算一遍2个单位的得分，和存下的完全一样。",
        f"复核：按现在的明细把{len(taken.formulas)}项指标再数一遍，和取数时完全一样。",
    ]
    assert job.done == job.total == 2 + len(taken.formulas)


def test_what_was_lawfully_taken_back_and_what_was_tampered_with_is_listed_and_nothing_else(
    cast, taken, signed_in
):
    before = {(f.organisation_id, f.metric): f for f in Fact.objects.filter(snapshot=taken)}
    records.objected(cast, cast.record)  # the record is revoked
    lawful = {(d.organisation, d.metric): d.fresh for d in parted(taken)}
    assert (cast.street.pk, "new-dishonesty") in lawful
    # the street's record went, and the district answered an objection in time
    assert {unit for unit, _ in lawful} == {cast.street.pk, cast.district.pk}
    assert not {"kept-rate", "satisfaction", "integrity-checks"} & {key for _, key in lawful}
    full = Obligation.objects.get(organisation=cast.street, verdict="full")
    with past_triggers() as cursor:
        cursor.execute("UPDATE commitments_obligation SET counted_verdict = 'none' WHERE id = %s", [full.pk])
        cursor.execute(
            "UPDATE evaluation_result SET total = total + 1 WHERE organisation_id = %s", [cast.street.pk]
        )
    tampered = [d for d in parted(taken) if (d.organisation, d.metric) not in lawful]
    assert {d.metric for d in tampered} == {"kept-rate", "post-kept-rate"}  # the unit's, and its lead post's
    (street,) = (d for d in tampered if d.metric == "kept-rate")
    assert (street.stored, street.fresh) == (Value(150, 2), Value(50, 2))
    assert before[cast.street.pk, "kept-rate"].numerator == 150  # what was taken stays as it was
    checked(cast, taken)
    browser = signed_in(cast.office)
    page = browser.get(f"/desk/evaluation/snapshots/{taken.pk}/check/")
    found = page.context["found"]
    assert [row["metric"] for row in found["facts"] if row["metric"] == "kept-rate"] == ["kept-rate"]
    (unlike,) = found["results"]
    result = Result.objects.get(snapshot=taken, organisation=cast.street)
    assert (unlike["unit"], unlike["result"], unlike["where"]) == (cast.street, result.pk, [])
    rows = browser.get(f"/desk/evaluation/figures/{cast.street.pk}/kept-rate/?snapshot={taken.pk}")
    assert "记下的是1.5 ÷ 2" in rows.content.decode()


def test_only_the_office_begins_a_check_once_and_the_district_reads_it(cast, taken, signed_in):
    url = f"/desk/evaluation/snapshots/{taken.pk}/check/"
    first, again = (signed_in(cast.office).post(f"{url}again/", {"once": "b" * 32}) for _ in range(2))
    assert first.status_code == 302 and first.url == again.url
    assert signed_in(cast.supervisor).get(url).status_code == 200
    assert signed_in(cast.lead).get(url).status_code == 404
    with pytest.raises(Http404):
        rechecking.begin(taken, by=cast.reviewer, key="c")
    other = facts.opened(taken.year, Purpose.TRIAL, by=cast.office, today=taken.taken_on)
    with pytest.raises(Refused, match="没有可以核对的"):
        rechecking.begin(other, by=cast.office, key="d")
