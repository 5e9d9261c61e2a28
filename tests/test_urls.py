"""Every address, every method, as everybody: a stranger, each role, the other street; never an error of ours."""

import copy
import re
import sys
from http.cookies import SimpleCookie
from types import ModuleType

import pytest
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from longsha_credit import urls
from tests import lists_out, make
from tests.audit.rules import rows_of_everything
from tests.url_table import EVERYBODY, SIGNED_IN, TABLE, names, values
from tests.url_table.nobodys import NOBODYS, THINGS

pytestmark = pytest.mark.usefixtures("menu_counted_once")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CHINESE = re.compile("[\u4e00-\u9fff]{4}.*。")


def test_every_address_stands_in_the_table_and_nothing_else_does():
    found = list(names())
    assert sorted(found) == sorted(TABLE)
    assert len(found) > 35


def test_an_address_nobody_listed_is_noticed():
    planted = ModuleType("planted_urls")
    view = login_not_required(lambda request: HttpResponse())
    below = ([path("quiet/", view)], "app")
    planted.urlpatterns = [
        *urls.urlpatterns,
        path("backdoor/", view, name="backdoor"),
        path("x/", include(below)),
    ]
    sys.modules["planted_urls"] = planted
    try:
        assert set(names("planted_urls")) - TABLE.keys() == {"backdoor", "app:quiet/ (no name)"}
    finally:
        del sys.modules["planted_urls"]


def test_the_table_knows_the_whole_cast(cast):
    people = {name for name, value in vars(cast).items() if isinstance(value, make.User)}
    assert people == SIGNED_IN


OF_THE_DISTRICT = {
    "own_round",
    "candidates_shown",
    "annual",
    "2026",
    "official_template",
    "slip_kind",
    "records",
    "national",
    "commitments",
    "topic_proposal",
}
# every unit reads rounds and years, and brings in tables of every kind; the templates are the district's


def test_nothing_of_the_street_is_open_to_the_other_street():
    other = {"other_clerk", "other_lead"}
    scoped = [address for address in TABLE.values() if address.scoped]
    assert len(scoped) > 15
    assert all(not other & (address.opens | address.told) for address in scoped)
    named = [
        it for it in TABLE.values() if it.args and it.opens != EVERYBODY and not it.by_token
    ]  # a token's owner reads the own drafts: tests/api/test_drafts.py
    assert all(address.scoped or address.args.split()[0] in OF_THE_DISTRICT for address in named)


@pytest.fixture(scope="module", autouse=True)
def files_of_this_test(module_things):
    """Files are opened where the module's own things put them."""


@pytest.fixture(scope="module")
def signed_in_once(module_things):
    """What everybody's browser keeps of having signed in; `stranger` has not."""
    found = {"stranger": SimpleCookie()}
    for name in SIGNED_IN:
        browser = Client()
        browser.force_login(getattr(module_things, name))
        found[name] = browser.cookies
    return found


@pytest.fixture
def c(module_things, db):
    """The things the addresses are about: the tests only read the objects, and their rows come back."""
    return module_things


@pytest.fixture(scope="module", autouse=True)
def known_once():
    """Who a browser's cookie stands for is looked up once, and not for each of ten thousand requests."""
    people = {}

    def known(request, look_up=auth.get_user):
        cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if cookie not in people:
            people[cookie] = look_up(request)
            getattr(people[cookie], "current_memberships", None)  # read along with it
        return copy.copy(people[cookie])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auth, "get_user", known)
        yield


class Browsers(dict):
    """Everybody's browser, opened when it is asked for; the portal's errors show as a 500, as they would to people."""

    def __missing__(self, who):
        browser = self[who] = Client(raise_request_exception=False)
        browser.cookies = SimpleCookie({key: it.value for key, it in self.signed_in[who].items()})
        return browser


@pytest.fixture
def browsers(signed_in_once, db):
    found = Browsers()
    found.signed_in = signed_in_once
    return found


@pytest.fixture(scope="module")
def rows_before(signed_in_once):
    """The rows as each test finds them: what it does itself is undone."""
    return {but: rows_of_everything(but=but) for but in ("", "audit.Entry")}


MAY_WRITE = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY|CALL|DO|EXECUTE)\b", re.IGNORECASE)


@pytest.fixture
def written(browsers):
    """The statements that may have written a row: where there is none, no row has to be counted."""
    found = []

    def listen(execute, sql, *more):
        if MAY_WRITE.search(sql):
            found.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(listen), pytest.MonkeyPatch.context() as patch:
        # nobody looks at what a template was given: it need not be copied for each of them
        patch.setattr("django.test.client.store_rendered_templates", lambda *_, **__: None)
        yield found


@pytest.fixture(autouse=True)
def plain_not_found(monkeypatch):
    """What is not there is told without the page around it, which takes half of the time."""
    monkeypatch.setattr(urls, "handler404", lambda request, exception: HttpResponse(status=404))


def rows(address=None):
    """How many rows every table has; without the entries where looking leaves one."""
    return rows_of_everything(but="audit.Entry" if address and address.logged else "")


def ask(browser, method, url):
    """One request, sent as a page of ours would send it."""
    if method == "POST":
        return browser.post(url, {"csrfmiddlewaretoken": "x"})
    return browser.generic(method, url)


PUBLIC = {"stranger", "clerk", "outsider"}  # a page for everybody asks nobody who they are


def methods_for(who, address):
    """What `who` asks: every method the address takes; one of each kind of people also the others."""
    if address.opens == EVERYBODY and who not in PUBLIC:
        return ()
    groups = (address.opens & PUBLIC, address.told, EVERYBODY - address.opens - address.told, address.opens)
    one_of_each = {min(group - {"stranger"}) for group in groups if group - {"stranger"}}
    return METHODS if who in {"stranger"} | one_of_each else address.methods.split()


def ask_and_undo(browser, method, url, written):
    so_far = len(written)
    with transaction.atomic():
        response = ask(browser, method, url)
        transaction.set_rollback(True)
    del written[so_far:]
    return response


@pytest.mark.parametrize("name", TABLE)
def test_it_opens_to_those_in_the_table_and_to_nobody_else(c, browsers, rows_before, written, name):
    address, asked = TABLE[name], 0
    url = reverse(name, args=values(address, c))
    for who in EVERYBODY:
        browser = browsers[who]
        for method in methods_for(who, address):
            asked += 1
            where = f"{method} {name} as {who}"
            if address.by_token:
                assert ask(browser, method, url).status_code == 401, where
                continue
            if who in address.opens and method != "GET" and method in address.methods.split():
                response = ask_and_undo(browser, method, url, written)
                assert response.status_code in (200, 302, 422), where
                continue
            response = ask(browser, method, url)
            where += f": {response.status_code}"
            if who == "stranger" and "stranger" not in address.opens:
                assert (response.status_code, response.url) == (302, f"{reverse('login')}?next={url}"), where
            elif method not in address.methods.split():
                assert response.status_code == 405, where
            elif method == "GET" and address.leads_on and who in address.opens | address.told:
                assert response.status_code == 302, where
                assert not response.url.startswith(reverse("login")), where
            elif who in address.told:
                assert_told_why(response, where)
            elif who not in address.opens:
                assert response.status_code == 404, where
            else:
                assert response.status_code == 200, where
    people, taken = len(PUBLIC if address.opens == EVERYBODY else EVERYBODY), len(address.methods.split())
    assert asked >= people * taken + 2 * (len(METHODS) - taken)
    if written:
        assert rows(address) == rows_before["audit.Entry" if address.logged else ""]


def assert_told_why(response, where):
    assert response.status_code == 302, where
    assert not response.url.startswith(reverse("login")), where
    sentences = [str(message) for message in get_messages(response.wsgi_request)]
    assert sentences, where
    assert all(CHINESE.search(sentence) for sentence in sentences), where


@pytest.mark.parametrize("name", [name for name, address in TABLE.items() if address.args])
def test_what_never_was_is_not_found(browsers, name):
    """An id that does not exist answers as one of the other street does."""
    address = TABLE[name]
    parts = [2_147_483_000 if word in THINGS else NOBODYS.get(word, word) for word in address.args.split()]
    url = reverse(name, args=parts)
    methods = [m for m in ("GET", "POST") if m in address.methods.split()]
    for who in ("sysadmin", "lead", "reviewer", "other_lead"):
        for method in methods:
            code = 401 if address.by_token else 404
            assert ask(browsers[who], method, url).status_code == code, f"{method} {name} as {who}"


@pytest.mark.parametrize("name", [n for n, a in TABLE.items() if a.args and a.scoped])
def test_an_id_too_large_for_the_database_is_not_found(browsers, name):
    address = TABLE[name]
    parts = [10**30 if word in THINGS else word for word in address.args.split()]
    method = address.methods.split()[0]
    assert ask(browsers["sysadmin"], method, reverse(name, args=parts)).status_code == 404


def test_an_unknown_or_a_hidden_step_has_no_address(c, browsers):
    """Steps that only another step's effect takes cannot be taken from outside, whatever the role."""
    before = rows()
    for name, row, steps in (
        ("commitments:step", c.promise, ("gate_pass", "gate_return", "nonsense", "%00")),
        ("commitments:amendment_step", c.amendment, ("gate_pass", "gate_return", "nonsense")),
        ("commitments:progress_step", c.report, ("gate_pass", "gate_return", "nonsense")),
        ("reviews:step", c.review, ("recall", "nonsense")),
        ("records:step", c.record, ("take_effect", "overturn", "correct", "repair", "expire", "nonsense")),
        ("records:notice_step", c.record_notice, ("gate_pass", "gate_return", "end", "replace", "nonsense")),
        ("records:objection_step", c.objection, ("drop", "nonsense")),
        ("records:repair_step", c.repair, ("drop", "nonsense")),
        ("scenes:step", c.scene, ("gate_pass", "gate_return", "nonsense")),
        ("scenes:revision_step", c.scene_revision, ("gate_pass", "nonsense")),
        ("scenes:month_step", c.scene_month, ("gate_pass", "nonsense")),
        ("demonstration:step", c.own_application, ("publicise", "unpublicise", "award", "nonsense")),
        ("demonstration:cycle_step", c.own_round, ("nonsense",)),
        ("demonstration:notice_step", c.candidates_draft, ("gate_pass", "gate_return", "nonsense")),
        ("demonstration:award_step", c.award_draft, ("gate_pass", "gate_return", "nonsense")),
        ("demonstration:objection_step", c.objected, ("nonsense",)),
        ("contests:step", c.contest, ("gate_pass", "gate_return", "finish", "nonsense")),
        ("contests:result_step", c.contest_result, ("gate_pass", "gate_return", "nonsense")),
        ("contests:revision_step", c.contest_revision, ("gate_pass", "gate_return", "nonsense")),
        ("contests:question_step", c.question_draft, ("give_way", "nonsense")),
        ("inspections:step", c.inspection, ("nonsense",)),
        ("inspections:visit_step", c.visit_planned, ("end_with", "nonsense")),
        ("inspections:finding_step", c.finding_draft, ("issue", "nonsense")),
        ("education:step", c.activity, ("nonsense",)),
        ("facts:step", c.snapshot, ("finish", "nonsense")),
        ("education:sheet_step", c.activity_sheet, ("gate_pass", "gate_return", "replace", "nonsense")),
        ("education:edition_step", c.edition_draft, ("gate_pass", "gate_return", "replace", "nonsense")),
        ("education:hours_step", c.hours_entered, ("nonsense",)),
        ("rectification:step", c.clue, ("nonsense",)),
        ("rectification:sheet_step", c.ledger_sheet, ("gate_pass", "gate_return", "replace", "nonsense")),
        ("rectification:progress_step", c.ledger_progress, ("gate_pass", "gate_return", "nonsense")),
        ("rectification:postponement_step", c.postponement, ("drop", "nonsense")),
        ("rectification:sweep_step", c.sweep, ("nonsense",)),
        ("handovers:step", c.handover, ("nonsense", "start")),
        ("handovers:paper_step", c.signed, ("nonsense",)),
    ):
        for step in steps:
            for who in ("clerk", "lead", "reviewer", "secrecy"):
                response = ask(browsers[who], "POST", reverse(name, args=[row.pk, step]))
                assert response.status_code == 404, f"{name} {step} {who}"
    assert rows() == before


def test_a_form_from_another_site_is_refused(c):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(c.clerk)
    before = rows()
    for name, address in TABLE.items():
        if "POST" in address.methods:
            code = 401 if address.by_token else 403
            assert browser.post(reverse(name, args=values(address, c))).status_code == code, name
    assert rows() == before


def asked_by(name):
    """Who of those that a list opens to sees most; hours by name only those who keep them."""
    known = ("clerk",) if name == "education:hours" else ("office", "clerk", "sysadmin", "auditor")
    return next(who for who in (*known, *sorted(TABLE[name].opens)) if who in TABLE[name].opens)


def test_every_list_of_the_desk_goes_out_as_the_rows_it_shows(c, browsers):
    """As CSV and XLSX, whole and in one of its views; what does not go out stands with its reason."""
    named = [
        name for name, it in TABLE.items() if it.opens - {"stranger"} == it.opens and "GET" in it.methods
    ]
    found, kept, full, wrong = [name for name in named if lists_out.is_a_list(name, c)], set(), 0, []
    for name in found:
        browser, url = browsers[asked_by(name)], reverse(name, args=values(TABLE[name], c))
        page = browser.get(url)
        if name in lists_out.STAY:
            kept.add(name)
            continue
        for asked in ("", *lists_out.views(page.content.decode())[1:2]):
            shown = browser.get(url + asked)
            if shown.context.get("page") is None:
                wrong.append(f"{name}{asked}: no page")
                continue
            total, out = shown.context["page"].total, lists_out.links(shown.content.decode())
            full += bool(total)
            if not total:
                continue
            if set(out) != {"csv", "xlsx"}:
                wrong.append(f"{name}{asked}: not both forms {sorted(out)}")
            elif (number := lists_out.number_of_rows(browser.get(out["csv"]))) != total:
                wrong.append(f"{name}{asked}: shows {total}, gives {number}")
            elif not browser.get(out["xlsx"]).streaming:
                wrong.append(f"{name}{asked}: no workbook")
    assert wrong == []
    assert kept == set(lists_out.STAY)
    assert len(found) > 35 and full > 40
