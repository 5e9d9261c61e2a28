"""What the desk list of handovers offers: named views and search."""

from django.db.models import Count, Q

from commitments.handover import metrics
from commitments.handover.conditions import witnessed_by
from commitments.models import HandoverState


def _conditions(user):
    """The named views of the list: key, label, condition."""
    own = Q(pk__in=[])
    if user.official_id:
        own = Q(outgoing=user.official_id) | Q(incoming=user.official_id)
    return [
        ("open", "正在交接", Q(state__in=[HandoverState.OPEN, HandoverState.ASKED])),
        ("mine", "我移交、接交的", own),
        ("witness", "由我监交的", witnessed_by(user) & Q(state=HandoverState.OPEN)),
        ("done", "已完成", Q(state=HandoverState.COMPLETE)),
        ("overridden", "先离任的", Q(state=HandoverState.OVERRIDDEN)),
        ("cancelled", "已取消", Q(state=HandoverState.CANCELLED)),
    ]


def filtered(rows, query, user):
    """`rows` narrowed to what the address asks for; unknown values narrow nothing."""
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        rows = rows.filter(
            Q(organisation__name__icontains=text)
            | Q(number__startswith=text)
            | Q(outgoing_name__icontains=text)
            | Q(incoming_name__icontains=text)
        )
    chosen = {key: condition for key, _, condition in _conditions(user)}.get(query.get("view"))
    if chosen is not None:
        rows = rows.filter(chosen)
    return rows.order_by("-id")


def views(rows, query, user):
    """Every view with its number of rows, counted in one query."""
    conditions = _conditions(user)
    numbers = rows.order_by().aggregate(
        all=Count("pk"), **{key: Count("pk", filter=condition) for key, _, condition in conditions}
    )
    current = query.get("view", "")
    named = [("", "全部", numbers["all"])] + [(key, label, numbers[key]) for key, label, _ in conditions]
    return [{"key": k, "label": label, "count": n, "current": k == current} for k, label, n in named]


def chosen(terms, query):
    """The term, list and fate that the address opens to rows; unknown values open nothing."""
    number, side, fate = query.get("term", ""), query.get("side", ""), query.get("fate", "")
    term = next((t for t in terms if str(t.number) == number), None)
    known = term and side in ("made", "inherited") and fate in ("", *metrics.FATES)
    return {
        "fates": metrics.FATES,
        "opened": term.rows(side, fate) if known else None,
        "opened_term": term if known else None,
        "opened_side": side if known else "",
        "opened_fate": metrics.FATES.get(fate, "") if known else "",
    }
