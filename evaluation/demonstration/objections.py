"""Objections to candidates: taken in from residents without an account and from units, looked up again by their code."""

import datetime
import json
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.http import Http404

from commitments.supervision import vault
from commitments.supervision.services import typed_code
from evaluation.demonstration import clocks
from evaluation.demonstration.conditions import place_of
from evaluation.demonstration.flows import DISTRICT
from evaluation.models import Application, CandidateNotice, NoticeObjection
from longsha_credit.audit.context import nobody_in_particular
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.deadlines import services as deadlines
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange.numbering import next_number
from longsha_credit.publication.gate import WRITERS


@dataclass(frozen=True)
class Receipt:
    """What who objects takes along: shown once, and again only to the form that was sent."""

    number: str
    code: str
    phrase: str
    until: datetime.date


def file(
    notice: CandidateNotice,
    application: Application,
    *,
    words: str,
    name: str = "",
    contact: str = "",
    token: str,
    today: datetime.date,
    unit: Organisation | None = None,
    by: Any = None,
) -> Receipt:
    """Take in an objection while the notice runs; the same form sent twice is one. `unit` where an office objects.

    Raises Refused after the time for objections, Http404 for a unit that is not `by`'s.
    """
    if unit is not None:
        require_within(by, unit, WRITERS)
    with nobody_in_particular(), transaction.atomic():
        mark = vault.form_hash(token)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [mark])
        code, phrase = vault.code_and_phrase(token)
        it = NoticeObjection.objects.filter(form_hash=mark).first()
        if it is None:
            _still_running(notice, application, today)
            it = _new(
                notice,
                application,
                words,
                {"name": name, "contact": contact},
                (code, phrase),
                mark,
                today,
                unit,
            )
            record(it, step="file", label="收到异议", by=by)
            clocks.objected(it, today=today)
        due = deadlines.of(it).get(rule_key=clocks.OBJECTION).due_on
    return Receipt(it.number, code, phrase, due)


def was_received(token: str) -> bool:
    """Whether this very form came before."""
    return NoticeObjection.objects.filter(form_hash=vault.form_hash(token)).exists()


def _still_running(notice: CandidateNotice, application: Application, today: datetime.date) -> None:
    now = CandidateNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if not now.is_running(today) or application.notice_id != now.pk:
        raise Refused("公示期已经过了，或者公示已经撤下，不能再从这里提异议。可以改走“投诉建议”。", "state")


def _new(
    notice: CandidateNotice, application: Application, words: str, identity: dict[str, str],
    pair: tuple[str, str], mark: str, today: datetime.date, unit: Organisation | None,
) -> NoticeObjection:  # fmt: skip
    left = {key: value.strip() for key, value in identity.items() if value.strip()}
    it = NoticeObjection(
        number=next_number(NoticeObjection, "number", f"YY{today:%Y}", 6),
        notice=notice, application=application, organisation=notice.organisation, by_unit=unit, filed_on=today,
        code_hash=vault.code_hash(pair[0]), phrase_hash=make_password(pair[1]), form_hash=mark,
    )  # fmt: skip
    it.words = vault.seal(words.strip(), place_of(it, "words"))
    if left:
        it.identity = vault.seal(json.dumps(left, ensure_ascii=False), place_of(it, "identity"))
    it.save()
    return it


def find(code: str, phrase: str) -> NoticeObjection | None:
    """The objection of a code and its pass phrase; a wrong code takes as long as a wrong phrase."""
    phrase = typed_code(phrase)
    it = NoticeObjection.objects.with_names().filter(code_hash=vault.code_hash(typed_code(code))).first()
    if it is None:
        make_password(phrase)
        return None
    return it if check_password(phrase, it.phrase_hash) else None


def read(it: NoticeObjection, *, by: Any) -> dict[str, str]:
    """Words, name and contact for who handles it; each reading is an entry. Raises Http404."""
    if (
        by.role_at(DISTRICT, it.organisation.path) is None
        or it.application.organisation_id in by.units_sat_in
    ):
        raise Http404
    record(it, step="read", label="看原文", by=by, roles=DISTRICT)
    identity = vault.open_sealed(it.identity, place_of(it, "identity")) if it.identity else "{}"
    return {"words": vault.open_sealed(it.words, place_of(it, "words")), **json.loads(identity)}


def reply_of(it: NoticeObjection) -> str:
    """The answer in words; "" before there is one."""
    return vault.open_sealed(it.reply, place_of(it, "reply")) if it.reply else ""
