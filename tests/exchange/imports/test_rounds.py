"""What a list exports comes back by the import as the same drafts, or is known as nothing new; for every kind."""

import csv
import io

import pytest
from django.http import QueryDict
from django.urls import reverse

from longsha_credit.audit.models import Entry
from longsha_credit.exchange.flows import FLOW as JOBS
from longsha_credit.exchange.imports.kinds import KINDS
from longsha_credit.exchange.models import Import, Imported
from longsha_credit.exchange.tables.fields import KEY_LABEL
from tests.exchange.imports import making
from tests.exchange.imports.rounds import BY, ROWS


def test_every_kind_has_rows_to_go_round():
    assert set(ROWS) == set(KINDS)


def made_by(import_):
    kind = KINDS[import_.kind]
    ids = Imported.objects.filter(of=import_).order_by("number").values_list("object_id", flat=True)
    found = kind.visible(import_.by).in_bulk(list(ids))
    return [found[pk] for pk in ids]


def who(cast, key):
    """Who brings a kind in, and for which unit."""
    by, unit = BY.get(key, ("clerk", "street"))
    return {"by": getattr(cast, by), "unit": getattr(cast, unit)}


def taken_out(browser, kind, form, pk):
    """What an import made, as its list exports it; of people for a purpose only."""
    url = f"/desk/imports/export/{kind.key}/?format={form}&import={pk}"
    return browser.post(url, {"purpose": "核对"}) if kind.asks_purpose else browser.get(url)


def brought(cast, key, *rows):
    import_ = making.brought_in(cast, *rows, kind=key, **who(cast, key))
    said = [row.faults for row in import_.staged.all() if row.faults]
    assert (import_.stage, import_.bring_job and import_.bring_job.error, said) == ("done", "", [])
    return import_


@pytest.mark.parametrize("key", sorted(ROWS))
def test_a_table_goes_round(cast, signed_in, key):
    kind, given = KINDS[key], who(cast, key)
    by, browser = given["by"], signed_in(given["by"])
    asked = browser.get(f"/desk/imports/new/{key}/").content.decode()
    assert f"最多{kind.sheet().most_rows}行" in asked
    first = brought(cast, key, *ROWS[key](cast))
    things = made_by(first)
    values = [kind.line(it) for it in things]
    assert len(things) == 2
    for it in things:
        entry = Entry.objects.about(it).get(step=kind.step)
        assert entry.actor == by and "导入自文件" in entry.reason
    assert set(kind.export(by, QueryDict(f"import={first.pk}"))) == set(things)
    assert browser.get(f"/{kind.drafts.format(pk=first.pk)}").status_code == 200
    listed = browser.get(reverse(kind.list_name)).content.decode()
    assert reverse("imports:export", args=[key]) in listed or key == "national"  # its own page hands it out

    out = taken_out(browser, kind, "csv", first.pk)
    text = b"".join(out.streaming_content).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if None not in row.values()]  # without the mark
    assert len(rows) == 2 and by.name in text
    again = making.checked(cast, *rows, kind=key, **given)
    assert (again.stage, again.known, again.faulty) == ("nothing", 2, 0)
    sheet = taken_out(browser, kind, "xlsx", first.pk).getvalue()
    again = making.checked_file(cast, sheet, kind=key, **given)
    assert (again.stage, again.known) == ("nothing", 2)

    if not kind.discard and not kind.take_away:
        return
    JOBS.take(first.bring_job, "undo", by=by)
    making.run(first.bring_job)
    assert "撤回2件" in making.again(first).bring_job.lines[0]
    last = brought(
        cast, key, *[row | ({KEY_LABEL: ""} if KEY_LABEL in row else {}) for row in reversed(rows)]
    )
    renewed = made_by(last)
    assert sorted(map(str, (kind.line(it) for it in renewed))) == sorted(map(str, values))
    assert not set(renewed) & set(things)


def test_a_row_changed_since_its_export_is_refused(cast, signed_in):
    first = making.brought_in(cast)
    pk = made_by(first)[0].pk
    changed = making.checked(cast, making.record(标题="改过的标题") | {KEY_LABEL: str(pk)})
    assert changed.faulty == 1 and "导入只新建、不修改" in changed.staged.get().faults[0][1]
    assert "系统编号" in signed_in(cast.clerk).get(f"/desk/imports/{changed.pk}/").content.decode()
    assert Import.objects.count() == 2
