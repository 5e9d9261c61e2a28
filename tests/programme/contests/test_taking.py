"""Somebody answers: every answer is kept at once, the time is the server's, handing in twice gains nothing."""

import datetime
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.utils import timezone

from longsha_credit.audit.workflow import Refused
from longsha_credit.programme.contests import taking
from longsha_credit.programme.models import Attempt, ContestCertificate, Entrant, GivenAnswer
from tests import make
from tests.programme.contests import making

OVER = "这一题没有记下"


@pytest.fixture
def contest(cast):
    return making.public(cast)


def begin(client, contest):
    """A resident opens the page, says for which community, and stands before the first question."""
    page = client.get(f"/contests/{contest.code}/start/")
    unit = contest.units.get(residents__isnull=False)
    token = page.context["form"]["token"].value()
    return client.post(f"/contests/{contest.code}/start/", {"unit": unit.pk, "token": token})


def url(contest, number):
    return f"/contests/{contest.code}/answer/{number}/"


def at_once(client, address, *letters, **more):
    return client.post(address, {"choice": letters, **more}, headers={"X-Answer": "now"})


def kept(number=None):
    rows = GivenAnswer.objects.order_by("id")
    return [row.choice for row in rows]


def test_a_resident_takes_part_from_the_list_to_the_certificate(client, cast, contest):
    assert contest.title in client.get("/contests/").content.decode()
    assert "参加答题" in client.get(f"/contests/{contest.code}/").content.decode()
    assert begin(client, contest).url == url(contest, 1)
    attempt = Attempt.objects.get()
    for one in taking.sheet(attempt, contest):
        page = client.get(url(contest, one.number)).content.decode()
        assert one.question.text in page
        assert one.question.explanation not in page
        done = client.post(url(contest, one.number), {"choice": list(one.question.right), "go": "next"})
    assert done.url == f"/contests/{contest.code}/hand-in/"
    assert "4道题都答了" in client.get(done.url).content.decode()
    mine = client.post(done.url, follow=True)
    assert "第1次：100分" in mine.content.decode()
    assert "答案和解析" in mine.content.decode()  # only that they come later
    assert mine.context["right"] == []
    paper = client.post(f"/contests/{contest.code}/certificate/", follow=True).content.decode()
    number = ContestCertificate.objects.get().number
    assert "新苑社区的一位居民" in paper
    check = client.get(f"/contests/certificates/{number.lower()}/").content.decode()
    assert "这份证书发过" in check
    assert "没有发过" in client.get("/contests/certificates/", {"number": "AAAA"}).content.decode()


def test_nothing_is_kept_of_who_a_resident_is(client, cast, contest):
    begin(client, contest)
    entrant = Entrant.objects.get()
    secret = client.cookies[f"contest_{contest.pk}"].value
    assert len(secret) == 12
    assert (entrant.official, secret in json.dumps(list(Entrant.objects.values()))) == (None, False)
    names = {field.name for model in (Entrant, Attempt, GivenAnswer) for field in model._meta.fields}
    assert names == {
        *(
            "id",
            "contest",
            "unit",
            "official",
            "secret",
            "entrant",
            "number",
            "order",
            "started_at",
            "ends_at",
        ),
        *("submitted_at", "attempt", "item", "choice", "version", "saved_at"),
    }
    assert "longsha_session" not in client.cookies


def test_another_phone_goes_on_with_the_number(client, contest):
    begin(client, contest)
    at_once(client, url(contest, 1), "A")
    secret = client.cookies[f"contest_{contest.pk}"].value
    other = Client()
    assert other.get(url(contest, 1)).url == f"/contests/{contest.code}/start/"
    wrong = other.post(f"/contests/{contest.code}/go-on/", {"code": "2222 2222 2222"})
    assert (wrong.status_code, "没有查到这个号码" in wrong.content.decode()) == (422, True)
    typed = f" {secret[:4].lower()} {secret[4:8]}－{secret[8:]}"
    assert other.post(f"/contests/{contest.code}/go-on/", {"code": typed}).status_code == 302
    page = other.get(url(contest, 1))
    assert page.context["at"].choice == "A"


def test_an_answer_is_kept_at_once_and_again_changes_nothing(client, contest):
    begin(client, contest)
    first = at_once(client, url(contest, 1), "A").json()
    again = at_once(client, url(contest, 1), "A").json()
    assert (first["saved"], first["version"], again) == (True, 1, first)
    assert at_once(client, url(contest, 1), "B").json()["version"] == 2
    assert kept() == ["B"]


def test_an_old_answer_that_comes_late_does_not_take_the_place_of_a_newer_one(client, contest):
    """A phone had no network, another phone answered meanwhile; then the first one sends what it kept."""
    begin(client, contest)
    at_once(client, url(contest, 1), "A")
    late = at_once(client, url(contest, 1), "B", seen="0")
    assert (late.status_code, late.json()["code"], kept()) == (409, "seen", ["A"])
    # its own answer whose receipt was lost is simply there
    assert at_once(client, url(contest, 1), "A", seen="0").json()["saved"]
    assert at_once(client, url(contest, 1), "B", seen="1").json()["saved"]


@pytest.mark.parametrize("letters", [["A", "B"], ["Z"], ["C"], ["A" * 500]])
def test_what_is_no_answer_is_refused_with_a_sentence(client, contest, letters):
    begin(client, contest)  # the first question is true or false
    told = at_once(client, url(contest, 1), *letters)
    assert (told.status_code, kept()) == (422, [])
    assert "请从列出的选项里选" in told.json()["why"]


@pytest.mark.parametrize("end", ["handed in", "out of time"])
def test_after_the_end_nothing_is_taken_and_what_was_saved_counts(client, contest, end):
    begin(client, contest)
    right = taking.sheet(Attempt.objects.get(), contest)[0].question.right
    at_once(client, url(contest, 1), right)
    if end == "handed in":
        client.post(f"/contests/{contest.code}/hand-in/")
    else:
        making.over(contest)
    late = at_once(client, url(contest, 2), "A")
    assert (late.status_code, OVER in late.json()["why"]) == (409, True)
    plain = client.post(url(contest, 2), {"choice": "A"})
    assert (plain.status_code, OVER in plain.content.decode()) == (409, True)
    assert kept() == [right]
    assert "第1次：20分" in client.get(f"/contests/{contest.code}/mine/").content.decode()
    assert client.get(url(contest, 2)).url == f"/contests/{contest.code}/mine/"  # the back button


def test_the_database_refuses_an_answer_after_the_end_by_its_own_clock(contest):
    attempt = making.begun(making.resident(contest))
    making.over(contest)
    long_ago = timezone.now() - datetime.timedelta(hours=3)
    with pytest.raises(Refused, match=OVER):
        taking.answer(attempt, contest, 1, ["A"], now=long_ago)


def test_attempts_are_as_many_as_was_said_and_the_best_one_counts(client, contest):
    entrant = making.resident(contest)
    making.sat(contest, entrant, right=3)
    making.sat(contest, entrant, right=1)
    with pytest.raises(Refused, match="每人可以答2次，您已经答完了"):
        making.begun(entrant)
    attempts = taking.attempts_of(entrant)
    best = taking.result_of(contest, attempts, timezone.now())
    assert ([one.number for one in attempts], best.number) == ([2, 1], 1)
    with pytest.raises(IntegrityError, match="attempt_keeps_the_rules"), transaction.atomic():
        attempts[0].pk, attempts[0].number, attempts[0].submitted_at = None, 3, None
        attempts[0].save(force_insert=True)


def test_the_first_one_counts_where_that_was_said(cast):
    contest = making.public(cast, counts="first")
    entrant = making.resident(contest)
    making.sat(contest, entrant, right=1)
    making.sat(contest, entrant, right=4)
    assert taking.result_of(contest, taking.attempts_of(entrant), timezone.now()).number == 1
    assert taking.certificate_of(entrant, contest, now=timezone.now()) is None


def test_a_form_sent_twice_is_one_resident_and_one_attempt(client, contest):
    page = client.get(f"/contests/{contest.code}/start/")
    sent = {
        "unit": contest.units.get(residents__isnull=False).pk,
        "token": page.context["form"]["token"].value(),
    }
    client.post(f"/contests/{contest.code}/start/", sent)
    Client().post(f"/contests/{contest.code}/start/", sent)  # sent again before the cookie came
    client.post(f"/contests/{contest.code}/start/")  # and pressed once more while it runs
    assert (Entrant.objects.count(), Attempt.objects.count()) == (1, 1)


def test_handing_in_twice_and_asking_twice_for_the_certificate_gains_nothing(client, contest):
    begin(client, contest)
    making.answered(contest, Attempt.objects.get())
    for _ in range(2):
        client.post(f"/contests/{contest.code}/hand-in/")
    when = Attempt.objects.get().submitted_at
    for _ in range(2):
        client.post(f"/contests/{contest.code}/certificate/")
    assert (Attempt.objects.get().submitted_at, ContestCertificate.objects.count()) == (when, 1)


def test_before_and_after_its_time_a_contest_takes_nobody(client, cast, contest):
    making.moved(contest, opens_at=timezone.now() + making.MINUTE)
    assert "到时请再来" in client.get(f"/contests/{contest.code}/start/").content.decode()
    with pytest.raises(Refused, match="还没有开始"):
        making.resident(contest)
    making.moved(contest, opens_at=timezone.now() - making.HOUR, closes_at=timezone.now() - making.MINUTE)
    assert "已经结束" in client.get(f"/contests/{contest.code}/start/").content.decode()
    with pytest.raises(Refused, match="已经结束"):
        making.resident(contest)


def test_an_attempt_begun_late_ends_with_the_contest(contest):
    making.moved(contest, closes_at=timezone.now() + 5 * making.MINUTE)
    assert making.begun(making.resident(contest)).ends_at == contest.closes_at


def test_too_many_beginnings_from_one_address_wait(client, contest, settings):
    settings.RESIDENT_LIMITS = settings.RESIDENT_LIMITS | {"take_part": (2, 600)}
    here = {"REMOTE_ADDR": "192.0.2.77"}
    answers = []
    for _ in range(3):
        browser = Client(**here)
        answers.append(begin(browser, contest).status_code)
    assert answers == [302, 302, 429]


def test_an_official_takes_part_once_signed_in(signed_in, cast, contest):
    make.Official.objects.update(name="慕容晓晓")
    browser = signed_in(cast.official)
    assert contest.title in browser.get("/desk/tests/").content.decode()
    assert browser.post(f"/desk/tests/{contest.code}/begin/").url == f"/desk/tests/{contest.code}/answer/1/"
    again = signed_in(cast.official)  # another computer
    again.post(f"/desk/tests/{contest.code}/begin/")
    assert Entrant.objects.get().official == cast.official.official
    assert Attempt.objects.count() == 1
    making.answered(contest, Attempt.objects.get(), right=4)
    again.post(f"/desk/tests/{contest.code}/hand-in/")
    assert "第1次：100分" in browser.get(f"/desk/tests/{contest.code}/mine/").content.decode()
    paper = browser.post(f"/desk/tests/{contest.code}/certificate/", follow=True).content.decode()
    assert "慕容晓晓" in paper
    check = browser.get(f"/contests/certificates/{ContestCertificate.objects.get().number}/").content.decode()
    assert "这份证书发过" in check
    assert "慕容" not in check


def test_who_can_see_the_bank_takes_no_part(signed_in, cast, contest):
    for who, where in ((cast.clerk, cast.street), (cast.lead, cast.street)):
        who.official = make.Official.objects.create(
            name=who.name, staff_number=who.username, organisation=where
        )
        who.save(update_fields=["official"])
        told = signed_in(who).post(f"/desk/tests/{contest.code}/begin/", follow=True).content.decode()
        assert "您能看到这次竞赛的题库，不参加答题" in told
    assert not Entrant.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_attempt_is_begun_however_many_press_at_once(cast):
    contest = making.public(cast)
    entrant = making.resident(contest)

    def press(_):
        try:
            return taking.begin(Entrant.objects.get(pk=entrant.pk), now=timezone.now()).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        begun = set(pool.map(press, range(6)))
    assert len(begun) == 1
    attempt = Attempt.objects.get()

    def answer_or_hand_in(at):
        try:
            if at == 3:
                taking.hand_in(attempt, now=timezone.now())
            else:
                taking.answer(attempt, contest, 2, ["A" if at % 2 else "B"], now=timezone.now())
            return "done"
        except Refused:
            return "late"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(answer_or_hand_in, range(8)))
    rows = list(GivenAnswer.objects.values_list("saved_at", flat=True))
    assert len(rows) <= 1
    assert said[3] == "done"
    attempt.refresh_from_db()
    assert all(saved <= attempt.submitted_at for saved in rows) or "late" not in said
    assert connection.vendor == "postgresql"
