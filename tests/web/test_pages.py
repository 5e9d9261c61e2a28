"""Pages of a list never fail, and cost the same at any length."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import RequestFactory

from longsha_credit.web.pages import COUNT_CAP, page_of


def at(page=None):
    return RequestFactory().get("/", {} if page is None else {"page": page})


@pytest.mark.parametrize("page", [None, "1", "", "0", "-3", "x", "1.5", "２x", "\x00", "9" * 5000])
def test_a_bad_number_is_a_page(page):
    assert len(page_of(at(page), list(range(60)))) in (25, 10)


def test_a_number_behind_the_end_is_the_last_page():
    page = page_of(at("99"), list(range(60)))
    assert (page.number, list(page), page.has_next, page.last_number) == (3, list(range(50, 60)), False, 3)


def test_an_empty_list_is_one_empty_page():
    page = page_of(at("2"), [])
    assert (page.number, len(page), page.total_text, page.has_other_pages) == (1, 0, "0", False)


def test_a_long_list_is_not_counted_to_its_end():
    page = page_of(at("3"), list(range(COUNT_CAP + 500)))
    assert (page.total_text, page.last_number, page.has_next) == ("1000+", None, True)


@pytest.mark.django_db
@pytest.mark.parametrize("per_page", [1, 5, 1000])
def test_a_page_costs_two_queries(django_assert_num_queries, per_page):
    with django_assert_num_queries(2):
        page_of(at("1"), ContentType.objects.order_by("pk"), per_page)
