"""A contest from its draft to its published result: what was announced holds, units are ranked, nobody else."""

import hashlib
import re

import pytest
from django.utils import timezone

from longsha_credit.audit.workflow import Refused
from longsha_credit.programme.contests import services, taking
from longsha_credit.programme.contests.drawing import canonical_of
from longsha_credit.programme.contests.flows import FLOW, QUESTION, RESULT
from longsha_credit.programme.models import Contest, ContestResult
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Publication
from tests import make
from tests.audit.rules import past_triggers
from tests.programme import years
from tests.programme.contests import making

INTACT, BROKEN = "与公开账一致", "本页内容与公开账不一致"


def words(response):
    return re.sub(r"<[^>]+>|\s+", "", response.content.decode())


def as_typed(c, **changes) -> dict:
    """What the form of a new contest sends."""
    lines = {"draws-TOTAL_FORMS": "2", "draws-INITIAL_FORMS": "0"}
    for at, (kind, number, points) in enumerate((("truth", 1, 20), ("single", 2, 40))):
        lines |= {f"draws-{at}-kind": kind, f"draws-{at}-number": number, f"draws-{at}-points": points}
    return {
        "organisation": c.street.pk, "title": "诚信知识竞赛", "about": "考一考。", "audience": "residents",
        "opens_at": "2026-12-01T09:00", "closes_at": "2099-12-10T18:00", "minutes": "20", "attempts": "2",
        "counts": "best", "ranked_by": "rate", "tie": "other", "min_sample": "10", "pass_percent": "60",
        "shows_answers": "on", f"residents_{c.community.pk}": "1860", **lines,
    } | changes  # fmt: skip


def test_a_contest_is_typed_once_and_passes_three_people(signed_in, cast, client):
    making.bank(cast)
    browser = signed_in(cast.clerk)
    assert browser.get("/desk/contests/new/").status_code == 200
    page = browser.post("/desk/contests/new/", as_typed(cast))
    contest = Contest.objects.get()
    assert page.url == f"/desk/contests/{contest.pk}/"
    assert (contest.units.get().residents, contest.draws.count(), contest.paper) == (1860, 2, None)
    assert browser.get(f"/desk/contests/{contest.pk}/edit/").status_code == 200
    browser.post(f"/desk/contests/{contest.pk}/steps/submit/")
    contest.refresh_from_db()
    assert (contest.state, contest.paper.questions.count()) == ("in_review", 3)
    assert client.get(f"/contests/{contest.code}/").status_code == 404
    make.passed(cast, contest)
    text = words(client.get(f"/contests/{contest.code}/"))
    assert INTACT in text
    for said in (
        "每人可以答2次，取最好的一次",
        "样本不足",
        "新苑社区：居民1860人",
        contest.paper.sha256,
        "不留姓名",
    ):
        assert said in text
    # the next contest knows how many people there are
    rows = browser.get("/desk/contests/new/").context["form"].unit_rows()
    assert {row["unit"].name: row["residents"].value() for row in rows}["新苑社区"] == 1860


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"closes_at": "2026-11-01T09:00"}, "结束时间要晚于开始时间"),
        ({"opens_at": "明天"}, "要写成"),
        ({"min_sample": "4"}, "要在5到1000之间"),
        ({"minutes": "900"}, "要在1到180之间"),
        ({"draws-0-number": ""}, "请填抽几道"),
        ({"draws-1-kind": "truth"}, "题型和类别一样"),
        ({"draws-1-number": "100"}, "最多100道题"),
        ({"pass_percent": "x" * 50}, "要写整数"),
    ],
)
def test_what_makes_no_sense_is_told_and_nothing_is_saved(signed_in, cast, changes, said):
    told = signed_in(cast.clerk).post("/desk/contests/new/", as_typed(cast, **changes))
    assert (told.status_code, Contest.objects.count()) == (422, 0)
    assert said in told.content.decode()


def test_a_contest_goes_to_review_only_with_questions_enough_and_people_counted(cast):
    making.bank(cast)
    hungry = making.draft(cast, draws=[{"kind": "single", "category": "repair", "number": 1, "points": 5}])
    with pytest.raises(Refused, match="题库里能用的只有0道"):
        FLOW.take(hungry, "submit", by=cast.clerk)
    uncounted = making.draft(cast, units={cast.community: (100, None)})
    with pytest.raises(Refused, match="还没有填参加单位的公职人员人数"):
        FLOW.take(uncounted, "submit", by=cast.clerk)


def test_the_paper_is_drawn_by_the_rule_and_its_checksum_is_public_before_it_opens(cast):
    making.bank(cast)
    making.ready(cast, "single", text="信用修复怎么办？", category="repair")
    rule = [
        {"kind": "single", "number": 2, "points": 10},
        {"kind": "single", "category": "repair", "number": 1, "points": 30},
    ]
    contest = making.public(cast, draws=rule)
    rows = list(contest.paper.questions.select_related("question"))
    assert sorted((row.question.category, row.points) for row in rows) == [
        ("law", 10),
        ("law", 10),
        ("repair", 30),
    ]
    text = bytes.fromhex(contest.paper.salt) + canonical_of(contest.paper).encode()
    assert hashlib.sha256(text).hexdigest() == contest.paper.sha256
    QUESTION.take(rows[0].question, "retire", by=cast.clerk, reason="过时了")
    assert contest.paper.questions.count() == 3  # a drawn paper stays


def test_what_is_sent_back_is_drawn_anew(cast):
    contest = making.submitted(cast)
    first = contest.paper
    FLOW.take(contest, "recall", by=cast.clerk)
    FLOW.take(contest, "submit", by=cast.clerk)
    assert contest.paper != first


def filled(c, contest):
    """Six residents of the community of whom one answered nothing, and one official."""
    for number in range(6):
        entrant = making.resident(contest, str(number))
        if number:
            making.sat(contest, entrant, right=number - 1)
        else:
            making.begun(entrant)
    making.sat(contest, taking.enter_official(contest, c.official, now=timezone.now()))
    return contest


def test_units_are_ranked_with_their_rate_and_a_handful_is_not(cast, client):
    result = making.published_result(cast, filled(cast, making.public(cast)))
    residents, officials = result.figures["tables"]
    assert residents["rows"] == [
        {"unit": "新苑社区", "people": 100, "took_part": "5", "rate": "5.00", "average": "44.0", "rank": 1}
    ]
    assert (residents["took_part"], residents["passed"]) == (5, 2)
    assert officials["rows"] == [
        {"unit": "向阳街道", "people": 10, "took_part": "少于5", "rate": "", "average": "", "rank": None}
    ]
    assert (officials["took_part"], officials["average"]) == (0, "")  # the sum tells nothing of the one
    page = client.get(f"/contests/{result.contest.code}/results/")
    text = words(page)
    for said in ("样本不足", "参与率＝参加人数÷单位人数", "少于5", INTACT):
        assert said in text
    assert "公职人员参加" not in text.split("单位名次")[0]
    assert result.contest.state == "finished"
    paper = words(client.get(f"/contests/{result.contest.code}/paper/"))
    assert "卷子与竞赛开始以前公开的校验值一致" in paper
    assert result.contest.paper.salt in paper


def test_right_answers_are_shown_after_the_result_and_only_where_that_was_said(cast, client):
    for shows in (True, False):
        contest = making.public(cast, shows_answers=shows, title=f"竞赛{shows}")
        entrant = making.resident(contest, f"x{shows}")
        making.sat(contest, entrant, right=1)
        client.cookies[f"contest_{contest.pk}"] = taking.secret_of(f"token x{shows}")
        assert client.get(f"/contests/{contest.code}/paper/").status_code == 404
        assert "条例写得明白" not in words(client.get(f"/contests/{contest.code}/mine/"))
        making.published_result(cast, contest)
        assert client.get(f"/contests/{contest.code}/paper/").status_code == (200 if shows else 404)
        assert ("条例写得明白" in words(client.get(f"/contests/{contest.code}/mine/"))) is shows


def test_a_result_is_counted_after_the_end_once_and_not_in_a_frozen_year(cast):
    contest = making.public(cast)
    with pytest.raises(Refused, match="结束以后才能统计"):
        services.draw_up_result(contest, by=cast.clerk)
    making.result(cast, contest)
    with pytest.raises(Refused, match="已经在办理"):
        services.draw_up_result(contest, by=cast.clerk)
    other = making.over(making.public(cast, title="另一次"))
    closed = years.plan(cast)
    made = years.copied(cast, timezone.localdate(other.closes_at).year, closed)
    years.frozen(cast, made)
    with pytest.raises(Refused, match="已封存"):
        services.draw_up_result(other, by=cast.clerk)


def test_a_result_is_checked_by_another_person(cast):
    it = making.result(cast, filled(cast, making.public(cast)))
    RESULT.take(it, "submit", by=cast.clerk)
    with pytest.raises(Refused):
        GATE.take(make.review_of(it), "pass_single", by=cast.clerk)
    make.passed(cast, it)
    assert ContestResult.objects.public().get() == it


def test_a_contest_taken_down_takes_its_result_along_and_says_so(cast, client):
    result = making.published_result(cast, filled(cast, making.public(cast)))
    contest = making.withdrawn(cast, result.contest)
    assert not Publication.objects.public().filter(kind__startswith="contest").exists()
    for page in ("", "results/"):
        told = client.get(f"/contests/{contest.code}/{page}")
        assert (told.status_code, "已撤下" in words(told)) == (410, True)
    for page in ("start/", "mine/", "answer/1/", "paper/"):
        assert client.get(f"/contests/{contest.code}/{page}").status_code == 404


def test_a_page_that_was_tampered_with_says_so(cast, client):
    contest = making.public(cast)
    making.moved(contest, about="不是审过的话")
    assert BROKEN in words(client.get(f"/contests/{contest.code}/"))
    contest = making.public(cast, title="另一次")
    with past_triggers() as cursor:
        cursor.execute("UPDATE programme_question SET explanation = '改过'")
    assert BROKEN in words(client.get(f"/contests/{contest.code}/"))


def test_units_see_their_numbers_and_never_a_name(signed_in, cast, client):
    contest = making.public(cast)
    for number in range(5):
        making.sat(contest, making.resident(contest, str(number)), right=2)
    making.sat(contest, taking.enter_official(contest, cast.official, now=timezone.now()))
    make.Official.objects.update(name="慕容晓晓")
    for who in ("clerk", "lead", "office", "supervisor", "community_clerk"):
        browser = signed_in(getattr(cast, who))
        text = words(browser.get("/desk/tests/"))
        assert "新苑社区" in text
        assert "5／100" in text
        assert "慕容" not in text
        page = browser.get(f"/desk/contests/{contest.pk}/")
        assert page.status_code == (404 if who == "community_clerk" else 200)
        assert "慕容" not in page.content.decode()


def test_pages_take_as_many_queries_for_one_as_for_many(
    cast, client, signed_in, django_assert_max_num_queries
):
    contest = making.public(cast)
    client.get("/contests/")
    with django_assert_max_num_queries(8):
        client.get("/contests/")
    for number in range(3):
        making.public(cast, title=f"第{number}次")
    with django_assert_max_num_queries(8):
        client.get("/contests/")
    making.begun(making.resident(contest, "q"))
    client.cookies[f"contest_{contest.pk}"] = taking.secret_of("token q")
    with django_assert_max_num_queries(9):
        client.post(f"/contests/{contest.code}/answer/1/", {"choice": "A"}, headers={"X-Answer": "now"})
