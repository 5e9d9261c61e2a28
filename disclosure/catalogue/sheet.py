"""The catalogue, and what was disclosed under it, going out in the standard catalogue's columns."""

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment

from disclosure.catalogue import standard_form as form
from disclosure.models import Method, Notice, Topic
from longsha_credit.exchange.tables import addresses, looks, writing

NAME = "公开目录"
FLAT = tuple(
    next((f"{over}（{one.label}）" for over, names in form.PAIRS[1:] if one.name in names), one.label)
    for one in form.FIELDS
)
DISCLOSED = ("标题", "公开单位", "索引号", "形成日期", "公开日期")
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)


def values_of(topic: Topic, number: int | None = None) -> dict[str, Any]:
    """A topic, or a proposal of one, by the names of the form's columns."""
    everyone = topic.audience == form.EVERYBODY
    county, township = form.levels_in_boxes(topic.levels)
    return {
        "serial": number, "top": topic.group, "name": topic.name, "content": topic.content, "basis": topic.basis,
        "time_limit": topic.limit_rule, "publisher": topic.publisher, "channels": topic.channels,
        "everyone": "√" if everyone else "", "certain": "" if everyone else topic.audience,
        "active": "√" if topic.method == Method.ACTIVE else "",
        "on_request": "" if topic.method == Method.ACTIVE else "√",
        "county": county, "township": township,
    }  # fmt: skip


def lines(topics: Iterable[Topic]) -> list[list[str]]:
    """The topics as cells, no formula among them."""
    return list(writing.lines(form.sheet(), [(None, values_of(topic, topic.number)) for topic in topics]))


def disclosed(notices: Iterable[Notice]) -> Iterator[list[str]]:
    """Each notice with the columns of its topic before its own."""
    sheet, topics = form.sheet(), {}
    for it in notices:
        topic = it.topic
        if topic.pk not in topics:
            topics[topic.pk] = next(writing.lines(sheet, [(None, values_of(topic, topic.number))]))
        first = it.publication.first_published_at if it.publication else None
        own = (it.title, it.organisation.name, it.code, it.formed_on, first.date() if first else "")
        yield [*topics[topic.pk], *(writing.kept(str(value or "")) for value in own)]


def workbook(rows: list[list[str]]) -> IO[bytes]:
    """The catalogue as an open workbook: the head over two rows, first-level items merged downwards, as real ones are."""
    book = Workbook()
    page = book.active
    page.title = NAME
    _head(page)
    for row in rows:
        page.append([text or None for text in row])
    _merge_groups(page, [row[1] for row in rows])
    page.freeze_panes = "A3"
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(target)
    target.seek(0)
    return target


def _head(page: Any) -> None:
    """公开事项, 公开对象, 公开方式 and 公开层级 stand over two columns each, the others over both rows."""
    over = {names[0]: (label, len(names)) for label, names in form.PAIRS}
    covered = {name for _, names in form.PAIRS for name in names}
    for at, field in enumerate(form.FIELDS, 1):
        letter = addresses.letters(at - 1)
        page.column_dimensions[letter].width = field.width
        if field.name not in covered:
            page.cell(1, at, field.label)
            page.merge_cells(start_row=1, end_row=2, start_column=at, end_column=at)
            continue
        page.cell(2, at, field.label)
        if field.name in over:
            label, wide = over[field.name]
            page.cell(1, at, label)
            page.merge_cells(start_row=1, end_row=1, start_column=at, end_column=at + wide - 1)
    for row in page.iter_rows(min_row=1, max_row=2):
        for cell in row:
            cell.font, cell.fill, cell.alignment = looks.BOLD, looks.HEAD, CENTRED


def _merge_groups(page: Any, groups: list[str]) -> None:
    start = 0
    for at in range(1, len(groups) + 1):
        if at == len(groups) or groups[at] != groups[start]:
            if at - start > 1:
                page.merge_cells(start_row=start + 3, end_row=at + 2, start_column=2, end_column=2)
            start = at
