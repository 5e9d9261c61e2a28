"""Every change of a handover apart from the steps of its flow: begun, listed anew, confirmed, disputed, signed on paper."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from commitments.handover import clocks, collecting, conditions
from commitments.handover.conditions import WITNESSES
from commitments.handover.flows import say
from commitments.models import (
    Handover,
    HandoverItem,
    HandoverNote,
    HandoverState,
    PaperState,
    Party,
    SignedPaper,
)
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory import postings
from longsha_credit.directory.models import FormerName, Official, Organisation, Posting
from longsha_credit.directory.postings import KEEPS_POSTS, NAMES_UNITS
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange.numbering import next_number
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.publication import door

PURPOSE = "handover"
TWICE = "这次离任已经登记，请到交接页面办理。"


@transaction.atomic
def start_handover(
    posting: Posting,
    *,
    leaves_on: datetime.date,
    cause: str,
    by: Any,
    today: datetime.date,
    incoming: Official | None = None,
) -> Handover:
    """Register that somebody leaves a post and list what is open there. Raises Refused, Http404."""
    unit = posting.unit
    require_within(by, unit)
    if not postings.may_keep(by, unit):
        raise Refused("离任由本单位负责人或区信用办管理员登记，请联系他们。", "role")
    held = Posting.objects.select_related("official", "post__parent").select_for_update(of=("self",))
    posting = held.get(pk=posting.pk)
    if posting.ended_on:
        raise Refused("这次任职已经结束，请刷新页面看最新情况。", "state")
    if Handover.objects.open().filter(organisation=unit, posting=None).exists():
        raise Refused(f"{unit}正在撤并，任职随撤并的交接一起结束。", "state")
    if leaves_on < posting.started_on:
        raise Refused(f"{posting.started_on:%Y-%m-%d}才到任，离任日期不能早于这一天。", "guard")
    handover = Handover(
        posting=posting, organisation=unit, outgoing=posting.official, incoming=incoming, leaves_on=leaves_on
    )
    return _begin(handover, cause=cause, by=by, today=today, label="登记离任")


@transaction.atomic
def start_merger(
    unit: Organisation,
    successor: Organisation,
    *,
    leaves_on: datetime.date,
    cause: str,
    basis: str,
    by: Any,
    today: datetime.date,
) -> Handover:
    """Register that a unit ends and which one goes on for it; between their leads, under the district.

    Raises Refused, Http404.
    """
    require_within(by, unit)
    if by.role_at(NAMES_UNITS, unit.district().path) is None:
        raise Refused("单位撤并由区信用办管理员凭文件登记，请联系他们。", "role")
    _may_follow(unit, successor)
    if not basis.strip():
        raise Refused("请写明撤并依据的文件名称和文号。", "reason")
    handover = Handover(
        organisation=unit,
        successor=successor,
        outgoing=_lead_of(unit),
        incoming=_lead_of(successor),
        leaves_on=leaves_on,
    )
    return _begin(handover, cause=cause, by=by, today=today, label="登记撤并", reason=basis.strip())


def _may_follow(unit: Organisation, successor: Organisation) -> None:
    if unit.valid_to or successor.valid_to:
        raise Refused("已停用的单位不能再并入或接续，请核对。", "state")
    same_district = unit.path.split("/")[1] == successor.path.split("/")[1]
    if unit.level in ("district", "post") or unit.level != successor.level or not same_district:
        raise Refused("只能并入本区同一层级的单位，请核对。", "guard")
    if unit.pk == successor.pk:
        raise Refused("不能并入自己，请选择另一个单位。", "guard")
    going_on = Handover.objects.open()
    if going_on.filter(organisation=unit, posting__isnull=False).exists():
        raise Refused("这个单位还有离任交接没有办完，请先办完或取消。", "state")
    if going_on.filter(Q(organisation__in=[unit, successor], posting=None) | Q(successor=unit)).exists():
        raise Refused("两个单位中有一个正在办理撤并，请先办完或取消。", "state")


def _lead_of(unit: Organisation) -> Official | None:
    held = Posting.objects.current().filter(post__parent=unit, post__is_lead_post=True)
    posting = held.select_related("official").first()
    return posting.official if posting else None


def _begin(
    handover: Handover, *, cause: str, by: Any, today: datetime.date, label: str, reason: str = ""
) -> Handover:
    _two_people(handover)
    handover.cause, handover.created_by, handover.created_on = cause, by, today
    handover.outgoing_name, handover.incoming_name = _name(handover.outgoing), _name(handover.incoming)
    handover.number = next_number(Handover, "number", f"JJ{today.year}", 4)
    try:
        with transaction.atomic():
            handover.save()
    except IntegrityError as problem:
        raise Refused(TWICE, "state") from problem
    record(handover, step="start", label=label, by=by, roles=KEEPS_POSTS, reason=reason)
    collecting.bring_up_to_date(handover, today=today)
    clocks.start(handover, today=today)
    return handover


def _name(official: Official | None) -> str:
    return official.name if official else ""


def _two_people(handover: Handover) -> None:
    if handover.incoming_id and handover.incoming_id == handover.outgoing_id:
        raise Refused("移交人和接交人不能是同一个人，请核对。", "guard")


def _locked(handover: Handover) -> Handover:
    return Handover.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=handover.pk)


@transaction.atomic
def name_successor(handover: Handover, *, incoming: Official, by: Any) -> None:
    """Say who comes, while nobody has confirmed as the one who comes. Raises Refused, Http404."""
    keeps = postings.may_keep(by, handover.organisation)
    if not keeps and Party.WITNESS not in conditions.parties_of(handover, by):
        raise Refused("接交人由本单位负责人、监交人或区信用办管理员登记，请联系他们。", "role")
    locked = _locked(handover)
    conditions.require_open(locked)
    if locked.items.filter(confirmations__party=Party.TAKER).exists():
        raise Refused("接交人已经确认过，不能再换。确实要换的，请区信用办取消这次交接，重新登记。", "state")
    locked.incoming, locked.incoming_name = incoming, incoming.name
    _two_people(locked)
    locked.save(update_fields=["incoming", "incoming_name", "saved_at"])
    record(locked, step="incoming", label="登记接交人", by=by, roles=KEEPS_POSTS, reason=incoming.name)


@transaction.atomic
def refresh(handover: Handover, *, today: datetime.date) -> int:
    """List anew what is open; of a post given up before its successor was known, find the successor."""
    locked = _locked(handover)
    if locked.is_open:
        return collecting.bring_up_to_date(locked, today=today)
    if locked.state == HandoverState.OVERRIDDEN and locked.incoming_id is None and locked.posting_id:
        return _find_successor(locked)
    return 0


def _find_successor(handover: Handover) -> int:
    held = Posting.objects.current().filter(post=handover.post).select_related("official").first()
    if held is None:
        return 0
    handover.incoming, handover.incoming_name = held.official, held.official.name
    handover.save(update_fields=["incoming", "incoming_name", "saved_at"])
    return handover.items.filter(incoming_name="").update(incoming_name=handover.incoming_name)


def refresh_all(*, today: datetime.date) -> int:
    """Every night: what came up and what ended since; gives how many rows changed."""
    waiting = Handover.objects.open() | Handover.objects.filter(
        state=HandoverState.OVERRIDDEN, incoming=None, posting__isnull=False
    )
    return sum(refresh(handover, today=today) for handover in waiting.order_by("pk"))


@transaction.atomic
def confirm(handover: Handover, *, party: str, items: Iterable[int], by: Any) -> int:
    """A party's word for these items; gives for how many it was new. Raises Refused."""
    locked = _locked(handover)
    conditions.require_open(locked)
    _speaks_as(locked, party, by)
    asked = locked.items.filter(pk__in=list(items))
    disputed = HandoverNote.objects.open().filter(item__in=asked, party=party).values("item")
    number = say(locked, asked.exclude(pk__in=disputed), party=party, by=by)
    if not number:
        raise Refused("没有可以确认的事项：没有勾选，或者已经确认过，或者您提的异议还没有处理。", "guard")
    return number


def _speaks_as(handover: Handover, party: str, by: Any) -> None:
    if party not in conditions.parties_of(handover, by):
        label = Party(party).label if party in Party.values else "交接的一方"
        raise Refused(f"您不是这次交接的{label}，不能代他确认。", "role")


@transaction.atomic
def dispute(item: HandoverItem, *, party: str, text: str, by: Any) -> HandoverNote:
    """A party says otherwise about an item; until that is settled the handover is not complete. Raises Refused."""
    locked = _locked(item.handover)
    conditions.require_open(locked)
    _speaks_as(locked, party, by)
    if not text.strip():
        raise Refused("请写明有什么异议。", "reason")
    if item.ended_on:
        raise Refused("这一件已经办结，不用再提异议。", "state")
    if item.confirmations.filter(party=party).exists():
        raise Refused("这一件您已经确认，不能再提异议。", "state")
    note = HandoverNote.objects.create(
        item=item, party=party, text=text.strip()[:500], by=by, by_name=str(by)[:60]
    )
    record(
        locked, step="dispute", label="提出交接异议", by=by, roles=WITNESSES, reason=f"{item}：{note.text}"
    )
    return note


@transaction.atomic
def settle(note: HandoverNote, *, text: str, by: Any) -> None:
    """The witness says how a dispute was settled. Raises Refused."""
    locked = _locked(note.item.handover)
    conditions.require_open(locked)
    if Party.WITNESS not in conditions.parties_of(locked, by):
        raise Refused("异议由监交人处理，请联系上级单位的负责人。", "role")
    if note.by_id == by.pk:
        raise Refused("异议是您提的，须由另一位监交人处理。", "eyes")
    if not text.strip():
        raise Refused("请写明怎样处理。", "reason")
    settled = HandoverNote.objects.open().filter(pk=note.pk)
    if not settled.update(
        settled=text.strip()[:500], settled_by=by, settled_by_name=str(by)[:60], settled_at=timezone.now()
    ):
        raise Refused("这处异议刚刚已经处理，请刷新页面。", "state")
    record(locked, step="settle", label="处理交接异议", by=by, roles=WITNESSES, reason=f"{note.item}：{text}")


@transaction.atomic
def bring_paper(
    handover: Handover, *, party: str, upload: Any, reason: str, by: Any, today: datetime.date
) -> SignedPaper:
    """The witness brings a signed paper in the place of somebody's word; another person of the district approves it.

    Raises Refused, files.checks.Unacceptable.
    """
    locked = _locked(handover)
    conditions.require_open(locked)
    if Party.WITNESS not in conditions.parties_of(locked, by):
        raise Refused("签字件由监交人上传，请联系上级单位的负责人。", "role")
    if party not in (Party.GIVER, Party.TAKER):
        raise Refused("签字件只能代替移交人或接交人的确认。", "guard")
    if party == Party.TAKER and locked.incoming_id is None:
        raise Refused("还没有登记接交人，请先登记。", "guard")
    if not reason.strip():
        raise Refused("请写明为什么用签字件代替。", "reason")
    if locked.papers.filter(party=party, state=PaperState.ASKED).exists():
        raise Refused("已有一份签字件等待批准。", "state")
    paper = SignedPaper.objects.create(
        handover=locked,
        organisation=locked.organisation,
        party=party,
        file=files.store(upload, organisation=locked.organisation, purpose=PURPOSE, by=by),
        reason=reason.strip()[:500],
        asked_by=by,
        asked_on=today,
    )
    label = f"上传{paper.get_party_display()}签字件"
    record(locked, step="paper", label=label, by=by, roles=WITNESSES, reason=paper.reason)
    return paper


@transaction.atomic
def rename_unit(
    unit: Organisation, *, name: str, basis: str, until: datetime.date, by: Any, today: datetime.date
) -> FormerName:
    """A unit is called otherwise; it keeps all it owes, and is found by its new name. Raises as postings.rename."""
    kept = postings.rename(unit, name=name, basis=basis, until=until, by=by, today=today)
    door.reindex_unit(unit)
    return kept


def register() -> None:
    """Who reads signed papers: whoever may open the handover."""
    files.readable(
        PURPOSE,
        lambda user: StoredFile.objects.filter(pk__in=SignedPaper.objects.visible_to(user).values("file")),
    )
