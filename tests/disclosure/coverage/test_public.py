"""What residents read of the coverage: numbers with their denominator, of what stands public only."""

from django.template.loader import render_to_string
from django.urls import reverse

from disclosure.coverage import public_reading
from longsha_credit.directory.models import Level
from tests import make
from tests.disclosure import making
from tests.disclosure.coverage import owing
from tests.disclosure.coverage.owing import TODAY


def test_residents_read_how_much_is_there_of_how_much_is_owed(cast, client, django_assert_max_num_queries):
    owing.all_duties()
    making.published(cast)
    making.notice(cast, title="还没有公开的草稿")
    url = reverse("public_coverage:overview")
    page = client.get(url).content.decode()
    assert (
        "全区应公开<strong>74</strong>项，有内容<strong>1</strong>项，其中<strong>1</strong>项在更新期内"
        in page
    )
    assert "应公开24项，有内容1项" in page
    assert "19项中0项" in page
    assert "草稿" not in page
    with django_assert_max_num_queries(10) as before:
        client.get(url)
    for number in range(9):
        make.organisation(Level.COMMUNITY, f"第{number}社区", cast.street)
    owing.all_duties()
    with django_assert_max_num_queries(10) as after:
        assert "第8社区" in client.get(url).content.decode()
    assert len(before) == len(after)


def test_nothing_to_count_is_said_and_not_counted_as_zero(empty_portal, client):
    page = client.get(reverse("public_coverage:overview")).content.decode()
    assert "还没有可以统计的" in page
    assert "全区应公开" not in page


def test_the_part_of_a_units_page_shows_its_own_fields_and_links_what_has_something(
    cast, django_assert_num_queries
):
    owing.all_duties()
    making.published(cast)
    with django_assert_num_queries(1):
        context = public_reading.of_unit(cast.street, TODAY)
    assert len(context["coverage_fields"]) == 14
    assert (context["coverage"].total, context["coverage"].filled) == (24, 1)
    part = render_to_string("disclosure/coverage/public/_unit.html", context)
    assert "应公开24项，有内容1项，其中1项在更新期内" in part
    assert part.count("<a href") == 2
    assert f"topics/elderly-care/?unit={cast.street.pk}" in part
    assert "没有由这一级公开的事项" in render_to_string(
        "disclosure/coverage/public/_unit.html", public_reading.of_unit(cast.post, TODAY)
    )
