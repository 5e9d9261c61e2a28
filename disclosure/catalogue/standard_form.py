"""The columns of the standard catalogue as towns and streets fill them in, and what their cells say together."""

import re
from typing import Any

from disclosure.coverage.services import limit_rules
from disclosure.models import Frequency, Group
from longsha_credit.directory.models import Level
from longsha_credit.exchange.tables.cleaning import Fault
from longsha_credit.exchange.tables.fields import Choice, Field, Sheet, Sort

KEY = "catalogue"
LABEL = "公开目录（标准目录栏目）"
EVERYBODY = "全社会"
TICKED, EMPTY_BOX = "■☑√✓✔▣●", "□☐○◻"
BOX = re.compile(f"([{TICKED}{EMPTY_BOX}])")
APART = re.compile(r"[、，,;；\n]+")
TICK_WORDS = frozenset([*TICKED, "是", "1", "Y", "y"])
NO_TICK_WORDS = frozenset([*EMPTY_BOX, "否", "0", "N", "n", "×"])
ACTIVE, ON_REQUEST = "active", "on_request"
COUNTY_WORDS = {
    "县级": Level.DISTRICT,
    "区级": Level.DISTRICT,
    "县（区）级": Level.DISTRICT,
    "区": Level.DISTRICT,
}
BELOW_WORDS = {
    "乡级": Level.STREET, "乡镇级": Level.STREET, "乡（镇）级": Level.STREET, "镇级": Level.STREET, "街道": Level.STREET,
    "街道级": Level.STREET, "社区": Level.COMMUNITY, "社区级": Level.COMMUNITY, "村级": Level.COMMUNITY,
    "窗口": Level.WINDOW,
}  # fmt: skip
LEVEL_ORDER = (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.WINDOW)
# How time limits are usually written around the number of days.
BEFORE = (
    "", "自信息形成或者变更之日起", "自信息形成或变更之日起", "自信息形成之日起", "信息形成或者变更之日起", "信息形成或变更之日起",
    "信息形成之日起", "形成或者变更之日起", "公开事项信息形成或变更之日起", "自公开事项信息形成或变更之日起", "自收到信息之日起", "自作出决定之日起",
)  # fmt: skip
AFTER = ("", "内", "内公开", "内予以公开", "内。", "内公开。", "内予以公开。")
PROMPT = (
    *(
        "及时",
        "实时",
        "即时",
        "随时",
        "及时公开",
        "实时公开",
        "及时更新",
        "实时更新",
        "及时/实时",
        "实时/及时",
    ),
    *("及时、实时", "及时公开。", "实时公开。"),
)
IN_CHINESE = {"20": "二十", "7": "七", "3": "三"}
OFTEN = {
    Frequency.MONTHLY: ("每月", "按月", "每月公开", "每月更新", "按月公开"),
    Frequency.QUARTERLY: (
        "每季度",
        "每季",
        "按季度",
        "按季",
        "每季度公开",
        "每季度更新",
        "按季度公开",
        "按季公开",
    ),
    Frequency.HALF_YEARLY: ("每半年", "半年", "每半年公开", "每半年更新"),
    Frequency.YEARLY: ("每年", "每年度", "按年", "按年度", "每年公开", "每年更新", "年度公开", "按年度公开"),
}

FIELDS = (
    Field("serial", "序号", Sort.WHOLE, help="目录里的次序；新增的事项排在最后，这里的数不用。", example="31", width=8, most=9999),
    Field("top", "一级事项", Sort.CHOICE, True, "从下拉里选；Excel 里上下合并的单元格照读。", "居务公开", 16, choices=tuple(Group.choices),
          other_names=("公开事项（一级）", "公开事项一级", "公开事项一级事项", "一级")),
    Field("name", "二级事项", Sort.TEXT, True, "事项的名称，同名的就是系统里的那一项。", "社区用房使用", 20, most=40,
          other_names=("公开事项（二级）", "公开事项二级", "公开事项二级事项", "二级")),
    Field("content", "公开内容", Sort.TEXT, True, "要素写全。", "使用单位、用途、期限、收入", 50, most=500,
          other_names=("公开内容（要素）",)),
    Field("basis", "公开依据", Sort.TEXT, True, "法律、法规或文件的名称和条款。", "城市居民委员会组织法第五章", 36, most=300),
    Field("time_limit", "公开时限", Sort.CHOICE, True, "照常用的说法写，如 20个工作日、3个工作日、及时、每季度。",
          "自信息形成或者变更之日起20个工作日内", 28, choices=(("", ""),)),
    Field("publisher", "公开主体", Sort.TEXT, True, "", "社区居民委员会", 18, most=100),
    Field("channels", "公开渠道和载体", Sort.LONG, True, "用顿号隔开；也可以照原表的方框打勾，只读打了勾的。", "政府网站、社区/企事业单位/村公示栏（电子屏）",
          36, most=500, other_names=("公开渠道", "公开载体")),
    Field("everyone", "全社会", Sort.TEXT, help="打√；合成一栏“公开对象”的写全社会或者哪些人。", example="√", width=10, most=60,
          other_names=("公开对象", "公开对象（全社会）")),
    Field("certain", "特定群体", Sort.TEXT, help="不向全社会公开的，写哪些人。", width=12, most=60,
          other_names=("特定群众", "特定人群", "公开对象（特定群体）", "公开对象特定群体")),
    Field("active", "主动公开", Sort.TEXT, help="打√；合成一栏“公开方式”的写主动或者依申请。", example="√", width=10, most=20,
          other_names=("主动", "公开方式", "公开方式（主动）", "公开方式（主动公开）")),
    Field("on_request", "依申请公开", Sort.TEXT, help="打√。", width=12, most=20,
          other_names=("依申请", "公开方式（依申请）", "公开方式（依申请公开）", "公开方式依申请")),
    Field("county", "县级", Sort.TEXT, help="打√；合成一栏“公开层级”的写县级、乡级、街道、社区、窗口。", width=10, most=60,
          other_names=("公开层级", "区级", "县（区）级", "公开层级（县级）")),
    Field("township", "乡级", Sort.TEXT, help="打√是街道；由社区、窗口公开的写明，如 √街道、社区。", example="√ 社区", width=14,
          most=60, other_names=("乡镇级", "乡（镇）级", "街道级", "公开层级（乡级）", "公开层级乡级")),
)  # fmt: skip
PAIRS = (
    ("公开事项", ("top", "name")),
    ("公开对象", ("everyone", "certain")),
    ("公开方式", ("active", "on_request")),
    ("公开层级", ("county", "township")),
)
LABELS = {field.name: field.label for field in FIELDS}


def limits() -> tuple[Choice, ...]:
    """The rules a topic may have, and how often topics are renewed, each by its usual words."""
    rules = tuple(_of_rule(key, words) for key, words in limit_rules("disclosure_publish"))
    return rules + tuple((key.value, words[0], *words[1:]) for key, words in OFTEN.items())


def _of_rule(key: str, words: str) -> Choice:
    amount = words.rsplit("（", 1)[-1].rstrip("）")
    number = re.match(r"[0-9]*", amount).group()  # type: ignore[union-attr]
    days = [amount]
    if "工作日" in amount:
        number = amount.split("个")[0]
        numbers = (number, IN_CHINESE.get(number, number))
        days += [f"{one}{unit}" for one in numbers for unit in ("个工作日", "工作日")]
    spelt = [f"{before}{day}{after}" for before in BEFORE for day in dict.fromkeys(days) for after in AFTER]
    label = limit_words(amount)
    more = PROMPT if key == "disclosure_prompt" else ()
    return (key, label, *(one for one in dict.fromkeys([*spelt, *more]) if one != label))


def limit_words(amount: str) -> str:
    return f"自信息形成或者变更之日起{amount}内"


def sheet() -> Sheet:
    """The columns as they are now; the rules of time limits come from the database."""
    offered = limits()
    fields = tuple(_with(field, offered) if field.name == "time_limit" else field for field in FIELDS)
    note = "表头和标准目录一样可以分两行；公开对象、公开方式、公开层级可以各合成一栏。"
    return Sheet(KEY, LABEL, fields, keyed=False, note=note, most_rows=2000)


def _with(field: Field, offered: tuple[Choice, ...]) -> Field:
    return Field(
        field.name, field.label, field.sort, field.required, field.help, field.example, field.width,
        choices=offered, other_names=field.other_names,
    )  # fmt: skip


# --- what cells say together -----------------------------------------------------------------------------------------


def together(values: dict[str, Any]) -> list[Fault]:
    """Boxes and words as values: `everyone` becomes the audience, `active` the method, `county` the levels by commas."""
    faults = []
    for way in (_channels, _audience, _method, _levels):
        if fault := way(values):
            faults.append(fault)
    return faults


def _said(name: str, values: dict[str, Any], sentence: str, fix: str = "") -> Fault:
    return Fault(name, LABELS[name], str(values[name] or "")[:100], sentence, fix)


def channels_of(text: str) -> list[str]:
    """The channels a cell names, in its order; where there are boxes, those that are ticked."""
    parts = BOX.split(text)
    if len(parts) > 1:
        chosen = [name for box, name in zip(parts[1::2], parts[2::2], strict=True) if box in TICKED]
        names = [" ".join(name.split()).strip("、，,;； ") for name in chosen]
    else:
        names = [" ".join(name.split()) for name in APART.split(text)]
    return list(dict.fromkeys(filter(None, names)))


def _channels(values: dict[str, Any]) -> Fault | None:
    if not (text := values["channels"]):
        return None
    joined = "、".join(channels_of(text))
    if not joined:
        return _said("channels", values, "一个方框也没有打勾。请勾选，或者写出渠道，用顿号隔开。")
    if len(joined) > 200:
        return _said("channels", values, f"勾选的渠道有{len(joined)}个字，最多200个字，请删短。")
    values["channels"] = joined
    return None


def _audience(values: dict[str, Any]) -> Fault | None:
    everyone, certain = _ticked(values["everyone"]), _ticked(values["certain"])
    if everyone and certain:
        return _said("certain", values, "全社会和特定群体只能选一个。")
    if certain is True:
        return _said("certain", values, "请写明是哪些人，例如 辖区老年人。")
    if not everyone and not certain:
        return _said("everyone", values, "没有写向谁公开。请在全社会下面打√，或者写明特定群体。", "√")
    values["everyone"], values["certain"] = (EVERYBODY if everyone is True else everyone or certain), None
    return None


def _method(values: dict[str, Any]) -> Fault | None:
    active, asked = _ticked(values["active"]), _ticked(values["on_request"])
    if isinstance(active, str):
        asked = asked or ("依申请" in active)
        active = "主动" in active
    if isinstance(asked, str):
        asked = "依申请" in asked
    if bool(active) == bool(asked):
        why = "主动和依申请只能选一个。" if active else "没有写公开方式。请写 主动 或者 依申请，或者打√。"
        return _said("active", values, why)
    values["active"], values["on_request"] = (ACTIVE if active else ON_REQUEST), None
    return None


def _levels(values: dict[str, Any]) -> Fault | None:
    found: set[str] = set()
    for name, ticked in (("county", Level.DISTRICT), ("township", Level.STREET)):
        said = _ticked(values[name])
        if said is True:
            found.add(ticked)
        for word in re.split(r"[、，,;；/\s]+", said) if isinstance(said, str) else ():
            level = {**COUNTY_WORDS, **BELOW_WORDS}.get(word.replace("(", "（").replace(")", "）"))
            if level is None:
                return _said(name, values, f"“{word}”认不出。请打√，或者写县级、乡级、街道、社区、窗口。")
            found.add(level)
    if not found:
        return _said("township", values, "没有写由哪一级公开。请在县级或者乡级下面打√。", "√")
    values["county"], values["township"] = ",".join(level for level in LEVEL_ORDER if level in found), None
    return None


def _ticked(text: str | None) -> bool | str:
    """True for a tick, False for none, else the words that stand beside the tick or without one."""
    bare = (text or "").strip()
    if not bare or bare in NO_TICK_WORDS:
        return False
    if bare in TICK_WORDS:
        return True
    return bare.lstrip(TICKED).strip() or True


def levels_in_boxes(levels: list[str]) -> tuple[str, str]:
    """The cells 县级 and 乡级 of a topic; a tick alone below means the streets."""
    below = [level for level in LEVEL_ORDER[1:] if level in levels]
    labels = dict(Level.choices)
    words = "" if below in ([], [Level.STREET]) else "、".join(str(labels[level]) for level in below)
    return "√" if Level.DISTRICT in levels else "", f"√ {words}".strip() if below else ""
