"""Every page that can be reached, at phone and desk width and in 长者模式: no fault of axe, nothing cut off."""

import os
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

# Set SCREENSHOTS to a folder to look at the pages with one's own eyes.
SCREENSHOTS = os.environ.get("SCREENSHOTS")
VIOLATIONS = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"
RESIDENTS_SEE, OTHERS_SEE = 2, 1  # pages of one route, so many in different states
NOT_A_PAGE = (
    "public_commitments:letter_file",
    "commitments:national_file",
    "public_file",
    "file",
    "mode",
    "logout",
    "api:schema",
    "api:try",
    "records:export",
    "rectification:export",
    "rectification:slip_word",
    "handovers:document",
)
PHONE, DESK = 360, 1280
# Who opens which part, how wide in which mode: residents in all, the desk's people where their pages differ.
PEOPLE = {
    None: ("/", {"plain": [PHONE, DESK], "elder": [PHONE, DESK]}),
    "street1": ("/desk/", {"plain": [PHONE, DESK]}),
    "secrecy": ("/desk/", {"elder": [PHONE]}),
    "sysadmin": ("/desk/", {"plain": [PHONE, DESK]}),
    "auditor": ("/desk/", {"plain": [PHONE]}),
}


def reachable(page, start, per_route):
    """Addresses below `start` linked from there onwards, so many of each route, breadth first; each is given while
    the page shows it."""
    waiting, seen, found = deque([start]), {}, set()
    while waiting:
        address = waiting.popleft()
        path = urlsplit(address).path
        if not path.startswith(start):
            continue
        try:
            route = resolve(path).view_name
        except Resolver404:
            continue
        if seen.get(route, 0) >= per_route or route in NOT_A_PAGE or address in found:
            continue
        seen[route] = seen.get(route, 0) + 1
        answer = page.goto(address)
        if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        found.add(address)
        waiting.extend(
            page.eval_on_selector_all(
                "a[href]",
                "links => links.filter(a => a.host === location.host).map(a => a.pathname + a.search)",
            )
        )
        yield address


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p or "resident")
def test_every_reachable_page_is_accessible_at_every_width(visitor, portal, person):
    """The first look at a page is the one that finds its links; no script of ours asks how wide the screen is, so a
    page that is open is made wider and not asked for again."""
    start, modes = PEOPLE[person]
    page, addresses, faults = visitor(person), [], []

    def look(mode):
        faults.extend(look_at(page, mode, modes[mode], person or "resident"))

    first, *others = modes
    wear(page, portal, first)
    for address in reachable(page, start, OTHERS_SEE if person else RESIDENTS_SEE):
        addresses.append(address)
        look(first)
    for mode in others:
        wear(page, portal, mode)
        for address in addresses:
            page.goto(address)
            look(mode)
    assert len(addresses) > 1
    assert faults == []


def wear(page, portal, mode):
    page.context.add_cookies([{"name": "mode", "value": mode, "url": portal}])


def look_at(page, mode, widths, person):
    """What is wrong with the page that is open, at each of these widths."""
    assert page.locator("html").get_attribute("data-mode") == mode
    page.evaluate(Axe().axe_script)
    address, found = page.url.partition("//")[2].partition("/")[2], []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        where = f"{person} /{address} {width} {mode}"
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{where}: wider than the screen")
        for violation in page.evaluate(VIOLATIONS):
            found.append(f"{where}: {violation['id']} {violation['nodes'][0]['target']}")
        if SCREENSHOTS:
            name = f"{person}_{address.replace('/', '_').replace('?', '+')[:60]}-{width}-{mode}.png"
            page.screenshot(path=Path(SCREENSHOTS) / name, full_page=True)
    return found


def test_a_printed_promise_shows_the_promise_and_not_the_controls(visitor):
    page = visitor()
    page.goto("/commitments/")
    page.locator("main a[href*='/commitments/9901']").first.click()
    page.emulate_media(media="print")
    assert page.locator(".promise").is_visible()
    assert not page.locator(".site-nav").is_visible()
    assert not page.locator(".site-foot").is_visible()


def test_the_public_pages_read_without_scripts(chromium, portal):
    context = chromium.new_context(java_script_enabled=False, base_url=portal)
    page = context.new_page()
    for address in ("/", "/commitments/", "/units/", "/corrections/"):
        assert page.goto(address).status == 200
        assert page.locator("h1").count() == 1
    context.close()
