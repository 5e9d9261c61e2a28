"""What stands against a step of a record or of a request about it, and which columns a step writes with the state.

`confirmable` is the one guard for confirming and `publishable` the one for the public notice; `holds` is the part of
the first that must stay true as long as the record is in effect, asked again every night.
"""

import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.deadlines.calendar import add_months
from longsha_credit.directory.models import Level, Membership, Posting, User
from longsha_credit.directory.scope import within
from longsha_credit.exchange.numbering import next_number
from longsha_credit.publication.reasons import fit_for_the_log
from records.models import (
    CONFIRMERS,
    CatalogueItem,
    Decision,
    Disclosure,
    EffectRule,
    Finality,
    Notice,
    NoticeState,
    Outcome,
    Record,
    RecordState,
    RequestState,
)

NOT_FILER = {
    "created_by_id": "这条记录是您填报的，须由另一个人核实。",
    "submitted_by_id": "这条记录是您提交的，须由另一个人核实。",
}


def _wrote(user: Any, record: str = "pk") -> Q:
    drafts = Entry.objects.filter(
        step="draft",
        actor=user.pk,
        object_kind=Record._meta.label_lower,
        object_id=Cast(OuterRef(record), CharField()),
    )
    return Q(Exists(drafts))


def _is_about(user: Any, of: str = "") -> Q:
    """Records of which this user is the subject: as the official, or as who holds the post now."""
    if user.official_id is None:
        return Q(pk__in=[])
    held = Posting.objects.current().filter(official=user.official_id).values("post")
    return Q(**{f"{of}official": user.official_id}) | Q(**{f"{of}organisation__in": held})


NOT_WRITER = (
    lambda user: _wrote(user) | _is_about(user),
    "您改过这条记录，或者它记的就是您，须由另一个人核实。",
)
NOT_SUBJECT = (_is_about, "这条记录记的就是您，须由另一个人办理。")


def writers_of(record: Record) -> list[Any]:
    """Everybody who wrote in the draft of a record."""
    wrote = Entry.objects.about(record).filter(step="draft").values("actor")
    return list(User.objects.filter(pk__in=wrote))


# What the guard names as missing, and the field of the form it stands in.
REQUIRED = {
    "document_number": "没有文号。",
    "issuing_body": "没有作出机关。",
    "decided_on": "没有作出日期。",
    "effective_from": "没有生效日期。",
    "effective_until": "没有写明有效期到哪一天。",
}


def holds(record: Record, today: datetime.date) -> list[str]:
    """Everything a record in effect must have; each sentence names one thing that is missing or wrong."""
    item = record.item
    problems = [sentence for name, sentence in REQUIRED.items() if not getattr(record, name)]
    if not record.files.exists():
        problems.append(f"没有证据文件，这个事项要有：{item.evidence}。")
    if record.decided_on and record.decided_on > today:
        problems.append("作出日期晚于今天。")
    if record.decided_on and record.effective_from and record.effective_from < record.decided_on:
        problems.append("生效日期早于决定作出的日期。")
    return problems + _period_problems(record, item)


def _period_problems(record: Record, item: CatalogueItem) -> list[str]:
    start, end = record.effective_from, record.effective_until
    if not (start and end):
        return []
    last = add_months(start, item.effect_months)
    if item.effect_rule == EffectRule.FIXED and end != last:
        return [f"有效期应当到{last:%Y-%m-%d}（{item.effect_months}个月，{item.effect_basis}）。"]
    if end > last:
        return [f"有效期最长到{last:%Y-%m-%d}（{item.effect_months}个月，{item.effect_basis}）。"]
    return ["有效期的最后一天要晚于生效日期。"] if end <= start else []


def confirmable(record: Record, today: datetime.date) -> list[str]:
    """Stands against submitting and confirming; every missing thing is named."""
    problems = holds(record, today)
    if not CatalogueItem.objects.in_use().filter(pk=record.item_id).exists():
        problems.append("清单里这个事项已经修改或停用，请按现行清单重新选择事项。")
    if record.finality == Finality.PENDING:
        if not record.item.may_be_pending:
            problems.append("这个事项只记已经生效的决定。")
        elif not record.next_check_on or record.next_check_on <= today:
            problems.append("决定还没有生效的，要写明今天以后的下次复查日期。")
    elif record.effective_until and record.effective_until < today:
        problems.append("有效期已经过了，不用再记。")
    if not record.is_about_a_person and record.organisation.valid_to:
        problems.append("这个单位已停用。")
    return problems + _correction_problems(record, today)


def nothing_asked(record: Record, today: datetime.date) -> list[str]:
    """A version ends by correction or repair only when nothing its subject asked for is left open."""
    if record.objections.open().exists() or record.repairs.open().exists():
        return ["主体的异议或修复申请还没有办结，请先办结。"]
    return []


def _correction_problems(record: Record, today: datetime.date) -> list[str]:
    old = record.corrects
    if old is None:
        return []
    problems = []
    if old.state not in (RecordState.CONFIRMED, RecordState.EFFECTIVE):
        problems.append(f"要更正的那一版现在是“{old.get_state_display()}”，不能更正。")
    problems += nothing_asked(old, today)
    if not corrected_fields(record) and set(record.files.all()) == set(old.files.all()):
        problems.append("和现行版本一样，没有可更正的。")
    return problems


CORRECTABLE = (
    *("item_id", "part", "title", "facts", "document_number", "issuing_body", "decided_on", "finality"),
    *("next_check_on", "effective_from", "effective_until"),
)


def corrected_fields(record: Record) -> list[str]:
    """Columns in which a correction differs from the version it corrects."""
    return [name for name in CORRECTABLE if getattr(record, name) != getattr(record.corrects, name)]


def publishable(notice: Notice, today: datetime.date) -> list[str]:
    """Stands against making a record public; every missing thing is named."""
    record, problems = notice.record, []
    if record.state != RecordState.EFFECTIVE:
        problems.append(f"记录现在是“{record.get_state_display()}”，只有有效的记录才公示。")
    if record.disclosure != "public" or record.organisation.level == Level.POST:
        problems.append("这条记录的公开层级不是社会公开。")
    if record.objections.open().exists():
        problems.append("主体提出了异议，办结以前不新公示。")
    taken_down = Notice.objects.filter(record__number=record.number, state=NoticeState.ENDED)
    if taken_down.exists():
        problems.append("这个编号的公示已经撤下，不能再公示；确需公示的，撤销后重新填报。")
    return problems + holds(record, today)


def gets_number(taken: Taken) -> dict[str, Any]:
    """On the first submission JL, the year and a serial of six digits; a correction keeps the number of its chain."""
    record = taken.obj
    columns = {"submitted_by": taken.by, "return_reason": "", "flagged": {}}
    if record.number:
        return columns
    if record.corrects_id:
        return columns | {"number": record.corrects.number, "version": record.version}
    return columns | {"number": next_number(Record, "number", f"JL{taken.today:%Y}", 6)}


def letter_number(model: Any, word: str, year: int) -> str:
    """The number of the document an applicant gets: word, year, serial of four digits."""
    return next_number(model, "number", f"{word}〔{year}〕", 4)


def is_confirmed(taken: Taken) -> dict[str, Any]:
    return {"confirmed_by": taken.by, "confirmed_on": taken.today}


def says_why_returned(taken: Taken) -> dict[str, Any]:
    """A return names the fields with a code each, beside the text."""
    return {"return_reason": taken.reason[:500], "flagged": dict(taken.given.get("flagged") or {})}


def rechecked(taken: Taken) -> dict[str, Any]:
    """The decision has become final, with the days it counts; or it is still open, with the next day to look."""
    given, record = taken.given, taken.obj
    if given.get("finality") == Finality.FINAL:
        record.effective_from = given.get("effective_from") or record.effective_from
        record.effective_until = given.get("effective_until") or record.effective_until
        record.finality = Finality.FINAL
        if problems := holds(record, taken.today):
            raise Refused("".join(problems), "guard")
        return {
            "finality": Finality.FINAL,
            "next_check_on": None,
            "effective_from": record.effective_from,
            "effective_until": record.effective_until,
        }
    if not given.get("next_check_on") or given["next_check_on"] <= taken.today:
        raise Refused("仍未生效的，请写明今天以后的下次复查日期。", "guard")
    return {"next_check_on": given["next_check_on"]}


def is_pending(record: Record, today: datetime.date) -> list[str]:
    return [] if record.finality == Finality.PENDING else ["这个决定已经生效，不用复查。"]


def _revoke_reason(taken: Taken) -> str:
    """Of a public record it stays in the public log."""
    is_public = taken.obj.disclosure == Disclosure.PUBLIC
    return fit_for_the_log(taken.reason) if is_public else taken.reason[:500]


def asks_revocation(taken: Taken) -> dict[str, Any]:
    return {
        "revoke_from": taken.obj.state,
        "revoke_reason": _revoke_reason(taken),
        "revoke_asked_by": taken.by,
    }


def forgets_revocation(taken: Taken) -> dict[str, Any]:
    return {"revoke_from": "", "revoke_reason": "", "revoke_asked_by": None}


def ends(taken: Taken) -> dict[str, Any]:
    return {"ended_on": taken.today, "unsound": ""}


def is_overturned(taken: Taken) -> dict[str, Any]:
    """Revoked by an objection that was right: who looked into it asked, who decided approved."""
    asked = {"revoke_reason": _revoke_reason(taken), "revoke_asked_by": taken.given["asked_by"]}
    return asked | ends(taken)


# requests


def _had_a_hand(user: Any) -> Q:
    hand = Q(record__created_by=user.pk) | Q(record__submitted_by=user.pk) | Q(record__confirmed_by=user.pk)
    return hand | _wrote(user, "record_id") | _is_about(user, "record__")


NOT_OF_THE_RECORD = (_had_a_hand, "您经手过这条记录，或者它记的就是您，须由另一个人办理。")
ONLY_HANDLER = (lambda user: ~Q(handler=user.pk), "由承办人提出处理意见。")
ONLY_APPLICANT = (lambda user: ~Q(filed_by=user.pk), "由申请人本人撤回。")
NOT_APPLICANT = {"filed_by_id": "这是您提出的，须由另一个人办理。"}
NOT_HANDLER = NOT_APPLICANT | {"handler_id": "您是承办人，须由另一个人批准。"}


def is_accepted(taken: Taken) -> dict[str, Any]:
    return {"handler": taken.by}


def handlers(request: Any) -> list[Any]:
    """Who else may look into a request: the district's people without a hand in the record who did not ask for it."""
    seats = Membership.objects.current().filter(
        organisation=request.organisation.district(), role__in=CONFIRMERS, user__is_active=True
    )
    people = User.objects.filter(pk__in=seats.values("user")).order_by("name", "pk")
    rows = type(request).objects.filter(pk=request.pk)
    return [
        user
        for user in people.exclude(pk__in=[request.filed_by_id, request.handler_id])
        if not rows.filter(_had_a_hand(user)).exists()
    ]


def another_may_handle(request: Any, today: datetime.date) -> list[str]:
    if handlers(request):
        return []
    return ["区里没有别的人可以承办：其他人都经手过这条记录。请先增加一名区审核员的账号。"]


def changes_hands(taken: Taken) -> dict[str, Any]:
    """Another handler, under the same rules as the first; the clock runs on."""
    if taken.given.get("handler") not in handlers(taken.obj):
        raise Refused("请选择区里另一个没有经手过这条记录的人承办。", "guard")
    return {"handler": taken.given["handler"]}


def left_alone(user: Any) -> Q:
    """Requests whose handler has left, for those who may hand them on."""
    there = Membership.objects.current().filter(
        user=OuterRef("handler"), user__is_active=True, role__in=CONFIRMERS
    )
    return (
        Q(state=RequestState.HANDLING)
        & ~Exists(there)
        & within(user, CONFIRMERS, "organisation__path")
        & ~Q(filed_by=user.pk)
        & ~_had_a_hand(user)
    )


def outcomes_open(request: Any) -> list[tuple[str, str]]:
    """What may be proposed: of a record that has expired meanwhile no correction, there is nothing left to correct."""
    choices = list(request._meta.get_field("outcome").choices)
    if request.record.state != RecordState.EXPIRED:
        return choices
    return [(value, label) for value, label in choices if value != Outcome.CORRECTED]


def proposes(taken: Taken) -> dict[str, Any]:
    """The handler's outcome and what was found; both are asked for."""
    outcome, finding = taken.given.get("outcome", ""), (taken.given.get("finding") or "").strip()
    if outcome not in dict(outcomes_open(taken.obj)):
        raise Refused("请选择处理意见。", "guard")
    if not finding:
        raise Refused("请写明核查情况，这段话会写进告知书。", "guard")
    return {"outcome": outcome, "finding": finding[:2000]}


def decides(taken: Taken) -> dict[str, Any]:
    return {"decided_by": taken.by, "decided_on": taken.today}


def is_undone(taken: Taken) -> dict[str, Any]:
    return {"outcome": ""}


def record_stands(request: Any, today: datetime.date) -> list[str]:
    """A request is decided about a record that stands."""
    record = request.record
    if record.state in (RecordState.CONFIRMED, RecordState.EFFECTIVE):
        return []
    return [f"记录现在是“{record.get_state_display()}”，先办完那一步。"]


def may_be_answered(objection: Any, today: datetime.date) -> list[str]:
    """An objection raised in time is answered also when its record has expired meanwhile."""
    if objection.record.state != RecordState.EXPIRED:
        return record_stands(objection, today)
    if objection.outcome == Outcome.CORRECTED:
        return ["记录已经到期，不能再更正。请退回承办人，改为维持或撤销。"]
    return []


def may_be_repaired(repair: Any, today: datetime.date) -> list[str]:
    """Stands against granting what the second person is about to grant."""
    problems = record_stands(repair, today)
    if repair.outcome == Decision.GRANTED:
        if not repair.files.exists():
            problems.append("没有履行完毕的证明。")
        if repair.record.objections.open().exists():
            problems.append("这条记录的异议还没有办结，先办异议。")
    return problems


def repair_refusal(record: Record, today: datetime.date) -> str | None:
    """Why repair may not be asked for now, or None."""
    if not record.repairable:
        return "这个事项不适用信用修复。处分期满由系统自动解除，其他记录到期自动终止。"
    if record.state != RecordState.EFFECTIVE:
        return f"记录现在是“{record.get_state_display()}”，有效期内才能申请修复。"
    first = add_months(record.effective_from or today, record.repair_min_months)
    if today < first:
        return f"最短期限{record.repair_min_months}个月还没有满，{first:%Y-%m-%d}起可以申请修复。"
    if record.repairs.open().exists():
        return "已有一份修复申请在办理。"
    return None


def objection_refusal(record: Record, today: datetime.date) -> str | None:
    """Why an objection may not be raised now, or None."""
    if record.state not in (RecordState.CONFIRMED, RecordState.EFFECTIVE, RecordState.REVOKING):
        return f"记录现在是“{record.get_state_display()}”，不再影响您，不用提异议。"
    return "已有一份异议在办理。" if record.objections.open().exists() else None


FAVOURABLE = (Outcome.CORRECTED, Outcome.REVOKED, Decision.GRANTED)
