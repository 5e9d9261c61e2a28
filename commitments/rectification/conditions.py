"""What stands against a step of an item of the ledger, and which columns a step writes with the state."""

import datetime
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast

from commitments.models import (
    Confirmation,
    Postponement,
    Rectification,
    RectificationProgress,
    RectificationSheet,
    RectificationState,
    Settlement,
    SlipKind,
)
from commitments.models.rectification_words import EARLY
from commitments.models.rectifications import above
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.directory.models import Level
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.publication.reasons import fit_for_the_log
from records import services as records
from records.models import CatalogueItem, Record

LEVELS = (Level.STREET, Level.COMMUNITY, Level.WINDOW)
RECORDED_AS = "X07"  # 违约失信，拒不整改
HANDS = ["plan", "closing", "submit_plan", "ask_close"]
# What is wrong with a plan or a request to close, chosen beside the text.
FLAGS = {
    "measures": "措施不具体、不对症",
    "due": "期限不合适",
    "unfinished": "事项没有办完",
    "evidence": "佐证不齐或对不上",
    "holder": "权利人确认不实或缺少",
    "unclear": "写得不清楚",
}


def _of_the_unit(user: Any) -> Q:
    return ~above(user)


def _had_a_hand(user: Any) -> Q:
    """Items this user wrote the plan, the progress or the closing of."""
    entries = Entry.objects.filter(
        step__in=HANDS,
        actor=user.pk,
        object_kind=Rectification._meta.label_lower,
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    told = RectificationProgress.objects.filter(rectification=OuterRef("pk"), created_by=user.pk)
    return Q(Exists(entries)) | Q(Exists(told))


BY_A_SUPERIOR = (_of_the_unit, "这要由上级办理，责任单位自己不能办。")
NOT_HANDLER = (_had_a_hand, "您经手过这件的整改，须由没有经手的人验收。")
NOT_THE_UNIT_NOR_HANDLER = (
    lambda user: _of_the_unit(user) | _had_a_hand(user),
    "回访由上级没有经手整改的人办理。",
)
NOT_REGISTRAR = {"created_by_id": "这件是您登记的，须由另一个人核实。"}
NOT_PLANNER = {"planned_by_id": "方案是您报送的，须由另一个人批准。"}
NOT_ASKER = {"close_asked_by_id": "销号是您申请的，须由另一个人验收。"}
NOT_ACCEPTOR = NOT_ASKER | {"own_accepted_by_id": "您已办理自验，须由另一个人复核。"}
NOT_ACCUSER = {"refusal_asked_by_id": "是您提请认定的，须由另一个人决定。"}


# clue and finding


def superior_of(user: Any, item: Rectification) -> Any:
    """The unit for which `user` acts upon an item: the nearest of the user's that stands above the responsible one."""
    path = item.organisation.path
    held = [m.organisation for m in user.current_memberships if m.role in SEES_WORK]
    found = [unit for unit in held if path.startswith(unit.path) and unit.path != path]
    if not found:
        raise Refused(BY_A_SUPERIOR[1], "eyes")
    return max(found, key=lambda unit: len(unit.path))


def is_taken_up(taken: Taken) -> dict[str, Any]:
    return {"checker": taken.by}


def finds(taken: Taken) -> dict[str, Any]:
    """True or not: what was found, by whom and for which unit, in one sentence at least."""
    finding = (taken.given.get("finding") or taken.reason).strip()
    if not finding:
        raise Refused("请写明核实结论：查了什么、看到什么。", "guard")
    return {
        "finding": finding[:2000],
        "checker": taken.by,
        "checked_by": superior_of(taken.by, taken.obj),
        "checked_on": taken.today,
    }


def matter_is_whole(item: Rectification, today: datetime.date) -> list[str]:
    """What has to be known before an item can be found true."""
    missing = {
        "cause": "诱因",
        "holder_kind": "权利人是企业还是群众",
        "instrument": "依据文书",
        "found_on": "发现时间",
        "duty_now": "现责任人职务",
    }
    named = [label for name, label in missing.items() if not getattr(item, name)]
    problems = [f"还没有填{'、'.join(named)}，请先在“修改登记”里补上。"] if named else []
    if item.found_on and item.found_on > today:
        problems.append("发现时间不能晚于今天。")
    if item.formed_on and item.found_on and item.formed_on > item.found_on:
        problems.append("形成时间不能晚于发现时间。")
    return problems


def forgets_finding(taken: Taken) -> dict[str, Any]:
    return {"finding": "", "checked_by": None, "checked_on": None, "checker": taken.by}


# plan


def plan_is_whole(item: Rectification, today: datetime.date) -> list[str]:
    problems = []
    if not item.measures:
        problems.append("还没有写整改措施。")
    if not item.lead_post:
        problems.append("还没有写包案领导的职务。")
    if item.due_on is None:
        problems.append("还没有写整改期限。")
    elif item.due_on <= today:
        problems.append("整改期限要在今天以后。")
    return [f"{''.join(problems)}请先填写整改方案。"] if problems else []


def is_planned(taken: Taken) -> dict[str, Any]:
    return {"planned_by": taken.by, "return_reason": "", "flagged": []}


def plan_still_fits(item: Rectification, today: datetime.date) -> list[str]:
    if item.due_on and item.due_on > today:
        return []
    return ["方案里的整改期限已经过了，请退回，由责任单位重新定期限。"]


def approves_plan(taken: Taken) -> dict[str, Any]:
    superior_of(taken.by, taken.obj)
    return {"plan_approved_by": taken.by}


def _why(taken: Taken) -> dict[str, Any]:
    codes = [code for code in taken.given.get("flagged") or [] if code in FLAGS]
    return {"return_reason": taken.reason[:500], "flagged": codes}


def returns_plan(taken: Taken) -> dict[str, Any]:
    return _why(taken) | {"planned_by": None}


# closing


def closing_is_whole(item: Rectification, today: datetime.date) -> list[str]:
    """事项履行、书面协议或依法不支持，佐证齐，权利人签字或告知，或者写明为什么没有。"""
    problems = []
    if item.settlement not in Settlement.values:
        problems.append("还没有写销号依据。")
    elif item.settlement != Settlement.FULFILLED and not item.settlement_note:
        problems.append("达成协议或依法不予支持的，要写明协议或结论的文号和理由。")
    if not item.done_text:
        problems.append("还没有写做了什么。")
    if not item.files.exists():
        problems.append("还没有佐证材料。")
    if item.confirmation == Confirmation.NONE:
        if not item.no_confirmation:
            problems.append("没有权利人签字或告知记录的，要写明原因，由区里复核。")
    elif item.confirmation not in Confirmation.values or item.confirmation_file_id is None:
        problems.append("还没有权利人签字或告知记录的文件。")
    return [f"{''.join(problems)}请先填写销号材料。"] if problems else []


def asks_close(taken: Taken) -> dict[str, Any]:
    return {
        "close_asked_by": taken.by,
        "close_asked_on": taken.today,
        "own_accepted_by": None,
        "return_reason": "",
        "flagged": [],
    }


def accepts_own(taken: Taken) -> dict[str, Any]:
    return {"own_accepted_by": taken.by}


def accepts(taken: Taken) -> dict[str, Any]:
    """The district's own look; where no right-holder has signed, what it checked instead is asked for."""
    recheck = (taken.given.get("recheck") or "").strip()
    if taken.obj.confirmation == Confirmation.NONE and not recheck:
        raise Refused("没有权利人签字，请写明区里怎样复核的、结果如何。", "guard")
    return {"accepted_by": taken.by, "closed_on": taken.today, "recheck": recheck[:500]}


def fails_acceptance(taken: Taken) -> dict[str, Any]:
    return _why(taken) | {"own_accepted_by": None}


def follows_up(taken: Taken) -> dict[str, Any]:
    said = (taken.given.get("follow_up") or "").strip()
    if not said:
        raise Refused("请写明回访了谁（不写姓名）、情况怎样。", "guard")
    return {"followed_by": taken.by, "followed_on": taken.today, "follow_up": said[:500]}


def starts_over(taken: Taken) -> dict[str, Any]:
    """A new round under the same number; the old one stands in the relapse and in the history."""
    people = ("planned_by", "plan_approved_by", "own_accepted_by", "accepted_by", "followed_by")
    return dict.fromkeys((*people, "close_asked_by")) | {
        "round": F("round") + 1,
        "due_on": None,
        "settlement": "",
        "settlement_note": "",
        "done_text": "",
        "confirmation": "",
        "no_confirmation": "",
        "confirmation_file": None,
        "close_asked_on": None,
        "closed_on": None,
        "recheck": "",
        "followed_on": None,
        "follow_up": "",
        "return_reason": taken.reason[:500],
        "flagged": [],
    }


# refusal


def written_notice(item: Rectification, today: datetime.date) -> list[str]:
    """Nobody is found to refuse who was not asked in writing, in this round."""
    if item.slips.filter(kind__in=[SlipKind.SUPERVISE, SlipKind.TALK], round=item.round).exists():
        return []
    return ["还没有发过督办单或约谈通知书。先书面督办，仍不整改的才能提请认定。"]


def asks_refusal(taken: Taken) -> dict[str, Any]:
    return {
        "refusal_from": taken.obj.state,
        "refusal_reason": taken.reason[:500],
        "refusal_asked_by": taken.by,
    }


def forgets_refusal(taken: Taken) -> dict[str, Any]:
    return {"refusal_from": "", "refusal_reason": "", "refusal_asked_by": None}


def recordable(item: Rectification, today: datetime.date) -> list[str]:
    problems = written_notice(item, today)
    if not CatalogueItem.objects.in_use().filter(code=RECORDED_AS).exists():
        problems.append(f"诚信记录清单里没有在用的{RECORDED_AS}“违约失信，拒不整改”，请先恢复这个事项。")
    return problems


def makes_a_draft_record(taken: Taken) -> dict[str, Any]:
    """违约失信记录的草稿，不多也不少：文号、证据由填报人补，提交、核实照常由另外的人办。"""
    item = taken.obj
    draft = Record(
        item=CatalogueItem.objects.in_use().get(code=RECORDED_AS),
        organisation=item.organisation,
        title=item.title,
        facts=f"{item.number}：{item.title}。经核实属实，书面督办以后仍不整改，{taken.today:%Y-%m-%d}认定拒不整改。",
        issuing_body=item.organisation.district().name,
        decided_on=taken.today,
    )
    saved = records.save_draft(draft, by=taken.by)
    return {"refused_by": taken.by, "refused_on": taken.today, "record": saved}


def is_resumed(taken: Taken) -> dict[str, Any]:
    """It is put right after all; the record, if one came of it, ends by repair or by its own steps."""
    return forgets_refusal(taken) | {"refused_by": None, "refused_on": None}


# more time


def may_still_wait(postponement: Postponement, today: datetime.date) -> list[str]:
    item = postponement.rectification
    if item.state == RectificationState.RECTIFYING and item.due_on == postponement.from_day:
        return []
    return ["这件已经不在整改中，或期限已经变动，不能再延期。"]


def decides(taken: Taken) -> dict[str, Any]:
    return {"decided_by": taken.by, "decided_on": taken.today}


def is_dropped(taken: Taken) -> dict[str, Any]:
    return {"decided_on": taken.today}


# public text


def presentable(sheet: RectificationSheet, today: datetime.date) -> list[str]:
    item = sheet.rectification
    if item.state in EARLY:
        return ["核实属实以后才能公开。"]
    shown = item.sheets.exclude(pk=sheet.pk).filter(state__in=["published", "withdrawing"]).first()
    if shown and shown.state == "withdrawing":
        return ["现在公开的一版正在申请撤下，先办完那一步。"]
    if shown and not sheet.reason:
        return ["已经公开过一版，请写明这次为什么改。"]
    if not shown and item.sheets.filter(state="ended").exists():
        return ["这件的公开内容已经撤下，不再公开。"]
    return []


def asks_withdrawal(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": fit_for_the_log(taken.reason), "withdraw_asked_by": taken.by}


def forgets_withdrawal(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": "", "withdraw_asked_by": None}


def tellable(progress: RectificationProgress, today: datetime.date) -> list[str]:
    """Progress becomes public only beside a public text of its item."""
    problems = []
    if not progress.rectification.sheets.public().exists():
        problems.append("这件还没有公开，进展先作为工作记录留着；公开以后再提交。")
    if progress.as_of > today:
        problems.append("截至日期不能晚于今天。")
    return problems


def is_shown(taken: Taken) -> dict[str, Any]:
    return {"publication": taken.given["publication"]}


# sweep


def reports(taken: Taken) -> dict[str, Any]:
    """Zero, or as many items as were registered from this sweep."""
    sweep, zero = taken.obj, bool(taken.given.get("zero"))
    text = (taken.given.get("text") or "").strip()
    if not text:
        raise Refused("请写明怎样排查的，例如查了哪些合同、承诺和来件。", "guard")
    found = sweep.rectifications.count()
    if zero and found:
        raise Refused(f"这次排查已经登记了{found}件，不能作零报告。", "guard")
    if not zero and not found:
        raise Refused("还没有登记查出的事项。请先逐件登记；确实没有的，选零报告。", "guard")
    return {"zero": zero, "text": text[:1000], "submitted_by": taken.by, "submitted_on": taken.today}
