"""Numbers and amounts as people write them: 1,234.5, ￥12.5万元, 30件; what is doubtful is refused with a proposal."""

import re
from decimal import Decimal

from longsha_credit.exchange.tables.codes import SCIENTIFIC
from longsha_credit.exchange.tables.fields import Field, Sort
from longsha_credit.exchange.tables.words import shown, squeezed
from longsha_credit.exchange.tables.wrong import Wrong

GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
NUMBER = re.compile(
    r"[-+]?(?P<digits>[0-9]{1,18}(\.[0-9]{1,18})?|\.[0-9]{1,18})(?P<times>万|亿|千|百)?(?P<yuan>元|圆|块)?整?"
)
INSIDE = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
TIMES = {"亿": 100_000_000, "万": 10_000, "千": 1000, "百": 100}


def number(field: Field, text: str) -> Decimal:
    """The number a text of a field of numbers names. Raises Wrong."""
    value = _decimal(field, text)
    places = 0 if field.sort is Sort.WHOLE else field.places
    rounded = value.quantize(Decimal(1).scaleb(-places))
    if rounded != value:
        kept = "整数" if places == 0 else f"最多{places}位小数"
        raise Wrong(f"“{shown(text)}”小数太多，这里写{kept}。", f"{rounded:f}")
    most = 10**12 if field.most is None else field.most
    if value > most:
        raise Wrong(f"“{shown(text)}”太大，这里最多{most}。请核对。")
    if value < field.least:
        fix = f"{-value:f}" if field.least <= -value <= most else ""
        raise Wrong(f"“{shown(text)}”太小，这里最少{field.least}。请核对。", fix)
    return rounded if rounded else abs(rounded)  # no minus before nothing


def _decimal(field: Field, text: str) -> Decimal:
    bare = squeezed(text).lstrip("¥￥$")
    if field.measure:
        bare = bare.removesuffix(field.measure)
    ungrouped = bare.replace(",", "") if GROUPED.fullmatch(bare.lstrip("-+").rstrip("元圆整万亿")) else bare
    found = NUMBER.fullmatch(ungrouped)
    if found is None or (field.sort is not Sort.MONEY and (found["times"] or found["yuan"])):
        raise _no_number(field, text, ungrouped)
    value = Decimal(found["digits"]) * TIMES.get(found["times"] or "", 1)
    return -value if ungrouped.startswith("-") else value


def _no_number(field: Field, text: str, bare: str) -> Wrong:
    said = shown(text)
    if bare.endswith("%"):
        return Wrong(f"“{said}”是百分数。这里写数，不写百分数。")
    if SCIENTIFIC.fullmatch(bare):
        fix = f"{Decimal(bare):f}" if Decimal(bare) < 10**15 else ""
        return Wrong(f"“{said}”是科学记数，可能已经不准。请照原件写完整的数。", fix)
    inside = [found.group() for found in INSIDE.finditer(bare.replace(",", ""))]
    clear = len(inside) == 1 and len(inside[0]) < 18 and not re.search("[千万亿]", bare)
    fix = inside[0].lstrip("+") if clear else ""
    with_measure = f"，后面可以写“{field.measure}”" if field.measure else ""
    money = "，可以带 元 或 万元" if field.sort is Sort.MONEY else ""
    return Wrong(f"“{said}”不是数。请只写阿拉伯数字{with_measure}{money}。", fix)
