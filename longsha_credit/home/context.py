"""What every desk page carries: who is signed in, the navigation by task, and whether this is the demo."""

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from commitments.flows import FLOW
from commitments.handover import reading as handovers
from commitments.models import Case, Obligation, Rectification, Sweep, TransferSlip
from commitments.rectification.flows import FLOW as LEDGER_FLOW
from commitments.rectification.flows import SWEEP as SWEEP_FLOW
from commitments.supervision.flows import FLOW as CASE_FLOW
from commitments.supervision.flows import SLIP
from disclosure.scenes import lists as scenes
from longsha_credit.deadlines.models import Deadline, Notification
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_ACCOUNTS, SEES_AUDIT, SEES_WORK, Role
from longsha_credit.programme.flows import FLOW as YEAR_FLOW
from longsha_credit.programme.models import Year
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review
from records.flows import FLOW as RECORD_FLOW
from records.flows import OBJECTION, REPAIR
from records.lists import asked, to_correct
from records.models import Objection, Record, Repair


def desk(request):
    user = getattr(request, "user", None)
    context = {"demo": SimpleLazyObject(is_demo)}
    if user and user.is_authenticated:
        context["desk"] = SimpleLazyObject(
            lambda: {
                "who": who(user),
                "nav": navigation(request, user),
                "sees_work": user.holds(*SEES_WORK),
                "unread": Notification.objects.visible_to(user).unread().count(),
            }
        )
    return context


def is_demo() -> bool:
    """Whether the portal holds demo units; asked at most once a minute."""
    return cache.get_or_set("is_demo", lambda: Organisation.objects.filter(is_demo=True).exists(), 60)


def who(user) -> str:
    """The line under the name: the memberships held now."""
    return "；".join(str(membership) for membership in user.current_memberships[:2]) or "没有任用资格"


def navigation(request, user) -> list[dict]:
    """The menu by task; only what this user's roles can open."""
    groups = []
    if user.holds(*SEES_WORK):
        reviews = Review.objects.visible_to(user).filter(GATE.waiting_for(user)).count()
        overdue = Deadline.objects.visible_to(user).overdue(timezone.localdate()).count()
        own = Obligation.objects.visible_to(user).filter(FLOW.waiting_for(user)).count()
        records = Record.objects.visible_to(user).filter(RECORD_FLOW.waiting_for(user)).count()
        records += asked(Objection, OBJECTION, user).count() + asked(Repair, REPAIR, user).count()
        records += to_correct(user).count()
        ledger = Rectification.objects.visible_to(user).filter(LEDGER_FLOW.waiting_for(user)).count()
        ledger += Sweep.objects.visible_to(user).filter(SWEEP_FLOW.waiting_for(user)).count()
        years = Year.objects.visible_to(user).filter(YEAR_FLOW.waiting_for(user)).count()
        cases = Case.objects.visible_to(user).filter(CASE_FLOW.waiting_for(user)).count()
        slips = TransferSlip.objects.visible_to(user).filter(SLIP.waiting_for(user)).count()
        groups = [
            ("我的工作", [("我的待办", reverse("desk"), None)]),
            ("办理", [
                ("承诺和进展", reverse("commitments:list"), own),
                ("离任交接", reverse("handovers:list"), handovers.waiting(user).count()),
                ("诚信记录", reverse("records:list"), records),
                ("居民来件", reverse("supervision:list"), cases),
                ("转办单", reverse("supervision:slips"), slips),
                ("失信治理台账", reverse("rectification:list"), ledger),
                ("信用+场景", reverse("scenes:list"), scenes.waiting(user)),
                ("公开审查", reverse("reviews:list"), reviews),
                ("期限和督办", reverse("deadlines:list"), overdue),
            ]),
            ("其他", [
                ("年度安排", reverse("programme:list"), years),
                ("单位资料", reverse("organisations:list"), None),
            ]),
        ]  # fmt: skip
    if user.holds(Role.OFFICIAL) and not groups:
        groups = [("我的档案", [("诚信记录", reverse("records:list"), None)])]
    if user.official_id and not user.holds(*SEES_WORK):
        to_do = handovers.waiting(user).count()
        groups.append(("交接", [("离任交接", reverse("handovers:list"), to_do)]))
    if user.holds(*SEES_ACCOUNTS):
        groups.append(
            (
                "系统管理",
                [("单位资料", reverse("organisations:list"), None), ("账号", reverse("accounts:list"), None)],
            )
        )
        groups = [(g, i) for g, i in groups if g != "其他"]
    if user.holds(*SEES_AUDIT):
        groups.append(("审计", [("办理留痕", reverse("audit:list"), None)]))
    return [{"label": label, "items": [_item(request, *item) for item in items]} for label, items in groups]


def _item(request, label, url, count) -> dict:
    here = request.path == url or (url != reverse("desk") and request.path.startswith(url))
    return {"label": label, "url": url, "count": count or None, "current": here, "due": ""}
