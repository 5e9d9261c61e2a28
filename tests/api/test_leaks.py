"""Nothing but what stands published is in any answer: canaries in every row around it, walked page by page."""

import datetime
import io
import itertools
import re

import openpyxl
import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments import services
from commitments.flows import FLOW
from disclosure.models import Duty
from evaluation.demonstration import awards
from evaluation.demonstration.flows import AWARD, NOTICE
from evaluation.models import Cycle, IndicatorSet
from longsha_credit.directory.models import Official, Organisation, Posting
from longsha_credit.home import api, packages
from longsha_credit.programme.models import Year
from longsha_credit.publication.models import LedgerContent, Publication
from longsha_credit.publication.registry import kinds
from tests import make
from tests.commitments import ledger
from tests.commitments.reader import body_of
from tests.disclosure import making as notices
from tests.disclosure.scenes import making as scenes
from tests.evaluation.demonstration import making as demonstrating
from tests.evaluation.standards import making as evaluating
from tests.programme import years
from tests.programme.contests import making as contests
from tests.programme.education import making as teaching
from tests.records import making as records

CANARY = "金丝雀"
PEOPLE = [
    "周岚", "李主任", "许宁", "王主任", "社区经办", "韩叙", "秦川", "严密", "区办", "区主任", "评委", "审计", "管理员",
]  # fmt: skip


@pytest.fixture(scope="module")
def garden(module_cast):
    """Published promises, and around them everything that is not public, each with a canary in it."""
    c = module_cast
    Official.objects.create(name=f"{CANARY}某", staff_number=f"{CANARY}-007", organisation=c.street)
    make.draft(c, title=f"{CANARY}草稿")
    c.in_review = make.submitted(c, content=f"{CANARY}审查中")
    c.discarded = make.draft(c, title=f"{CANARY}作废")
    FLOW.take(c.discarded, "discard", by=c.clerk, reason=f"{CANARY}作废理由")
    c.withdrawn = make.withdrawn(c, make.in_force(c, title=f"{CANARY}撤下"))
    c.removed = make.withdrawn(c, make.in_force(c, title=f"{CANARY}移除"), remove_content=True)
    c.asked = make.in_force(c)
    FLOW.take(c.asked, "ask_withdrawal", by=c.clerk, reason=f"{CANARY}申请理由")
    c.changing = make.in_force(c)
    services.save_amendment(_amendment(c), by=c.clerk)
    make.progress(c, c.changing, text=f"{CANARY}进展草稿")
    make.result(c, c.changing, text=f"{CANARY}结果草稿")
    ending = make.in_force(c, title="等待核验的")
    make.reported(c, ending)
    make.verification(c, ending, "none", text=f"{CANARY}认定草稿", consequence=f"{CANARY}追究")
    made = make.in_force(c, content=f"{CANARY}旧版内容")
    make.amended(c, made, content="改好的内容。", reason="改正错处")
    Organisation.objects.filter(pk=c.post.pk).update(address=f"{CANARY}岗位地址")
    make.organisation("street", f"{CANARY}不参加街道", c.district, taking_part=False)
    make.organisation("window", f"{CANARY}停用窗口", c.street, valid_to=make.LONG_AGO)
    _others(c)
    return c


def _others(c):
    """Of every other kind something public, and a draft, something under review and something taken down."""
    told = {"title": f"{CANARY}标题"}
    notices.notice(c, **told), notices.submitted(c, notices.notice(c, **told))
    notices.revision(c, notices.published(c), **told)
    notices.withdrawn(c, notices.published(c, **told), remove_content=True)
    Duty.objects.begin_missing(timezone.localdate())
    records.public(c), records.draft(c, **told), records.confirmed(c, **told)
    c.revoked = records.revoked(c, records.public(c, facts=f"{CANARY}事实", **told))
    scenes.draft(c, **told), scenes.submitted(c, **told)
    shown = scenes.long_public(c)
    scenes.revision(c, shown, **told), scenes.month(c, shown, note=f"{CANARY}备注")
    c.scene_gone = scenes.withdrawn(c, scenes.public(c, **told))
    contests.revision(c, **told), contests.draft(c, **told)
    contests.withdrawn(c, contests.public(c, **told))
    teaching.shown(c), teaching.sheet(c, **told), teaching.planned(c, **told)
    teaching.ended(teaching.SHEET, teaching.shown(c, **told), c)
    teaching.public_edition(c), teaching.edition(c, **told), teaching.internal(c, **told)
    teaching.ended(teaching.EDITION, teaching.public_edition(c, **told), c)
    item = ledger.shown(c, holder_label="权利人甲", details=f"{CANARY}欠着什么")
    ledger.clue(c, **told), ledger.progress(c, ledger.rectifying(c, item), text=f"{CANARY}进展")
    ledger.sheet(c, ledger.found(c), **told)
    gone = ledger.found(c, instrument=f"{CANARY}文书")
    ledger.SHEET.take(ledger.sheet(c, gone, title=f"{CANARY}标题"), "submit", by=c.office)
    withdrawing = ledger.withdrawing(c, gone)
    ledger.SHEET.take(withdrawing, "approve_withdrawal", by=c.reviewer2)
    evaluating.draft(c, "street")
    IndicatorSet.objects.filter(state="draft").update(title=f"{CANARY}指标")
    _judged(c)
    Year.objects.filter(pk=years.copied(c, timezone.localdate().year + 1).pk).update(title=f"{CANARY}明年")
    holder = Official.objects.get(staff_number=f"{CANARY}-007")
    Posting.objects.create(official=holder, post=c.post, started_on=make.LONG_AGO)


def _judged(c):
    """An award that stands; one that was revoked, its notice taken down; a draft of an award and of a notice."""
    demonstrating.awarded(c)
    again = demonstrating.candidate(c, demonstrating.next_cycle(c, Cycle.objects.get()))
    notice = demonstrating.notice(c, again)
    notice.text = f"{CANARY}公示{notice.text}"
    awards.save_notice(notice, [again], by=c.office)
    NOTICE.take(notice, "submit", by=c.office, today=make.LONG_AGO)
    award = demonstrating.award(c, demonstrating.passed(c, notice, today=make.LONG_AGO))
    award.reason = f"{CANARY}评定"
    AWARD.take(awards.save_award(award, by=c.office), "submit", by=c.office)
    for flow, row in ((AWARD, demonstrating.passed(c, award)), (NOTICE, notice)):
        flow.take(row, "ask_withdrawal", by=c.office, reason="材料不实")
        flow.take(row, "approve_withdrawal", by=c.reviewer)
    street = demonstrating.award(
        c, of=demonstrating.cycle(c, "street"), unit=c.other_street, by=c.other_clerk
    )
    street.reason = f"{CANARY}评定"
    awards.save_award(street, by=c.office)
    window = demonstrating.notice(c, of=demonstrating.cycle(c, "window"), unit=c.window, by=c.clerk)
    window.text = f"{CANARY}公示"
    awards.save_notice(window, list(window.applications.all()), by=c.office)


@pytest.fixture
def planted(garden, db):
    return garden


def _amendment(c):
    it = services.new_amendment(c.changing)
    it.title, it.reason = f"{CANARY}变更", f"{CANARY}变更理由"
    return it


def walk(client, address):
    """The texts of every page of a list."""
    while address:
        response = client.get(address)
        assert response.status_code == 200
        yield response.content.decode()
        address = response.json()["next"]


def key_of(resource, row):
    """By what a row is read alone: its own number, or that of the unit it is about."""
    name = resource.lookup_url_kwarg or resource.lookup_field.replace("pk", "id")
    return row[name] if name in row else row["organisation"]["id"]


def everything(client):
    """Every public answer by its address: lists to their end, each row by itself, tables, packages, feed, pages."""
    for name, resource in api.OPEN.items():
        address = f"/api/v1/{name}/?page_size=3"
        while address:
            response = client.get(address)
            assert response.status_code == 200, address
            yield address, response.content.decode()
            for row in response.json()["results"]:
                if hasattr(resource, "retrieve"):
                    key = key_of(resource, row)
                    one = client.get(f"/api/v1/{name}/{key}/")
                    assert one.status_code == 200, (name, key)
                    yield name, one.content.decode()
            address = response.json()["next"]
    for name in api.TABLES:
        for kind in ("csv", "json", "jsonl"):
            yield f"{name}.{kind}", body_of(client.get(f"/api/v1/{name}.{kind}"))
        yield f"{name}.xlsx", _cells(b"".join(client.get(f"/api/v1/{name}.xlsx").streaming_content))
    packages.nightly()
    for file in packages.current().files.all():
        content = b"".join(client.get(reverse("package_file", args=[file.pk])).streaming_content)
        yield file.name, _cells(content) if file.form == "xlsx" else content.decode()
    for address in ("/open-data/", "/api/v1/schema/", "/api/v1/docs/"):
        yield address, client.get(address).content.decode()


def _cells(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return "\n".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row)


def test_nothing_that_is_not_public_is_in_any_answer_table_package_or_feed(planted, client):
    found = dict.fromkeys(api.OPEN, 0)
    for where, text in everything(client):
        assert CANARY not in text, where
        assert not [person for person in PEOPLE if person in text], where
        name = where.removeprefix("/api/v1/").partition("/")[0]
        found[name] = found.get(name, 0) + ('"results":[{' in text)
    assert [name for name in api.OPEN if not found[name]] == []  # each resource had something to show


# What is never taken down by itself: it goes with the promise or the item it belongs to, or is told anew.
NOT_TAKEN_DOWN = {"progress", "result", "verdict", "rectification_step", "scene_month", "contest_result"}
ONLY_NUMBERS = {"contest_result"}


def test_of_every_published_kind_a_draft_and_what_was_taken_down_were_there(planted, db):
    """So that the walks mean something: a canary in a draft of each kind, and in one of each that can be taken down."""
    silent = [
        kind.label
        for kind in kinds()
        if kind.key not in ONLY_NUMBERS
        and not any(
            CANARY in kind.candidate(row).canonical()
            for row in kind.model.objects.filter(state__in=("draft", "in_review"))
        )
    ]
    assert silent == []
    down = Publication.objects.filter(withdrawn_at__isnull=False)
    told = LedgerContent.objects.filter(text__contains=CANARY, entry__publication__in=down)
    removed = LedgerContent.objects.filter(removed_at__isnull=False, entry__publication__in=down)
    gone = {
        row.entry.publication.kind
        for rows in (told, removed)
        for row in rows.select_related("entry__publication")
    }
    assert {kind.key for kind in kinds()} - gone == NOT_TAKEN_DOWN


def test_no_canary_is_in_any_answer(planted, client):
    lists = ("/api/v1/organisations/?page_size=2", "/api/v1/commitments/?page_size=2")
    texts = [text for address in lists for text in walk(client, address)]
    assert len(texts) >= 5
    codes = [planted.in_review.code, planted.withdrawn.code, planted.removed.code, planted.asked.code]
    details = [client.get(f"/api/v1/commitments/{code}/") for code in codes]
    assert [response.status_code for response in details] == [404, 410, 410, 200]
    units = [client.get(f"/api/v1/organisations/{unit.pk}/") for unit in Organisation.objects.all()]
    assert sorted({response.status_code for response in units}) == [200, 404]
    asked = [
        client.get("/api/v1/commitments/", {"q": CANARY}),
        client.get("/api/v1/organisations/", {"q": CANARY}),
        client.get("/api/v1/schema/"),
        client.get("/api/v1/docs/"),
    ]
    assert [response.json()["count"] for response in asked[:2]] == [0, 0]
    texts += [response.content.decode() for response in [*details, *units, *asked]]
    for text in texts:
        assert CANARY not in text
        assert not [person for person in PEOPLE if person in text]


def test_the_canaries_are_where_they_would_be_found(planted, client):
    """The walk would see one: planted in a published promise, it is there."""
    make.in_force(planted, title=f"{CANARY}公开的")
    assert any(CANARY in text for text in walk(client, "/api/v1/commitments/?page_size=2"))


# --- ETags: nothing is called unchanged that changed ------------------------------------------------------------------

TABLE = re.compile(r'(?:FROM|JOIN)\s+"?([a-z]+_[a-z]+)"?')
# Joined for the names of desk pages; no column of theirs is given out, which the walks above hold.
NOT_SHOWN = {"directory_user", "directory_official"}
ANY = {
    "organisation": 1,
    "q": "单位",
    "topic": "elderly-care",
    "need": "elderly-care",
    "service_field": "disability",
    "year": "2026",
}


def asked_of(client, name, resource):
    """Addresses of a resource: its list, the list by each parameter it knows, one row, a table."""
    address, found = f"/api/v1/{name}/", client.get(f"/api/v1/{name}/").json()["results"]
    yield address
    if hasattr(resource, "retrieve"):
        yield f"{address}{key_of(resource, found[0])}/"
    if name in api.TABLES:
        yield f"/api/v1/{name}.jsonl"
    for parameter, one in resource.filterset_class.base_filters.items():
        options = [key for key, _ in one.extra.get("choices", ())]
        day = "2026-01-01" if type(one).__name__ == "DateFilter" else None
        unit = Organisation.objects.get(level="district").pk
        yield f"{address}?{parameter}={options[0] if options else day or ANY.get(parameter, unit)}"


@pytest.mark.parametrize("name", api.OPEN)
def test_a_resource_names_every_table_it_is_read_from_and_their_changes_are_noted(planted, client, name):
    resource = api.OPEN[name]
    addresses = list(asked_of(client, name, resource))
    with CaptureQueriesContext(connection) as seen:
        for address in addresses:
            assert client.get(address).status_code == 200, address
    read = {table for query in seen for table in TABLE.findall(query["sql"])} - {"audit_tablechange"}
    assert read - NOT_SHOWN == set(resource.reads)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgenabled = 'O' AND tgname LIKE 'note\\_%%'"
            " GROUP BY tgrelid HAVING count(*) = 3"
        )
        assert set(resource.reads) <= {table for (table,) in cursor.fetchall()}


@pytest.mark.parametrize("name", api.OPEN)
def test_what_did_not_change_is_answered_by_one_query_and_any_change_of_it_by_all(planted, client, name):
    resource = api.OPEN[name]
    for address in itertools.islice(asked_of(client, name, resource), 3):
        first, head = client.get(address), client.head(address)
        assert head["ETag"] == first["ETag"] and not body_of(head), address
        for method in (client.get, client.head):
            with CaptureQueriesContext(connection) as seen:
                again = method(address, headers={"if-none-match": first["ETag"]})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"]), address
            assert len(seen) == (
                2 if name == "contests" else 1
            )  # a contest also opens and closes by the clock
        with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
            assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200
        for table in resource.reads:
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET id = id WHERE FALSE")
            same = client.get(address, headers={"if-none-match": first["ETag"]})
            assert same.status_code == 304, table
            if touched(table):
                changed = client.get(address, headers={"if-none-match": first["ETag"]})
                assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False), (
                    address,
                    table,
                )
                first = changed


def touched(table) -> bool:
    """Whether a row of the table could be written again as it is; rows that are only ever added cannot."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET id = id WHERE id = (SELECT min(id) FROM {table})")
            return cursor.rowcount > 0
    except IntegrityError:
        return False
