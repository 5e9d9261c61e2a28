"""Accounts and what each may do where."""

import pghistory
import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property

from longsha_credit.audit.triggers import refuse
from longsha_credit.directory.models.organisations import Organisation
from longsha_credit.directory.models.people import Official, Posting
from longsha_credit.directory.roles import DISTRICT_ONLY, SEES_ACCOUNTS, Role
from longsha_credit.directory.scope import ScopedQuerySet, Wearer, within


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Accounts an administrator keeps: those with a membership in scope, and those with none yet."""
        in_scope = Membership.objects.filter(within(user, SEES_ACCOUNTS, "organisation__path"))
        if not user.paths_for(SEES_ACCOUNTS):
            return self.none()
        return self.filter(Q(memberships__in=in_scope) | Q(memberships=None)).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, username, password=None, **fields):
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(Wearer, AbstractBaseUser):
    """账号：一个人一个账号，权限只来自任职资格（Membership）。"""

    username = models.CharField("账号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=60)
    email = models.EmailField("电子邮箱", blank=True)
    official = models.OneToOneField(
        Official,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="user",
        verbose_name="公职人员",
    )
    is_active = models.BooleanField("启用", default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = "账号"
        ordering = ["username"]

    def __str__(self):
        return self.name

    @cached_property
    def current_memberships(self) -> list["Membership"]:
        """Read once per request; a membership ended in between counts from the next request."""
        return list(
            self.memberships.filter(ended_on=None)
            .select_related("organisation")
            .order_by("organisation__path")
        )

    def role_at(self, roles: frozenset[str], path: str) -> str | None:
        """The label of the first membership with one of `roles` at or above `path`, or None."""
        for membership in self.current_memberships:
            if membership.role in roles and path.startswith(membership.organisation.path):
                return str(membership)
        return None

    @cached_property
    def units_sat_in(self) -> list[int]:
        """The ids of the units the user has a membership or a post in, and of all units above them."""
        paths = {m.organisation.path for m in self.current_memberships}
        if self.official_id:
            posts = Posting.objects.current().filter(official=self.official_id)
            paths |= set(posts.values_list("post__path", flat=True))
        return sorted({int(part) for path in paths for part in path.strip("/").split("/")})


class MembershipQuerySet(ScopedQuerySet):
    seen_by = SEES_ACCOUNTS

    def current(self):
        return self.filter(ended_on=None)


@pghistory.track()
class Membership(models.Model):
    """任用资格：某账号在某单位担任某角色，自某日至某日。"""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name="账号")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name="单位"
    )
    role = models.CharField("角色", max_length=12, choices=Role.choices)
    posting = models.ForeignKey(
        Posting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="因何任职取得",
    )
    started_on = models.DateField("自")
    ended_on = models.DateField("至", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "任用资格"
        ordering = ["organisation__path", "role"]
        constraints = [
            models.UniqueConstraint(
                name="one_membership_per_role",
                fields=["user", "organisation", "role"],
                condition=Q(ended_on=None),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(name="role_is_known", condition=Q(role__in=Role.values)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="role_fits_level",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.role IN ({", ".join(repr(str(r.value)) for r in sorted(DISTRICT_ONLY))})
                   AND (SELECT level FROM directory_organisation WHERE id = NEW.organisation_id) <> 'district' THEN
                  {refuse("role_fits_level", "this is a role of the district")}
                END IF;
                RETURN NEW;
                """,
            )
        ]

    def __str__(self):
        return f"{self.organisation.name} · {self.get_role_display()}"


# A unit and those it stands under, as far up as the tree goes.
LINE = ("pk", "parent", "parent__parent", "parent__parent__parent", "parent__parent__parent__parent")


def held_nearer(mine: Membership) -> models.QuerySet:
    """The units below a membership's own in whose line, below that one, somebody holds the same role now."""
    in_line = Q()
    for step in LINE:
        in_line |= Q(organisation=OuterRef(step))
    below = Organisation.objects.filter(path__startswith=mine.organisation.path)
    others = Membership.objects.filter(role=mine.role, ended_on=None, user__is_active=True)
    others = others.filter(organisation__path__startswith=mine.organisation.path)
    nearer = others.exclude(organisation=mine.organisation_id).filter(in_line)
    return below.filter(Exists(nearer)).order_by().values("pk")
