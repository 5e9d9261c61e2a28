"""What the desk pages of rounds and applications show, of what the reader may see."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from evaluation import computing
from evaluation.demonstration import circumstances, panels
from evaluation.demonstration.conditions import result_of
from evaluation.demonstration.flows import (
    AWARD,
    CYCLE,
    DISTRICT,
    FLOW,
    NOTICE,
    OBJECTION,
    OFFICE,
    SEAT,
    WRITERS,
)
from evaluation.demonstration.objections import reply_of
from evaluation.demonstration.wording import grade_of, points, words
from evaluation.models import (
    Application,
    ApplicationState,
    Award,
    CandidateNotice,
    Cycle,
    CycleState,
    ImportedFact,
    NoticeObjection,
    PanelScore,
    Result,
    Seat,
    SelfItem,
    SiteVisit,
)
from evaluation.reading import metric_title
from longsha_credit.audit.history import timeline
from longsha_credit.audit.models import Entry
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Organisation
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import readable_by
from longsha_credit.programme.tasking.reading import may_be_shown
from longsha_credit.publication.gate import pointed_out
from longsha_credit.publication.models import Publication, Review

A = ApplicationState
OFFERED = 20


def _steps(name: str, pk: int) -> Any:
    return lambda step: reverse(f"demonstration:{name}", args=[pk, step])


def cycle_page(cycle: Cycle, user: Any) -> dict[str, Any]:
    """A round with its applications; points of the panel only as far as the reader sees every one of them."""
    rows = list(
        Application.objects.visible_to(user).with_names().filter(cycle=cycle).order_by("organisation__path")
    )
    scores = list(
        PanelScore.objects.visible_to(user)
        .counted()
        .filter(seat__application__cycle=cycle)
        .select_related("seat")
    )
    seats = list(Seat.objects.visible_to(user).filter(application__cycle=cycle).select_related("reviewer"))
    for row in rows:
        row.panel = panels.totals([s for s in scores if s.seat.application_id == row.pk])
        row.seats_shown = [seat for seat in seats if seat.application_id == row.pk]
    keeps = user.role_at(OFFICE, cycle.organisation.path) is not None
    is_open = cycle.state == CycleState.OPEN
    can_take = keeps and is_open and cycle.snapshot_id is None and timezone.localdate() > cycle.assess_until
    return {
        "cycle": cycle,
        "words": words(cycle),
        "rows": rows,
        "offers": CYCLE.available(cycle, user, url=_steps("cycle_step", cycle.pk)),
        "can_edit": cycle.state == CycleState.DRAFT
        and user.role_at(DISTRICT, cycle.organisation.path) is not None,
        "can_approve": keeps and not cycle.is_approved and cycle.state in (CycleState.DRAFT, CycleState.OPEN),
        "can_take": can_take,
        "lacking": lacking(cycle, user) if can_take else [],
        "can_assign": keeps and is_open and any(row.state == A.PANEL for row in rows),
        "can_notice": keeps
        and is_open
        and any(row.state == A.CANDIDATE and row.notice_id is None for row in rows),
        "can_apply": is_open and user.holds(*WRITERS) and cycle.apply_until >= timezone.localdate(),
        "sees_panel": user.role_at(DISTRICT, cycle.organisation.path) is not None,
        "notices": CandidateNotice.objects.visible_to(user).filter(cycle=cycle).order_by("-id"),
        "entries": timeline([cycle]),
    }


def lacking(cycle: Cycle, user: Any) -> list[tuple[Organisation, list[str]]]:
    """The applicants of which something still has to be brought in, with what: once facts are taken it is too late."""
    awaited = {
        measure["metric"]
        for indicator in computing.indicators_of(cycle.set)
        for measure in indicator.measures
        if measure.get("missing") == "await"
    }
    rows = Application.objects.visible_to(user).in_the_round().filter(cycle=cycle).exclude(state=A.DRAFT)
    units = Organisation.objects.visible_to(user).filter(pk__in=rows.values("organisation")).order_by("path")
    brought = ImportedFact.objects.visible_to(user).standing().filter(year=cycle.year_id, metric__in=awaited)
    there = set(brought.order_by().values_list("organisation", "metric"))
    found = [
        (unit, [metric_title(key) for key in sorted(awaited) if (unit.pk, key) not in there])
        for unit in units
    ]
    return [(unit, titles) for unit, titles in found if titles]


def page(it: Application, user: Any) -> dict[str, Any]:
    """An application with its items, its sheet, its panel, its visits and what may be done."""
    visible = Application.objects.visible_to(user).filter(pk=it.pk)
    items = list(
        SelfItem.objects.visible_to(user).filter(application=it)
        .select_related("indicator__heading")
        .prefetch_related("evidence__entry", "evidence__publication", "evidence__file")
    )  # fmt: skip
    drafted = it.state == A.DRAFT and user.role_at(WRITERS, it.organisation.path) is not None
    district = user.role_at(DISTRICT, it.cycle.organisation.path) is not None
    clocks = Deadline.objects.visible_to(user).open().with_names()
    return {
        "it": it,
        "words": words(it.cycle),
        "items": items,
        "done": sum(item.points is not None and not item.carried for item in items),
        "carried": sum(item.carried for item in items),
        "claimed": sum(item.points or 0 for item in items),
        "drafted": drafted,
        "offers": FLOW.available(it, user, url=_steps("step", it.pk)) if visible.exists() else [],
        "can_visit": district and it.state in (A.CHECK, A.PANEL),
        "leads_on": _leads_on(it, user),
        "visits": SiteVisit.objects.visible_to(user).filter(application=it).prefetch_related("files"),
        "clocks": clocks.filter(object_kind=it._meta.label_lower, object_id=it.pk),
        "against": circumstances.against(it) if it.state != A.WITHDRAWN else [],
        "grade": grade_of(it.cycle, it.grade),
        "award": Award.objects.visible_to(user).with_suspension().filter(application=it).exclude(state="discarded").first(),
        "can_award": it.state == A.PUBLICITY and user.role_at(OFFICE, it.cycle.organisation.path) is not None,
        "entries": timeline([it]),
        **_sheet(it, user),
        **_panel(it, user),
    }  # fmt: skip


def _leads_on(it: Application, user: Any) -> tuple[str, str, str] | None:
    """What the office does next for an application on the page of its round: a sentence, a label, an address."""
    if user.role_at(OFFICE, it.cycle.organisation.path) is None or it.cycle.state != CycleState.OPEN:
        return None
    if it.state == A.PANEL and it.cycle.snapshot_id is None:
        url = reverse("demonstration:cycle", args=[it.cycle_id])
        return "这一轮还没有取数，取数以后才能汇总评分。", "到轮次里取数", url
    if it.state == A.PANEL and not Seat.objects.visible_to(user).filter(application=it).exists():
        url = reverse("demonstration:panel", args=[it.cycle_id])
        return "还没有分派评审员。", "分派评审员", url
    if it.state == A.CANDIDATE and it.notice_id is None:
        url = reverse("demonstration:notice_new", args=[it.cycle_id])
        return "已列为拟公示单位，下一步写公示。", "写公示", url
    return None


def _sheet(it: Application, user: Any) -> dict[str, Any]:
    """The computed points: the unit's and the district's to read; who still scores does not see what others' came to."""
    result = result_of(it)
    scoring = Seat.objects.filter(application=it, reviewer=user.pk, state="assigned").exists()
    marked = it.state not in (A.DRAFT, A.STREET, A.CHECK, A.PANEL)
    if result is None or it.state == A.DRAFT or (scoring and marked):
        return {"result": None, "lines": []}
    indicators = [item.indicator for item in it.items.select_related("indicator__heading")]
    lines = [
        {"indicator": indicator, "earned": earned, "worth": worth}
        for indicator, earned, worth in zip(indicators, result.earned, result.worth, strict=False)
    ]
    return {
        "result": result,
        "lines": lines,
        "result_grade": grade_of(it.cycle, result.grade),
        "opens": Result.objects.visible_to(user)
        .filter(pk=result.pk)
        .exists(),  # a panel member reads points only
    }


def _panel(it: Application, user: Any) -> dict[str, Any]:
    rows = PanelScore.objects.visible_to(user).counted().filter(seat__application=it)
    scores = list(rows.select_related("seat__reviewer", "indicator__heading"))
    seats = list(Seat.objects.visible_to(user).filter(application=it).select_related("reviewer"))
    for seat in seats:
        seat.offers = SEAT.available(seat, user, url=_steps("seat_step", seat.pk))
    complete = bool(scores) and len({s.seat_id for s in scores}) == sum(s.state == "sent" for s in seats)
    return {
        "seats": seats,
        "table": panels.table(scores, it.cycle.outlier_percent) if complete else [],
        "panel_total": panels.totals(scores) if complete else None,
        "own_seat": next((seat for seat in seats if seat.reviewer_id == user.pk), None),
    }


def seat_page(seat: Seat, user: Any) -> dict[str, Any]:
    """What a panel member sees: the unit's own words and evidence; others' points only after the own ones are in."""
    it = seat.application
    items = list(
        it.items.select_related("indicator__heading").prefetch_related(
            "evidence__entry", "evidence__publication", "evidence__file"
        )
    )
    rows = PanelScore.objects.visible_to(user).counted().filter(seat__application=it)
    scores = list(rows.select_related("seat__reviewer", "indicator__heading")) if seat.state == "sent" else []
    return {
        "seat": seat,
        "it": it,
        "items": [item for item in items if item.indicator.way == "human"],
        "others": [item for item in items if item.indicator.way != "human"],
        "offers": SEAT.available(seat, user, url=_steps("seat_step", seat.pk)),
        "table": panels.table(scores, it.cycle.outlier_percent),
        "panel_total": panels.totals(scores),
        "visits": it.visits.all(),
    }


def offered(item: SelfItem, user: Any) -> dict[str, list[tuple[Any, str]]]:
    """What the unit has that may stand as evidence and does not yet, the newest first, with how each is told."""
    unit, taken = item.application.organisation, item.evidence.all()
    shown = Publication.objects.public().filter(organisation=unit).order_by("-published_at", "-id")
    entries = Entry.objects.filter(may_be_shown(), organisation_path=unit.path).order_by("-at", "-id")
    kept = StoredFile.objects.visible_to(user).filter(readable_by(user), organisation=unit, copies=None)
    rows = {
        "publication": (shown, lambda row: f"{row.kind_label}：{row.title}"),
        "entry": (
            entries,
            lambda row: f"{timezone.localtime(row.at):%Y-%m-%d} {row.step_label}：{row.object_label}",
        ),
        "file": (kept.order_by("-id"), lambda row: row.name),
    }
    return {
        kind: [
            (row, told(row))
            for row in found.exclude(pk__in=taken.exclude(**{kind: None}).values(kind))[:OFFERED]
        ]
        for kind, (found, told) in rows.items()
    }


def notice_page(notice: CandidateNotice, user: Any) -> dict[str, Any]:
    """A notice with its candidates, the way to the public and the objections to it."""
    objections = NoticeObjection.objects.visible_to(user).with_names().filter(notice=notice)
    return {
        "notice": notice,
        "words": words(notice.cycle),
        "candidates": list(notice.applications.select_related("organisation__parent").order_by("organisation__path")),
        "objections": objections,
        "offers": NOTICE.available(notice, user, url=_steps("notice_step", notice.pk)),
        "returned": pointed_out(notice),
        "reviews": _reviews(notice, user),
        "entries": timeline([notice]),
        "can_edit": notice.state == "draft" and user.role_at(OFFICE, notice.organisation.path) is not None,
    }  # fmt: skip


def award_page(award: Award, user: Any) -> dict[str, Any]:
    """An award with its certificate, its re-checks, and why it is suspended, if it is."""
    it, today = award.application, timezone.localdate()
    standing = award.state in ("published", "withdrawing")
    return {
        "award": award,
        "it": it,
        "words": words(it.cycle),
        "against": circumstances.against(it) if award.suspended else [],
        "is_over": award.is_over(today),
        "rechecks": award.rechecks.select_related("by"),
        "can_recheck": standing and user.role_at(DISTRICT, award.organisation.path) is not None,
        "can_edit": award.state == "draft" and user.role_at(OFFICE, award.organisation.path) is not None,
        "clocks": Deadline.objects.visible_to(user).open().with_names().filter(
            object_kind=award._meta.label_lower, object_id=award.pk),
        "offers": AWARD.available(award, user, url=_steps("award_step", award.pk)),
        "returned": pointed_out(award),
        "reviews": _reviews(award, user),
        "entries": timeline([award]),
    }  # fmt: skip


def objection_page(it: NoticeObjection, user: Any) -> dict[str, Any]:
    return {
        "it": it,
        "reply": reply_of(it),
        "offers": OBJECTION.available(it, user, url=_steps("objection_step", it.pk)),
        "clocks": Deadline.objects.visible_to(user).open().with_names().filter(
            object_kind=it._meta.label_lower, object_id=it.pk),
        "entries": timeline([it]),
    }  # fmt: skip


def _reviews(obj: Any, user: Any) -> list[Review]:
    found = list(Review.objects.visible_to(user).with_people().of(obj))
    for review in found:
        review.opens = True  # they come from what this reader may see
    return found


SCORE_COLUMNS = ("单位", "指标", "分值", "评审员", "分", "评语", "偏离的说明", "中位数", "平均")


def score_lines(cycle: Cycle, user: Any) -> list[tuple[Any, ...]]:
    """The panel's points of a round as a table, of what the reader may see, and only where all are in."""
    rows = PanelScore.objects.visible_to(user).counted().filter(seat__application__cycle=cycle)
    scores = list(rows.select_related("seat__reviewer", "seat__organisation", "indicator__heading"))
    found = []
    for pk in dict.fromkeys(row.seat.application_id for row in scores):
        for line in panels.table([s for s in scores if s.seat.application_id == pk], cycle.outlier_percent):
            middle = (points(line["spread"].median), points(line["spread"].mean))
            found += [
                (s.seat.organisation.name, str(s.indicator), points(s.indicator.points), s.seat.reviewer.name,
                 points(s.points), s.note, s.explanation, *middle)
                for s in line["scores"]
            ]  # fmt: skip
    return found
