"""The catalogue the portal starts with: the sources the plan names (二（二）), in its four dimensions.

A changed row is loaded as the item's next version; what the district office edited itself is left alone.
"""

from typing import Any

PLAN = "试点方案二（二）"
MEASURES = "国发〔2016〕76号"
REPAIR = "参照《信用修复管理办法》（国家发展改革委令第36号）"
SANCTIONS = "《公职人员政务处分法》第八条、第二十六条"
SHARED = "发改财金〔2023〕1103号"
UNITS, PERSONS, OFFICIAL = ["street", "community", "window"], ["post", "official"], ["official"]


def _item(
    code: str, title: str, dimension: str, source: str, subjects: list[str], **more: Any
) -> dict[str, Any]:
    return {
        "code": code,
        "title": title,
        "dimension": dimension,
        "source": source,
        "subjects": subjects,
        "severity": "",
        "may_be_pending": False,
        "repairable": False,
        "repair_min_months": 0,
    } | more


def _good(
    code: str,
    title: str,
    dimension: str,
    source: str,
    subjects: list[str],
    months: int,
    evidence: str,
    **more: Any,
) -> dict[str, Any]:
    level = "internal" if subjects == PERSONS else "public"
    return _item(
        code, title, dimension, source, subjects,
        **{"kind": "trust", "basis": f"{PLAN}；{MEASURES}", "evidence": evidence, "disclosure": level, "effect_rule": "fixed",
           "effect_months": months, "effect_basis": "建议：按评定周期"} | more,
    )  # fmt: skip


# severity: (longest months, shortest months before repair)
PERIODS = {"minor": (3, 0), "general": (12, 3), "serious": (36, 12)}


def _bad(
    code: str,
    title: str,
    dimension: str,
    source: str,
    subjects: list[str],
    severity: str,
    basis: str,
    evidence: str,
    **more: Any,
) -> dict[str, Any]:
    longest, shortest = PERIODS[severity]
    units = subjects == UNITS
    return _item(
        code, title, dimension, source, subjects,
        **{"kind": "breach", "severity": severity, "basis": f"{PLAN}；{basis}", "evidence": evidence,
           "disclosure": "public" if units else "internal", "effect_rule": "up_to", "effect_months": longest,
           "effect_basis": REPAIR, "repairable": units, "repair_min_months": shortest if units else 0} | more,
    )  # fmt: skip


def _sanction(code: str, title: str, months: int, severity: str) -> dict[str, Any]:
    """处分期满自动解除: the period is the law's, nothing is repaired."""
    return _bad(
        code, title, "duty", "discipline", OFFICIAL, severity, SANCTIONS, "政务处分决定书（结论和文号，不录问题线索）",
        effect_rule="fixed", effect_months=months, effect_basis=SANCTIONS,
    )  # fmt: skip


DOCUMENT, AWARD = "决定书或判决书", "表彰决定或通报"
COURT = "《行政诉讼法》；国发〔2016〕76号"

CATALOGUE = [
    # 守信：单位
    _good("S01", "党风廉政建设考核优秀", "duty", "integrity", UNITS, 12, "考核结果通报", disclosure="internal"),
    _good("S02", "年度绩效考核优秀", "duty", "annual", UNITS, 12, "考核结果通报"),
    _good("S03", "获评先进单位", "word", "excellence", UNITS, 24, AWARD),
    _good("S04", "依法行政受到表彰奖励", "lawful", "honour", UNITS, 36, AWARD),
    _good("S05", "政务公开受到表彰奖励", "open", "honour", UNITS, 36, AWARD),
    _good("S06", "履约践诺受到表彰奖励", "word", "honour", UNITS, 36, AWARD),
    # 守信：公职人员和岗位
    _good("S11", "廉政考核结论良好", "duty", "integrity", PERSONS, 12, "考核结论和文号"),
    _good("S12", "年度考核优秀", "duty", "annual", PERSONS, 12, "考核结果通报"),
    _good("S13", "获评先进个人", "duty", "excellence", PERSONS, 24, AWARD),
    _good("S14", "受到嘉奖、记功等奖励", "duty", "honour", PERSONS, 36, AWARD),
    # 失信：单位
    _bad("X01", "行政行为被判决违法或撤销", "lawful", "judgment", UNITS, "general", COURT, "生效判决书",
         may_be_pending=True),
    _bad("X02", "被列为失信被执行人", "word", "judgment", UNITS, "serious", f"{SHARED}；{MEASURES}", "法院决定书"),
    _bad("X03", "受到行政处罚", "lawful", "penalty", UNITS, "general", f"《行政处罚法》；{MEASURES}", DOCUMENT,
         may_be_pending=True),
    _bad("X04", "受到轻微行政处罚", "lawful", "penalty", UNITS, "minor", f"《行政处罚法》；{MEASURES}", DOCUMENT,
         may_be_pending=True, disclosure="internal"),
    _bad("X05", "因履职问题被通报问责", "duty", "discipline", UNITS, "general", MEASURES, "问责决定或通报",
         disclosure="internal"),
    _bad("X06", "未兑现惠民利企承诺，经核实", "word", "complaint", UNITS, "general", SHARED, "核实认定书"),
    _bad("X07", "违约失信，拒不整改", "word", "complaint", UNITS, "serious", SHARED, "认定书和催告材料"),
    _bad("X08", "应当公开没有公开，经责令仍不改正", "open", "complaint", UNITS, "general",
         "《政府信息公开条例》第四十七条、第五十三条", "责令改正文书和核实材料"),
    # 失信：公职人员
    _sanction("X11", "政务处分：警告", 6, "minor"),
    _sanction("X12", "政务处分：记过", 12, "general"),
    _sanction("X13", "政务处分：记大过", 18, "general"),
    _sanction("X14", "政务处分：降级", 24, "serious"),
    _sanction("X15", "政务处分：撤职", 24, "serious"),
    _bad("X16", "履职行为被司法判决追究", "lawful", "judgment", PERSONS, "serious", MEASURES, "生效判决书",
         may_be_pending=True),
    _bad("X17", "履职中受到行政处罚", "lawful", "penalty", PERSONS, "general", MEASURES, DOCUMENT, may_be_pending=True),
    _bad("X18", "对未兑现承诺负直接责任，经核实", "word", "complaint", PERSONS, "general", SHARED, "核实认定书"),
]  # fmt: skip
