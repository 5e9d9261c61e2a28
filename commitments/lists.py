"""What the desk list of commitments offers: named views, search, and the rows' files."""

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from commitments import clocks, national_form, parts
from commitments.flows import FLOW, OFFICE, WRITERS
from commitments.models import (
    Contract,
    Form,
    HandoverItem,
    ObligationState,
    Payment,
    ProgressUpdate,
    Rectification,
    RectificationState,
    ResultReport,
    Verification,
)
from commitments.wording import WORDINGS
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.exchange.imports import services as imports
from longsha_credit.exchange.tables.cleaning import text_of

S = ObligationState


def _conditions(user):
    """The named views of the list: key, label, condition."""
    today = timezone.localdate()
    return [
        ("todo", "待我办", FLOW.waiting_for(user)),
        ("draft", "草稿", Q(state=S.DRAFT)),
        ("review", "审查中", Q(state=S.IN_REVIEW)),
        ("force", "正在履行", Q(state__in=[S.IN_FORCE, S.WITHDRAWING])),
        ("past", "已过期限", Q(state__in=[S.IN_FORCE, S.WITHDRAWING], reported_on=None, due_on__lt=today)),
        ("reported", "待核验", Q(state=S.REPORTED)),
        ("verified", "已核验", Q(state=S.VERIFIED)),
        ("unpaid", "逾期未付", Q(Exists(_unpaid(user, today).filter(contract__obligation=OuterRef("pk"))))),
        ("gone", "撤下和作废", Q(state__in=[S.WITHDRAWN, S.DISCARDED])),
    ]


def _unpaid(user, today):
    return Payment.objects.visible_to(user).overdue(today)


def forms():
    """The three forms with their words, as a page offers them."""
    return [(form.value, form.label, WORDINGS[form]) for form in Form]


def of_form(rows, query):
    """`rows` of the form the address asks for; the whole list where it asks for none we know."""
    return rows.filter(form=query["form"]) if query.get("form") in Form.values else rows


def inside(obligation, rows, user):
    """The parts of an obligation rolled up over its published reports, and what of a contract stays in the office."""
    reports = [row for row in rows if isinstance(row, ProgressUpdate) and row.publication_id]
    reports.sort(key=lambda row: (row.as_of, row.pk), reverse=True)
    return {"rollup": parts.roll_up(obligation, reports), **_contract_of(obligation, user)}


def _contract_of(obligation, user):
    if obligation.form != Form.CONTRACT:
        return {}
    today = timezone.localdate()
    payments = list(Payment.objects.visible_to(user).standing().filter(contract__obligation=obligation))
    for payment in payments:
        payment.overdue = payment.is_overdue(today)
    contract = Contract.objects.visible_to(user).filter(obligation=obligation).first()
    owed = sum(payment.left for payment in payments)
    return {"is_contract": True, "contract": contract, "payments": payments, "owed": owed}


def filtered(rows, query, user):
    """`rows` narrowed to what the address asks for; unknown values narrow nothing."""
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        rows = rows.filter(
            Q(title__icontains=text)
            | Q(content__icontains=text)
            | Q(service_field__name__icontains=text)
            | Q(organisation__name__icontains=text)
            | Q(code__startswith=text)
        )
    rows = imports.only(rows, ("commitments", "national"), query, user)
    chosen = {key: condition for key, _, condition in _conditions(user)}.get(query.get("view"))
    if chosen is not None:
        rows = rows.filter(chosen)
    return rows.order_by("-saved_at", "-id")


def views(rows, query, user):
    """Every view with its number of rows, counted in one query."""
    conditions = _conditions(user)
    numbers = rows.order_by().aggregate(
        all=Count("pk"), **{key: Count("pk", filter=condition) for key, _, condition in conditions}
    )
    current = query.get("view", "")
    named = [("", "全部", numbers["all"])] + [(key, label, numbers[key]) for key, label, _ in conditions]
    named = [one for one in named if one[0] != "unpaid" or one[2] or current == "unpaid"]
    return [{"key": k, "label": label, "count": n, "current": k == current} for k, label, n in named]


def start(user):
    """A new promise begins with the writer's own unit, and with its post where there is only one."""
    own = [m.organisation for m in user.current_memberships if m.role in WRITERS]
    if not own:
        return {}
    posts = list(Organisation.objects.visible_to(user).posts_of(own[0])[:2])
    return {"organisation": own[0], **({"post": posts[0]} if len(posts) == 1 else {})}


def desk_files(obj):
    """The files of a row with their desk addresses."""
    files = list(obj.files.all())
    for file in files:
        file.url = reverse("file", args=[file.pk])
    return files


def readable(rows, user):
    """Without the verdicts that are not public yet, for whoever does not work in the district."""
    return [
        part
        for part in rows
        if not isinstance(part, Verification)
        or part.publication_id
        or user.role_at(SEES_WORK, part.organisation.path) is not None
    ]


def openable(reviews, user):
    """The reviews with whether `user` may open each: a verdict's belongs to the district."""
    for review in reviews:
        review.opens = user.role_at(SEES_WORK, review.organisation.path) is not None
    return reviews


def clocks_of(obligation, user):
    """The open clocks of a promise that `user` may see; the district's own stand with the district."""
    return list(Deadline.objects.visible_to(user).of(obligation).open().with_names().order_by("due_on"))


def in_the_ledger(obligation, user):
    """The items of the rectification ledger about a promise, and whether `user` may enter it there now."""
    items = list(Rectification.objects.visible_to(user).filter(obligation=obligation))
    writes = user.role_at(WRITERS | OFFICE, obligation.organisation.path) is not None
    known = any(item.state != RectificationState.UNFOUNDED for item in items)
    owed = obligation.is_owed(timezone.localdate()) and not known
    return {"ledger_items": items, "can_enter_ledger": writes and owed}


def origin(obligation, user):
    """Where a promise came from.

    `inherited`: the handover item by which it went to who holds its post now, or None. `came_as`: what stood in the row
    of the national template it was brought in from, as (label, text).
    """
    item = HandoverItem.objects.visible_to(user).of(obligation).inherited().first()
    received = getattr(obligation, "received", None)
    told = received.cells if received else {}
    cells = [(f.label, text_of(f, told[f.name])) for f in national_form.FIELDS if told.get(f.name)]
    return {"inherited": item, "came_as": cells}


UNFINISHED = ("draft", "in_review")


def ending(obligation, rows, user):
    """What `user` may do about the end of a promise: report its result, or verify the report."""
    unfinished = [type(part) for part in rows if part.state in UNFINISHED]
    path, today = obligation.organisation.path, timezone.localdate()
    in_force = obligation.state == S.IN_FORCE
    report_by = clocks.silent_after(obligation, today) if in_force else None
    writes = user.role_at(WRITERS, path) is not None
    steps_in = not writes and in_force and today > report_by and user.role_at(OFFICE, path) is not None
    return {
        "report_by": report_by,
        "late_from": clocks.late_from(obligation, today) if in_force else None,
        "can_report": in_force and ResultReport not in unfinished and (writes or steps_in),
        "steps_in": steps_in,
        "can_verify": obligation.state == S.REPORTED
        and Verification not in unfinished
        and user.role_at(OFFICE, path) is not None,
    }
