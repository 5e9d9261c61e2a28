"""Tables for the tests, and imports at every stage."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation.importing.services import PURPOSE, keep
from longsha_credit.directory.services import add_post
from longsha_credit.exchange import jobs
from longsha_credit.exchange.imports import services
from longsha_credit.exchange.imports.kinds import KINDS
from longsha_credit.exchange.models import Import
from tests import make
from tests.programme.education.making import year

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
    return begun(c, file, kind, unit or c.street, by or c.clerk)


def begun(c, file, kind, unit, by) -> Import:
    return services.begin(file, KINDS[kind], organisation=unit, by=by, given=lambda by: given(c, kind, by))


def given(c, kind, by) -> dict:
    """What is asked beside a table; of most kinds nothing."""
    if kind != "facts":
        return {}
    of = year(c)
    document = keep(make.upload("办件统计.txt", "盖章"), purpose=PURPOSE, year=of, by=by)
    return {"year": of.pk, "source": "区营商局", "document_number": "龙营函〔2026〕12号", "document": document.pk,
            "document_name": document.name}  # fmt: skip


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


def checked_file(c, data: bytes, name: str = "导出.xlsx", kind="records", by=None, unit=None) -> Import:
    """A file as it was exported, looked through."""
    file = SimpleUploadedFile(name, data)
    import_ = begun(c, file, kind, unit or c.street, by or c.clerk)
    run(import_.check_job)
    return again(import_)


def world(c) -> dict:
    """A file that waits to be brought in, one that was, and a row of each kind under them."""
    waiting = checked(c, record(标题="便民窗口延时服务"))
    done = brought_in(c, record(标题="按季公开收支"))
    return {
        "import_waiting": waiting, "import_row": waiting.staged.get(),
        "import_done": done, "import_made": done.brought.get(),
    }  # fmt: skip


def post(c, name="档案岗"):
    """A vacant post of the street."""
    return add_post(unit=c.street, name=name, by=None)
