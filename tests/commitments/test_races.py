"""Two people at the same thing at the same moment, on two connections: one wins, and it is written once."""

import threading

import pytest
from django.db import connection

from commitments.flows import AMENDMENT, FLOW, PROGRESS
from commitments.models import Obligation
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import LedgerEntry, Publication
from longsha_credit.publication.models.ledger import Action
from tests import make

ROUNDS = 30
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions):
    """Run each action in a thread of its own, on its own connection, all from the same moment on; gives what each
    returned, or the refusal or error it met."""
    outcomes = [None] * len(actions)
    gun = threading.Barrier(len(actions))

    def run(number, action):
        try:
            connection.ensure_connection()
            gun.wait(timeout=20)
            outcomes[number] = action()
        except Exception as problem:
            outcomes[number] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


def taking(flow, row, step, by, **given):
    """A step as a browser takes it: the row is read, then the step follows."""
    mine = fresh(row)
    return lambda: flow.take(mine, step, by=by, **given)


def assert_one_won(outcomes):
    won = [o for o in outcomes if isinstance(o, Entry)]
    lost = [o for o in outcomes if not isinstance(o, Entry)]
    assert len(won) == 1, outcomes
    assert [(type(o), o.code) for o in lost] == [(Refused, "state")] * len(lost)
    assert {str(o) for o in lost} == {"这件事刚刚被他人处理，请刷新页面看最新情况。"}


def test_of_two_reviewers_one_passes_it(cast):
    reviews = [make.review_of(make.submitted(cast)) for _ in range(ROUNDS)]
    for review in reviews:
        GATE.take(review, "pass_first", by=cast.lead)
        outcomes = at_once(
            taking(GATE, review, "pass_second", cast.reviewer),
            taking(GATE, review, "pass_second", cast.reviewer2),
        )
        assert_one_won(outcomes)
        now = fresh(review)
        entry = Entry.objects.about(review).get(step="pass_second")
        assert (now.state, now.second_by_id) == ("secrecy", entry.actor_id)
    assert Entry.objects.filter(step="pass_second").count() == ROUNDS


def test_passed_or_returned_but_never_both(cast):
    for _ in range(ROUNDS):
        obligation = make.submitted(cast)
        review = make.review_of(obligation)
        GATE.take(review, "pass_first", by=cast.lead)
        outcomes = at_once(
            taking(GATE, review, "pass_second", cast.reviewer),
            taking(GATE, review, "return_second", cast.reviewer2, reason="期限不清楚"),
        )
        assert_one_won(outcomes)
        states = (fresh(review).state, fresh(obligation).state)
        assert states in {("secrecy", "in_review"), ("returned", "draft")}


def test_recalled_or_passed_but_never_both(cast):
    """The two lock the promise and its review from opposite ends; PostgreSQL breaks the deadlock."""
    for _ in range(6):
        obligation = make.submitted(cast)
        review = make.review_of(obligation)
        GATE.take(review, "pass_first", by=cast.lead)
        GATE.take(review, "pass_second", by=cast.reviewer)
        outcomes = at_once(
            taking(FLOW, obligation, "recall", cast.clerk),
            taking(GATE, review, "pass_secrecy", cast.secrecy, **make.ANSWERS),
        )
        assert sum(isinstance(o, Entry) for o in outcomes) == 1, outcomes
        assert [type(o) for o in outcomes if not isinstance(o, Entry)] == [Refused], outcomes
        states = (fresh(review).state, fresh(obligation).state)
        assert states in {("recalled", "draft"), ("passed", "in_force")}
        assert Publication.objects.filter(object_id=obligation.pk).exists() == (states[0] == "passed")


def test_a_double_click_on_the_last_pass_publishes_once(cast):
    for _ in range(10):
        obligation = make.submitted(cast)
        review = make.review_of(obligation)
        GATE.take(review, "pass_first", by=cast.lead)
        GATE.take(review, "pass_second", by=cast.reviewer)
        last = [taking(GATE, review, "pass_secrecy", cast.secrecy, **make.ANSWERS) for _ in range(2)]
        assert_one_won(at_once(*last))
        publication = Publication.objects.get(kind="commitment", object_id=obligation.pk)
        assert publication.ledger.get().action == Action.PUBLISH
        assert fresh(obligation).publication_id == publication.pk


def test_a_double_click_on_submit_opens_one_review(cast):
    for _ in range(10):
        obligation = make.draft(cast)
        assert_one_won(at_once(*[taking(FLOW, obligation, "submit", cast.clerk) for _ in range(2)]))
        assert make.Review.objects.of(obligation).count() == 1


def test_promises_submitted_at_once_have_different_numbers(cast):
    for _ in range(10):
        drafts = [make.draft(cast) for _ in range(3)]
        at_once(*[taking(FLOW, draft, "submit", cast.clerk) for draft in drafts])
    codes = sorted(Obligation.objects.values_list("code", flat=True))
    assert [int(code[14:]) for code in codes] == list(range(1, 31))
    assert len({code[:14] for code in codes}) == 1


def test_withdrawn_or_changed_or_both_in_turn_but_never_torn(cast):
    for _ in range(10):
        obligation = make.in_force(cast)
        change = make.amendment(cast, obligation)
        AMENDMENT.take(change, "submit", by=cast.clerk)
        review = make.review_of(change)
        GATE.take(review, "pass_first", by=cast.lead)
        GATE.take(review, "pass_second", by=cast.reviewer)
        outcomes = at_once(
            taking(GATE, review, "pass_secrecy", cast.secrecy, **make.ANSWERS),
            taking(FLOW, obligation, "ask_withdrawal", cast.clerk, reason="引用依据有误"),
        )
        assert {type(o) for o in outcomes} <= {Entry, Refused}, outcomes
        assert any(isinstance(o, Entry) for o in outcomes)
        now, public = fresh(obligation), fresh(obligation).publication
        adopted = fresh(change).state == "adopted"
        assert (now.version, public.version) == ((2, 2) if adopted else (1, 1))
        assert LedgerEntry.objects.filter(publication=public).count() == now.version
        assert (fresh(review).state == "passed") == adopted
        assert now.state == ("withdrawing" if isinstance(outcomes[1], Entry) else "in_force")


def test_a_promise_taken_down_while_its_change_is_passing_goes_down_whole(cast):
    for _ in range(10):
        obligation = make.in_force(cast)
        change = make.amendment(cast, obligation)
        AMENDMENT.take(change, "submit", by=cast.clerk)
        review = make.review_of(change)
        FLOW.take(obligation, "ask_withdrawal", by=cast.clerk, reason="引用依据有误")
        outcomes = at_once(
            taking(GATE, review, "pass_first", cast.lead),
            taking(FLOW, obligation, "approve_withdrawal", cast.reviewer),
        )
        assert {type(o) for o in outcomes} <= {Entry, Refused}, outcomes
        if isinstance(
            outcomes[1], Refused
        ):  # the pass came first: nothing is half down, and asking again works
            states = [fresh(row).state for row in (obligation, change, review)]
            assert states == ["withdrawing", "in_review", "second"]
            taking(FLOW, obligation, "approve_withdrawal", cast.reviewer)()
        assert [fresh(row).state for row in (obligation, change, review)] == [
            "withdrawn",
            "discarded",
            "recalled",
        ]
        assert not Obligation.objects.public().filter(pk=obligation.pk).exists()


def test_a_report_passing_while_the_promise_goes_down_does_not_stay_up_alone(cast):
    for _ in range(10):
        obligation = make.in_force(cast)
        report = make.progress(cast, obligation)
        PROGRESS.take(report, "submit", by=cast.clerk)
        mine = fresh(obligation)

        def goes_down(row=mine):
            FLOW.take(row, "ask_withdrawal", by=cast.clerk, reason="引用依据有误")
            return FLOW.take(row, "approve_withdrawal", by=cast.reviewer)

        outcomes = at_once(taking(GATE, make.review_of(report), "pass_single", cast.lead), goes_down)
        assert {type(o) for o in outcomes} <= {Entry, Refused}, outcomes
        if fresh(obligation).state == "withdrawn":
            assert not Publication.objects.public().filter(kind="progress", object_id=report.pk).exists()
            assert fresh(report).state in ("published", "discarded")
