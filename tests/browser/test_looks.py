"""Every page that can be reached: no fault of axe, nothing cut off, small, readable large, plain and below a path.

What was looked at is compared with the record that the accessibility statement is made from. One page of each route is
looked at, by axe at one width, in large type for its colours; two of each, and axe at every width, by `make prove`.
"""

import datetime
import gzip
import html
import json
import os
import re
from collections import Counter, deque
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Error as PlaywrightError

from longsha_credit.home.guide import RECORD

# Set SCREENSHOTS to a folder to look at the pages with one's own eyes; RECORD_CHECKS=1 to write the record anew.
SCREENSHOTS, WRITE = os.environ.get("SCREENSHOTS"), os.environ.get("RECORD_CHECKS") == "1"
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
    "inspections:export",
    "inspections:notice_word",
    "handovers:document",
    "calendar_file",
    "education:statistics_export",
    "education:hours_export",
)
PHONE, TABLET, DESK = WIDTHS = (360, 768, 1280)
HEIGHT = 800
LIMIT = 150 * 1024  # bytes of a page's HTML, sheets and scripts, compressed
PEOPLE = ("street1", "secrecy", "sysadmin", "auditor")
AXE = Axe().axe_script
# What asks for no colours, and takes a quarter of the time.
RULES = """axe.run({
  preload: false, resultTypes: ['violations'], rules: {'target-size': {enabled: true}, 'color-contrast': {enabled: false}},
}).then(found => ({
  faults: found.violations.map(fault => fault.id + ' ' + fault.nodes[0].target),
  rules: ['violations', 'passes', 'incomplete', 'inapplicable'].reduce((sum, part) => sum + found[part].length, 0),
}))"""
# The contrast of a text follows from its colour, size and weight and from the grounds it stands on. Each such sort of
# text is asked for until axe has passed one: `passed` are the sorts of the pages before, and it gives those of this page.
COLOURS = """async passed => {
  const grounds = new Map([[null, '']]), sorts = new Map(), before = new Set(passed);
  const groundsOf = part => {
    if (!grounds.has(part)) {
      const look = getComputedStyle(part), drawn = look.backgroundColor !== 'rgba(0, 0, 0, 0)' || look.backgroundImage !== 'none';
      const own = [drawn && look.backgroundColor + look.backgroundImage, look.opacity !== '1' && look.opacity,
        !['static', 'relative'].includes(look.position) && look.position].filter(Boolean);
      grounds.set(part, groundsOf(part.parentElement) + (own.length ? '/' + own : ''));
    }
    return grounds.get(part);
  };
  for (const part of document.body.querySelectorAll('*')) {
    const writes = part.matches('input, select, textarea')
      || Array.from(part.childNodes).some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const box = part.getBoundingClientRect(), seen = part.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
    if (!writes || !seen || box.width < 2 || box.height < 2 || part.matches(':disabled')) { continue; }
    const look = getComputedStyle(part);
    const sort = [look.color, look.fontSize, look.fontWeight, look.textShadow, groundsOf(part)].join(' ');
    if (!before.has(sort)) { sorts.set(part, sort); }
  }
  if (!sorts.size) { return {faults: [], passed: []}; }
  const found = await axe.run({include: Array.from(sorts.keys())},
    {preload: false, elementRef: true, runOnly: ['color-contrast'], resultTypes: ['violations', 'passes']});
  return {
    faults: found.violations.flatMap(fault => fault.nodes.map(node => fault.id + ' ' + node.target)),
    passed: Array.from(new Set(found.passes.flatMap(rule => rule.nodes.map(node => sorts.get(node.element))))).filter(Boolean),
  };
}"""
LINKS = "links => links.filter(a => a.host === location.host).map(a => a.pathname + a.search)"
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')
MODE = "mode => { document.documentElement.dataset.mode = mode; }"
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
NARROWEST = 320  # WCAG 1.4.10; there also with the distances of 1.4.12
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }"
SPREAD = """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = css ? [sheet] : [] }"""
LEADS_OUT = """Array.from(document.querySelectorAll('[href], [src], form[action]'))
  .map(part => new URL(['href', 'src', 'action'].map(name => part.getAttribute(name)).find(text => text !== null), location))
  .filter(url => url.host === location.host && !url.pathname.startsWith('/cxcj/')).map(url => url.pathname)"""
NEEDS_SCRIPT = """[
  ...Array.from(document.querySelectorAll('form'))
    .filter(form => !form.querySelector('button:not([type=button])')).map(form => 'no button: ' + form.outerHTML.slice(0, 80)),
  ...Array.from(document.querySelectorAll('main [hidden]:not([data-print]):not([data-keys-help])'))
    .map(part => 'hidden: ' + part.outerHTML.slice(0, 80)),
  ...(document.querySelectorAll('h1').length === 1 ? [] : ['not one h1']),
  ...(document.querySelector('main').innerText.length > 20 ? [] : ['nothing to read']),
]"""


class Walk:
    """A way through the pages below `start`, as deep as links lead, so many of each route.

    Pages of the routes in `known` were looked at on another way: they are only asked for the links in them.
    """

    def __init__(self, page, start, per_route=1, root="/", known=()):
        self.page, self.start, self.per_route, self.root, self.known = page, start, per_route, root, known
        self.seen, self.faults, self.rules, self.colours = Counter(), [], 0, set()
        self.width = page.viewport_size["width"]
        page.add_init_script(AXE)

    def pages(self):
        """(route, address, answer) of each page, while it is open."""
        waiting, found = deque([self.start]), set()
        while waiting:
            address = waiting.popleft()
            route = self.route_of(address)
            if route is None or self.seen[route] >= self.per_route or address in found:
                continue
            is_known = route in self.known
            try:
                answer = self.page.request.get(address) if is_known else self.page.goto(address)
            except PlaywrightError as problem:
                if "Download is starting" in str(problem):
                    continue
                raise
            found.add(address)
            if answer.status >= 500:
                self.faults.append(f"{address}: {answer.status}")
            if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            if (
                urlsplit(answer.url).path != urlsplit(address).path
            ):  # led on: what is there is looked at by itself
                waiting.append(urlsplit(answer.url)._replace(scheme="", netloc="").geturl())
                continue
            self.seen[route] += 1
            if is_known:
                links = (urljoin(address, html.unescape(link)) for link in LINK.findall(answer.text()))
                waiting.extend(link for link in links if link.startswith("/"))
                continue
            waiting.extend(self.page.eval_on_selector_all("a[href]", LINKS))
            self.where = address
            yield route, address, answer

    def route_of(self, address):
        path = urlsplit(address).path
        if not path.startswith(self.start):
            return None
        try:
            route = resolve("/" + path[len(self.root) :]).view_name
        except Resolver404:
            return None
        return None if route in NOT_A_PAGE else route

    def says(self, *faults):
        self.faults += [f"{self.where}: {fault}" for fault in faults]

    def look(self, *widths, axe_at=(), colours_at=DESK, elder=False):
        """Nothing wider than the screen at these widths; the rules of axe at `axe_at`, its colours at `colours_at`."""
        assert self.page.locator("html").get_attribute("data-mode") == ("elder" if elder else "plain")
        for width in self.there_and_back(widths):
            self.fits(f"wider than {width}")
            if width in axe_at:
                found = self.page.evaluate(RULES)
                self.rules = max(self.rules, found["rules"] + 1)  # that of the colours
                self.says(*(f"{width} {fault}" for fault in found["faults"]))
            if width == colours_at:
                found = self.page.evaluate(COLOURS, sorted(self.colours))
                self.colours.update(found["passed"])
                self.says(*(f"{width} {fault}" for fault in found["faults"]))
            if width == NARROWEST:
                self.page.evaluate(SPREAD, SPACED)
                self.fits(f"wider than {width} when spread")
                self.page.evaluate(SPREAD, "")
            if width == PHONE and not elder:
                self.page.evaluate(MODE, "elder")
                self.fits(f"wider than {width} in large type")
                self.page.evaluate(MODE, "plain")
            if SCREENSHOTS:
                name = self.where.strip("/").replace("/", "_").replace("?", "+")[:60] or "front"
                name = f"{name}-{width}-{'elder' if elder else 'plain'}.png"
                self.page.screenshot(path=Path(SCREENSHOTS) / name, full_page=True)

    def there_and_back(self, widths):
        """One after the other, from that in which the last page was left: each change draws the page anew."""
        for width in sorted(widths, reverse=self.width == max(widths)):
            if width != self.width:
                self.page.set_viewport_size({"width": width, "height": HEIGHT})
                self.width = width
            yield width

    def fits(self, otherwise):
        if self.page.evaluate(TOO_WIDE):
            self.says(otherwise)


def test_every_public_page_is_accessible_and_small_at_every_width(visitor, portal):
    walk, sizes = Walk(visitor(), "/"), {}
    for route, _, answer in walk.pages():
        if walk.route_of("/desk/") == route:
            continue
        walk.look(NARROWEST, *WIDTHS, axe_at=[DESK])
        if (weight := weigh(walk.page, answer, sizes)) > LIMIT:
            walk.says(f"{weight} bytes")
    assert walk.faults == []
    assert_recorded(public=sorted(walk.seen), widths=list(WIDTHS), rules=walk.rules, axe=axe_version())


def test_every_public_page_reads_large_without_scripts_below_a_path(visitor, mounted):
    """In 长者模式, with no script of ours, mounted under /cxcj/: `visitor` fails on any request that leaves it."""
    page = visitor(at=mounted, elder=True)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setBlockedURLs", {"urls": ["*.js"]})
    walk = Walk(page, "/cxcj/", root="/cxcj/")
    for _ in walk.pages():
        walk.look(PHONE, DESK, colours_at=PHONE, elder=True)
        walk.says(*(f"leads out: {path}" for path in page.evaluate(LEADS_OUT)), *page.evaluate(NEEDS_SCRIPT))
        if page.locator(".site-tools a").all_inner_texts()[:2] != ["退出长者模式", "帮助"]:
            walk.says("help is elsewhere")
    assert walk.faults == []
    assert_recorded(without_scripts=sorted(walk.seen))


def test_every_page_of_the_desk_is_accessible_at_every_width(visitor, portal):
    """A page that several people see is looked at once; each of them is led as far as links lead."""
    looked_at, faults, record = set(), [], {}
    for person in PEOPLE:
        walk = Walk(visitor(person), "/desk/", known=looked_at)
        for _ in walk.pages():
            walk.look(PHONE, DESK, axe_at=[DESK])
        faults += walk.faults
        looked_at |= set(walk.seen)
        record[person] = sorted(walk.seen)
    assert faults == []
    assert_recorded(**record)


@pytest.mark.prove
@pytest.mark.parametrize("elder", [False, True])
@pytest.mark.parametrize("person", [None, *PEOPLE])
def test_two_pages_of_every_route_are_accessible_at_every_width(visitor, portal, person, elder):
    """In different states, for everybody who sees them, in both modes."""
    start = "/desk/" if person else "/"
    walk = Walk(visitor(person, elder=elder), start, per_route=2)
    for _ in walk.pages():
        walk.look(NARROWEST, *WIDTHS, axe_at=WIDTHS, elder=elder)
    assert walk.faults == []
    print(f"{person or 'the public'}: {sum(walk.seen.values())} pages of {len(walk.seen)} routes")


def weigh(page, answer, sizes):
    """Bytes of the page with its sheets and scripts, compressed as a server sends them."""
    parts = page.eval_on_selector_all(
        "link[rel=stylesheet], script[src]", "all => all.map(part => part.href || part.src)"
    )
    for part in parts:
        if part not in sizes:
            sizes[part] = len(gzip.compress(page.request.get(part).body()))
    return len(gzip.compress(answer.body())) + sum(sizes[part] for part in parts)


def axe_version():
    return AXE.split("axe v", 1)[1].split("\n", 1)[0].strip()


def assert_recorded(**seen):
    """The statement speaks of what was looked at, and of nothing else."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    if WRITE:
        record |= seen | {"checked_on": datetime.date.today().isoformat()}  # noqa: DTZ011
        RECORD.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert {name: record.get(name) for name in seen} == seen, (
        f"{RECORD.name} says something else: run tests/browser/test_looks.py with RECORD_CHECKS=1 and commit it"
    )


def test_a_printed_promise_shows_the_promise_and_not_the_controls(visitor):
    page = visitor()
    page.goto("/commitments/")
    page.locator("main a[href*='/commitments/9901']").first.click()
    page.locator(".promise").wait_for()
    page.emulate_media(media="print")
    assert page.locator(".promise").is_visible()
    assert not page.locator(".site-nav").is_visible()
    assert not page.locator(".site-foot").is_visible()
    page.goto("/units/")
    page.locator("main a.unit-name").first.click()
    page.locator("details.fold").first.wait_for()
    folds = page.locator("details.fold > .fold-body")
    shown = folds.evaluate_all("all => all.map(body => body.checkVisibility({contentVisibilityAuto: true}))")
    assert len(shown) > 1
    assert all(shown)
