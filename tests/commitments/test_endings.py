"""How a promise ends: reported by the unit, verified by others, shown, sent back, revoked; and its clocks."""

import datetime

import pytest
from django.db import connection
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from commitments import clocks, services
from commitments.flows import AMENDMENT, PROGRESS, RESULT, VERDICT
from commitments.models import Obligation, ResultReport, Verdict
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines.models import Deadline
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Publication
from tests import make

FULL, PARTLY, NONE = Verdict.FULL, Verdict.PARTLY, Verdict.NONE
MADE, DUE = datetime.date(2026, 3, 2), datetime.date(2026, 6, 30)
LAST, LATE = datetime.date(2026, 7, 7), datetime.date(2026, 7, 8)


def running(obligation) -> dict[str, datetime.date]:
    return dict(Deadline.objects.of(obligation).open().values_list("rule_key", "due_on"))


def promise(c, **more):
    return make.in_force(c, today=MADE, due_on=DUE, **more)


def test_the_clocks_of_a_promise_follow_it_from_force_to_verdict(cast):
    it = promise(cast)
    assert running(it) == {"commitment_due": DUE, "result_report": LAST}
    make.amended(cast, it, today=datetime.date(2026, 4, 1), due_on=datetime.date(2026, 9, 30))
    # five working days over the National Day holiday and the worked Saturday of October 10
    assert running(it) == {
        "commitment_due": datetime.date(2026, 9, 30),
        "result_report": datetime.date(2026, 10, 13),
    }
    report = make.reported(cast, it, today=LAST)
    assert running(it) == {"result_verify": datetime.date(2026, 7, 21)}
    assert Deadline.objects.of(it).open().get().organisation == cast.district
    RESULT.take(report, "send_back", by=cast.reviewer, reason="照片看不出净宽", today=LATE)
    assert running(it) == {
        "commitment_due": datetime.date(2026, 9, 30),
        "result_report": datetime.date(2026, 10, 13),
    }
    make.ended(cast, it, FULL, today=LATE)
    assert running(it) == {}


def test_a_withdrawal_stops_the_clocks_and_takes_result_and_verdict_down(cast, client):
    it = make.in_force(cast)
    make.ended(cast, it, PARTLY)
    assert Publication.objects.public().count() == 3
    make.withdrawn(cast, it)
    assert Publication.objects.public().count() == 0
    assert running(it) == {}
    page = client.get(reverse("public_commitments:page", args=[it.code]))
    assert page.status_code == 410
    assert "还差两处没有建成" not in page.content.decode()


def test_promises_older_than_the_clocks_get_them_once(cast):
    it = promise(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM deadlines_reminder; DELETE FROM deadlines_deadline")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert (clocks.start_missing(today=MADE), clocks.start_missing(today=MADE)) == (1, 0)
    assert running(it) == {"commitment_due": DUE, "result_report": LAST}


def test_nobody_who_had_a_hand_in_the_report_verifies_it(cast):
    both = make.user("both")
    for role, where in (("clerk", cast.street), ("reviewer", cast.district)):
        both.memberships.create(organisation=where, role=role, started_on=make.LONG_AGO)
    it = make.in_force(cast)
    make.reported(cast, it, by=both)
    with pytest.raises(Refused, match="须由另一个人核验"):
        make.verification(cast, it, by=both)
    found = make.verification(cast, it)
    VERDICT.take(found, "submit", by=cast.reviewer)
    with pytest.raises(Refused, match="须由另一个人审查"):
        lead_too = cast.reviewer
        lead_too.memberships.create(organisation=cast.district, role="lead", started_on=make.LONG_AGO)
        GATE.take(make.review_of(found), "pass_single", by=type(lead_too).objects.get(pk=lead_too.pk))


def test_who_wrote_the_report_does_not_pass_the_verdict_on_it(cast):
    it = promise(cast)
    cast.reviewer.memberships.create(organisation=cast.district, role="lead", started_on=make.LONG_AGO)
    both = type(cast.reviewer).objects.get(pk=cast.reviewer.pk)
    make.reported(cast, it, NONE, by=both, lead=cast.district_lead, today=LATE)
    found = make.verification(cast, it, NONE, by=cast.reviewer2)
    VERDICT.take(found, "submit", by=cast.reviewer2, today=LATE)
    with pytest.raises(Refused, match="须由另一个人复核"):
        make.passed(cast, found, lead=both, today=LATE)
    make.passed(cast, found, lead=cast.district_lead, today=LATE)
    it.refresh_from_db()
    assert it.verdict == NONE


def test_the_district_reports_for_a_silent_unit_only_after_its_days(cast):
    it = promise(cast)
    with pytest.raises(Refused, match="报告期限到2026-07-07"):
        make.result(cast, it, NONE, by=cast.reviewer, today=LAST)
    it = Obligation.objects.get(pk=it.pk)
    make.reported(cast, it, NONE, by=cast.reviewer, lead=cast.district_lead, today=LATE)
    with pytest.raises(Refused, match="须由另一个人核验"):
        make.verification(cast, it, NONE, by=cast.reviewer)
    assert make.verification(cast, it, NONE, by=cast.reviewer2).reporter == cast.reviewer


def test_the_district_leaves_the_units_own_report_alone_and_the_unit_the_districts(cast):
    it = promise(cast)
    own = make.result(cast, it, today=LAST)
    with pytest.raises(Refused, match="由单位办理"):
        RESULT.take(own, "submit", by=cast.reviewer, today=LATE)
    with pytest.raises(Refused, match="由单位办理"):
        services.save_result(own, by=cast.reviewer, today=LATE)
    instead = make.result(cast, it, NONE, by=cast.reviewer, today=LATE)
    own.refresh_from_db()
    assert (own.state, instead.organisation) == ("discarded", cast.district)
    with pytest.raises(Refused, match="不在您的职责内"):
        RESULT.take(instead, "discard", by=cast.clerk, reason="不想报", today=LATE)


def test_a_draft_verdict_is_not_told_to_the_unit(cast, signed_in):
    it = make.in_force(cast)
    make.reported(cast, it, PARTLY)
    make.verification(cast, it, NONE, text="现场什么都没有看到。")
    address = reverse("commitments:page", args=[it.pk])
    assert "现场什么都没有看到" in signed_in(cast.reviewer).get(address).content.decode()
    assert "现场什么都没有看到" not in signed_in(cast.clerk).get(address).content.decode()


def test_a_late_change_cannot_be_counted_as_kept_after_the_old_day(cast):
    it = promise(cast)
    make.amended(cast, it, today=DUE - datetime.timedelta(days=5), due_on=datetime.date(2026, 12, 1))
    make.reported(cast, it, today=LATE, fulfilled_on=LATE)
    found = make.verification(cast, it, FULL, day=LATE, counted_verdict=FULL)
    with pytest.raises(Refused, match="按变更前的内容认定"):
        VERDICT.take(found, "submit", by=cast.reviewer, today=LATE)


def test_a_change_asked_in_time_but_passed_after_the_day_counts_as_late(cast):
    it = promise(cast)
    change = make.amendment(cast, it, due_on=datetime.date(2026, 12, 1))
    AMENDMENT.take(change, "submit", by=cast.clerk, today=DUE - datetime.timedelta(days=40))
    make.passed(cast, change, today=LATE)
    it.refresh_from_db()
    assert (change.is_late, it.counts_on) == (True, DUE)


def test_a_report_sent_back_before_the_day_starts_the_clocks_again(cast):
    it = promise(cast)
    early = datetime.date(2026, 4, 1)
    RESULT.take(
        make.reported(cast, it, today=early), "send_back", by=cast.office, reason="缺照片", today=early
    )
    assert running(it) == {"commitment_due": DUE, "result_report": LAST}


def test_another_street_neither_reports_nor_verifies(cast):
    it = make.in_force(cast)
    with pytest.raises(Http404):
        make.result(cast, it, by=cast.other_clerk)
    make.reported(cast, it)
    for stranger in (cast.clerk, cast.lead, cast.other_lead, cast.supervisor, cast.secrecy):
        with pytest.raises(Http404):
            make.verification(cast, it, by=stranger)


def test_reporting_the_result_ends_what_was_unfinished(cast):
    it = make.in_force(cast)
    report = make.progress(cast, it)
    PROGRESS.take(report, "submit", by=cast.clerk)
    change = make.amendment(cast, it)
    make.reported(cast, it)
    report.refresh_from_db()
    change.refresh_from_db()
    assert (report.state, change.state) == ("discarded", "discarded")


def test_a_result_waits_until_a_change_in_review_is_decided(cast):
    it = make.in_force(cast)
    AMENDMENT.take(make.amendment(cast, it), "submit", by=cast.clerk)
    with pytest.raises(Refused, match="有一份变更正在审查"):
        RESULT.take(make.result(cast, it), "submit", by=cast.clerk)


def test_done_after_the_day_is_not_wholly_kept(cast):
    it = promise(cast)
    late = make.result(cast, it, today=LATE, fulfilled_on=LATE)
    with pytest.raises(Refused, match="晚于承诺的期限"):
        RESULT.take(late, "submit", by=cast.clerk, today=LATE)


def test_one_report_at_a_time_and_a_sentence_for_the_second(cast):
    it = make.in_force(cast)
    make.result(cast, it)
    with pytest.raises(Refused, match="已有一份结果报告在办理"):
        make.result(cast, it)
    assert ResultReport.objects.count() == 1


GOOD = {"claim": "full", "fulfilled_on": "2026-01-05", "text": "逐处建成。", "unmet": "", "done": "24"}
WRONG = {
    "nothing chosen": ({"claim": ""}, "claim"),
    "an unknown result": ({"claim": "excellent"}, "claim"),
    "all of it without a day": ({"fulfilled_on": ""}, "fulfilled_on"),
    "all of it, yet something missing": ({"unmet": "还差一处"}, "unmet"),
    "part of it without what is missing": ({"claim": "partly"}, "unmet"),
    "no such day": ({"fulfilled_on": "2026-02-30"}, "fulfilled_on"),
    "no text": ({"text": " "}, "text"),
    "a text too long": ({"text": "长" * 2001}, "text"),
    "a number below nothing": ({"done": "-1"}, "done"),
    "no number": ({"done": "许多"}, "done"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_report_filled_in_wrongly_is_told_at_its_field_and_saves_nothing(cast, signed_in, case):
    changes, field = WRONG[case]
    it = make.in_force(cast)
    answer = signed_in(cast.clerk).post(reverse("commitments:result", args=[it.pk]), GOOD | changes)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not ResultReport.objects.exists()


def test_a_clerk_reports_and_a_reviewer_verifies_on_their_pages(cast, signed_in):
    it = make.in_force(cast)
    clerk, reviewer = signed_in(cast.clerk), signed_in(cast.reviewer)
    day = timezone.localdate().isoformat()
    sent = clerk.post(
        reverse("commitments:result", args=[it.pk]), GOOD | {"fulfilled_on": day, "uploads": make.upload()}
    )
    assert sent.status_code == 302
    result = it.results.get()
    RESULT.take(result, "submit", by=cast.clerk)
    make.passed(cast, result)
    assert "核验认定" in reviewer.get(reverse("commitments:page", args=[it.pk])).content.decode()
    address = reverse("commitments:verify", args=[it.pk])
    wrong = reviewer.post(address, {"verdict": "none", "text": "没有找到。"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"unmet", "consequence"}
    right = {"verdict": "none", "text": "没有找到。", "unmet": "24处都没有。", "consequence": "公开说明。"}
    assert reviewer.post(address, right).status_code == 302
    found = it.verifications.get()
    assert (found.verdict, found.counted_verdict, found.state) == ("none", "none", "draft")


def test_the_form_asks_twice_only_where_a_late_change_stands_between(cast, signed_in):
    plain, changed = make.in_force(cast), make.in_force(cast, due_on=make.soon(20))
    make.amended(cast, changed, due_on=make.soon(80))
    reviewer = signed_in(cast.reviewer)
    for it, asked in ((plain, False), (changed, True)):
        make.reported(cast, it)
        page = reviewer.get(reverse("commitments:verify", args=[it.pk]))
        assert ("counted_verdict" in page.context["form"].fields) is asked


def test_the_verdict_stands_on_the_public_page_with_who_found_it(cast, client):
    it = make.in_force(cast)
    make.ended(cast, it, PARTLY)
    page = client.get(reverse("public_commitments:page", args=[it.code]))
    text = page.content.decode()
    assert page.context["status"] == "intact"
    for told in ("部分履行", "示例区认定", "还差两处没有建成。", "公开说明原因，列入治理台账。"):
        assert told in text
    for name in ("周岚", "韩叙", "区主任"):
        assert name not in text


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE commitments_verification SET text = '其实都做了。' WHERE obligation_id = %s",
        "UPDATE commitments_verification SET verdict = 'none' WHERE obligation_id = %s",
        "UPDATE commitments_obligation SET verdict = 'none' WHERE id = %s",
        "UPDATE commitments_obligation SET counted_verdict = 'none' WHERE id = %s",
        "UPDATE commitments_resultreport SET unmet = '没有' WHERE obligation_id = %s",
    ],
)
def test_a_result_or_verdict_changed_behind_the_door_is_called_out(cast, client, tampering):
    it = make.in_force(cast)
    make.ended(cast, it, PARTLY)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(tampering, [it.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    page = client.get(reverse("public_commitments:page", args=[it.code]))
    assert page.context["status"] == "broken"
    assert "本页内容与公开账不一致" in page.content.decode()


def test_a_report_sent_back_stays_readable_and_says_so(cast, client):
    it = make.in_force(cast)
    RESULT.take(make.reported(cast, it), "send_back", by=cast.office, reason="缺照片")
    text = client.get(reverse("public_commitments:page", args=[it.code])).content.decode()
    assert "区里退回补充" in text and "等待核验" not in text


def test_new_verification_needs_a_report(cast):
    with pytest.raises(Refused, match="还没有公开的结果报告"):
        services.new_verification(make.in_force(cast))
