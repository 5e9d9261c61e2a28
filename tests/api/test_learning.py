"""Activities and contests as open data and on the unit's page: what their own pages say, and nobody's name."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from longsha_credit.programme.contests import taking
from tests import make
from tests.api.test_open_data import get
from tests.programme.contests import making as contests
from tests.programme.education import making as teaching

ACTIVITIES, CONTESTS = "/api/v1/activities/", "/api/v1/contests/"


def test_an_activity_reads_as_its_public_page(cast, client):
    sheet = teaching.reported(cast)
    code = sheet.activity.code
    row = get(client, f"{ACTIVITIES}{code}/")
    assert get(client, ACTIVITIES)["results"] == [row]
    assert (row["title"], row["organisation"]["name"], row["stage"]["key"], row["state"]) == (
        sheet.title, sheet.organisation.name, "report", "已举办",
    )  # fmt: skip
    assert client.get(row["url"]).status_code == 200
    assert get(client, ACTIVITIES, stage="announcement")["count"] == 0
    assert get(client, ACTIVITIES, below=cast.other_street.pk)["count"] == 0
    assert get(client, ACTIVITIES, theme=sheet.activity.theme)["count"] == 1
    teaching.sheet(cast, teaching.summarised(cast), title="草稿不公开")
    assert get(client, ACTIVITIES)["count"] == 1
    page = client.get(f"/units/{sheet.organisation.pk}/").content.decode()
    assert "诚信教育</h2>" in page
    assert f"/education/activities/{code}/" in page


def test_a_contest_reads_as_its_public_page_and_names_nobody(cast, client):
    make.Official.objects.update(name="慕容晓晓")
    going, told = contests.public(cast), contests.public(cast, title="结束了的")
    for number in range(5):
        contests.sat(told, contests.resident(told, str(number)))
    contests.sat(told, taking.enter_official(told, cast.official, now=contests.timezone.now()))
    contests.published_result(cast, told)
    contests.draft(cast, title="草稿不公开")
    rows = get(client, CONTESTS)["results"]
    assert [(row["title"], row["state"]) for row in rows] == [
        ("结束了的", "结果已公布"),
        ("诚信知识竞赛", "正在进行"),
    ]
    row = get(client, f"{CONTESTS}{told.code}/")
    assert [(one["unit"], one["took_part"], one["rank"]) for one in row["results"]] == [
        ("新苑社区", "5", 1), ("向阳街道", "少于5", None),
    ]  # fmt: skip
    assert [unit["organisation"]["name"] for unit in row["units"]] == ["向阳街道", "新苑社区"]
    assert "慕容" not in str(row)
    assert row["paper"] == told.paper.sha256
    assert get(client, f"{CONTESTS}{going.code}/")["results"] == []
    for asked, titles in (
        ({"state": "going"}, ["诚信知识竞赛"]),
        ({"taking_part": cast.community.pk, "state": "over"}, ["结束了的"]),
        ({"organisation": cast.district.pk}, []),
    ):
        assert [it["title"] for it in get(client, CONTESTS, **asked)["results"]] == titles
    gone = contests.withdrawn(cast)
    assert client.get(f"{CONTESTS}{gone.code}/").status_code == 410
    page = client.get(f"/units/{cast.community.pk}/").content.decode()
    assert f"/contests/{going.code}/" in page  # it takes part


def test_lists_and_tables_take_as_many_queries_for_one_as_for_three(cast, client):
    def asked(address):
        with CaptureQueriesContext(
            connection,
        ) as told:
            assert client.get(address).status_code == 200
        return len(told)

    addresses = (
        ACTIVITIES,
        CONTESTS,
        "/api/v1/contests.csv",
        "/api/v1/activities.xlsx",
        f"/units/{cast.street.pk}/",
    )
    contests.public(cast)
    teaching.reported(cast)
    one = [asked(address) for address in addresses]
    for number in range(2):
        contests.public(cast, title=f"第{number}次")
        teaching.reported(cast)
    assert [asked(address) for address in addresses] == one
