"""Figures of promises and openness against examples worked by hand: half kept, late, withdrawn, inherited."""

import datetime

from commitments import services
from commitments.flows import FLOW
from commitments.models import Area, Obligation, Verdict
from evaluation.metrics import METRICS, Period
from tests import make
from tests.audit.rules import past_triggers
from tests.commitments import owed
from tests.commitments.handover import making as handing
from tests.disclosure import making as disclosing
from tests.disclosure.coverage import owing
from tests.disclosure.coverage.test_metrics import AFTER, OTHER_YEAR, happened
from tests.evaluation.counted import DAY, NOW, TODAY, agrees
from tests.supervision import filing

MADE, DUE, NEXT = datetime.date(2026, 3, 2), datetime.date(2026, 6, 30), datetime.date(2026, 7, 8)
YEAR = Period.of_year(2026, datetime.date(2026, 9, 1))


def promise(c, **more):
    return make.in_force(c, today=MADE, **{"due_on": DUE} | more)


def test_half_kept_counts_half_and_the_promise_stays_the_offices_when_its_people_change(cast):
    c = cast
    make.ended(c, promise(c), Verdict.FULL, today=DUE)
    make.ended(c, promise(c), Verdict.PARTLY, today=DUE)
    make.reported(c, promise(c), today=NEXT, fulfilled_on=DUE)  # a day late, nobody has said anything of it
    make.reported(c, promise(c), today=DUE)  # in time, and waits for the district
    promise(c)  # silent
    promise(c, due_on=datetime.date(2026, 12, 31))
    make.withdrawn(c, promise(c), today=NEXT)  # after its day: it stays
    street = c.street.pk
    # one and a half of five: full, partly, late, silent, withdrawn
    assert agrees(c, "kept-rate", YEAR) == {street: (150, 5)}
    assert agrees(c, "reported-in-time", YEAR) == {street: (300, 6)}
    handing.complete(c)
    assert agrees(c, "kept-rate", YEAR) == {street: (150, 5)}
    assert agrees(c, "handed-over") == {street: (100, 1)}


def test_which_kinds_are_promised_and_whether_it_is_still_shown(cast):
    c = cast
    for area in (Area.SERVICE, Area.SERVICE, Area.CLEAN):
        make.in_force(c, area=area)
    make.withdrawn(c, make.in_force(c, area=Area.LAWFUL))
    slow = make.in_force(c, area=Area.CLEAN)
    with past_triggers() as cursor:  # the lead had passed it sixty days before
        cursor.execute(
            "UPDATE publication_review SET first_at = first_at - interval '60 days' WHERE object_id = %s"
            " AND kind = 'commitments.obligation'",
            [slow.pk],
        )
        assert cursor.rowcount == 1
    own = {"organisation": c.community, "post": c.community_post}
    for area in (Area.SERVICE, Area.PETITION):  # the second is none of a community's four
        make.in_force(c, by=c.community_clerk, area=area, **own)
    policy = Obligation(**owed.terms(c, "policy", **own))
    services.save_draft(policy, by=c.community_clerk)
    FLOW.take(policy, "submit", by=c.community_clerk)
    make.passed(c, policy)
    street, other, community, window = (u.pk for u in (c.street, c.other_street, c.community, c.window))
    areas = {street: (200, 4), other: (0, 4), community: (200, 4), window: (0, 4)}
    assert agrees(c, "area-coverage") == areas
    assert agrees(c, "promise-rate") == {street: (100, 1), other: (0, 1), community: (100, 1), window: (0, 1)}
    # service among the promises, and the policy
    assert agrees(c, "community-areas") == {community: (200, 4)}
    assert agrees(c, "promises-shown") == {street: (400, 5), community: (200, 2)}
    assert agrees(c, "commitments-published-in-time") == {street: (400, 5), community: (200, 2)}
    rows = METRICS["community-areas"].own_rows(c.community, NOW, "covered")
    assert {row["said"] for row in rows} == {policy.title, make.terms(c)["title"]}


def test_quarters_count_once_for_money_and_half_for_each_side_of_a_communitys_accounts(cast):
    c = cast
    owing.all_duties(datetime.date(OTHER_YEAR, 3, 15))  # the second quarter is the first that counts
    for month in (4, 10):
        accounts = disclosing.published(c, topic=disclosing.topic("street-accounts"))
        happened(accounts, datetime.date(OTHER_YEAR, month, 1))
    own = disclosing.notice(
        c, by=c.community_clerk, topic=disclosing.topic("community-affairs"), organisation=c.community
    )
    happened(disclosing.published(c, own), datetime.date(OTHER_YEAR, 5, 5))
    street, other, community = (u.pk for u in (c.street, c.other_street, c.community))
    facts = agrees(c, "finance-quarters", AFTER)
    assert facts == {street: (200, 3), other: (0, 3), community: (0, 3)}
    # one of six: three quarters of accounts and of affairs
    assert agrees(c, "quarterly-accounts", AFTER)[community] == (50, 3)
    assert agrees(c, "field-coverage", AFTER)[street] == (0, 14)


def test_documents_and_versions_are_counted_by_their_reviews(cast):
    c = cast
    disclosing.published(c, kind="normative")
    disclosing.notice(c, kind="normative")
    gone = disclosing.published(c, formed_on=TODAY - 60 * DAY, topic=disclosing.topic("housing"))
    disclosing.withdrawn(c, gone)
    street = c.street.pk
    assert agrees(c, "legality-reviewed") == {street: (100, 1)}
    assert agrees(c, "reviewed") == {street: (200, 2)}
    assert agrees(c, "published-in-time") == {street: (100, 2)}  # taken down, and late all the same


def test_messages_and_slips_are_answered_in_time_or_not(cast):
    c = cast
    long_ago = TODAY - 60 * DAY
    filing.replied(c, kind="suggestion")
    filing.take(filing.case(c, kind="praise"), "note", c.clerk)
    filing.case(c, kind="praise", today=long_ago)  # nobody has looked at it
    filing.case(c, kind="suggestion")  # there is time yet
    # two of three: answered, passed on, late; the one with time is in neither
    assert agrees(c, "messages-in-time") == {c.street.pk: (200, 3)}
    filing.slip_answered(c, filing.accepted(c))
    # the complaint is open with the street, what was asked of the community is answered
    assert agrees(c, "complaints-in-time") == {c.community.pk: (100, 1)}
    filing.closed(c)
    assert agrees(c, "satisfaction") == {c.community.pk: (100, 1)}
