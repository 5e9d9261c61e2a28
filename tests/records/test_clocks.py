"""The clocks of records, objections and repair, and what the night brings, on days written by hand."""

import datetime

import pytest

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services as deadlines
from longsha_credit.publication.models import Publication
from records import services
from records.flows import FLOW, OBJECTION, REPAIR
from records.models import Record
from tests import make
from tests.audit.rules import past_triggers, rows_of_everything
from tests.records import making

DAY = datetime.timedelta(days=1)


def day(text):
    return datetime.date.fromisoformat(text)


# No holiday follows for weeks.
FRIDAY, MONDAY, TUESDAY = day("2026-11-06"), day("2026-11-09"), day("2026-11-10")
SUMMER = day("2026-06-01")


def confirmed(c, code="X06", today=FRIDAY, start=SUMMER, author=None, **more):
    author = author or c.clerk
    it = making.draft(c, code, by=author, effective_from=start, decided_on=min(start, today), **more)
    FLOW.take(it, "submit", by=author, today=today)
    FLOW.take(it, "confirm", by=c.reviewer, today=today)
    return it


def pending(c, again):
    return confirmed(c, "X03", finality="pending", next_check_on=again)


def objected(c, it, today=FRIDAY, by=None):
    return services.object_to(it, by=by or c.lead, today=today, wanted="revoked", reason="已经恢复供餐。")


def clock(obj, rule):
    return deadlines.of(obj).get(rule_key=rule)


def state_of(found):
    """(due, met, cancelled and why)"""
    return str(found.due_on), str(found.met_on or ""), found.cancel_reason


def proposed(flow, request, c, outcome, **accept):
    flow.take(request, "accept", by=c.reviewer2, today=MONDAY, **accept)
    flow.take(request, "propose", by=c.reviewer2, outcome=outcome, finding="核对了照片。", today=MONDAY)
    return request


def test_an_objection_is_answered_in_three_working_days_of_the_district(cast):
    asked = objected(cast, confirmed(cast))
    found = clock(asked, "objection_own")
    assert state_of(found) == ("2026-11-11", "", "")
    assert (found.organisation, found.starts_on) == (cast.district, FRIDAY)
    proposed(OBJECTION, asked, cast, "upheld")
    assert clock(asked, "objection_own").met_on is None
    OBJECTION.take(asked, "decide", by=cast.office, today=day("2026-11-10"))
    assert state_of(clock(asked, "objection_own")) == ("2026-11-11", "2026-11-10", "")
    assert not deadlines.open_of(asked).exists()


def test_what_must_be_asked_elsewhere_has_seven_days_from_the_day_it_was_filed(cast):
    asked = objected(cast, confirmed(cast))
    proposed(OBJECTION, asked, cast, "upheld", needs_check=True)
    assert state_of(clock(asked, "objection_own")) == ("2026-11-11", "", "需要向其他单位核查")
    found = clock(asked, "objection_check")
    assert (found.starts_on, state_of(found)) == (FRIDAY, ("2026-11-17", "", ""))
    OBJECTION.take(asked, "decide", by=cast.office, today=day("2026-11-12"))
    assert state_of(clock(asked, "objection_check")) == ("2026-11-17", "2026-11-12", "")


@pytest.mark.parametrize("taken_up", [False, True])
def test_what_is_taken_back_is_owed_no_more(cast, taken_up):
    asked = objected(cast, confirmed(cast))
    if taken_up:
        OBJECTION.take(asked, "accept", by=cast.reviewer2, today=MONDAY, needs_check=True)
    OBJECTION.take(asked, "recall", by=cast.lead, today=MONDAY)
    assert not deadlines.open_of(asked).exists()
    last = clock(asked, "objection_check" if taken_up else "objection_own")
    assert (last.met_on, last.cancel_reason) == (None, "申请人撤回")


def test_repair_is_answered_in_ten_working_days(cast):
    it = confirmed(cast)
    asked = services.ask_repair(
        it, by=cast.lead, today=FRIDAY, reason="已经恢复供餐。",
        letter=make.upload("承诺书.txt"), upload=services.Upload(added=(make.upload("记录.txt"),)),
    )  # fmt: skip
    assert state_of(clock(asked, "repair_reply")) == ("2026-11-20", "", "")
    proposed(REPAIR, asked, cast, "granted")
    REPAIR.take(asked, "decide", by=cast.office, today=day("2026-11-19"))
    assert state_of(clock(asked, "repair_reply")) == ("2026-11-20", "2026-11-19", "")
    it.refresh_from_db()
    assert (it.state, it.ended_on) == ("repaired", day("2026-11-19"))


def test_repair_is_asked_for_from_the_first_day_after_the_shortest_period(cast):
    """On a month's last day the guard and the database count the same months."""
    for start, first in ((day("2026-05-31"), day("2026-08-31")), (day("2025-11-30"), day("2026-02-28"))):
        it = confirmed(cast, start=start, today=start)

        def ask(today, it=it):
            return services.ask_repair(
                it, by=cast.lead, today=today, reason="已改正", letter=make.upload("书.txt"),
                upload=services.Upload(added=(make.upload("记录.txt"),)),
            )  # fmt: skip

        with pytest.raises(Refused, match=f"{first}起可以申请修复"):
            ask(first - DAY)
        assert ask(first).filed_on == first


def test_what_lost_its_basis_is_taken_down_in_three_working_days(cast):
    it = confirmed(cast)
    FLOW.take(it, "ask_revocation", by=cast.clerk, reason="认定书已被撤销", today=FRIDAY)
    assert state_of(clock(it, "withdraw_revoked")) == ("2026-11-11", "", "")
    FLOW.take(it, "revoke", by=cast.reviewer, today=MONDAY)
    assert state_of(clock(it, "withdraw_revoked")) == ("2026-11-11", "2026-11-09", "")


def test_a_revocation_refused_and_asked_again_has_a_clock_of_its_own(cast):
    it = confirmed(cast)
    for step, by in (("ask_revocation", cast.clerk), ("keep", cast.reviewer), ("ask_revocation", cast.clerk)):
        FLOW.take(it, step, by=by, reason="认定书写错了", today=FRIDAY)
    found = deadlines.of(it).filter(rule_key="withdraw_revoked").order_by("id")
    assert [state_of(one) for one in found] == [
        ("2026-11-11", "", "维持记录：认定书写错了"),
        ("2026-11-11", "", ""),
    ]


def test_a_revoked_record_leaves_no_clock_and_nothing_asked(cast):
    it = pending(cast, day("2026-12-01"))
    asked = objected(cast, it)
    FLOW.take(it, "ask_revocation", by=cast.clerk, reason="决定已被撤销", today=FRIDAY)
    FLOW.take(it, "revoke", by=cast.reviewer, today=MONDAY)
    asked.refresh_from_db()
    assert asked.state == "recalled"
    assert clock(asked, "objection_own").cancel_reason == "记录已撤销"
    assert clock(it, "record_recheck").cancel_reason == "记录已撤销"


def test_a_decision_still_open_is_looked_at_again_until_it_is_final(cast):
    it = pending(cast, day("2026-12-01"))
    assert state_of(clock(it, "record_recheck")) == ("2026-12-01", "", "")
    again = {"finality": "pending", "next_check_on": day("2027-01-05")}
    FLOW.take(it, "recheck", by=cast.reviewer2, today=day("2026-12-01"), **again)
    assert it.state == "confirmed"
    found = deadlines.of(it).filter(rule_key="record_recheck").order_by("id")
    assert [state_of(one) for one in found] == [("2026-12-01", "", "已复查"), ("2027-01-05", "", "")]
    services.run_nightly(today=day("2027-01-04"))
    it.refresh_from_db()
    assert it.state == "confirmed"
    FLOW.take(it, "recheck", by=cast.reviewer2, today=day("2027-01-05"), finality="final")
    assert (it.state, found.last().met_on) == ("effective", day("2027-01-05"))


def test_a_clock_about_a_person_says_only_the_number(cast):
    it = confirmed(cast, "S12", title="标题金丝雀")
    asked = objected(cast, it, by=cast.official)
    assert clock(asked, "objection_own").title == f"公职人员诚信记录 {it.number}"


def to_correct(c, it, by=None):
    """An objection decided on Tuesday: the record is to be corrected."""
    asked = proposed(OBJECTION, objected(c, it, by=by), c, "corrected")
    other = c.district_lead if it.created_by == c.office else c.office
    OBJECTION.take(asked, "decide", by=other, today=TUESDAY)
    return asked


@pytest.mark.parametrize("filed_by", ["clerk", "office", "community"])
def test_what_an_objection_finds_wrong_is_corrected_in_three_days_by_the_unit_that_filed_it(cast, filed_by):
    """The street also where it wrote for its community; the district where its office did."""
    subject = {"organisation": cast.community} if filed_by == "community" else {}
    author = cast.office if filed_by == "office" else cast.clerk
    it = confirmed(cast, author=author, **subject)
    to_correct(cast, it)
    found = clock(it, "record_correct")
    assert (found.starts_on, state_of(found)) == (TUESDAY, ("2026-11-13", "", ""))
    assert found.organisation == (cast.district if filed_by == "office" else cast.street)
    assert found.rule.get_basis_kind_display() == "参照"
    assert {reminder.role for reminder in found.reminders.all()} == {"clerk", "lead", "office"}
    new = services.new_correction(it)
    new.title, new.correction_kind, new.correction_reason = "更正后的标题", "material", "异议查明"
    services.save_draft(new, by=author)
    FLOW.take(new, "submit", by=author, today=TUESDAY)
    assert clock(it, "record_correct").is_open
    FLOW.take(new, "confirm", by=cast.reviewer, today=day("2026-11-12"))
    assert state_of(clock(it, "record_correct")) == ("2026-11-13", "2026-11-12", "")
    assert not deadlines.open_of(new).exists()


def test_the_unit_corrects_also_when_the_filer_has_left(cast):
    it = confirmed(cast)
    cast.clerk.memberships.update(ended_on=TUESDAY)
    to_correct(cast, it)
    assert clock(it, "record_correct").organisation == cast.street


def test_a_record_on_a_person_is_corrected_by_the_district(cast):
    """Its clocks stand on no list of the unit, where others would read them."""
    it = confirmed(cast, "S12")
    to_correct(cast, it, by=cast.official)
    assert clock(it, "record_correct").organisation == cast.district


@pytest.mark.parametrize("end", ["expired", "revoked"])
def test_what_ends_is_no_longer_to_be_corrected(cast, end):
    it = confirmed(cast)
    to_correct(cast, it)
    if end == "expired":
        services.run_nightly(today=it.effective_until + DAY)
    else:
        FLOW.take(it, "ask_revocation", by=cast.clerk, reason="认定书已被撤销", today=TUESDAY)
        FLOW.take(it, "revoke", by=cast.reviewer, today=TUESDAY)
    why = {"expired": "有效期满", "revoked": "记录已撤销"}[end]
    assert state_of(clock(it, "record_correct")) == ("2026-11-13", "", why)


def test_a_request_handed_over_keeps_its_clock(cast):
    asked = objected(cast, confirmed(cast))
    OBJECTION.take(asked, "accept", by=cast.reviewer2, today=MONDAY)
    OBJECTION.take(asked, "hand_over", by=cast.office, today=MONDAY, reason="调离", handler=cast.office)
    assert (asked.handler, state_of(clock(asked, "objection_own"))) == (cast.office, ("2026-11-11", "", ""))


# the night


def settled():
    """What must be the same after the night has run once more."""
    rows = Record.objects.order_by("pk").values_list("state", "unsound", "saved_at", "ended_on")
    return rows_of_everything(), list(rows), Entry.objects.order_by("pk").last()


def at_night(today):
    """The night runs, and running it again changes nothing."""
    done = services.run_nightly(today=today)
    before = settled()
    again = services.run_nightly(today=today)
    assert (again["effective"], again["expired"], again["unsound"]) == (0, 0, done["unsound"])
    assert settled() == before
    return done


def test_a_record_takes_effect_on_its_day_and_ends_after_its_last(cast):
    it = confirmed(cast, start=MONDAY)
    assert (it.state, it.effective_until) == ("confirmed", day("2027-11-09"))
    states = {
        day("2026-11-08"): "confirmed",
        MONDAY: "effective",
        day("2027-11-09"): "effective",
        day("2027-11-10"): "expired",
    }
    for today, state in states.items():
        at_night(today)
        it.refresh_from_db()
        assert (today, it.state) == (today, state)
    taken = Entry.objects.about(it).filter(step__in=["take_effect", "expire"]).order_by("id")
    assert [(e.step, e.actor_name) for e in taken] == [("take_effect", "系统"), ("expire", "系统")]
    assert it.ended_on == day("2027-11-10")


def test_a_late_night_lets_a_record_take_effect_and_end_in_one_run(cast):
    it = confirmed(cast, start=MONDAY)
    done = services.run_nightly(today=day("2028-01-01"))
    services.run_nightly(today=day("2028-01-01"))
    it.refresh_from_db()
    assert (it.state, done["effective"]) == ("expired", 1)


def test_what_expires_leaves_the_public_and_owes_nothing(cast):
    it = making.public(cast)
    asked = making.objection(cast, it)
    assert at_night(it.effective_until)["expired"] == 0
    assert Record.objects.public().count() == 1
    assert at_night(it.effective_until + DAY)["expired"] == 1
    asked.refresh_from_db()
    assert it.notices.get().state == "ended"
    assert not Record.objects.public().exists()
    assert not Publication.objects.public().exists()
    assert not deadlines.open_of(it).exists()
    # what its subject said is answered all the same, in its time
    assert (asked.state, deadlines.open_of(asked).get().rule_key) == ("filed", "objection_own")


def test_what_no_longer_holds_is_said_beside_the_record_until_it_holds_again(cast):
    it, other = confirmed(cast), confirmed(cast)
    (proof,) = it.files.all()
    with past_triggers():
        it.files.clear()
    assert at_night(MONDAY)["unsound"] == 1
    it.refresh_from_db()
    assert it.unsound.startswith("没有证据文件")
    assert it.state == "effective"
    with past_triggers():
        it.files.add(proof)
    assert at_night(MONDAY + DAY)["unsound"] == 0
    for row in (it, other):
        row.refresh_from_db()
        assert row.unsound == ""
