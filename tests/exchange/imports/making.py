"""Tables for the tests, and imports at every stage."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from longsha_credit.exchange import jobs
from longsha_credit.exchange.imports import services
from longsha_credit.exchange.imports.kinds import KINDS
from longsha_credit.exchange.models import Import

RECORD = {
    "单位": "向阳街道",
    "清单事项": "",
    "标题": "老年食堂按期恢复供餐",
    "事实": "2026年9月1日恢复供餐，比承诺早三天。",
    "文号": "示督〔2026〕12号",
    "作出机关": "示例区督查室",
    "作出日期": "2026年10月12日",
}


def item(kind="trust", subject="street"):
    from records.models import CatalogueItem

    rows = CatalogueItem.objects.in_use().filter(kind=kind, subjects__contains=[subject], disclosure="public")
    return rows.first()


def record(**changes) -> dict[str, str]:
    return RECORD | {"清单事项": item().code} | changes


def table(*rows: dict[str, str], name="记录.csv", encoding="utf-8-sig") -> SimpleUploadedFile:
    """A csv with the heads of the first row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(dict.fromkeys(key for row in rows for key in row)))
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode(encoding))


def run(job) -> None:
    while jobs.advance(job.pk):
        pass


def again(import_) -> Import:
    return Import.objects.with_names().get(pk=import_.pk)


def uploaded(c, *rows, by=None, unit=None, kind="records", name="记录.csv") -> Import:
    """A file in the queue, nobody has looked at it yet."""
    file = table(*(rows or [record()]), name=name)
    return services.begin(file, KINDS[kind], organisation=unit or c.street, by=by or c.clerk)


def checked(c, *rows, **more) -> Import:
    import_ = uploaded(c, *rows, **more)
    run(import_.check_job)
    return again(import_)


def brought_in(c, *rows, skip=False, **more) -> Import:
    import_ = checked(c, *rows, **more)
    run(services.confirm(import_, by=import_.by, skip=skip))
    return again(import_)


def make_pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("记录.pdf", b"%PDF-1.4\n%%EOF")


def checked_file(c, data: bytes, name="导出.xlsx", *, kind="records", by=None, unit=None) -> Import:
    """A file as it was exported, looked through."""
    file = SimpleUploadedFile(name, data)
    import_ = services.begin(file, KINDS[kind], organisation=unit or c.street, by=by or c.clerk)
    run(import_.check_job)
    return again(import_)


def post(c, name="档案岗"):
    """A vacant post of the street."""
    from longsha_credit.directory.services import add_post

    return add_post(unit=c.street, name=name, by=None)
