"""An item of the ledger from where it comes from to its end, on the desk: sources, plan, closing, refusal, relapse."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from commitments.models import Rectification, RectificationState
from commitments.rectification import checks, services
from commitments.rectification.flows import FLOW
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.roles import Role
from longsha_credit.publication.models import Publication
from records.flows import FLOW as RECORD
from records.models import Notice, Record
from tests import make
from tests.commitments import ledger

TODAY = ledger.TODAY


def says(flow, obj, step, by, **given) -> str:
    with pytest.raises(Refused) as refusal:
        flow.take(obj, step, by=by, **given)
    return str(refusal.value)


# where it comes from


def test_an_overdue_promise_is_entered_once_with_all_that_is_known_of_it(cast, signed_in):
    c = cast
    promise = make.ended(c, make.in_force(c), "none")
    desk = signed_in(c.clerk)
    assert "列入治理台账" in desk.get(reverse("commitments:page", args=[promise.pk])).content.decode()
    form = desk.get(reverse("rectification:from_obligation", args=[promise.pk])).context["form"]
    known = {name: form[name].value() for name in ("title", "problem", "domain", "instrument", "source")}
    assert known == {
        "title": promise.title,
        "problem": "promise",
        "domain": "livelihood",
        "instrument": f"承诺书（编码{promise.code}）",
        "source": "overdue",
    }
    item = services.save_clue(checks.new_from_obligation(promise, today=TODAY), by=c.clerk, today=TODAY)
    assert (item.organisation, item.post_now, item.number) == (
        c.street,
        c.post,
        f"TZ-990100-{TODAY.year}-0001",
    )
    with pytest.raises(Refused, match="已经在治理台账里"):
        checks.new_from_obligation(promise, today=TODAY)
    twin = Rectification(**ledger.fields(c, obligation=promise))
    with pytest.raises(Refused, match="已经在治理台账里"):
        services.save_clue(twin, by=c.clerk, today=TODAY)
    page = desk.get(reverse("commitments:page", args=[promise.pk])).content.decode()
    assert item.number in page and reverse("rectification:from_obligation", args=[promise.pk]) not in page


def test_a_promise_that_is_kept_or_not_yet_due_is_not_entered(cast):
    for promise in (make.in_force(cast), make.ended(cast, make.in_force(cast), "full")):
        with pytest.raises(Refused, match="不用列入"):
            checks.new_from_obligation(promise, today=TODAY)


def test_the_unit_learns_of_what_a_resident_said_only_as_an_item_that_was_found_true(cast, signed_in):
    """And never of the case: neither its number nor a way to it."""
    c = cast
    case = ledger.case(c)
    item = checks.new_from_case(case, today=TODAY)
    for name, value in ledger.fields(c).items():
        if name not in ("source", "organisation"):
            setattr(item, name, value)
    with pytest.raises(Http404):  # the unit does not enter what it may not see
        services.save_clue(item, by=c.clerk, today=TODAY)
    item = services.save_clue(item, by=c.reviewer2, today=TODAY)
    unit, district, url = (
        signed_in(c.clerk),
        signed_in(c.office),
        reverse("rectification:page", args=[item.pk]),
    )
    assert unit.get(url).status_code == 404
    assert item.number not in unit.get(reverse("rectification:list")).content.decode()
    FLOW.take(item, "take_up", by=c.reviewer)
    FLOW.take(item, "find", by=c.reviewer, **ledger.FINDING)
    page = unit.get(url)
    assert page.status_code == 200 and case.number not in page.content.decode()
    assert case.number in district.get(url).content.decode()
    export = b"".join(unit.get(reverse("rectification:export")).streaming_content).decode()
    assert item.number in export and case.number not in export and "某商贸公司" not in export
    with pytest.raises(Refused, match="已经列入"):
        checks.new_from_case(case, today=TODAY)
    with pytest.raises(Refused, match="核实属实"):
        checks.new_from_case(ledger.case(c, finding="untrue"), today=TODAY)


def test_a_telephone_number_in_place_of_a_label_is_refused_and_the_input_kept(cast, signed_in):
    given = ledger.fields(cast, holder_label="张某13912345678", organisation=cast.street.pk)
    answer = signed_in(cast.clerk).post(reverse("rectification:new"), given)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "代称里不能有电话、证件号码" in text and "张某13912345678" in text and "三年前约定移交" in text
    assert not Rectification.objects.exists()


def test_one_matter_has_one_number(cast):
    """A promise that was put right and is broken again is reopened, not entered anew."""
    c = cast
    promise = make.ended(c, make.in_force(c), "none")
    unfounded = ledger.unfounded(c, obligation=promise)
    item = ledger.closed(c, ledger.rectifying(c, obligation=promise))
    with pytest.raises(Refused, match=f"已经销号（{item.number}）；再犯的"):
        checks.new_from_obligation(promise, today=TODAY)
    FLOW.take(item, "reopen", by=c.reviewer, reason="又犯。")
    assert says(FLOW, unfounded, "check_again", c.reviewer, reason="再看一次") == (
        f"同一件承诺或来件已有{item.number}在办理，请接着办那一件。"
    )


# finding and plan


def test_what_is_still_missing_is_named_before_an_item_is_found_true(cast):
    item = ledger.checking(cast, cause="", instrument="", duty_now="")
    assert (
        says(FLOW, item, "find", cast.reviewer, **ledger.FINDING)
        == "还没有填诱因、依据文书、现责任人职务，请先在“修改登记”里补上。"
    )


def test_a_street_checks_its_community_but_not_itself(cast):
    c = cast
    own, below = ledger.clue(c), ledger.clue(c, by=c.community_clerk, organisation=c.community)
    assert says(FLOW, own, "take_up", c.lead) == "这要由上级办理，责任单位自己不能办。"
    FLOW.take(below, "take_up", by=c.lead)
    FLOW.take(below, "find", by=c.lead, **ledger.FINDING)
    assert below.checked_by == c.street


def test_a_colleagues_plan_is_not_overwritten(cast, signed_in):
    item = ledger.plan(cast, ledger.found(cast))
    url, browser = reverse("rectification:plan", args=[item.pk]), signed_in(cast.clerk)
    form = browser.get(url).context["form"]
    given = {
        "measures": "我写的措施",
        "lead_post": "副主任",
        "due_on": make.soon().isoformat(),
        "seen": form["seen"].value(),
    }
    ledger.plan(cast, item, by=cast.lead)
    answer = browser.post(url, given)
    assert answer.status_code == 422 and "同事刚刚保存过" in answer.content.decode()
    assert "我写的措施" in answer.content.decode()
    item.refresh_from_db()
    assert item.measures != "我写的措施"


# closing


def test_closing_needs_its_grounds_its_evidence_and_the_right_holder(cast):
    item = ledger.rectifying(cast)
    said = says(FLOW, item, "ask_close", cast.clerk)
    assert said == (
        "还没有写销号依据。还没有写做了什么。还没有佐证材料。还没有权利人签字或告知记录的文件。请先填写销号材料。"
    )
    ledger.papers(cast, item, confirmation="none", no_confirmation="", settlement="unsupported")
    item.refresh_from_db()
    assert says(FLOW, item, "ask_close", cast.clerk) == (
        "达成协议或依法不予支持的，要写明协议或结论的文号和理由。没有权利人签字或告知记录的，要写明原因，由区里复核。"
        "请先填写销号材料。"
    )


def test_nobody_accepts_what_he_handled_and_without_a_signature_the_district_looks_itself(cast):
    c = cast
    both = make.user("both", Role.LEAD, c.street, name="兼任")
    both.memberships.create(organisation=c.district, role=Role.REVIEWER, started_on=make.LONG_AGO)
    item = ledger.closing(c, by=both, confirmation="none")
    assert says(FLOW, item, "accept_own", both) == "销号是您申请的，须由另一个人验收。"
    FLOW.take(item, "accept_own", by=c.lead)
    assert says(FLOW, item, "accept", both, recheck="看过") == "销号是您申请的，须由另一个人验收。"
    assert (
        says(FLOW, item, "accept", c.office, recheck="") == "没有权利人签字，请写明区里怎样复核的、结果如何。"
    )
    FLOW.take(item, "accept", by=c.office, recheck="走访了左邻右舍。")
    assert (item.state, item.closed_on, item.slips.get().kind) == ("closed", TODAY, "close")


def test_who_wrote_a_progress_or_the_plan_does_not_accept_either(cast):
    c = cast
    item = ledger.rectifying(c)
    ledger.progress(c, item, by=c.lead)
    ledger.closing(c, item)
    assert says(FLOW, item, "accept_own", c.lead) == "您经手过这件的整改，须由没有经手的人验收。"
    FLOW.take(item, "accept_own", by=c.district_lead)


def test_what_fails_acceptance_goes_back_with_reasons_and_its_clock_runs_on(cast, signed_in):
    c = cast
    item = ledger.accepting(c)
    url = reverse("rectification:step", args=[item.pk, "send_back"])
    answer = signed_in(c.reviewer).post(
        url, {"reason": "还差两个摊位。", "flagged": ["unfinished", "evidence"]}
    )
    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.state, item.flagged) == ("rectifying", ["unfinished", "evidence"])
    page = signed_in(c.clerk).get(reverse("rectification:page", args=[item.pk])).content.decode()
    assert "还差两个摊位。" in page and "事项没有办完" in page and "整改期限" in page
    assert item.own_accepted_by is None


def test_a_relapse_reopens_the_same_number_and_keeps_what_was_before(cast):
    item = ledger.closed(cast)
    number, due = item.number, item.due_on
    FLOW.take(item, "reopen", by=cast.reviewer, reason="摊位又被收回。")
    assert (item.number, item.state, item.round, item.due_on, item.settlement) == (
        number,
        "found",
        2,
        None,
        "",
    )
    before = item.relapses.get()
    assert (before.round, before.due_on, before.closed_on, before.reason) == (1, due, TODAY, "摊位又被收回。")
    ledger.closed(cast, ledger.rectifying(cast, item))
    assert (item.number, item.state, item.round) == (number, "closed", 2)


# refusal


def test_a_refusal_ends_in_a_draft_record_and_in_nothing_more(cast, signed_in):
    """The story of the issue: asked in writing, proposed by one, decided by another; then as for any other record."""
    c = cast
    item = ledger.rectifying(c, ledger.shown(c))
    before = Publication.objects.public().count()
    assert says(FLOW, item, "ask_refusal", c.reviewer, reason="不办") == (
        "还没有发过督办单或约谈通知书。先书面督办，仍不整改的才能提请认定。"
    )
    ledger.slip(c, item, "notice")
    assert "先书面督办" in says(FLOW, item, "ask_refusal", c.reviewer, reason="不办")
    ledger.slip(c, item, "talk")
    FLOW.take(item, "ask_refusal", by=c.office, reason="约谈以后仍不移交。")
    public = (
        signed_in(c.outsider).get(reverse("public_rectification:page", args=[item.number])).content.decode()
    )
    assert "拒不整改" not in public and "整改中" in public  # not decided yet: nothing is said of it
    assert says(FLOW, item, "refuse", c.office) == "是您提请认定的，须由另一个人决定。"
    decider = make.user("office2", Role.OFFICE, c.district, name="另一人")
    FLOW.take(item, "refuse", by=decider)

    record = Record.objects.get()
    assert (record, record.state, record.item.code, record.organisation) == (
        item.record,
        "draft",
        "X07",
        c.street,
    )
    assert (record.number, record.document_number, record.confirmed_by) == ("", "", None)
    assert not Notice.objects.exists() and not Record.objects.public().exists()
    assert Publication.objects.public().count() == before
    assert "没有文号" in says(RECORD, record, "submit", decider)
    record.document_number, record.effective_from = "示信认〔2026〕9号", TODAY
    record.effective_until = TODAY + datetime.timedelta(days=300)
    from records import services as records

    records.save_draft(record, by=decider, upload=services.Upload(added=(make.upload("认定书.txt"),)))
    RECORD.take(record, "submit", by=decider)
    assert "须由另一个人核实" in says(RECORD, record, "confirm", decider)
    RECORD.take(record, "confirm", by=c.reviewer)
    assert not Record.objects.public().exists()  # its notice still has three people before it

    desk = signed_in(c.office)
    assert (
        reverse("records:page", args=[record.pk])
        in desk.get(reverse("rectification:page", args=[item.pk])).content.decode()
    )
    assert (
        reverse("rectification:page", args=[item.pk])
        in desk.get(reverse("records:page", args=[record.pk])).content.decode()
    )


def test_what_is_refused_is_still_owed_and_may_be_put_right(cast):
    item = ledger.refused(cast)
    assert item in Rectification.objects.open()
    FLOW.take(item, "resume", by=cast.reviewer, reason="街道同意移交。")
    assert (item.state, item.refused_by, item.record.state) == ("rectifying", None, "draft")


def test_a_refusal_that_is_not_found_changes_nothing(cast):
    item = ledger.refusing(cast)
    FLOW.take(item, "spare", by=cast.reviewer2, reason="正在移交。")
    assert item.state == RectificationState.RECTIFYING and not Record.objects.exists()


# on the desk


def test_documents_are_made_without_right_holder_and_amount(cast, signed_in):
    c = cast
    item = ledger.closed(c)
    ledger.slip(c, ledger.rectifying(c))
    desk = signed_in(c.clerk)
    for slip in (*item.slips.all(), *Rectification.objects.exclude(pk=item.pk).get().slips.all()):
        page = desk.get(reverse("rectification:slip", args=[slip.pk])).content.decode()
        assert slip.number in page and "便民市场摊位没有按约定移交" in page
        assert "某商贸公司" not in page and "120000" not in page
        word = desk.get(reverse("rectification:slip_word", args=[slip.pk]))
        assert word.content[:2] == b"PK" and slip.number not in ("", None)


def test_the_right_holders_paper_is_not_for_who_only_supervises(cast, signed_in):
    item = ledger.closing(cast)
    url = reverse("file", args=[item.confirmation_file_id])
    assert signed_in(cast.reviewer).get(url).status_code == 200
    assert signed_in(cast.supervisor).get(url).status_code == 404
    assert signed_in(cast.other_lead).get(url).status_code == 404


def test_the_list_gives_what_it_is_asked_for_and_exports_it(cast, signed_in):
    c = cast
    mine, other = ledger.rectifying(c), ledger.clue(c, problem="arrears", domain="ecology", title="绿化尾款")
    desk, url = signed_in(c.office), reverse("rectification:list")
    rows = {q: [r.pk for r in desk.get(f"{url}?{q}").context["page"]] for q in
            ("view=rectifying", "view=checking", "domain=ecology", "problem=contract", "q=尾款", "q=%00", "unit=abc", "colour=red")}  # fmt: skip
    assert rows == {
        "view=rectifying": [mine.pk],
        "view=checking": [other.pk],
        "domain=ecology": [other.pk],
        "problem=contract": [mine.pk],
        "q=尾款": [other.pk],
        "q=%00": [other.pk, mine.pk],
        "unit=abc": [other.pk, mine.pk],
        "colour=red": [],
    }
    export = desk.get(reverse("rectification:export") + "?format=csv&view=rectifying")
    lines = b"".join(export.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and lines[1].startswith(mine.number)
    assert Entry.objects.filter(step="export", actor=c.office).count() == 1
    todo = signed_in(c.clerk).get("/desk/").content.decode()
    assert mine.title in todo and reverse("rectification:page", args=[mine.pk]) in todo


def test_two_at_once_enter_one_item(cast):
    promise = make.ended(cast, make.in_force(cast), "none")
    ledger.clue(cast, obligation=promise)
    with pytest.raises(IntegrityError, match="one_open_item_per_obligation"), transaction.atomic():
        item = Rectification(**ledger.fields(cast, obligation=promise))
        item.created_by, item.registered_on, item.number = cast.lead, TODAY, "TZ-990100-2026-0099"
        item.save()
