"""The pages: what a panel member, the district, the unit and a resident see, and what they do not."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from evaluation import services
from evaluation.demonstration import panels
from evaluation.demonstration.flows import AWARD, SEAT
from evaluation.models import Application, Cycle, Indicator, NoticeObjection, Result, SelfItem
from longsha_credit.audit.workflow import Refused
from tests import make
from tests.audit.rules import past_triggers
from tests.evaluation.demonstration import making
from tests.records import making as records

SECRET = "别人的评语不能先看到"
POINTS = 1357  # 13.57, which stands nowhere else


def browser(user) -> Client:
    it = Client()
    it.force_login(user)
    return it


def text_of(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


def pages(it):
    """Every page on which points of a panel could stand."""
    cycle = it.cycle
    yield reverse("demonstration:list")
    yield reverse("demonstration:page", args=[it.pk])
    yield reverse("demonstration:cycle", args=[cycle.pk])
    yield reverse("demonstration:scores", args=[cycle.pk])
    yield reverse("desk")
    for seat in it.seats.all():
        yield reverse("demonstration:seat", args=[seat.pk])


def seen_by(user, it) -> bool:
    """Whether another's points or words stand on any of the pages this user opens."""
    client, found = browser(user), False
    for url in pages(it):
        response = client.get(url)
        assert response.status_code in (200, 302, 404), url
        text = text_of(response)
        found |= SECRET in text or "13.57" in text
    return found


def test_nobody_sees_anothers_points_before_the_own_are_in(cast):
    it = making.in_panel(cast)
    first, second, third = making.seats(cast, it.cycle)
    making.scored_by(cast, first, POINTS, SECRET)
    for user in (
        second.reviewer,
        third.reviewer,
        cast.office,
        cast.reviewer,
        cast.community_clerk,
        cast.lead,
    ):
        assert not seen_by(user, it), user
    assert seen_by(first.reviewer, it)
    making.scored_by(cast, second, 1800)
    assert seen_by(second.reviewer, it) and not seen_by(third.reviewer, it) and not seen_by(cast.office, it)
    SEAT.take(third, "recuse", by=third.reviewer, reason="亲属在该社区任职")
    assert not seen_by(third.reviewer, it)
    assert seen_by(cast.office, it) and not seen_by(cast.community_clerk, it)


def test_a_panel_member_scores_in_the_browser(cast):
    it = making.in_panel(cast)
    seat = making.seats(cast, it.cycle)[0]
    client, url = browser(seat.reviewer), reverse("demonstration:seat", args=[seat.pk])
    one, two = panels.human_indicators(seat)
    sent = {f"points_{one.pk}": "25", f"note_{one.pk}": ""}
    assert client.post(url, sent).status_code == 422
    assert client.post(url, {f"points_{one.pk}": "18.5", f"points_{two.pk}": ""}).status_code == 302
    step = reverse("demonstration:seat_step", args=[seat.pk, "send"])
    told = client.post(step, follow=True).content.decode()
    assert "还有1条没有评分" in told
    client.post(url, {f"points_{one.pk}": "18.5", f"points_{two.pk}": "１９"})
    client.post(step)
    seat.refresh_from_db()
    assert seat.state == "sent"
    assert sorted(seat.scores.values_list("points", flat=True)) == [1850, 1900]


def test_a_clerk_applies_and_assesses_in_the_browser(cast):
    cycle = making.cycle(cast)
    promise = make.in_force(
        cast, organisation=cast.community, by=cast.community_clerk, post=cast.community_post
    )
    client = browser(cast.community_clerk)
    assert "可以申报" in client.get(reverse("desk")).content.decode()
    url = reverse("demonstration:apply", args=[cycle.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"unit": cast.community.pk, "reason": "做得实。"})
    it = Application.objects.get()
    for item in SelfItem.objects.filter(application=it).select_related("indicator"):
        page = reverse("demonstration:item", args=[item.pk])
        assert client.post(page, {"points": "61", "text": "见佐证"}).status_code == 422
        assert f'value="{promise.publication_id}"' in client.get(page).content.decode()
        sent = {
            "points": "19.5",
            "text": "见佐证",
            "publication": promise.publication_id,
            "uploads": make.upload(),
        }
        assert client.post(page, sent).status_code == 302
        assert item.evidence.count() == 2
    client.post(reverse("demonstration:step", args=[it.pk, "submit"]))
    it.refresh_from_db()
    assert it.state == "street"
    lead = browser(cast.lead)
    assert "初审" in lead.get(reverse("desk")).content.decode()
    lead.post(reverse("demonstration:step", args=[it.pk, "pass_street"]))
    it.refresh_from_db()
    assert it.state == "check"


def test_a_resident_objects_reads_the_answer_and_the_outcome_is_shown(cast, client):
    row = making.shown(cast)
    it = row.applications.get()
    page = reverse("public_demonstration:notice", args=[row.code])
    assert "我有异议" in client.get(page).content.decode()
    url = reverse("public_demonstration:object", args=[row.code])
    token = re.search(r'name="token" value="([^"]+)"', client.get(url).content.decode())[1]
    sent = {"token": token, "candidate": it.pk, "words": "他们的台账是后来补的。"}
    receipt = client.post(url, sent).content.decode()
    assert client.post(url, sent).content.decode().count("查询码<b>") == 1
    assert NoticeObjection.objects.count() == 1
    code, phrase = (re.sub(r"\s", "", found) for found in re.findall(r"<b>([^<]+)</b>", receipt)[:2])
    asked = NoticeObjection.objects.get()
    track = reverse("public_demonstration:track")
    assert "等待受理" in client.post(track, {"code": code, "phrase": phrase}).content.decode()
    making.OBJECTION.take(asked, "accept", by=cast.reviewer2)
    making.OBJECTION.take(asked, "propose", by=cast.reviewer2, finding="rejected", reply="逐件核对过。")
    assert "逐件核对过" not in client.post(track, {"code": code, "phrase": phrase}).content.decode()
    making.OBJECTION.take(asked, "approve", by=cast.office)
    assert "逐件核对过" in client.post(track, {"code": code, "phrase": phrase}).content.decode()
    shown = client.get(page).content.decode()
    assert "异议不成立" in shown and "台账是后来补的" not in shown


def test_the_public_reads_of_an_award_that_it_is_suspended_and_why(cast, client):
    award = making.awarded(cast, making.over(cast))
    url = reverse("public_demonstration:award", args=[award.code])
    unit = reverse("unit", args=[cast.community.pk])
    assert "试点培育社区" in client.get(unit).content.decode()
    assert "评价结果暂停使用" not in client.get(url).content.decode()
    long_ago = {"effective_from": records.LAST_YEAR, "decided_on": records.LAST_YEAR}
    record = records.public(
        cast, organisation=cast.community, subject_kind="community", by=cast.community_clerk, **long_ago
    )
    shown = client.get(url).content.decode()
    assert "评价结果暂停使用" in shown and record.title in shown
    assert "评价结果暂停使用" in client.get(reverse("public_demonstration:list")).content.decode()
    records.repaired(cast, record)
    assert "评价结果暂停使用" not in client.get(url).content.decode()
    AWARD.take(award, "ask_withdrawal", by=cast.office, reason="材料造假")
    AWARD.take(award, "approve_withdrawal", by=cast.reviewer)
    gone = client.get(url)
    assert gone.status_code == 410 and "材料造假" in gone.content.decode()


def test_of_a_post_the_public_reads_only_which_post_of_which_unit(cast, client):
    cycle = making.cycle(cast, "post", title="2026年度诚信岗对标评价")
    it = making.candidate(cast, cycle, unit=cast.community_post, by=cast.community_clerk)
    award = making.awarded(cast, making.over(cast, it))
    it.refresh_from_db()
    for url in (
        reverse("public_demonstration:list"),
        reverse("public_demonstration:award", args=[award.code]),
        reverse("public_demonstration:notice", args=[it.notice.code]),
        reverse("unit", args=[cast.community.pk]),
    ):
        text = client.get(url).content.decode()
        assert "新苑社区书记岗" in text
        assert "指标3" not in text and "98" not in re.findall(r"(\d+)分", text)


def test_the_paper_says_what_was_decided(cast):
    award = making.awarded(cast, making.over(cast, making.candidate(cast, making.cycle(cast, approved=True))))
    client = browser(cast.office)
    shown = client.get(reverse("demonstration:paper", args=[award.pk])).content.decode()
    assert making.APPROVAL["number"] in shown and award.check_code in shown and award.plaque in shown
    word = client.get(reverse("demonstration:paper_word", args=[award.pk]))
    assert word["Content-Type"].endswith("wordprocessingml.document")


def test_every_desk_page_opens_in_every_state(cast):
    """Drafts, running and over: for the office, the unit and the panel."""
    it = making.in_panel(cast)
    making.visit(cast, it)
    seats = making.seats(cast, it.cycle)
    making.take_facts(cast, it)
    for seat in seats:
        making.scored_by(cast, seat)
    row = making.over(cast, _nominated(cast, it))
    award = making.award(cast, row)
    office = browser(cast.office)
    for url in (
        reverse("demonstration:notice", args=[row.pk]),
        reverse("demonstration:award", args=[award.pk]),
        reverse("demonstration:award_edit", args=[award.pk]),
        reverse("demonstration:cycle_new"),
        *pages(it),
    ):
        assert office.get(url).status_code in (200, 404), url
    clerk = browser(cast.community_clerk)
    assert clerk.get(reverse("demonstration:page", args=[it.pk])).status_code == 200
    assert clerk.get(reverse("demonstration:award", args=[award.pk])).status_code == 200
    assert browser(cast.other_clerk).get(reverse("demonstration:page", args=[it.pk])).status_code == 404


def _nominated(c, it):
    it = Application.objects.with_names().get(pk=it.pk)
    making.FLOW.take(it, "summarise", by=c.office)
    making.FLOW.take(it, "nominate", by=c.office)
    return it


def test_what_the_panel_scores_blind_nobody_marks_beside_it(cast):
    it = making.in_panel(cast)
    making.take_facts(cast, it)
    row = Result.objects.with_names().get(snapshot__cycles=it.cycle_id, organisation=it.organisation)
    judged = Indicator.objects.get(heading__set=row.set, heading__number=7)
    with pytest.raises(Refused, match="盲评"):
        services.mark(row, judged, points=2000, reason="看着好", by=cast.reviewer)
    office = browser(cast.office)
    shown = office.get(reverse("evaluation:result", args=[row.pk])).content.decode()
    assert "这里不另外评分" in shown and "marks" not in shown
    mark = reverse("evaluation:mark", args=[row.pk, judged.pk])
    assert office.get(mark).url == reverse("evaluation:result", args=[row.pk])


def test_the_office_is_told_what_has_to_be_brought_in_before_facts_are_taken_for_good(cast):
    awaited = [{"metric": "good-reviews", "style": "rate", "points": 6000, "missing": "await"}]
    row = making.indicators(cast)
    with past_triggers():
        Indicator.objects.filter(heading__set=row, way="auto").update(measures=awaited)
    it = making.in_panel(cast)
    with past_triggers():  # the days of assessing are over
        Cycle.objects.filter(pk=it.cycle_id).update(
            apply_until=making.days(-9), assess_until=making.days(-8), panel_until=making.days(1)
        )
    url = reverse("demonstration:cycle", args=[it.cycle_id])
    shown = browser(cast.office).get(url)
    assert shown.context["lacking"] == [(it.organisation, ["好差评满意率"])]
    assert "取数只有一次" in shown.content.decode()
    assert "取数只有一次" not in browser(cast.reviewer).get(url).content.decode()
