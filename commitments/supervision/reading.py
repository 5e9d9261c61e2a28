"""What the desk page of one case or slip shows to its reader."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from commitments.models import Case, CaseFinding, CaseKind, IdentityOpening, Rectification, TransferSlip
from commitments.models.cases import HANDLERS
from commitments.supervision import conditions, services
from commitments.supervision.flows import FLOW, OPENING, SLIP
from longsha_credit.audit.history import timeline
from longsha_credit.deadlines.models import Deadline


def handles(case: Case, user: Any) -> bool:
    return user.role_at(HANDLERS, case.organisation.path) is not None


def case_page(case: Case, user: Any) -> dict[str, Any]:
    """Everything about a case but what the resident wrote and who it was; those are opened by their own buttons."""
    slips = list(TransferSlip.objects.visible_to(user).with_names().filter(case=case))
    openings = list(IdentityOpening.objects.visible_to(user).with_names().filter(case=case))
    may = handles(case, user)
    return {
        "it": case,
        "offers": case_offers(case, user),
        "slips": slips,
        "openings": [_opening(opening, user) for opening in openings],
        "replies": services.replies_of(case, sent_only=not may),
        "clocks": _clocks(case, user),
        "entries": timeline([case, *openings]),
        "handles": may,
        "may_send_slip": may
        and case.state in services.SLIPS_FROM
        and not any(s.state == "sent" for s in slips),
        "identity_refusal": conditions.may_ask_identity(case),
        "ratings": case.ratings.order_by("number"),
        **_ledger(case, user, may),
    }


def _ledger(case: Case, user: Any, may: bool) -> dict[str, Any]:
    """Items of the rectification ledger this case led to; what was found true may become one."""
    items = list(Rectification.objects.visible_to(user).filter(case=case))
    found = case.finding in (CaseFinding.TRUE, CaseFinding.PARTLY)
    return {"ledger_items": items, "may_enter_ledger": may and found and not any(i.is_open for i in items)}


def case_offers(case: Case, user: Any) -> list[Any]:
    """The steps; that praise may simply be passed on is said of praise only."""
    offers = FLOW.available(case, user, url=lambda step: reverse("supervision:step", args=[case.pk, step]))
    return [offer for offer in offers if offer.step.name != "note" or case.kind == CaseKind.PRAISE]


def _opening(opening: IdentityOpening, user: Any) -> dict[str, Any]:
    def url(step: str) -> str:
        return reverse("supervision:opening_step", args=[opening.pk, step])

    return {"it": opening, "offers": OPENING.available(opening, user, url=url)}


def _clocks(case: Case, user: Any) -> list[Deadline]:
    rows = Deadline.objects.visible_to(user).open().with_names()
    return list(rows.filter(object_kind=Case._meta.label_lower, object_id=case.pk).order_by("due_on"))


def slip_page(slip: TransferSlip, user: Any) -> dict[str, Any]:
    """A slip as both sides see it; the way to the case only for who may see that."""
    kind = TransferSlip._meta.label_lower
    rows = Deadline.objects.visible_to(user).open().with_names()
    case = Case.objects.visible_to(user).filter(pk=slip.case_id).select_related("organisation").first()
    return {
        "it": slip,
        "case": case,
        "may_recall": slip.state == "sent" and case is not None and handles(case, user),
        "offers": SLIP.available(
            slip, user, url=lambda step: reverse("supervision:slip_step", args=[slip.pk, step])
        ),
        "clocks": list(rows.filter(Q(object_kind=kind, object_id=slip.pk))),
        "entries": timeline([slip]),
    }


FOLLOWS = {
    "accept": "您是承办人。先看原文，再核实或转办，在期限内提出答复。",
    "refuse": "居民凭查询码会看到原因。",
    "note": "居民凭查询码会看到已经转达。",
    "propose": "接下来由另一个人审签，审签以后居民才看到。",
    "approve": "居民凭查询码能看到答复，并作评价。",
    "rework": "接下来由承办人再办。",
    "repropose": "接下来由另一个人审签。",
    "reapprove": "居民凭查询码能看到答复，并作最后一次评价。",
    "rework_again": "接下来由区里再办。",
}


def needs_words(step: str) -> bool:
    """Who approves a reply reads it first."""
    return step in ("approve", "reapprove")
