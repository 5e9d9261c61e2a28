"""A number of a workbook as its cell shows it: days, leading zeros, per cent; Excel keeps them all as numbers."""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal

EPOCHS = {False: datetime.datetime(1899, 12, 30), True: datetime.datetime(1904, 1, 1)}  # noqa: DTZ001
MOST_EXACT = 15  # digits; a longer number has lost its end
GENERAL = "general"
# Built-in formats of Chinese and of every Excel (ECMA-376, 18.8.30); those not named here change nothing that matters.
BUILT_IN = {
    **dict.fromkeys((9, 10), "0%"),
    **dict.fromkeys((14, 15, 22, 30, 31), "yyyy-mm-dd"),
    **dict.fromkeys((16, 28, 29, 51, 53, 54, 58), "m-d"),
    **dict.fromkeys((17, 27, 36, 50, 52, 57), "yyyy-mm"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), "h:mm"),
}
NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')

Shower = Callable[[str], str]


def shower(format_id: int, code: str | None, *, from_1904: bool) -> Shower:
    """How the numbers of a format are written; each takes the text of the number in the file."""
    code = BUILT_IN.get(format_id, GENERAL) if code is None else code
    bare = NOT_SHOWN.sub("", code.split(";")[0]).lower()
    if re.fullmatch(r"0{2,20}", bare):
        return lambda text: plain_number(text).zfill(len(bare))
    if "%" in bare:
        return _per_cent
    if "general" in bare or not re.search(r"[ydhms]", bare):
        return plain_number
    epoch = EPOCHS[from_1904]
    if "d" in bare:
        return lambda text: _moment(text, epoch)
    if "y" in bare:
        shape = "{0.year}年{0.month}月" if "m" in bare else "{0.year}年"
        return lambda text: _moment(text, epoch, shape)
    return lambda text: _moment(text, epoch, "{0:%H:%M}")


def plain_number(text: str) -> str:
    """Without a decimal point nobody typed and without the noise behind the fifteenth digit."""
    if text.isdigit() and len(text) <= MOST_EXACT and text[0] != "0":
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    short = f"{value:.15g}"
    if "e" not in short:
        return short
    return short.upper() if abs(value) >= 10**MOST_EXACT else f"{Decimal(short):f}"


def _per_cent(text: str) -> str:
    try:
        return f"{plain_number(repr(float(text) * 100))}%"
    except ValueError:
        return text


def _moment(text: str, epoch: datetime.datetime, shape: str = "") -> str:
    try:
        moment = epoch + datetime.timedelta(seconds=round(float(text) * 86_400))
    except (ValueError, OverflowError):
        return plain_number(text)
    if not shape:
        shape = "{0:%Y-%m-%d %H:%M}" if moment.hour or moment.minute else "{0:%Y-%m-%d}"
    return shape.format(moment)
