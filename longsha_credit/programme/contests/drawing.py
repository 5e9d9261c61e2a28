"""Drawing the paper by the contest's rule from the questions in use, and the checksum that goes public with it."""

import hashlib
import secrets
from typing import Any

from longsha_credit.programme.models import Contest, ContestPaper, PaperQuestion, Question, QuestionKind
from longsha_credit.publication.registry import canonical_json

ORDER = (QuestionKind.TRUTH, QuestionKind.SINGLE, QuestionKind.MULTIPLE)
chance = secrets.SystemRandom()


def _choose(contest: Contest) -> tuple[list[tuple[Question, int]], list[str]]:
    """Questions with their points, and for each row of the rule that asks for more than there are a sentence."""
    bank = list(Question.objects.for_contests_of(contest.organisation))
    chance.shuffle(bank)
    chosen: list[tuple[Question, int]] = []
    short = []
    # what asks for a category is served first; what takes any takes of what is left
    for draw in sorted(contest.draws.all(), key=lambda draw: not draw.category):
        taken = {question.pk for question, _ in chosen}
        fitting = [
            one
            for one in bank
            if one.kind == draw.kind and draw.category in ("", one.category) and one.pk not in taken
        ]
        if len(fitting) < draw.number:
            short.append(
                f"“{draw}”抽不够：题库里能用的只有{len(fitting)}道，请补题、核对启用，或改抽题规则。"
            )
        chosen += [(one, draw.points) for one in fitting[: draw.number]]
    return chosen, short


def shortages(contest: Contest) -> list[str]:
    """What stands against drawing by this rule."""
    return _choose(contest)[1]


def draw(contest: Contest) -> ContestPaper:
    """A new paper of the contest: drawn by chance, true-or-false first, with a salt so that nobody guesses it."""
    chosen, _ = _choose(contest)
    chosen.sort(key=lambda pair: ORDER.index(QuestionKind(pair[0].kind)))
    salt = secrets.token_hex(16)
    text = canonical([(at, points, question) for at, (question, points) in enumerate(chosen, start=1)])
    paper = ContestPaper.objects.create(contest=contest, salt=salt, sha256=checksum(salt, text))
    PaperQuestion.objects.bulk_create(
        PaperQuestion(paper=paper, position=at, question=question, points=points)
        for at, (question, points) in enumerate(chosen, start=1)
    )
    return paper


def canonical(rows: list[tuple[int, int, Question]]) -> str:
    """The text that is hashed: position, points and content of every question, as JSON, keys sorted, no spaces."""
    return canonical_json([_content(*row) for row in rows])


def canonical_of(paper: ContestPaper) -> str:
    rows = paper.questions.select_related("question").order_by("position")
    return canonical([(row.position, row.points, row.question) for row in rows])


def _content(position: int, points: int, question: Question) -> dict[str, Any]:
    names = ("kind", "category", "text", "options", "right", "explanation", "source")
    return {"position": position, "points": points} | {name: getattr(question, name) for name in names}


def checksum(salt: str, text: str) -> str:
    """SHA-256 of the salt's bytes followed by the text, as hex; anyone can repeat it."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()
