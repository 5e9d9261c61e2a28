"""Who holds which post, what a unit is called, and where one goes that ends: every change of these."""

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404
from django.utils import timezone

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory import checks
from longsha_credit.directory.models import (
    FormerName,
    Level,
    Membership,
    Official,
    Organisation,
    Posting,
    User,
)
from longsha_credit.directory.roles import SEES_ACCOUNTS, SEES_WORK, Role
from longsha_credit.directory.scope import require_within
from longsha_credit.directory.services import STANDS_UNDER, forget_memberships, require_fit

KEEPS_POSTS = frozenset({Role.OFFICE, Role.LEAD})
NAMES_UNITS = frozenset({Role.OFFICE})


def above(unit: Organisation) -> Organisation:
    """The superior unit; of a district, the district itself."""
    return unit.parent or unit


def may_keep(user: Any, unit: Organisation) -> bool:
    """Whether somebody registers the people of a unit and who leaves."""
    return user.role_at(KEEPS_POSTS, unit.path) is not None


def may_appoint(user: Any, post: Organisation) -> bool:
    """A unit's lead is appointed from above, its other posts by the unit itself."""
    unit = post.parent
    return user.role_at(KEEPS_POSTS, above(unit).path if post.is_lead_post else unit.path) is not None


@transaction.atomic
def register_official(*, unit: Organisation, name: str, staff_number: str, by: User) -> Official:
    """Add a person to a unit: name and staff number, nothing else. Raises ValidationError, Refused, Http404."""
    _keeps(by, unit)
    name, staff_number = name.strip(), staff_number.strip()
    checks.person_name(name)
    checks.free_text(staff_number)
    if unit.level == Level.POST or unit.valid_to:
        raise Refused("公职人员登记在现有的单位下面，请从单位页面办理。", "state")
    try:
        with transaction.atomic():
            official = Official.objects.create(name=name, staff_number=staff_number, organisation=unit)
    except IntegrityError as problem:
        raise Refused(f"{unit}已有工号为“{staff_number}”的人，请核对。", "guard") from problem
    record(official, step="add", label="登记公职人员", by=by, roles=KEEPS_POSTS)
    return official


def _keeps(by: User, unit: Organisation) -> None:
    require_within(by, unit, SEES_WORK | SEES_ACCOUNTS)
    if not may_keep(by, unit):
        raise Refused("公职人员和任职由本单位负责人或区信用办管理员登记，请联系他们。", "role")


@transaction.atomic
def start_posting(
    *, official: Official, post: Organisation, started_on: datetime.date, by: User, today: datetime.date
) -> Posting:
    """Let somebody take a vacant post. Raises Refused, Http404."""
    _keeps(by, post.parent)
    if not may_appoint(by, post):
        raise Refused("负责人的到任由上级单位或区信用办登记，请联系他们。", "role")
    if by.official_id == official.pk:
        raise Refused("不能给自己登记到任，请由另一个人办理。", "eyes")
    if started_on > today:
        raise Refused("到任日期还没有到，到那天再登记。", "guard")
    return hold(official, post, started_on=started_on, by=by)


def hold(official: Official, post: Organisation, *, started_on: datetime.date, by: Any) -> Posting:
    """Begin a posting, and the lead's role where it gives one; who may decide so, the caller has asked. Raises Refused."""
    if post.valid_to:
        raise Refused(f"{post}已停用，请选择现在的岗位。", "state")
    if Posting.objects.current().filter(post=post).exists():
        raise Refused(f"{post}还有人在任，请先登记离任、办理交接。", "state")
    last = Posting.objects.ended().filter(post=post).order_by("-ended_on").first()
    if last and last.ended_on > started_on:
        raise Refused(f"前任{last.ended_on:%Y-%m-%d}离任，到任日期不能早于这一天。", "guard")
    try:
        with transaction.atomic():
            posting = Posting.objects.create(official=official, post=post, started_on=started_on)
            if official.organisation_id != post.parent_id:
                Official.objects.filter(pk=official.pk).update(organisation=post.parent)
    except IntegrityError as problem:
        raise Refused(
            f"{post}刚刚由他人登记了到任，或者{post.parent}已有同样的工号，请刷新页面核对。", "state"
        ) from problem
    record(posting, step="start", label="登记到任", by=by, roles=KEEPS_POSTS, organisation=post.parent)
    _gives_the_lead(posting, by)
    return posting


def _gives_the_lead(posting: Posting, by: Any) -> None:
    """Who holds the lead post leads the unit, once an account is theirs."""
    user = User.objects.filter(official=posting.official_id, is_active=True).first()
    if user is None or not posting.post.is_lead_post:
        return
    unit = posting.post.parent
    held = Membership.objects.current().filter(user=user, organisation=unit, role=Role.LEAD)
    if not held.update(posting=posting):
        require_fit(user, unit, Role.LEAD)
        membership = Membership.objects.create(
            user=user, organisation=unit, role=Role.LEAD, posting=posting, started_on=posting.started_on
        )
        reason = f"{user.name}（{user.username}），因任职取得"
        record(membership, step="grant", label="增加任用资格", by=by, roles=KEEPS_POSTS, reason=reason)
    forget_memberships(user)


def release(posting: Posting, *, ended_on: datetime.date, by: Any) -> None:
    """End a posting and the roles it gave; the database lets only a posting go whose handover is over."""
    ended_on = max(ended_on, posting.started_on)
    if not Posting.objects.filter(pk=posting.pk, ended_on=None).update(
        ended_on=ended_on, cleared_at=timezone.now()
    ):
        raise Refused("这次任职已经结束，请刷新页面看最新情况。", "state")
    posting.refresh_from_db()
    record(posting, step="end", label="离任", by=by, organisation=posting.post.parent)
    given = Q(posting=posting)
    if posting.post.is_lead_post:
        given |= Q(user__official=posting.official_id, organisation=posting.post.parent_id, role=Role.LEAD)
    _end_roles(Membership.objects.current().filter(given), ended_on, by, "任职结束")


def _end_roles(memberships: Any, ended_on: datetime.date, by: Any, why: str) -> None:
    for membership in memberships.select_related("user", "organisation"):
        last_day = max(ended_on, membership.started_on)
        Membership.objects.filter(pk=membership.pk).update(ended_on=last_day)
        reason = f"{membership.user.name}（{membership.user.username}），{why}"
        record(membership, step="end", label="结束任用资格", by=by, reason=reason)


def linkable(user: User, units: Any) -> Any:
    """Registered people of these units that are nobody's account yet, and the one who is this account's."""
    people = Official.objects.filter(organisation__in=units, user=None) | Official.objects.filter(user=user)
    return people.with_unit().distinct()


@transaction.atomic
def link_official(user: User, official: Official | None, *, by: User) -> None:
    """Say which registered person an account belongs to: that account confirms a handover for them.

    Only who keeps accounts does so, and not for the own one. Raises Refused, Http404.
    """
    place = official.organisation if official else None
    if place is not None:
        require_within(by, place, SEES_ACCOUNTS)
    if not by.holds(*SEES_ACCOUNTS):
        raise Http404
    if by.pk == user.pk:
        raise Refused("不能给自己的账号对应公职人员，请由另一位系统管理员办理。", "eyes")
    if official and User.objects.filter(official=official).exclude(pk=user.pk).exists():
        raise Refused(f"{official.name}已经对应另一个账号，请先核对。", "guard")
    User.objects.filter(pk=user.pk).update(official=official)
    user.refresh_from_db()
    said = f"{official.name}（{official.staff_number}）" if official else "不再对应"
    at = place or by.current_memberships[0].organisation
    record(
        user, step="official", label="对应公职人员", by=by, roles=SEES_ACCOUNTS, reason=said, organisation=at
    )
    for posting in Posting.objects.current().filter(official=official) if official else ():
        _gives_the_lead(posting, by)


@transaction.atomic
def rename(
    unit: Organisation, *, name: str, basis: str, until: datetime.date, by: User, today: datetime.date
) -> FormerName:
    """Call a unit otherwise from a day on; what it owes stays with it, what was published keeps the old name.

    Raises ValidationError, Refused, Http404.
    """
    require_within(by, unit, SEES_WORK | SEES_ACCOUNTS)
    if by.role_at(NAMES_UNITS, unit.path) is None:
        raise Refused("单位更名由区信用办管理员凭文件登记，请联系他们。", "role")
    locked = Organisation.objects.select_for_update().get(pk=unit.pk)
    name, basis, old = name.strip(), basis.strip(), locked.name
    checks.unit_name(name)
    checks.free_text(basis)
    if locked.valid_to:
        raise Refused(f"{locked}已停用，不能再更名。", "state")
    if not basis:
        raise Refused("请写明更名依据的文件名称和文号。", "reason")
    if until > today:
        raise Refused("更名日期还没有到，到那天再登记。", "guard")
    beside = Organisation.objects.in_force().filter(parent=locked.parent, level=locked.level, name=name)
    if name == old or beside.exists():
        raise Refused(f"已经有单位叫“{name}”，请核对。", "guard")
    kept = FormerName.objects.create(organisation=locked, name=old, until=until, basis=basis, by=by)
    Organisation.objects.filter(pk=locked.pk).update(name=name)
    unit.refresh_from_db()
    record(unit, step="rename", label="更名", by=by, roles=NAMES_UNITS, reason=f"原名{old}。{basis}")
    return kept


def go_on_under(unit: Organisation, successor: Organisation, *, by: Any, today: datetime.date) -> None:
    """End a unit whose work another one goes on with: it stands under that one from now on, with all below it.

    Its posts and the roles held in it end; the units under it become the successor's. Called once the handover
    between the two is over.
    """
    posts = Organisation.objects.posts_of(unit)
    for posting in Posting.objects.current().filter(post__in=posts).select_related("post", "official"):
        release(posting, ended_on=today, by=by)
    _end_roles(Membership.objects.current().filter(organisation=unit), today, by, f"单位已并入{successor}")
    posts.update(valid_to=today)
    ended = Organisation.objects.in_force().filter(pk=unit.pk)
    if not ended.update(
        valid_to=today, successor=successor, parent=successor, path=f"{successor.path}{unit.pk}/"
    ):
        raise Refused(f"{unit}已停用，请刷新页面看最新情况。", "state")
    fitting = [level for level, places in STANDS_UNDER.items() if successor.level in places]
    own = Organisation.objects.in_force().filter(parent=unit, level__in=fitting).exclude(level=Level.POST)
    moved = list(own.values_list("pk", flat=True))
    own.update(parent=successor, path=Concat(Value(successor.path), Cast(F("pk"), CharField()), Value("/")))
    _rewrite_below([unit.pk, *moved])
    unit.refresh_from_db()
    record(
        unit,
        step="merge",
        label="并入",
        by=by,
        organisation=successor,
        reason=f"自{today}起由{successor}接续",
    )


def _rewrite_below(parents: list[int]) -> None:
    """The paths under moved units, one level after the other: each is its parent's path and the own number."""
    parent_path = Organisation.objects.filter(pk=OuterRef("parent_id")).values("path")
    while parents:
        children = Organisation.objects.filter(parent__in=parents)
        children.update(path=Concat(Subquery(parent_path), Cast(F("pk"), CharField()), Value("/")))
        parents = list(children.values_list("pk", flat=True))
