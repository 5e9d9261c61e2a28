"""What the desk lists of cases and slips offer: named views and filters."""

from django.db.models import Q

from commitments.models import Case, CaseKind, CaseState, SlipState, TransferSlip
from commitments.supervision.flows import FLOW, SLIP
from longsha_credit.deadlines.models import Deadline

S = CaseState


def cases_of(user):
    """Every case `user` may see, with its names."""
    return Case.objects.visible_to(user).with_names()


def _conditions(user):
    return [
        ("todo", "待我办", FLOW.waiting_for(user)),
        ("filed", "待受理", Q(state=S.FILED)),
        ("going", "办理中", Q(state__in=[S.ACCEPTED, S.PROPOSED])),
        ("replied", "待回访", Q(state=S.REPLIED)),
        ("again", "重新办理", Q(state__in=[S.REHANDLING, S.REPROPOSED])),
        ("closed", "已办结", Q(state__in=[S.CLOSED, S.REFUSED])),
    ]


def narrowed(rows, query):
    """`rows` by search, kind and state; unknown values narrow nothing."""
    text = query.get("q", "").strip().replace("\x00", "")[:60]
    if text:
        rows = rows.filter(Q(number__icontains=text) | Q(about__name__icontains=text))
    if query.get("kind") in CaseKind.values:
        rows = rows.filter(kind=query["kind"])
    if query.get("state") in CaseState.values:
        rows = rows.filter(state=query["state"])
    return rows


def filtered(rows, query, user):
    chosen = {key: condition for key, _, condition in _conditions(user)}.get(query.get("view"))
    rows = narrowed(rows, query)
    return (rows if chosen is None else rows.filter(chosen)).order_by("-filed_on", "-id")


def views(rows, query, user):
    """Every view with its number of rows."""
    current = query.get("view", "")
    named = [("", "全部", Q())] + _conditions(user)
    return [
        {"key": key, "label": label, "count": rows.filter(condition).count(), "current": key == current}
        for key, label, condition in named
    ]


def with_due_days(cases, user):
    """Each of these cases with the day its nearest open clock runs out; one query."""
    cases = list(cases)
    rows = Deadline.objects.visible_to(user).open().filter(object_kind=Case._meta.label_lower)
    found = {}
    for pk, due in (
        rows.filter(object_id__in=[c.pk for c in cases])
        .order_by("-due_on")
        .values_list("object_id", "due_on")
    ):
        found[pk] = due
    for case in cases:
        case.due_on = found.get(case.pk)
    return cases


def slips_of(user):
    """The slips to and from the user's units, what waits for an answer first."""
    return TransferSlip.objects.visible_to(user).with_names().order_by("-state", "-id")


def waiting_slips(user):
    return (
        TransferSlip.objects.visible_to(user)
        .with_names()
        .filter(SLIP.waiting_for(user), state=SlipState.SENT)
    )
