"""Days as people write them: 2021-3-5, 2021年3月5日, 20210305, 44260, 二〇二一年三月五日; what is ambiguous is refused."""

import calendar
import datetime
import re
import unicodedata

from longsha_credit.exchange.tables.words import shown
from longsha_credit.exchange.tables.wrong import Wrong

FIRST_YEAR, LAST_YEAR = 1949, 2100
EPOCH = datetime.date(1899, 12, 30)  # day 0 of a spreadsheet
SERIALS = range(18_264, 73_416)  # 1950 to 2100
SEPARATOR = r"[-./年—–−]"
DAY = re.compile(rf"([0-9]{{4}}){SEPARATOR}([0-9]{{1,2}})[-./月—–−]([0-9]{{1,2}})[日号]?")
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
MONTH = re.compile(rf"([0-9]{{4}}){SEPARATOR}([0-9]{{1,2}})(?:月份?)?|([0-9]{{4}})(0[1-9]|1[0-2])")
YEAR = re.compile(r"([0-9]{4})年?")
SHORT = re.compile(rf"([0-9]{{2}}){SEPARATOR}([0-9]{{1,2}})[-./月]([0-9]{{1,2}})[日号]?")
BACKWARDS = re.compile(r"([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4})")
NO_YEAR = re.compile(r"([0-9]{1,2})[-./月]([0-9]{1,2})[日号]?")
SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
CLOCK = re.compile(
    r"(?<=[0-9日号])(?:t|\s+)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:z|[+-][0-9]{2}:?[0-9]{2})?$",
    re.I,
)
WEEKDAY = re.compile(r"[(（]?(?:星期|周)[一二三四五六日天][)）]?$")
CHINESE = re.compile(
    "[〇零○一二三四五六七八九十]{4}年[〇零○一二三四五六七八九十]{1,3}月(?:[〇零○一二三四五六七八九十]{1,3}[日号]?)?"
)
NUMERALS = {sign: digit for digit, signs in enumerate(("〇零○", *"一二三四五六七八九")) for sign in signs}


def day(text: str, *, month_end: bool = False) -> datetime.date:
    """The day a text names. Raises Wrong; for a bare month it proposes its first day, or its last where `month_end`."""
    if found := ISO.fullmatch(text):
        return _day(text, *map(int, found.groups()))
    bare = _bare(text)
    if found := DAY.fullmatch(bare) or EIGHT.fullmatch(bare):
        return _day(text, *map(int, found.groups()))
    if (found := SERIAL.fullmatch(bare)) and int(found[1]) in SERIALS:
        return EPOCH + datetime.timedelta(days=int(found[1]))
    raise _no_day(text, bare, month_end)


def _bare(text: str) -> str:
    """Without spaces, weekday and time of day; Chinese numerals as digits."""
    bare = unicodedata.normalize("NFKC", text).strip()
    bare = WEEKDAY.sub("", CLOCK.sub("", bare))
    bare = re.sub(r"\s+", "", bare)
    return _in_digits(bare) if CHINESE.fullmatch(bare) else bare


def _in_digits(text: str) -> str:
    year, rest = text.split("年")
    month, _, last = rest.partition("月")
    if "十" in year:
        return text
    parts = ["".join(str(NUMERALS[sign]) for sign in year), "年", str(_small(month)), "月"]
    return "".join(parts + ([str(_small(last.rstrip("日号"))), "日"] if last else []))


def _small(numeral: str) -> int:
    """A Chinese number below a hundred."""
    if "十" not in numeral:
        return int("".join(str(NUMERALS[sign]) for sign in numeral))
    tens, _, ones = numeral.partition("十")
    if "十" in ones:
        return 99
    return (NUMERALS[tens[0]] if tens else 1) * 10 + (NUMERALS[ones[0]] if ones else 0)


def _day(text: str, year: int, month: int, number: int) -> datetime.date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Wrong(f"“{shown(text)}”的年份不对，应在{FIRST_YEAR}到{LAST_YEAR}年之间。请核对。")
    if not 1 <= month <= 12:
        fix = f"{year}-{number:02}-{month:02}" if month <= 31 and 1 <= number <= 12 else ""
        raise Wrong(f"“{shown(text)}”没有{month}月。请核对。", fix)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= number <= last:
        fix = f"{year}-{month:02}-{last}" if number <= 31 and number else ""
        raise Wrong(f"{year}年{month}月没有{number}日。请核对。", fix)
    return datetime.date(year, month, number)


def _no_day(text: str, bare: str, month_end: bool) -> Wrong:
    said = f"“{shown(text)}”"
    if (found := MONTH.fullmatch(bare)) and 1 <= (month := int(found[2] or found[4])) <= 12:
        return _only_month(said, int(found[1] or found[3]), month, month_end, bare)
    if (found := YEAR.fullmatch(bare)) and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return Wrong(f"{said}只有年份，这里要写到日。", f"{found[1]}-{'12-31' if month_end else '01-01'}")
    if found := SHORT.fullmatch(bare):
        fix = _iso(2000 + int(found[1]), int(found[2]), int(found[3]))
        return Wrong(f"{said}的年份只有两位，分不清先后。请写四位年份。", fix)
    if found := BACKWARDS.fullmatch(bare):
        month, number = int(found[1]), int(found[2])
        fix = _iso(int(found[3]), month, number) or _iso(int(found[3]), number, month)
        return Wrong(f"{said}分不清哪个是月、哪个是日。请按 年-月-日 写。", fix)
    if NO_YEAR.fullmatch(bare):
        return Wrong(f"{said}没有年份。请写成 2026-03-05 这样的日期。")
    return Wrong(f"{said}不是日期。请写成 2026-03-05 这样的日期。")


def _only_month(said: str, year: int, month: int, month_end: bool, bare: str) -> Wrong:
    number = calendar.monthrange(year, month)[1] if month_end else 1
    fix = _iso(year, month, number)
    which = "最后一天" if month_end else "第一天"
    doubt = "；如果原来写的是10月，表格软件会去掉末尾的0，请核对" if bare.endswith(".1") else ""
    return Wrong(f"{said}只到月，这里要写到日，例如这个月的{which}{doubt}。", fix)


def _iso(year: int, month: int, number: int) -> str:
    """The day as a text, empty where there is none."""
    try:
        found = datetime.date(year, month, number)
    except ValueError:
        return ""
    return found.isoformat() if FIRST_YEAR <= found.year <= LAST_YEAR else ""
