"""The form on the spot in a real browser of a phone's width: stored as it is answered, and kept while the network is gone."""

import pytest
from django.db import connections
from django.urls import reverse

from longsha_credit.programme.models import VisitPoint
from tests.programme.inspections import making
from tests.web.test_script import STATIC

pytestmark = pytest.mark.browser
SITE = "http://testserver"


@pytest.fixture
def on_the_spot(cast, signed_in, chromium):
    """The inspector's phone before the form of the street: its page, the visit, and `page.down` while nothing gets through."""
    visit = making.begun(cast)
    office = signed_in(cast.reviewer)
    page = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True).new_page()
    page.down, of_the_test = False, connections["default"]

    def respond(route):
        connections["default"] = (
            of_the_test  # the browser's loop would open one of its own, outside the transaction
        )
        asked = route.request
        path = asked.url.removeprefix(SITE).split("#")[0]
        if "/static/" in path:
            name = path.rpartition("/")[2].split(".")[0] + "." + path.rpartition(".")[2]
            return route.fulfill(body=(STATIC / name).read_text(), headers={"content-type": kind_of(name)})
        if page.down:
            return route.abort()
        kind = asked.headers.get("content-type", "")
        headers = {"X-Part": asked.headers["x-part"]} if "x-part" in asked.headers else {}
        answer = office.generic(
            asked.method, path, asked.post_data_buffer or b"", content_type=kind, headers=headers
        )
        return route.fulfill(
            status=answer.status_code, body=answer.content, headers={"content-type": answer["Content-Type"]}
        )

    page.route(f"{SITE}/**", respond)
    page.goto(SITE + reverse("inspections:visit", args=[visit.pk]))
    yield page, visit
    page.context.close()


def kind_of(name):
    return "text/css" if name.endswith("css") else "text/javascript"


def choose(page, number, label):
    page.locator(f"#point-{number} label.choice", has_text=label).first.click()


def said(page, number):
    return page.locator(f"#point-{number} [data-saved]")


def stored(visit, number):
    point = VisitPoint.objects.get(visit=visit, position=number)
    return point.result, point.note


def test_an_answer_is_stored_at_once_and_opens_the_next_step(on_the_spot):
    page, visit = on_the_spot
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("#point-1 label.choice").first.bounding_box()["height"] >= 44
    choose(page, 1, "不符合")
    page.locator("#point-1 textarea").fill("公示过期")
    page.locator("#point-1 textarea").blur()
    for number in (2, 3):
        choose(page, number, "符合")
    page.locator(".next-steps button", has_text="检查完了").wait_for()
    assert [stored(visit, n) for n in (1, 2, 3)] == [("no", "公示过期"), ("yes", ""), ("yes", "")]
    assert page.locator("[data-answered]").inner_text() == "3"


def test_what_is_written_without_a_network_is_told_kept_and_stored_when_it_is_back(on_the_spot):
    page, visit = on_the_spot
    page.down = True
    choose(page, 2, "不符合")
    page.locator("#point-2 textarea").fill("窗口停电")
    page.locator("#point-2 textarea").blur()
    said(page, 2).get_by_text("连不上网络").wait_for()
    page.wait_for_function("!document.querySelector('#point-2 form').dataset.busy")
    assert stored(visit, 2) == ("", "")
    page.down = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    said(page, 2).get_by_text("已存").wait_for()
    assert stored(visit, 2) == ("no", "窗口停电")


def test_what_was_not_stored_is_there_again_after_leaving_the_page(on_the_spot):
    page, visit = on_the_spot
    page.down = True
    choose(page, 3, "不涉及")
    said(page, 3).get_by_text("连不上网络").wait_for()
    page.down = False
    page.reload()
    said(page, 3).get_by_text("已存").wait_for()
    assert stored(visit, 3) == ("na", "")
