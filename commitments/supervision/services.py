"""Every change of residents' cases apart from the steps of their flows: filed, looked up, answered, sent on, opened."""

import datetime
import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.http import Http404

from commitments.models import (
    Case,
    CaseKind,
    CaseSecret,
    CaseState,
    Closing,
    IdentityOpening,
    Obligation,
    Rating,
    SlipState,
    TransferSlip,
)
from commitments.models.cases import HANDLERS
from commitments.models.ratings import SATISFIED
from commitments.supervision import checks, clocks, conditions, vault
from commitments.supervision.flows import FLOW, OPENING, SLIP
from longsha_credit.audit.context import nobody_in_particular
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.deadlines import services as deadlines
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.exchange.numbering import next_number

COPIED = 20  # so many characters in a row are a quotation
SLIPS_FROM = (CaseState.ACCEPTED, CaseState.REHANDLING)


@dataclass(frozen=True)
class Receipt:
    """What a resident takes along: shown once, and again only to the form that was sent."""

    code: str
    phrase: str
    kind: str
    about: Organisation
    handler: Organisation
    until: datetime.date


def handler_of(about: Organisation) -> Organisation | None:
    """The street above a community or window, the district above a street; None for the district itself."""
    above = [int(part) for part in about.path.strip("/").split("/")[:-1]]
    units = Organisation.objects.in_force().filter(pk__in=above, level__in=[Level.DISTRICT, Level.STREET])
    return units.order_by("-path").first()


def file_case(
    *,
    kind: str,
    about: Organisation,
    obligation: Obligation | None,
    words: str,
    name: str,
    contact: str,
    token: str,
    today: datetime.date,
) -> Receipt:
    """Take in what a resident says; the same form sent twice is one case and one receipt. Raises Refused."""
    handler = handler_of(about)
    if handler is None or about.level == Level.POST:
        raise Refused("这里不能办对这个单位的反映。", "guard")
    with nobody_in_particular(), transaction.atomic():
        code, phrase = vault.code_and_phrase(token)
        _one_at_a_time(vault.form_hash(token))
        secret = CaseSecret.objects.select_related("case").filter(form_hash=vault.form_hash(token)).first()
        case = secret.case if secret else None
        if case is None:
            case = _new_case(kind, about, obligation, handler, today)
            _keep_secret(case, words, {"name": name, "contact": contact}, code, phrase, token)
            clocks.filed(case, today=today)
            record(case, step="file", label="收到来件", by=None)
        until = deadlines.of(case).get(rule_key=clocks.ACCEPT).due_on
    return Receipt(code, phrase, case.get_kind_display(), case.about, handler, until)


def was_received(token: str) -> bool:
    """Whether this very form came before: the button was pressed twice, or the page sent again."""
    mark = vault.form_hash(token)
    filed = CaseSecret.objects.filter(form_hash=mark).exists()
    return filed or Rating.objects.filter(form_hash=mark).exists()


def _one_at_a_time(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def _new_case(kind: str, about: Any, obligation: Any, handler: Any, today: datetime.date) -> Case:
    return Case.objects.create(
        kind=CaseKind(kind),
        about=about,
        obligation=obligation,
        organisation=handler,
        number=next_number(Case, "number", f"LJ{today:%Y}", 6),
        filed_on=today,
    )


def _keep_secret(
    case: Case, words: str, identity: dict[str, str], code: str, phrase: str, token: str
) -> None:
    left = {key: value.strip() for key, value in identity.items() if value.strip()}
    sealed = (
        vault.seal(json.dumps(left, ensure_ascii=False), conditions.place_of_identity(case)) if left else ""
    )
    CaseSecret.objects.create(
        case=case,
        words=vault.seal(words, conditions.place_of_words(case)),
        identity=sealed,
        code_hash=vault.code_hash(code),
        phrase_hash=make_password(phrase),
        form_hash=vault.form_hash(token),
    )


def typed_code(text: str) -> str:
    """A query code as it was given out, from what people type: any width, small letters, gaps."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in plain if letter.isalnum())[:40]


def find_case(code: str, phrase: str) -> Case | None:
    """The case of a query code and its pass phrase; a wrong code takes as long as a wrong phrase."""
    phrase = typed_code(phrase)
    secret = CaseSecret.objects.filter(code_hash=vault.code_hash(typed_code(code))).first()
    if secret is None:
        make_password(phrase)
        return None
    if not check_password(phrase, secret.phrase_hash):
        return None
    return Case.objects.with_names().get(pk=secret.case_id)


@transaction.atomic
def answer(case: Case, *, level: str, today: datetime.date) -> None:
    """The resident's word on the reply: whoever is not satisfied the first time is heard once more by the district.

    Raises Refused where nothing is asked any more.
    """
    with nobody_in_particular():
        satisfied, number = level in SATISFIED, case.rounds
        if not satisfied and number == 1:
            FLOW.take(case, "again", by=None, today=today)
        else:
            closing = Closing.SATISFIED if satisfied else Closing.UNSATISFIED
            FLOW.take(case, "close", by=None, today=today, closing=closing)
        Rating.objects.create(
            organisation=case.about,
            obligation=case.obligation,
            case=case,
            number=number,
            level=level,
            rated_on=today,
        )


def rate(
    *, about: Organisation, obligation: Obligation | None, level: str, token: str, today: datetime.date
) -> None:
    """An open rating: one of five levels, the day, and nothing of who left it; the same form counts once."""
    mark = vault.form_hash(token)
    with nobody_in_particular(), transaction.atomic():
        _one_at_a_time(mark)
        if not Rating.objects.filter(form_hash=mark).exists():
            Rating.objects.create(
                organisation=about, obligation=obligation, level=level, rated_on=today, form_hash=mark
            )


def close_unanswered(*, today: datetime.date) -> int:
    """Cases whose follow-up nobody answered in its days are over; gives how many."""
    closed = 0
    for pk in clocks.overdue_follow_ups(today=today):
        case = Case.objects.get(pk=pk)
        try:
            FLOW.take(case, "close", by=None, today=today, closing=Closing.UNANSWERED)
        except Refused:
            continue  # answered at this very moment
        closed += 1
    return closed


def _require_handler(case: Case, by: Any) -> None:
    """Raises Http404 for who does not handle the case, and for who sits in the unit it is about."""
    if by.role_at(HANDLERS, case.organisation.path) is None or case.about_id in by.units_sat_in:
        raise Http404


def read_words(case: Case, *, by: Any) -> str:
    """What the resident wrote; each reading is an entry. Raises Http404."""
    _require_handler(case, by)
    record(case, step="read", label="看原文", by=by, roles=HANDLERS)
    return vault.open_sealed(case.secret.words, conditions.place_of_words(case))


def replies_of(case: Case, *, sent_only: bool) -> list[dict[str, Any]]:
    """The replies with their findings; a resident gets only what was approved."""
    rows = case.replies.exclude(sent_on=None) if sent_only else case.replies.all()
    return [
        {
            "number": reply.number,
            "finding": reply.get_finding_display(),
            "sent_on": reply.sent_on,
            "text": vault.open_sealed(reply.words, conditions.place_of_reply(case, reply.number)),
        }
        for reply in rows
    ]


def ask_identity(case: Case, *, by: Any, reason: str, today: datetime.date) -> IdentityOpening:
    """Ask to see who is behind a case; another person has to consent. Raises Http404, Refused."""
    _require_handler(case, by)
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=case.pk)
        if refusal := conditions.may_ask_identity(case):
            raise Refused(refusal, "guard")
        if not reason.strip():
            raise Refused("请写明为什么要知道反映人是谁。", "reason")
        conditions.no_numbers("理由", reason)
        opening = IdentityOpening.objects.create(
            case=case,
            organisation=case.organisation,
            reason=reason.strip()[:300],
            asked_by=by,
            asked_on=today,
        )
        record(opening, step="ask", label="申请查看身份", by=by, roles=HANDLERS, reason=reason)
    return opening


def open_identity(opening: IdentityOpening, *, by: Any) -> dict[str, str]:
    """Name and contact, once, for the asker, after another consented. Raises Refused."""
    OPENING.take(opening, "open", by=by)
    return _identity(opening.case)


def _identity(case: Case) -> dict[str, str]:
    sealed = case.secret.identity
    return json.loads(vault.open_sealed(sealed, conditions.place_of_identity(case))) if sealed else {}


def send_slip(case: Case, *, text: str, by: Any, today: datetime.date) -> TransferSlip:
    """Ask the unit a case is about for its side, in words of the handler's own. Raises Http404, Refused."""
    _require_handler(case, by)
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).with_names().get(pk=case.pk)
        if case.state not in SLIPS_FROM:
            raise Refused(f"现在是“{case.get_state_display()}”，不能转办。", "state")
        if TransferSlip.objects.open().filter(case=case).exists():
            raise Refused("已有一份转办单在等报送情况。", "state")
        _must_not_betray(case, text)
        slip = TransferSlip.objects.create(
            case=case,
            organisation=case.about,
            sender=case.organisation,
            number=next_number(TransferSlip, "number", f"转办〔{today.year}〕", 4),
            text=text.strip(),
            sent_by=by,
            sent_on=today,
        )
        clocks.slip_sent(slip, today=today)
        record(slip, step="send", label="发出转办单", by=by, roles=HANDLERS)
        record(case, step="send_slip", label="发出转办单", by=by, roles=HANDLERS)
    return slip


def _must_not_betray(case: Case, text: str) -> None:
    """The machine looks where the handler may have slipped; it shows nobody anything."""
    conditions.no_numbers("转办单", text)
    if checks.names_somebody(text, _identity(case)):
        raise Refused("转办单里有反映人留下的姓名或联系方式，请删去。", "guard")
    words = vault.open_sealed(case.secret.words, conditions.place_of_words(case))
    if checks.quotes(words, text, COPIED):
        raise Refused("转办单里有一段和居民的原话一样，被反映的单位可能认出是谁，请换成您自己的话。", "guard")


def recall_slip(slip: TransferSlip, *, by: Any, today: datetime.date) -> None:
    """Take back a slip nobody answered. Raises Http404, Refused."""
    case = Case.objects.with_names().get(pk=slip.case_id)
    _require_handler(case, by)
    if slip.state != SlipState.SENT:
        raise Refused(f"转办单{slip.get_state_display()}，不能收回。", "state")
    SLIP.take(slip, "recall", by=by, today=today)
