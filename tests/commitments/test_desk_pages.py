"""The desk's pages: equal numbers of queries at any length, nothing of the other street, two people at one draft."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.flows import AMENDMENT, FLOW, PROGRESS
from commitments.models import Obligation
from longsha_credit.directory.models import Level
from longsha_credit.directory.roles import Role
from longsha_credit.publication.models import Review
from tests import make

CANARY = "临江街道才知道的事"


def queries(browser, url):
    """How many queries the page takes, its cached parts warm."""
    assert browser.get(url).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as seen:
        page = browser.get(url)
    assert page.status_code == 200
    return len(seen), page


def drafts(c, number):
    for n in range(number):
        make.draft(c, title=f"承诺{n}")


def reviews(c, number):
    for n in range(number):
        make.submitted(c, title=f"承诺{n}")


def standing(c, number):
    for n in range(number):
        make.in_force(c, title=f"承诺{n}", due_on=make.soon(10))


def windows(c, number):
    for n in range(number):
        make.organisation(Level.WINDOW, f"窗口{n}", c.street)


def accounts(c, number):
    for n in range(number):
        make.user(f"person{n}", Role.CLERK, c.street)


# The page, who reads it, what makes it longer.
LISTS = {
    "commitments": ("commitments:list", "clerk", drafts),
    "commitments in force": ("commitments:list", "reviewer", standing),
    "reviews that wait for me": ("reviews:list", "lead", reviews),
    "the clerk's desk": ("desk", "clerk", standing),
    "the lead's desk": ("desk", "lead", reviews),
    "the district's desk": ("desk", "reviewer", windows),
    "units": ("organisations:list", "reviewer", windows),
    "accounts": ("accounts:list", "sysadmin", accounts),
    "entries": ("audit:list", "auditor", drafts),
}


@pytest.mark.parametrize("what", LISTS)
def test_a_list_takes_as_many_queries_for_nine_rows_as_for_one(cast, signed_in, what):
    name, who, more = LISTS[what]
    browser = signed_in(getattr(cast, who))
    cache.clear()
    more(cast, 1)
    one, short = queries(browser, reverse(name))
    more(cast, 8) if more not in (windows, accounts) else _others(cast, more)
    nine, long = queries(browser, reverse(name))
    assert len(long.content) > len(short.content)
    assert nine == one


def _others(c, more):
    """Names are unique here: the first stands already."""
    kind = {"windows": lambda n: make.organisation(Level.WINDOW, f"另一窗口{n}", c.street)}
    for n in range(8):
        kind.get(more.__name__, lambda n: make.user(f"other-person{n}", Role.CLERK, c.street))(n)


def test_a_commitment_takes_as_many_queries_with_ten_published_reports_as_with_one(cast, signed_in):
    """A report still a draft costs its own: whether it can be submitted is asked of the database."""
    obligation, browser = make.in_force(cast), signed_in(cast.clerk)
    url = reverse("commitments:page", args=[obligation.pk])
    make.published_progress(cast, obligation)
    make.amended(cast, obligation)
    make.progress(cast, obligation)
    one, _ = queries(browser, url)
    for _n in range(9):
        make.published_progress(cast, obligation)
    ten, page = queries(browser, url)
    assert page.content.decode().count("首批8处建成。") >= 11
    assert ten == one


def test_lists_and_counts_of_the_desk_leave_out_the_other_street(cast, signed_in):
    theirs = {
        "organisation": cast.other_street,
        "post": cast.other_post,
        "title": CANARY,
        "due_on": make.soon(5),
    }
    make.submitted(cast, by=cast.other_clerk, **theirs)
    make.draft(cast, by=cast.other_clerk, **theirs)
    make.in_force(cast, by=cast.other_clerk, lead=cast.other_lead, **theirs)
    for who in ("clerk", "lead", "community_clerk", "outsider", "panel", "official"):
        browser = signed_in(getattr(cast, who))
        for url in (
            reverse("desk"),
            reverse("commitments:list"),
            reverse("commitments:list") + f"?q={CANARY[:4]}",
            reverse("reviews:list"),
            reverse("reviews:list") + "?view=all",
            reverse("organisations:list"),
        ):
            page = browser.get(url).content.decode()
            assert CANARY not in page, (who, url)
            counted = re.findall(r'desk-count">\s*(\d+)', page)
            assert set(counted) <= {"0"}, (who, url, counted)
    page = signed_in(cast.other_clerk).get(reverse("commitments:list")).content.decode()
    assert page.count(CANARY) == 3


def draft_data(c, **changes):
    terms = make.terms(c) | changes
    names = ("service_field", "post", "organisation")
    return {name: getattr(v, "pk", v) if name in names else v for name, v in terms.items()}


def test_from_the_first_word_to_the_public_page_through_the_desk(cast, signed_in):
    clerk, lead, reviewer, secrecy = (
        signed_in(p) for p in (cast.clerk, cast.lead, cast.reviewer, cast.secrecy)
    )
    data = draft_data(cast, uploads=[make.upload("图纸.txt", "图纸说明")])
    saved = clerk.post(reverse("commitments:new"), data)
    obligation = Obligation.objects.get()
    page = reverse("commitments:page", args=[obligation.pk])
    assert (saved.status_code, saved.url, obligation.state) == (302, page, "draft")
    assert [f.name for f in obligation.files.all()] == ["图纸.txt"]

    assert clerk.post(reverse("commitments:step", args=[obligation.pk, "submit"])).url == page
    review = Review.objects.get()
    for browser, step, given in (
        (lead, "pass_first", {}),
        (reviewer, "pass_second", {}),
        (secrecy, "pass_secrecy", make.ANSWERS),
    ):
        assert review.title in browser.get(reverse("desk")).content.decode()
        assert browser.get(reverse("reviews:page", args=[review.pk])).status_code == 200
        done = browser.post(reverse("reviews:step", args=[review.pk, step]), given)
        assert (done.status_code, done.url) == (302, reverse("reviews:list"))
    obligation.refresh_from_db()
    assert obligation.state == "in_force"
    assert "看公开页面" in clerk.get(page).content.decode()
    stranger = signed_in(cast.outsider)
    stranger.logout()
    assert obligation.title in stranger.get(obligation.publication.get_absolute_url()).content.decode()


def test_after_a_step_the_next_review_opens_by_itself(cast, signed_in):
    first, second = make.submitted(cast, title="先到的"), make.submitted(cast, title="后到的")
    lead = signed_in(cast.lead)
    done = lead.post(reverse("reviews:step", args=[make.review_of(first).pk, "pass_first"]))
    assert done.url == reverse("reviews:page", args=[make.review_of(second).pk])


EDITS = {
    "commitments:edit": (make.draft, "content", {}),
    "commitments:amendment_edit": (
        lambda c: make.amendment(c, make.in_force(c)),
        "content",
        {"reason": "居民提议"},
    ),
    "commitments:progress_edit": (lambda c: make.progress(c, make.in_force(c)), "text", {}),
}


@pytest.mark.parametrize("name", EDITS)
def test_the_second_to_save_is_told_and_keeps_the_input(cast, signed_in, name):
    made, field, extra = EDITS[name]
    obj = made(cast)
    url = reverse(name, args=[obj.pk])
    clerk, lead = signed_in(cast.clerk), signed_in(cast.lead)
    data = draft_data(cast) | extra
    if field == "text":
        data = {"as_of": make.soon(0), "done": 9, "text": "写到一半"}
    seen = clerk.get(url).context["form"]["seen"].value()
    assert seen
    assert lead.post(url, data | {field: "负责人先保存的", "seen": seen}).status_code == 302
    late = clerk.post(url, data | {field: "经办人后保存的", "seen": seen})
    assert late.status_code == 422
    page = late.content.decode()
    assert "同事刚刚保存过，您填的还没有保存" in page
    assert "同事写的是：负责人先保存的。" in page
    assert "经办人后保存的" in page
    assert getattr(type(obj).objects.get(pk=obj.pk), field) == "负责人先保存的"
    shown = late.context["form"]["seen"].value()
    assert clerk.post(url, data | {field: "经办人看过以后写的", "seen": shown}).status_code == 302
    assert getattr(type(obj).objects.get(pk=obj.pk), field) == "经办人看过以后写的"


def test_what_was_submitted_while_the_form_was_open_is_not_changed(cast, signed_in):
    draft, clerk = make.draft(cast), signed_in(cast.clerk)
    url = reverse("commitments:edit", args=[draft.pk])
    seen = clerk.get(url).context["form"]["seen"].value()
    FLOW.take(draft, "submit", by=cast.lead)
    late = clerk.post(url, draft_data(cast, content="来晚了", seen=seen), follow=True)
    assert "审查中" in late.content.decode()
    draft.refresh_from_db()
    assert draft.content != "来晚了"


@pytest.mark.parametrize(
    ("name", "flow", "made"),
    [
        ("commitments:step", FLOW, make.draft),
        ("commitments:amendment_step", AMENDMENT, lambda c: make.amendment(c, make.in_force(c))),
        ("commitments:progress_step", PROGRESS, lambda c: make.progress(c, make.in_force(c))),
    ],
)
def test_a_refusal_is_a_sentence_on_the_page(cast, signed_in, name, flow, made):
    obj = made(cast)
    flow.take(obj, "submit", by=cast.clerk)
    again = signed_in(cast.clerk).post(reverse(name, args=[obj.pk, "submit"]), follow=True)
    assert again.status_code == 200
    assert re.search("现在是“.*”，不能提交审查。", again.content.decode())
