"""What the desk's front page and its menu say: what waits, counted once; and to those for whom nothing waits, why."""

import re

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from longsha_credit.directory.models import Membership, User
from longsha_credit.directory.scope import Viewer
from longsha_credit.home import menu, todo
from tests import make
from tests.commitments import ledger
from tests.records import making


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("official", "查看记在您名下的诚信记录"),
        ("panel", "分给您评的单位在这里"),
        ("outsider", "还没有任用资格"),
        ("supervisor", "督导员只查看，不办理"),
        ("clerk", "有人退回、有承诺快到期、有审查等您时"),
        ("reviewer", "有审查等您时，会出现在这里"),
    ],
)
def test_an_empty_desk_says_what_is_true_of_the_role(cast, signed_in, who, said):
    sentences = {"现在没有由您办理的事", "还没有任用资格", "督导员只查看，不办理"}
    main = signed_in(getattr(cast, who)).get(reverse("desk")).content.decode().partition("<main")[2]
    assert said in main
    assert not any(other in main for other in sentences - {said})


@pytest.fixture
def much_to_do(cast):
    """Work of many kinds: for the street, for the district, and for the street next to it."""
    make.draft(cast)
    make.submitted(cast)
    make.progress(cast, make.in_force(cast))
    make.in_force(cast, due_on=make.soon(9))
    make.reported(cast, make.in_force(cast))
    making.submitted(cast)
    ledger.planned(cast)
    make.draft(
        cast,
        by=cast.other_clerk,
        organisation=cast.other_street,
        post=cast.other_post,
    )
    return cast


def fresh(user) -> User:
    """The user as the next request reads it."""
    return User.objects.get(pk=user.pk)


def test_what_is_counted_is_what_is_there_in_one_round_trip(much_to_do, django_assert_num_queries):
    c, seen = much_to_do, set()
    for user in (c.clerk, c.lead, c.reviewer, c.office, c.other_clerk, c.official, c.sysadmin, c.outsider):
        user = fresh(user)
        Viewer.of(user)  # what the request has read by then
        with django_assert_num_queries(1):
            found = todo.numbers(user)
        waiting = {kind["key"]: kind for kind in todo.waiting(user, found)}
        for kind in todo.WORK:
            assert waiting[kind.key]["count"] == len(waiting[kind.key]["items"]) == len(kind.rows(user))
        seen |= {key for key, kind in waiting.items() if kind["count"]}
        assert sum(found.of_kind.values()) == sum(found.at.values())
    assert seen >= {"drafts", "reviews", "progress", "verify", "records", "ledger", "due"}


def test_every_kind_of_work_stands_at_an_entry_of_the_menu(much_to_do, rf: RequestFactory):
    addresses = {address for _, _, entries in menu.MENU for address in entries.values()}
    assert {kind.menu for kind in todo.WORK} <= addresses
    user = fresh(much_to_do.clerk)
    found = todo.numbers(user)
    shown = {
        item["url"]: item["count"]
        for group in menu.navigation(rf.get("/desk/"), user, found)
        for item in group["items"]
        if item["count"]
    }
    assert shown == {reverse(a): n for a, n in found.at.items() if n and a in addresses} != {}


def test_whose_membership_ends_or_begins_is_counted_for_by_what_it_is_now(much_to_do):
    """The statement is kept for who asks what: never for who somebody was."""
    c = much_to_do
    before = todo.numbers(fresh(c.clerk)).of_kind
    assert before["drafts"] == 1
    held = Membership.objects.filter(user=c.clerk)
    held.update(ended_on=timezone.localdate())
    assert sum(todo.numbers(fresh(c.clerk)).of_kind.values()) == 0
    make.Membership.objects.create(
        user=c.outsider, organisation=c.street, role="clerk", started_on=make.LONG_AGO
    )
    assert todo.numbers(fresh(c.outsider)).of_kind == before


def test_the_kept_statement_says_what_it_would_say_written_anew(much_to_do):
    c, today = much_to_do, timezone.localdate()
    for user in (c.clerk, c.reviewer, c.office):
        viewer = Viewer.of(fresh(user))
        assert todo._counting(viewer, today) == todo._counting.__wrapped__(viewer, today)


@pytest.mark.parametrize("who", ["official", "sysadmin", "auditor"])
def test_who_has_no_work_is_told_what_each_entry_is_for(cast, signed_in, who):
    page = signed_in(getattr(cast, who)).get(reverse("desk")).content.decode()
    told = re.findall(r"<dt><a [^>]*>([^<]+)</a></dt><dd>([^<]*)</dd>", page)
    assert told and [label for label, words in told if not words] == []
