"""How something becomes public: three people, one content, and nothing before the last of them has passed it."""

import pytest
from django.db import connection, transaction

from commitments import services
from commitments.flows import AMENDMENT, FLOW, PROGRESS
from commitments.models import Obligation, ProgressUpdate
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.publication import door, gate
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import LedgerContent, LedgerEntry, Publication, PublicFile
from longsha_credit.publication.models.reviews import ReviewState
from longsha_credit.publication.registry import kind_of
from tests import make

VOID = "内容在提交审查后改动过，本次审查作废，只能退回，由经办人重新提交。"


def tamper(sql, *params):
    """Change a row behind the portal's back, past every trigger, as only a database administrator could."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        assert cursor.rowcount == 1
        cursor.execute("SET session_replication_role = DEFAULT")


def nothing_is_public():
    tables = (Publication, LedgerEntry, LedgerContent, PublicFile)
    return not Obligation.objects.public().exists() and not any(t.objects.exists() for t in tables)


def steps_of(obj):
    return [(e.step, e.actor_name) for e in Entry.objects.about(obj).order_by("id")]


def test_three_different_people_pass_it_and_only_then_it_is_public(cast):
    obligation = make.submitted(cast)
    review = make.review_of(obligation)
    assert nothing_is_public()
    GATE.take(review, "pass_first", by=cast.lead)
    assert nothing_is_public()
    GATE.take(review, "pass_second", by=cast.reviewer)
    assert nothing_is_public()
    GATE.take(review, "pass_secrecy", by=cast.secrecy, **make.ANSWERS)

    obligation.refresh_from_db()
    assert (obligation.state, obligation.version) == ("in_force", 1)
    assert list(Obligation.objects.public()) == [obligation]
    assert (review.author, review.submitted_by) == (cast.clerk, cast.clerk)
    assert (review.first_by, review.second_by, review.secrecy_by) == (cast.lead, cast.reviewer, cast.secrecy)
    assert review.first_at <= review.second_at <= review.secrecy_at
    assert steps_of(review) == [("pass_first", "李主任"), ("pass_second", "韩叙"), ("pass_secrecy", "严密")]
    assert steps_of(obligation) == [("draft", "周岚"), ("submit", "周岚"), ("gate_pass", "严密")]


@pytest.mark.parametrize("question", gate.QUESTIONS)
@pytest.mark.parametrize("answer", [None, "", "perhaps"])
def test_each_of_the_three_questions_is_answered_or_nothing_passes(cast, question, answer):
    review = make.review_of(make.submitted(cast))
    GATE.take(review, "pass_first", by=cast.lead)
    GATE.take(review, "pass_second", by=cast.reviewer)
    with pytest.raises(Refused, match="请回答“是否涉及"):
        GATE.take(review, "pass_secrecy", by=cast.secrecy, **(make.ANSWERS | {question: answer}))
    review.refresh_from_db()
    assert (review.state, review.secrecy_by, nothing_is_public()) == ("secrecy", None, True)


def test_what_was_handled_is_explained_with_its_basis(cast):
    review = make.review_of(make.submitted(cast))
    GATE.take(review, "pass_first", by=cast.lead)
    GATE.take(review, "pass_second", by=cast.reviewer)
    handled = make.ANSWERS | {"privacy": "handled"}
    with pytest.raises(Refused, match="请写明怎样处理的、依据哪一条"):
        GATE.take(review, "pass_secrecy", by=cast.secrecy, **(handled | {"answer_note": " 　"}))
    assert nothing_is_public()
    GATE.take(
        review, "pass_secrecy", by=cast.secrecy, **(handled | {"answer_note": "隐去姓名，条例第十五条"})
    )
    assert (review.state, review.privacy, review.answer_note) == (
        "passed",
        "handled",
        "隐去姓名，条例第十五条",
    )


@pytest.mark.parametrize(
    ("stage", "passes"),
    [("first", []), ("second", ["lead"]), ("secrecy", ["lead", "reviewer"])],
)
def test_a_return_voids_the_review_and_names_what_to_change(cast, stage, passes):
    obligation = make.submitted(cast)
    code, review = obligation.code, make.review_of(obligation)
    for step, person in zip(("pass_first", "pass_second"), passes, strict=False):
        GATE.take(review, step, by=getattr(cast, person))
    person = {"first": cast.lead, "second": cast.reviewer, "secrecy": cast.secrecy}[stage]
    flagged = ["standard", "due_on", "no_such_field"]
    GATE.take(review, f"return_{stage}", by=person, reason="认定标准不清楚", flagged=flagged)

    obligation.refresh_from_db()
    assert (obligation.state, nothing_is_public()) == ("draft", True)
    assert (review.state, review.return_reason, review.flagged) == (
        "returned",
        "认定标准不清楚",
        ["standard", "due_on"],
    )
    assert gate.pointed_out(obligation) == review
    with pytest.raises(Refused, match="已退回"):
        GATE.take(review, "pass_first", by=cast.lead)

    obligation.standard = "建成24处且逐处验收合格。"
    services.save_draft(obligation, by=cast.clerk)
    FLOW.take(obligation, "submit", by=cast.clerk)
    again = make.review_of(obligation)
    assert (again.pk != review.pk, again.state, again.first_by) == (True, "first", None)
    assert obligation.code == code
    assert make.passed(cast, obligation).state == "in_force"


def test_a_recall_ends_the_review_and_the_draft_can_be_changed_again(cast):
    obligation = make.submitted(cast)
    review = make.review_of(obligation)
    GATE.take(review, "pass_first", by=cast.lead)
    FLOW.take(obligation, "recall", by=cast.clerk)
    review.refresh_from_db()
    assert (obligation.state, review.state) == ("draft", "recalled")
    assert gate.pointed_out(obligation) is None
    with pytest.raises(Refused, match="现在是“已撤回”"):
        GATE.take(review, "pass_second", by=cast.reviewer)
    obligation.title = "改过的名称"
    services.save_draft(obligation, by=cast.clerk)
    FLOW.take(obligation, "submit", by=cast.clerk)
    assert make.review_of(obligation).title == "改过的名称"


TAMPERED = {
    "a promise": (make.submitted, "UPDATE commitments_obligation SET content = '别的' WHERE id = %s"),
    "the day": (make.submitted, "UPDATE commitments_obligation SET due_on = '2030-01-01' WHERE id = %s"),
    "an amendment": (
        lambda c: _sent(c, AMENDMENT, make.amendment(c, make.in_force(c))),
        "UPDATE commitments_amendment SET content = '别的' WHERE id = %s",
    ),
    "the reason of an amendment": (
        lambda c: _sent(c, AMENDMENT, make.amendment(c, make.in_force(c))),
        "UPDATE commitments_amendment SET reason = '别的' WHERE id = %s",
    ),
    "a report": (
        lambda c: _sent(c, PROGRESS, make.progress(c, make.in_force(c))),
        "UPDATE commitments_progressupdate SET done = 24 WHERE id = %s",
    ),
}


def _sent(c, flow, obj):
    flow.take(obj, "submit", by=c.clerk)
    return obj


@pytest.mark.parametrize("what", TAMPERED)
def test_content_changed_after_submission_cannot_pass(cast, what):
    made, sql = TAMPERED[what]
    obj = made(cast)
    before = LedgerEntry.objects.count()
    tamper(sql, obj.pk)
    review = make.review_of(obj)
    step = "pass_single" if review.state == "single" else "pass_first"
    with pytest.raises(Refused) as refusal:
        GATE.take(review, step, by=cast.lead)
    assert (refusal.value.code, str(refusal.value)) == ("guard", VOID)
    assert LedgerEntry.objects.count() == before
    GATE.take(review, step.replace("pass", "return"), by=cast.lead, reason="内容变了，请重新提交")
    obj.refresh_from_db()
    assert obj.state == "draft"


def test_content_changed_at_the_last_moment_does_not_slip_through(cast):
    obligation = make.submitted(cast)
    review = make.review_of(obligation)
    GATE.take(review, "pass_first", by=cast.lead)
    GATE.take(review, "pass_second", by=cast.reviewer)
    tamper("UPDATE commitments_obligation SET liability = '没有' WHERE id = %s", obligation.pk)
    with pytest.raises(Refused, match=VOID):
        GATE.take(review, "pass_secrecy", by=cast.secrecy, **make.ANSWERS)
    assert nothing_is_public()


def test_a_file_added_or_taken_away_after_submission_voids_the_review(cast):
    obligation = make.in_force(cast)
    report = make.progress(cast, obligation)
    PROGRESS.take(report, "submit", by=cast.clerk)
    review = make.review_of(report)
    kept = report.files.get()
    other = make.progress(cast, obligation, file=make.upload("别的.txt", "别的")).files.get()
    for change in (lambda: report.files.add(other), lambda: report.files.remove(kept)):
        with transaction.atomic():
            change()
            with pytest.raises(Refused, match=VOID):
                GATE.take(review, "pass_single", by=cast.lead)
            transaction.set_rollback(True)
    GATE.take(review, "pass_single", by=cast.lead)
    assert [f.sha256 for f in PublicFile.objects.public()] == [kept.sha256]


def test_the_old_version_stands_until_the_change_has_passed(cast):
    obligation = make.in_force(cast)
    old_title, old_day = obligation.publication.title, obligation.due_on
    change = make.amendment(cast, obligation, title="单元门坡道改造（调整）")
    AMENDMENT.take(change, "submit", by=cast.clerk)
    review = make.review_of(change)
    for step, by in (("pass_first", cast.lead), ("pass_second", cast.reviewer)):
        GATE.take(review, step, by=by)
        obligation.refresh_from_db()
        assert (obligation.version, obligation.due_on, obligation.publication.title) == (
            1,
            old_day,
            old_title,
        )
    GATE.take(review, "pass_secrecy", by=cast.secrecy, **make.ANSWERS)

    obligation.refresh_from_db()
    public = obligation.publication
    assert (obligation.version, obligation.title, obligation.due_on) == (2, change.title, change.due_on)
    assert (public.version, public.title) == (2, change.title)
    assert public.first_published_at < public.published_at
    assert [(e.version, e.action) for e in public.ledger.all()] == [(1, "publish"), (2, "amend")]
    correction = public.corrections.get()
    assert (correction.reason, correction.asked_by, correction.approved_by) == (
        "居民提议增加点位", cast.clerk, cast.secrecy,
    )  # fmt: skip


def test_a_change_returned_leaves_the_promise_as_it_was(cast):
    obligation = make.in_force(cast)
    before = Obligation.objects.filter(pk=obligation.pk).values().get()
    change = make.amendment(cast, obligation)
    AMENDMENT.take(change, "submit", by=cast.clerk)
    GATE.take(make.review_of(change), "return_first", by=cast.lead, reason="理由不充分")
    assert Obligation.objects.filter(pk=obligation.pk).values().get() == before
    assert obligation.publication.ledger.count() == 1


def test_a_change_of_nothing_is_no_change(cast):
    obligation = make.in_force(cast)
    change = make.amendment(cast, obligation, due_on=obligation.due_on)
    with pytest.raises(Refused, match="内容和现行版本一样，没有可变更的。"):
        AMENDMENT.take(change, "submit", by=cast.clerk)


def test_progress_is_public_after_one_other_person(cast):
    obligation = make.in_force(cast)
    report = make.progress(cast, obligation)
    PROGRESS.take(report, "submit", by=cast.clerk)
    assert not ProgressUpdate.objects.public().exists()
    GATE.take(make.review_of(report), "pass_single", by=cast.lead)
    assert list(ProgressUpdate.objects.public()) == [report]
    assert Publication.objects.get(kind="progress").title.startswith(obligation.title)


@pytest.mark.parametrize("remove_content", [False, True])
def test_a_withdrawal_takes_the_promise_and_its_reports_down(cast, remove_content):
    obligation = make.in_force(cast)
    make.published_progress(cast, obligation)
    make.amended(cast, obligation)
    open_change = make.amendment(cast, obligation, title="还没办完的变更")
    AMENDMENT.take(open_change, "submit", by=cast.clerk)
    make.withdrawn(cast, obligation, remove_content=remove_content)

    obligation.refresh_from_db()
    open_change.refresh_from_db()
    assert (obligation.state, open_change.state) == ("withdrawn", "discarded")
    assert make.review_of(open_change).state == ReviewState.RECALLED
    for rows in (Obligation, ProgressUpdate, Publication, PublicFile, LedgerEntry):
        assert not rows.objects.public().exists()
    versions = LedgerEntry.objects.exclude(review=None)
    assert {door.verify(entry) for entry in versions} == {"removed" if remove_content else "intact"}
    assert versions.count() == 3  # nothing of the ledger itself goes
    assert LedgerEntry.objects.filter(action="withdraw").count() == 2
    for publication in Publication.objects.all():
        correction = publication.corrections.get(action="withdraw")
        assert (correction.reason, correction.reference) == ("引用依据有误", obligation.code)
        assert (correction.asked_by, correction.approved_by) == (cast.clerk, cast.reviewer)


def test_content_removed_by_law_leaves_who_and_why(cast):
    obligation = make.withdrawn(cast, make.in_force(cast), remove_content=True)
    content = obligation.publication.ledger.order_by("id")[0].content
    assert (content.text, content.salt) == (None, None)
    assert (content.removed_reason, content.removed_by) == ("引用依据有误", cast.reviewer)
    assert ("remove_content", "韩叙") in steps_of(obligation.publication)


def test_a_withdrawal_refused_leaves_everything_public(cast):
    obligation = make.in_force(cast)
    FLOW.take(obligation, "ask_withdrawal", by=cast.clerk, reason="引用依据有误")
    FLOW.take(obligation, "refuse_withdrawal", by=cast.reviewer, reason="依据没有错")
    assert (obligation.state, obligation.withdraw_reason, obligation.withdraw_asked_by) == (
        "in_force",
        "",
        None,
    )
    assert list(Obligation.objects.public()) == [obligation]


def test_the_door_opens_to_nothing_but_a_passed_review_of_this_content(cast):
    obligation = make.submitted(cast)
    kind, review = kind_of("commitments.obligation"), make.review_of(obligation)
    with pytest.raises(door.NotPassed):
        door.publish(kind, kind.candidate(obligation), review=review, by=cast.secrecy)
    passed = make.review_of(make.in_force(cast, title="另一件承诺"))
    before = LedgerEntry.objects.count()
    with pytest.raises(door.NotPassed):
        door.publish(kind, kind.candidate(obligation), review=passed, by=cast.secrecy)
    assert LedgerEntry.objects.count() == before


def test_a_review_of_a_twin_does_not_open_the_door(cast):
    """Two promises of one wording differ in their code, so that their reviews cannot be exchanged."""
    one, two = make.submitted(cast), make.submitted(cast)
    assert make.review_of(one).content_hash != make.review_of(two).content_hash
