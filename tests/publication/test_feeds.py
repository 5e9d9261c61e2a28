"""Feeds and the sitemap name what is public, at addresses that work wherever the portal is mounted, and nothing else."""

import datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_script_prefix
from django.utils import timezone

from longsha_credit.directory.models import Organisation
from longsha_credit.publication import feeds
from tests import make
from tests.commitments.reader import past_triggers
from tests.publication.test_search import let_out

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MACHINES = [
    "/feeds/",
    "/rss/",
    "/feeds/fields/disability/",
    "/sitemap.xml",
    "/sitemap-publications.xml",
    "/sitemap-units.xml",
]


def entries(client, address="/feeds/", **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")


def titles(client, address="/feeds/"):
    return [entry.find(f"{ATOM}title").text for entry in entries(client, address)]


def locations(client, address):
    response = client.get(address)
    assert response["Content-Type"] == "application/xml"
    return [loc.text for loc in ElementTree.fromstring(response.content).iter(f"{MAP}loc")]


def test_the_newest_stands_first_with_unit_field_and_days(client, cast):
    promise = make.in_force(cast)
    report = make.published_progress(cast, promise, text="首批8处<b>建成</b>。")
    newest, first = entries(client)
    assert newest.find(f"{ATOM}title").text == f"进展：{report.publication.title}"
    assert (
        newest.find(f"{ATOM}link").get("href")
        == f"http://testserver/commitments/{promise.code}/#progress-{report.pk}"
    )
    assert newest.find(f"{ATOM}summary").text == "首批8处&lt;b&gt;建成&lt;/b&gt;。"
    assert first.find(f"{ATOM}title").text == f"承诺：{promise.title}"
    assert first.find(f"{ATOM}author/{ATOM}name").text == "向阳街道"
    assert {c.get("term") for c in first.findall(f"{ATOM}category")} == {"承诺", "助残"}
    assert datetime.datetime.fromisoformat(first.find(f"{ATOM}published").text) <= timezone.now()


def test_a_new_version_is_the_same_entry_moved_up(client, cast):
    promise = make.in_force(cast)
    make.in_force(cast, title="另一件")
    before = entries(client)[1]
    make.amended(cast, promise)
    after = entries(client)[0]
    assert after.find(f"{ATOM}title").text == f"承诺：{promise.title}（第2版）"
    for same in ("id", "published"):
        assert after.find(ATOM + same).text == before.find(ATOM + same).text
    assert after.find(f"{ATOM}updated").text > before.find(f"{ATOM}updated").text


def test_a_unit_has_its_own_and_those_below(client, cast):
    c = cast
    make.in_force(c, title="街道的")
    make.in_force(c, title="社区的", by=c.community_clerk, organisation=c.community, post=c.community_post)
    assert titles(client, f"/feeds/units/{c.street.pk}/") == ["承诺：社区的", "承诺：街道的"]
    assert titles(client, f"/feeds/units/{c.community.pk}/") == ["承诺：社区的"]
    assert titles(client, f"/feeds/units/{c.other_street.pk}/") == []
    assert client.get(f"/feeds/units/{c.post.pk}/").status_code == 404
    assert client.get(f"/feeds/units/{10**30}/").status_code == 404
    page = client.get(f"/units/{c.street.pk}/").content.decode()
    assert f'href="/feeds/units/{c.street.pk}/"' in page


def test_a_service_field_has_its_own(client, cast):
    make.in_force(cast)
    assert titles(client, "/feeds/fields/disability/") == ["承诺：新苑社区单元门无障碍坡道改造"]
    assert titles(client, "/feeds/fields/parking/") == []
    assert client.get("/feeds/fields/nothing/").status_code == 404


def test_rss_says_the_same_as_atom(client, cast):
    make.amended(cast, make.in_force(cast))
    make.in_force(cast, title="另一件<b>")
    for atom, rss in (
        ("/feeds/", "/rss/"),
        (f"/feeds/units/{cast.street.pk}/", f"/rss/units/{cast.street.pk}/"),
        ("/feeds/fields/disability/", "/rss/fields/disability/"),
    ):
        response = client.get(rss)
        assert response["Content-Type"].startswith("application/rss+xml")
        channel = ElementTree.fromstring(response.content).find("channel")
        assert [item.find("title").text for item in channel.iter("item")] == titles(client, atom)
        assert channel.find("title").text and channel.find("description").text
        assert f'href="{rss}"' in client.get("/subscribe/").content.decode()


def test_what_is_taken_down_vanishes_even_from_a_reader_who_only_asks_for_news(client, cast):
    """The newest day goes back with a withdrawal: a copy may be kept by its content only."""
    old, gone = make.in_force(cast), make.in_force(cast, title="金丝雀")
    for address in MACHINES:
        before = client.get(address)
        assert "Last-Modified" not in before
        assert client.get(address, headers={"if-none-match": before["ETag"]}).status_code == 304
    tag = client.get("/feeds/")["ETag"]
    make.withdrawn(cast, gone)
    later = (timezone.now() + datetime.timedelta(days=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert client.get("/feeds/", headers={"if-none-match": tag}).status_code == 200
    assert titles(client) == [f"承诺：{old.title}"] == titles(client, "/feeds/fields/disability/")
    assert entries(client, **{"if-modified-since": later})
    assert locations(client, "/sitemap-publications.xml") == [f"http://testserver/commitments/{old.code}/"]


def test_nothing_unpublished_is_told_to_machines(client, cast):
    c = cast
    shown = make.in_force(c)
    make.draft(c, title="金丝雀甲")
    make.submitted(c, title="金丝雀乙", content="金丝雀乙")
    make.withdrawn(c, make.in_force(c, title="金丝雀丙"), remove_content=True)
    make.progress(c, shown, text="金丝雀丁")
    make.amendment(c, shown, title="金丝雀戊")
    post = make.organisation("post", "金丝雀岗", c.street)
    make.renamed(c.window, "金丝雀窗口", c.office)
    Organisation.objects.filter(pk=c.window.pk).update(taking_part=False)
    for address in (*MACHINES, "/sitemap-pages.xml", "/robots.txt", f"/feeds/units/{c.district.pk}/"):
        assert "金丝雀" not in client.get(address).content.decode(), address
    units = locations(client, "/sitemap-units.xml")
    assert f"http://testserver/units/{c.street.pk}/" in units
    assert not {f"http://testserver/units/{pk}/" for pk in (post.pk, c.window.pk)} & set(units)


def test_the_sitemap_leads_to_pages_that_answer(client, cast):
    promise = make.in_force(cast)
    make.published_progress(cast, promise)
    sections = locations(client, "/sitemap.xml")
    assert sections == [f"http://testserver/sitemap-{name}.xml" for name in feeds.SECTIONS]
    pages = [page for section in sections for page in locations(client, section)]
    assert f"http://testserver/commitments/{promise.code}/" in pages
    assert len(pages) == len(set(pages)) > 8
    assert [page for page in pages if client.get(page).status_code != 200] == []
    assert client.get("/sitemap-desk.xml").status_code == 404
    for page in ("x", "-1", "99", "\x00", "9" * 5000):
        assert client.get("/sitemap-publications.xml", {"p": page}).status_code == 404


def test_robots_are_sent_to_the_sitemap_and_not_to_the_desk(client, db):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /desk/" in lines
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


@pytest.mark.parametrize("address", ["/feeds/", "/sitemap.xml", "/sitemap-publications.xml", "/robots.txt"])
def test_addresses_carry_the_path_the_portal_is_mounted_under(client, cast, settings, address):
    settings.FORCE_SCRIPT_NAME = "/cxcj"
    make.published_progress(cast, make.in_force(cast))
    with override_script_prefix("/cxcj/"):
        text = client.get(address).content.decode()
    assert "http://testserver/cxcj/" in text
    for foreign in (
        "http://testserver/cxcj/",
        "http://www.w3.org/2005/Atom",
        "http://www.sitemaps.org/schemas/",
    ):
        text = text.replace(foreign, "")
    assert "http" not in text and "testserver" not in text


def test_control_characters_in_an_old_text_break_no_feed(client, cast):
    promise = make.in_force(cast)
    past_triggers(
        "UPDATE publication_publication SET text = %s, title = %s WHERE id = %s",
        "坏\x0b字符\x01",
        "坏\x08标题",
        promise.publication_id,
    )
    assert titles(client) == ["承诺：坏标题"]


def test_a_feed_is_short_and_asks_the_same_of_the_database_however_much_there_is(client, cast):
    def queries(address):
        with CaptureQueriesContext(connection) as done:
            client.get(address)
        return len(done)

    let_out(cast, 1, cast.street, "notice", None, "", "通知1", "通知")
    one = [queries(address) for address in MACHINES]
    for number in range(2, 40):
        let_out(cast, number, cast.street, "notice", None, str(number), f"通知{number}", "通知")
    assert [queries(address) for address in MACHINES] == one
    assert len(entries(client)) == feeds.NEWEST
    assert max(one) <= 4
