"""What the page of one item shows: its parts, files, clocks, the links its reader may follow and what he may do."""

from django.urls import reverse
from django.utils import timezone

from commitments.models import (
    Case,
    Obligation,
    Postponement,
    Rectification,
    RectificationProgress,
    RectificationSheet,
    RectificationState,
    SheetState,
    StepTextState,
)
from commitments.rectification import checks, services
from commitments.rectification.conditions import FLAGS
from commitments.rectification.flows import FLOW, POSTPONEMENT, PROGRESS, SHEET, SUPERIORS, SWEEP
from commitments.rectification.services import HANDLES
from longsha_credit.audit.history import changes, timeline
from longsha_credit.deadlines.models import Deadline
from longsha_credit.publication.gate import WRITERS, pointed_out
from longsha_credit.publication.models import Review
from records.models import Record

S = RectificationState


def step_url(name, obj):
    return lambda step: reverse(f"rectification:{name}", args=[obj.pk, step])


def desk_files(files):
    """Files with their desk addresses."""
    files = list(files)
    for file in files:
        file.url = reverse("file", args=[file.pk])
    return files


def flagged(item):
    return [FLAGS[code] for code in item.flagged if code in FLAGS]


def context(item, user):
    """Everything on the page of one item."""
    sheets = list(
        item.sheets.exclude(state=SheetState.DISCARDED).select_related(
            "organisation", "publication", "created_by"
        )
    )
    told = list(
        item.progress.exclude(state=StepTextState.DISCARDED)
        .select_related("organisation", "publication", "created_by")
        .prefetch_related("files")
    )
    asked = list(item.postponements.select_related("organisation", "created_by", "decided_by"))
    for part in (*sheets, *told, *asked):
        part.rectification = item
    parts = [item, *sheets, *told, *asked]
    return {
        "item": item,
        "offers": FLOW.available(item, user, url=step_url("step", item)),
        "flagged": flagged(item),
        **rights(item, user, sheets, timezone.localdate()),
        **links(item, user),
        "sheets": [_part(sheet, SHEET, "sheet", user) for sheet in sheets],
        "progress": [
            _part(one, PROGRESS, "progress", user) | {"files": desk_files(one.files.all())} for one in told
        ],
        "postponements": [_part(one, POSTPONEMENT, "postponement", user) for one in asked],
        "slips": list(item.slips.select_related("issued_by", "issued_for")),
        "relapses": list(item.relapses.select_related("by")),
        "files": desk_files(item.files.all()),
        "holders_paper": desk_files([item.confirmation_file])
        if item.confirmation_file_id and user.role_at(HANDLES | SUPERIORS, item.organisation.path)
        else [],
        "reviews": _reviews(sheets, told, user),
        "clocks": _clocks(parts, user),
        "entries": timeline(parts, limit=200),
        "changes": changes(item),
    }


def _part(it, flow, name, user):
    edits = it.state == "draft" and user.role_at(flow.steps["submit"].roles, it.organisation.path)
    return {
        "it": it,
        "offers": flow.available(it, user, url=step_url(f"{name}_step", it)),
        "edit_url": reverse(f"rectification:{name}_edit", args=[it.pk]) if edits else "",
        "returned": pointed_out(it) if it.state == "draft" else None,
    } if flow is not POSTPONEMENT else {
        "it": it,
        "offers": flow.available(it, user, url=step_url(f"{name}_step", it)),
    }  # fmt: skip


def rights(item, user, sheets, today):
    """Which doors besides the steps are open to `user`, and why the one for more time is not."""
    path = item.organisation.path
    writes = user.role_at(WRITERS, path) is not None
    upper = services.stands_above(user, item)
    can_ask = writes and item.state == S.RECTIFYING
    on_its_way = any(sheet.state in ("draft", "in_review") for sheet in sheets)
    taken_down = any(sheet.state in ("withdrawing", "ended") for sheet in sheets)
    return {
        "can_edit": item.state in services.EARLY and may_correct(item, user),
        "can_plan": writes and item.state == S.FOUND,
        "can_close": can_ask,
        "can_tell": can_ask,
        "can_slip": upper and user.role_at(SUPERIORS, path) is not None and item.state in services.SLIPPABLE,
        "can_wait": can_ask,
        "wait_refusal": checks.postponement_refusal(item, today) if can_ask else None,
        "can_show": user.role_at(SUPERIORS | WRITERS, path) is not None
        and item.state not in (*services.EARLY, S.UNFOUNDED)
        and not on_its_way
        and not taken_down,
        "is_above": upper,
    }


def links(item, user):
    """The case, the promise and the record, each only where `user` may open it."""
    case = Case.objects.visible_to(user).filter(pk=item.case_id).first() if item.case_id else None
    promise = Obligation.objects.visible_to(user).filter(pk=item.obligation_id).first()
    record = Record.objects.visible_to(user).filter(pk=item.record_id).first() if item.record_id else None
    return {"case": case, "promise": promise, "record": record}


def _reviews(sheets, told, user):
    """The reviews of the public texts that `user` may open, newest first."""
    found = []
    for model, rows in ((RectificationSheet, sheets), (RectificationProgress, told)):
        about = {"kind": model._meta.label_lower, "object_id__in": [row.pk for row in rows]}
        found += Review.objects.visible_to(user).with_people().filter(**about)
    return sorted(found, key=lambda review: -review.pk)


def _clocks(parts, user):
    rows = Deadline.objects.visible_to(user).open().with_names().with_slip()
    found = []
    for model in (Rectification, Postponement):
        ids = [part.pk for part in parts if isinstance(part, model)]
        found += rows.filter(object_kind=model._meta.label_lower, object_id__in=ids)
    return sorted(found, key=lambda clock: clock.due_on)


WHAT_FOLLOWS = {
    "take_up": "查清楚以后认定属实或不属实。",
    "dismiss": "请按来源渠道把结论告诉反映人并解释。",
    "submit_plan": "接下来由上级批准，批准后开始计整改期限。",
    "return_plan": "责任单位会看到理由，改好后重新报送。",
    "approve_plan": "整改期限已经开始计算，到期前提醒，超期发蓝、黄、红督办单。",
    "ask_close": "接下来由没有经手的负责人自验，再由区里复核。",
    "accept_own": "接下来由区里另一个人复核销号。",
    "accept": "销号确认单已经生成，满30日回访。",
    "send_back": "责任单位会看到理由，整改期限接着计算。",
    "reopen": "编号不变，责任单位重新报送整改方案。",
    "ask_refusal": "接下来由区信用办另一个人决定。",
    "refuse": "已生成一条失信记录草稿，文号和证据补齐以后，照常由一人提交、另一人核实。",
    "submit": "审查通过后公开。",
    "ask_withdrawal": "接下来由另一个人批准，批准以前照常公开。",
    "approve": "新的期限已经生效。",
    "hand_in": "区里可以看到。",
}


FORMS = {
    "edit": services.EARLY,
    "plan": (S.FOUND,),
    "closing": (S.RECTIFYING,),
    "progress": (S.RECTIFYING,),
    "slip": services.SLIPPABLE,
}


def closed_form(item, name):
    """Why a form of this item makes no sense now, or None."""
    return None if item.state in FORMS[name] else f"现在是“{item.get_state_display()}”，不能这样办。"


def may_correct(item, user):
    """The registrar, and who stands above the responsible unit and handles the ledger."""
    handles = user.role_at(HANDLES, item.organisation.path) is not None
    return handles and (item.created_by_id == user.pk or services.stands_above(user, item))


def may_write_to(item, user):
    """Who may send the responsible unit a document: its superiors."""
    return user.role_at(SUPERIORS, item.organisation.path) is not None and services.stands_above(user, item)


def slip_of(item, user):
    """A slip begins with the colour of the one that went out by itself."""
    clocks = _clocks([item], user)
    colour = next((clock.slip for clock in clocks if clock.slip), "") or "blue"
    return {"kind": "supervise", "colour": colour}


def sweep_context(sweep, user):
    items = Rectification.objects.visible_to(user).with_names().filter(sweep=sweep)
    return {
        "sweep": sweep,
        "items": list(items),
        "offers": SWEEP.available(sweep, user, url=step_url("sweep_step", sweep)),
        "can_register": sweep.state == "due" and user.role_at(WRITERS, sweep.organisation.path) is not None,
        "clocks": list(Deadline.objects.visible_to(user).of(sweep).with_names()),
        "entries": timeline([sweep]),
    }
