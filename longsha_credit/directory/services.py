"""Every change of organisations, accounts and what they may do, each with its entry."""

import datetime
import secrets

from axes.utils import reset as axes_reset
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory import checks, tokens
from longsha_credit.directory.models import Level, Membership, Official, Organisation, User
from longsha_credit.directory.roles import DISTRICT_ONLY, SEES_ACCOUNTS, SEES_WORK, Role
from longsha_credit.directory.scope import require_within

KEEPS_CONTACT = frozenset({Role.SYSADMIN, Role.LEAD})
KEEPS_UNITS = frozenset({Role.SYSADMIN, Role.OFFICE})
KEEPS_ACCOUNTS = frozenset({Role.SYSADMIN})
# Who keeps the accounts and who checks the record does nothing else: else one person could cover their own steps.
ALONE = frozenset({Role.SYSADMIN, Role.AUDITOR})
LEAD_POST = {Level.STREET: "主任岗", Level.COMMUNITY: "主任岗"}
PASSWORD_KINDS = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")


# --- organisations ---------------------------------------------------------------------------------------------------


@transaction.atomic
def add_organisation(
    *,
    level: str,
    name: str,
    parent: Organisation | None,
    by: User | None,
    today: datetime.date | None = None,
    division_code: str = "",
    uscc: str = "",
    supervision_phone: str = "",
    taking_part: bool = True,
    is_demo: bool = False,
) -> Organisation:
    """Add a unit with its lead post; `by` is None for commands. Raises ValidationError, Refused, Http404."""
    unit = Organisation(
        level=level,
        name=name.strip(),
        parent=parent,
        division_code=division_code,
        uscc=uscc.strip().upper(),
        supervision_phone=supervision_phone.strip(),
        taking_part=taking_part,
        is_demo=is_demo,
        valid_from=today or timezone.localdate(),
    )
    _insert(unit, by)
    add_post(
        unit=unit, name=LEAD_POST.get(unit.level, "负责人岗"), is_lead_post=True, by=by, today=unit.valid_from
    )
    return unit


@transaction.atomic
def add_post(
    *,
    unit: Organisation,
    name: str,
    by: User | None,
    today: datetime.date | None = None,
    is_lead_post: bool = False,
) -> Organisation:
    """Add a post under a unit. Raises ValidationError, Refused, Http404."""
    if is_lead_post and Organisation.objects.posts_of(unit).filter(is_lead_post=True).exists():
        raise Refused(f"{unit}已有负责人岗，一个单位只设一个。", "guard")
    post = Organisation(
        level=Level.POST,
        name=name.strip(),
        parent=unit,
        is_lead_post=is_lead_post,
        taking_part=unit.taking_part,
        is_demo=unit.is_demo,
        valid_from=today or timezone.localdate(),
    )
    _insert(post, by)
    return post


STANDS_UNDER = {
    Level.DISTRICT: {None},
    Level.STREET: {Level.DISTRICT},
    Level.COMMUNITY: {Level.STREET},
    Level.WINDOW: {Level.DISTRICT, Level.STREET, Level.COMMUNITY},
    Level.POST: {Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.WINDOW},
}


def _insert(unit: Organisation, by: User | None) -> None:
    """Check the right, the place and the words; save; write the entry."""
    if by is not None and unit.parent is not None:
        require_within(by, unit.parent, SEES_WORK | SEES_ACCOUNTS)
        if by.role_at(KEEPS_UNITS, unit.parent.path) is None:
            raise Refused("增加窗口和岗位由区信用办管理员或系统管理员办理，请联系他们。", "role")
    checks.unit_name(unit.name)
    checks.phone(unit.supervision_phone)
    checks.uscc(unit.uscc)
    if unit.division_code:
        checks.division_code(unit.division_code)
    if (unit.parent.level if unit.parent else None) not in STANDS_UNDER[unit.level]:
        place = f"“{unit.parent.get_level_display()}”下面" if unit.parent else "最上级"
        raise Refused(f"{place}不能设“{unit.get_level_display()}”，请核对。", "guard")
    if unit.parent and unit.parent.valid_to:
        raise Refused(f"{unit.parent}已停用，下面不能再增加单位。", "state")
    _no_twin(unit)
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as problem:
        raise Refused("同样的单位刚刚由他人增加了，请刷新页面看最新情况。", "state") from problem
    unit.refresh_from_db(fields=["path"])
    label = "设立岗位" if unit.level == Level.POST else "增加单位"
    record(unit, step="add", label=label, by=by, roles=KEEPS_UNITS)


def _no_twin(unit: Organisation) -> None:
    beside = Organisation.objects.in_force().filter(parent=unit.parent, level=unit.level, name=unit.name)
    if beside.exists():
        raise Refused(f"{unit.parent or '这里'}下面已有“{unit.name}”，请换一个名称。", "guard")
    same_code = Organisation.objects.in_force().filter(division_code=unit.division_code)
    if unit.division_code and (other := same_code.first()):
        raise Refused(f"区划代码 {unit.division_code} 已由“{other.name}”使用，请核对。", "guard")


@transaction.atomic
def edit_organisation(
    unit: Organisation, *, by: User, supervision_phone: str, address: str, office_hours: str
) -> Organisation:
    """Change how residents reach a unit. Raises ValidationError, Refused, Http404."""
    require_within(by, unit, SEES_WORK | SEES_ACCOUNTS)
    if by.role_at(KEEPS_CONTACT, unit.path) is None:
        raise Refused("联系方式由本单位负责人或系统管理员修改，请联系他们。", "role")
    locked = Organisation.objects.select_for_update().get(pk=unit.pk)
    if locked.valid_to:
        raise Refused(f"{locked}已停用，不能再修改。", "state")
    new = {
        "supervision_phone": supervision_phone.strip(),
        "address": address.strip(),
        "office_hours": office_hours.strip(),
    }
    checks.phone(new["supervision_phone"])
    checks.free_text(new["address"])
    checks.free_text(new["office_hours"])
    changed = [name for name, value in new.items() if getattr(locked, name) != value]
    if changed:
        for name in changed:
            setattr(locked, name, new[name])
        locked.save(update_fields=changed)
        labels = "、".join(str(Organisation._meta.get_field(name).verbose_name) for name in changed)
        record(locked, step="edit", label="修改联系方式", by=by, roles=KEEPS_CONTACT, reason=f"改了{labels}")
    return locked


# --- accounts --------------------------------------------------------------------------------------------------------


def new_password() -> str:
    """Sixteen characters of three kinds, none of which is mistaken for another when read aloud."""
    every = "".join(PASSWORD_KINDS)
    drawn = [secrets.choice(kind) for kind in PASSWORD_KINDS] + [secrets.choice(every) for _ in range(13)]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


@transaction.atomic
def add_user(
    *,
    username: str,
    name: str,
    password: str,
    by: User | None,
    organisation: Organisation,
    email: str = "",
) -> User:
    """Add an account kept by the administrators of `organisation`'s district; it may do nothing yet.

    Raises ValidationError, Refused, Http404.
    """
    _keeps_accounts(by, organisation)
    username, name = username.strip().lower(), name.strip()
    checks.username(username)
    checks.person_name(name)
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(f"账号“{username}”已有人使用，请换一个。", "guard")
    validate_password(password, User(username=username, name=name, email=email))
    try:
        with transaction.atomic():
            user = User.objects.create_user(username, password, name=name, email=email.strip())
    except IntegrityError as problem:
        raise Refused(f"账号“{username}”刚刚由他人建立，请刷新页面。", "state") from problem
    record(user, step="add", label="建立账号", by=by, roles=KEEPS_ACCOUNTS, organisation=organisation)
    return user


def _keeps_accounts(by: User | None, organisation: Organisation) -> None:
    if by is not None:
        require_within(by, organisation, KEEPS_ACCOUNTS)


def _kept(user: User, by: User | None, what: str) -> Organisation | None:
    """The unit an entry about the account goes to, once `by` may keep it and it is not their own."""
    if by is not None and by.pk == user.pk:
        raise Refused(f"不能给自己{what}，请由另一位系统管理员办理。", "eyes")
    home = home_of(user) or (home_of(by) if by else None)
    if by is not None and (home is None or by.role_at(KEEPS_ACCOUNTS, home.path) is None):
        raise Refused(f"这个账号不归您管理，请联系{home or '区'}的系统管理员。", "role")
    return home


def home_of(user: User) -> Organisation | None:
    """The unit of a person's first current membership, else of the last one that ended."""
    newest = user.memberships.select_related("organisation").order_by(
        F("ended_on").desc(nulls_first=True), "pk"
    )
    return membership.organisation if (membership := newest.first()) else None


@transaction.atomic
def grant_membership(
    *,
    user: User,
    organisation: Organisation,
    role: str,
    by: User | None,
    today: datetime.date | None = None,
) -> Membership:
    """Let an account act for a unit in a role from today on. Raises Refused, Http404."""
    _keeps_accounts(by, organisation)
    if by is not None and by.pk == user.pk:
        raise Refused("不能给自己增加任用资格，请由另一位系统管理员办理。", "eyes")
    User.objects.select_for_update().get(pk=user.pk)
    require_fit(user, organisation, role)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user, organisation=organisation, role=role, started_on=today or timezone.localdate()
            )
    except IntegrityError as problem:
        raise Refused("这项任用资格不符合规定或已经存在，请核对单位和角色。", "guard") from problem
    forget_memberships(user)
    record(
        membership,
        step="grant",
        label="增加任用资格",
        by=by,
        roles=KEEPS_ACCOUNTS,
        reason=f"{user.name}（{user.username}）",
    )
    return membership


def require_fit(user: User, organisation: Organisation, role: str) -> None:
    """Refuse a role where it cannot be held."""
    if role not in Role.values:
        raise Refused("请从列出的角色里选择。", "guard")
    label = Role(role).label
    if not user.is_active:
        raise Refused(f"{user.name}的账号已停用，请先启用。", "state")
    if organisation.valid_to:
        raise Refused(f"{organisation}已停用，请选择现在的单位。", "state")
    if role in DISTRICT_ONLY and organisation.level != Level.DISTRICT:
        raise Refused(f"“{label}”是区一级的角色，单位请选择区。", "guard")
    if role == Role.SECRECY and organisation.level not in (Level.DISTRICT, Level.STREET):
        raise Refused(f"“{label}”只设在区和街道，请选择其中一个。", "guard")
    if organisation.level == Level.POST and role != Role.OFFICIAL:
        raise Refused(f"“{label}”要设在单位，请选择岗位所在的单位。", "guard")
    held = set(user.memberships.filter(ended_on=None).values_list("role", flat=True))
    if user.memberships.filter(ended_on=None, organisation=organisation, role=role).exists():
        raise Refused(f"{user.name}已是{organisation}的{label}，不用再加。", "guard")
    if held and (role in ALONE or held & ALONE) and held != {role}:
        raise Refused("系统管理员和审计员不能兼任其他角色，请先结束原来的，或另建一个账号。", "guard")


@transaction.atomic
def end_membership(
    membership: Membership, *, by: User | None, today: datetime.date | None = None
) -> Membership:
    """End one role of an account from now on. Raises Refused, Http404."""
    _keeps_accounts(by, membership.organisation)
    if by is not None and by.pk == membership.user_id:
        raise Refused("不能结束自己的任用资格，请由另一位系统管理员办理。", "eyes")
    ended_on = max(today or timezone.localdate(), membership.started_on)
    if not Membership.objects.filter(pk=membership.pk, ended_on=None).update(ended_on=ended_on):
        raise Refused("这项任用资格已经结束，请刷新页面看最新情况。", "state")
    membership.ended_on = ended_on
    forget_memberships(membership.user)
    reason = f"{membership.user.name}（{membership.user.username}）"
    record(membership, step="end", label="结束任用资格", by=by, roles=KEEPS_ACCOUNTS, reason=reason)
    return membership


def forget_memberships(user: User) -> None:
    """Memberships are read once per request; after a change this object reads them anew."""
    user.__dict__.pop("current_memberships", None)


@transaction.atomic
def set_password(user: User, password: str, *, by: User | None) -> None:
    """Set one's own password or, for an administrator, somebody else's; other sessions and a lock end.

    Raises ValidationError, Refused.
    """
    own = by is not None and by.pk == user.pk
    unit = home_of(user) if own else _kept(user, by, "重置密码")
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    label = "修改密码" if own else "重置密码"
    record(user, step="password", label=label, by=by, roles=() if own else KEEPS_ACCOUNTS, organisation=unit)
    axes_reset(username=user.username)


def reset_password(user: User, *, by: User) -> str:
    """Give somebody else's account a new password and return it, to be shown once; its tokens end. Raises Refused."""
    _kept(user, by, "重置密码")
    password = new_password()
    set_password(user, password, by=by)
    tokens.revoke_all_of(user, by=by)
    return password


@transaction.atomic
def set_active(user: User, active: bool, *, by: User | None) -> None:
    """Switch an account on or off; switched off, its sessions and tokens end at once. Raises Refused."""
    unit = _kept(user, by, "停用或启用账号")
    word = "启用" if active else "停用"
    if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        raise Refused(f"这个账号已经{word}，请刷新页面看最新情况。", "state")
    user.is_active = active
    record(user, step="active", label=f"{word}账号", by=by, roles=KEEPS_ACCOUNTS, organisation=unit)
    if not active:
        tokens.revoke_all_of(user, by=by)


def note_access(user: User, *, step: str, label: str, by: User | None, reason: str = "") -> None:
    """Write the entry of a sign-in, a sign-out or a failed attempt at an account."""
    record(user, step=step, label=label, by=by, reason=reason, organisation=home_of(user))


def note_failure(username: str, *, locked: bool, now: datetime.datetime | None = None) -> None:
    """Write the entry of a failed sign-in at an existing account; of a lock only once while it lasts."""
    user = User.objects.filter(username=username).first()
    if user is None:
        return
    if not locked:
        note_access(user, step="sign_in_failed", label="登录失败", by=None, reason="密码不正确")
        return
    since = (now or timezone.now()) - datetime.timedelta(hours=settings.AXES_COOLOFF_TIME)
    if not Entry.objects.about(user).filter(step="locked", at__gt=since).exists():
        reason = f"连续 {settings.AXES_FAILURE_LIMIT} 次密码错误，暂停登录"
        note_access(user, step="locked", label="账号锁定", by=None, reason=reason)


def is_switched_off(username: str, password: str) -> bool:
    """Whether the right password was given for an account that is switched off; only then is that said."""
    user = User.objects.filter(username=username, is_active=False).first()
    return user is not None and user.check_password(password)


def count_officials(unit: Organisation) -> int:
    """How many officials a unit has; their names are for those whose scope it is."""
    return Official.objects.filter(organisation=unit).count()


def division_of(organisation: Organisation) -> str:
    """The county's six digits: the organisation's own, or those of the nearest unit above that has a code."""
    ids = [int(part) for part in organisation.path.strip("/").split("/")]
    codes = dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "division_code"))
    for pk in reversed(ids):
        if codes[pk]:
            return codes[pk][:6]
    raise Refused("本单位和上级都没有统计用区划代码，请系统管理员先导入区划。", "guard")
