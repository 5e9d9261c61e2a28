"""A resident on an old phone: says it, keeps the code, looks it up, answers; and who floods the portal is stopped."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from commitments.models import Case, Rating
from commitments.supervision import challenge, services
from commitments.supervision.public_form_views import _token
from longsha_credit.deadlines.models import Deadline
from tests import make
from tests.supervision import filing

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def counters():
    cache.clear()


def url_of(unit, kind="complaint"):
    return reverse("public_supervision:file", args=[f"u{unit.pk}", kind])


def text_of(response):
    return response.content.decode()


def solved(question):
    """The answer as a person who hears the question would give it."""
    a, b = (challenge.NUMERALS.index(word) for word in re.findall("“(.)”", question))
    return a + b if "加" in question else min(a, b) if "小" in question else max(a, b)


def form(words=filing.SENTENCE, **more):
    question, token = challenge.ask()
    return {"token": _token(), "words": words, "question": token, "answer": solved(question)} | more


def receipt_of(response):
    return [part.replace(" ", "") for part in re.findall(r"<b>([^<]+)</b>", text_of(response))]


def test_a_resident_begins_with_what_is_not_for_this_desk_and_then_needs_one_page(client, cast):
    promise = make.in_force(cast)
    for where in (f"u{cast.community.pk}", promise.code):
        shown = text_of(client.get(reverse("public_supervision:begin", args=[where])))
        for word in (
            "110",
            "法院",
            "行政复议",
            "12388",
            "信访",
            "信息公开",
            "向阳街道" if where[0] == "u" else "示例区",
        ):
            assert word in shown, word
    for page in (
        reverse("unit", args=[cast.community.pk]),
        reverse("public_commitments:page", args=[promise.code]),
    ):
        assert "投诉、建议、表扬" in text_of(client.get(page))
    sent = client.post(reverse("public_supervision:file", args=[promise.code, "suggestion"]), form())
    assert sent.status_code == 200
    it = Case.objects.get()
    assert (it.kind, it.about, it.obligation, it.organisation) == (
        "suggestion", cast.street, promise, cast.district,
    )  # fmt: skip
    code, phrase = receipt_of(sent)
    assert re.fullmatch("[2-9A-HJKMNP-Z]{12}", code) and re.fullmatch("[0-9]{8}", phrase)
    assert not it.secret.identity


def test_no_account_no_session_and_nothing_kept_by_the_browser(client, cast):
    for response in (client.get(url_of(cast.community)), client.post(url_of(cast.community), form())):
        assert "no-store" in response["Cache-Control"]
    assert set(client.cookies) <= {"longsha_csrf"}


def test_the_resident_follows_the_case_and_is_heard_once_more(client, cast):
    receipt = filing.filed(cast)
    pair = {
        "code": f" {receipt.code[:4].lower()}-{receipt.code[4:]} ",
        "phrase": f"{receipt.phrase[:4]} {receipt.phrase[4:]}",
    }
    track, answer = reverse("public_supervision:track"), reverse("public_supervision:answer")
    shown = text_of(client.post(track, pair))
    assert "等待受理" in shown and "参照湖北营商环境投诉办理规定" in shown
    assert f"{Deadline.objects.get().due_on}" in shown
    it = filing.of(receipt)
    filing.take(it, "accept", cast.clerk)
    filing.take(it, "propose", cast.clerk, finding="partly", reply=filing.REPLY)
    assert filing.REPLY not in text_of(client.post(track, pair))
    filing.take(it, "approve", cast.lead)
    shown = text_of(client.post(track, pair))
    assert filing.REPLY in shown and "部分属实" in shown and "周岚" not in shown and it.number not in shown
    assert client.post(answer, pair).status_code == 422
    assert "区里正在重新办理" in text_of(client.post(answer, {**pair, "level": "very_bad"}))
    assert "不用评价" in text_of(client.post(answer, {**pair, "level": "good"}))
    it.refresh_from_db()
    clock = Deadline.objects.open().get(object_id=it.pk, object_kind="commitments.case")
    assert (clock.rule_key, clock.organisation) == ("complaint_rehandle", cast.district)
    filing.take(it, "repropose", cast.reviewer, finding="true", reply="区里已经督促修好。")
    filing.take(it, "reapprove", cast.office)
    shown = text_of(client.post(answer, {**pair, "level": "bad"}))
    assert "已经重新办理过一次" in shown
    it.refresh_from_db()
    assert (it.state, it.closing) == ("closed", "unsatisfied")
    assert [r.level for r in it.ratings.order_by("number")] == ["very_bad", "bad"]
    assert not Deadline.objects.open().filter(object_id=it.pk, object_kind="commitments.case").exists()


def test_a_refused_case_names_the_right_door(client, cast):
    receipt = filing.filed(cast)
    filing.take(filing.of(receipt), "refuse", cast.clerk, refusal="not_ours", channel="petition")
    shown = text_of(
        client.post(reverse("public_supervision:track"), {"code": receipt.code, "phrase": receipt.phrase})
    )
    assert "属于其他渠道" in shown and "去信访部门" in shown


def test_whoever_does_not_answer_the_follow_up_has_been_heard_all_the_same(cast):
    it = filing.replied(cast)
    due = Deadline.objects.open().get(rule_key="complaint_followup").due_on
    assert services.close_unanswered(today=due) == 0
    assert services.close_unanswered(today=due + DAY) == 1
    assert services.close_unanswered(today=due + DAY) == 0
    it.refresh_from_db()
    assert (it.state, it.closing, it.ratings.count()) == ("closed", "unanswered", 0)


def test_a_wrong_code_and_a_wrong_phrase_get_the_same_answer(client, cast):
    receipt, track = filing.filed(cast), reverse("public_supervision:track")
    pages = [
        client.post(track, {"code": code, "phrase": phrase})
        for code, phrase in ((receipt.code, "00000000"), ("2" * 12, receipt.phrase))
    ]
    first, second = (re.sub(r'value="[^"]*"', "", text_of(page)) for page in pages)
    assert first == second
    assert {page.status_code for page in pages} == {422}


def test_guessing_the_phrase_of_a_code_ends_soon(client, cast, settings):
    receipt, track = filing.filed(cast), reverse("public_supervision:track")
    most = settings.RESIDENT_LIMITS["code"][0]
    for number in range(most):
        browser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        assert browser.post(track, {"code": receipt.code, "phrase": f"{number:08}"}).status_code == 422
    right = client.post(track, {"code": receipt.code, "phrase": receipt.phrase})
    assert right.status_code == 429


def test_the_button_pressed_twice_makes_one_complaint_and_the_same_receipt(client, cast):
    sent = form()
    first, second = client.post(url_of(cast.community), sent), client.post(url_of(cast.community), sent)
    assert receipt_of(first) == receipt_of(second) != []
    assert Case.objects.count() == 1
    assert receipt_of(client.post(url_of(cast.community), form())) != receipt_of(first)
    # the last one before a question is asked: the second press of the button must not lose the receipt
    last = {"token": _token(), "words": filing.SENTENCE}
    third = [receipt_of(client.post(url_of(cast.community), last)) for _ in range(2)]
    assert third[0] == third[1] != []
    rate = reverse("public_supervision:rate", args=[f"u{cast.community.pk}"])
    mark = form(level="good")
    for _ in range(2):
        assert client.post(rate, mark).status_code == 200
    assert Rating.objects.count() == 1


def test_two_hundred_from_one_address_are_stopped_and_another_gets_through(cast, settings):
    flood, most = Client(REMOTE_ADDR="203.0.113.9"), settings.RESIDENT_LIMITS["file"][0]
    answers = [flood.post(url_of(cast.community), form()) for _ in range(200)]
    assert [a.status_code for a in answers].count(200) == most == Case.objects.count()
    stopped = answers[-1]
    assert stopped.status_code == 429
    assert re.search(r"等\d+分钟", text_of(stopped)) and "12345" in text_of(stopped)
    assert 0 < int(stopped["Retry-After"]) <= settings.RESIDENT_LIMITS["file"][1]
    assert Client(REMOTE_ADDR="203.0.113.10").post(url_of(cast.community), form()).status_code == 200


def test_behind_our_proxy_the_residents_own_address_counts(cast, settings):
    settings.PROXY_COUNT = 1
    settings.RESIDENT_LIMITS = settings.RESIDENT_LIMITS | {"file": (1, 600)}
    browser = Client(REMOTE_ADDR="10.0.0.1")

    def send(address):
        header = {"HTTP_X_FORWARDED_FOR": f"1.2.3.4, {address}"}
        return browser.post(url_of(cast.community), form(), **header).status_code

    assert [send("203.0.113.1"), send("203.0.113.1"), send("203.0.113.2")] == [200, 429, 200]
    v6 = [send("2001:db8:1:1::1"), send("2001:db8:1:1::2"), send("2001:db8:1:2::1")]
    assert v6 == [200, 429, 200]


def test_after_several_a_question_is_asked_that_counts_once(client, cast, settings):
    plain = {"words": filing.SENTENCE}
    for _ in range(settings.QUESTION_AFTER[0]):
        assert client.post(url_of(cast.community), {**plain, "token": _token()}).status_code == 200
    page = text_of(client.get(url_of(cast.community)))
    assert re.search('<label for="id_answer">“.”和“.”|<label for="id_answer">把“.”和“.”', page)
    without = client.post(url_of(cast.community), {**plain, "token": _token()})
    assert without.status_code == 422 and "请回答最后的问题" in text_of(without)
    assert filing.SENTENCE in text_of(without)
    right = form()
    assert client.post(url_of(cast.community), {**right, "answer": 99}).status_code == 422
    assert client.post(url_of(cast.community), right).status_code == 200
    again = client.post(url_of(cast.community), {**right, "token": _token()})
    assert again.status_code == 422
    assert Case.objects.count() == settings.QUESTION_AFTER[0] + 1


def test_a_form_open_too_long_keeps_the_words(client, cast):
    late = client.post(url_of(cast.community), {"token": "old", "words": filing.SENTENCE})
    assert late.status_code == 422
    assert "您写的还在" in text_of(late) and filing.SENTENCE in text_of(late)
    token = re.search('name="token" value="([^"]+)"', text_of(late))[1]
    assert client.post(url_of(cast.community), {"token": token, "words": filing.SENTENCE}).status_code == 200


def test_of_the_district_itself_this_desk_says_who_is_above(client, cast):
    shown = client.get(reverse("public_supervision:begin", args=[f"u{cast.district.pk}"]))
    assert shown.status_code == 200 and "由市里办" in text_of(shown) and "12345" in text_of(shown)
    assert client.get(url_of(cast.district)).status_code == 404


def test_who_handles_is_the_nearest_street_or_district_above(cast):
    below = make.organisation("window", "社区窗口", cast.community)
    own = make.organisation("window", "区窗口", cast.district)
    for about, handler in (
        (cast.street, cast.district), (cast.community, cast.street), (cast.window, cast.street),
        (below, cast.street), (own, cast.district), (cast.district, None),
    ):  # fmt: skip
        assert services.handler_of(about) == handler


@pytest.mark.parametrize(
    "bad",
    [
        {"words": ""}, {"words": "短"}, {"words": "长" * 2001}, {"words": "路灯\x00不亮了"}, {"words": "路灯\ud800不亮了"},
        {"name": "名" * 41}, {"contact": "1" * 61}, {"token": "\x00"}, {"token": ["a", "b"]}, {"words": ["", "x"]},
    ],
)  # fmt: skip
def test_bad_input_is_told_and_nothing_is_kept(client, cast, bad):
    sent = {**form(), **bad}
    answer = client.post(url_of(cast.community), _encoded(sent))
    assert answer.status_code == 422
    assert re.search("[\u4e00-\u9fff]{4}.*。", text_of(answer))
    assert not Case.objects.exists()


def _encoded(data):
    """Half a character cannot be sent as text."""
    return {
        k: v.encode("utf-8", "surrogatepass") if isinstance(v, str) and "\ud800" in v else v
        for k, v in data.items()
    }


@pytest.mark.parametrize("where", ["u999999999", "9" * 20])
@pytest.mark.parametrize("name", ["begin", "rate", "file"])
def test_what_is_not_public_cannot_be_written_about(client, cast, where, name):
    args = [where, "complaint"] if name == "file" else [where]
    assert client.get(reverse(f"public_supervision:{name}", args=args)).status_code == 404
    post = reverse("public_supervision:file", args=[f"u{cast.post.pk}", "complaint"])
    assert client.post(post, form()).status_code == 404


def test_open_ratings_stand_apart_and_a_share_needs_thirty(client, cast):
    page = reverse("unit", args=[cast.street.pk])
    for number in range(29):
        services.rate(
            about=cast.community, obligation=None, level="good", token=str(number), today=filing.TODAY
        )
    shown = text_of(client.get(page))
    assert "不计入考评" in shown and "大约29人次" in shown and "（100%）" not in shown
    services.rate(about=cast.street, obligation=None, level="bad", token="x", today=filing.TODAY)
    shown = text_of(client.get(page))
    assert "大约30人次" in shown and "29（97%）" in shown
