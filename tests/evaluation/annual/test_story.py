"""A unit is told, is heard, is decided on by somebody else; only then is anything proposed, and people decide that too."""

import csv
import io

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from disclosure.models import Notice
from evaluation.annual import counting, services
from evaluation.annual.flows import FLOW, OUTCOME, PROPOSAL
from evaluation.models import AnnualEvaluation, AnnualOutcome, AnnualProposal, Fact, Result
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services as deadlines
from longsha_credit.publication.models import Publication
from tests import make
from tests.evaluation.annual import making
from tests.evaluation.annual.making import LONG_AGO, TODAY
from tests.evaluation.summary.making import year


def test_an_evaluation_rests_on_facts_and_sets_in_force(cast):
    of = year(cast)
    with pytest.raises(Refused, match="还没有都启用"):
        services.open_evaluation(of, by=cast.office, today=TODAY)
    making.a_set(of, "street")
    making.a_set(of, "community")
    with pytest.raises(Refused, match="还没有为年度考评取数"):
        services.open_evaluation(of, by=cast.office, today=TODAY)
    making.taken(cast, of)
    evaluation = services.open_evaluation(of, by=cast.office, today=TODAY)
    found = evaluation.outcomes.order_by("organisation__path").values_list("organisation__name", "state")
    assert sorted(found) == [("临江街道", "pending"), ("向阳街道", "pending"), ("新苑社区", "pending")]
    with pytest.raises(Refused, match="已经启动"):
        services.open_evaluation(of, by=cast.office, today=TODAY)


def test_a_unit_is_told_heard_and_decided_on_by_another(cast, signed_in):
    outcome = making.outcome(cast)
    street, address = signed_in(cast.lead), reverse("annual:outcome", args=[outcome.pk])
    assert street.get(address).status_code == 404
    making.told(cast, outcome)
    assert (outcome.told_total, outcome.told_grade) == (7800, "nurtured")
    page = street.get(address).content.decode()
    assert "到期兑现率 8 / 10" in page
    assert "可以陈述申辩" in page
    with pytest.raises(Refused, match="期限过后或者单位申辩以后才能办"):
        OUTCOME.take(outcome, "decide", by=cast.office, reason="维持")
    street.post(
        reverse("annual:outcome_step", args=[outcome.pk, "defend"]), {"agrees": "no", "text": "少计一件。"}
    )
    outcome.refresh_from_db()
    assert (outcome.state, outcome.defences.get().text) == ("defended", "少计一件。")
    other = making.outcome(cast, cast.community)
    OUTCOME.take(other, "tell", by=cast.office, today=LONG_AGO)
    with pytest.raises(Refused, match="由另一个人审定"):
        OUTCOME.take(other, "decide", by=cast.office, reason="维持")
    making.decided(cast, outcome)
    assert (outcome.total, outcome.grade, outcome.decided_by) == (7800, "nurtured", cast.office)


def test_what_was_decided_on_is_not_computed_anew(cast):
    outcome, open_ = making.decided(cast), making.outcome(cast, cast.community)
    rows = Result.objects.filter(snapshot=outcome.evaluation.snapshot)
    rows.filter(pk=open_.result_id).update(total=7000)
    with pytest.raises(IntegrityError, match="settled_result_stays"), transaction.atomic():
        rows.update(total=7000)
    outcome.result.refresh_from_db()
    assert outcome.result.total == outcome.total == 7800


def test_after_its_days_a_silent_unit_is_decided_on(cast):
    outcome = making.told(cast, today=LONG_AGO)
    with pytest.raises(Refused, match="已经过了"):
        OUTCOME.take(outcome, "defend", by=cast.lead, **making.DEFENCE)
    OUTCOME.take(outcome, "decide", by=cast.office, reason="期满没有申辩，维持。")
    assert outcome.state == "decided"


def test_a_right_not_used_is_no_duty_that_is_late(cast):
    outcome, in_time = (
        making.told(cast, today=LONG_AGO),
        making.told(cast, making.outcome(cast, cast.community)),
    )
    assert services.end_defences(today=TODAY) == 1
    assert services.end_defences(today=TODAY) == 0
    assert deadlines.of(outcome).get().cancel_reason == "期限已过，单位没有陈述申辩"
    assert deadlines.open_of(in_time).exists()


def test_nothing_is_proposed_before_the_unit_was_heard(cast, signed_in):
    outcome = making.told(cast)
    with pytest.raises(Refused, match="可以陈述申辩"):
        making.proposal(cast, outcome)
    page = signed_in(cast.reviewer).get(reverse("annual:proposal_new", args=[outcome.pk]), follow=True)
    assert "期限过后或者单位申辩以后才能办" in page.content.decode()
    making.proposal(cast, making.defended(cast, outcome))
    assert AnnualProposal.objects.get().state == "draft"


def test_a_criticism_agreed_to_is_a_draft_notice_and_nothing_is_public(cast):
    public = Publication.objects.count()
    proposal = making.approved(cast)
    proposal.refresh_from_db()
    notice = Notice.objects.get(pk=proposal.notice_id)
    assert (notice.kind, notice.state, notice.organisation) == ("circular", "draft", cast.district)
    assert notice.document_number == proposal.number == f"信考通〔{TODAY.year}〕0001"
    assert "<p>两件到期承诺没有兑现" in notice.body
    assert Publication.objects.count() == public
    own = making.proposed(cast, it=proposal.outcome, kind="accountability", by=cast.office)
    with pytest.raises(Refused, match="由另一个人审批"):
        PROPOSAL.take(own, "refuse", by=cast.office, reason="不必")


def test_a_proposal_about_a_leader_stays_inside(cast, signed_in):
    proposal = making.approved(cast, kind="accountability")
    assert proposal.notice_id is None
    assert not Notice.objects.exists()
    for who in (cast.lead, cast.clerk):
        assert signed_in(who).get(reverse("annual:proposal", args=[proposal.pk])).status_code == 404
    assert (
        "不公开"
        in signed_in(cast.office).get(reverse("annual:proposal", args=[proposal.pk])).content.decode()
    )


def test_an_evaluation_closes_when_all_is_decided(cast):
    evaluation = making.opened(cast)
    with pytest.raises(Refused, match="还有3个单位"):
        FLOW.take(evaluation, "close", by=cast.office)
    for outcome in AnnualOutcome.objects.with_names().filter(evaluation=evaluation):
        making.told(cast, outcome, today=LONG_AGO)
        OUTCOME.take(outcome, "decide", by=cast.office, reason="维持。")
    FLOW.take(evaluation, "close", by=cast.office)
    assert AnnualEvaluation.objects.get().closed_on == TODAY


def test_telling_many_leaves_out_what_a_person_has_still_to_mark(cast):
    evaluation = making.opened(cast)
    waiting = making.outcome(cast, cast.community)
    type(waiting.result).objects.filter(pk=waiting.result_id).update(awaiting=1, grade="")
    assert services.tell_many(evaluation, by=cast.office, today=TODAY) == (2, 1)
    waiting.refresh_from_db()
    assert waiting.state == "pending"


def test_what_nobody_spoke_against_is_decided_together_with_one_opinion(cast, signed_in):
    evaluation = making.opened(cast)
    agreeing, objecting, silent = (
        making.outcome(cast, unit) for unit in (cast.street, cast.other_street, cast.community)
    )
    making.defended(cast, making.told(cast, objecting), by=cast.other_lead)
    making.told(cast, silent, today=LONG_AGO)
    OUTCOME.take(making.told(cast, agreeing), "defend", by=cast.lead, agrees=True, text="")
    url, office = reverse("annual:decide", args=[evaluation.pk]), signed_in(cast.office)
    text = office.get(url).content.decode()
    assert cast.street.name in text
    assert cast.community.name in text
    assert cast.other_street.name not in text
    answer = office.post(url, {"outcomes": [agreeing.pk, objecting.pk], "reason": "维持。"})
    assert answer.status_code == 422
    assert "请重新核对" in answer.content.decode()
    answer = office.post(url, {"outcomes": [agreeing.pk, silent.pk], "reason": "维持。"}, follow=True)
    assert "已审定2个单位。" in answer.content.decode()
    found = AnnualOutcome.objects.filter(evaluation=evaluation).values_list(
        "organisation", "state", "opinion"
    )
    assert set(found) == {
        (cast.street.pk, "decided", "维持。"),
        (cast.community.pk, "decided", "维持。"),
        (cast.other_street.pk, "defended", ""),
    }


def test_who_told_does_not_decide_together_and_changed_points_are_looked_at_one_by_one(cast, signed_in):
    evaluation = making.opened(cast)
    told_by_the_office = making.outcome(cast, cast.street)
    OUTCOME.take(told_by_the_office, "tell", by=cast.office, today=LONG_AGO)
    changed = making.told(cast, making.outcome(cast, cast.other_street), today=LONG_AGO)
    type(changed.result).objects.filter(pk=changed.result_id).update(total=changed.result.total + 100)
    text = signed_in(cast.office).get(reverse("annual:decide", args=[evaluation.pk])).content.decode()
    assert "没有可以一起审定的单位" in text


def test_ranks_need_a_sample_and_enough_units(cast):
    evaluation = making.opened(cast)

    def named():
        rows = AnnualOutcome.objects.filter(evaluation=evaluation, organisation__level="street").with_names()
        ranked, unranked = counting.league(list(counting.with_sample(rows).order_by("organisation__path")))
        return [(r["place"], r["outcome"].organisation.name) for r in ranked], {
            r["outcome"].organisation.name: r["why"] for r in unranked
        }

    assert named() == (
        [],
        {"临江街道": "能比较的单位不足3个", "向阳街道": "样本不足（只有10件，少于30件）"},
    )


def test_equal_points_share_a_place(cast):
    of = year(cast)
    more = [make.organisation("street", f"新街道{n}", cast.district) for n in range(2)]
    snapshot = making.taken(cast, of)
    rows = [cast.other_street, *more]
    from tests.audit.rules import past_triggers

    with past_triggers():
        for unit in more:
            Fact.objects.create(
                snapshot=snapshot, organisation=unit, metric="kept-rate", numerator=3000, denominator=40
            )
            making.result(snapshot, making.a_set(of, "street"), unit, 4500 if unit == more[0] else 4000)
    making.a_set(of, "community")
    evaluation = services.open_evaluation(of, by=cast.office, today=TODAY)
    found = AnnualOutcome.objects.filter(evaluation=evaluation, organisation__in=rows).with_names()
    ranked, _ = counting.league(list(counting.with_sample(found).order_by("organisation__path")))
    assert [(row["place"], row["total"]) for row in ranked] == [(1, 7500), (1, 7500), (3, 7000)]


def test_opening_the_officials_leaves_an_entry_and_ranks_nobody(cast, signed_in):
    outcome = making.told(cast)
    browser, url = signed_in(cast.lead), reverse("annual:officials", args=[outcome.pk])
    assert "公职人员" in browser.get(url).content.decode()
    assert not Entry.objects.filter(step="read_officials").exists()
    page = browser.post(url, {"purpose": "年度考核研究"}).content.decode()
    assert "001" in page
    entry = Entry.objects.get(step="read_officials")
    assert (entry.actor_name, entry.reason) == ("李主任", "年度考核研究")
    for who in (cast.clerk, cast.supervisor, cast.other_lead):
        assert signed_in(who).post(url, {"purpose": "看看"}).status_code == 404


def test_the_exports_say_what_each_column_means(cast, signed_in):
    evaluation = making.opened(cast)
    browser = signed_in(cast.office)

    def rows(key, **query):
        answer = browser.get(reverse("annual:export", args=[evaluation.pk, key]), {"format": "csv", **query})
        return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    for key in ("performance", "business", "index"):
        table, notes = rows(key), rows(key, part="notes")
        assert table[0] == [note[0] for note in notes[1:]]
        assert all(note[1] for note in notes)
        assert len(table) == 4
    table = rows("performance")
    performance = {row[0]: dict(zip(table[0], row, strict=True)) for row in table[1:]}
    assert performance["向阳街道"]["总分"] == "78"
    assert performance["向阳街道"]["到期兑现率"] == "80.00%"
    assert performance["向阳街道"]["办结来件满意率"] == "不适用"
    index = dict(zip(*rows("index")[:2], strict=True))
    assert (index["政务承诺得分"], index["政务承诺分值"], index["示范创建得分"]) == ("48", "60", "30")
    book = browser.get(reverse("annual:export", args=[evaluation.pk, "index"]), {"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert sheet.max_row == 4
    assert Entry.objects.filter(step="export").count() == 6


def test_a_year_that_is_frozen_takes_no_more_steps(cast):
    from tests.programme import years

    outcome = making.told(cast, today=LONG_AGO)
    years.frozen(cast, outcome.year)
    outcome = AnnualOutcome.objects.with_names().get(pk=outcome.pk)
    with pytest.raises(Refused, match="已封存"):
        OUTCOME.take(outcome, "decide", by=cast.office, reason="维持")


def test_the_board_asks_the_same_whatever_the_number_of_units(cast, signed_in):
    evaluation = making.opened(cast)
    browser, pages = signed_in(cast.office), {}
    for url in (reverse("annual:page", args=[evaluation.pk]), reverse("annual:league", args=[evaluation.pk])):
        browser.get(url)
        with CaptureQueriesContext(connection) as asked:
            browser.get(url)
        pages[url] = len(asked)
    AnnualOutcome.objects.filter(evaluation=evaluation).count()
    assert max(pages.values()) < 25


def test_years_side_by_side(cast, signed_in):
    making.told(cast, making.outcome(cast, of=year(cast, 2025)), today=LONG_AGO)
    outcome = making.told(cast)
    page = signed_in(cast.lead).get(reverse("annual:outcome", args=[outcome.pk])).content.decode()
    assert "2025年78，2026年78" in page
