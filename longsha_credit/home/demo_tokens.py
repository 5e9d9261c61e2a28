"""Keys of programs in the fictional district: one in use, one revoked, one past its day."""

import datetime
from typing import Any

from longsha_credit.directory import tokens


def tell(story: Any) -> None:
    people = story.people
    story.at(40, _made, story, people["street1"], "街道办公系统填报承诺", 180)
    story.at(60, _made, story, people["street1"], "试接口时用的", 30, may_file=False)
    story.at(50, _made, story, people["street2"], "临江街道信息平台", 90)
    story.at(20, _revoked, people["street2"], people["office"])


def _made(story: Any, owner: Any, name: str, days: int, *, may_file: bool = True) -> None:
    today = story.day
    until = today + datetime.timedelta(days=days)
    tokens.make_token(name=name, may_read=True, may_file=may_file, expires_on=until, by=owner, today=today)


def _revoked(owner: Any, by: Any) -> None:
    tokens.revoke_token(owner.tokens.get(), by=by)
