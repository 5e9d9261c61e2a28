"""Plain functions that make records, through the services a clerk's page would call."""

import datetime

from longsha_credit.deadlines.calendar import add_months
from longsha_credit.directory.models import Official
from longsha_credit.files.services import Upload
from longsha_credit.publication.models import Review
from records import services
from records.flows import FLOW, OBJECTION, REPAIR
from records.models import CatalogueItem, Objection, Record, Repair
from tests import make

TODAY = datetime.date.today()  # noqa: DTZ011
LAST_YEAR = TODAY - datetime.timedelta(days=150)


def item(code) -> CatalogueItem:
    return CatalogueItem.objects.in_use().get(code=code)


def fields(c, code="X06", **changes) -> dict:
    """A complete record of the first street, or of its official where the item is about persons."""
    what = item(code)
    person = "official" in what.subjects
    start = changes.get("effective_from", TODAY - datetime.timedelta(days=20))
    subject = {"official": Official.objects.get(staff_number="001")} if person else {}
    return {
        "item": what,
        "organisation": c.street,
        **subject,
        "title": "老年食堂没有按承诺恢复供餐",
        "facts": "街道承诺6月底前恢复供餐，到期没有恢复，也没有说明原因。",
        "document_number": "龙信认〔2026〕3号",
        "issuing_body": "示例区信用办",
        "decided_on": start,
        "effective_from": start,
        "effective_until": add_months(start, what.effect_months),
    } | changes


def draft(c, code="X06", by=None, file=None, **changes) -> Record:
    upload = Upload(added=(file or make.upload("认定书.txt", "认定书"),))
    return services.save_draft(Record(**fields(c, code, **changes)), by=by or c.clerk, upload=upload)


def submitted(c, code="X06", by=None, **changes) -> Record:
    it = draft(c, code, by=by, **changes)
    FLOW.take(it, "submit", by=by or c.clerk)
    return it


def confirmed(c, code="X06", **changes) -> Record:
    """Confirmed by the reviewer, and in effect where its day has come."""
    it = submitted(c, code, **changes)
    FLOW.take(it, "confirm", by=c.reviewer)
    it.refresh_from_db()
    return it


def pending(c) -> Record:
    """Confirmed while the decision may still be appealed: not in effect."""
    again = TODAY + datetime.timedelta(days=30)
    return confirmed(c, "X03", finality="pending", next_check_on=again)


def noticed(c, it: Record) -> Record:
    """Carry the notice of a record through the gate."""
    make.passed(c, it.notices.get(state="in_review"))
    return it


def public(c, code="X06", **changes) -> Record:
    return noticed(c, confirmed(c, code, **changes))


def revoking(c, it: Record) -> Record:
    FLOW.take(it, "ask_revocation", by=c.clerk, reason="认定书已被撤销")
    return it


def revoked(c, it: Record) -> Record:
    FLOW.take(revoking(c, it), "revoke", by=c.reviewer)
    return it


def correction(c, old: Record, kind="material", by=None, **changes) -> Record:
    """A draft of the corrected version."""
    it = services.new_correction(old)
    it.correction_kind, it.correction_reason = kind, "日期写错"
    for name, value in ({"title": "老年食堂推迟恢复供餐"} | changes).items():
        setattr(it, name, value)
    return services.save_draft(it, by=by or c.clerk)


def corrected(c, old: Record, **changes) -> Record:
    it = correction(c, old, **changes)
    FLOW.take(it, "submit", by=c.clerk)
    FLOW.take(it, "confirm", by=c.reviewer)
    it.refresh_from_db()
    old.refresh_from_db()
    return it


def objection(c, it: Record, by=None, wanted="revoked") -> Objection:
    return services.object_to(
        it, by=by or c.lead, today=TODAY, wanted=wanted, reason="供餐已在期限内恢复，有照片。",
        upload=Upload(added=(make.upload("照片.txt", "照片"),)),
    )  # fmt: skip


def repair(c, it: Record, by=None) -> Repair:
    return services.ask_repair(
        it, by=by or c.lead, today=TODAY, reason="已经恢复供餐并当面说明。",
        letter=make.upload("信用承诺书.txt", "承诺"), upload=Upload(added=(make.upload("供餐记录.txt", "记录"),)),
    )  # fmt: skip


def proposed(c, flow, request, outcome):
    """Taken up and looked into by the second reviewer."""
    flow.take(request, "accept", by=c.reviewer2)
    flow.take(request, "propose", by=c.reviewer2, outcome=outcome, finding="查看了供餐记录和照片。")
    return request


def decided(c, flow, request, outcome):
    """Proposed by the second reviewer, approved by the office."""
    flow.take(proposed(c, flow, request, outcome), "decide", by=c.office)
    request.record.refresh_from_db()
    return request


def objected(c, it: Record, outcome="revoked", **more) -> Objection:
    return decided(c, OBJECTION, objection(c, it, **more), outcome)


def repaired(c, it: Record, outcome="granted") -> Repair:
    return decided(c, REPAIR, repair(c, it), outcome)


def review_of(it: Record) -> Review:
    return make.review_of(it.notices.first())
