"""Calls as a program makes them: a token in the header, JSON in the body."""

import datetime

from django.utils import timezone

from longsha_credit.directory import tokens

PROMISES, RECORDS, NOTICES = (f"/api/v1/drafts/{name}/" for name in ("commitments", "records", "notices"))


def key_of(user, *, may_read=True, may_file=True, days=30, name="办公系统") -> str:
    """A new token of `user`'s as it is shown once."""
    today = timezone.localdate()
    return tokens.make_token(
        name=name,
        may_read=may_read,
        may_file=may_file,
        expires_on=today + datetime.timedelta(days=days),
        by=user,
        today=today,
    )[1]


def bearer(key) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def post(client, address, body, key, **headers):
    return client.post(address, body, content_type="application/json", headers=bearer(key) | headers)


def promise(c, **changes) -> dict:
    """A complete body of a promise of the first street."""
    return {
        "organisation": c.street.pk,
        "post": c.post.pk,
        "title": "楼道灯修复",
        "content": "修好新苑社区 12 个单元的楼道灯。",
        "standard": "12个单元全部修好为全部履行，6个以上为部分履行，其余为未履行。",
        "target": "12",
        "unit": "个单元",
        "due_on": (timezone.localdate() + datetime.timedelta(days=40)).isoformat(),
        "beneficiaries": "新苑社区居民",
        "liability": "15个工作日内公开说明原因。",
        "area": "service",
        "domain": "livelihood",
        "service_field": "disability",
    } | changes
