"""The text a summary report starts with, written from its figures; people write on from there."""

from typing import Any

from evaluation.models import SectionKey
from longsha_credit.programme.models import MainTask

NUMERALS = "一二三四五六七八九"
LISTED = 12  # open problems and highlights that are written out in the drafted text


def drafted(unit: str, year: int, figures: dict[str, Any]) -> dict[str, str]:
    """{section key: text} for a unit of this name; what the portal does not know stays empty."""
    return {
        SectionKey.ORGANISING: _organising(unit, year, figures),
        SectionKey.TASKS: _tasks(figures),
        SectionKey.HIGHLIGHTS: _highlights(figures),
        SectionKey.PROBLEMS: _problems(figures),
        SectionKey.NEXT: _next(figures),
    }


def _organising(unit: str, year: int, figures: dict[str, Any]) -> str:
    total = sum(row["total"] for row in figures["tasks"])
    done = sum(row["done"] for row in figures["tasks"])
    text = f"{year}年，{unit}按照试点方案推进诚信街道、社区创建。"
    text += f"本单位和所辖单位共有任务{total}件，已认定完成{done}件。" if total else "今年没有下达任务。"
    if figures["measures"]:
        text += f"有{figures['measures']}个单位写了自己的细化措施。"
    if streets := figures["streets"]:
        sent = [row for row in streets if row["on"]]
        late = [row["name"] for row in sent if row["late"]]
        text += f"\n{len(streets)}个街道中{len(sent)}个报送了年度总结"
        text += f"，其中{'、'.join(late)}迟报。" if late else "，都按期。" if sent else "。"
        if missing := [row["name"] for row in streets if not row["on"]]:
            text += f"{'、'.join(missing)}还没有报送。"
    return text


def _tasks(figures: dict[str, Any]) -> str:
    paragraphs = []
    for row in figures["tasks"]:
        main = MainTask(row["main"])
        said = [f"任务{row['total']}件，完成{row['done']}件"] if row["total"] else []
        for line in figures["lines"]:
            if line["main"] == row["main"] and line["whole"]:
                counted = f"（{line['part']}/{line['whole']}）" if line["value"].endswith("%") else ""
                said.append(f"{line['title']}{line['value']}{counted}")
        if said:
            paragraphs.append(f"（{NUMERALS[row['main'] - 1]}）{main.label}。{'；'.join(said)}。")
    return "\n".join(paragraphs)


def _highlights(figures: dict[str, Any]) -> str:
    lines = [f"信用+场景“{title}”正在办。" for title in figures["scenes"]]
    return "\n".join(lines + _of_streets(figures, SectionKey.HIGHLIGHTS))


def _problems(figures: dict[str, Any]) -> str:
    count = figures["problem_count"]
    if not count:
        lines = ["治理台账和督导检查没有未办结的问题。"]
    else:
        lines = [f"治理台账和督导检查还有{count}件没有办结："]
        lines += [
            f"{number}. {row['title'].rstrip('。')}（{row['note']}）"
            for number, row in enumerate(figures["problems"][:LISTED], start=1)
        ]
        if count > LISTED:
            lines.append(f"另有{count - LISTED}件，见台账。")
    return "\n".join(lines + _of_streets(figures, SectionKey.PROBLEMS))


def _of_streets(figures: dict[str, Any], key: str) -> list[str]:
    """What the streets wrote themselves, each under its name: the district's report is put together from theirs."""
    return [
        f"{row['name']}：{' '.join(row['texts'][key].split())[:300]}"
        for row in figures["streets"]
        if row["texts"].get(key)
    ]


def _next(figures: dict[str, Any]) -> str:
    unfinished = [title for row in figures["tasks"] for title in row["open"]]
    lines = []
    if unfinished:
        lines.append(f"还没有完成的任务：{'；'.join(unfinished[:LISTED])}。")
    if figures["problem_count"]:
        lines.append(f"没有办结的{figures['problem_count']}件问题按期改完、销号。")
    return "\n".join(lines)
