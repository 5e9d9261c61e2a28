"""A summary report as an official text: the five parts, the figures and the index of evidence, set as GB/T 9704 asks."""

from typing import Any

from evaluation.models import SectionKey, SummaryReceipt, SummaryReport
from longsha_credit.directory.models import Level
from longsha_credit.exchange.documents import Paper, Table
from longsha_credit.programme.models import MainTask

NUMERALS = "一二三四五"


def paper_of(report: SummaryReport, receipt: SummaryReceipt | None = None) -> Paper:
    """The report as it stands, or as it was sent under `receipt`."""
    unit, year = report.organisation, report.year
    texts = receipt.texts if receipt else {section.key: section.text for section in report.sections.all()}
    figures = receipt.figures if receipt else report.figures
    written = [key for key in SectionKey if texts.get(key.value, "").strip()]
    blocks: list[str | Table] = []
    for numeral, key in zip(NUMERALS, written, strict=False):
        blocks += [f"{numeral}、{key.label}", texts[key.value]]
    district = unit.level == Level.DISTRICT
    return Paper(
        title=f"{unit.name}关于{year.number}年诚信街道社区创建工作情况的报告",
        to="" if district else f"{year.organisation.name}信用办",
        blocks=(*blocks, *_tables(figures)),
        sign=f"{unit.name}信用办" if district else unit.name,
        signed_on=receipt.on if receipt else report.submitted_on,
    )


def _tables(figures: dict[str, Any]) -> list[Table]:
    names = dict(MainTask.choices)
    tables = [
        Table(
            "附1 九项任务完成情况",
            ("任务", "下达", "完成", "没有完成的"),
            tuple(
                (names[row["main"]], f"{row['total']}件", f"{row['done']}件", "；".join(row["open"]) or "—")
                for row in figures["tasks"]
            ),
        ),
        Table(
            "附2 主要数字",
            ("任务", "数字", "结果", "怎样算的"),
            tuple(
                (
                    names[row["main"]],
                    row["title"],
                    row["value"],
                    row["note"] or f"{row['part']}÷{row['whole']}",
                )
                for row in figures["lines"]
            ),
        ),
    ]
    if figures["streets"]:
        rows = tuple(
            (row["name"], row["state"], f"{row['on']}{'（迟报）' if row['late'] else ''}", row["number"])
            for row in figures["streets"]
        )
        tables.append(Table("附3 各街道报送情况", ("街道", "状态", "报送日期", "回执编号"), rows))
    index = tuple(
        (str(n), row["kind"], row["title"], row["note"]) for n, row in enumerate(figures["evidence"], 1)
    )
    if index:
        tables.append(Table(f"附{len(tables) + 1} 佐证索引", ("序号", "种类", "名称", "说明"), index))
    return tables
