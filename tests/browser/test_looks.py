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
PER_ROUTE = 2
PHONE, DESK, ELDER_PHONE, ELDER_DESK = (360, False), (1280, False), (360, True), (1280, True)
# Who opens which part, and in which sizes: residents in all, the desk's people where their pages differ.
PEOPLE = {
    None: ("/", [PHONE, DESK, ELDER_PHONE, ELDER_DESK]),
    "street1": ("/desk/", [PHONE, DESK]),
    "secrecy": ("/desk/", [ELDER_PHONE]),
    "sysadmin": ("/desk/", [PHONE, DESK]),
    "auditor": ("/desk/", [PHONE]),
}


def reachable(page, start):
    """Addresses below `start` linked from there onwards, at most PER_ROUTE of each route, breadth first."""
    waiting, seen, found = deque([start]), {}, []
    while waiting:
        address = waiting.popleft()
        path = urlsplit(address).path
        if not path.startswith(start):
            continue
        try:
            route = resolve(path).view_name
        except Resolver404:
            continue
        if (
            seen.get(route, 0) >= PER_ROUTE
            or route
            in (
                "public_file",
                "file",
                "mode",
                "logout",
                "api:schema",
                "api:try",
                "records:export",
                "rectification:export",
                "rectification:slip_word",
            )
            or address in found
        ):
            continue
        seen[route] = seen.get(route, 0) + 1
        answer = page.goto(address)
        if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        found.append(address)
        waiting.extend(
            page.eval_on_selector_all(
                "a[href]",
                "links => links.filter(a => a.host === location.host).map(a => a.pathname + a.search)",
            )
        )
    return found


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p or "resident")
def test_every_reachable_page_is_accessible_at_every_width(visitor, person):
    start, sizes = PEOPLE[person]
    page = visitor(person)
    addresses = reachable(page, start)
    assert len(addresses) > 1
    faults = []
    origin = page.evaluate("location.origin")
    for width, elder in sizes:
        page.set_viewport_size({"width": width, "height": 800})
        page.context.add_cookies([{"name": "mode", "value": "elder" if elder else "plain", "url": origin}])
        for address in addresses:
            page.goto(address)
            assert page.locator("html").get_attribute("data-mode") == ("elder" if elder else "plain")
            faults += look_at(page, address, width, elder, person)
    assert faults == []


def look_at(page, address, width, elder, person):
    where = f"{person or 'resident'} {address} {width}{' elder' if elder else ''}"
    found = []
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{where}: wider than the screen")
    for violation in Axe().run(page).response["violations"]:
        found.append(f"{where}: {violation['id']} {violation['nodes'][0]['target']}")
    if SCREENSHOTS:
        name = f"{person or 'resident'}{address.replace('/', '_').replace('?', '+')[:60]}-{width}{'-elder' if elder else ''}.png"
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
