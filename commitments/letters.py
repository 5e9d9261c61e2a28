"""The letter of commitment (承诺书) for the notice board: the published text, set as an official document."""

import datetime
from typing import Any

from longsha_credit.exchange.documents import Paper, day
from longsha_credit.publication.reading import Version


def paper_of(version: Version, unit: Any, address: str) -> Paper:
    """The letter of one published version; every word of the promise is the version's own.

    `unit` gives the supervision phone, `address` is the public page the code leads to; without one there is no code.
    """
    said = version.fields
    due_on = day(datetime.date.fromisoformat(said["due_on"]))
    blocks = [
        f"{said['organisation']}公开承诺：{version.title}。",
        f"一、承诺内容\n{said['content']}\n服务对象：{said['beneficiaries']}。",
        f"二、完成期限和认定标准\n{due_on}前完成。{_target(said)}\n{said['standard']}",
        f"分步完成：\n{said['parts']}" if said.get("parts") else "",
        f"三、责任岗位和违诺责任\n责任岗位：{said['post']}。\n{said['liability']}",
        f"四、监督\n{_watch(unit, address)}",
    ]
    made_on = said.get("made_on")
    return Paper(
        title=f"{said['organisation']}承诺书",
        number=f"承诺编码 {said['code']}",
        blocks=tuple(filter(None, blocks)),
        attachments=tuple(file["name"] for file in version.files),
        sign=said["organisation"],
        signed_on=datetime.date.fromisoformat(made_on) if made_on else None,
        qr=address,
        qr_note=f"扫一扫，看履行进展和核验结果，核对原文。{_which(version)}" if address else "",
        note="" if address else _which(version).rstrip("。"),
    )


def _target(said: dict[str, str]) -> str:
    return f"量化指标：{said['target']}。" if said.get("target") else ""


def _which(version: Version) -> str:
    return f"第{version.number}版，校验值 {version.entry.content_hash[:12]}。"


def _watch(unit: Any, address: str) -> str:
    phone = f"监督电话 {unit.supervision_phone}。" if unit.supervision_phone else ""
    way = "扫描下面的二维码" if address else "在本区门户网站输入承诺编码"
    return f"{phone}{way}可以查看每一次进展和变更。"
