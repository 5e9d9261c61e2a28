"""What a user may see: own units and everything below them, at any depth, by path prefix."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.db import models
from django.http import Http404

from longsha_credit.directory.roles import SEES_WORK


class Wearer:
    """What somebody's memberships say."""

    current_memberships: Any

    def paths_for(self, roles: frozenset[str] | None) -> list[str]:
        """Paths of the organisations where this person holds one of `roles` (None: any role)."""
        return sorted(
            {m.organisation.path for m in self.current_memberships if roles is None or m.role in roles}
        )

    def holds(self, *roles: str) -> bool:
        return any(m.role in roles for m in self.current_memberships)


class Place(NamedTuple):
    pk: int
    path: str


class Hat(NamedTuple):
    role: str
    organisation: Place

    @property
    def organisation_id(self) -> int:
        return self.organisation.pk


@dataclass(frozen=True)
class Viewer(Wearer):
    """All a scope or a list of work may ask about a user, as a value: the same viewer always means the same SQL."""

    pk: int
    official_id: int | None
    current_memberships: tuple[Hat, ...]
    units_sat_in: tuple[int, ...]

    @classmethod
    def of(cls, user: Any) -> Self:
        hats = (Hat(m.role, Place(m.organisation_id, m.organisation.path)) for m in user.current_memberships)
        return cls(user.pk, user.official_id, tuple(hats), tuple(user.units_sat_in))


def within(user: Any, roles: Iterable[str], lookup: str) -> models.Q:
    """The condition that `lookup` (a path) lies at or below an organisation where `user` holds one of `roles`."""
    condition = models.Q(pk__in=[])
    for path in user.paths_for(frozenset(roles)):
        condition |= models.Q(**{f"{lookup}__startswith": path})
    return condition


def interested(user: Any, lookup: str) -> models.Q:
    """The condition that the unit in `lookup` is one the user sits in, or stands above one of these."""
    return models.Q(**{f"{lookup}__in": user.units_sat_in})


def require_within(user: Any, organisation: Any, roles: Iterable[str] = SEES_WORK) -> None:
    """Raise Http404 when `organisation` is not at or below one of the user's: other people's objects do not exist."""
    if user.role_at(frozenset(roles), organisation.path) is None:
        raise Http404


class ScopedQuerySet(models.QuerySet):
    """Rows of an organisation; interface code starts from `visible_to` or `public`.

    `apart_lookup` names the unit, if any, whose people do not see the row although they have a role above: those
    who sit in the unit complained of and also in the one that handles it (利害关系回避).
    """

    path_lookup = "organisation__path"
    apart_lookup = ""
    seen_by = SEES_WORK

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(within(user, self.seen_by, self.path_lookup))
        return rows.exclude(interested(user, self.apart_lookup)) if self.apart_lookup else rows
