"""A clerk brings a table of records in: looked through, shown with every fault, made into drafts, taken back."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from longsha_credit.audit.models import Entry
from longsha_credit.directory.models import Membership
from longsha_credit.exchange.flows import FLOW as JOBS
from longsha_credit.exchange.imports import services
from longsha_credit.exchange.models import Import, ImportRow
from records.models import Record
from tests.exchange.imports import making

RECORDS = "/desk/imports/new/records/"


def page_of(browser, import_):
    answer = browser.get(f"/desk/imports/{import_.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_clerk_brings_a_clean_file_in(cast, signed_in, django_capture_on_commit_callbacks):
    browser = signed_in(cast.clerk)
    template = openpyxl.load_workbook(io.BytesIO(browser.get(f"{RECORDS}template/").getvalue()))
    assert template.worksheets[0]["A1"].value == "单位*"
    given = {
        "organisation": cast.street.pk,
        "file": making.table(making.record(), making.record(标题="便民窗口延时服务")),
    }
    assert "向阳街道" in browser.get(RECORDS).content.decode()
    answer = browser.post(RECORDS, given)
    import_ = Import.objects.get()
    assert answer.url == f"/desk/imports/{import_.pk}/"
    assert "正在检查" in page_of(browser, import_)
    making.run(import_.check_job)
    assert "2行都没有问题，还没有导入" in page_of(browser, import_)
    assert not Record.objects.exists()
    browser.post(f"/desk/imports/{import_.pk}/confirm/")
    browser.post(f"/desk/imports/{import_.pk}/confirm/")  # pressed twice
    assert "正在导入" in page_of(browser, import_)
    making.run(making.again(import_).bring_job)
    assert "导入了2件草稿" in page_of(browser, import_)
    drafts = Record.objects.order_by("pk")
    assert [(it.title, it.state, it.organisation, it.created_by) for it in drafts] == [
        ("老年食堂按期恢复供餐", "draft", cast.street, cast.clerk),
        ("便民窗口延时服务", "draft", cast.street, cast.clerk),
    ]
    entry = Entry.objects.about(drafts[0]).get()
    assert (entry.step, entry.actor, entry.reason) == ("draft", cast.clerk, "导入自文件“记录.csv”第2行")
    shown = browser.get(f"/desk/records/?import={import_.pk}").content.decode()
    assert "便民窗口延时服务" in shown
    assert browser.get("/desk/imports/?view=done").content.decode().count("做成2件") == 1


def test_every_fault_stands_at_its_cell_and_the_rest_can_go_in(cast, signed_in):
    import_ = making.checked(
        cast,
        making.record(),
        making.record(单位="临江街道", 作出日期="2026.13", 事实="/"),
        making.record(清单事项="没有这一项", 标题=""),
    )
    browser = signed_in(cast.clerk)
    text = page_of(browser, import_)
    assert "共3行：1行没有问题，2行要改" in text
    for cell in ("A3", "D3", "G3", "B4", "C4"):
        assert f'class="code">{cell}</th>' in text
    assert "您的辖区里没有这个单位" in text
    filtered = browser.get(f"/desk/imports/{import_.pk}/?field=unit").content.decode()
    assert "A3</th>" in filtered and "B4</th>" not in filtered
    marked = openpyxl.load_workbook(
        io.BytesIO(browser.get(f"/desk/imports/{import_.pk}/annotated/").getvalue())
    )
    assert "A3" in [row[0].value for row in marked.worksheets[0].iter_rows()]
    refused = browser.post(
        f"/desk/imports/{import_.pk}/confirm/", {"how": "all"}, follow=True
    ).content.decode()
    assert "还有2行要改" in refused and not Record.objects.exists()
    assert "导入1行" in text and "data-once" in text
    browser.post(f"/desk/imports/{import_.pk}/confirm/", {"how": "skip"})
    making.run(making.again(import_).bring_job)
    assert "2行有错，没有导入" in page_of(browser, import_)
    assert Record.objects.get().title == "老年食堂按期恢复供餐"


def test_what_is_taken_back_leaves_what_somebody_touched(cast, signed_in):
    import_ = making.brought_in(cast, making.record(), making.record(标题="便民窗口延时服务"))
    touched = Record.objects.order_by("pk")[0]
    from records import services as records

    records.save_draft(touched, by=cast.clerk)
    job = import_.bring_job
    JOBS.take(job, "undo", by=cast.clerk)
    making.run(job)
    assert list(Record.objects.order_by("pk").values_list("state", flat=True)) == ["draft", "discarded"]
    text = page_of(signed_in(cast.clerk), import_)
    assert "撤回1件" in text and "有1件已经有人改过" in text
    assert Entry.objects.about(Record.objects.get(state="discarded")).filter(step="discard").count() == 1
    again = making.checked(cast, making.record(), making.record(标题="便民窗口延时服务"))
    assert (again.known, again.good) == (1, 1), "what was taken back may come again, what stands may not"


def test_the_same_file_twice_brings_nothing_new(cast, signed_in):
    making.brought_in(cast)
    import_ = making.checked(cast)
    assert (import_.stage, import_.known) == ("nothing", 1)
    text = page_of(signed_in(cast.clerk), import_)
    assert "这个文件导入过" in text and "没有新的内容" in text


def test_two_rows_of_one_thing_are_told(cast):
    import_ = making.checked(cast, making.record(), making.record(单位="990100001000"))
    assert import_.faults == 1
    assert ImportRow.objects.get(of=import_, number=3).faults[0][1] == "和第2行是同一件，请删去一行。"


def test_what_changed_since_the_check_stops_it_whole(cast, signed_in):
    first = making.checked(cast, making.record(), making.record(标题="便民窗口延时服务"))
    second = making.checked(cast, making.record(), by=cast.lead)
    making.run(services.confirm(second, by=cast.lead))
    making.run(services.confirm(first, by=cast.clerk))
    text = page_of(signed_in(cast.clerk), first)
    assert "第2行可能刚刚由别人导入" in text and "一行也没有导入" in text
    assert Record.objects.count() == 1
    signed_in(cast.clerk).post(f"/desk/imports/{first.pk}/recheck/")
    making.run(making.again(first).check_job)
    first = making.again(first)
    assert (first.stage, first.known, first.good) == ("ready", 1, 1)


def test_who_lost_the_office_brings_nothing_in(cast):
    import_ = making.checked(cast)
    job = services.confirm(import_, by=cast.clerk)
    Membership.objects.filter(user=cast.clerk).update(ended_on=timezone.localdate())
    making.run(job)
    job.refresh_from_db()
    assert job.state == "failed" and "没有填报的职责" in job.error
    assert not Record.objects.exists()


@pytest.mark.parametrize("who", ["other_clerk", "reviewer", "lead"])
def test_others_do_not_read_the_rows(cast, signed_in, who):
    """Another street's clerk finds nothing; those who see the unit's work see that there was an import, not what is in it."""
    import_ = making.checked(
        cast, making.record(标题="", 事实="金丝雀一二三"), making.record(单位="金丝雀街道")
    )
    browser = signed_in(getattr(cast, who))
    answer = browser.get(f"/desk/imports/{import_.pk}/")
    if who == "other_clerk":
        assert answer.status_code == 404
    else:
        assert "金丝雀" not in answer.content.decode() and "只有上传的人" in answer.content.decode()
        assert browser.get(f"/desk/imports/{import_.pk}/annotated/").status_code == 404
        assert browser.get(f"/desk/files/{import_.file_id}/").status_code == 404
        assert browser.post(f"/desk/imports/{import_.pk}/confirm/", {"how": "skip"}).status_code == 404


def test_another_streets_rows_are_neither_named_nor_overwritten(cast, signed_in):
    making.brought_in(
        cast, making.record(单位="临江街道", 标题="金丝雀"), by=cast.other_clerk, unit=cast.other_street
    )
    theirs = Record.objects.get()
    rows = [
        making.record(单位="临江街道", 标题="金丝雀") | {"系统编号": str(theirs.pk)},
        making.record() | {"系统编号": str(theirs.pk)},
    ]
    import_ = making.checked(cast, *rows)
    assert (import_.known, import_.faulty) == (0, 2)
    said = str(list(ImportRow.objects.filter(of=import_).order_by("number").values_list("faults", flat=True)))
    assert "您的辖区里没有这个单位" in said and "系统编号对不上" in said
    out = signed_in(cast.clerk).get("/desk/imports/export/records/?format=csv")
    assert "金丝雀" not in b"".join(out.streaming_content).decode()


def test_what_was_read_goes_after_two_weeks_and_can_be_read_again(cast):
    import_ = making.checked(cast)
    later = timezone.now() + services.KEPT + datetime.timedelta(hours=1)
    assert services.empty_old(now=timezone.now()) == 0
    assert (services.empty_old(now=later), services.empty_old(now=later)) == (1, 0)
    assert not ImportRow.objects.exists()
    assert making.again(import_).stage == "emptied"
    services.recheck(import_, by=cast.clerk)
    making.run(making.again(import_).check_job)
    assert making.again(import_).stage == "ready"


def test_a_file_that_is_no_table_says_what_to_do(cast, signed_in):
    browser = signed_in(cast.clerk)
    odd = making.table({"甲": "1", "乙": "2"})
    browser.post(RECORDS, {"organisation": cast.street.pk, "file": odd})
    import_ = Import.objects.get()
    making.run(import_.check_job)
    assert "没有找到表头" in page_of(browser, import_)
    answer = browser.post(RECORDS, {"organisation": cast.street.pk, "file": making.make_pdf()})
    assert answer.status_code == 422 and "请上传 xlsx 或 csv" in answer.content.decode()


def test_files_of_other_kinds_and_too_large_ones_are_refused_in_a_sentence(cast, signed_in):
    browser = signed_in(cast.clerk)

    def said(name, data):
        answer = browser.post(
            RECORDS, {"organisation": cast.street.pk, "file": SimpleUploadedFile(name, data)}
        )
        assert answer.status_code == 422
        return answer.content.decode()

    assert "另存为 xlsx" in said("旧.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600)
    assert "带宏的 xlsm" in said("宏.xlsm", b"PK\x03\x04")
    assert "损坏或没有传完" in said("坏.xlsx", b"PK\x03\x04 nothing")
    large = said("大.csv", b"x" * (20 * 1024 * 1024 + 1))
    assert "超过 20 MB。请删去图片和不相干的表，或者拆成几个文件" in large
    assert not Import.objects.exists()
