"""Opinions before honours and appointments: found for any number of subjects at once, issued, and verified."""

import datetime
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Official, Organisation, Posting
from longsha_credit.directory.scope import require_within
from records.conditions import letter_number
from records.models import Record, RecordState
from records.models.opinions import ISSUERS, Finding, Opinion, Purpose

# Without 0, 1, I and O, which are read wrong from paper.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
MOST = 200


@dataclass(frozen=True)
class Subject:
    """Whom an opinion is about: a unit, or an official of one."""

    organisation: Organisation
    official: Official | None = None

    @property
    def name(self) -> str:
        return self.official.name if self.official else self.organisation.name

    @property
    def key(self) -> tuple[int, int | None]:
        return self.organisation.pk, self.official.pk if self.official else None


def findings(subjects: list[Subject]) -> dict[tuple[int, int | None], str]:
    """What the records say of each subject, by its key; two queries for all of them.

    Own breaches count while in effect, an official's with those of the post held now; one repaired says so. What expired, was revoked or corrected, is not final
    or only mentions the subject does not count.
    """
    officials = [s.official.pk for s in subjects if s.official]
    units = [s.organisation.pk for s in subjects if not s.official]
    posts = dict(Posting.objects.current().filter(official__in=officials).values_list("post", "official"))
    rows = (
        Record.objects.breaches()
        .filter(Q(official__in=officials) | Q(official=None, organisation__in=[*units, *posts]))
        .filter(state__in=[RecordState.EFFECTIVE, RecordState.REVOKING, RecordState.REPAIRED])
        .values_list("organisation", "official", "state")
    )
    found: dict[Any, str] = {}
    for unit, official, state in rows:
        holder = official or posts.get(unit)
        key = ("official", holder) if holder else ("unit", unit)
        worse = state != RecordState.REPAIRED or found.get(key) == Finding.UNREPAIRED
        found[key] = Finding.UNREPAIRED if worse else Finding.REPAIRED
    return {s.key: found.get(_found_under(s), Finding.NONE) for s in subjects}


def _found_under(subject: Subject) -> tuple[str, int]:
    """An official's records follow him from one unit to the next."""
    return ("official", subject.official.pk) if subject.official else ("unit", subject.organisation.pk)


@transaction.atomic
def issue(
    subjects: list[Subject], *, by: Any, today: datetime.date, purpose: str, note: str
) -> list[Opinion]:
    """An opinion for each subject, numbered, with a random code. Raises Http404 outside `by`'s district, Refused."""
    if not subjects:
        raise Refused("请至少选择一个核查对象。", "guard")
    if len(subjects) > MOST:
        raise Refused(f"一次最多核查{MOST}个对象，现在有{len(subjects)}个，请分几次办理。", "guard")
    if not note.strip():
        raise Refused("请写明核查用在什么事项上，例如：2026年度先进社区评选。", "reason")
    for subject in subjects:
        require_within(by, subject.organisation, ISSUERS)
        if subject.official and subject.official.organisation_id != subject.organisation.pk:
            raise Http404
    found = findings(subjects)
    return [_issue_one(s, found[s.key], by, today, purpose, note.strip()[:200]) for s in subjects]


def _issue_one(
    subject: Subject, finding: str, by: Any, today: datetime.date, purpose: str, note: str
) -> Opinion:
    number = letter_number(Opinion, "核查", today.year)
    text = (
        f"{number}\n{subject.name}：\n用于{Purpose(purpose).label}（{note}）。"
        f"截至{today:%Y-%m-%d}，经查本区诚信记录：{Finding(finding).label}。"
    )
    opinion = Opinion.objects.create(
        number=number,
        code="".join(secrets.choice(ALPHABET) for _ in range(12)),
        organisation=subject.organisation,
        official=subject.official,
        subject_name=subject.name,
        purpose=purpose,
        purpose_note=note,
        finding=finding,
        text=text,
        content_hash=_hash(text),
        issued_by=by,
        issued_on=today,
    )
    record(opinion, step="issue", label="出具核查意见", by=by, roles=ISSUERS, reason=note)
    return opinion


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def verify(number: str, code: str) -> tuple[datetime.date, bool] | None:
    """The day an opinion was issued and whether its text is unaltered; None where number and code do not fit.

    Never says about whom it is or what it found.
    """
    opinion = Opinion.objects.filter(number=number.replace("\x00", "").strip()).first()
    if opinion is None or not secrets.compare_digest(opinion.code.encode(), code.strip().upper().encode()):
        return None
    return opinion.issued_on, _hash(opinion.text) == opinion.content_hash
