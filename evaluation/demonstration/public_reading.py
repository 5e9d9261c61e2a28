"""What the public reads of demonstration: the units, a notice with its objections, how an objection stands."""

import datetime
from typing import Any

from evaluation.demonstration.objections import reply_of
from evaluation.demonstration.wording import shown_name, words
from evaluation.models import Award, CandidateNotice, NoticeObjection
from longsha_credit.deadlines import services as deadlines
from longsha_credit.directory.models import Level
from records.models import Record

SUSPENDED = "有正在生效的失信记录，按规定暂停，记录修复、撤销或到期以后恢复。"


def awards(level: str = "") -> Any:
    """The units that were awarded and not revoked, by place."""
    rows = Award.objects.public().with_names().with_suspension()
    if level:
        rows = rows.filter(application__cycle__level=level)
    return rows.order_by("application__organisation__path", "-awarded_on", "id")


def told(award: Award, today: datetime.date) -> Award:
    """An award with what is said of it: `name`, `words`, `standing` (state, words)."""
    award.name, award.words = shown_name(award.application.organisation), words(award.application.cycle)
    if award.state == "withdrawn":
        award.standing = ("withdrawn", "已撤销")
    elif award.is_over(today):
        award.standing = ("na", "已期满")
    elif award.suspended:
        award.standing = ("near", award.words.suspended)
    else:
        award.standing = ("active", "有效")
    return award


def why_suspended(award: Award) -> list[Record]:
    """The public records that suspend an award; of a post's nothing is told."""
    rows = Record.objects.public().breaches().in_effect()
    return list(rows.filter(organisation=award.application.organisation_id)) if award.suspended else []


def of_unit(unit: Any, today: datetime.date) -> list[Award]:
    """The line of a unit's own page, with the posts under it."""
    rows = Award.objects.public().with_names().with_suspension()
    mine = rows.filter(application__organisation=unit)
    posts = rows.filter(application__organisation__level=Level.POST, application__organisation__parent=unit)
    return [told(award, today) for award in (mine | posts).order_by("application__organisation__path")]


def candidates(notice: CandidateNotice) -> list[Any]:
    """The applications a notice shows, each with the name the public reads."""
    rows = list(notice.applications.select_related("organisation__parent").order_by("organisation__path"))
    for row in rows:
        row.name = shown_name(row.organisation)
    return rows


def outcomes(notice: CandidateNotice) -> dict[str, Any]:
    """How many objections came and what came of them; nobody's words."""
    rows = list(
        NoticeObjection.objects.filter(notice=notice).select_related("application__organisation__parent")
    )
    for row in rows:
        row.name = shown_name(row.application.organisation)
    return {"objections": rows, "open": sum(row.state != "decided" for row in rows)}


STEPS = {
    "filed": "已收到，等待受理",
    "accepted": "正在核实",
    "proposed": "处理意见待审定",
    "decided": "已处理",
}


def progress(it: NoticeObjection) -> dict[str, Any]:
    """How an objection stands, for who has its code: until when it is answered, and the answer once it is decided."""
    clock = deadlines.of(it).with_names().order_by("-id").first()
    decided = it.state == "decided"
    return {
        "it": it,
        "name": shown_name(it.application.organisation),
        "standing": STEPS[it.state],
        "due_on": clock and clock.due_on,
        "basis": clock and clock.rule.basis,
        "finding": it.get_finding_display() if decided else "",
        "reply": reply_of(it) if decided else "",
    }
