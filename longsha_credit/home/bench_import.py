"""How fast a table is brought in, whole, beside bare COPY and beside django-import-export as it comes."""

import csv
import datetime
import io
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import tablib
from django.core.files.base import ContentFile
from django.db import connection, transaction
from import_export import resources

from longsha_credit.directory.models import Level, Membership, Organisation, User
from longsha_credit.directory.roles import Role
from longsha_credit.exchange import jobs
from longsha_credit.exchange.imports import services
from longsha_credit.exchange.imports.kinds import KINDS
from longsha_credit.exchange.models import Import
from longsha_credit.exchange.tables import writing
from longsha_credit.home.bench_tables import Say
from records.models import CatalogueItem, Record, RecordKind
from records.services import load_catalogue

STREETS, COMMUNITIES = 10, 90
MOST = 50_000  # rows of one file
FEW = 5_000
SHIPPED = 2_000  # rows for the library as it comes: it would take minutes for all
WANTED = {"csv": 20, "xlsx": 10}
LONG_AGO = datetime.date(2021, 1, 1)


class AsShipped(resources.ModelResource):
    class Meta:
        model = Record


def bring_in(*, rows: int, rounds: int, say: Say) -> float:
    """Records from a file into drafts, with checks, scope, entries and history; gives the worse ratio to what is wanted.

    On the real tables, in a transaction that is rolled back; nothing stays but what a sequence has counted. The peak of
    memory is that of Python's own objects in a pass of its own: a process that once was large tells nothing of the next.
    """
    rows, worst = min(rows, MOST), 0.0
    say(
        f"单位 {STREETS + COMMUNITIES} 个，一份 {rows} 行的诚信记录，13 栏；整份检查、确认、写草稿、逐件留痕。"
    )
    for form in ("csv", "xlsx"):
        few = min(FEW, rows)
        peaks = [_peak(form, number) for number in sorted({few, rows})]
        with _undone():
            office = _people()
            file = _file(form, office, rows)
            began = time.perf_counter()
            made = _bring_in(_upload(file, form, office), office)
            ours = made / (time.perf_counter() - began)
            bare, shipped = _bare(made), _shipped(form, min(SHIPPED, made))
        say(
            f"{form} {made} 行（{len(file) / 2**20:.1f} MB）：每秒 {ours:,.0f} 行；只有 COPY：每秒 {bare:,.0f} 行（本系统用它的 {bare / ours:.0f} 倍时间）。"
        )
        say(
            f"django-import-export 原样（{min(SHIPPED, made)} 行）：每秒 {shipped:,.0f} 行；本系统是它的 {ours / shipped:.1f} 倍，要到 {WANTED[form]} 倍。"
        )
        say(f"任务进程的内存最多：{few} 行 {peaks[0]:.1f} MB，{rows} 行 {peaks[-1]:.1f} MB。")
        worst = max(worst, WANTED[form] * shipped / ours)
    return worst


def _peak(form: str, rows: int) -> float:
    """MB of Python's objects at the highest, while the worker checks and brings in so many rows."""
    with _undone():
        office = _people()
        import_ = _upload(_file(form, office, rows), form, office)
        tracemalloc.start()
        _bring_in(import_, office)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak / 2**20


class _undone:
    """A transaction that leaves nothing, and no file either."""

    def __enter__(self) -> None:
        self.before = set(Import.objects.values_list("pk", flat=True))
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *raised: Any) -> None:
        files = (
            [row.file.file for row in Import.objects.exclude(pk__in=self.before).select_related("file")]
            if not raised[0]
            else []
        )
        transaction.set_rollback(True)
        self.atomic.__exit__(*raised)
        for file in files:
            file.storage.delete(file.name)


def _people() -> User:
    """A district with streets and communities, and its office."""
    load_catalogue()
    district = Organisation.objects.create(level=Level.DISTRICT, name="测速区", valid_from=LONG_AGO)
    district.refresh_from_db()
    streets = []
    for number in range(STREETS):
        streets.append(
            Organisation.objects.create(
                level=Level.STREET, name=f"测速{number}街道", parent=district, valid_from=LONG_AGO
            )
        )
    for number in range(COMMUNITIES):
        Organisation.objects.create(
            level=Level.COMMUNITY,
            name=f"测速{number}社区",
            parent=streets[number % STREETS],
            valid_from=LONG_AGO,
        )
    office = User.objects.create_user("bench-import", None, name="测速")
    Membership.objects.create(user=office, organisation=district, role=Role.OFFICE, started_on=LONG_AGO)
    return office


def _rows(office: User, rows: int) -> Iterator[tuple[None, dict[str, Any]]]:
    units = list(
        Organisation.objects.visible_to(office)
        .in_force()
        .filter(level__in=[Level.STREET, Level.COMMUNITY])
        .values_list("name", flat=True)
    )
    fit = {Level.STREET, Level.COMMUNITY}
    items = [
        item.code
        for item in CatalogueItem.objects.in_use().filter(kind=RecordKind.TRUST)
        if fit <= set(item.subjects)
    ]
    for number in range(rows):
        day = datetime.date(2026, 1, 1) + datetime.timedelta(days=number % 300)
        yield None, {
            "unit": units[number % len(units)], "item": items[number % len(items)], "part": "party",
            "title": f"第{number}件：老年食堂按承诺恢复供餐", "facts": f"第{number}号承诺写明九月一日前恢复供餐，八月二十八日已经恢复，比承诺早三天，居民满意。",
            "document_number": f"测督〔2026〕{number}号", "issuing_body": "测速区督查室", "decided_on": day,
            "finality": "final", "effective_from": day,
        }  # fmt: skip


def _file(form: str, office: User, rows: int) -> bytes:
    sheet = KINDS["records"].sheet()
    if form == "xlsx":
        return writing.workbook(sheet, _rows(office, rows)).read()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(sheet.heads)
    writer.writerows(writing.lines(sheet, _rows(office, rows)))
    return text.getvalue().encode("utf-8-sig")


def _upload(file: bytes, form: str, office: User) -> Import:
    """What the person's first click does: the file is looked at as a file and kept."""
    unit = office.current_memberships[0].organisation
    upload = ContentFile(file, name=f"测速.{form}")
    return services.begin(upload, KINDS["records"], organisation=unit, by=office)


def _bring_in(import_: Import, office: User) -> int:
    """Checked, confirmed, written: what the worker does."""
    _work(import_.check_job)
    _work(services.confirm(import_, by=office))
    done = Import.objects.with_names().get(pk=import_.pk)
    if done.bring_job.error or done.faulty:
        raise RuntimeError(done.bring_job.error or f"{done.faulty} 行有错")
    return done.made


def _work(job: Any) -> None:
    while jobs.advance(job.pk):
        pass


def _bare(rows: int) -> float:
    """Rows a second of COPY of the very rows that were made, into a table with neither index nor rule."""
    made = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY (SELECT * FROM records_record ORDER BY id DESC LIMIT {rows}) TO STDOUT", made
        )
        cursor.execute("CREATE TEMP TABLE bench_bare (LIKE records_record) ON COMMIT DROP")
        made.seek(0)
        began = time.perf_counter()
        cursor.copy_expert("COPY bench_bare FROM STDIN", made)
        return rows / (time.perf_counter() - began)


def _shipped(form: str, rows: int) -> float:
    """Rows a second of a ModelResource with nothing said but its model, of rows that were made; one pass, no dry run."""
    made = Record.objects.order_by("-pk")[:rows]
    heads = [head for head in AsShipped().fields if head not in ("files", "created_at", "saved_at")]
    data = tablib.Dataset(*[[_text(it, name) for name in heads] for it in made], headers=heads)
    file = data.export(form)
    began = time.perf_counter()
    loaded = tablib.Dataset().load(file, format=form)
    result = AsShipped().import_data(loaded, dry_run=False, raise_errors=True)
    seconds = time.perf_counter() - began
    if result.totals["new"] != rows:
        raise RuntimeError(f"应有 {rows} 行，实有 {result.totals['new']} 行")
    return rows / seconds


def _text(it: Record, name: str) -> str:
    """A value as the library's own export would write it; nothing where the row's own number would stand."""
    if name == "id":
        return ""
    field = Record._meta.get_field(name)
    value = getattr(it, field.attname)
    return (
        ""
        if value is None
        else "{}"
        if name == "flagged"
        else str(int(value))
        if isinstance(value, bool)
        else str(value)
    )
