"""What stands against a step of an activity, a public text, a material or somebody's hours."""

import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.programme.education.wording import hours_words
from longsha_credit.programme.models import (
    Activity,
    ActivitySheet,
    ActivityState,
    CancelReason,
    HoursState,
    MaterialEdition,
    SheetStage,
    TrainingHours,
    Year,
    YearState,
)

ON_ITS_WAY = ["draft", "in_review"]
SHOWN = ["published", "withdrawing"]


def year_is_open(row: Any, today: datetime.date) -> list[str]:
    """Activities and hours are facts of their year: once it is frozen they stay."""
    if Year.objects.filter(pk=row.year_id, state=YearState.FROZEN).exists():
        return [f"{row.year}已封存，这一年的活动和学时不能再改。更正请记在新的年度里。"]
    return []


def day_has_come(activity: Activity, today: datetime.date) -> list[str]:
    if activity.planned_on > today:
        return [f"计划在{activity.planned_on:%Y-%m-%d}举办，到了那天再登记；提前办的，先修改计划日期。"]
    return year_is_open(activity, today)


def held(taken: Taken) -> dict[str, Any]:
    """When it was and how many came: a number, whoever they were."""
    day, came = taken.given.get("held_on"), taken.given.get("attendance")
    if day is None or came is None:
        raise Refused("请填写举办日期和参加人次。", "guard")
    if day > taken.today:
        raise Refused("举办日期不能晚于今天。", "guard")
    if day.year != taken.obj.year.number:
        raise Refused(
            f"举办日期要在{taken.obj.year.number}年以内；改到别的年度的，请先修改计划日期。", "guard"
        )
    return {"held_on": day, "attendance": came}


def cancels(taken: Taken) -> dict[str, Any]:
    """Why, in words of ours: what is typed on the desk has not been through the gate."""
    why = taken.given.get("cancel_why")
    if why not in CancelReason.values:
        raise Refused("请选取消的原因，公开过预告的，居民看到的就是这一条。", "guard")
    return {"cancel_why": why}


def summary_complete(activity: Activity, today: datetime.date) -> list[str]:
    problems = [] if activity.summary.strip() else ["还没有写总结。"]
    if not activity.files.exists():
        problems.append("还没有照片或材料：至少附一份，证明活动办过。")
    return problems + year_is_open(activity, today)


def report_of(activity: Activity) -> ActivitySheet | None:
    """What tells the public how it was: on its way or shown."""
    states = [*ON_ITS_WAY, *SHOWN]
    return activity.sheets.filter(stage=SheetStage.REPORT, state__in=states).first()


def nothing_told_yet(activity: Activity, today: datetime.date) -> list[str]:
    if sheet := report_of(activity):
        return [f"“活动情况”公开稿现在是“{sheet.get_state_display()}”，先作废或撤下它。"]
    return year_is_open(activity, today)


def edition_may_pass(shown: Any, ended: bool, reason: str) -> list[str]:
    """What stands against one more public version of a text."""
    if shown and shown.state == "withdrawing":
        return ["现在公开的一版正在申请撤下，先办完那一步。"]
    if shown and not reason:
        return ["已经公开过一版，请写明这次为什么改。"]
    if not shown and ended:
        return ["公开的内容已经撤下，不再公开。"]
    return []


def sheet_presentable(sheet: ActivitySheet, today: datetime.date) -> list[str]:
    activity = Activity.objects.get(pk=sheet.activity_id)
    others = activity.sheets.exclude(pk=sheet.pk)
    shown = others.filter(state__in=SHOWN).first()
    problems = edition_may_pass(shown, others.filter(state="ended").exists(), sheet.reason)
    if sheet.stage == SheetStage.ANNOUNCEMENT:
        if activity.state != ActivityState.PLANNED:
            problems.append(f"活动现在是“{activity.get_state_display()}”，不能再公开预告。")
        elif sheet.day < today:
            problems.append("预告的日期已经过了。")
        elif sheet.day != activity.planned_on:
            problems.append(f"计划日期是{activity.planned_on:%Y-%m-%d}，预告写的不是这一天，请改一致。")
    elif activity.state not in (ActivityState.SUMMARISED, ActivityState.FILED):
        problems.append("写完总结以后才能公开活动情况。")
    elif sheet.attendance != activity.attendance:
        problems.append(f"登记的是{activity.attendance}人次，公开稿写的不是这个数，请改一致。")
    return problems


def edition_presentable(edition: MaterialEdition, today: datetime.date) -> list[str]:
    others = edition.material.editions.exclude(pk=edition.pk)
    shown = others.filter(state__in=SHOWN).first()
    problems = edition_may_pass(shown, others.filter(state="ended").exists(), edition.reason)
    return problems + _something_to_learn(edition)


def _something_to_learn(edition: MaterialEdition) -> list[str]:
    return [] if edition.body.strip() or edition.files.exists() else ["正文和附件至少要有一样。"]


def edition_offerable(edition: MaterialEdition, today: datetime.date) -> list[str]:
    if edition.material.editions.filter(state__in=SHOWN).exists():
        return ["这份资料已经公开，改动要走公开审查。"]
    return _something_to_learn(edition)


def issues(taken: Taken) -> dict[str, Any]:
    return {"issued_by": taken.by, "issued_on": taken.today}


def asks_withdrawal(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": taken.reason[:500], "withdraw_asked_by": taken.by}


def forgets_withdrawal(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": "", "withdraw_asked_by": None}


def own_hours(user: Any) -> Q:
    """Hours of the very person who looks at them."""
    return Q(official=user.official_id) if user.official_id else Q(pk__in=[])


def confirms(taken: Taken) -> dict[str, Any]:
    return {"confirmed_by": taken.by, "confirmed_at": timezone.now()}


def says_why(taken: Taken) -> dict[str, Any]:
    return {"why": taken.reason[:500]}


def hours_refusal(row: TrainingHours, today: datetime.date) -> str:
    """Why these hours cannot be entered, or nothing; asked before they are stored."""
    if row.day > today:
        return "学习日期不能晚于今天。"
    if row.day.year != row.year.number:
        return f"学习日期要在{row.year.number}年以内。"
    if problems := year_is_open(row, today):
        return "".join(problems)
    same = TrainingHours.objects.filter(
        official=row.official, state__in=[HoursState.ENTERED, HoursState.CONFIRMED]
    )
    if row.activity_id:
        same = same.filter(activity=row.activity_id)
    elif row.course_id:
        same = same.filter(course=row.course_id)
    else:
        same = same.filter(outside=row.outside, day=row.day)
    if found := same.first():
        words = f"{hours_words(found.hours)}学时，{found.get_state_display()}"
        return f"{row.official}的“{row.source}”已经登记过（{words}）。"
    return ""
