"""Taking part: who begins an attempt, each answer kept at once, handing in once, the certificate."""

import datetime
import hashlib
import hmac
import random
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from longsha_credit.audit.workflow import Refused
from longsha_credit.programme.contests import counting, scoring
from longsha_credit.programme.contests.flows import KNOWS_THE_BANK
from longsha_credit.programme.models import (
    Attempt,
    Contest,
    ContestCertificate,
    ContestUnit,
    Entrant,
    GivenAnswer,
    PaperQuestion,
    QuestionKind,
)
from longsha_credit.programme.models.contest_questions import LETTERS

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is taken for something else
LENGTH = 12  # 59 bits, and wrong guesses are counted


def secret_of(token: str) -> str:
    """The number by which a resident goes on, from the token of the form: the same form gives the same number."""
    raw = hmac.new(settings.SECRET_KEY.encode(), f"contest:{token}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(raw, "big")
    signs = []
    for _ in range(LENGTH):
        number, at = divmod(number, len(SIGNS))
        signs.append(SIGNS[at])
    return "".join(signs)


def typed(text: str) -> str:
    """A number as it was given out, from what people type: any width, small letters, gaps."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in plain if sign.isalnum())[:40]


def _hash(contest: Contest, secret: str) -> str:
    return hashlib.sha256(f"contest {contest.pk} {secret}".encode()).hexdigest()


def entrant_of_secret(contest: Contest, secret: str) -> Entrant | None:
    """The resident with this number, or None."""
    if not secret:
        return None
    return (
        Entrant.objects.select_related("unit__organisation")
        .filter(contest=contest, secret=_hash(contest, secret))
        .first()
    )


def entrant_of_official(contest: Contest, user: Any) -> Entrant | None:
    if user.official_id is None:
        return None
    return (
        Entrant.objects.select_related("unit__organisation", "official")
        .filter(contest=contest, official=user.official_id)
        .first()
    )


def enter_resident(contest: Contest, unit: ContestUnit, secret: str, *, now: datetime.datetime) -> Entrant:
    """A resident of the unit, known by the number alone; the same number is the same resident. Raises Refused."""
    _require_open(contest, now)
    entrant, _ = Entrant.objects.get_or_create(
        secret=_hash(contest, secret), defaults={"contest": contest, "unit": unit}
    )
    return entrant


def enter_official(contest: Contest, user: Any, *, now: datetime.datetime) -> Entrant:
    """The official of this account, for their unit or the nearest one above it that takes part. Raises Refused."""
    unit = unit_of(contest, user.official) if user.official else None
    why = against_official(contest, user)
    if why or unit is None:
        raise Refused(why, "guard")
    _require_open(contest, now)
    entrant, _ = Entrant.objects.get_or_create(
        contest=contest, official=user.official, defaults={"unit": unit}
    )
    return entrant


def unit_of(contest: Contest, official: Any) -> ContestUnit | None:
    above = [int(pk) for pk in official.organisation.path.strip("/").split("/")]
    rows = {
        unit.organisation_id: unit
        for unit in contest.units.filter(officials__isnull=False, organisation__in=above)
    }
    return next((rows[pk] for pk in reversed(above) if pk in rows), None)


def against_official(contest: Contest, user: Any) -> str:
    """Why this user takes no part as an official, or nothing."""
    if not contest.takes_officials:
        return "这次竞赛只请居民参加。"
    if user.official is None:
        return "您的账号还没有和公职人员登记对上，不能参加。请系统管理员在“账号”里补上。"
    if user.role_at(KNOWS_THE_BANK, contest.organisation.path):
        return "您能看到这次竞赛的题库，不参加答题，这样才公平。"
    if unit_of(contest, user.official) is None:
        return "您所在的单位不在这次竞赛的参加单位里。"
    return ""


def _require_open(contest: Contest, now: datetime.datetime) -> None:
    if contest.is_open(now):
        return
    early = now < contest.opens_at and contest.state == "published"
    raise Refused("竞赛还没有开始，请到时间再来。" if early else "竞赛已经结束，不能再开始答题。", "state")


@transaction.atomic
def begin(entrant: Entrant, *, now: datetime.datetime) -> Attempt:
    """The attempt that runs, or else the next one allowed. Pressed twice it is one. Raises Refused."""
    Entrant.objects.select_for_update(of=("self",)).get(pk=entrant.pk)
    contest = Contest.objects.get(pk=entrant.contest_id)
    attempts = list(Attempt.objects.filter(entrant=entrant).order_by("number"))
    if attempts and not attempts[-1].is_over(now):
        return attempts[-1]
    _require_open(contest, now)
    if len(attempts) >= contest.attempts:
        raise Refused(f"这次竞赛每人可以答{contest.attempts}次，您已经答完了。", "state")
    return Attempt.objects.create(
        entrant=entrant,
        number=len(attempts) + 1,
        order=_shuffled(contest),
        started_at=now,
        ends_at=contest.last_moment(now),
    )


def _shuffled(contest: Contest) -> list[int]:
    """The positions of the paper, each kind of question in an order of its own, so that neighbours see others first."""
    rows = PaperQuestion.objects.filter(paper=contest.paper_id).order_by("position")
    mixed: dict[str, list[int]] = {}
    for position, kind in rows.values_list("position", "question__kind"):
        mixed.setdefault(kind, []).append(position)
    for positions in mixed.values():
        random.SystemRandom().shuffle(positions)
    return [position for positions in mixed.values() for position in positions]


def attempts_of(entrant: Entrant) -> list[Any]:
    """All attempts with their points and how many questions were answered, the newest first."""
    return list(Attempt.objects.filter(entrant=entrant).with_score().order_by("-number"))


@dataclass(frozen=True)
class Asked:
    """A question as it stands before somebody: the how manieth, what was chosen, in which version that was saved."""

    number: int
    item: PaperQuestion
    choice: str
    version: int

    @property
    def question(self) -> Any:
        return self.item.question

    @property
    def is_right(self) -> bool:
        return self.choice == self.question.right


def sheet(attempt: Attempt, contest: Contest) -> list[Asked]:
    """All questions in the order of this attempt with what was answered; two queries."""
    items = PaperQuestion.objects.filter(paper=contest.paper_id).select_related("question")
    by_position = {item.position: item for item in items}
    given = {answer.item_id: answer for answer in GivenAnswer.objects.filter(attempt=attempt)}
    asked = []
    for number, position in enumerate(attempt.order, start=1):
        item = by_position[position]
        answer = given.get(item.pk)
        asked.append(Asked(number, item, answer.choice if answer else "", answer.version if answer else 0))
    return asked


@dataclass(frozen=True)
class Saved:
    """What an answer became: its version and when it was saved."""

    version: int
    at: datetime.datetime


def over(attempt: Attempt) -> str:
    """What is said of an answer that comes too late."""
    if attempt.submitted_at:
        return "这次答题已经交卷，这一题没有记下。交卷以前保存的都算数。"
    return "答题时间到了，这一题没有记下。到时以前保存的都算数。"


def answer(
    attempt: Attempt,
    contest: Contest,
    number: int,
    letters: list[str],
    *,
    now: datetime.datetime,
    seen: int | None = None,
) -> Saved:
    """Keep the answer to question `number`; the same answer again changes nothing.

    `seen` is the version a browser knew when it could not send: a later answer from elsewhere stands against it.
    Raises Refused: code state after the end, seen for a later answer, guard for what is no answer.
    """
    choice = "".join(letter for letter in LETTERS if letter in letters)
    try:
        with transaction.atomic():
            held = Attempt.objects.select_for_update().get(pk=attempt.pk)
            if held.is_over(now):
                raise Refused(over(held), "state")
            item = _item(contest, held, number)
            _require_answer(item.question, choice, letters)
            return _keep(held, item, choice, now, seen)
    except IntegrityError as late:
        # between the look at the clock and the writing the time ran out: the database said so
        raise Refused(over(attempt), "state") from late


def _item(contest: Contest, attempt: Attempt, number: int) -> PaperQuestion:
    rows = PaperQuestion.objects.select_related("question")
    return rows.get(paper=contest.paper_id, position=attempt.order[number - 1])


def _require_answer(question: Any, choice: str, letters: list[str]) -> None:
    offered = set(LETTERS[: len(question.options)])
    if not set(letters) <= offered or (question.kind != QuestionKind.MULTIPLE and len(choice) > 1):
        raise Refused("请从列出的选项里选，单选题和判断题只选一个。", "guard")


def _keep(
    attempt: Attempt, item: PaperQuestion, choice: str, now: datetime.datetime, seen: int | None
) -> Saved:
    given = GivenAnswer.objects.filter(attempt=attempt, item=item).first()
    if given is None:
        GivenAnswer.objects.create(attempt=attempt, item=item, choice=choice, saved_at=now)
        return Saved(1, now)
    if given.choice == choice:
        return Saved(given.version, given.saved_at)
    if seen is not None and given.version > seen:
        raise Refused("这道题您后来在别处又答过，保留后面那一次的。", "seen")
    given.choice, given.version, given.saved_at = choice, given.version + 1, now
    given.save(update_fields=["choice", "version", "saved_at"])
    return Saved(given.version, now)


@transaction.atomic
def hand_in(attempt: Attempt, *, now: datetime.datetime) -> Attempt:
    """Hand in once; pressed again, or after the end, nothing changes."""
    held = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if not held.is_over(now):
        # an answer that got the row first may have come a moment later: it was before the handing in all the same
        last = GivenAnswer.objects.filter(attempt=held).aggregate(at=Max("saved_at"))["at"]
        held.submitted_at = max(now, last or now)
        held.save(update_fields=["submitted_at"])
    return held


def result_of(contest: Contest, attempts: list[Any], now: datetime.datetime) -> Any | None:
    """The attempt that counts, of those that are over."""
    over_now = [attempt for attempt in attempts if attempt.is_over(now)]
    sats = [
        scoring.Sat(attempt.entrant_id, 0, attempt.number, attempt.score, attempt.answered)
        for attempt in over_now
    ]
    found = scoring.counted(sats, counts=contest.counts)
    return next((a for a in over_now if found and a.number == found[0].number), None)


@transaction.atomic
def certificate_of(
    entrant: Entrant, contest: Contest, *, now: datetime.datetime
) -> ContestCertificate | None:
    """The certificate of the attempt that counts: the one that was issued, or a new one; None where it is not earned."""
    Entrant.objects.select_for_update(of=("self",)).get(pk=entrant.pk)
    issued = ContestCertificate.objects.filter(attempt__entrant=entrant).first()
    if issued is not None:
        return issued
    counts = result_of(contest, attempts_of(entrant), now)
    if counts is None or not scoring.reaches(
        counts.score, counting.full_points(contest), contest.pass_percent
    ):
        return None
    number = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    return ContestCertificate.objects.create(attempt=counts, number=number, issued_at=now)
