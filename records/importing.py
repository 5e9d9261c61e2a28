"""Integrity records from a table: its columns, and how its rows become drafts."""

import json
from dataclasses import replace
from typing import Any

from longsha_credit.exchange.imports import kinds
from longsha_credit.exchange.imports.kinds import UNIT, UNIT_UNKNOWN, ImportKind
from longsha_credit.exchange.imports.sheet import unit_name
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort
from records import lists
from records.models import FILERS, CatalogueItem, Finality, Part, Record, SubjectKind
from records.models.catalogue import PERSONS

KEY = "records"
LEVELS = json.dumps(dict(SubjectKind.choices), ensure_ascii=False)

FIELDS = (
    Field("unit", "单位", Sort.UNIT, True, "记录说的是哪个单位、岗位；记公职人员的写他的单位。", "向阳街道", 18),
    Field("official", "公职人员工号", Sort.PERSON, help="记公职人员的才填，写工号，不写姓名。", width=14, most=30,
          other_names=("工号",)),
    Field("item", "清单事项", Sort.CHOICE, True, "从下拉里选，也可以只写编号。", width=30, choices=(("", ""),),
          other_names=("事项", "事项编号")),
    Field("part", "主体在事件中", Sort.CHOICE, help="当事：就是它的事。涉及：只是提到。不填算当事。", example="当事",
          choices=tuple(Part.choices)),
    Field("title", "标题", Sort.TEXT, True, "一句话说清是什么事。", "老年食堂没有按承诺恢复供餐", 36, most=80),
    Field("facts", "事实", Sort.LONG, True, "时间、地点、做了什么或没有做什么，照决定书写。不写居民的姓名、号码和住址。",
          "2026年9月1日前应恢复供餐，到10月8日仍未恢复。", 50, most=2000),
    Field("document_number", "文号", Sort.TEXT, help="作为依据的决定、通报或判决的文号。", example="示督〔2026〕12号",
          width=20, most=80),
    Field("issuing_body", "作出机关", Sort.TEXT, example="示例区督查室", width=18, most=80),
    Field("decided_on", "作出日期", Sort.DAY, help="不能晚于今天。", example="2026-10-12", width=12),
    Field("finality", "决定生效没有", Sort.CHOICE, help="不填算已生效。", example="已生效", choices=tuple(Finality.choices),
          other_names=("是否生效",)),
    Field("next_check_on", "下次复查日期", Sort.DAY, help="还没有生效的才填。", width=12),
    Field("effective_from", "生效日期", Sort.DAY, help="不早于作出日期。", example="2026-10-12", width=12),
    Field("effective_until", "有效期至", Sort.DAY, help="留空由系统按清单算。", width=12),
)  # fmt: skip

ITEMS = """items AS (
  SELECT * FROM (SELECT DISTINCT ON (code) * FROM records_catalogueitem ORDER BY code, version DESC) newest
  WHERE NOT is_retired)"""
MATCHED = f"""
SELECT r.*, u.id AS unit_id, u.several, o.name AS unit_name, i.id AS item_id, i.title AS item_title, i.subjects,
  i.disclosure, i.effect_months, i.effect_rule, i.may_be_pending, i.repairable, i.repair_min_months,
  f.id AS official_id, f.name AS official_name, coalesce(r.finality, 'final') AS final,
  CASE WHEN r.official IS NOT NULL THEN 'official' ELSE o.level END AS subject_kind,
  (r.effective_from + make_interval(months => i.effect_months))::date AS last_day
FROM rows r {UNIT}
LEFT JOIN directory_organisation o ON o.id = u.id
LEFT JOIN items i ON i.code = r.item
LEFT JOIN directory_official f ON f.organisation_id = u.id AND f.staff_number = r.official
"""
# What the form says, in the same words where it can.
CHECKS = (
    UNIT_UNKNOWN,
    """SELECT number, 'official', '这个单位没有这个工号的公职人员。请核对工号和单位。', NULL FROM matched
    WHERE official IS NOT NULL AND unit_id IS NOT NULL AND official_id IS NULL""",
    """SELECT number, CASE WHEN official IS NULL THEN 'unit' ELSE 'official' END, '“' || item_title || '”只适用于' ||
      (SELECT string_agg(%(levels)s::jsonb ->> s, '、') FROM unnest(subjects) s) || '，请换事项或者主体。', NULL
    FROM matched WHERE item_id IS NOT NULL AND subject_kind IS NOT NULL AND NOT (subject_kind = ANY (subjects))""",
    """SELECT number, 'item', '这个事项刚刚停用，请换一个。', NULL FROM matched WHERE item IS NOT NULL AND item_id IS NULL""",
    """SELECT number, 'decided_on', '作出日期不能晚于今天。', NULL FROM matched WHERE decided_on > %(today)s""",
    """SELECT number, 'effective_from', '生效日期不能早于作出日期。', decided_on::text FROM matched
    WHERE effective_from < decided_on""",
    """SELECT number, 'finality', '这个事项的决定作出就生效，没有“还可复议、诉讼或申诉”的情形。', '已生效' FROM matched
    WHERE finality = 'pending' AND NOT may_be_pending""",
    """SELECT number, 'next_check_on', '决定还没有生效的，请写明今天以后的哪一天再看。', NULL FROM matched
    WHERE finality = 'pending' AND may_be_pending AND (next_check_on IS NULL OR next_check_on <= %(today)s)""",
    """SELECT number, 'effective_until', '填了有效期的最后一天，请写上生效日期。', NULL FROM matched
    WHERE effective_until IS NOT NULL AND effective_from IS NULL""",
    """SELECT number, 'effective_until', CASE effect_rule
        WHEN 'fixed' THEN '这个事项的有效期是' || effect_months || '个月，到' || last_day || '。'
        ELSE '最长到' || last_day || '（从生效日期起' || effect_months || '个月），并且要晚于生效日期。' END, last_day::text
    FROM matched WHERE (effect_rule = 'fixed' AND effective_until <> last_day) OR effective_until > last_day
      OR effective_until <= effective_from""",
)  # fmt: skip
SAME = """t.state <> 'discarded' AND t.organisation_id = m.unit_id AND t.official_id IS NOT DISTINCT FROM m.official_id
AND t.title = m.title AND t.facts = m.facts AND t.document_number = coalesce(m.document_number, '')
AND t.decided_on IS NOT DISTINCT FROM m.decided_on
AND EXISTS (SELECT FROM records_catalogueitem c WHERE c.id = t.item_id AND c.code = m.item)"""
CREATE = """
INSERT INTO records_record (id, number, version, item_id, correction_kind, correction_reason, organisation_id,
  official_id, subject_kind, subject_name, part, title, facts, document_number, issuing_body, decided_on, finality,
  next_check_on, effective_from, effective_until, disclosure, effect_max_months, repairable, repair_min_months, state,
  created_by_id, return_reason, flagged, revoke_from, revoke_reason, unsound, created_at, saved_at)
SELECT object_id, '', 1, item_id, '', '', unit_id, official_id, subject_kind, coalesce(official_name, unit_name),
  coalesce(part, 'party'), title, facts, coalesce(document_number, ''), coalesce(issuing_body, ''), decided_on, final,
  CASE WHEN final = 'pending' THEN next_check_on END, effective_from,
  CASE WHEN effective_from IS NOT NULL THEN coalesce(effective_until, last_day) END,
  disclosure, effect_months, repairable, repair_min_months, 'draft', %(by)s, '', '{}', '', '', '', %(now)s, %(now)s
FROM good
"""


def sheet() -> Sheet:
    """The columns, with the items that may be filed now."""
    items = tuple((i.code, f"{i.code} {i.title}", i.title) for i in CatalogueItem.objects.in_use())
    fields = [
        replace(f, choices=items, example=items[0][1]) if f.name == "item" and items else f for f in FIELDS
    ]
    return Sheet(
        KEY, "诚信记录", tuple(fields), note="导入的是草稿。证据在草稿上逐条上传，提交核实前至少要有一份。"
    )


def export(user: Any, query: Any) -> Any:
    """What the list of records shows, without people: their file is read for a purpose and taken out alone."""
    rows = lists.filtered(lists.records_of(user), query, user)
    return rows.exclude(subject_kind__in=PERSONS)


def line(it: Record) -> dict[str, Any]:
    values = {name: getattr(it, name) or None for name in SAME_NAMES}
    return {"unit": unit_name(it.organisation), "item": it.item.code, **values}


SAME_NAMES = tuple(f.name for f in FIELDS if f.name not in ("unit", "official", "item"))


def register() -> None:
    """Tell that records can be brought in; called once when the app is ready."""
    kinds.register(
        ImportKind(
            key=KEY, label="诚信记录", sheet=sheet, roles=FILERS, model=Record,
            tables=(ITEMS,), matched=MATCHED, checks=CHECKS, same=SAME, create=CREATE,
            once=("unit_id", "official_id", "item_id", "title", "document_number", "decided_on"),
            given=lambda: {"levels": LEVELS},
            label_sql="""CASE WHEN t.subject_kind IN ('post', 'official') THEN '公职人员诚信记录 （草稿）' ELSE t.title END""",
            drafts="desk/records/?import={pk}", list_name="records:list",
            visible=lambda user: Record.objects.visible_to(user), export=export, line=line,
            note="导入的都是草稿：证据在草稿上逐条上传，提交以后由区里另一个人核实。",
        )
    )  # fmt: skip
