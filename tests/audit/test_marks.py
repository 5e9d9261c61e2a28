"""The mark of a table is another one after every change of its rows, for everybody at the moment of the commit."""

import threading

import pytest
from django.db import connection, transaction

from longsha_credit.audit import marks
from longsha_credit.audit.models import TableChange
from longsha_credit.publication.models import ServiceField

TABLE = ServiceField._meta.db_table


def mark():
    return marks.mark_of([TABLE])


def test_a_mark_changes_with_every_statement_that_changes_rows_and_with_no_other(db):
    seen = [mark()]
    for change in (
        lambda: ServiceField.objects.create(order=99, key="x", name="试的", basis="试"),
        lambda: ServiceField.objects.filter(key="x").update(name="改的"),
        lambda: ServiceField.objects.filter(key="x")._raw_delete("default"),
    ):
        change()
        seen.append(mark())
    assert len(set(seen)) == 4
    ServiceField.objects.filter(key="x").update(name="没有这一行")
    assert mark() == seen[-1] and marks.mark_of(["directory_organisation"]) != mark()
    number = TableChange.objects.filter(table_name=TABLE).count()
    assert number >= 3 and marks.fold() >= number
    assert mark() == seen[-1] and TableChange.objects.filter(table_name=TABLE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_not_committed_is_in_nobodys_mark_and_what_is_rolled_back_in_none():
    before, found = mark(), []

    def look():
        found.append(mark())
        connection.close()

    with transaction.atomic():
        ServiceField.objects.filter(order=1).update(name="改着")
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert found == [before] and mark() != before
        transaction.set_rollback(True)
    assert mark() == before
