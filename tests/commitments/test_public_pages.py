"""What residents read of a promise: all of what stands published, nothing of what does not."""

import datetime
import itertools
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from commitments.flows import AMENDMENT, PROGRESS
from commitments.models import Obligation
from longsha_credit.directory.models import Organisation
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import PublicFile
from tests import make
from tests.commitments.reader import body_of, fall_due, page, version, words

# --- nothing that is not public -------------------------------------------------------------------------------------


def public_routes(patterns=None, before=""):
    """Every route of the portal outside the desk, as (template of the address, names of its parameters)."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = before + re.sub(r"^\^|\$$", "", str(pattern.pattern))
        if hasattr(pattern, "url_patterns"):
            yield from public_routes(pattern.url_patterns, route)
        elif not route.startswith("desk/"):
            yield route


PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


def addresses(values):
    """All routes with all values of their parameters; a parameter nobody gave values for is a KeyError."""
    for route in public_routes():
        names = [one or other for one, other in PARAMETER.findall(route)]
        for chosen in itertools.product(*(values[name] for name in names)):
            given = iter(chosen)
            yield "/" + PARAMETER.sub(lambda _, given=given: str(next(given)), route)


def test_public_addresses_are_found_by_themselves():
    routes = list(public_routes())
    assert {"", "units/", "files/<str:token>/", "commitments/(?P<code>[0-9]{20})/"} <= set(routes)
    assert not [route for route in routes if route.startswith("desk")]


def test_nothing_unpublished_stands_on_any_public_page(client, cast):
    c = cast
    shown = make.in_force(c, title="公开的坡道")
    make.published_progress(c, shown, text="公开的进展")
    hidden_draft = make.draft(c, title="金丝雀甲一", content="金丝雀甲二", liability="金丝雀甲三")
    submitted = make.submitted(c, title="金丝雀乙一", content="金丝雀乙二", standard="金丝雀乙三")
    returned = make.submitted(c, title="金丝雀丙一", content="金丝雀丙二")
    GATE.take(make.review_of(returned), "return_first", by=c.lead, reason="金丝雀丙三")
    gone = make.in_force(c, title="金丝雀丁一", content="金丝雀丁二", beneficiaries="金丝雀丁三")
    gone_progress = make.published_progress(
        c, gone, text="金丝雀丁四", file=make.upload("金丝雀丁五.txt", "金丝雀丁六")
    )
    gone_tokens = list(PublicFile.objects.values_list("token", flat=True))
    make.withdrawn(c, gone)
    gone_amended = make.in_force(c, title="金丝雀庚一")
    make.amended(c, gone_amended, title="金丝雀庚二", reason="更正电话")
    make.withdrawn(c, gone_amended, remove_content=True)
    draft_progress = make.progress(
        c, shown, text="金丝雀戊一", file=make.upload("金丝雀戊二.txt", "金丝雀戊三")
    )
    waiting = make.progress(c, shown, text="金丝雀戊四", file=make.upload("金丝雀戊五.txt", "金丝雀戊六"))
    PROGRESS.take(waiting, "submit", by=c.clerk)
    change = make.amendment(c, shown, title="金丝雀己一", content="金丝雀己二", reason="金丝雀己三")
    AMENDMENT.take(change, "submit", by=c.clerk)
    post = make.organisation("post", "金丝雀岗", c.street)

    files = [
        pk
        for it in (draft_progress, waiting, gone_progress)
        for pk in it.files.values_list("sha256", flat=True)
    ]
    values = {
        "code": [
            o.code or f"{o.pk:020d}" for o in (shown, hidden_draft, submitted, returned, gone, gone_amended)
        ],
        "number": [0, 1, 2, 3, "JL2026000001"],
        "version": [0, 1],
        "pk": list(Organisation.objects.values_list("pk", flat=True)),
        "token": [*PublicFile.objects.values_list("token", flat=True), *gone_tokens, *files],
        "mode": ["elder", "plain", "other"],
        "key": ["disability", "elderly-care", "kept-rate"],
        "section": ["pages", "units", "publications"],
        "where": [
            *(f"u{pk}" for pk in Organisation.objects.values_list("pk", flat=True)),
            *(o.code or f"{o.pk:020d}" for o in (shown, hidden_draft, submitted, gone)),
        ],
        "kind": ["complaint", "nonsense"],
        "year": [2026, 1999],
    }
    seen, leaks = 0, []
    for address in addresses(values):
        for query in ("", "?state=active&sort=newest", "?action=withdraw")[
            : None if address.count("/") < 3 else 1
        ]:
            response = client.get(address + query)
            assert response.status_code < 500, address
            seen += 1
            if "金丝雀" in body_of(response):
                leaks.append(address + query)
    assert leaks == []
    assert seen > 60
    assert "公开的坡道" in words(client.get("/")) and "公开的进展" in words(page(client, shown))
    assert post.name not in words(client.get("/units/"))


def test_a_search_for_an_unpublished_word_finds_nothing(client, cast):
    make.draft(cast, title="金丝雀一")
    make.submitted(cast, content="金丝雀二")
    make.withdrawn(cast, make.in_force(cast, title="金丝雀三"))
    response = client.get("/commitments/", {"q": "金丝雀"})
    assert response.context["page"].total == 0
    assert "没有找到这样的承诺" in words(response)


def test_names_of_people_stand_on_no_page_of_a_promise(client, cast):
    obligation = make.in_force(cast)
    make.published_progress(cast, obligation)
    make.amended(cast, obligation)
    text = words(page(client, obligation)) + words(version(client, obligation, 2)) + words(client.get("/"))
    names = [cast.clerk.name, cast.lead.name, cast.reviewer.name, cast.secrecy.name]
    assert [name for name in names if name in text] == []


def test_a_visitor_can_only_read(client, cast):
    obligation = make.in_force(cast)
    for address in ("/commitments/", f"/commitments/{obligation.code}/"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200


# --- the list --------------------------------------------------------------------------------------------------------


def titles(response):
    return [row.title for row in response.context["page"]]


def test_the_list_can_be_narrowed_to_a_unit_a_field_an_area_and_a_state(client, cast):
    c = cast
    near = make.in_force(c, title="近的", due_on=make.soon(10))
    far = make.in_force(c, title="远的", due_on=make.soon(50), area="clean")
    below = make.in_force(
        c,
        by=c.community_clerk,
        title="社区的",
        due_on=make.soon(80),
        organisation=c.community,
        post=c.community_post,
    )
    late = make.in_force(c, title="过期的")
    fall_due(late, 3)

    def found(**asked):
        return titles(client.get("/commitments/", asked))

    assert found() == ["过期的", "近的", "远的", "社区的"]
    assert found(unit=c.street.pk) == ["过期的", "近的", "远的", "社区的"]
    assert found(unit=c.community.pk) == ["社区的"]
    assert found(unit=c.other_street.pk) == []
    assert found(area="clean") == ["远的"]
    assert found(field=near.service_field.key, state="near") == ["近的"]
    assert found(state="active") == ["近的", "远的", "社区的"]
    assert found(state="overdue") == ["过期的"]
    assert found(sort="newest") == ["过期的", "社区的", "远的", "近的"]
    assert found(q="新苑社区 80户") == []
    assert found(q=far.code) == ["远的"]
    assert found(q="社区 书记") == []
    assert found(q="新苑") == ["过期的", "近的", "远的", "社区的"]
    assert below.organisation.name in words(client.get("/commitments/", {"unit": c.community.pk}))


def test_the_list_opens_with_what_is_still_to_be_kept(client, cast):
    c = cast
    for title, days in [("早已办成的", 1), ("后来办成的", 3)]:
        make.ended(c, make.in_force(c, title=title, due_on=make.soon(days)))
    make.in_force(c, title="还要办的", due_on=make.soon(10))

    assert titles(client.get("/commitments/")) == ["还要办的", "后来办成的", "早已办成的"]


def test_a_promise_past_its_day_awaits_its_result_and_is_not_judged(client, cast):
    obligation = make.in_force(cast)
    fall_due(obligation, 1)
    for response in (client.get("/commitments/"), page(client, obligation)):
        assert "已过期限，等待报告结果" in words(response)
        assert not [word for word in ("未履行承诺", "未兑现", "失信") if word in words(response)]


@pytest.mark.parametrize(("days", "said"), [(0, "今天到期"), (1, "还有1天"), (8, "还有8天")])
def test_days_left_are_said_in_words(cast, days, said):
    obligation = Obligation(due_on=timezone.localdate() + datetime.timedelta(days=days))
    assert obligation.standing(timezone.localdate())[1] == said


HOSTILE = {
    "nul": {"q": "坡\x00道", "unit": "\x00", "page": "\x00"},
    "very long": {"q": "长" * 10_000, "unit": "9" * 400, "page": "9" * 400},
    "negative": {"page": "-3", "unit": "-1"},
    "emoji": {"q": "坡道😀👨‍👩‍👧", "field": "😀"},
    "html": {"q": "<script>alert(1)</script>\"'", "state": "<b>"},
    "pattern": {"q": "%_\\", "sort": "'; drop table x; --"},
    "many words": {"q": "的 " * 3000},
    "other numbers": {"page": "１２", "unit": "Ⅷ"},
    "lone surrogate": {"q": "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1")},
}


@pytest.mark.parametrize("asked", HOSTILE.values(), ids=HOSTILE)
def test_whatever_stands_in_the_address_is_answered_calmly(client, cast, asked):
    obligation = make.in_force(cast)
    for address in ("/", "/commitments/", "/units/", f"/units/{cast.street.pk}/", "/corrections/"):
        response = client.get(address, asked)
        assert response.status_code == 200, address
        assert "<script>alert" not in response.content.decode()
    assert client.get(f"/commitments/{obligation.code}/", asked).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/commitments/99010020261123000999/",
        "/commitments/９９０１００２０２６１１２３００００１２/",
        "/commitments/%00/",
        "/commitments/99010020261123000999/versions/1/",
        "/units/99999999999999999999999/",
        "/files/%00/",
        "/files/" + "x" * 5000 + "/",
        "/mode/%00/",
    ],
)
def test_an_address_that_never_was_is_not_found(client, db, address):
    assert client.get(address).status_code == 404


def test_pages_take_as_many_queries_for_five_promises_as_for_one(client, cast):
    c = cast

    def publish(n):
        obligation = make.in_force(c, title=f"第{n}件", due_on=make.soon(20 + n))
        make.published_progress(c, obligation)
        make.amended(c, obligation, due_on=make.soon(20 + n), reason="更正", content=f"更正后的内容{n}")
        return obligation

    def queries():
        counts = {}
        for address in ("/", "/commitments/", "/units/", f"/units/{c.street.pk}/", "/corrections/"):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                response = client.get(address)
            counts[address] = len(captured), response.status_code
        return counts

    publish(0)
    for_one = queries()
    for n in range(1, 5):
        publish(n)
    assert queries() == for_one
    assert client.get("/commitments/").context["page"].total == 5
    assert client.get("/corrections/").context["page"].total == 5


def test_the_second_page_goes_on_where_the_first_ended(client, cast):
    for n in range(27):
        make.in_force(cast, title=f"第{n:02d}件", due_on=make.soon(10 + n))
    first, second = (titles(client.get("/commitments/", {"page": n})) for n in (1, 2))
    assert first + second == [f"第{n:02d}件" for n in range(27)]
    assert titles(client.get("/commitments/", {"page": "999"})) == second


def test_an_unchanged_page_is_not_sent_twice(client, cast):
    make.in_force(cast)
    tag = client.get("/commitments/")["ETag"]
    assert client.get("/commitments/", headers={"if-none-match": tag}).status_code == 304
    make.in_force(cast, title="又一件")
    assert client.get("/commitments/", headers={"if-none-match": tag}).status_code == 200
