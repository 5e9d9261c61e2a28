"""The frame of the public site: every page says what it is, the foot what the settings say, the statement what was checked."""

import ast
import html
import re
import time
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.test.utils import override_script_prefix
from django.urls import reverse
from PIL import Image

from longsha_credit.home import guide
from longsha_credit.web import sections
from tests import make
from tests.url_table import EVERYBODY, TABLE, values

TESTS = Path(__file__).resolve().parents[1]
OUTSIDE = ("mode", "login", "logout")
SLOWEST = 150  # times a page with nothing of its own; a unit's page takes about forty


@pytest.fixture(scope="module", autouse=True)
def files_of_this_test(module_things):
    """Files are opened where the module's own things put them."""


@pytest.fixture(scope="module")
def public_pages(module_things):
    """name → path of every page a stranger can read."""
    found = {}
    for name, address in TABLE.items():
        if address.opens == EVERYBODY and "GET" in address.methods and name not in OUTSIDE:
            path = reverse(name, args=values(address, module_things))
            answer = Client().get(path)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                found[name] = path
    return found


def metas(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<meta ([^>]+)>", page):
        content = html.unescape(re.search(r'content="([^"]*)"', tag)[1]) if "content=" in tag else ""
        for name in re.findall(r'(?:name|property|itemprop)="([^"]+)"', tag):
            found.setdefault(name, []).append(content)
    return found


def test_every_public_page_says_what_it_is_wherever_it_is_mounted(public_pages, client, settings):
    """The tags that inspectors of government sites read, and what a shared link shows."""
    settings.FORCE_SCRIPT_NAME = "/cxcj"
    settings.SITE = settings.SITE | {"id_code": "2302020001"}
    assert len(public_pages) > 25
    with override_script_prefix("/cxcj/"):
        for name, path in public_pages.items():
            page = client.get(path).content.decode()
            if name == "api:try":
                assert '<meta name="robots" content="noindex">' in page
                continue
            said = metas(page)
            for one in ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnType", "ColumnDescription",
                        "ColumnKeywords", "Description", "Url", "Image", "og:title", "og:type"):  # fmt: skip
                assert len(said[one]) == 1 and said[one][0], (name, one)
            assert said["og:image"][0].startswith("http://testserver/"), name
            canonical = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
            assert canonical == said["Url"] == [f"http://testserver/cxcj{path}"], name
            if said["og:type"] == ["article"]:
                assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", said["PubDate"][0]), name
                assert said["ArticleTitle"][0] and said["ContentSource"][0], name


def test_a_promise_is_shared_by_its_own_words(client, cast):
    promise = make.in_force(cast, title="坡道<改造>")
    said = metas(client.get(f"/commitments/{promise.code}/").content.decode())
    assert said["ArticleTitle"] == said["og:title"] == ["坡道<改造>"]
    assert said["ContentSource"] == ["向阳街道"] and said["ColumnName"] == ["公开承诺"]
    assert said["og:description"][0][:10] == promise.content[:10]
    longer = metas(client.get("/commitments/?page=3&state=near&unit=2").content.decode())
    assert longer["Url"] == ["http://testserver/commitments/?page=3"]


def test_what_is_not_there_is_not_shared(client, db):
    page = client.get("/units/999999/").content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert "canonical" not in page and "og:image" not in page


def test_the_picture_for_sharing_is_large_enough_and_light():
    picture = Path(finders.find("web/share.png"))
    assert picture.stat().st_size < 30_000
    with Image.open(picture) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))


def test_the_bar_has_room_on_a_phone():
    always = [one for one in sections.SECTIONS if one.bar == sections.ALWAYS]
    assert len(always) <= 8
    assert all(len(one.bar_label) <= 4 for one in always)
    assert len({one.key for one in sections.SECTIONS}) == len(sections.SECTIONS)


def test_the_map_of_the_site_leads_everywhere_the_bar_and_the_foot_do(public_pages, client):
    page = client.get("/map/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    for one in sections.SECTIONS:
        assert f'href="{one.href}"' in main and one.about in main, one.key


def test_the_foot_says_what_is_set_and_leaves_no_hole(client, db, settings):
    everything = {
        "host_unit": "主办甲", "run_unit": "承办乙", "phone": "0452-1", "address": "某路1号", "id_code": "2302020001",
        "icp": "黑ICP备1号", "icp_url": "https://icp.example/", "police": "黑公网安备1号", "police_url": "https://p.example/",
        "mark_url": "https://mark.example/", "report_errors_url": "https://err.example/",
    }  # fmt: skip
    settings.SITE = settings.SITE | everything
    foot = client.get("/help/").content.decode().split('class="site-foot"')[1]
    assert [value for value in everything.values() if value not in foot] == []
    for said in ("我为政府网站找错", "党政机关网站标识", "网站地图", "无障碍声明", "帮助"):
        assert said in foot
    settings.SITE = settings.SITE | dict.fromkeys(everything, "")
    foot = client.get("/help/").content.decode().split('class="site-foot"')[1]
    assert not re.search(r"<ul[^>]*>\s*</ul>|<li>\s*</li>|：\s*</li>|href=\"\"", foot)
    assert "主办单位" not in foot and "网站标识码" not in foot


def test_no_public_page_is_out_of_proportion_to_an_empty_one(public_pages):
    """The time to the first byte against that of the frame alone, in the same run; nothing is cached."""

    def best(path, times=3):
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            assert Client().get(path).status_code == 200
            taken.append(time.perf_counter() - start)
        return min(taken)

    best(reverse("help"))  # the first time reads the templates
    taken = {name: best(path) for name, path in public_pages.items()}
    empty = min(taken["help"], best(reverse("help"), 9))
    ratios = {name: round(one / empty) for name, one in taken.items()}
    print("times the frame alone:", ratios)
    assert {name: ratio for name, ratio in ratios.items() if ratio > SLOWEST} == {}


# --- the accessibility statement ------------------------------------------------------------------------------------


def named_tests():
    return sorted({test for check in guide.CHECKS for test in check.tests})


@pytest.mark.parametrize("named", named_tests())
def test_what_the_statement_says_is_held_by_a_test_that_runs(named):
    file, function = named.split("::")
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    assert len(found) == 1
    marks = " ".join(ast.unparse(mark) for mark in found[0].decorator_list)
    assert not re.search(r"skip|xfail|prove", marks)


def test_every_public_page_was_looked_at(public_pages):
    """A page that nothing links to is not walked to, and the statement would be silent about it."""
    record = guide.recorded()
    by_number_only = "public_contests:certificate_check"  # nothing leads to it but a certificate
    assert set(public_pages) - {"api:try", by_number_only} <= set(record["public"]) | set(
        record["without_scripts"]
    )
    assert set(record["public"]) - {"login"} <= set(public_pages)
    assert record["rules"] > 60 and record["widths"] == [360, 768, 1280]


def test_the_statement_shows_the_figures_of_the_record(client, db):
    page = client.get("/accessibility/").content.decode()
    numbers = guide.figures(guide.recorded())
    assert f"axe-core {numbers['axe']}（{numbers['rules']}条规则" in page
    assert f"检查了{numbers['public']}种公开页面和{numbers['desk']}种工作台页面" in page
    assert all(one in page for one in guide.SHORTCOMINGS)
