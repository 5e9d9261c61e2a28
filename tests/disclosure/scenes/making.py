"""Plain functions that make scenes and their months, through the services a clerk's page would call."""

import datetime

from django.utils import timezone

from disclosure.models import QUESTIONS, Scene, SceneMonth, SceneRevision
from disclosure.scenes import services, wording
from disclosure.scenes.flows import FLOW, MONTH, REVISION
from tests import make

TODAY = timezone.localdate()
LAST_MONTH = (TODAY.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
BEFORE = (LAST_MONTH - datetime.timedelta(days=1)).replace(day=1)  # the month before last month
RIGHT = {question.column: question.right for question in QUESTIONS}


def terms(c, **changes) -> dict:
    """Every field of a complete scene of the first street."""
    return {
        "organisation": c.street,
        "kind": "street",
        "title": "免押金借轮椅",
        "needs": ["elderly-care", "disability"],
        "service": "借用轮椅、助行器，最长30天。",
        "incentive_kind": "deposit",
        "incentive": "签一份承诺书就免交300元押金。",
        "beneficiaries": "辖区居民，约5,600户",
        "eligibility": "住在辖区、愿意按期归还的居民。",
        "joining": "带身份证到便民服务窗口登记，当场借走。",
        "place": "向阳街道便民服务窗口，示例路2号",
        "phone": "0000-2",
        "consent": wording.CONSENT,
        "leaving": wording.LEAVING,
        "data_used": "姓名和联系电话，只用来联系归还。",
        "data_kept": "归还以后30天删除。",
        "basis": "试点方案二（七）",
        "basis_document": "",
        "legal_review_number": "示法审〔2026〕7号",
        "legal_review_on": make.LONG_AGO,
        "legal_conclusion": "lawful",
        "begins_on": make.LONG_AGO,
        "ends_on": None,
        "monthly_target": 20,
        **RIGHT,
    } | changes


def draft(c, by=None, **changes) -> Scene:
    return services.save_scene(Scene(**terms(c, **changes)), by=by or c.clerk)


def submitted(c, by=None, **changes) -> Scene:
    it = draft(c, by=by, **changes)
    FLOW.take(it, "submit", by=by or c.clerk)
    return it


def public(c, by=None, lead=None, since=None, **changes) -> Scene:
    """Through the gate; `since` says on which day that was, as the months ask for it."""
    it = make.passed(c, submitted(c, by=by, **changes), lead=lead)
    if since:
        first_published(it, since)
    return it


def first_published(it, day) -> None:
    """The day it became public, past the door that fixes it: tests need scenes that have gone on for months."""
    from tests.audit.rules import past_triggers

    at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
    with past_triggers() as cursor:
        cursor.execute(
            "UPDATE publication_publication SET first_published_at = %s WHERE id = %s",
            [at, it.publication_id],
        )
    it.refresh_from_db()


def suspended(c, it=None, today=None) -> Scene:
    it = it or public(c)
    FLOW.take(it, "suspend", by=c.clerk, reason="轮椅送修", halt_why="venue", today=today)
    return it


def ended(c, it=None, today=None) -> Scene:
    it = it or public(c)
    FLOW.take(it, "end", by=c.clerk, reason="做完了", halt_why="done", today=today)
    return it


def withdrawing(c, it=None) -> Scene:
    it = it or public(c)
    FLOW.take(it, "ask_withdrawal", by=c.clerk, reason="依据引用有误")
    return it


def withdrawn(c, it=None, remove_content=False) -> Scene:
    it = withdrawing(c, it)
    FLOW.take(it, "approve_withdrawal", by=c.reviewer, remove_content=remove_content)
    return it


def revision(c, it, by=None, **changes) -> SceneRevision:
    new = services.new_revision(it)
    for name, value in ({"reason": "增加一处窗口", "place": "向阳街道两处窗口", **RIGHT} | changes).items():
        setattr(new, name, value)
    return services.save_revision(new, by=by or c.clerk)


def revised(c, it, **changes) -> SceneRevision:
    new = revision(c, it, **changes)
    REVISION.take(new, "submit", by=c.clerk)
    make.passed(c, new)
    it.refresh_from_db()
    return new


def long_public(c, **changes) -> Scene:
    """Public for so long that months of it can be reported."""
    return public(c, since=LAST_MONTH - datetime.timedelta(days=200), **changes)


def month(c, it=None, by=None, **changes) -> SceneMonth:
    new = services.new_month(it or long_public(c))
    fields = {"month": LAST_MONTH, "participations": 26, "served": 21, "note": ""} | changes
    for name, value in fields.items():
        setattr(new, name, value)
    return services.save_month(new, by=by or c.clerk)


def published_month(c, it=None, **changes) -> SceneMonth:
    new = month(c, it, **changes)
    MONTH.take(new, "submit", by=c.clerk)
    return make.passed(c, new)


def correction(c, first, by=None, **changes) -> SceneMonth:
    new = services.new_correction(first)
    for name, value in ({"reason": "漏计一天", "participations": 31} | changes).items():
        setattr(new, name, value)
    return services.save_month(new, by=by or c.clerk)


def corrected(c, first, **changes) -> SceneMonth:
    new = correction(c, first, **changes)
    MONTH.take(new, "submit", by=c.clerk)
    make.passed(c, new)
    first.refresh_from_db()
    return new


def world(c) -> dict:
    """What the attempts name: a scene in every state they look at, with its revisions and months."""
    shown = long_public(c)
    told, renewed = published_month(c, shown), public(c)
    return {
        "scene_draft": draft(c),
        "scene_shown": shown,
        "scene_review": submitted(c),
        "scene_suspended": suspended(c),
        "scene_ended": ended(c),
        "scene_withdrawing": withdrawing(c),
        "scene_adopted": revised(c, renewed),
        "scene_revision": revision(c, shown),
        "scene_told": told,
        "scene_month_draft": month(c, shown, month=BEFORE, note="草稿"),
        "scene_correction": correction(c, told),
    }
