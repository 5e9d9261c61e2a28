"""Two people bring the same rows in at the same moment, each on a connection of their own: one is told, nothing is doubled."""

import threading

import pytest
from django.db import connection

from longsha_credit.exchange import jobs
from longsha_credit.exchange.imports import running, services, staging
from records.models import Record
from tests.exchange.imports import making


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_no_duplicate(cast, monkeypatch):
    rows = [making.record(), making.record(标题="便民窗口延时服务")]
    with staging.hashed() as cursor:  # on a page too, where no transaction is open
        cursor.execute("SHOW enable_nestloop")
        assert cursor.fetchone() == ("off",)
    both = [making.checked(cast, *rows, by=by) for by in (cast.clerk, cast.lead)]
    work = [services.confirm(import_, by=import_.by) for import_ in both]
    ready = threading.Barrier(2, timeout=20)
    of = running._of

    def together(job):
        found = of(job)
        if job.kind == services.BRING_IN:
            ready.wait()  # both are inside before either has the lock
        return found

    monkeypatch.setattr(running, "_of", together)

    def bring(job):
        try:
            jobs.advance(job.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=bring, args=[job]) for job in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for job in work:
        job.refresh_from_db()
    assert sorted(job.state for job in work) == ["done", "failed"]
    assert "可能刚刚由别人导入" in "".join(job.error for job in work)
    assert sorted(Record.objects.values_list("title", flat=True)) == [
        "便民窗口延时服务",
        "老年食堂按期恢复供餐",
    ]
