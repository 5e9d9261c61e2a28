"""The national platform's template for collecting commitments: its columns, and what holds of them together.

Columns, lengths, choices and which must be filled are those of the template as a provincial platform uses it.
"""

import datetime
import re
from typing import Any

from django.core.exceptions import ValidationError

from commitments.models import Verdict
from longsha_credit.exchange.tables.cleaning import Fault, clean, text_of
from longsha_credit.exchange.tables.fields import TEXTS, Field, Sheet, Sort
from longsha_credit.exchange.tables.words import shown
from longsha_credit.exchange.tables.wrong import Wrong

KEY = "national"
LABEL = "国家模板信用承诺"
SHORT, LONG, REASON, CODE = 200, 4000, 512, 18
NATURAL = "natural"
PUBLIC = "public"


def code_is_right(text: str) -> None:
    """Raise ValidationError unless the code is division 6 + day 8 + serial 6."""
    if not re.fullmatch(r"[0-9]{20}", text):
        raise ValidationError(
            f"承诺编码应是20位数字，现在是{len(text)}位。格式：区划代码6位、年月日8位、流水号6位。"
        )
    try:
        datetime.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as wrong:
        raise ValidationError(f"编码第7到14位“{text[6:14]}”不是日期，应写成20261120这样。") from wrong


FIELDS = (
    Field("code", "承诺编码", Sort.CODE, True, "20位：行政区划6位、年月日8位、流水号6位。", "23020220261120000001", 24,
          most=20, check=code_is_right),
    Field("promiser", "承诺人名称", Sort.TEXT, True, "作出承诺的单位全称。", "五龙街道办事处", 22, most=SHORT),
    Field("promiser_sort", "承诺人类别", Sort.CHOICE, True, "从下拉里选。", "法人及非法人组织", choices=(
        ("legal", "法人及非法人组织", "法人"), (NATURAL, "自然人"), ("individual", "个体工商户"))),
    Field("promiser_code", "承诺人代码", Sort.CODE, True, "统一社会信用代码18位。", "11990100MB1234567F", 22, most=CODE),
    Field("kind", "承诺类型", Sort.CHOICE, True, "政务承诺是主动型。", "主动型", choices=(
        ("approval", "审批替代型"), ("tolerance", "容缺受理型"), ("proof", "证明事项型"), ("repair", "信用修复型"),
        ("trade", "行业自律型"), ("active", "主动型"), ("other", "其他"))),
    Field("title", "承诺事由", Sort.TEXT, True, "承诺的是什么事。", "新苑社区单元门无障碍坡道改造", 32, most=REASON),
    Field("content", "承诺内容", Sort.LONG, True, "", "为没有坡道的单元门建成无障碍坡道24处。", 50, most=LONG),
    Field("liability", "违诺责任", Sort.LONG, True, "没有做到时承担什么。", "公开说明原因和补救期限。", 36, most=LONG),
    Field("made_on", "承诺作出日期", Sort.DAY, True, "", "2026-11-20", 14),
    Field("due_on", "承诺有效期", Sort.DAY, help="到哪一天为止。", example="2026-12-20", width=14, month_end=True,
          other_names=("承诺有效期至",)),
    Field("receiver", "承诺受理单位", Sort.TEXT, True, "", "龙沙区营商环境建设监督局", 24, most=SHORT),
    Field("receiver_code", "承诺受理单位代码", Sort.USCC, True, "", "11990100MB1234567F", 22, other_names=("受理单位代码",)),
    Field("openness", "公开类型", Sort.CHOICE, True, "从下拉里选。", "可向社会公开", choices=(
        (PUBLIC, "可向社会公开"), ("limited", "特定范围内公开"), ("closed", "不可公开"))),
    Field("verdict", "承诺履行状态", Sort.CHOICE, help="认定以后才填。", choices=(
        (Verdict.FULL.value, "全部履行"), (Verdict.PARTLY.value, "部分履行"), (Verdict.NONE.value, "全部未履行", "未履行")),
        other_names=("履行状态",)),
    Field("unmet", "未履行的承诺内容", Sort.LONG, help="不是全部履行的必填。", width=36, most=LONG),
    Field("consequence", "违诺责任追究内容", Sort.LONG, help="不是全部履行的必填。", width=36, most=LONG),
    Field("verified_on", "履行状态认定日期", Sort.DAY, help="有履行状态的必填。", width=14),
    Field("verifier", "履行状态认定单位", Sort.TEXT, help="有履行状态的必填。", width=24, most=SHORT, other_names=("认定单位",)),
    Field("verifier_code", "履行状态认定单位代码", Sort.USCC, help="有履行状态的必填。", width=22, other_names=("认定单位代码",)),
    Field("remark", "备注", Sort.LONG, width=24, most=1000),
    Field("supervision", "监管状态", Sort.CHOICE, help="认定以后是监管完成。", choices=(("on", "监管中"), ("done", "监管完成"))),
    Field("expiry", "过期状态", Sort.CHOICE, help="有效期过了没有。", choices=(("current", "未过期"), ("expired", "已过期"))),
)  # fmt: skip
SHEET = Sheet(KEY, LABEL, FIELDS, keyed=False, note="国家平台信用承诺归集模板。编码和代码都按文本填。")
BY_NAME = SHEET.by_name
ONCE_VERIFIED = ("verified_on", "verifier", "verifier_code")
WHEN_BROKEN = ("unmet", "consequence")
AS_A_UNIT = Field("promiser_code", "承诺人代码", Sort.USCC, True, most=CODE)
HIDDEN = "（证件号码，不显示）"


def sheet() -> Sheet:
    return SHEET


def together(values: dict[str, Any]) -> list[Fault]:
    """What the cells of a row only say together. The number of a natural person is taken out of `values` unseen."""
    faults = []
    verdict = values["verdict"]
    if values["promiser_code"] and (wrong := _wrong_code(values)):
        faults.append(wrong)
    for name in ONCE_VERIFIED:
        if verdict and not values[name]:
            faults.append(_lacks(name, "填了承诺履行状态"))
        elif values[name] and not verdict:
            faults.append(_lacks("verdict", f"填了{BY_NAME[name].label}"))
    for name in WHEN_BROKEN:
        if verdict and verdict != Verdict.FULL and not values[name]:
            faults.append(_lacks(name, "不是全部履行"))
    if values["made_on"] and values["due_on"] and values["due_on"] < values["made_on"]:
        faults.append(_said("due_on", values, "承诺有效期早于承诺作出日期，请核对。"))
    if values["made_on"] and values["verified_on"] and values["verified_on"] < values["made_on"]:
        faults.append(_said("verified_on", values, "认定日期早于承诺作出日期，请核对。"))
    if values["supervision"] and (values["supervision"] == "done") != bool(verdict):
        wanted = "监管完成" if verdict else "监管中"
        said = "有了履行状态" if verdict else "还没有履行状态"
        faults.append(_said("supervision", values, f"{said}，监管状态应是{wanted}。", wanted))
    return list({fault.name: fault for fault in faults}.values())


def _wrong_code(values: dict[str, Any]) -> Fault | None:
    if values["promiser_sort"] == NATURAL:
        length = len(values["promiser_code"])
        values["promiser_code"] = None
        said = f"自然人的代码应是18位，现在是{length}位。"
        return None if length == CODE else Fault("promiser_code", "承诺人代码", HIDDEN, said)
    try:
        values["promiser_code"] = clean(AS_A_UNIT, values["promiser_code"])
    except Wrong as wrong:
        given = shown(values["promiser_code"], 100)
        return Fault("promiser_code", "承诺人代码", given, wrong.sentence, wrong.fix)
    return None


def _lacks(name: str, why: str) -> Fault:
    label = BY_NAME[name].label
    return Fault(name, label, "", f"{why}，{label}就必须填。")


def _said(name: str, values: dict[str, Any], sentence: str, fix: str = "") -> Fault:
    field = BY_NAME[name]
    return Fault(name, field.label, text_of(field, values[name]), sentence, fix)


def faults(values: dict[str, Any]) -> list[Fault]:
    """What keeps a row of ours out of the template; `values` by the fields' names, of the types that Sort names.

    What a text begins with is no fault here: going out it is neutralised.
    """
    found = []
    for field in FIELDS:
        value = values[field.name]
        if problem := _of_text(field, value) if field.sort in TEXTS else _of_value(field, value):
            found.append(Fault(field.name, field.label, shown(text_of(field, value), 100), problem))
    told = {fault.name for fault in found}
    return found + [fault for fault in together(dict(values)) if fault.name not in told]


def _of_text(field: Field, value: Any) -> str:
    text = value or ""
    if field.most and len(text) > field.most:
        return f"有{len(text)}个字，模板最多{field.most}个字。"
    return "没有填，模板要求必填。" if field.required and not text.strip() else ""


def _of_value(field: Field, value: Any) -> str:
    text = text_of(field, value)
    if not text:
        return "没有填，模板要求必填。" if field.required else ""
    try:
        clean(field, text)
    except Wrong as wrong:
        return wrong.sentence
    return ""
