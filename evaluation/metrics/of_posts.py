"""What is counted of posts: it concerns one person, stays internal, and is no ranking.

What a post owes stays with it when its holder changes; what a person brings along - records, hours, tests - is that of
who holds the post on the last day.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Least, TruncDate, TruncMonth

from commitments import metrics as commitments
from commitments.handover import metrics as handover
from commitments.models import HandoverState, Obligation, ObligationState, Rating
from commitments.models.ratings import SATISFIED
from disclosure import metrics as disclosure
from evaluation.metrics.of_windows import FOUND, answered
from longsha_credit.directory.counting import Days, Sql, Tally, compiled, moments
from longsha_credit.directory.models import Level, Organisation, Posting
from longsha_credit.programme.education.reference import MINIMUM
from longsha_credit.programme.models import HoursMinimum, TrainingHours
from records.models import Record, RecordKind, RecordState, SubjectKind
from records.models.catalogue import Source
from records.models.records import Part

OF_RECORDS = [RecordState.EFFECTIVE, RecordState.REVOKING, RecordState.EXPIRED]


def held(days: Days) -> QuerySet[Posting]:
    """Who holds which post on the last day of the period that is over."""
    last = days.last
    rows = Posting.objects.order_by().filter(post__level=Level.POST, started_on__lte=last)
    return rows.filter(Q(ended_on=None) | Q(ended_on__gt=last))


# 二 诚信记录


def _of_post_or_holder(rows: QuerySet[Record], parts: Mapping[str, Any], days: Days) -> list[Tally]:
    """Records about a post, and about the official who holds it; of either a reader sees number and day alone."""
    seen = {"said": Value("诚信记录"), "code": "number", "day": "effective_from", "link": "desk/records/"}
    return [
        Tally(rows.filter(subject_kind=SubjectKind.POST), parts, **seen),
        Tally(rows.filter(official__postings__in=held(days)), parts, unit="official__postings__post", **seen),
    ]


def dishonesty(days: Days) -> list[Tally]:
    """Adverse records in effect on the last day; what was repaired, revoked or corrected counts no more."""
    last = days.last
    rows = Record.objects.order_by().breaches().filter(state__in=OF_RECORDS)
    rows = rows.filter(effective_from__lte=last, effective_until__gte=last)
    return _of_post_or_holder(rows, {"breach": None}, days)


# Who gave an honour tells its level; the lowest authority named decides, and what names none is taken for the district.
HONOURS: dict[str, Q] = {
    "district": Q(issuing_body__regex="街道|县|旗|(?<!自治|社|地|小)区"),
    "city": Q(issuing_body__contains="市"),
    "province": Q(issuing_body__regex="省|自治区"),
    "national": Q(issuing_body__regex="国务院|中央|全国|国家|中华人民共和国"),
    "other": Q(pk__isnull=False),
}
HONOUR_WEIGHTS = {"national": 400, "province": 300, "city": 200, "district": 100, "other": 100}


def honours(days: Days) -> list[Tally]:
    """Commendations in effect at any time of the period, by the level of who gave them."""
    rows = Record.objects.order_by().filter(
        item__kind=RecordKind.TRUST, item__source__in=[Source.EXCELLENCE, Source.HONOUR], part=Part.PARTY
    )
    rows = rows.filter(state__in=OF_RECORDS, effective_from__lte=days.last)
    return _of_post_or_holder(rows.filter(effective_until__gte=days.start), HONOURS, days)


def highest(tallies: Sequence[Tally], weights: Mapping[str, int], below: str = "") -> Sql:
    """One statement as of `counting.facts`, in which a unit has what its best row is worth."""
    found = []
    for tally in tallies:
        worth = Case(*(When(condition, then=Value(weights[part])) for part, condition in tally.parts.items()))
        rows = tally.under(below).values(unit_=F(tally.unit)).annotate(most_=Max(worth))
        found.append(compiled(rows.values_list("unit_", "most_")))
    text = " UNION ALL ".join(f"({sql})" for sql, _ in found)
    return (
        "SELECT organisation_id, max(numerator)::bigint AS numerator, 1 AS denominator"
        f" FROM ({text}) AS best (organisation_id, numerator) GROUP BY organisation_id",
        tuple(param for _, params in found for param in params),
    )


# 三 岗位承诺


def shown(days: Days) -> list[Tally]:
    """Every post: whether a public commitment that holds in these days names it as the responsible one."""
    mine = Obligation.objects.public().commitments().filter(post__isnull=False, due_on__gte=days.start)
    mine = mine.filter(moments("publication__first_published_at", last=days.last)).order_by()
    posts = Organisation.objects.order_by().taking_part().filter(level=Level.POST)
    # the posts that are named are looked up once for all, not once for each
    named = Q(pk__in=mine.values("post"))
    parts = {"shown": named, "missing": ~named}
    return [Tally(posts, parts, unit="pk", said="name", link="desk/organisations/")]


KEPT_WEIGHTS = {"full": 100, "partly": 50, "none": 0, "silent": 0, "late": 0, "pending": None}


def kept(days: Days) -> list[Tally]:
    """The public commitments that fell due, counted for the responsible post, whoever held it when they were made."""
    gone = Case(When(state=ObligationState.WITHDRAWN, then=Value("")), default=F("title"))
    return [
        Tally(
            commitments._due(days), commitments.PARTS, unit="post",
            said=gone, code="code", day="counts_on", link="desk/commitments/",
        )
    ]  # fmt: skip


# 四 公开


def published(days: Days) -> list[Tally]:
    """What became public, counted for the post whose holder had drafted it, on the day the draft was begun."""
    rows = disclosure._published(days).annotate(begun_on=TruncDate("created_at"))
    path = "created_by__official__postings__"
    there = Q(**{f"{path}ended_on": None}) | Q(**{f"{path}ended_on__gt": F("begun_on")})
    rows = rows.filter(there, **{f"{path}started_on__lte": F("begun_on")})
    parts = {"in_time": Q(first_on__lte=F("due_on")), "late": Q(first_on__gt=F("due_on"))}
    return [
        Tally(rows, parts, unit=f"{path}post", said="title", code="code", day="first_on", link="desk/disclosure/")
    ]  # fmt: skip


# 五 诉求与交接


def upheld(days: Days) -> list[Tally]:
    """Complaints about a commitment, for the post responsible for it; a reader sees the month alone."""
    rows = answered(days).filter(obligation__isnull=False)
    seen = {"said": Value("投诉核实结果"), "day": TruncMonth("replied_on")}
    return [Tally(rows, FOUND, unit="obligation__post", **seen)]


WHOLE: dict[str, Q] = {
    "whole": Q(state=HandoverState.COMPLETE),
    "overridden": Q(state=HandoverState.OVERRIDDEN),
    "open": Q(state__in=[HandoverState.OPEN, HandoverState.ASKED]),
}
WHOLE_WEIGHTS = {"whole": 100, "overridden": 0, "open": 0}


def handovers(days: Days) -> list[Tally]:
    """Handovers of the post that fell due: whole once three parties confirmed every item, however late."""
    rows = handover._due(days).filter(posting__isnull=False)
    return [
        Tally(
            rows, WHOLE, unit="posting__post",
            said=Value("离任交接"), code="number", day="due_on", link="desk/handovers/",
        )
    ]  # fmt: skip


def satisfied(days: Days) -> list[Tally]:
    """The last ratings of closed cases about commitments the post is responsible for."""
    rows = Rating.objects.order_by().that_count().filter(case__obligation__isnull=False)
    rows = rows.filter(case__closed_on__gte=days.start, case__closed_on__lte=days.last)
    parts = {"counted": Q(level__in=SATISFIED), "rest": ~Q(level__in=SATISFIED)}
    seen = {"said": Value("来件回访评价"), "day": TruncMonth("case__closed_on")}
    return [Tally(rows, parts, unit="case__obligation__post", **seen)]


# 八 学习


def least_hours(days: Days) -> Decimal:
    """What the year asks of an official."""
    found = HoursMinimum.objects.filter(year__number=days.start.year).values_list("hours", flat=True).first()
    return found or MINIMUM["hours"]


def learned(days: Days, below: str = "") -> QuerySet[Posting]:
    """Each holder with `hours`: those of the year that somebody else has confirmed."""
    mine = TrainingHours.objects.confirmed().filter(
        official=OuterRef("official"), year__number=days.start.year
    )
    total = mine.filter(day__lte=days.last).order_by().values("official").annotate(n=Sum("hours")).values("n")
    return (
        held(days).filter(post__path__startswith=below).annotate(hours=Coalesce(Subquery(total), Decimal(0)))
    )


def hours_facts(days: Days, below: str = "") -> Sql:
    """Hours out of the least hours of the year; where these are no whole number both are counted in tenths."""
    least = least_hours(days)
    scale = 1 if least == least.to_integral_value() else 10
    rows = learned(days, below).values_list(
        "post",
        Cast(Least(F("hours"), Value(least)) * Value(100 * scale), BigIntegerField()),
        Value(int(least * scale), output_field=IntegerField()),
    )
    text, params = compiled(rows)
    return f"SELECT * FROM ({text}) AS f (organisation_id, numerator, denominator)", params


def learned_days(organisation: Any, days: Days) -> QuerySet[TrainingHours]:
    """The confirmed hours counted for a post and those below it, oldest first."""
    holders = held(days).filter(post__path__startswith=organisation.path).values("official")
    rows = TrainingHours.objects.confirmed().filter(official__in=holders, year__number=days.start.year)
    return rows.filter(day__lte=days.last).order_by("day", "id")


# Of every test for officials that closed while the holder was there and in which the own unit, or one above it, took
# part: the points of the attempt that counts, nothing where none was made.
SCORES = """
SELECT DISTINCT p.post_id, c.id, c.title, (c.closes_at AT TIME ZONE %(zone)s)::date AS day, paper.points AS full_points,
  coalesce(sat.points, 0) AS points, sat.points IS NOT NULL AS took_part
FROM directory_posting p
JOIN directory_organisation post ON post.id = p.post_id AND post.level = 'post' AND starts_with(post.path, %(below)s)
JOIN directory_official o ON o.id = p.official_id
JOIN directory_organisation home ON home.id = o.organisation_id
JOIN programme_contestunit u ON u.officials IS NOT NULL
JOIN directory_organisation place ON place.id = u.organisation_id AND starts_with(home.path, place.path)
JOIN programme_contest c ON c.id = u.contest_id AND c.audience IN ('officials', 'all')
  AND c.state IN ('published', 'finished')
JOIN LATERAL (
  SELECT sum(q.points) AS points FROM programme_paperquestion q WHERE q.paper_id = c.paper_id
) AS paper ON paper.points > 0
LEFT JOIN LATERAL (
  SELECT a.number, coalesce(sum(q.points) FILTER (WHERE g.choice = b."right"), 0) AS points
  FROM programme_entrant e JOIN programme_attempt a ON a.entrant_id = e.id
  LEFT JOIN programme_givenanswer g ON g.attempt_id = a.id
  LEFT JOIN programme_paperquestion q ON q.id = g.item_id
  LEFT JOIN programme_question b ON b.id = q.question_id
  WHERE e.contest_id = c.id AND e.official_id = o.id
  GROUP BY a.id
  ORDER BY CASE WHEN c.counts = 'best' THEN -coalesce(sum(q.points) FILTER (WHERE g.choice = b."right"), 0) END, a.number
  LIMIT 1
) AS sat ON true
WHERE p.started_on <= %(last)s AND (p.ended_on IS NULL OR p.ended_on > %(last)s)
  AND (c.closes_at AT TIME ZONE %(zone)s)::date BETWEEN greatest(%(start)s, p.started_on) AND %(last)s
"""


def _scores(days: Days, below: str) -> Sql:
    """SCORES with its parameters in the order in which they stand."""
    values = {"zone": "Asia/Shanghai", "below": below or "/", "last": days.last, "start": days.start}
    names = [part.split(")s")[0] for part in SCORES.split("%(")[1:]]
    text = SCORES
    for name in values:
        text = text.replace(f"%({name})s", "%s")
    return text, tuple(values[name] for name in names)


def score_facts(days: Days, below: str = "") -> Sql:
    """Points out of those of the whole papers, added over the tests of each post's holder."""
    text, params = _scores(days, below)
    return (
        "SELECT post_id AS organisation_id, (100 * sum(points))::bigint AS numerator, sum(full_points)::int AS denominator"
        f" FROM ({text}) AS s GROUP BY post_id",
        params,
    )


def scores(days: Days, below: str = "") -> list[dict[str, Any]]:
    """Each test counted: post_id, title, day, points, full_points, took_part."""
    text, params = _scores(days, below)
    with connection.cursor() as cursor:
        cursor.execute(f"{text} ORDER BY day, 2", params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
