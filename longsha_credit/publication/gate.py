"""The gate before the door: three different people for every kind, bound to the hash of what they saw."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused, Step, Taken, Workflow
from longsha_credit.directory.roles import Role
from longsha_credit.publication import door, scanning
from longsha_credit.publication.models import Answer, Chain, Review, ReviewState
from longsha_credit.publication.registry import Kind, kind_of

WRITERS = frozenset({Role.CLERK, Role.LEAD})
QUESTIONS = ("state_secret", "trade_secret", "privacy")

NOT_SUBMITTER = {
    "submitted_by_id": "您是提交人，须由另一个人审查。",
    "author_id": "您是经办人，须由另一个人审查。",
}
NOT_FIRST = NOT_SUBMITTER | {"first_by_id": "您已办理初审，须由另一个人审核。"}
NOT_SECOND = NOT_FIRST | {"second_by_id": "您已办理审核，须由另一个人审发。"}


def _wrote(user: Any) -> Q:
    """Reviews of something this user wrote in, at whatever time and whoever filed it."""
    drafts = Entry.objects.filter(
        step="draft",
        actor=user.pk,
        object_kind=OuterRef("kind"),
        object_id=Cast(OuterRef("object_id"), CharField()),
    )
    return Q(Exists(drafts))


NOT_WRITER = (_wrote, "您改过这份草稿，须由没有改过的人审查，可请上级单位的负责人办理。")


def kind_of_review(review: Review) -> Kind:
    return kind_of(review.kind)


def reviewed_object(review: Review) -> Any:
    """The candidate under review, as it stands now."""
    kind = kind_of(review.kind)
    return kind.model._base_manager.select_related(*kind.read_with).get(pk=review.object_id)


def unchanged(review: Review, today: datetime.date) -> list[str]:
    """Stands against passing when the content is no longer what was submitted."""
    if kind_of(review.kind).candidate(reviewed_object(review)).content_hash() == review.content_hash:
        return []
    return ["内容在提交审查后改动过，本次审查作废，只能退回，由经办人重新提交。"]


def unanswered(review: Review) -> list[scanning.Finding]:
    """What was found at submission and is not justified yet; for a review from before the scanner, what is found now."""
    if review.findings is None:
        kind = kind_of(review.kind)
        return scanning.findings(kind, kind.candidate(reviewed_object(review)))
    if not review.findings:
        return []
    answered = set(review.justifications.values_list("key", flat=True))
    return [found for found in scanning.from_data(review.findings) if found.key not in answered]


def _passable(review: Review, today: datetime.date) -> list[str]:
    """The content is what was submitted, and nothing personal in it is left without a reason."""
    if problems := unchanged(review, today):
        return problems
    try:
        left = len(unanswered(review))
    except scanning.Unfinished:
        return [UNFINISHED]
    if left and review.findings is None:
        return [
            f"提交时还没有自动检查，现在查出 {left} 处个人信息或看不了的附件。请退回，由经办人处理后重新提交。"
        ]
    return [f"查出的还有 {left} 处没有处理。请退回打码，或写明为什么可以公开。"] if left else []


UNFINISHED = "附件还没有检查完。请打开草稿旁边的“公开前自查”，检查完再提交。"


def _signs(attribute: str) -> Callable[[Taken], dict[str, Any]]:
    """Who passed this stage and when, written together with the state."""

    def sign(taken: Taken) -> dict[str, Any]:
        return {f"{attribute}_by": taken.by, f"{attribute}_at": timezone.now()}

    return sign


def question_label(question: str) -> str:
    return str(getattr(Review._meta.get_field(question), "verbose_name", question))


def _answers(taken: Taken) -> dict[str, Any]:
    """The three questions are answered by the secrecy reviewer; what was handled is explained with its basis."""
    answers = {}
    for question in QUESTIONS:
        answers[question] = taken.given.get(question)
        if answers[question] not in Answer.values:
            raise Refused(f"请回答“{question_label(question)}”。", "guard")
    note = taken.given.get("answer_note", "").strip()[:500]
    if Answer.HANDLED in answers.values() and not note:
        raise Refused("选了“涉及，已作处理”，请写明怎样处理的、依据哪一条。", "guard")
    return answers | {"answer_note": note} | _signs("secrecy")(taken)


def _let_through(taken: Taken) -> None:
    """Passed by all who must: through the door, and the candidate's own flow learns of it."""
    review = taken.obj
    review.refresh_from_db()
    kind, obj = kind_of(review.kind), reviewed_object(review)
    publication = door.publish(kind, kind.candidate(obj), review=review, by=taken.by)
    kind.flow.take(obj, "gate_pass", by=taken.by, today=taken.today, publication=publication, review=review)


def _why_returned(taken: Taken) -> dict[str, Any]:
    labels = {"title"} | kind_of(taken.obj.kind).labels.keys()
    return {
        "return_reason": taken.reason[:1000],
        "flagged": [name for name in taken.given.get("flagged", []) if name in labels],
    }


def _send_back(taken: Taken) -> None:
    review = taken.obj
    kind_of(review.kind).flow.take(reviewed_object(review), "gate_return", by=taken.by, reason=taken.reason)


S = ReviewState


def _pass(
    name: str, label: str, at: str, to: str, role: str, not_by: dict[str, str], writes: Any, *effects: Any
) -> Step:
    return Step(
        name, label, frozenset({at}), to, frozenset({role}),
        not_by=not_by, not_where=NOT_WRITER, guard=_passable, writes=writes, effects=effects, todo="below", tone="main",
        asks=writes is _answers,
    )  # fmt: skip


def _return(name: str, at: str, role: str, not_by: dict[str, str]) -> Step:
    return Step(
        name, "退回", frozenset({at}), S.RETURNED, frozenset({role}),
        reason=True, not_by=not_by, not_where=NOT_WRITER, writes=_why_returned, effects=(_send_back,), tone="stop",
    )  # fmt: skip


GATE = Workflow(
    "公开审查",
    ReviewState,
    _pass("pass_first", "初审通过", S.FIRST, S.SECOND, Role.LEAD, NOT_SUBMITTER, _signs("first")),
    _return("return_first", S.FIRST, Role.LEAD, NOT_SUBMITTER),
    _pass("pass_second", "审核通过", S.SECOND, S.SECRECY, Role.REVIEWER, NOT_FIRST, _signs("second")),
    _return("return_second", S.SECOND, Role.REVIEWER, NOT_FIRST),
    _pass(
        "pass_secrecy", "审发通过并公开", S.SECRECY, S.PASSED, Role.SECRECY, NOT_SECOND,
        _answers, _let_through,
    ),
    _return("return_secrecy", S.SECRECY, Role.SECRECY, NOT_SECOND),
    _pass("pass_single", "复核通过并公开", S.SINGLE, S.PASSED, Role.LEAD, NOT_SUBMITTER, _signs("first"), _let_through),
    _return("return_single", S.SINGLE, Role.LEAD, NOT_SUBMITTER),
    Step("recall", "撤回", frozenset({S.FIRST, S.SECOND, S.SECRECY, S.SINGLE}), S.RECALLED, frozenset(), button=False),
)  # fmt: skip


def _open_review(taken: Taken) -> None:
    """Submitting binds the review to the content as it is now, and to what the scanner finds in it."""
    kind = kind_of(taken.obj._meta.label_lower)
    candidate = kind.candidate(taken.obj)
    try:
        found = scanning.findings(kind, candidate)
    except scanning.Unfinished as files:
        raise Refused(UNFINISHED, "guard") from files
    Review.objects.create(
        kind=taken.obj._meta.label_lower,
        object_id=taken.obj.pk,
        organisation=candidate.organisation,
        title=candidate.title,
        snapshot={
            "fields": candidate.fields,
            "files": [f.name for f in candidate.files],
            "reason": candidate.reason,
        },
        content_hash=candidate.content_hash(),
        findings=scanning.as_data(found),
        chain=kind.chain,
        state=S.FIRST if kind.chain == Chain.THREE else S.SINGLE,
        author_id=taken.obj.created_by_id,
        submitted_by=taken.by,
    )


def _recall_review(taken: Taken) -> None:
    review = Review.objects.of(taken.obj).open().get()
    GATE.take(review, "recall", by=taken.by)


def candidate_steps(
    *,
    draft: str,
    in_review: str,
    passed: str,
    discarded: str,
    complete: Callable[[Any, datetime.date], list[str]],
    writers: frozenset[str] = WRITERS,
    submit_writes: Callable[[Taken], dict[str, Any]] | None = None,
    pass_guard: Callable[[Any, datetime.date], list[str]] | None = None,
    pass_writes: Callable[[Taken], dict[str, Any]] | None = None,
    on_passed: tuple[Callable[[Taken], None], ...] = (),
) -> tuple[Step, ...]:
    """The steps every publishable kind shares: submit, recall, discard, and what the gate answers."""
    at_draft, at_review = frozenset({draft}), frozenset({in_review})
    return (
        Step(
            "submit", "提交审查", at_draft, in_review, writers,
            guard=complete, writes=submit_writes, effects=(_open_review,), todo="own", tone="main",
        ),
        Step("recall", "撤回修改", at_review, draft, writers, effects=(_recall_review,)),
        Step("discard", "作废草稿", at_draft, discarded, writers, reason=True, tone="stop"),
        Step("gate_return", "退回修改", at_review, draft, frozenset(), button=False),
        Step(
            "gate_pass", "通过审查", at_review, passed, frozenset(),
            guard=pass_guard, writes=pass_writes, effects=on_passed, button=False,
        ),
    )  # fmt: skip


def pointed_out(obj: Any) -> Review | None:
    """The last review of a draft when it was sent back: its reason and the fields it named."""
    if obj.pk is None or obj.state != "draft":
        return None
    last = Review.objects.of(obj).first()
    return last if last and last.state == ReviewState.RETURNED else None
