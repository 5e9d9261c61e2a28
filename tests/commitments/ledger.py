"""Plain functions that make items of the ledger, through the services an office's page would call."""

import datetime

from commitments.models import (
    Case,
    Postponement,
    Rectification,
    RectificationProgress,
    RectificationSheet,
    RectificationSlip,
    Sweep,
)
from commitments.rectification import services
from commitments.rectification.flows import FLOW, POSTPONEMENT, PROGRESS, SHEET, SWEEP
from longsha_credit.files.services import Upload
from longsha_credit.publication.gate import GATE
from tests import make
from tests.supervision import filing

DAY = datetime.timedelta(days=1)
TODAY = datetime.date.today()  # noqa: DTZ011
FINDING = {"finding": "调阅了合同和会议纪要，事项属实。"}
PUBLIC = {"public_title": "便民市场摊位没有建成", "public_text": "街道答应建成80个摊位，到期没有建成。"}


def fields(c, **changes) -> dict:
    return {
        "organisation": c.street,
        "source": "petition",
        "title": "便民市场摊位没有按约定移交",
        "details": "三年前约定移交，换届以后没有人办。",
        "problem": "contract",
        "cause": "election",
        "domain": "livelihood",
        "duty_then": "原街道主任",
        "duty_now": "街道主任",
        "holder_kind": "company",
        "holder_label": "某商贸公司",
        "instrument": "龙街合〔2023〕7号",
        "amount": 120000,
        "formed_on": datetime.date(2023, 5, 1),
        "found_on": datetime.date(2024, 1, 8),
    } | changes


def clue(c, by=None, today=TODAY, **changes) -> Rectification:
    return services.save_clue(Rectification(**fields(c, **changes)), by=by or c.clerk, today=today)


def checking(c, **more) -> Rectification:
    item = clue(c, **more)
    FLOW.take(item, "take_up", by=c.reviewer)
    return item


def unfounded(c, **more) -> Rectification:
    item = checking(c, **more)
    FLOW.take(item, "dismiss", by=c.reviewer, reason="合同已经履行完毕。")
    return item


def found(c, today=TODAY, public=False, **more) -> Rectification:
    item = clue(c, today=today, **more)
    FLOW.take(item, "take_up", by=c.reviewer, today=today)
    FLOW.take(item, "find", by=c.reviewer, today=today, **FINDING, **(PUBLIC if public else {}))
    return item


def plan(c, item, due_on=None, by=None) -> Rectification:
    item.refresh_from_db()
    item.measures, item.lead_post, item.partners = "补建摊位，30日内移交。", "街道办副主任", "区城管局配合"
    item.due_on = due_on or TODAY + datetime.timedelta(days=60)
    return services.save_plan(item, by=by or c.clerk)


def planned(c, item=None, today=TODAY, due_on=None, by=None, **more) -> Rectification:
    item = plan(c, item or found(c, today=today, by=by, **more), due_on=due_on, by=by)
    FLOW.take(item, "submit_plan", by=by or c.clerk, today=today)
    return item


def rectifying(c, item=None, today=TODAY, due_on=None, by=None, **more) -> Rectification:
    item = planned(c, item, today=today, due_on=due_on, by=by, **more)
    FLOW.take(item, "approve_plan", by=c.reviewer, today=today)
    return item


def papers(c, item, by=None, confirmation="signed", **changes) -> Rectification:
    """What stands behind a request to close: all of it, with the right-holder's paper or a reason."""
    item.refresh_from_db()
    given = {
        "settlement": "fulfilled",
        "done_text": "80个摊位全部移交。",
        "confirmation": confirmation,
        "no_confirmation": "" if confirmation != "none" else "权利人已经注销，联系不上。",
    } | changes
    for name, value in given.items():
        setattr(item, name, value)
    paper = make.upload("签字确认.txt", "已收到") if confirmation != "none" else None
    upload = Upload(added=(make.upload("移交清单.txt", "移交"),))
    return services.save_closing(item, by=by or c.clerk, upload=upload, holders_paper=paper)


def closing(c, item=None, today=TODAY, by=None, confirmation="signed", **more) -> Rectification:
    item = papers(c, item or rectifying(c, today=today, by=by, **more), by=by, confirmation=confirmation)
    FLOW.take(item, "ask_close", by=by or c.clerk, today=today)
    return item


def accepting(c, item=None, today=TODAY, lead=None, **more) -> Rectification:
    item = closing(c, item, today=today, **more)
    FLOW.take(item, "accept_own", by=lead or c.lead, today=today)
    return item


def closed(c, item=None, today=TODAY, recheck="", **more) -> Rectification:
    item = accepting(c, item, today=today, **more)
    FLOW.take(item, "accept", by=c.reviewer2, today=today, recheck=recheck)
    return item


def followed(c, **more) -> Rectification:
    item = closed(c, **more)
    FLOW.take(item, "follow_up", by=c.reviewer, follow_up="权利人确认摊位可以正常使用。")
    return item


def relapsed(c, item=None, today=TODAY, **more) -> Rectification:
    item = item or closed(c, **more)
    FLOW.take(item, "reopen", by=c.reviewer, reason="摊位又被收回。", today=today)
    return item


def slip(c, item, kind="supervise", by=None, today=TODAY) -> RectificationSlip:
    colour = "yellow" if kind == "supervise" else ""
    return services.issue_slip(
        item, kind=kind, text="请在5个工作日内报送整改情况。", by=by or c.reviewer, today=today, colour=colour
    )


def refusing(c, item=None, **more) -> Rectification:
    item = item or rectifying(c, **more)
    slip(c, item)
    FLOW.take(item, "ask_refusal", by=c.reviewer, reason="两次督办仍不移交。")
    return item


def refused(c, item=None, **more) -> Rectification:
    item = refusing(c, item, **more)
    FLOW.take(item, "refuse", by=c.office)
    return item


def progress(c, item, by=None, **changes) -> RectificationProgress:
    told = RectificationProgress(
        rectification=item,
        organisation=item.organisation,
        **({"as_of": TODAY, "text": "首批30个摊位已经移交。"} | changes),
    )
    upload = Upload(added=(make.upload("移交照片.txt", "照片"),))
    return services.save_progress(told, by=by or c.clerk, upload=upload)


def shown(c, item=None, **more) -> Rectification:
    """An item whose public text has passed the gate."""
    item = item or found(c, public=True, **more)
    passed(c, item.sheets.get(state="in_review"))
    return item


def passed(c, it):
    """Through the gate by three who did not write it: the reviewer who found it true did."""
    return passed_by(c, it, c.reviewer2)


def passed_by(c, it, second):
    review = make.review_of(it)
    make.explained(review, c.lead)
    GATE.take(review, "pass_first", by=c.lead)
    GATE.take(review, "pass_second", by=second)
    GATE.take(review, "pass_secrecy", by=c.secrecy, **make.ANSWERS)
    it.refresh_from_db()
    return it


def told(c, item) -> RectificationProgress:
    it = progress(c, item)
    PROGRESS.take(it, "submit", by=c.clerk)
    return make.passed(c, it)


def sheet(c, item, by=None, **changes) -> RectificationSheet:
    it = services.new_sheet(item)
    for name, value in (
        {"text": "街道答应建成80个摊位，到期没有建成。", "reason": "补写措施"} | changes
    ).items():
        setattr(it, name, value)
    return services.save_sheet(it, by=by or c.office)


def replaced(c) -> RectificationSheet:
    """The first text of an item, after the second has passed."""
    item = shown(c)
    first = item.sheets.get()
    passed(c, _sent(sheet(c, item, measures="分两批移交。"), c.office))
    first.refresh_from_db()
    return first


def _sent(it, by):
    SHEET.take(it, "submit", by=by)
    return it


def withdrawing(c, item=None) -> RectificationSheet:
    it = shown(c, item).sheets.get()
    SHEET.take(it, "ask_withdrawal", by=c.reviewer, reason="引用文号有误")
    return it


def asked_for_time(c, item=None, days=30, by=None) -> Postponement:
    item = item or rectifying(c)
    item.refresh_from_db()
    to_day = item.due_on + datetime.timedelta(days=days)
    return services.ask_postponement(
        item, to_day=to_day, reason="汛期不能施工。", by=by or c.clerk, today=TODAY
    )


def granted(c, item=None) -> Postponement:
    it = asked_for_time(c, item)
    POSTPONEMENT.take(it, "approve", by=c.reviewer)
    return it


def denied(c) -> Postponement:
    it = asked_for_time(c)
    POSTPONEMENT.take(it, "refuse", by=c.reviewer, reason="可以分段办。")
    return it


def sweep(c, unit=None, today=TODAY) -> Sweep:
    services.open_sweeps(today=today)
    return Sweep.objects.filter(organisation=unit or c.street).order_by("-year", "-quarter")[0]


def reported_zero(c, it=None) -> Sweep:
    it = it or sweep(c)
    SWEEP.take(it, "hand_in", by=c.clerk, zero=True, text="逐份核对合同和承诺，没有查出。")
    return it


def case(c, finding="true") -> Case:
    """A resident's case about the street, handled by the district and closed with this finding."""
    return filing.closed(c, about=c.street, by=c.reviewer, approver=c.reviewer2, finding=finding)
