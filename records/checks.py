"""Rules that need no database: whose name is hidden, how long a record may stand, what an item must not mix."""

from longsha_credit.deadlines.calendar import add_months
from records.models import Disclosure, EffectRule, RecordKind, Severity
from records.models.catalogue import PERSONS, TRUSTWORTHY

LONGEST_EFFECT = 120


def end_of(item, start, end):
    """(what is wrong, the last day): computed where the item fixes it, the longest where nothing is given."""
    if start is None:
        return ("填了有效期的最后一天，请写上生效日期。" if end else "", None)
    last = add_months(start, item.effect_months)
    if item.effect_rule == EffectRule.FIXED or end is None:
        return "", last
    if end > last:
        return f"最长到{last:%Y-%m-%d}（从生效日期起{item.effect_months}个月）。", None
    return ("", end) if end > start else ("有效期的最后一天要晚于生效日期。", None)


def item_faults(data):
    """(field, sentence) for whatever contradicts itself in an item as it was typed."""
    months, least = data.get("effect_months"), data.get("repair_min_months")
    if months is not None and not 1 <= months <= LONGEST_EFFECT:
        yield "effect_months", f"有效期在1到{LONGEST_EFFECT}个月之间。"
    elif months is not None and least is not None and least > months:
        yield "repair_min_months", "修复前最短月数不能比有效期长。"
    if set(data.get("subjects") or ()) & set(PERSONS) and data.get("disclosure") == Disclosure.PUBLIC:
        yield "disclosure", "岗位和公职人员的记录不向社会公开，请选“机关内部”或更窄的层级。"
    kind, source, severity = data.get("kind"), data.get("source"), data.get("severity")
    good = kind == RecordKind.TRUST
    if kind and source and (source in TRUSTWORTHY) != good:
        yield "source", f"这个来源不是{RecordKind(kind).label}事项的来源，请核对。"
    if good and severity:
        yield "severity", "守信事项不分严重程度，请选“不选”。"
    if kind == RecordKind.BREACH and severity not in Severity.values:
        yield "severity", "失信事项请选择严重程度。"
    if good and (data.get("repairable") or least):
        yield "repairable", "守信事项没有修复：请不勾选，最短月数写0。"


def masked(name):
    """张某 for 张三: the first character and nothing more."""
    return f"{name[:1]}某" if name else ""


def subject_of(it):
    """Whom a record is about, as lists and exports say it: an official only by the first character."""
    return masked(it.subject_name) if it.official_id else it.subject_name
