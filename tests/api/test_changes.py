"""The feed of changes follows the ledger in the order of its commits; whoever replays it has what is public now."""

import threading

import pytest
from django.db import connection, transaction

from longsha_credit.publication.models import LedgerEntry, Publication
from tests import make
from tests.disclosure import making as notices
from tests.records import making as records

CHANGES = "/api/v1/changes/"


def replayed(client, standing, after=0, size=2):
    """The copy of somebody who reads all changes after a number: {object: version}, and the last number."""
    while True:
        page = client.get(CHANGES, {"after": after, "page_size": size}).json()
        for change in page["results"]:
            if change["action"]["key"] == "withdraw":
                del standing[change["object"]]
            else:
                standing[change["object"]] = (change["kind"]["key"], change["code"], change["version"])
        after = page["last"]
        if page["next"] is None:
            return standing, after


def public_now():
    return {it.pk: (it.kind, it.reference, it.version) for it in Publication.objects.public()}


def test_replaying_the_feed_gives_what_is_public_now(cast, client):
    kept, gone = make.in_force(cast), make.in_force(cast, title="要撤下的")
    notices.published(cast)
    make.amended(cast, kept, target=30)
    standing, last = replayed(client, {})
    assert standing == public_now() and len(standing) == 3
    make.withdrawn(cast, gone, remove_content=True)
    records.public(cast)
    more, end = replayed(client, dict(standing), after=last)
    assert more == public_now() != standing
    assert replayed(client, {})[0] == more
    assert client.get(CHANGES, {"after": end}).json() == {"last": end, "next": None, "results": []}


def test_a_change_has_numbers_and_a_hash_and_not_a_word(cast, client):
    it = make.withdrawn(cast, make.in_force(cast, title="金丝雀", content="金丝雀内容"))
    published, withdrawn = client.get(CHANGES).json()["results"]
    entry = LedgerEntry.objects.public(withdrawn=True).order_by("id")[0]
    assert published == {
        "seq": entry.pk, "at": published["at"], "action": {"key": "publish", "name": "公开"}, "object": it.publication_id,
        "kind": {"key": "commitment", "name": "承诺"}, "code": it.code,
        "organisation": {"id": cast.street.pk, "name": "向阳街道"}, "version": 1, "sha256": entry.content_hash, "url": None,
    }  # fmt: skip
    assert (withdrawn["action"]["key"], withdrawn["sha256"]) == ("withdraw", entry.content_hash)


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "１", "9" * 30, "\x00"])
def test_a_number_that_is_none_is_told(cast, client, after):
    response = client.get(CHANGES, {"after": after})
    assert response.status_code == 400 and response.json()["parameters"].keys() == {"after"}


@pytest.mark.django_db(transaction=True)
def test_a_later_number_never_comes_before_an_earlier_one(cast):
    """Two publish at once: the second waits with its number until the first is through."""
    one, other = make.submitted(cast), make.submitted(cast, title="另一件")
    for it in (one, other):
        make.review_of(it)
    began, done = threading.Event(), []

    def publish_the_other():
        try:
            began.set()
            make.passed(cast, other)
            done.append(LedgerEntry.objects.get(publication__object_id=other.pk).pk)
        finally:
            connection.close()

    thread = threading.Thread(target=publish_the_other)
    with transaction.atomic():
        make.passed(cast, one)
        thread.start()
        began.wait()
        thread.join(timeout=1.0)
        assert not done
    thread.join()
    assert LedgerEntry.objects.get(publication__object_id=one.pk).pk < done[0]
