"""A reviewer's day without a mouse: the queue, the questions, a reason, a return."""

import pytest
from django.conf import settings
from django.test import Client

from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Justification, Review
from tests import make


class Keyboard:
    """A browser of somebody who has signed in and only has keys; nothing is ever clicked."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text):
        self.page.keyboard.insert_text(text)

    def go(self, *keys):
        """The last of the keys leads to another page."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.page.keyboard.press(keys[-1])


@pytest.fixture
def keyboard(chromium, live_server):
    contexts = []

    def sign_in(user):
        browser = Client()
        browser.force_login(user)
        context = chromium.new_context(base_url=live_server.url, locale="zh-CN")
        contexts.append(context)
        cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto("/desk/reviews/")
        return Keyboard(page)

    yield sign_in
    for context in contexts:
        context.close()


def cleared(user):
    return Review.objects.filter(secrecy_by=user, state="passed").count()


def test_ten_reviews_are_cleared_with_the_keyboard_alone(transactional_db, cast, keyboard):
    told = "值班手机13804520001。"
    promises = [
        make.submitted(cast, title=f"第{n}件承诺", liability=told if n == 1 else "公开说明。")
        for n in range(12)
    ]
    lead = keyboard(cast.lead)
    lead.go("j", "Enter")
    lead.go("y", "Enter")  # the next opens by itself
    lead.press("e", "Tab", "Tab")
    lead.write("窗口公开的号码，不是个人的。")
    lead.go("Control+Enter")
    lead.go("y", "Enter")
    lead.press("n", "Enter", "Tab")
    lead.write("请写明做几处。")
    lead.go("Control+Enter")
    assert Justification.objects.get().reason == "窗口公开的号码，不是个人的。"
    assert make.review_of(promises[2]).return_reason == "请写明做几处。"
    assert Review.objects.filter(first_by=cast.lead).count() == 2
    for promise in (p for n, p in enumerate(promises) if n not in (2, 11)):
        review = make.review_of(promise)
        if review.state == "first":
            GATE.take(review, "pass_first", by=cast.lead)
        GATE.take(review, "pass_second", by=cast.reviewer)
    secrecy = keyboard(cast.secrecy)
    secrecy.go("j", "Enter")
    for number in range(10):
        assert cleared(cast.secrecy) == number
        secrecy.go(*("1", "1", "1", "Enter") if number % 2 else ("s", "1", "1", "1", "y", "Enter"))
    assert cleared(cast.secrecy) == 10
    assert secrecy.page.url.endswith("/desk/reviews/")
    assert "没有等您审查的" in secrecy.page.locator("main").inner_text()
