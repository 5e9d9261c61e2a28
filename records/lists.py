"""What the desk list of records offers: named views, filters, search, and how the rows spread."""

import datetime
import re

from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, TruncMonth

from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Organisation
from longsha_credit.exchange.imports import services as imports
from records.checks import subject_of
from records.clocks import CORRECT
from records.conditions import left_alone
from records.flows import FLOW, NOTICE, OBJECTION, REPAIR
from records.models import (
    FILERS,
    CatalogueItem,
    Dimension,
    Notice,
    Objection,
    Record,
    RecordKind,
    RecordState,
    Repair,
)

S = RecordState
MONTH = re.compile(r"^((?:19|20)\d{2})-(0[1-9]|1[0-2])$")
ENDED = [S.EXPIRED, S.REPAIRED, S.REVOKED, S.CORRECTED, S.DISCARDED]
MONTHS_SHOWN = 12


def records_of(user):
    """Every record `user` may read, with its names and whether something is asked about it."""
    return Record.objects.visible_to(user).with_names().marked()


def _conditions(user):
    """The named views of the list: key, label, condition."""
    return [
        ("todo", "待我办", _waiting(user)),
        ("draft", "草稿", Q(state__in=[S.DRAFT, S.RETURNED])),
        ("submitted", "待核实", Q(state=S.SUBMITTED)),
        ("confirmed", "未生效", Q(state=S.CONFIRMED)),
        ("effective", "有效", Q(state__in=[S.EFFECTIVE, S.REVOKING])),
        ("unsound", "不再符合条件", ~Q(unsound="")),
        ("ended", "终止", Q(state__in=ENDED)),
    ]


def _waiting(user):
    """A step of the record itself, of its notice or of what its subject asks waits for `user`."""
    waiting = Q(pk__in=Record.objects.visible_to(user).filter(FLOW.waiting_for(user)).values("pk"))
    notices = Notice.objects.visible_to(user).filter(NOTICE.waiting_for(user))
    for rows in (notices, asked(Objection, OBJECTION, user), asked(Repair, REPAIR, user)):
        waiting |= Q(pk__in=rows.values("record"))
    return waiting | Q(pk__in=to_correct(user).values("pk"))


def asked(model, flow, user):
    """Objections or requests for repair that wait for `user`, those included whose handler has left."""
    return model.objects.visible_to(user).filter(flow.waiting_for(user) | left_alone(user))


def to_correct(user):
    """What an objection found in need of correction, for those whose duty it is, until a correction is under way.

    Each row with `correct_by`, the day its clock runs out.
    """
    own = [m.organisation_id for m in user.current_memberships if m.role in FILERS]
    clocks = Deadline.objects.visible_to(user).open().filter(organisation__in=own, rule_key=CORRECT)
    due = clocks.filter(object_kind=Record._meta.label_lower, object_id=OuterRef("pk")).values("due_on")
    rows = Record.objects.visible_to(user)
    under_way = rows.filter(corrects=OuterRef("pk")).exclude(state=S.DISCARDED)
    return rows.annotate(correct_by=Subquery(due[:1])).filter(~Exists(under_way), correct_by__isnull=False)


def narrowed(rows, query, user):
    """`rows` by search, unit, kind, dimension and month; unknown values narrow nothing."""
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        rows = rows.filter(
            Q(title__icontains=text)
            | Q(number__istartswith=text)
            | Q(organisation__name__icontains=text)
            | Q(document_number__icontains=text)
        )
    rows = imports.only(rows, "records", query, user)
    if re.fullmatch("[0-9]{1,9}", query.get("unit", "")):
        rows = rows.filter(organisation=int(query["unit"]), official=None)
    if query.get("kind") in RecordKind.values:
        rows = rows.filter(item__kind=query["kind"])
    if query.get("dimension") in Dimension.values:
        rows = rows.filter(item__dimension=query["dimension"])
    if month := MONTH.match(query.get("month", "").strip()):
        rows = rows.filter(decided_on__year=int(month[1]), decided_on__month=int(month[2]))
    return rows


def filtered(rows, query, user):
    """What the address asks for, the named view included."""
    chosen = {key: condition for key, _, condition in _conditions(user)}.get(query.get("view"))
    rows = narrowed(rows, query, user)
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
    return [{"key": k, "label": label, "count": n, "current": k == current} for k, label, n in named]


def statistics(rows):
    """The rows by dimension, by street and by month of decision: three queries at any number of rows."""
    rows = rows.order_by()
    return [
        _table("方面", [(Dimension(key).label, *numbers) for key, *numbers in _counted(rows, F("item__dimension"))]),
        _table("街道", _by_street(rows)),
        _table("作出决定的月份", _by_month(rows)),
    ]  # fmt: skip


def _table(label, lines):
    return {"label": label, "rows": [{"name": name, "good": good, "bad": bad} for name, good, bad in lines]}


def _counted(rows, by):
    """(value, number of good ones, number of bad ones) for each value of `by`."""
    good, bad = (Count("pk", filter=Q(item__kind=kind)) for kind in (RecordKind.TRUST, RecordKind.BREACH))
    found = rows.annotate(by_=by).values("by_").annotate(good_=good, bad_=bad).order_by("by_")
    return list(found.values_list("by_", "good_", "bad_"))


def _by_street(rows):
    """The third part of /district/street/…/ is the unit right under the district."""
    part = Func(
        F("organisation__path"), Value("/"), Value(3), function="split_part", output_field=CharField()
    )
    found = [(key, good, bad) for key, good, bad in _counted(rows, part)]
    units = Organisation.objects.public().annotate(key=Cast("pk", CharField()))
    names = dict(units.filter(key__in=[key for key, *_ in found]).values_list("key", "name"))
    lines, others = [], [0, 0]
    for key, good, bad in found:
        if key in names:
            lines.append((names[key], good, bad))
        else:
            others = [others[0] + good, others[1] + bad]
    return lines + ([("区直和已停用的单位", *others)] if any(others) else [])


def _by_month(rows):
    found = _counted(rows, TruncMonth("decided_on"))
    dated = [(f"{day:%Y-%m}", good, bad) for day, good, bad in found if day][-MONTHS_SHOWN:]
    return dated + [("没有写日期", good, bad) for day, good, bad in found if day is None]


def catalogue(user):
    """The newest version of every item in the reader's catalogue, by code, each with its earlier versions."""
    versions = {}
    for item in (
        CatalogueItem.objects.visible_to(user).select_related("changed_by").order_by("code", "-version")
    ):
        versions.setdefault(item.code, []).append(item)
    newest = []
    for found in versions.values():
        found[0].earlier = found[1:]
        newest.append(found[0])
    return newest


def grouped(items):
    """Items under 守信 and 失信, then by dimension; an empty heading is left out."""
    groups = []
    for kind in RecordKind:
        dimensions = [
            {"label": dimension.label, "rows": found}
            for dimension in Dimension
            if (found := [i for i in items if i.kind == kind and i.dimension == dimension])
        ]
        if dimensions:
            groups.append({"label": kind.label, "key": kind.value, "dimensions": dimensions})
    return groups


def by_dimension_and_year(rows):
    """The records of one file under their dimension and the year of the decision, the latest year first."""
    rows = sorted(rows, key=lambda it: (it.decided_on or datetime.date.min, it.pk), reverse=True)
    groups = []
    for dimension in Dimension:
        years: dict = {}
        for it in rows:
            if it.item.dimension == dimension:
                it.shown_subject = subject_of(it)
                years.setdefault(it.decided_on.year if it.decided_on else None, []).append(it)
        ordered = sorted(years.items(), key=lambda pair: pair[0] or 0, reverse=True)
        groups.append({"label": dimension.label, "years": ordered, "count": sum(map(len, years.values()))})
    return groups
