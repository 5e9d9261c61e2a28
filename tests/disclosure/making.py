"""Plain functions that make notices, through the services a clerk's page would call."""

import datetime

from disclosure import services
from disclosure.flows import FLOW, REVISION
from disclosure.models import Notice, NoticeKind, NoticeRevision, Topic
from longsha_credit.files.services import Upload
from tests import make

TODAY = datetime.date.today()  # noqa: DTZ011
BODY = "<h2>一、发放对象</h2><p>年满八十周岁的老年人。</p><p>每人每月100元，每季度发一次。</p>"


def topic(key="elderly-care") -> Topic:
    return Topic.objects.get(key=key)


def hearing(days=30) -> dict:
    """What a 公示 names: from today on, for so many days, and how to object."""
    until = TODAY + datetime.timedelta(days=days)
    return {
        "hearing_from": TODAY,
        "hearing_until": until,
        "hearing_channel": "电话0000-2，或者到街道办事处205室",
    }


BY_KIND = {
    "publicity": hearing,
    "normative": lambda: {
        "topic": topic("normative-documents"),
        "document_number": "向办发〔2026〕5号",
        "legal_review_number": "示司审〔2026〕8号",
        "legal_review_on": TODAY - datetime.timedelta(days=10),
    },
    "power": lambda: {"topic": topic("powers"), "power_kind": "service"},
    "case": lambda: {"topic": topic("good-examples")},
}


def fields(c, **changes) -> dict:
    """A complete notice of the first street, of the kind that is asked for."""
    kind = changes.get("kind", "information")
    return {
        "kind": kind,
        "topic": topic(),
        "organisation": c.street,
        "title": "高龄津贴发放办法和第三季度发放结果",
        "formed_on": TODAY - datetime.timedelta(days=3),
        "summary": "谁能领、领多少、这一季发了多少人。",
        "body": BODY,
        **BY_KIND.get(kind, dict)(),
    } | changes


def notice(c, by=None, files=(), **changes) -> Notice:
    """A draft."""
    upload = Upload(added=tuple(files))
    return services.save_notice(Notice(**fields(c, **changes)), by=by or c.clerk, upload=upload)


def submitted(c, it: Notice, by=None) -> Notice:
    FLOW.take(it, "submit", by=by or it.created_by)
    return it


def published(c, it: Notice | None = None, lead=None, **changes) -> Notice:
    """A draft (`it`, or one made of `changes`) carried through the gate."""
    it = submitted(c, it or notice(c, **changes))
    return make.passed(c, it, lead=lead)


def revision(c, it: Notice, by=None, **changes) -> NoticeRevision:
    """A draft of the next version."""
    new = services.new_revision(it)
    for name, value in (
        {"reason": "发放标准提高", "title": "高龄津贴发放办法（2026年修订）"} | changes
    ).items():
        setattr(new, name, value)
    return services.save_revision(new, by=by or c.clerk)


def revised(c, it: Notice, lead=None, **changes) -> Notice:
    """The next version, through the gate."""
    new = revision(c, it, **changes)
    REVISION.take(new, "submit", by=new.created_by)
    make.passed(c, new, lead=lead)
    it.refresh_from_db()
    return it


def withdrawn(c, it: Notice, remove_content=False, reason="引用的依据有误") -> Notice:
    FLOW.take(it, "ask_withdrawal", by=c.clerk, reason=reason)
    FLOW.take(it, "approve_withdrawal", by=c.reviewer, remove_content=remove_content)
    return it


def of_every_kind(c) -> list:
    """Drafts of every kind of notice and of its revision, which together have every field there is."""
    old = published(c)
    valid = {"valid_from": TODAY, "valid_until": TODAY + datetime.timedelta(days=90), "supersedes": old}
    rows = [notice(c, kind=kind, basis="信息公开条例", **valid) for kind in NoticeKind.values]
    revisions = []
    for row in rows:
        standing = published(c, kind=row.kind, basis="信息公开条例", **valid | {"supersedes": None})
        revisions.append(revision(c, standing, supersedes=old))
    return [*rows, *revisions]
