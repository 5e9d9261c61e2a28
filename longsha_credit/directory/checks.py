"""What names, telephone numbers and codes in the directory must look like, each with its sentence."""

import re

from django.core.exceptions import ValidationError
from stdnum.cn import uscc as stdnum_uscc

LETTERS = r"[^\W_]"  # Chinese characters, letters and digits; no emoji, no marks
UNIT_NAME = re.compile(rf"{LETTERS}(?:{LETTERS}|[（）()〔〕“”《》、·—\-+&./ ])*")
PERSON_NAME = re.compile(rf"{LETTERS}(?:{LETTERS}|[·•.\- （）()])*")
USERNAME = re.compile(r"[a-z][a-z0-9_.-]{1,39}")
PHONE = re.compile(r"[0-9+][0-9 \-—()（）转、,，/]{2,29}")
FREE = re.compile(r"[<>\x00-\x08\x0b-\x1f\x7f]|^[=@]")

# GB/T 2260: the first two digits name the province; 99 is kept for demonstration districts.
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "99",
    ]
)


def unit_name(text: str) -> None:
    """Raise ValidationError unless `text` can be the name of a unit or post."""
    if not text.strip():
        raise ValidationError("请填写名称。")
    if len(text) > 120:
        raise ValidationError(f"名称最多 120 个字，现在有 {len(text)} 个字，请改短。")
    if not UNIT_NAME.fullmatch(text):
        raise ValidationError("名称只能用汉字、字母、数字和括号、顿号、间隔号等，请去掉其他符号。")


def person_name(text: str) -> None:
    if not text.strip():
        raise ValidationError("请填写姓名。")
    if len(text) > 60:
        raise ValidationError(f"姓名最多 60 个字，现在有 {len(text)} 个字，请改短。")
    if not PERSON_NAME.fullmatch(text):
        raise ValidationError("姓名只能用汉字、字母和间隔号，请去掉其他符号。")


def username(text: str) -> None:
    if not USERNAME.fullmatch(text):
        raise ValidationError(
            "账号要以小写字母开头，只用小写字母、数字和 . _ -，2 到 40 个字符，例如 wulong.zhang。"
        )


def phone(text: str) -> None:
    if text and not (PHONE.fullmatch(text) and sum(c.isdigit() for c in text) >= 3):
        raise ValidationError("电话要写成 0452-2345678 或 13900000000 这样的号码，分机写“转 801”。")


def free_text(text: str) -> None:
    """One line such as an address; what a browser or a spreadsheet would run is refused."""
    if FREE.search(text):
        raise ValidationError("请去掉尖括号、开头的等号等符号，只写文字。")


def uscc(text: str) -> None:
    """GB 32100: eighteen characters, the last one a check character (python-stdnum)."""
    if text and not stdnum_uscc.is_valid(text):
        raise ValidationError("统一社会信用代码不正确：应为 18 位，最后一位是校验位。请对照登记证书核对。")


def division_code(code: str) -> None:
    """The structure of a 12-digit 统计用区划代码; it has no check digit."""
    if not re.fullmatch(r"[0-9]{12}", code):
        raise ValidationError("区划代码应为 12 位数字。")
    town, village = int(code[6:9]), int(code[9:])
    if code[:2] not in PROVINCES:
        raise ValidationError(f"区划代码 {code} 的前两位不是省级代码。")
    if town > 599 or village > 599 or (town == 0 and village):
        raise ValidationError(f"区划代码 {code} 的第 7 至 12 位不在规定范围内。")
