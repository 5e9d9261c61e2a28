"""Nothing of a notice that is not public is on any public address, and none of it changes a count."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from disclosure import services
from disclosure.flows import FLOW, REVISION
from disclosure.models import Notice, NoticeRevision
from longsha_credit.directory.models import Organisation
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import PublicFile
from tests import make
from tests.disclosure import making
from tests.files import build
from tests.records.test_leaks import answer, table_addresses, where_it_may_be

WORD, ID, PHONE = "金丝雀", "11010519491231002X", "13912345678"
CANARY = f"{WORD}{ID}和{PHONE}"
CANARIES = (WORD, ID, PHONE)
TEXTS = {
    "title": f"{CANARY}标题",
    "body": f"<h2>一、{CANARY}</h2><table><tbody><tr><td>{CANARY}</td></tr></tbody></table>",
    "summary": f"{CANARY}概述",
    "basis": f"{CANARY}依据",
    "document_number": f"{CANARY}号",
}


def canary(c, **more):
    """A draft full of canaries, its file and the Word original too."""
    upload = services.Upload(added=(make.upload(f"{CANARY}名册.txt", CANARY),))
    original = SimpleUploadedFile(f"{CANARY}原件.docx", build.docx(**{"word/extra.xml": CANARY}))
    row = Notice(**making.fields(c, **(TEXTS | more)))
    return services.save_notice(row, by=c.clerk, upload=upload, original=original)


def unfinished(c):
    """On the desk, and never seen outside it."""
    canary(c)
    making.submitted(c, canary(c))
    canary(
        c, kind="publicity", hearing_from=making.TODAY, hearing_until=make.soon(30), hearing_channel=CANARY
    )
    canary(c, kind="power", topic=making.topic("powers"), power_kind="other")
    returned = making.submitted(c, canary(c))
    GATE.take(make.review_of(returned), "return_first", by=c.lead, reason=CANARY)
    FLOW.take(canary(c), "discard", by=c.clerk, reason=CANARY)
    # an empty topic and a silent unit stay so
    canary(c, topic=making.topic("housing"), title=f"{WORD}住房")


def ended(c):
    """Public once, taken down by two people; what it said is public no more, and by order nor why it was changed."""
    for remove in (False, True):
        it = making.published(c, canary(c))
        making.revised(c, it, title=f"{CANARY}第二版", reason=f"{CANARY}理由" if remove else "改正")
        making.withdrawn(c, it, remove_content=remove)


def around_the_public(c):
    """What stands beside notices that are public: a revision in each state, one asked to be taken down, a successor."""
    for row, step in zip(c.shown, ("", "submit", "discard"), strict=False):
        new = making.revision(c, row, **TEXTS, reason=CANARY)
        if step:
            REVISION.take(new, step, by=c.clerk, reason=CANARY)
    FLOW.take(c.shown[3], "ask_withdrawal", by=c.clerk, reason=WORD)
    canary(c, supersedes=c.shown[0])


@pytest.fixture
def shown(cast):
    return four_shown(cast)


@pytest.fixture
def shown_among_things(among_things, db):
    """The same beside what all the other addresses are about."""
    return four_shown(among_things)


def four_shown(c):
    """Four public notices without a canary."""
    c.shown = [making.published(c, title=f"公开的{n}") for n in range(4)]
    return c


def plant(c):
    for planting in (unfinished, ended, around_the_public):
        planting(c)
    return c


def addresses(c):
    yield from table_addresses(c)
    yield from (f"/disclosure/notices/?{asked}" for asked in (
        "page=2", "kind=information", "kind=power", "kind=publicity", "standing=current", "standing=replaced",
        "topic=elderly-care", "sort=oldest", "q=金丝雀", "q=公开", f"year={making.TODAY.year}",
    ))  # fmt: skip
    for key in ("elderly-care", "housing", "powers", "announcements"):
        yield from (f"/disclosure/topics/{key}/", f"/disclosure/topics/{key}/feed/")
    yield from ("/search/?q=标题&sort=newest", "/search/?kind=notice", "/search/?kind=notice&page=2")
    yield from ("/corrections/?page=2", "/sitemap-publications.xml", "/sitemap-topics.xml")
    yield from (
        "/api/v1/notices/?page_size=100",
        "/api/v1/notices/?q=金丝雀",
        "/api/v1/notices.csv?kind=power",
    )
    for pk in Organisation.objects.values_list("pk", flat=True):
        yield from (
            f"/units/{pk}/",
            f"/disclosure/notices/?unit={pk}",
            f"/feeds/units/{pk}/",
            f"/corrections/?unit={pk}",
        )
        yield f"/api/v1/notices/?below={pk}"
    for code in set(Notice.objects.exclude(code="").values_list("code", flat=True)):
        yield from (f"/disclosure/notices/{code}/", f"/api/v1/notices/{code}/")
        yield from (f"/disclosure/notices/{code}/versions/{n}/" for n in (1, 2))
    for pk in Notice.objects.values_list("pk", flat=True):
        yield from (f"/desk/disclosure/{pk}/", f"/disclosure/notices/{pk}/")
    for file in StoredFile.objects.all():
        yield from (f"/desk/files/{file.pk}/", f"/files/{file.sha256}/", f"/files/{file.pk}/")
    yield from (f"/files/{token}/" for token in PublicFile.objects.values_list("token", flat=True))


def found(client, addresses):
    """Addresses on which a canary is, with everything that was asked."""
    asked, leaks = set(), []
    for address in addresses:
        status, text = answer(client, address)
        assert status in (200, 301, 302, 400, 404, 410), f"{address}: {status}"
        asked.add(address)
        said = text.replace("“金丝雀”", "").replace('value="金丝雀"', "")  # the question itself
        leaks += [(address, word) for word in CANARIES if word in said]
    return asked, leaks


def test_no_canary_is_on_any_public_address(client, shown_among_things):
    shown = plant(shown_among_things)
    states = set(Notice.objects.values_list("state", flat=True))
    assert states == {"draft", "in_review", "published", "withdrawing", "withdrawn", "discarded"}
    revisions = set(NoticeRevision.objects.values_list("state", flat=True))
    assert revisions == {"draft", "in_review", "discarded", "adopted"}
    assert StoredFile.objects.filter(purpose="notice_source").count() > 8
    asked, leaks = found(client, addresses(shown))
    assert leaks == []
    assert len(asked) > 200


def counts(client, c):
    """Every number that speaks of notices."""
    front = client.get("/disclosure/").context
    units = [c.district, c.street, c.community, c.other_street]
    return (
        [(t.key, t.number_public, t.newest) for group in front["groups"] for t in group["topics"]],
        [t.key for t in front["empty"]],
        [(u.pk, u.number_public) for u in front["units"]],
        [client.get("/disclosure/notices/", {"unit": unit.pk}).context["page"].total for unit in units],
        [
            client.get("/disclosure/notices/", {"standing": s}).context["page"].total
            for s in ("current", "replaced")
        ],
        client.get("/disclosure/topics/elderly-care/").context["page"].total,
        client.get("/search/", {"kind": "notice"}).context["page"].total,
        client.get("/api/v1/notices/").json()["count"],
        answer(client, "/disclosure/topics/elderly-care/feed/")[1].count("<entry>"),
        answer(client, "/api/v1/notices.csv")[1].count("公开的"),
        answer(client, "/sitemap-publications.xml")[1].count("<loc>"),
    )


def test_no_canary_changes_a_count(client, shown):
    before = counts(client, shown)
    plant(shown)
    assert counts(client, shown) == before
    assert before[3] == [4, 4, 0, 0] and before[7:] == (4, 4, 4, 4)


def test_a_canary_that_is_public_is_found(client, shown_among_things):
    """The walk would see one: planted in a notice that is truly public, it is on each kind of page."""
    shown = shown_among_things
    it = making.published(shown, canary(shown))
    assert CANARY in answer(client, "/feeds/")[1]  # while it is among the newest
    expected = {
        *("/disclosure/", "/disclosure/notices/", f"/disclosure/notices/{it.code}/"),
        *(f"/disclosure/notices/{it.code}/versions/1/", "/disclosure/topics/elderly-care/"),
        *(
            "/disclosure/topics/elderly-care/feed/",
            "/api/v1/notices/",
            f"/api/v1/notices/{it.code}/",
            "/api/v1/notices.csv",
        ),
        *("/search/?kind=notice", f"/feeds/units/{shown.street.pk}/"),
    }
    asked, leaks = found(client, where_it_may_be(expected, addresses(shown)))
    where = {address for address, _ in leaks}
    assert expected <= where and len(asked) > len(expected)
    assert not [address for address in where if address.startswith("/desk/")]
    assert {word for _, word in leaks} == set(CANARIES)
    name = f"{CANARY}原件"
    assert not [a for a in where if name in answer(client, a)[1]]
