"""Who complains is found nowhere, and the complaint itself not by the unit it is about."""

import logging
import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from commitments.models import Case, CaseSecret
from commitments.supervision import services, vault
from commitments.supervision.flows import OPENING
from longsha_credit.audit.models import Entry
from longsha_credit.deadlines.digests import send_digests
from longsha_credit.deadlines.models import Deadline, Notification
from longsha_credit.deadlines.sending import send_due
from longsha_credit.directory.models import Membership
from longsha_credit.directory.roles import Role
from tests import make
from tests.deadlines.test_digests import post  # noqa: F401 - a fixture: a real mail server
from tests.supervision import filing
from tests.url_table import TABLE, values

pytestmark = pytest.mark.usefixtures("menu_counted_once")
ADDRESS = "203.0.113.77"
SECRETS = (filing.NAME, filing.PHONE, filing.SENTENCE)


@pytest.fixture(autouse=True)
def counters():
    cache.clear()


@pytest.fixture
def resident():
    return Client(REMOTE_ADDR=ADDRESS)


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]+)"', response.content.decode())[1]


def file_by_form(browser, unit, kind="complaint"):
    """What a resident types on a phone; gives the query code and the pass phrase of the receipt."""
    url = reverse("public_supervision:file", args=[f"u{unit.pk}", kind])
    token = hidden(browser.get(url), "token")
    sent = {"token": token, "words": filing.SENTENCE, "name": filing.NAME, "contact": filing.PHONE}
    shown = browser.post(url, sent)
    assert shown.status_code == 200, shown.content.decode()
    found = re.findall(r"<b>([^<]+)</b>", shown.content.decode())
    return found[0].replace(" ", ""), found[1].replace(" ", "")


def whole_life(c, resident, signed_in):
    """Filed, read, sent on, the identity opened, replied, not satisfied, handled again, rated: all through the pages."""
    pair = dict(zip(("code", "phrase"), file_by_form(resident, c.community), strict=True))
    it = Case.objects.get()
    clerk, lead, unit = signed_in(c.clerk), signed_in(c.lead), signed_in(c.community_clerk)
    reviewer, office = signed_in(c.reviewer), signed_in(c.office)

    def step(browser, name, **data):
        answer = browser.post(reverse("supervision:step", args=[it.pk, name]), data)
        assert answer.status_code == 302, answer.content.decode()

    step(clerk, "accept")
    assert filing.SENTENCE in clerk.post(reverse("supervision:words", args=[it.pk])).content.decode()
    text = {"text": "请说明照明设施的巡查安排。", "checked": "on"}
    assert clerk.post(reverse("supervision:send_slip", args=[it.pk]), text).status_code == 302
    slip = it.slips.get()
    unit.post(reverse("supervision:slip_step", args=[slip.pk, "answer"]), {"answer": "每周巡查。"})
    clerk.post(reverse("supervision:identity", args=[it.pk]), {"reason": "需要到现场核对"})
    opening = it.openings.get()
    lead.post(reverse("supervision:opening_step", args=[opening.pk, "grant"]))
    shown = clerk.post(reverse("supervision:opening_step", args=[opening.pk, "open"])).content.decode()
    assert filing.NAME in shown and filing.PHONE in shown
    step(clerk, "propose", finding="true", reply=filing.REPLY)
    step(lead, "approve")
    assert filing.REPLY in resident.post(reverse("public_supervision:track"), pair).content.decode()
    resident.post(reverse("public_supervision:answer"), {**pair, "level": "bad"})
    step(reviewer, "repropose", finding="partly", reply="区里已到现场复查。")
    step(office, "reapprove")
    resident.post(reverse("public_supervision:answer"), {**pair, "level": "good"})
    it.refresh_from_db()
    assert (it.state, it.closing, it.rounds) == ("closed", "satisfied", 2)
    return it, pair


def tables_with(*words):
    """Every table that has one of the words in clear in any column; sessions are read as Django reads them."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for word in words:
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE position(%s IN t::text) > 0', [word])
                found += [(table, word)] * cursor.fetchone()[0]
    for session in Session.objects.all():
        found += [("session", word) for word in words if word in str(session.get_decoded())]
    return found


def elsewhere_with(caplog, letters, *words):
    """The same for stored files, the log, the mails and Redis."""
    found = []
    for path in settings.MEDIA_ROOT.rglob("*"):
        if path.is_file():
            found += [(path.name, word) for word in words if word.encode() in path.read_bytes()]
    found += [("log", word) for word in words if word in caplog.text]
    for _, message in letters:
        text = str(message["Subject"]) + message.get_content()
        found += [("mail", word) for word in words if word in text]
    redis = cache._cache.get_client()
    for key in redis.scan_iter("*"):
        kept = key + (redis.get(key) if redis.type(key) == b"string" else b"")
        found += [("redis", word) for word in words if word.encode() in kept]
    return found


def test_after_its_whole_life_nothing_of_a_complaint_stands_anywhere_in_clear(
    cast,
    resident,
    signed_in,
    caplog,
    post,  # noqa: F811
):
    letters = post(True)
    caplog.set_level(logging.DEBUG)
    for person in (cast.clerk, cast.lead, cast.community_clerk, cast.reviewer, cast.office):
        type(person).objects.filter(pk=person.pk).update(email=f"{person.username}@example.test")
    _, pair = whole_life(cast, resident, signed_in)
    late = filing.slip(cast, filing.accepted(cast)).case
    send_due(today=make.soon(30))
    send_digests()
    assert len(letters.taken) >= 3 and any(late.number in str(m.get_content()) for _, m in letters.taken)
    words = (*SECRETS, filing.REPLY, pair["code"], pair["phrase"], ADDRESS)
    assert tables_with(*words) == []
    assert elsewhere_with(caplog, letters.taken, *words) == []
    secret = CaseSecret.objects.first()
    assert vault.open_sealed(secret.words, f"case:{secret.case_id}:words") == filing.SENTENCE


def test_the_search_would_have_found_it(cast, caplog):
    it = filing.case(cast)
    Entry.objects.create(actor_name="x", object_kind="x", object_id="1", object_label=filing.NAME, step="x")
    logging.getLogger("x").warning("said: %s", filing.SENTENCE)
    cache.set("x", filing.PHONE)
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    (settings.MEDIA_ROOT / "x").write_text(filing.NAME)
    assert tables_with(filing.NAME) == [("audit_entry", filing.NAME)]
    assert {place for place, _ in elsewhere_with(caplog, [], *SECRETS)} == {"log", "redis", "x"}
    assert tables_with(it.number) != []


def test_each_reading_and_each_opening_stands_in_the_entries_and_a_resident_leaves_no_address(
    cast, resident, signed_in
):
    it, _ = whole_life(cast, resident, signed_in)
    steps = list(Entry.objects.about(it).order_by("id").values_list("step", "actor_name", "from_address"))
    assert [(step, name) for step, name, _ in steps] == [
        ("file", "系统"),
        ("accept", "周岚"),
        ("read", "周岚"),
        ("send_slip", "周岚"),
        ("propose", "周岚"),
        ("approve", "李主任"),
        ("again", "系统"),
        ("repropose", "韩叙"),
        ("reapprove", "区办"),
        ("close", "系统"),
    ]
    assert {address for _, name, address in steps if name == "系统"} == {""}
    assert {address for _, name, address in steps if name != "系统"} == {"127.0.0.1"}
    opening = it.openings.get()
    named = Entry.objects.about(opening).order_by("id").values_list("step", "actor_name", "reason")
    assert list(named) == [
        ("ask", "周岚", "需要到现场核对"),
        ("grant", "李主任", ""),
        ("open", "周岚", ""),
    ]


@pytest.fixture
def target_people(cast):
    return people_complained_of(cast)


def people_complained_of(cast):
    """Everybody of the community complained of: its clerk, its lead, and a clerk of the street who sits there too."""
    lead = make.user("community_lead", Role.LEAD, cast.community, name="社区书记")
    both = make.user("both", Role.LEAD, cast.street, name="兼职")
    Membership.objects.create(
        user=both, organisation=cast.community, role=Role.CLERK, started_on=make.LONG_AGO
    )
    return [cast.community_clerk, lead, both]


def seen_by(browser, c, public=True):
    """Every address of the table a browser can open, with what it shows.

    Where many lead on to one page it is opened once; what they say of a refusal stands on the page that is opened next.
    """
    led_to = set()
    for name, address in TABLE.items():
        if "GET" not in address.methods.split() or name in ("logout", "mode"):
            continue
        if "stranger" in address.opens and not public:
            continue  # is the same for everybody
        answer = browser.get(reverse(name, args=values(address, c)))
        if answer.status_code == 302 and answer.url not in led_to:
            led_to.add(answer.url)
            answer = browser.get(answer.url, follow=True)
        body = b"".join(answer) if answer.streaming else answer.content
        yield name, answer.status_code, body.decode("utf-8", "replace") + str(answer.headers)
    yield "desk", 200, browser.get(reverse("desk")).content.decode()  # what the last ones said


def test_the_unit_complained_of_finds_neither_the_case_nor_its_words_on_any_page(among_things, db, signed_in):
    c, target_people = among_things, people_complained_of(among_things)
    filing.rehandling(c)
    filing.proposed(c)
    send_due(today=make.soon(30))
    numbers = list(Case.objects.values_list("number", flat=True))
    assert len(numbers) >= 6
    asked = set()
    for person in (target_people[0], target_people[-1]):
        for name, status, text in seen_by(signed_in(person), c, public=person == target_people[0]):
            asked.add(name)
            leaks = [word for word in (*numbers, *SECRETS, filing.REPLY) if word in text]
            assert leaks == [], f"{name} as {person.username}"
            if TABLE[name].args.startswith(("case", "going_case", "opening")):
                assert status == 404, f"{name} as {person.username}"
    assert len(asked) > 60
    # the handler's own lead does see them on the same pages
    lead = signed_in(c.lead)
    for name in ("supervision:list", "desk", "deadlines:list", "deadlines:notifications"):
        pages = [lead.get(reverse(name), {"page": n}).content.decode() for n in (1, 2, 3)]
        assert any(number in page for number in numbers for page in pages), name


def test_who_sits_in_the_unit_is_neither_counted_reminded_nor_asked(cast, target_people):
    it = filing.accepted(cast)
    filing.opening(cast, it)
    for person in target_people:
        person = type(person).objects.get(pk=person.pk)
        assert not Case.objects.visible_to(person).exists()
        assert not Deadline.objects.visible_to(person).exists()
        assert not it.openings.visible_to(person).exists()
    send_due(today=make.soon(60))
    told = set(Notification.objects.filter(title=str(it)).values_list("user__username", flat=True))
    assert {"clerk", "lead"} <= told
    assert not told & {person.username for person in target_people}


def test_a_slip_betrays_neither_number_day_nor_person(cast, signed_in):
    it = filing.accepted(cast, today=make.soon(-9))
    slip = filing.slip(cast, it)
    shown = signed_in(cast.community_clerk).get(reverse("supervision:slip", args=[slip.pk])).content.decode()
    assert slip.number in shown
    for word in (it.number, f"{it.filed_on:%Y-%m-%d}", *SECRETS):
        assert word not in shown


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"请联系{filing.PHONE}核实。", "手机号码"),
        ("请联系１３９ １２３４ ５６７８核实。", "手机号码"),
        ("请核对11010519491231002X的申请。", "身份证号码"),
        (f"请核实{filing.NAME}的说法。", "姓名或联系方式"),
        (f"居民说：{filing.SENTENCE}。", "居民的原话"),
    ],
)
def test_a_slip_that_would_betray_the_resident_is_not_sent(cast, signed_in, text, why):
    it = filing.accepted(cast)
    answer = signed_in(cast.clerk).post(
        reverse("supervision:send_slip", args=[it.pk]), {"text": text, "checked": "on"}
    )
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not it.slips.exists()


def test_an_identity_needs_a_reason_and_a_second_person_and_is_seen_once(cast, signed_in):
    it = filing.accepted(cast)
    clerk = signed_in(cast.clerk)
    page = reverse("supervision:page", args=[it.pk])
    assert clerk.post(reverse("supervision:identity", args=[it.pk]), {"reason": ""}).status_code == 422
    clerk.post(reverse("supervision:identity", args=[it.pk]), {"reason": "需要到现场核对"})
    opening = it.openings.get()
    look = reverse("supervision:opening_step", args=[opening.pk, "open"])
    for browser in (clerk, signed_in(cast.lead)):
        assert filing.NAME not in browser.post(look, follow=True).content.decode()
    OPENING.take(opening, "grant", by=cast.lead)
    assert filing.NAME not in signed_in(cast.lead).post(look, follow=True).content.decode()
    assert filing.NAME in clerk.post(look).content.decode()
    assert filing.NAME not in clerk.post(look, follow=True).content.decode()
    assert filing.NAME not in clerk.get(page).content.decode()


def test_a_sealed_text_opens_only_in_its_own_place_and_with_a_key_we_have(cast, settings):
    closed = vault.seal("路灯", "case:1:words")
    assert vault.open_sealed(closed, "case:1:words") == "路灯"
    with pytest.raises(vault.Sealed):
        vault.open_sealed(closed, "case:2:words")
    old = settings.VAULT_KEY
    settings.VAULT_KEY = f"{'n' * 60},{old}"
    assert vault.open_sealed(closed, "case:1:words") == "路灯"
    receipt = filing.filed(cast)
    settings.VAULT_KEY = "n" * 60
    with pytest.raises(vault.Sealed):
        vault.open_sealed(closed, "case:1:words")
    settings.VAULT_KEY = f"{'m' * 60},{'n' * 60},{old}"
    assert services.find_case(receipt.code, receipt.phrase) is not None
