"""What stands against a step of something an office publishes, and which columns a step writes with the state."""

import datetime
from typing import Any

from django.utils import timezone

from disclosure.models import DisclosedState, Notice, NoticeKind, NoticeRevision
from disclosure.models.notices import TEXT, NoticeText
from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.deadlines import services as deadlines
from longsha_credit.directory.services import division_of
from longsha_credit.exchange.numbering import next_number
from longsha_credit.publication.reasons import fit_for_the_log
from longsha_credit.web import richtext

HEARING_RULE = "public_notice"


def gets_code(prefix: str) -> Any:
    """For a kind of publication: on the first submission it gets its number, such as GK-230202-2026-000001."""

    def number(taken: Taken) -> dict[str, Any]:
        it = taken.obj
        if it.code:
            return {}
        begin = f"{prefix}-{division_of(it.organisation)}-{taken.today.year}-"
        return {"code": next_number(type(it), "code", begin, 6)}

    return number


def notice_complete(notice: Notice, today: datetime.date) -> list[str]:
    return _text_complete(notice, notice, today)


def revision_complete(revision: NoticeRevision, today: datetime.date) -> list[str]:
    problems = _text_complete(revision, revision.of, today)
    same_text = all(getattr(revision, name) == getattr(revision.of, name) for name in TEXT)
    if same_text and set(revision.files.all()) == set(revision.of.files.all()):
        problems.append("内容和现行版本一样，没有可修改的。")
    return problems + original_stands(revision, today)


def _text_complete(text: NoticeText, notice: Notice, today: datetime.date) -> list[str]:
    problems = []
    if text.formed_on > today:
        problems.append("形成日期不能晚于今天。")
    if text.topic.retired_on:
        problems.append(f"公开事项“{text.topic}”已停用，请换一个。")
    elif notice.organisation.level not in text.topic.levels:
        problems.append(f"“{text.topic}”由{text.topic.level_names}公开，本单位不在其中，请换一个公开事项。")
    if (text.kind == NoticeKind.POWER) != (text.topic.group == "powers"):
        problems.append("权责清单条目放在“权责清单”的公开事项下，那里也只放权责清单条目。")
    if text.valid_until and text.valid_until < today:
        problems.append("有效期已经过了，请核对。")
    return (
        problems
        + _successor_fits(text, notice)
        + _pictures_are_told(text)
        + hearing_is_long_enough(text, today)
    )


def _successor_fits(text: NoticeText, notice: Notice) -> list[str]:
    old = text.supersedes
    if old is None:
        return []
    if old.pk == notice.pk:
        return ["不能取代自己，改内容请用“修改”。"]
    if old.organisation_id != notice.organisation_id:
        return ["只能取代本单位发布的内容，请重新选择。"]
    if old.state != DisclosedState.PUBLISHED:
        return [f"要取代的《{old.title}》现在是“{old.get_state_display()}”，请重新选择。"]
    return []


def _pictures_are_told(text: NoticeText) -> list[str]:
    """Who cannot see a picture has to be told what it shows."""
    silent = richtext.pictures_without_words(text.body)
    return (
        [f"正文里有 {silent} 张图片没有文字说明，请逐张写明图片内容，看不见图的人要靠它。"] if silent else []
    )


def hearing_is_long_enough(text: NoticeText, today: datetime.date) -> list[str]:
    """From the day it can be public to its end, a time for objections has the rule's working days."""
    if not text.hears:
        return []
    begins = max(text.hearing_from, today)
    rule = deadlines.current_rule(HEARING_RULE, on=today)
    shortest = deadlines.due_day_of(HEARING_RULE, starts_on=begins, today=today)
    if text.hearing_until < shortest:
        return [
            f"公示期不足{rule.amount}个工作日：从{begins:%Y-%m-%d}起算，至少要到{shortest:%Y-%m-%d}，请改公示结束日期。"
        ]
    return []


def original_stands(revision: Any, today: datetime.date) -> list[str]:
    """A revision passes only while what it revises is public."""
    original = type(revision.of)._base_manager.only("state").get(pk=revision.of_id)
    if original.state == DisclosedState.PUBLISHED:
        return []
    return [f"原来的内容现在是“{original.get_state_display()}”，不能再修改。"]


def becomes_public(taken: Taken) -> dict[str, Any]:
    return {"publication": taken.given["publication"], "version": 1}


def is_adopted(taken: Taken) -> dict[str, Any]:
    """Hold what is revised until this step is written: a withdrawal may come in between."""
    type(taken.obj.of)._base_manager.select_for_update(of=("self",)).get(pk=taken.obj.of_id)
    if problems := original_stands(taken.obj, taken.today):
        raise Refused("".join(problems), "guard")
    return {"adopted_at": timezone.now()}


def asks_withdrawal(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": fit_for_the_log(taken.reason), "withdraw_asked_by": taken.by}


def forgets_withdrawal(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": "", "withdraw_asked_by": None}
