"""The script of the answering page in a real browser: what the server has not confirmed stays in the browser and is sent again."""

import json
import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from longsha_credit.programme.models import Attempt, PaperQuestion, Question

SITE = "http://portal.test"
SCRIPT = settings.BASE_DIR / "longsha_credit" / "web" / "static" / "web" / "contest.js"

pytestmark = pytest.mark.browser


def markup(number):
    """The part of the page that the script works on, from the portal's own template."""
    question = Question(kind="single", text=f"第{number}题？", options=["一", "二", "三"])
    at = {
        "number": number, "question": question, "item": PaperQuestion(points=5), "choice": "", "version": 0,
    }  # fmt: skip
    ways = {"hand_in": "/hand-in/", "mine": "/mine/"}
    context = {
        "attempt": Attempt(pk=7), "at": at, "asked": [at, at], "ways": ways, "left": 600,
        "rows": [({"number": n, "choice": ""}, f"/answer/{n}/") for n in (1, 2)],
    }  # fmt: skip
    html = render_to_string("programme/contests/_question.html", context)
    html = re.sub(r'<script src="[^"]*"', '<script src="/contest.js"', html)
    return html.replace(
        "<form ", '<form data-x><input type="hidden" name="csrfmiddlewaretoken" value="t"></form><form ', 1
    )


@pytest.fixture
def page(chromium):
    """A page of a site that confirms, loses or refuses answers as `page.server` says."""
    page = chromium.new_context().new_page()
    page.server, page.got, page.version = "saves", [], 0

    def respond(route):
        path = route.request.url.removeprefix(SITE)
        if path == "/contest.js":
            return route.fulfill(body=SCRIPT.read_text(), content_type="text/javascript")
        if route.request.method != "POST":
            number = int(path.split("/")[2]) if path.startswith("/answer/") else 1
            body = markup(number) if path.startswith("/answer/") else "<p>别的一页</p>"
            return route.fulfill(
                body=f"<!doctype html><meta charset=utf-8>{body}", content_type="text/html; charset=utf-8"
            )
        if page.server == "is away":
            return route.abort()
        page.got.append((path, route.request.post_data))
        if page.server == "is over":
            told = {"saved": False, "code": "state", "why": "答题时间到了，这一题没有记下。"}
            return route.fulfill(status=409, body=json.dumps(told), content_type="application/json")
        if page.server == "has forgotten us":
            return route.fulfill(status=403, body="<p>403</p>", content_type="text/html")
        page.version += 1
        told = {"saved": True, "version": page.version, "at": "10:31:05"}
        return route.fulfill(body=json.dumps(told), content_type="application/json")

    page.route(f"{SITE}/**", respond)
    yield page
    page.context.close()


def says(page, text):
    page.wait_for_selector(f"[data-said]:has-text('{text}')", timeout=8000)


def test_an_answer_is_sent_as_it_is_chosen_and_said_to_be_saved(page):
    page.goto(f"{SITE}/answer/1/")
    page.check("[value=B]")
    says(page, "已保存 10:31:05")
    assert [path for path, _ in page.got] == ["/answer/1/"]
    assert "choice=B" in page.got[0][1] and "seen" not in page.got[0][1]
    page.click("text=保存，下一题")
    page.wait_for_url(f"{SITE}/answer/2/")


def test_without_a_line_it_says_so_keeps_the_answer_and_sends_it_when_the_line_is_back(page):
    page.goto(f"{SITE}/answer/1/")
    page.server = "is away"
    page.check("[value=C]")
    says(page, "未保存")
    page.click("text=保存，下一题")
    page.wait_for_timeout(300)
    assert page.url == f"{SITE}/answer/1/"  # not onwards with an answer nobody has
    page.server = "saves"
    says(page, "已保存")
    assert "seen=0" in page.got[-1][1]


def test_what_was_not_saved_survives_the_closed_page_and_is_sent_from_another_question(page):
    page.goto(f"{SITE}/answer/1/")
    page.server = "is away"
    page.check("[value=B]")
    says(page, "未保存")
    page.server = "saves"
    page.goto(f"{SITE}/answer/2/")
    page.wait_for_selector("[data-of='1']:has-text('已答')")
    assert [path for path, _ in page.got] == ["/answer/1/"]


@pytest.mark.parametrize(
    ("server", "said", "waits"),
    [("is over", "答题时间到了", "null"), ("has forgotten us", "重新登录", "choice")],
)
def test_a_refusal_is_told_in_its_words_and_only_a_lost_answer_waits(page, server, said, waits):
    page.goto(f"{SITE}/answer/1/")
    page.server = server
    page.check("[value=A]")
    says(page, said)
    assert waits in str(page.evaluate("localStorage.getItem('answers:7')") or "null")
