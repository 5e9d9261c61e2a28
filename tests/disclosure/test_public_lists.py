"""What residents read of notices together: by topic, by unit, the list, the powers, the catalogue and its downloads."""

import csv
import io
from xml.etree import ElementTree

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_script_prefix

from disclosure import services
from disclosure.models import CatalogueChange, Topic
from disclosure.public_reading import HEADS
from tests.commitments.reader import body_of, past_triggers, words
from tests.disclosure import making

STANDARD = "序号|公开事项一级|二级|公开内容|公开依据|公开时限|公开主体|公开渠道和载体|公开对象|公开方式|公开层级|更新频次"
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(client, **asked):
    return [row.title for row in client.get("/disclosure/notices/", asked).context["page"]]


@pytest.fixture
def several(cast):
    """Of two units and two topics: one in effect, one in its time for objections, one past, one superseded."""
    c, parking = cast, making.topic("parking")
    making.published(c, title="津贴")
    making.published(c, title="公示名单", kind="publicity", topic=making.topic("announcements"))
    old = making.published(c, title="旧停车办法", topic=parking)
    making.published(c, title="新停车办法", topic=parking, supersedes=old)
    past = making.published(c, title="雨季安排", topic=making.topic("mobility"), valid_until=making.TODAY)
    past_triggers("UPDATE disclosure_notice SET valid_until = '2025-09-01' WHERE id = %s", past.pk)
    own = {"organisation": c.community, "by": c.community_clerk, "topic": making.topic("community-accounts")}
    making.published(c, making.notice(c, title="社区收支", **own), lead=c.lead)
    return c


# --- by topic and by unit --------------------------------------------------------------------------------------------


def test_topics_with_something_are_counted_and_the_empty_ones_lead_nowhere(client, several):
    response = client.get("/disclosure/")
    groups = {
        group["label"]: [(t.name, t.number_public) for t in group["topics"]]
        for group in response.context["groups"]
    }
    assert groups["公共服务"] == [("养老", 1), ("出行", 1), ("停车", 2)]
    assert groups["财务公开"] == [("社区财务公开", 1)]
    source = response.content.decode()
    assert 'href="/disclosure/topics/parking/"' in source and "topics/housing/" not in source
    assert "住房" in words(response) and "现在还没有单位公开" in words(response)
    assert [(u.name, u.number_public) for u in response.context["units"]] == [
        ("向阳街道", 5),
        ("新苑社区", 1),
    ]
    assert "临江街道" in [u.name for u in response.context["silent"]]
    assert [row.title for row in response.context["newest"]][0] == "社区收支"


def test_before_anything_is_published_the_front_says_what_will_be_here(client, cast):
    assert "还没有公开的内容" in words(client.get("/disclosure/"))
    assert "还没有公开的内容" in words(client.get("/disclosure/notices/"))
    assert "这个事项还没有公开的内容" in words(client.get("/disclosure/topics/parking/"))


def test_a_topic_shows_what_stands_first_and_the_entry_of_the_catalogue(client, several):
    response = client.get("/disclosure/topics/parking/")
    assert [row.title for row in response.context["standing"]] == ["新停车办法"]
    assert [row.title for row in response.context["over"]] == ["旧停车办法"]
    text = words(response)
    for head in STANDARD.split("|"):
        assert head in text
    assert "自信息形成或者变更之日起20个工作日内" in text and "停车泊位、收费标准" in text
    assert '/disclosure/topics/parking/feed/"' in response.content.decode()
    assert "换一个单位" in words(client.get("/disclosure/topics/parking/", {"unit": several.community.pk}))


def test_a_topic_out_of_use_keeps_its_page(client, several):
    topic = making.topic("parking")
    topic.retired_on = making.TODAY
    services.save_topic(topic, by=several.office, reason="并入出行")
    text = words(client.get("/disclosure/topics/parking/"))
    assert "已停用" in text and "新停车办法" in text
    assert "停车" not in [t.name for t in client.get("/disclosure/").context["empty"]]
    assert client.get("/disclosure/topics/nothing/").status_code == 404


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_can_be_narrowed(client, several):
    c = several
    assert titles(client) == ["社区收支", "雨季安排", "新停车办法", "旧停车办法", "公示名单", "津贴"]
    assert titles(client, sort="oldest") == titles(client)[::-1]
    assert titles(client, unit=c.community.pk) == ["社区收支"] and len(titles(client, unit=c.street.pk)) == 6
    assert titles(client, kind="publicity") == ["公示名单"] == titles(client, standing="hearing")
    assert titles(client, topic="parking") == ["新停车办法", "旧停车办法"]
    assert titles(client, standing="replaced") == ["旧停车办法"]
    assert titles(client, standing="expired") == ["雨季安排"]
    assert titles(client, standing="current") == ["社区收支", "新停车办法", "公示名单", "津贴"]
    assert titles(client, q="停车 办法", standing="current") == ["新停车办法"]
    assert titles(client, q="八十周岁", topic="elderly-care") == ["津贴"]
    assert len(titles(client, year=str(making.TODAY.year))) == 6 and len(titles(client, year="1999")) == 6
    assert "没有找到" in words(client.get("/disclosure/notices/", {"q": "没有的词"}))


def test_what_readers_have_to_know_stands_beside_it_in_words(client, several):
    source = client.get("/disclosure/notices/").content.decode()
    for state, word in (
        ("replaced", "已被新文件取代"),
        ("expired", "已失效"),
        ("near", "公示期内，可以提异议"),
    ):
        assert source.count(f'data-state="{state}"') == 1 and f"</svg>{word}</span>" in source
    for elsewhere in ("/", "/search/?kind=notice"):
        assert "已被新文件取代" in words(client.get(elsewhere)), elsewhere


PARAMETERS = ["q", "unit", "kind", "topic", "standing", "year", "sort", "page"]


@pytest.mark.parametrize(
    "value", ["\x00", "a\x00b", "'", "9" * 40, "-1", "１", "字" * 5000, "\u202e", "<script>", "%", "_", "ＡＢ", "😀", "\ud800".encode("utf-8", "surrogatepass")]
)  # fmt: skip
def test_whatever_stands_in_the_address_it_is_a_page(client, cast, value):
    """Each parameter by itself where they all are read; all of them at once where few are."""
    asked = [("/disclosure/notices/", {name: value}) for name in PARAMETERS]
    few = ("/disclosure/topics/parking/", "/disclosure/catalogue/")
    asked += [(address, dict.fromkeys(PARAMETERS, value)) for address in few]
    for address, parameters in asked:
        response = client.get(address, parameters)
        assert response.status_code == 200, (address, parameters)
        assert "<script>" not in response.content.decode().split("</head>")[1]


def test_a_title_as_long_as_may_be_and_one_result_are_pages(client, cast):
    it = making.published(cast, title="关于" + "诚信街道" * 24 + "通知")
    assert titles(client, q="诚信街道") == [it.title]
    assert (
        f'<h1 class="paper-name" id="paper-title">{it.title}'
        in client.get(f"/disclosure/notices/{it.code}/").content.decode()
    )


def test_powers_are_a_table_by_unit_and_kind(client, cast):
    c = cast
    for title, kind in (("优待证办理", "service"), ("安全检查", "inspection"), ("救助金发放", "payment")):
        making.published(c, title=title, kind="power", power_kind=kind, basis="权责清单（2026年版）")
    other = {"organisation": c.other_street, "by": c.other_clerk}
    making.published(
        c, making.notice(c, title="临江检查", kind="power", power_kind="licence", **other), lead=c.other_lead
    )
    response = client.get("/disclosure/notices/", {"kind": "power"})
    assert [row.title for row in response.context["page"]] == [
        "安全检查",
        "救助金发放",
        "优待证办理",
        "临江检查",
    ]
    text = words(response)
    assert "向阳街道的权责清单，3项" in text and "权责清单（2026年版）" in text and "打印" in text
    assert titles(client, kind="power", unit=c.other_street.pk) == ["临江检查"]


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_the_catalogue_has_the_standard_columns_and_can_be_taken_along(client, cast):
    assert "|".join(HEADS) == STANDARD
    rows = list(
        csv.reader(io.StringIO(body_of(client.get("/disclosure/catalogue.csv")).removeprefix("\ufeff")))
    )
    assert rows[0] == STANDARD.split("|") and len(rows) == 27
    assert rows[20][:3] == ["20", "财务公开", "街道财务公开"] and rows[20][9:] == [
        "主动公开",
        "街道",
        "每季度",
    ]
    assert rows[23][5] == "自信息形成或者变更之日起7个工作日内"
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/disclosure/catalogue.xlsx"))))
    assert [[cell.value or "" for cell in row] for row in book.active.rows] == rows
    community = list(
        csv.reader(io.StringIO(body_of(client.get("/disclosure/catalogue.csv?level=community"))))
    )
    assert 10 < len(community) < 27 and all("社区" in row[10] for row in community[1:])


def test_the_catalogue_says_what_changed_in_it_and_why(client, cast):
    assert "以后还没有改过" in words(client.get("/disclosure/catalogue/"))
    topic = making.topic("parking")
    topic.frequency, topic.levels, topic.channels = "topic_monthly", ["street"], "政府网站"
    services.save_topic(topic, by=cast.office, reason="与市级目录一致")
    new = Topic(
        key="pets", number=40, group="administration", name="养犬管理", content="登记办法", basis="条例",
        publisher="街道办事处", channels="政府网站", levels=["street"],
    )  # fmt: skip
    services.save_topic(new, by=cast.office, reason="居民建议")
    text = words(client.get("/disclosure/catalogue/"))
    assert "停车：第2版" in text and "理由：与市级目录一致" in text and "养犬管理：新增" in text
    page = client.get("/disclosure/catalogue/").context["page"]
    assert page.total == 2 and CatalogueChange.objects.count() == 28
    (changed,) = [change for change in page if change.topic == topic]
    assert sorted(changed.words) == [
        ("公开层级", "街道、社区", "街道"), ("公开渠道和载体", "政府网站、便民服务站、社区公示栏（电子屏）", "政府网站"),
        ("更新频次", "每半年", "每月"),
    ]  # fmt: skip
    assert "区办" not in text
    assert [row[2] for row in csv.reader(io.StringIO(body_of(client.get("/disclosure/catalogue.csv"))))][
        -1
    ] == "养犬管理"


# --- machines --------------------------------------------------------------------------------------------------------


def test_each_topic_has_a_feed_and_a_place_in_the_sitemap(client, several):
    feed = ElementTree.fromstring(client.get("/disclosure/topics/parking/feed/").content)
    assert [entry.find(f"{ATOM}title").text for entry in feed.findall(f"{ATOM}entry")] == [
        "公开信息：新停车办法", "公开信息：旧停车办法",
    ]  # fmt: skip
    assert "停车" in feed.find(f"{ATOM}title").text
    assert client.get("/disclosure/topics/nothing/feed/").status_code == 404
    topics = client.get("/sitemap-topics.xml").content.decode()
    assert "http://testserver/disclosure/topics/parking/" in topics and topics.count("<loc>") == 26
    assert "/disclosure/notices/GK-" in client.get("/sitemap-publications.xml").content.decode()
    assert "/disclosure/catalogue/" in client.get("/sitemap-pages.xml").content.decode()


def test_every_address_carries_the_path_the_portal_is_mounted_under(client, several, settings):
    settings.FORCE_SCRIPT_NAME = "/cxcj"
    code = client.get("/disclosure/notices/").context["page"][0].code
    with override_script_prefix("/cxcj/"):
        for address in (
            "",
            "notices/",
            "notices/?kind=power",
            f"notices/{code}/",
            "topics/parking/",
            "catalogue/",
        ):
            source = client.get(f"/disclosure/{address}").content.decode()
            assert '"/disclosure/' not in source and '"/cxcj/disclosure/' in source, address


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_a_longer_list_asks_no_more_queries(client, cast):
    first = making.published(
        cast, title="第1份", topic=making.topic("powers"), kind="power", power_kind="other"
    )
    old = making.published(cast, title="旧的")
    addresses = (
        "/disclosure/", "/disclosure/notices/", "/disclosure/notices/?kind=power", "/disclosure/catalogue/",
        f"/disclosure/notices/{first.code}/", f"/disclosure/notices/{old.code}/", "/disclosure/topics/elderly-care/",
        "/disclosure/topics/elderly-care/feed/", "/api/v1/notices/", "/api/v1/topics/", "/disclosure/catalogue.csv",
        "/api/v1/notices.csv",
    )  # fmt: skip
    making.published(cast, title="新的", supersedes=old)
    cache.clear()
    queries(client, "/disclosure/")  # the mark of the demo is kept for a while
    before = [queries(client, address) for address in addresses]
    for n in range(12):
        making.published(
            cast, title=f"再1份{n}", **(making.BY_KIND["power"]() | {"kind": "power"} if n % 3 else {})
        )
    topic = making.topic("parking")
    for n in range(3):
        topic.hint = f"提示{n}"
        services.save_topic(topic, by=cast.office, reason="提示写清楚")
    # the first change of the catalogue asks for the version before it
    assert [queries(client, address) for address in addresses] == before
    assert client.get("/disclosure/notices/").context["page"].total == 15
    assert max(before) <= 12
