"""Making, finding and revoking the keys of programs; a key is told once and kept as its hash."""

import datetime
import hashlib
import secrets
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import ApiFiling, ApiToken
from longsha_credit.directory.models.tokens import KEEPERS, LONGEST
from longsha_credit.directory.roles import SEES_WORK

PREFIX = "longsha_"  # a scanner for secrets finds one that lies about
SHOWN = 12
MOST = 10  # that one account has at a time


def hash_of(key: str) -> str:
    """A key is 256 random bits: a plain hash keeps it, and looking it up by the index tells nothing about it."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


@transaction.atomic
def make_token(
    *, name: str, may_read: bool, may_file: bool, expires_on: datetime.date, by: Any, today: datetime.date
) -> tuple[ApiToken, str]:
    """A new token of `by`'s own and its key, which nobody can read again. Raises Refused."""
    if not by.holds(*SEES_WORK):
        raise Refused("接口令牌给办理业务的账号用，您的账号没有这样的任用资格。", "role")
    if not today < expires_on <= today + LONGEST:
        raise Refused("有效期至要在今天以后，最长一年。", "guard")
    if ApiToken.objects.filter(owner=by).usable(today).count() >= MOST:
        raise Refused(f"一个账号最多同时有 {MOST} 个可用的令牌，请先停用不用的。", "guard")
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        owner=by,
        name=name,
        may_read=may_read,
        may_file=may_file,
        start=key[:SHOWN],
        hash=hash_of(key),
        made_on=today,
        expires_on=expires_on,
    )
    _note(token, "make", "建立接口令牌", by, f"{token.scope_words}，有效期至{expires_on}")
    return token, key


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Any) -> ApiToken:
    """Put an end to a token, one's own or, for the office, anybody's in its district. Raises Refused, Http404."""
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("owner").get(pk=token.pk)
    if not ApiToken.objects.visible_to(by).filter(pk=token.pk).exists():
        raise Http404
    if token.revoked_at:
        raise Refused("这个令牌已经停用。", "state")
    return _revoke(token, by)


def revoke_all_of(owner: Any, *, by: Any) -> int:
    """Every token of an account that is shut or whose password was lost; how many. `by` is None for commands."""
    tokens = list(ApiToken.objects.select_for_update().filter(owner=owner, revoked_at=None))
    for token in tokens:
        _revoke(token, by)
    return len(tokens)


def _revoke(token: ApiToken, by: Any) -> ApiToken:
    token.revoked_at, token.revoked_by = timezone.now(), by or token.owner
    token.save(update_fields=["revoked_at", "revoked_by"])
    _note(token, "revoke", "停用接口令牌", by)
    return token


def _note(token: ApiToken, step: str, label: str, by: Any, reason: str = "") -> None:
    units = [m.organisation for m in token.owner.current_memberships]
    roles = SEES_WORK | KEEPERS
    record(
        token,
        step=step,
        label=label,
        by=by,
        roles=roles,
        reason=reason,
        organisation=units[0] if units else None,
    )


def find(key: str, *, today: datetime.date) -> ApiToken | None:
    """The usable token with this key, or None; the first use of a day is noted."""
    token = ApiToken.objects.usable(today).select_related("owner").filter(hash=hash_of(key)).first()
    if token and token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token


def filing_of(token: ApiToken, key: str) -> ApiFiling | None:
    """What was filed with this token under this key."""
    return ApiFiling.objects.filter(token=token, key=key).first()


def note_filing(token: ApiToken, *, key: str, digest: str, of: Any) -> None:
    """Keep what a key was used for. Raises IntegrityError where another call was first."""
    ApiFiling.objects.create(token=token, key=key, digest=digest, kind=of._meta.label_lower, object_id=of.pk)
