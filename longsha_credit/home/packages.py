"""The nightly packages of open data: every public resource whole, as files, each with its hash and its fields in words.

A package is good only while nothing was taken down since it was begun: how many withdrawals there were before its first
row was read is kept with it, and where there are more by now nobody gets it. So what is taken down is in no download
from that moment, whatever was copied before, and the next run makes a package without it within the quarter of an hour.
"""

import csv
import datetime
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any

from celery import shared_task
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import RequestFactory
from django.utils import timezone
from openpyxl import Workbook
from rest_framework.utils.encoders import JSONEncoder

from longsha_credit.exchange.sheets import neutral
from longsha_credit.home import api
from longsha_credit.publication.api import head
from longsha_credit.publication.models import DataPackage, LedgerEntry, PackageFile

FOLDER = "open-data"
FORMS = {"csv": "CSV", "xlsx": "Excel", "jsonl": "JSON Lines", "fields": "栏目说明"}
ONE_AT_A_TIME = 8_540_002  # the number of the lock
MOST_IN_EXCEL = 1_000_000  # rows a sheet can hold; the other forms have all


def withdrawn() -> int:
    """How many withdrawals there have been; only ever more."""
    return LedgerEntry.objects.public(withdrawn=True).filter(action="withdraw").count()


def current() -> DataPackage | None:
    """The newest package that may be given out, with its files."""
    rows = DataPackage.objects.public(withdrawn()).prefetch_related("files")
    return rows.newest_first().first()


@shared_task
def nightly() -> int:
    return make_if_due()


def make_if_due() -> int:
    """Make today's package unless there is one that still holds; the number of files made.

    Safe to run late, twice or beside itself: one process makes it, the others leave it to that one.
    """
    with _alone() as first:
        if not first:
            return 0
        package, today = current(), timezone.localdate()
        made = 0 if package and package.day == today else _make()
        _clear()
        return made


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])
        first = cursor.fetchone()[0]
    try:
        yield first
    finally:
        if first:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def _make() -> int:
    """All files first, then the package is given out at one stroke: nobody meets half of one."""
    package = DataPackage.objects.create(
        day=timezone.localdate(), begun_at=timezone.now(), head=head(), withdrawn=withdrawn()
    )
    made = [
        row for name, label in api.TABLES.items() for row in _files_of(package, name, label, api.OPEN[name])
    ]
    with transaction.atomic():
        PackageFile.objects.bulk_create(made)
        package.finished_at = timezone.now()
        package.save(update_fields=["finished_at"])
    return len(made)


def _files_of(package: DataPackage, name: str, label: str, resource: Any) -> Iterator[PackageFile]:
    """One reading of a resource, written in each form as the rows go by: never more than a chunk in memory."""
    view = _view(resource)
    with ExitStack() as stack:
        files = {form: stack.enter_context(tempfile.TemporaryFile()) for form in FORMS}
        rows = _write(view, view.get_queryset(), files, label)
        fields = _dictionary(view)
        for line in fields:
            files["fields"].write((_line(line)).encode())
        for form, file in files.items():
            number = len(fields) - 1 if form == "fields" else rows
            yield _store(package, name, label, form, file, number)


def _view(resource: Any) -> Any:
    """The view as it would be for anybody who asks for the list, with the portal's own address for links."""
    hosts = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"]
    secure = bool(settings.ON_SERVERS)
    request = RequestFactory(SERVER_NAME=next(iter(hosts), "localhost")).get("/", secure=secure)
    return resource(request=request, action="list", detail=False, format_kwarg=None, kwargs={})


def _write(view: Any, rows: Any, files: dict[str, IO[bytes]], label: str) -> int:
    heads = api.heads_of(view)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(label[:31])
    sheet.append(heads)
    files["csv"].write(("\ufeff" + _line(heads)).encode())
    number = 0
    for values in api.values_of(view, rows):
        number += 1
        cells = [neutral(cell) for cell in api.cells(values)]
        files["csv"].write(_line(cells).encode())
        files["jsonl"].write((json.dumps(values, ensure_ascii=False, cls=JSONEncoder) + "\n").encode())
        if number <= MOST_IN_EXCEL:
            sheet.append(cells)
    book.save(files["xlsx"])
    return number


class _Echo:
    def write(self, text: str) -> str:
        return text


def _line(cells: list[str]) -> str:
    return str(csv.writer(_Echo()).writerow(cells))


def _dictionary(view: Any) -> list[list[str]]:
    """The fields of a resource: their name, heading, kind and meaning, as the serializer says them."""
    found = [["\ufeff栏目", "表头", "类型", "含义"]]
    for name, field in view.get_serializer().fields.items():
        words = str(field.help_text)
        found.append([name, api.heading(words), api.kind_of(type(view.get_serializer()), name), words])
    return found


def _store(package: DataPackage, name: str, label: str, form: str, file: IO[bytes], rows: int) -> PackageFile:
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    stored = default_storage.save(f"{FOLDER}/{package.pk}/{name}.{form}", File(file))
    return PackageFile(
        package=package,
        resource=name,
        label=label,
        form=form,
        rows=rows,
        size=size,
        sha256=sha256,
        stored=stored,
    )


def _clear() -> None:
    """Away with what nobody gets any more: too old, overtaken by a withdrawal, or broken off."""
    last = timezone.localdate() - datetime.timedelta(days=settings.OPEN_DATA_KEPT_DAYS)
    good = DataPackage.objects.public(withdrawn()).filter(day__gt=last).values_list("pk", flat=True)
    for package in DataPackage.objects.exclude(pk__in=list(good)):
        for form in FORMS:
            for name in api.TABLES:
                default_storage.delete(f"{FOLDER}/{package.pk}/{name}.{form}")
        package.delete()
