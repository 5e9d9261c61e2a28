"""Taking facts: once for a day, the same in parts as in one go, with what comes from outside, and never added to."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from commitments.models import Verdict
from evaluation import facts
from evaluation.metrics import METRICS, Period
from evaluation.models import Fact, ImportedFact, Purpose, Snapshot
from evaluation.scoring import Value
from evaluation.snapshots import FLOW
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Organisation
from longsha_credit.exchange import jobs
from longsha_credit.exchange.models import Job
from longsha_credit.files.models import StoredFile
from tests import make
from tests.evaluation.counted import figured, told
from tests.programme import years
from tests.records import making as records

MADE, DUE = datetime.date(2026, 3, 2), datetime.date(2026, 6, 30)
TODAY = datetime.date(2026, 9, 1)


def snapshot(c, year, purpose=Purpose.ANNUAL) -> Snapshot:
    return facts.opened(year, purpose, by=c.office, today=TODAY)


def rows(it: Snapshot) -> list[tuple]:
    found = Fact.objects.filter(snapshot=it)
    return sorted(found.values_list("organisation", "metric", "numerator", "denominator"))


def brought(c, year, key: str, numerator: int, denominator: int, **more) -> ImportedFact:
    """A number from outside with its document."""
    document = StoredFile.objects.order_by("pk").first()
    return ImportedFact.objects.create(
        year=year, organisation=more.pop("organisation", c.street), metric=key, numerator=numerator,
        denominator=denominator, source="第三方测评报告", document=document, by=c.office, **more,
    )  # fmt: skip


@pytest.fixture
def c(cast):
    """Two promises kept and half kept, a community with one of its own, a record with its file."""
    cast.year = years.copied(cast, 2026)
    for verdict in (Verdict.FULL, Verdict.PARTLY):
        make.ended(cast, make.in_force(cast, today=MADE, due_on=DUE), verdict, today=DUE)
    make.in_force(
        cast,
        by=cast.community_clerk,
        today=MADE,
        due_on=DUE,
        organisation=cast.community,
        post=cast.community_post,
    )
    records.confirmed(cast)
    return cast


def test_all_facts_of_a_day_stand_with_their_formulas_and_are_not_added_to(c):
    it = snapshot(c, c.year)
    brought(c, c.year, "satisfaction", 8100, 90)
    brought(c, c.year, "privacy-incidents", 100, 1)
    number = facts.take_all(it)
    assert number == len(rows(it)) > 5
    it.refresh_from_db()
    assert it.state == "taken" and it.formulas == {key: m.version for key, m in METRICS.items()}
    mine = facts.values_of(it, c.street)
    # one and a half of two, kept; 81 of 90 asked were satisfied, says a survey
    assert mine["kept-rate"] == Value(150, 2)
    assert mine["satisfaction"] == Value(8100, 90)
    assert mine["privacy-incidents"] == Value(100, 1)
    assert facts.values_of(it, c.community)["kept-rate"] == Value(0, 1)
    assert "swept" not in mine  # nothing to divide is no fact
    with pytest.raises(Refused, match="已取数"):
        facts.take(it, metrics=[METRICS["kept-rate"]])
    with pytest.raises(IntegrityError, match="facts_of_a_taken_snapshot_stay"), transaction.atomic():
        Fact.objects.create(snapshot=it, organisation=c.street, metric="x", numerator=0, denominator=1)


def test_part_by_part_in_any_order_comes_to_the_same(c):
    brought(c, c.year, "satisfaction", 8100, 90, organisation=c.community)
    whole, parts, reordered = (snapshot(c, c.year) for _ in range(3))
    facts.take(whole)
    tops = [c.other_street, c.street]
    for metric in reversed(METRICS.values()):
        for top in tops:
            facts.take(parts, metrics=[metric], below=top.path)
    facts.take(parts, below="/nowhere/")
    of_district = [row for row in rows(whole) if row[0] == c.district.pk]
    assert rows(parts) == [row for row in rows(whole) if row not in of_district]
    with connection.cursor() as cursor:  # the rows lie the other way round now
        for table in ("commitments_obligation", "records_record"):
            cursor.execute(
                f"SET session_replication_role = replica; UPDATE {table} SET saved_at = now() WHERE id % 2 = 0; SET session_replication_role = DEFAULT"
            )
    facts.take(reordered)
    assert rows(reordered) == rows(whole)
    with pytest.raises(IntegrityError, match="one_fact_per_metric"), transaction.atomic():
        facts.take(whole, metrics=[METRICS["kept-rate"]])


def test_every_metric_tells_the_same_as_fact_and_as_figure_and_lists_its_rows(c):
    period = Period.of_year(2026, TODAY)
    for key, metric in METRICS.items():
        assert told(key, period) == figured(key, period), key
        list(metric.own_rows(c.street, period))
        list(metric.rows(c.district, period, ""))
        assert metric.version == 1 and metric.formula and metric.basis


def test_the_job_goes_on_where_it_stopped_and_a_double_click_is_one(c):
    it, job = facts.begin(c.year, Purpose.TRIAL, by=c.office, today=TODAY, key="a" * 32)
    again, same = facts.begin(c.year, Purpose.TRIAL, by=c.office, today=TODAY, key="a" * 32)
    assert (again.pk, same.pk) == (it.pk, job.pk)
    assert jobs.advance(job.pk, seconds=0)  # one metric, and the worker was killed
    job.refresh_from_db()
    assert (job.done, job.total) == (1, len(METRICS))
    while jobs.advance(job.pk):
        pass
    job.refresh_from_db()
    it.refresh_from_db()
    assert (job.state, it.state) == ("done", "taken")
    assert job.result["lines"] == [f"{len(METRICS)}项指标，{len(rows(it))}个事实。"]
    other = snapshot(c, c.year)
    facts.take_all(other)
    assert rows(it) == rows(other)
    steps = Entry.objects.about(it).order_by("id").values_list("step", flat=True)
    assert list(steps) == ["begin", "finish"]


def test_what_was_dropped_is_not_gone_on_with(c):
    it, job = facts.begin(c.year, Purpose.TRIAL, by=c.office, today=TODAY, key="b" * 32)
    jobs.advance(job.pk, seconds=0)
    FLOW.take(Snapshot.objects.get(pk=it.pk), "drop", by=c.office, reason="指标还没有定")
    assert not jobs.advance(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert job.state == "failed" and "已作废" in job.error


def test_only_the_office_takes_facts_and_no_year_that_is_frozen(c):
    with pytest.raises(Http404):
        facts.begin(c.year, Purpose.TRIAL, by=c.reviewer, today=TODAY, key="c" * 32)
    years.frozen(c, c.year)
    with pytest.raises(Refused, match="已封存"):
        facts.begin(c.year, Purpose.TRIAL, by=c.office, today=TODAY, key="d" * 32)


def test_the_desk_shows_when_and_by_which_formula_and_every_figure_opens_to_its_rows(c, signed_in):
    it = snapshot(c, c.year)
    brought(c, c.year, "satisfaction", 8100, 90)
    facts.take_all(it)
    office, lead, other = signed_in(c.office), signed_in(c.lead), signed_in(c.other_clerk)
    page = office.get(f"/desk/evaluation/snapshots/{it.pk}/", {"unit": c.street.pk})
    assert "到期兑现率" in page.content.decode() and "第1版" in page.content.decode()
    assert lead.get(f"/desk/evaluation/snapshots/{it.pk}/", {"unit": c.other_street.pk}).status_code == 404
    url = f"/desk/evaluation/figures/{c.street.pk}/kept-rate/"
    shown = lead.get(url, {"year": 2026})
    assert [row["stands_in"] for row, _ in shown.context["rows"]] == ["full", "partly"]  # not the community's
    assert other.get(url).status_code == 404
    assert office.get(f"/desk/evaluation/figures/{c.street.pk}/nonsense/").status_code == 404
    survey = f"/desk/evaluation/figures/{c.street.pk}/satisfaction/"
    assert "第三方测评报告" in office.get(survey).content.decode()
    assert "只给上级单位看" in lead.get(survey).content.decode()


def test_a_figure_of_records_tells_nothing_of_those_few_may_read(c, signed_in):
    records.confirmed(c, "X11", title="金丝雀受到警告处分")
    url = f"/desk/evaluation/figures/{c.street.pk}/records-timely/"
    text = signed_in(c.clerk).get(url).content.decode()
    assert "金丝雀" not in text and "内部掌握的记录" in text


def test_every_figure_of_a_unit_has_its_page(c, signed_in):
    office = signed_in(c.office)
    assert Organisation.objects.visible_to(c.office).filter(pk=c.street.pk).exists()
    for key in METRICS:
        assert office.get(f"/desk/evaluation/figures/{c.street.pk}/{key}/").status_code == 200, key


def test_only_the_office_drops_a_snapshot_and_says_why(c):
    for state in ("taking", "taken", "dropped"):
        it = snapshot(c, c.year)
        if state != "taking":
            FLOW.take(it, "finish", by=None)
        if state == "dropped":
            FLOW.take(it, "drop", by=c.office, reason="重新取")
        for person in (
            c.clerk,
            c.lead,
            c.reviewer,
            c.secrecy,
            c.supervisor,
            c.district_lead,
            c.auditor,
            c.other_lead,
        ):
            with pytest.raises(Refused):
                FLOW.take(it, "drop", by=person, reason="重新取")
        with pytest.raises(Refused) as refusal:
            FLOW.take(it, "drop", by=c.office, reason=" ")
        assert refusal.value.code == ("state" if state == "dropped" else "reason")
        buttons = {offer.step.name for offer in FLOW.available(it, c.office) if offer.refusal is None}
        assert buttons == (set() if state == "dropped" else {"drop"})
    assert {name: step.button for name, step in FLOW.steps.items()} == {"finish": False, "drop": True}


def test_the_office_starts_it_from_the_page_once_and_what_is_wrong_is_said(c, signed_in):
    office, url = signed_in(c.office), "/desk/evaluation/snapshots/new/"
    form = office.get("/desk/evaluation/snapshots/").context["form"]
    sent = {"year": c.year.pk, "purpose": "trial", "once": form["once"].value()}
    first, again = office.post(url, sent), office.post(url, sent)
    assert first.status_code == 302 and first.url == again.url
    assert Snapshot.objects.count() == 1
    wrong = office.post(url, sent | {"purpose": "nonsense", "once": "x"})
    assert wrong.status_code == 422 and Snapshot.objects.count() == 1
    assert signed_in(c.lead).post(url, sent).status_code == 404
    assert signed_in(c.reviewer).get("/desk/evaluation/snapshots/").context["form"] is None
