"""A published 通报 or 公示 as an official text: the same words, set for sealing."""

import re
from typing import Any

from disclosure.models import Notice
from longsha_credit.directory.models import Level
from longsha_credit.exchange.documents import Paper, Table, day
from longsha_credit.web import richtext

DATE = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日$")


def paper_of(notice: Notice) -> Paper:
    """What the notice says; name and date at its end are the paper's own."""
    unit = notice.organisation
    sign = f"{unit.name}信用办" if unit.level == Level.DISTRICT else unit.name
    blocks = _blocks(notice.body, {unit.name, sign})
    if notice.hears and notice.hearing_channel not in "\n".join(b for b in blocks if isinstance(b, str)):
        blocks.append(
            f"公示时间：{day(notice.hearing_from)}至{day(notice.hearing_until)}。"
            f"对公示内容有异议的，请在公示期内提出：{notice.hearing_channel}"
        )
    return Paper(
        title=notice.title,
        blocks=tuple(blocks),
        sign=sign,
        signed_on=notice.formed_on,
        attachments=_files(notice),
    )


def _files(notice: Any) -> tuple[str, ...]:
    return tuple(file.name for file in notice.files.all()) if notice.pk else ()


def _blocks(body: str, signers: set[str]) -> list[str | Table]:
    found: list[str | Table] = []
    for part in richtext.parts(body):
        if isinstance(part, str):
            found.append(part)
        elif part[1]:
            caption, rows = part
            most = max(len(row) for row in rows)
            filled = [tuple([*row, *[""] * most][:most]) for row in rows]
            found.append(Table(caption, filled[0], tuple(filled[1:])))
    while found and isinstance(found[-1], str) and (found[-1] in signers or DATE.match(found[-1])):
        found.pop()
    return found
