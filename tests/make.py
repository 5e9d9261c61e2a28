"""Plain functions that make what tests need, through the services a clerk's page would call."""

import datetime
import io
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from commitments import services
from commitments.flows import AMENDMENT, FLOW, PROGRESS, RESULT, VERDICT
from commitments.models import (
    Amendment,
    Area,
    Domain,
    Obligation,
    ProgressUpdate,
    ResultReport,
    Verdict,
    Verification,
)
from longsha_credit.directory.models import FormerName, Level, Membership, Official, Organisation, User
from longsha_credit.directory.roles import Role
from longsha_credit.publication import gate
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review, ServiceField
from longsha_credit.publication.services import justify

LONG_AGO = datetime.date(2026, 1, 1)
ANSWERS = {"state_secret": "no", "trade_secret": "no", "privacy": "no", "answer_note": ""}
PASSWORD = "Longsha-Test-2026"


def organisation(level, name, parent=None, **fields) -> Organisation:
    row = Organisation.objects.create(level=level, name=name, parent=parent, valid_from=LONG_AGO, **fields)
    row.refresh_from_db()
    return row


def renamed(unit, name, by) -> None:
    """The unit under a new name; the old one is kept with its document."""
    FormerName.objects.create(organisation=unit, name=unit.name, until=LONG_AGO, basis="更名通知", by=by)
    Organisation.objects.filter(pk=unit.pk).update(name=name)


def user(username, role=None, where=None, **fields) -> User:
    person = User.objects.create_user(username, PASSWORD, name=fields.pop("name", username), **fields)
    if role:
        Membership.objects.create(user=person, organisation=where, role=role, started_on=LONG_AGO)
    return person


def cast() -> SimpleNamespace:
    call_command("load_reference", stdout=io.StringIO())
    c = SimpleNamespace()
    c.district = organisation(
        Level.DISTRICT, "示例区", division_code="990100000000", supervision_phone="0000-1"
    )
    c.street = organisation(
        Level.STREET, "向阳街道", c.district, division_code="990100001000", supervision_phone="0000-2"
    )
    c.other_street = organisation(
        Level.STREET, "临江街道", c.district, division_code="990100002000", supervision_phone="0000-3"
    )
    c.community = organisation(
        Level.COMMUNITY, "新苑社区", c.street, division_code="990100001001", supervision_phone="0000-4"
    )
    c.window = organisation(Level.WINDOW, "综合窗口", c.street)
    c.post = organisation(Level.POST, "主任岗", c.street, is_lead_post=True)
    c.other_post = organisation(Level.POST, "主任岗", c.other_street, is_lead_post=True)
    c.community_post = organisation(Level.POST, "书记岗", c.community, is_lead_post=True)
    c.clerk = user("clerk", Role.CLERK, c.street, name="周岚")
    c.lead = user("lead", Role.LEAD, c.street, name="李主任")
    c.other_clerk = user("other_clerk", Role.CLERK, c.other_street, name="许宁")
    c.other_lead = user("other_lead", Role.LEAD, c.other_street, name="王主任")
    c.community_clerk = user("community_clerk", Role.CLERK, c.community, name="社区经办")
    c.reviewer = user("reviewer", Role.REVIEWER, c.district, name="韩叙")
    c.reviewer2 = user("reviewer2", Role.REVIEWER, c.district, name="秦川")
    c.secrecy = user("secrecy", Role.SECRECY, c.district, name="严密")
    c.office = user("office", Role.OFFICE, c.district, name="区办")
    c.panel = user("panel", Role.PANEL, c.district, name="评委")
    c.supervisor = user("supervisor", Role.SUPERVISOR, c.district, name="督导")
    c.district_lead = user("district_lead", Role.LEAD, c.district, name="区主任")
    c.auditor = user("auditor", Role.AUDITOR, c.district, name="审计")
    c.sysadmin = user("sysadmin", Role.SYSADMIN, c.district, name="管理员")
    c.official = user(
        "official",
        Role.OFFICIAL,
        c.street,
        name="公职人员",
        official=Official.objects.create(name="公职人员", staff_number="001", organisation=c.street),
    )
    c.outsider = user("outsider", name="无资格")
    return c


def soon(days=60) -> datetime.date:
    return datetime.date.today() + datetime.timedelta(days=days)  # noqa: DTZ011 - the office's own date is near enough


def terms(c, **changes) -> dict:
    """The fields of a complete promise of the first street."""
    return {
        "title": "新苑社区单元门无障碍坡道改造",
        "area": Area.SERVICE,
        "service_field": ServiceField.objects.get(name="助残"),
        "domain": Domain.LIVELIHOOD,
        "content": "为新苑社区没有坡道的单元门建成无障碍坡道24处，每处配扶手。",
        "standard": "建成并逐处验收合格24处为全部履行，12至23处为部分履行，不足12处为未履行。",
        "target": 24,
        "unit": "处",
        "due_on": soon(),
        "beneficiaries": "新苑社区居民，约1860户",
        "liability": "15个工作日内公开说明原因和补救期限。",
        "post": c.post,
        "organisation": c.street,
    } | changes


def draft(c, by=None, **changes) -> Obligation:
    return services.save_draft(Obligation(**terms(c, **changes)), by=by or c.clerk)


def submitted(c, by=None, **changes) -> Obligation:
    obligation = draft(c, by=by, **changes)
    FLOW.take(obligation, "submit", by=by or c.clerk)
    return obligation


def review_of(obj) -> Review:
    return Review.objects.of(obj).first()


def explained(review, by) -> None:
    """Say of whatever the scanner found in it that it may be public."""
    if found := gate.unanswered(review):
        justify(review, [one.key for one in found], reason="虚构的，可以公开", by=by)


def passed(c, obj, lead=None, today=None):
    """Carry whatever is in review through the gate; who takes the first step answers for what the scanner found."""
    review = review_of(obj)
    explained(review, lead or c.lead)
    if review.state == "single":
        GATE.take(review, "pass_single", by=lead or c.lead, today=today)
    else:
        GATE.take(review, "pass_first", by=lead or c.lead, today=today)
        GATE.take(review, "pass_second", by=c.reviewer, today=today)
        GATE.take(review, "pass_secrecy", by=c.secrecy, today=today, **ANSWERS)
    obj.refresh_from_db()
    return obj


def in_force(c, by=None, lead=None, today=None, **changes) -> Obligation:
    obligation = draft(c, by=by, **changes)
    FLOW.take(obligation, "submit", by=by or c.clerk, today=today)
    return passed(c, obligation, lead=lead, today=today)


def amendment(c, obligation, by=None, **changes) -> Amendment:
    it = services.new_amendment(obligation)
    for name, value in ({"reason": "居民提议增加点位", "due_on": soon(90)} | changes).items():
        setattr(it, name, value)
    return services.save_amendment(it, by=by or c.clerk)


def amended(c, obligation, today=None, **changes) -> Amendment:
    it = amendment(c, obligation, **changes)
    AMENDMENT.take(it, "submit", by=c.clerk, today=today)
    passed(c, it, today=today)
    obligation.refresh_from_db()
    return it


def upload(name="验收单.txt", text="验收合格") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def progress(c, obligation, by=None, file=None, **changes) -> ProgressUpdate:
    fields = {"as_of": datetime.date.today(), "done": 8, "text": "首批8处建成。"} | changes  # noqa: DTZ011
    it = ProgressUpdate(obligation=obligation, organisation=obligation.organisation, **fields)
    return services.save_progress(it, by=by or c.clerk, upload=services.Upload(added=(file or upload(),)))


def published_progress(c, obligation, **changes) -> ProgressUpdate:
    it = progress(c, obligation, **changes)
    PROGRESS.take(it, "submit", by=c.clerk)
    return passed(c, it)


def withdrawn(c, obligation, remove_content=False, today=None) -> Obligation:
    FLOW.take(obligation, "ask_withdrawal", by=c.clerk, reason="引用依据有误", today=today)
    FLOW.take(obligation, "approve_withdrawal", by=c.reviewer, remove_content=remove_content, today=today)
    return obligation


def ending(verdict, day) -> dict:
    """The fields a report and a verdict share, as the forms would take them."""
    full = verdict == Verdict.FULL
    return {"fulfilled_on": day if full else None, "unmet": "" if full else "还差两处没有建成。"}


def result(c, obligation, claim=Verdict.FULL, by=None, today=None, file=None, **changes) -> ResultReport:
    """A draft of the unit's report."""
    today = today or datetime.date.today()  # noqa: DTZ011
    it = services.new_result(obligation, by or c.clerk)
    fields = {
        "claim": claim,
        "text": "逐处建成并验收。",
        **ending(claim, min(today, obligation.due_on)),
    } | changes
    for name, value in fields.items():
        setattr(it, name, value)
    upload_it = services.Upload(added=(file or upload(),))
    return services.save_result(it, by=by or c.clerk, today=today, upload=upload_it)


def reported(c, obligation, claim=Verdict.FULL, today=None, lead=None, by=None, **changes) -> ResultReport:
    """The unit's report, passed and public: the promise waits for the district."""
    it = result(c, obligation, claim, by=by, today=today, **changes)
    RESULT.take(it, "submit", by=by or c.clerk, today=today)
    passed(c, it, lead=lead, today=today)
    obligation.refresh_from_db()
    return it


def verification(c, obligation, verdict=Verdict.FULL, by=None, day=None, **changes) -> Verification:
    """A draft of the district's verdict on the report that waits."""
    it = services.new_verification(obligation)
    fields = {"verdict": verdict, "text": "现场逐处核对。", **ending(verdict, day or it.fulfilled_on)}
    fields["consequence"] = "" if verdict == Verdict.FULL else "公开说明原因，列入治理台账。"
    for name, value in (fields | changes).items():
        setattr(it, name, value)
    return services.save_verification(it, by=by or c.reviewer)


def verified(c, obligation, verdict=Verdict.FULL, today=None, **changes) -> Verification:
    """Verdict written by the reviewer, passed by the district's lead, public."""
    it = verification(c, obligation, verdict, **changes)
    VERDICT.take(it, "submit", by=c.reviewer, today=today)
    passed(c, it, lead=c.district_lead, today=today)
    obligation.refresh_from_db()
    return it


def ended(c, obligation, verdict=Verdict.FULL, today=None) -> Obligation:
    """Reported as `verdict` and verified as the same."""
    reported(c, obligation, verdict, today=today)
    verified(c, obligation, verdict, today=today)
    return obligation
