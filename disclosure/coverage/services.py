"""What people do on the board: remind whose turn it is, take tables out."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from disclosure.clocks import page_of
from disclosure.flows import OFFICE, WRITERS
from disclosure.models import Duty
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.deadlines.models import Notification, Rule
from longsha_credit.directory.models import Membership, Organisation, User
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import require_within

REMINDS = WRITERS | OFFICE
LIMIT_RULES = ("disclosure_publish", "disclosure_soon", "disclosure_prompt")


def limit_rules(current: str) -> list[tuple[str, str]]:
    """The rules by which a topic may have to be published, with their days; `current` is one it has already."""
    rows = Rule.objects.filter(key__in={*LIMIT_RULES, current}).order_by("key", "version")
    newest = {rule.key: rule for rule in rows}
    return [(key, f"{rule.label}（{rule.amount_in_words}）") for key, rule in newest.items()]


def responsible_for(unit: Organisation) -> list[User]:
    """The clerks of the unit, or of the nearest one above that has any; where there is none, the district's office."""
    above = [int(part) for part in unit.path.strip("/").split("/")]
    held = Membership.objects.current().filter(organisation__in=above, user__is_active=True)
    rows = list(held.filter(role__in=[Role.CLERK, Role.OFFICE]).select_related("user", "organisation"))
    for role in (Role.CLERK, Role.OFFICE):
        of_role = [row for row in rows if row.role == role]
        if of_role:
            nearest = max(len(row.organisation.path) for row in of_role)
            return [row.user for row in of_role if len(row.organisation.path) == nearest]
    return []


def may_remind(duty: Duty, user: Any) -> bool:
    return user.role_at(REMINDS, duty.organisation.path) is not None


@transaction.atomic
def remind(duty: Duty, *, state: str, by: Any, now: datetime.datetime | None = None) -> list[User]:
    """Tell those responsible now that something is to be published, once a day; gives whom.

    `state` is how the cell stands. Raises Http404 for who has no say there, Refused otherwise.
    """
    require_within(by, duty.organisation, REMINDS)
    Duty.objects.select_for_update().get(pk=duty.pk)  # two who press at once: the second is told
    now, path = now or timezone.now(), page_of(duty)
    if state == "fresh":
        raise Refused("这个事项在更新期内，不用提醒。", "state")
    today = timezone.localdate(now)
    told_today = Notification.objects.filter(path=path, reminder=None, at__date=today)
    if told_today.exists():
        raise Refused("今天已经提醒过，明天还没有办再提醒。", "state")
    people = [person for person in responsible_for(duty.organisation) if person.pk != by.pk]
    if not people:
        raise Refused("除了您，这个单位和上级没有经办账号，请系统管理员开通。", "guard")
    words = "还没有内容" if state == "empty" else "该更新了" if state == "stale" else "快到更新日了"
    Notification.objects.bulk_create(
        Notification(
            user=person,
            organisation=duty.organisation,
            title=f"请公开：{duty.topic}"[:200],
            text=f"{duty.organisation}的“{duty.topic}”{words}，{by}提醒您办理。"[:300],
            path=path,
            at=now,
        )
        for person in people
    )
    to = "、".join(str(person) for person in people)
    record(duty, step="remind", label="提醒经办", by=by, roles=REMINDS, reason=f"提醒{to}")
    return people


def note_export(user: Any, *, what: str, number: int, query: str) -> None:
    """Whoever takes rows out of the portal leaves an entry."""
    place = user.current_memberships[0].organisation if user.current_memberships else None
    record(
        user, step="export", label=f"导出{what}", by=user, organisation=place, reason=f"{number}条 {query}"
    )
