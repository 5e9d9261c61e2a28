"""What residents see: whom they can write about, how a case stands, and the numbers of a unit."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse

from commitments.models import Case, CaseState, Closing, Obligation, Rating
from commitments.supervision import clocks, metrics, services
from commitments.supervision.reference import WHERE_TO
from longsha_credit.directory.models import Organisation

UNIT = re.compile(r"u([0-9]{1,9})")
INDEX_NUMBER = re.compile(r"[A-Z]{2}-[0-9]{6}-[0-9]{4}-[0-9]{4,9}", re.ASCII)


@dataclass(frozen=True)
class Target:
    """What a resident writes about: a public unit, or a public promise of one."""

    where: str
    unit: Organisation
    obligation: Obligation | None
    handler: Organisation | None

    @property
    def name(self) -> str:
        return f"{self.unit.name}的承诺“{self.obligation.title}”" if self.obligation else self.unit.name

    @property
    def url(self) -> str:
        if self.obligation:
            return reverse("public_commitments:page", args=[self.obligation.code])
        return reverse("unit", args=[self.unit.pk])


def target_of(where: str) -> Target:
    """The unit u12 or the promise with a code of 20 digits; raises Http404 for what is not public."""
    obligation = None
    if found := UNIT.fullmatch(where):
        unit = Organisation.objects.public().filter(pk=int(found[1])).first()
    else:
        obligation = Obligation.objects.public().with_names().filter(code=where).first()
        unit = obligation.organisation if obligation else None
        unit = Organisation.objects.public().filter(pk=unit.pk).first() if unit else None
    if unit is None:
        raise Http404
    return Target(where, unit, obligation, services.handler_of(unit))


def number_in(asked: Any) -> str:
    """The index number of what a resident was reading (?about=), and nothing else that stands there."""
    found = INDEX_NUMBER.fullmatch(asked.get("about", ""))
    return found[0] if found else ""


STEPS = {
    CaseState.FILED: "已收到，等待受理",
    CaseState.ACCEPTED: "已受理，正在办理",
    CaseState.PROPOSED: "已受理，正在办理",
    CaseState.REPLIED: "已答复，等您评价",
    CaseState.REHANDLING: "您不满意，区里正在重新办理",
    CaseState.REPROPOSED: "您不满意，区里正在重新办理",
    CaseState.CLOSED: "已办结",
    CaseState.REFUSED: "不予受理",
}
ENDS = {
    Closing.SATISFIED: "您评价满意，已办结。",
    Closing.UNSATISFIED: "区里已经重新办理过一次，这件事到此办结。您仍可以走其他渠道反映。",
    Closing.UNANSWERED: "答复后没有收到您的评价，已按期结束。",
    Closing.NOTED: "您的表扬已经转达。谢谢！",
}


def progress(case: Case) -> dict[str, Any]:
    """How a case stands, for who has its query code: days, clock, replies; nobody's name and no word of the text."""
    replies = services.replies_of(case, sent_only=True)
    return {
        "case": case,
        "standing": STEPS[case.state],
        "steps": _steps(case, replies),
        "clocks": clocks.for_resident(case),
        "replies": replies,
        "asks": case.state == CaseState.REPLIED,
        "is_second": case.rounds == 2,
        "end": ENDS.get(case.closing, ""),
        "refusal": case.get_refusal_display() if case.state == CaseState.REFUSED else "",
        "channel": case.get_channel_display(),
        "where_to": WHERE_TO.get(case.channel, ""),
    }


def _steps(case: Case, replies: list[dict[str, Any]]) -> list[tuple[str, datetime.date | None]]:
    found = [("收到", case.filed_on), ("受理", case.accepted_on)]
    found += [("答复" if reply["number"] == 1 else "重新办理后答复", reply["sent_on"]) for reply in replies]
    if case.state in (CaseState.REHANDLING, CaseState.REPROPOSED):
        found.append(("区里重新办理", None))
    found.append(("办结", case.closed_on))
    return [(label, day) for label, day in found if day or label == "区里重新办理"]


def of_unit(unit: Organisation, today: datetime.date) -> dict[str, Any]:
    """What a unit's page says of supervision: where to write, open ratings, and numbers up to the end of last month."""
    return {
        "where": f"u{unit.pk}",
        "ratings": Rating.objects.public().below(unit).open_ones().by_level(),
        "figures": metrics.public_figures(unit, today),
    }
