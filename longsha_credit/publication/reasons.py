"""Reasons that the public log keeps for good."""

from longsha_credit.audit.workflow import Refused
from longsha_credit.publication import personal

LONGEST_REASON = 500


def fit_for_the_log(*said: str, what: str = "理由") -> str:
    """The first of these texts, cut to what the public log keeps for good. Raises Refused where one tells a person."""
    if found := [hit for text in said for hit in personal.find(text)]:
        named = "、".join(f"{personal.KINDS[hit.kind]}（{hit.masked}）" for hit in found[:3])
        raise Refused(f"{what}里有{named}。这里写的长期公开、不能删除，请去掉以后再办。", "reason")
    return said[0].strip()[:LONGEST_REASON]
