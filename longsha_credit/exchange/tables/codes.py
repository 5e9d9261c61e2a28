"""Codes with rules of their own: the unified social credit code and the division code."""

import re

from django.core.exceptions import ValidationError
from stdnum.cn import uscc as stdnum_uscc

from longsha_credit.directory import checks
from longsha_credit.exchange.tables.words import shown
from longsha_credit.exchange.tables.wrong import Wrong

SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}")
ONLY_DIGITS = re.compile(r"[0-9]+")
MISREAD = str.maketrans("OIZSVoizsv", "0125U0125U")
LONG_NUMBER = "长数字被表格软件改成了科学记数，后面几位已经丢了。请把这一列设为文本，再照原件重新填写。"


def right_uscc(code: str, text: str) -> str:
    """The code, squeezed and in capitals, when its check character is right; `text` is what stands there. Raises Wrong."""
    if SCIENTIFIC.fullmatch(code):
        raise Wrong(f"“{shown(text)}”：{LONG_NUMBER}")
    if len(code) != 18:
        raise Wrong(f"“{shown(text)}”有{len(code)}位，统一社会信用代码应为18位。请对照登记证书核对。")
    if stdnum_uscc.is_valid(code):
        return code
    meant = code[:17].translate(MISREAD) + code[17:].translate(MISREAD)
    fix = meant if stdnum_uscc.is_valid(meant) else ""
    if re.search(r"[IOSVZ]", code):
        raise Wrong(
            f"“{code}”里有字母 I、O、S、V 或 Z，统一社会信用代码里没有这几个字母。请对照登记证书核对。", fix
        )
    raise Wrong(f"“{shown(code)}”的校验位不对，有一位写错了。请对照登记证书核对。", fix)


def right_division(code: str, text: str) -> str:
    """Twelve digits of a squeezed code of 6, 9 or 12; `text` is what stands there. Raises Wrong."""
    if SCIENTIFIC.fullmatch(code):
        raise Wrong(f"“{shown(text)}”：{LONG_NUMBER}")
    if re.fullmatch(r"[0-9]+\.0+", code):
        code = code.split(".")[0]
    if not ONLY_DIGITS.fullmatch(code):
        raise Wrong(f"“{shown(text)}”不全是数字，区划代码应为12位数字。")
    if len(code) not in (6, 9, 12):
        raise Wrong(
            f"“{shown(code)}”有{len(code)}位，区划代码应为12位（街道也可以写前9位）。请把这一列设为文本，再照原件核对。"
        )
    code = code.ljust(12, "0")
    try:
        checks.division_code(code)
    except ValidationError as problem:
        raise Wrong("".join(problem.messages)) from problem
    return code
