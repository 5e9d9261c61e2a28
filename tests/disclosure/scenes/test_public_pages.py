"""What residents find of credit+: by need, by place, one scene in plain words; and nothing that is not public."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosure.scenes.flows import FLOW, MONTH, REVISION
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Publication, PublicFile
from tests import make
from tests.disclosure.scenes import making
from tests.publication.test_gate import tamper

INTACT, BROKEN = "本页内容与公开账一致", "本页内容与公开账不一致"
CANARY = "金丝雀"


def words(response):
    return re.sub(r"<[^>]+>|\s+", "", response.content.decode())


def page(client, it):
    return client.get(f"/scenes/{it.code}/")


def listed(client, **query):
    return [row.pk for row in client.get("/scenes/", query).context["page"]]


def test_a_scene_is_found_by_need_by_place_and_by_kind(client, cast):
    of_street = making.public(cast)
    of_community = making.public(
        cast, organisation=cast.community, kind="community", title="邻里工具借用", needs=["property"]
    )
    elsewhere = making.public(
        cast, organisation=cast.other_street, title="夜市先经营后补证", needs=["employment", "convenience"],
        by=cast.other_clerk, lead=cast.other_lead,
    )  # fmt: skip
    making.draft(cast, needs=["parking"])
    assert set(listed(client)) == {of_street.pk, of_community.pk, elsewhere.pk}
    assert listed(client, need="elderly-care") == [of_street.pk]
    assert listed(client, need="property") == [of_community.pk]
    # who lives in the community uses the street's scenes too; the street's people those of its communities
    assert set(listed(client, place=cast.community.pk)) == {of_street.pk, of_community.pk}
    assert set(listed(client, place=cast.street.pk)) == {of_street.pk, of_community.pk}
    assert listed(client, place=cast.other_street.pk) == [elsewhere.pk]
    assert listed(client, kind="community") == [of_community.pk]
    assert listed(client, need="parking") == []
    assert "没有这样的场景" in words(client.get("/scenes/", {"need": "parking"}))
    assert len(listed(client, need="nonsense", place="x", kind="king", page="-1")) == 3
    needs = {need["key"]: need["number"] for need in client.get("/scenes/").context["needs"]}
    assert len(needs) == 14
    assert {key: number for key, number in needs.items() if number} == {
        "elderly-care": 1, "disability": 1, "property": 1, "employment": 1, "convenience": 1,
    }  # fmt: skip


def test_the_page_says_what_where_how_and_what_is_kept(client, cast):
    it = making.public(cast)
    text = words(page(client, it))
    for said in (
        *(
            "您能得到什么",
            "谁可以参加",
            "怎样参加",
            "不参加、想退出",
            "用到您的哪些信息",
            "我们保证",
            "依据和法制审核",
        ),
        *(
            "签一份承诺书就免交300元押金",
            "不给居民打分、扣分、评级、排名。",
            "归还以后30天删除。",
            "示法审〔2026〕7号",
        ),
        *("正在进行", "还没有公布数字", "首次公开", INTACT),
    ):
        assert said in text, said
    assert "tel:0000-2" in page(client, it).content.decode()


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (making.suspended, "起暂停：场地或者设备维修"),
        (making.ended, "起结束：期满，工作已经完成"),
        (lambda c: making.withdrawing(c, making.ended(c)), "起结束：期满，工作已经完成"),
    ],
)
def test_a_scene_that_stopped_says_so_and_since_when(client, cast, step, said):
    it = step(cast)
    text = words(page(client, it))
    assert f"{making.TODAY:%Y-%m-%d}{said}" in text and INTACT in text
    assert "轮椅送修" not in text and "做完了" not in text  # typed on the desk, never through the gate
    assert (it.pk in listed(client)) is (it.stands == "suspended")
    assert (it.pk in listed(client, state="over")) is (it.stands == "ended")
    found = client.get("/search/", {"q": "轮椅"})
    assert ("暂停" if it.stands == "suspended" else "已结束") in words(found)


def test_days_alone_begin_and_end_a_scene(client, cast):
    later = making.public(cast, begins_on=making.TODAY + datetime.timedelta(days=5))
    past = making.public(cast, begins_on=making.TODAY, ends_on=making.TODAY)
    assert "即将开始" in words(page(client, later))
    yesterday = making.TODAY - datetime.timedelta(days=1)
    tamper(f"UPDATE disclosure_scene SET begins_on = %s, ends_on = %s WHERE id = {past.pk}", yesterday, yesterday)  # fmt: skip
    assert "已期满" in words(page(client, past))
    assert listed(client, state="over") == [past.pk]


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_few_are_not_told_apart_anywhere(client, cast):
    it = making.long_public(cast)
    making.published_month(cast, it, participations=3, served=2, surveyed=3, satisfied=2)
    making.published_month(
        cast, it, month=making.BEFORE, participations=40, served=4, surveyed=30, satisfied=28
    )
    response = page(client, it)
    text = words(response)
    assert (
        "近2个公开了数字的月份一共40人次用上（另有1个月不到5人次，没有算进去），其中1个月达到当月目标。"
        in text
    )
    assert "少于5，目标20" in text and "回访少于5人，不列满意人数" in text and "回访30人，满意28人" in text
    assert INTACT in text
    few = Publication.objects.get(kind="scene_month", path__endswith=f"{making.LAST_MONTH:%Y-%m}")
    kept = few.ledger.get().content.text
    assert '"participations":"少于5"' in kept and '"served":"少于5"' in kept
    assert few.text.startswith("参加少于5人次，受益少于5人")


def test_a_correction_is_shown_told_and_logged(client, cast):
    first = making.published_month(cast)
    making.corrected(cast, first)
    text = words(page(client, first.scene))
    assert "31，目标20" in text and "更正过1次" in text and INTACT in text
    assert "漏计一天" in words(client.get("/corrections/"))


def test_numbers_changed_behind_the_portals_back_are_found_out(client, cast):
    told = making.published_month(cast)
    assert INTACT in words(page(client, told.scene))
    tamper(f"UPDATE disclosure_scenemonth SET participations = 99 WHERE id = {told.pk}")
    assert BROKEN in words(page(client, told.scene))


def test_rules_changed_behind_the_portals_back_are_found_out(client, cast):
    it = making.public(cast)
    tamper(f"UPDATE disclosure_scene SET leaving = '不能退出' WHERE id = {it.pk}")
    assert BROKEN in words(page(client, it))


# --- versions and withdrawal ------------------------------------------------------------------------------------------


def test_every_version_stays_and_can_be_compared(client, cast):
    it = making.public(cast)
    making.revised(cast, it)
    text = words(page(client, it))
    assert "第2版改了什么" in text and "理由：增加一处窗口" in text and INTACT in text
    first = client.get(f"/scenes/{it.code}/versions/1/")
    assert "已被后来的版本替代" in words(first) and "示例路2号" in words(first)
    assert "和第1版相比" in words(client.get(f"/scenes/{it.code}/versions/2/"))
    assert client.get(f"/scenes/{it.code}/versions/3/").status_code == 404


def test_what_was_taken_down_says_so_and_shows_nothing(client, cast):
    it = making.public(cast, title=f"{CANARY}场景")
    feed = client.get("/scenes/feed/").content.decode()
    assert f"{CANARY}场景" in feed
    making.withdrawn(cast, it)
    response = page(client, it)
    assert (response.status_code, CANARY in words(response)) == (410, False)
    assert "依据引用有误" in words(response)
    assert client.get(f"/scenes/{it.code}/versions/1/").status_code == 410
    assert CANARY not in client.get("/scenes/feed/").content.decode()
    assert client.get("/scenes/CJ-990100-2099-000001/").status_code == 404


TEXTS = {
    name: f"{CANARY}{name}"
    for name in (
        "title",
        "service",
        "incentive",
        "eligibility",
        "joining",
        "place",
        "beneficiaries",
        "data_used",
    )
}


def test_nothing_that_is_not_public_is_on_any_public_address(client, cast):
    c = cast
    shown = making.long_public(c)
    making.draft(c, **TEXTS)
    making.submitted(c, **TEXTS)
    returned = making.submitted(c, **TEXTS)
    GATE.take(make.review_of(returned), "return_first", by=c.lead, reason=CANARY)
    FLOW.take(making.draft(c, **TEXTS), "discard", by=c.clerk, reason=CANARY)
    gone = making.long_public(c, **TEXTS)
    making.published_month(c, gone, note=CANARY, effect=CANARY)
    making.withdrawn(c, gone)
    revision = making.revision(c, shown, **TEXTS, reason=CANARY)
    REVISION.take(revision, "submit", by=c.clerk)
    waiting = making.month(c, shown, note=CANARY)
    MONTH.take(waiting, "submit", by=c.clerk)
    told = making.published_month(c, shown, month=making.BEFORE)
    making.correction(c, told, note=CANARY, reason=CANARY)
    making.suspended(c, making.public(c))
    addresses = [
        *("/", "/scenes/", "/scenes/?state=over", "/scenes/?need=elderly-care", "/scenes/feed/", "/feeds/"),
        *(
            f"/scenes/?place={c.street.pk}",
            f"/search/?q={CANARY}",
            "/corrections/",
            "/sitemap-publications.xml",
        ),
        *(f"/units/{c.street.pk}/", f"/feeds/units/{c.street.pk}/", "/feeds/fields/elderly-care/"),
    ]
    codes = set(type(shown).objects.exclude(code="").values_list("code", flat=True))
    addresses += [f"/scenes/{code}/{rest}" for code in codes for rest in ("", "versions/1/", "versions/2/")]
    addresses += [f"/files/{token}/" for token in PublicFile.objects.values_list("token", flat=True)]
    addresses += [f"/files/{sha}/" for sha in StoredFile.objects.values_list("sha256", flat=True)]
    leaks, statuses = [], set()
    for address in addresses:
        response = client.get(address)
        statuses.add(response.status_code)
        body = response.content.decode().replace(f'value="{CANARY}"', "").replace(f"“{CANARY}”", "")
        body = body.replace(f"{CANARY}-", "")  # what was asked for stands in the title of the search
        leaks += [address] if CANARY in body else []
    assert leaks == []
    assert statuses == {200, 404, 410} and len(addresses) > 20
    assert "免押金借轮椅" in words(page(client, shown))
    # a canary that is public is found
    making.public(c, **TEXTS)
    assert CANARY in words(client.get("/scenes/"))


def test_the_public_pages_take_as_many_queries_for_few_as_for_many(client, cast):
    it = making.long_public(cast)
    making.published_month(cast, it)

    def queries(address):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    addresses = [reverse("public_scenes:list"), f"/scenes/{it.code}/"]
    few = [queries(address) for address in addresses]
    for back in (40, 75):
        month = (making.LAST_MONTH - datetime.timedelta(days=back)).replace(day=1)
        making.published_month(cast, it, month=month)
        making.public(cast)
    assert [queries(address) for address in addresses] == few
    assert max(few) <= 12
