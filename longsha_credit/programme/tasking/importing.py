"""A year's list of tasks from a table: its columns, and how its rows become tasks of the list, not handed down yet."""

from typing import Any

from longsha_credit.directory.models import Level
from longsha_credit.exchange.imports import kinds
from longsha_credit.exchange.imports import services as imports
from longsha_credit.exchange.imports.kinds import ImportKind
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort
from longsha_credit.programme.models import MainTask, StageKey, StandardTask
from longsha_credit.programme.tasking.flows import KEEPS_TASKS

KEY = "tasks"
FIELDS = (
    Field("level", "层级", Sort.CHOICE, True, "哪一级单位做。", "社区", choices=tuple(Level.choices)),
    Field("main", "主要任务", Sort.CHOICE, True, "方案二列明的九项之一，可以只写序号。", MainTask.RECORDS.label, 28,
          choices=tuple((str(value), label) for value, label in MainTask.choices)),
    Field("title", "任务", Sort.TEXT, True, "一句话。", "公开四类承诺", 26, most=60, other_names=("任务名称",)),
    Field("work", "做成什么", Sort.LONG, True, "写结果，不写开会、建台账。", "四类承诺各有一件以上公开。", 44, most=500),
    Field("evidence", "凭什么算做成", Sort.LONG, True, "写系统里已有的：承诺、公开内容、留痕。", "公开的承诺。", 30, most=300),
    Field("basis", "依据", Sort.TEXT, True, "方案的条款或文件名称和文号。", "试点方案二（三）", 22, most=200),
    Field("stage", "阶段", Sort.CHOICE, True, "从下拉里选。", "全面推进", choices=tuple(StageKey.choices)),
    Field("due_on", "期限", Sort.DAY, True, "算在哪一年度，按这一天。", "2026-10-31", 12, month_end=True,
          other_names=("完成时限",)),
)  # fmt: skip
SHEET = Sheet(KEY, "标准任务", FIELDS, most_rows=1000, note="导入的进入任务清单，还没有下达。")

MATCHED = """
SELECT r.*, y.id AS year_id, y.state AS year_state FROM rows r
LEFT JOIN (SELECT y.* FROM programme_year y JOIN directory_organisation o ON o.id = y.organisation_id
           WHERE o.path || '%%' = ANY (%(scope)s)) y ON y.number = extract(year FROM r.due_on)
"""
CHECKS = (
    """SELECT number, 'due_on', CASE WHEN year_id IS NULL THEN '没有' || extract(year FROM due_on) || '年度。请核对日期，或者先在年度安排里建这个年度。'
        ELSE '这个年度已经封存，不能再加任务。' END, NULL
    FROM matched WHERE due_on IS NOT NULL AND (year_id IS NULL OR year_state = 'frozen')""",
)
SAME = """t.retired_on IS NULL AND t.year_id = m.year_id AND t.level = m.level AND t.title = m.title AND t.work = m.work
AND t.due_on = m.due_on"""
CREATE = """
INSERT INTO programme_standardtask (id, year_id, level, number, main, title, work, evidence, basis, stage, due_on,
  rule_key, saved_at)
SELECT g.object_id, g.year_id, g.level, coalesce((SELECT max(s.number) FROM programme_standardtask s
    WHERE s.year_id = g.year_id AND s.level = g.level), 0) + row_number() OVER (PARTITION BY g.year_id, g.level ORDER BY g.number),
  g.main::int, g.title, g.work, g.evidence, g.basis, g.stage, g.due_on, 'programme_task', %(now)s
FROM good g
"""
UNTOUCHED = """t.retired_on IS NULL AND t.saved_at = %(made_at)s
AND NOT EXISTS (SELECT FROM programme_task k WHERE k.standard_id = t.id)"""


def export(user: Any, query: Any) -> Any:
    """The list of the year that the address names, or of every year; the summary's own task comes by itself."""
    rows = StandardTask.objects.visible_to(user).current().filter(rule_key="programme_task").in_order()
    if query.get("year", "").isdecimal() and len(query["year"]) < 5:
        rows = rows.filter(year__number=int(query["year"]))
    return imports.only(rows, KEY, query, user)


def line(it: StandardTask) -> dict[str, Any]:
    return {field.name: getattr(it, field.name) for field in FIELDS} | {"main": str(it.main)}


def register() -> None:
    """Tell that a list of tasks can be brought in; called once when the app is ready."""
    kinds.register(
        ImportKind(
            key=KEY, label="标准任务", sheet=lambda: SHEET, roles=KEEPS_TASKS, model=StandardTask,
            matched=MATCHED, checks=CHECKS, same=SAME, create=CREATE, once=("year_id", "level", "title"),
            unit_sql="(SELECT y.organisation_id FROM programme_year y WHERE y.id = t.year_id)",
            untouched=UNTOUCHED, discard="retired_on = %(today)s, saved_at = %(now)s", states=("", ""),
            step="save_standard", step_label="导入标准任务", what="标准任务",
            drafts="desk/tasks/standards/", list_name="tasks:standards",
            visible=lambda user: StandardTask.objects.visible_to(user), export=export, line=line,
            note="导入的进入任务清单，看过再下达；没有下达过的可以整批撤销，撤销就是停用。",
        )
    )  # fmt: skip
