"""Nothing of a record that is not public is on any public address, and none of them changes a count."""

import datetime

import pytest
from django.urls import reverse
from stdnum.cn import ric

from longsha_credit.directory.models import Organisation
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import Upload
from longsha_credit.publication.models import Publication, PublicFile
from records import services
from records.flows import FLOW, OBJECTION, REPAIR
from records.models import Objection, Record, Repair
from tests import make
from tests.records import making
from tests.url_table import TABLE, values

WORD, ID, PHONE = "金丝雀", "11010519491231002X", "13912345678"
CANARY = f"{WORD}{ID}和{PHONE}"
CANARIES = (WORD, ID, PHONE)
PEOPLE = ("周岚", "李主任", "韩叙", "秦川", "严密", "王主任")
TEXTS = {
    "title": f"{CANARY}标题",
    "facts": f"供餐的{CANARY}事实",
    "document_number": f"{CANARY}号",
    "issuing_body": f"{CANARY}机关",
}


def paper(name):
    return make.upload(f"{CANARY}{name}.txt", f"{CANARY}{name}")


def canary(c, step, code="X06", **more):
    """A record full of canaries, its file too, carried as far as `step` of making."""
    return step(c, code, file=paper("证据"), **(TEXTS | more))


def objected(c, it):
    return services.object_to(
        it, by=c.lead, today=making.TODAY, wanted="revoked", reason=CANARY, upload=Upload(added=(paper("照片"),))
    )  # fmt: skip


def asked_repair(c, it):
    return services.ask_repair(
        it, by=c.lead, today=making.TODAY, reason=CANARY, letter=paper("承诺书"), upload=Upload(added=(paper("证明"),))
    )  # fmt: skip


def settle(c, flow, request, outcome):
    flow.take(request, "accept", by=c.reviewer2)
    flow.take(request, "propose", by=c.reviewer2, outcome=outcome, finding="已经核查。")
    flow.take(request, "decide", by=c.office)


def unfinished(c):
    """On the desk, and never seen outside it."""
    canary(c, making.draft)
    canary(c, making.submitted)
    FLOW.take(canary(c, making.submitted), "send_back", by=c.reviewer, reason=CANARY)
    FLOW.take(canary(c, making.draft), "discard", by=c.clerk, reason=CANARY)
    canary(c, making.confirmed)
    FLOW.take(canary(c, making.confirmed), "ask_revocation", by=c.clerk, reason=WORD)
    again = making.TODAY + datetime.timedelta(days=30)
    canary(c, making.confirmed, "X03", finality="pending", next_check_on=again)
    for code in ("X05", "S01"):
        objected(c, canary(c, making.confirmed, code))


def about_persons(c):
    """Fewer than five of a kind, so that the district's count does not move."""
    for code in ("X11", "X18", "S12"):
        canary(c, making.confirmed, code)
    canary(c, making.confirmed, "X16", organisation=c.post, official=None)


def ended(c):
    """Public once, each by its own end; its reason is public, what it said is not any more."""
    making.revoked(c, canary(c, making.public))
    overturned = canary(c, making.public)
    settle(c, OBJECTION, objected(c, overturned), "revoked")
    repaired = canary(c, making.public, effective_from=making.LAST_YEAR)
    settle(c, REPAIR, asked_repair(c, repaired), "granted")
    over = canary(c, making.public)
    objected(c, over)
    FLOW.take(over, "expire", by=None, today=over.effective_until + datetime.timedelta(days=1))
    making.corrected(c, canary(c, making.public), item=making.item("X05"), **TEXTS)


def around_the_public(c):
    """What stands beside records that are public: objections, repairs, a corrected version on its way."""
    objected(c, c.shown)
    asked_repair(c, c.old)
    making.corrected(c, c.third, **TEXTS)
    making.correction(c, c.shown, **TEXTS)


@pytest.fixture
def shown(cast):
    return three_shown(cast)


@pytest.fixture
def shown_among_things(among_things, db):
    """The same beside what all the other addresses are about."""
    return three_shown(among_things)


def three_shown(c):
    """Three public records without a canary."""
    c.shown = making.public(c)
    c.old = making.public(c, effective_from=making.LAST_YEAR, title="旧的一条")
    c.third = making.public(c, "S04", title="受表彰")
    return c


def plant(c):
    for planting in (unfinished, about_persons, ended, around_the_public):
        planting(c)
    return c


def table_addresses(c):
    """Whatever the table of addresses says a stranger may open."""
    for name, address in TABLE.items():
        if "stranger" in address.opens and "GET" in address.methods.split() and name != "mode":
            yield reverse(name, args=values(address, c))


def addresses(c):
    yield from table_addresses(c)
    yield from (
        "/records/",
        "/records/?page=2",
        "/records/?kind=breach",
        "/records/?dimension=word",
        "/records/catalogue/",
    )
    for q in ("供餐", "认定", "JL2026", "街道"):
        yield f"/search/?q={q}&sort=newest"
    yield from ("/search/?kind=record", "/search/?kind=record&page=2", "/corrections/?page=2")
    for section in ("pages", "units", "publications"):
        yield f"/sitemap-{section}.xml"
    for pk in Organisation.objects.values_list("pk", flat=True):
        yield from (
            f"/units/{pk}/",
            f"/records/?unit={pk}",
            f"/corrections/?unit={pk}",
            f"/feeds/units/{pk}/",
        )
    for number in set(Record.objects.exclude(number="").values_list("number", flat=True)):
        yield from (f"/records/{number}/", f"/api/v1/records/{number}/")
        yield from (f"/records/{number}/versions/{n}/" for n in (1, 2))
    yield from ("/api/v1/records/", "/api/v1/records/?page_size=100", "/api/v1/commitments/?page_size=100")
    for pk in Record.objects.values_list("pk", flat=True):
        yield from (f"/records/{pk}/", f"/desk/records/{pk}/")
    for file in StoredFile.objects.all():
        yield from (f"/desk/files/{file.pk}/", f"/files/{file.sha256}/", f"/files/{file.pk}/")
    yield from (f"/files/{token}/" for token in PublicFile.objects.values_list("token", flat=True))


def answer(client, address):
    response = client.get(address)
    body = b"".join(response) if response.streaming else response.content
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return response.status_code, body.decode("utf-8", "replace") + headers


def where_it_may_be(expected, addresses):
    """Of a walk the pages a public canary is expected on, and those it never is."""
    return (
        address for address in addresses if address in expected or address.startswith(("/desk/", "/files/"))
    )


OF_RECORDS = ("/records/", "/units/", "/corrections/", "/search/", "/feeds/", "/api/")


def found(client, addresses):
    """Everything that was asked, and where a canary is, or on pages of records somebody of the office."""
    asked, leaks, people = set(), [], []
    for address in addresses:
        status, text = answer(client, address)
        assert status in (200, 301, 302, 404, 410), f"{address}: {status}"
        asked.add(address)
        leaks += [(address, word) for word in CANARIES if word in text]
        if address.startswith(OF_RECORDS):
            people += [(address, name) for name in PEOPLE if name in text]
    return asked, leaks, people


def test_the_canaries_are_what_the_rules_are_about():
    assert ric.is_valid(ID) and len(ID) == 18
    assert len(PHONE) == 11 and PHONE.startswith("139")


def test_no_canary_and_nobody_who_filed_handled_or_decided_is_on_any_public_address(
    client, shown_among_things
):
    shown = plant(shown_among_things)
    states = set(Record.objects.values_list("state", flat=True))
    assert states == {
        *("draft", "submitted", "returned", "discarded", "confirmed", "effective", "revoking"),
        *("revoked", "expired", "repaired", "corrected"),
    }
    assert Objection.objects.filter(reason=CANARY).exists() and Repair.objects.filter(reason=CANARY).exists()
    assert Publication.objects.filter(title=TEXTS["title"], withdrawn_at__isnull=False).count() == 5
    asked, leaks, people = found(client, addresses(shown))
    assert leaks == people == []
    assert len(asked) > 150


def counts(client, c):
    """Every number that speaks of records."""
    units = [c.district, c.street, c.community, c.other_street]
    pages = [client.get("/records/", {"unit": unit.pk}).context for unit in units]
    asked = [client.get("/records/", {"kind": kind}).context for kind in ("trust", "breach")]
    own = [client.get(f"/units/{unit.pk}/").context for unit in units]
    return (
        [
            (page["page"].total, page["figures"], page["officials"], page["years"])
            for page in [*pages, *asked]
        ],
        [(page["record_figures"], [row.pk for row in page["records"]]) for page in own],
        client.get("/search/", {"kind": "record"}).context["page"].total,
        [row.pk for row in client.get("/").context["latest"]],
        answer(client, "/feeds/")[1].count("<entry>"),
        answer(client, "/sitemap-publications.xml")[1].count("<loc>"),
    )


def test_no_canary_changes_a_count(client, shown):
    before = counts(client, shown)
    plant(shown)
    assert counts(client, shown) == before
    assert before[0][0][0] == 3


def test_a_canary_that_is_public_is_found(client, shown_among_things):
    """The walk would see one: planted in a record that is truly public, it is on each kind of page."""
    shown = shown_among_things
    it = canary(shown, making.public)
    assert all(
        WORD in answer(client, address)[1] for address in ("/", "/feeds/")
    )  # while it is among the newest
    expected = {
        *("/records/", f"/records/{it.number}/", f"/records/{it.number}/versions/1/"),
        *(f"/units/{shown.street.pk}/", "/search/?q=供餐&sort=newest", f"/feeds/units/{shown.street.pk}/"),
    }
    asked, leaks, _ = found(client, where_it_may_be(expected, addresses(shown)))
    where = {address for address, _ in leaks}
    assert expected <= where and len(asked) > len(expected)
    assert {word for _, word in leaks} >= {WORD, ID, PHONE}
    assert not [address for address in where if address.startswith(("/desk/", "/files/"))]
    before = client.get("/records/").context["figures"]["breach"]
    canary(shown, making.public)
    assert client.get("/records/").context["figures"]["breach"] == before + 1
