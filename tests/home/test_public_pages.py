"""The front page and the units' pages count what is true today; the reading mode and the state of the machine."""

import datetime
import html
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from longsha_credit.directory.models import Level, Organisation
from longsha_credit.home.tasks import SEEN, heartbeat
from longsha_credit.publication.models import Correction
from tests import make


def words(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", response.content.decode())))


def set_due(obligation, day):
    """Only someone past the triggers can move a promised day; here the clock stands still instead."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE commitments_obligation SET due_on = %s WHERE id = %s", [day, obligation.pk])
        cursor.execute("SET session_replication_role = DEFAULT")


def last_of_month(day):
    return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - datetime.timedelta(days=1)


def test_an_empty_portal_says_what_will_be_here(client, empty_portal):
    response = client.get("/")
    assert response.status_code == 200
    text = words(response)
    assert "街道社区承诺的事" in text and "专栏正在准备" in text
    assert "0件" not in text
    for address, said in (
        ("/commitments/", "还没有公开的承诺"),
        ("/units/", "还没有登记单位"),
        ("/corrections/", "还没有更正或撤下"),
    ):
        assert said in words(client.get(address))


def test_the_front_page_counts_promises_and_shows_no_rate_where_nothing_is_due(client, cast):
    c = cast
    today = timezone.localdate()
    month_end = last_of_month(today)
    set_due(make.in_force(c, title="本月末"), month_end)
    set_due(make.in_force(c, title="下月初"), month_end + datetime.timedelta(days=1))
    set_due(make.in_force(c, title="早已过期"), today - datetime.timedelta(days=70))
    changed = make.in_force(c, title="改过的", due_on=month_end + datetime.timedelta(days=50))
    make.amended(c, changed, due_on=month_end + datetime.timedelta(days=60))
    make.withdrawn(c, make.in_force(c, title="撤下的"))
    make.submitted(c, title="审查中的")
    response = client.get("/")
    assert response.context["figures"] == {
        "active": 3, "past": 1, "due": 1, "due_past": 0, "new": 4, "units": 1, "reported": 0,
        "amended": 1, "withdrawn": 1, "logged": 2,
    }  # fmt: skip
    text = words(response)
    assert "正在履行的承诺 3件" in text and "另有1件已过期限，等待报告结果，不计在内" in text
    assert "%" not in text and "今年还没有到期的承诺" in text
    assert [row.title for row in response.context["due_soon"]] == ["本月末", "下月初", "改过的"]


def test_the_front_page_divides_only_what_people_verified(client, cast):
    today = timezone.localdate()
    for verdict in ("full", "full", "full", "partly", "none"):
        make.ended(cast, make.in_force(cast, due_on=today + datetime.timedelta(days=1)), verdict)
    make.reported(cast, make.in_force(cast, due_on=today + datetime.timedelta(days=1)))
    text = words(client.get("/"))
    if (today + datetime.timedelta(days=1)).year == today.year:
        assert "70.0%" in text and "全部履行3件，部分履行1件，没有兑现1件，等待核验1件" in text
    assert "1件已报告结果，等待核验" in text


def test_a_promise_of_last_year_is_not_new(client, cast):
    old = make.in_force(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE publication_publication SET first_published_at = first_published_at - interval '400 days' WHERE id = %s",
            [old.publication_id],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    assert client.get("/").context["figures"]["new"] == 0
    assert client.get("/").context["figures"]["active"] == 1


def test_the_newest_publication_stands_first(client, cast):
    first = make.in_force(cast, title="先公开的")
    make.in_force(cast, title="后公开的")
    assert [p.title for p in client.get("/").context["latest"]] == ["后公开的", "先公开的"]
    make.amended(cast, first)
    assert [p.title for p in client.get("/").context["latest"]] == ["先公开的", "后公开的"]


def test_often_asked_fields_are_those_with_most_promises(client, cast):
    from longsha_credit.publication.models import ServiceField

    parking = ServiceField.objects.get(name="停车")
    make.in_force(cast)
    make.in_force(cast, service_field=parking, title="停车一")
    make.in_force(cast, service_field=parking, title="停车二")
    make.draft(cast, service_field=ServiceField.objects.get(name="养老"))
    assert [row["name"] for row in client.get("/").context["often"]] == ["停车", "助残"]
    assert f"/commitments/?field={parking.key}" in client.get("/").content.decode()


def test_a_street_counts_its_communities_promises_and_no_one_elses(client, cast):
    c = cast
    make.in_force(c)
    make.in_force(c, by=c.community_clerk, organisation=c.community, post=c.community_post, title="社区的")
    streets = {row["unit"].name: row["unit"] for row in client.get("/").context["streets"]}
    assert streets["向阳街道"].total["active"] == 2 and streets["向阳街道"].own["active"] == 1
    assert streets["临江街道"].total["active"] == 0 and streets["临江街道"].total["newest"] is None
    response = client.get(f"/units/{c.street.pk}/")
    assert [part.name for part in response.context["parts"]] == ["新苑社区", "综合窗口"]
    assert "正在履行2件公开承诺" in words(response)
    assert "社区的" not in words(client.get(f"/units/{c.other_street.pk}/"))
    assert "社区的" in words(client.get(f"/units/{c.district.pk}/"))


def test_a_unit_shows_whom_to_call(client, cast):
    Organisation.objects.filter(pk=cast.street.pk).update(
        address="向阳路18号", office_hours="工作日 08:30—17:30"
    )
    response = client.get(f"/units/{cast.street.pk}/")
    assert 'href="tel:0000-2"' in response.content.decode()
    assert "向阳路18号" in words(response) and "工作日 08:30—17:30" in words(response)
    listed = words(client.get("/units/"))
    assert "0000-4" in listed and "综合窗口" in listed and "未登记" in listed


def test_a_post_an_ended_unit_and_one_not_taking_part_have_no_page(client, cast):
    make.in_force(cast, title="还在履行的事")
    Organisation.objects.filter(pk=cast.window.pk).update(valid_to=timezone.localdate())
    Organisation.objects.filter(pk=cast.other_street.pk).update(taking_part=False)
    for unit in (cast.post, cast.window, cast.other_street):
        assert client.get(f"/units/{unit.pk}/").status_code == 404
    text = words(client.get("/units/"))
    assert "综合窗口" not in text and "临江街道" not in text and "主任岗" not in text


def test_a_promise_outlives_the_page_of_its_unit(client, cast):
    obligation = make.in_force(cast)
    Organisation.objects.filter(pk=cast.street.pk).update(valid_to=timezone.localdate())
    response = client.get(f"/commitments/{obligation.code}/")
    assert response.status_code == 200
    assert f'href="/units/{cast.street.pk}/"' not in response.content.decode()


def test_units_stand_under_their_street_by_division_code(client, cast):
    third = make.organisation(Level.STREET, "青松街道", cast.district, division_code="990100000500")
    groups = client.get("/units/").context["groups"]
    assert [group["unit"].name for group in groups] == ["青松街道", "向阳街道", "临江街道"]
    assert [part.name for part in groups[1]["parts"]] == ["新苑社区", "综合窗口"]
    assert third.name in words(client.get("/"))


# --- corrections -----------------------------------------------------------------------------------------------------


def test_the_log_names_what_was_changed_but_not_what_was_taken_down(client, cast):
    changed, gone = make.in_force(cast, title="改过的坡道"), make.in_force(cast, title="撤下的食堂")
    make.amended(cast, changed, reason="居民提议增加点位")
    make.withdrawn(cast, gone)
    response = client.get("/corrections/")
    text = words(response)
    assert "改过的坡道（第2版）" in text and "变更：居民提议增加点位" in text
    assert f"/commitments/{changed.code}/versions/2/" in response.content.decode()
    assert f"向阳街道：承诺（编码 {gone.code}）" in text and "撤下：引用依据有误" in text
    assert "撤下的食堂" not in text
    assert [row.action for row in response.context["page"]] == ["withdraw", "amend"]
    this_month = timezone.localdate().replace(day=1)
    months = [(m["month"].date(), m["amended"], m["withdrawn"]) for m in response.context["months"]]
    assert months == [(this_month, 1, 1)]


def test_a_change_of_something_taken_down_later_no_longer_names_it(client, cast):
    obligation = make.in_force(cast, title="金丝雀标题")
    make.amended(cast, obligation)
    make.withdrawn(cast, obligation)
    assert Correction.objects.count() == 2
    for address in ("/corrections/", "/", f"/units/{cast.street.pk}/"):
        assert "金丝雀标题" not in words(client.get(address))


def test_the_log_can_be_narrowed_to_a_unit_and_an_action(client, cast):
    make.amended(cast, make.in_force(cast))
    make.withdrawn(cast, make.in_force(cast))
    theirs = make.in_force(
        cast, by=cast.other_clerk, lead=cast.other_lead, organisation=cast.other_street, post=cast.other_post
    )

    def rows(**asked):
        return [row.action for row in client.get("/corrections/", asked).context["page"]]

    assert rows(action="amend") == ["amend"]
    assert rows(unit=cast.other_street.pk) == []
    assert rows(unit=cast.district.pk) == ["withdraw", "amend"]
    assert rows(action="publish") == ["withdraw", "amend"]
    assert theirs.publication is not None


# --- the reader's own display, and the machine -------------------------------------------------------------------------


def test_elder_mode_is_kept_for_a_year_and_can_be_left(client, db):
    response = client.get("/mode/elder/", {"next": "/units/?a=1"})
    assert (response.status_code, response["Location"]) == (302, "/units/?a=1")
    cookie = response.cookies["mode"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["path"]) == (
        "elder", 365 * 24 * 3600, "Lax", "/",
    )  # fmt: skip
    assert 'data-mode="elder"' in client.get("/").content.decode()
    client.get("/mode/plain/")
    assert 'data-mode="plain"' in client.get("/").content.decode()
    assert client.get("/mode/huge/").status_code == 404


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", "", "\x00"]
)
def test_elder_mode_leads_nowhere_else(client, db, away):
    assert client.get("/mode/elder/", {"next": away})["Location"] == "/"


def test_the_state_page_says_when_a_worker_was_last_seen(client, db):
    cache.delete(SEEN)
    assert client.get("/healthz").json() == {"database": True, "queue": True, "worker_seen_seconds": None}
    heartbeat()
    response = client.get("/healthz")
    assert response.json()["worker_seen_seconds"] in (0, 1)
    assert response.status_code == 200 and "no-store" in response["Cache-Control"]
    cache.delete(SEEN)


def test_the_state_page_says_that_the_queue_is_down(client, db, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": True, "queue": False, "worker_seen_seconds": None}
