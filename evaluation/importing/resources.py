"""Imported facts as a kind of table: the check against the units and what stands, the rows made, the prepared template."""

import json
from typing import Any

from django.db.models import F
from django.utils import timezone

from evaluation.importing import lists
from evaluation.importing.fields import KEY, SHEET, full_name, is_blank, together, values_of
from evaluation.importing.forms import TableForm
from evaluation.importing.services import KEEPERS
from evaluation.metrics.imported import COUNT, HUNDREDTHS, IMPORTABLE, Importable
from evaluation.models import ImportedFact
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.exchange.imports import kinds
from longsha_credit.exchange.imports.kinds import UNIT, UNIT_UNKNOWN, ImportKind
from longsha_credit.exchange.tables.template import Page
from longsha_credit.programme.models import Year

HEADS = ("指标", "用于", "分子", "分母", "凭什么文件", "说明")
TABLES = (
    """importable AS MATERIALIZED (
      SELECT key AS known_metric, value ->> 'title' AS title, value -> 'levels' AS levels, value ->> 'for' AS level_words,
        value -> 'grades' AS grades, value ->> 'noun' AS noun, (value ->> 'counts')::boolean AS counts
      FROM jsonb_each(%(importable)s::jsonb))""",
)
MATCHED = f"""
SELECT r.*, o.id AS unit_id, u.several, o.level, o.taking_part, d.title, d.levels, d.level_words, s.id AS standing_id,
  round(r.numerator::numeric * {HUNDREDTHS})::bigint AS hundredths,
  coalesce(d.grades ->> s.numerator::text, trim_scale(s.numerator::numeric / {HUNDREDTHS})
    || CASE WHEN d.counts AND s.denominator = 0 THEN '' ELSE '/' || s.denominator END || d.noun) AS was
FROM rows r {UNIT}
LEFT JOIN directory_organisation o ON o.id = u.id AND u.several = 1
LEFT JOIN importable d ON d.known_metric = r.metric
LEFT JOIN evaluation_importedfact s ON s.year_id = %(given_year)s AND s.organisation_id = o.id AND s.metric = r.metric
  AND s.withdrawn_at IS NULL AND (s.superseded_at IS NULL OR s.superseded_at = %(now)s)
"""
CHECKS = (
    UNIT_UNKNOWN,
    """SELECT number, 'unit', CASE WHEN levels ? level THEN '这个单位不参加创建，不导入。请删去这一行。'
        ELSE '“' || title || '”只用于' || level_words || '，这是' || (%(level_names)s::jsonb ->> level) || '。请换单位或者换指标。' END, NULL
    FROM matched WHERE unit_id IS NOT NULL AND title IS NOT NULL AND NOT (levels ? level AND taking_part)""",
    """SELECT number, 'reason', '这一项还没有导入过，没有可以更正的。请清空更正理由。', NULL FROM matched
    WHERE reason IS NOT NULL AND standing_id IS NULL AND unit_id IS NOT NULL""",
    """SELECT number, 'reason', '已经导入过，是' || was || '。要更正请写明原来错在哪里；不更正请删去这一行。', NULL
    FROM matched WHERE reason IS NULL AND standing_id IS NOT NULL""",
)  # fmt: skip
SAME = """t.superseded_at IS NULL AND t.withdrawn_at IS NULL AND t.year_id = %(given_year)s
AND t.organisation_id = m.unit_id AND t.metric = m.metric AND t.numerator = m.hundredths AND t.denominator = m.denominator"""
# The old row gives way first; a moment that is this import's own tells which one that was.
GIVE_WAY = """UPDATE evaluation_importedfact t SET superseded_at = %(now)s FROM good_rows g
WHERE t.id = g.standing_id AND t.superseded_at IS NULL"""
CREATE = """
INSERT INTO evaluation_importedfact (id, year_id, organisation_id, metric, numerator, denominator, source,
  document_number, document_id, by_id, imported_at, corrects_id, reason)
SELECT object_id, %(given_year)s, unit_id, metric, hundredths, denominator, %(given_source)s, %(given_document_number)s,
  %(given_document)s, %(by)s, %(now)s, standing_id, coalesce(reason, '')
FROM good
"""
# What took the place of another one stays, and so does what a snapshot has used since.
UNTOUCHED = """t.corrects_id IS NULL AND t.superseded_at IS NULL AND t.withdrawn_at IS NULL
AND NOT EXISTS (SELECT FROM evaluation_snapshot s WHERE s.year_id = t.year_id AND s.state <> 'dropped'
  AND s.started_at >= t.imported_at)"""
LABEL = """(SELECT o.name || y.number || '年' || coalesce(d.title, t.metric) FROM directory_organisation o
  JOIN programme_year y ON y.id = t.year_id
  LEFT JOIN (VALUES {titles}) AS d (metric, title) ON d.metric = t.metric WHERE o.id = t.organisation_id)"""


def _given() -> dict[str, str]:
    found = {
        key: {
            "title": item.title,
            "levels": list(item.levels),
            "for": "、".join(Level(level).label for level in item.levels),
            "grades": {str(value * HUNDREDTHS): word for word, value in item.grades.items()},
            "noun": item.noun,
            "counts": item.shape == COUNT,
        }
        for key, item in IMPORTABLE.items()
    }
    names = {level.value: level.label for level in Level}
    return {"importable": json.dumps(found), "level_names": json.dumps(names)}


def _titles() -> str:
    """Keys and titles as SQL rows; both are our own words and hold no quotes."""
    return ", ".join(f"('{key}', '{item.title}')" for key, item in IMPORTABLE.items())


def _year(import_: Any) -> Year:
    """The year that was given with a table; years are no secret."""
    return Year.objects.public().get(pk=import_.given["year"])


def closed(import_: Any) -> list[str]:
    year = _year(import_)
    return [f"{year}已封存，导入的事实不能再加、再改。"] if year.is_frozen else []


def beside(import_: Any) -> list[tuple[str, str]]:
    """What was given with the table."""
    given = import_.given
    return [
        ("年度", str(_year(import_))),
        ("来源单位", given["source"]),
        ("文号", given["document_number"] or "没有文号"),
        ("来源文件", given["document_name"]),
    ]


def export(user: Any, query: Any) -> Any:
    """What the list of facts shows."""
    rows = lists.listed(user, query, timezone.localdate())
    return rows.select_related("organisation__parent__parent")


def prepared(user: Any, query: Any) -> dict[str, Any]:
    """The units to choose from and what each indicator counts; of one indicator a line stands ready for every unit."""
    item = IMPORTABLE.get(query.get("metric", ""))
    units = (
        Organisation.objects.visible_to(user).where(user, KEEPERS).taking_part().exclude(level=Level.DISTRICT)
    )
    units = units.select_related("parent__parent").order_by(F("path"))
    known = [(full_name(unit), unit) for unit in units if item is None or unit.level in item.levels]
    listed = [name for name, _ in known]
    return {
        "ready": [{"unit": name, "metric": item.title} for name in listed] if item else [],
        "lists": {"unit": listed},
        "pages": (
            Page("单位", ("全称", "层级"), [(name, unit.get_level_display()) for name, unit in known]),
            Page("指标", HEADS, [_line(one) for one in IMPORTABLE.values()]),
        ),
    }


def _line(item: Importable) -> tuple[str, ...]:
    return item.title, item.level_words, item.numerator, item.denominator, item.document, item.note


def register() -> None:
    """Tell that facts can be brought in; called once when the app is ready."""
    kinds.register(
        ImportKind(
            key=KEY, label="事实", sheet=lambda: SHEET, roles=KEEPERS, model=ImportedFact, form=TableForm,
            tables=TABLES, matched=MATCHED, checks=CHECKS, same=SAME, given=_given, first=(GIVE_WAY,), create=CREATE,
            once=("unit_id", "metric"), once_field="metric", together=together, is_blank=is_blank, closed=closed,
            beside=beside, prepared=prepared, step="import", step_label="导入事实", what="事实",
            label_sql=LABEL.format(titles=_titles()),
            told="CASE WHEN t.corrects_id IS NULL THEN '' ELSE '。更正：' || t.reason END",
            untouched=UNTOUCHED, states=("", ""), discard="withdrawn_at = %(now)s", gone="都不再计入",
            stays="是更正、又更正过，或者已经取过数",
            drafts="desk/evaluation/imported/?import={pk}", list_name="imported:list",
            visible=lambda user: ImportedFact.objects.visible_to(user).with_names(), export=export, line=values_of,
            note="导入以后，下一次取数就用它。还没有取数的可以整批撤销；更正不能撤销，写错了再更正一次。",
        )
    )  # fmt: skip
