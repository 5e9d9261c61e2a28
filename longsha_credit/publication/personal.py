"""Personal data in a text: ID numbers, mobile phones, bank cards, home addresses; found, and masked at equal length.

Every pattern has bounded repeats and no two ways through the same characters, so that hostile text costs no more
than a constant for each of its characters.
"""

import datetime
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

KINDS = {"id_number": "身份证号", "phone": "手机号", "bank_card": "银行卡号", "address": "住址"}


@dataclass(frozen=True)
class Hit:
    """One find: its place in the text, and its masked form; not `certain` where a digit is wrong or words only hint."""

    kind: str
    start: int
    end: int
    masked: str
    certain: bool = True


def find(text: str) -> list[Hit]:
    """Every personal datum, in order, none within another; the surest reading of a number wins."""
    plain = text.translate(PLAIN)
    found: list[Hit] = []
    taken = bytearray(len(plain))
    for kind, spans in FINDERS:
        for start, end, certain in spans(plain, taken):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Hit(kind, start, end, _masked(kind, text[start:end]), certain))
    return sorted(found, key=lambda hit: hit.start)


def mask(text: str) -> str:
    """The text with stars for what tells a person, character for character; nothing is found in it afterwards."""
    for _ in range(3):  # what one mask lays open for another reading
        hits = find(text)
        if not hits:
            break
        parts, at = [], 0
        for hit in hits:
            parts += [text[at : hit.start], hit.masked]
            at = hit.end
        text = "".join([*parts, text[at:]])
    return text


# --- one script for all digits and separators, one character for one -------------------------------------------------

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u0002\ufffe"
HIDDEN = "\u200b"
PLAIN: dict[int, str] = {
    **{code: str(unicodedata.decimal(chr(code))) for code in range(128, sys.maxunicode + 1)
       if unicodedata.category(chr(code)) == "Nd"},
    **{ord(char): "-" for char in "‐‑‒–—―−－ー﹣"},
    **{ord(char): " " for char in "\t\u00a0\u3000\u2002\u2003\u2007\u2009\u202f"},
    **{ord(char): HIDDEN for char in INVISIBLE},
    **dict.fromkeys(map(ord, "xＸｘ"), "X"),
    ord("＋"): "+", ord("＃"): "#", ord("〇"): "零",
}  # fmt: skip

Spans = Iterator[tuple[int, int, bool]]
GAP = rf"[ \-{HIDDEN}]{{0,2}}"
WRAP = rf"(?:\r?\n|{GAP})"  # a narrow column breaks a long number
START, END = "(?<![0-9])", r"(?![0-9A-Za-z])(?!\.[0-9]{1,2}(?![0-9]))"
NOISE = re.compile(rf"[ \-\r\n{HIDDEN}]")
# What a number is called when it is not a person's.
OTHER_NUMBER = re.compile(
    r"(?:编号|单号|订单|流水|税号|登记号|发票|文号|序号|代码|编码|条码|批次|批号)号?[为是:：]? {0,2}\Z"
)
CARD_NAMED = re.compile(r"(?:卡号|账号|帐号|账户|帐户)[为是:：]? {0,2}\Z")
BEFORE = re.compile(r"(?:[A-Za-z0-9]+-?|[0-9.]+)\Z")
NAMES_A_NUMBER = re.compile(
    r"(?i)(?:tel|phone|mobile|mob|cell|vx|wx|wechat|id|no|sfz|sfzh|sjh|sj|dh|[mtp])-?"
)
LIST_NUMBER = re.compile(r"(?:^|[\s，。；、,;（(\"'|])[0-9]{1,2}\.\Z")
AMOUNT = re.compile(r" ?(?:元|万|亿|千元|吨|公里|平方|立方|千瓦|度)")


def _overlapping(pattern: re.Pattern[str], plain: str, taken: bytearray) -> Iterator[re.Match[str]]:
    """Every place where the pattern fits and a number begins that is not part of what was found before."""
    for match in pattern.finditer(plain):
        if not taken[match.start(1)] and _begins(plain, match.start(1)):
            yield match


def _begins(plain: str, start: int) -> bool:
    """Whether a number begins here, and not the tail of a code, a hash or a decimal."""
    before = plain[max(0, start - 12) : start]
    glued = BEFORE.search(before)
    if glued is None:
        return True
    return bool(NAMES_A_NUMBER.fullmatch(glued[0]) or LIST_NUMBER.search(before))


def _groups(written: str) -> tuple[int, ...]:
    """How many digits stand together: (3, 4, 4) for 138 1234 5678."""
    return tuple(len(part) for part in re.split(r"[ \-\r\n]+", written.replace(HIDDEN, "")) if part)


def _spelled(groups: tuple[int, ...]) -> bool:
    """Digit by digit, as in the boxes of a form."""
    return len(groups) > 8 and set(groups) == {1}


# --- ID numbers ------------------------------------------------------------------------------------------------------

# In these `~` is where a gap may be. What cannot be a place or a day is left without asking Python.
PROVINCE = "(?:1~[1-5]|2~[1-3]|3~[1-7]|4~[1-6]|5~[0-4]|6~[1-5]|7~1|8~[1-3])"
CENTURY, MONTH, DAY = "(?:1~[89]|2~0)", "(?:0~[1-9]|1~[0-2])", "(?:0~[1-9]|[12]~[0-9]|3~[01])"
# a permanent residence card of a foreigner begins with 9, as the codes of companies do
WHOLE = f"(?:{PROVINCE}|9~[0-9])(?:~[0-9]){{4}}~{CENTURY}~[0-9]~[0-9]~{MONTH}~{DAY}(?:~[0-9]){{3}}~[0-9X×]"
OLD = f"{PROVINCE}[0-9]{{4}}[ -]?[0-9]{{2}}{MONTH}{DAY}[ -]?[0-9]{{3}}"
ID_18 = re.compile(f"{START}(?=({WHOLE}){END})".replace("~", WRAP))
ID_15 = re.compile(f"{START}(?=({OLD}){END})".replace("~", ""))
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
YOUNGEST = 2015  # a number with a wrong check digit and a later day is rather a serial number of an office


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def _check_digit(digits: str) -> str:
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=False)) % 11]


def _id_numbers(plain: str, taken: bytearray) -> Spans:
    for match in _overlapping(ID_18, plain, taken):
        start, end, written = match.start(1), match.end(1), match[1]
        digits = NOISE.sub("", written).replace("×", "X")
        if not _is_day(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])):
            continue
        groups = _groups(written)
        if digits[17] == _check_digit(digits):
            if len(groups) <= 6 or _spelled(groups):
                yield start, end, True
        elif _mistyped(groups, digits) and not OTHER_NUMBER.search(plain, max(0, start - 12), start):
            yield start, end, False


def _mistyped(groups: tuple[int, ...], digits: str) -> bool:
    return groups in ((18,), (6, 8, 4)) and digits[0] != "9" and int(digits[6:10]) <= YOUNGEST


def _old_id_numbers(plain: str, taken: bytearray) -> Spans:
    """Fifteen digits, given out until 1999, without a check digit."""
    for match in _overlapping(ID_15, plain, taken):
        start, end, written = match.start(1), match.end(1), match[1]
        digits = NOISE.sub("", written)
        day = (1900 + int(digits[6:8]), int(digits[8:10]), int(digits[10:12]))
        if _is_day(*day) and not OTHER_NUMBER.search(plain, max(0, start - 12), start):
            yield start, end, False


# --- phones and cards ------------------------------------------------------------------------------------------------

PHONE = re.compile(rf"{START}(?=((?:(?:\+|00)?86{GAP})?(1{GAP}[3-9](?:{GAP}[0-9]){{9}})){END})")
PHONE_GROUPS = {
    (11,),
    (3, 4, 4),
    (3, 8),
    (7, 4),
    (4, 4, 3),
    (4, 3, 4),
    (3, 4, 2, 2),
    (3, 3, 5),
    (5, 6),
    (3, 5, 3),
}
CARD = re.compile(
    rf"{START}(?=((?:6~[0289]|4~[0-9]|5~[1-5]|3~5|9~5)(?:~[0-9]){{14,17}}){END})".replace("~", WRAP)
)
ISSUERS = re.compile(r"62|(?:4|5[1-5]|35)[0-9]+ 16|955[89][0-9]+ 19|(?:60[13]|6[89])[0-9]+ 1[689]")


def _phones(plain: str, taken: bytearray) -> Spans:
    for match in _overlapping(PHONE, plain, taken):
        groups = _groups(match[2])
        if (groups in PHONE_GROUPS or _spelled(groups)) and not AMOUNT.match(plain, match.end(1)):
            yield match.start(1), match.end(1), True


def _luhn(digits: str) -> bool:
    total = 0
    for at, digit in enumerate(reversed(digits)):
        twice = int(digit) * (1 + at % 2)
        total += twice - 9 * (twice > 9)
    return total % 10 == 0


def _cards(plain: str, taken: bytearray) -> Spans:
    for match in _overlapping(CARD, plain, taken):
        start, end, written = match.start(1), match.end(1), match[1]
        digits, groups = NOISE.sub("", written), _groups(written)
        if not ISSUERS.match(f"{digits} {len(digits)}") or not _card_groups(groups):
            continue
        if _luhn(digits):
            yield start, end, True
        elif digits.startswith("62") and CARD_NAMED.search(plain, max(0, start - 8), start):
            yield start, end, False


def _card_groups(groups: tuple[int, ...]) -> bool:
    return _spelled(groups) or (len(groups) <= 6 and groups[0] >= 4)


# --- home addresses --------------------------------------------------------------------------------------------------

N = "[0-9零一二三四五六七八九十百]{1,4}"
S = " {0,2}"
HOUSE = rf"{N}{S}(?:号楼|号院|号|栋|幢|座|楼|#楼?)"
STREET = "(?:路|街|道|巷|胡同|弄)"
# What follows a house number of a village or a yard, where it is a door and not the number of something else.
DOOR_ENDS = "(?=$|[^一-龥]|院|户|居|住|附|之)"
# 24户 counts households, 1201户 is a door: the last two digits number the doors of a floor.
DOOR_N = "[0-9]{1,2}(?:0[1-9]|1[0-9]|20)"
NO_MEASURE = "(?![0-9A-Za-z.%平元米㎡户人年个处套盏吨万件台层公月日家名余多张号])"
ADDRESS = re.compile(
    "|".join(
        (
            # 3号楼2单元501室, 2单元501, 三单元五楼东户
            rf"(?:{HOUSE}{S})?{N}{S}单元{S}(?:{N}{S}[层楼]{S})?(?:{N}{S}(?:室|号|门|房)|{DOOR_N}{S}户(?!居民|家庭|住户|业主)"
            rf"|[0-9]{{3,4}}{NO_MEASURE}|[东西南北中左右]{S}[户门室])",
            # 6幢1201室, 3号楼302
            rf"{N}{S}(?:号楼|栋|幢|座|#楼?|号){S}(?:{N}{S}[层楼]{S})?(?:[0-9]{{3,4}}{S}[室房]|{DOOR_N}{S}户(?!居民|家庭|住户|业主))",
            rf"{N}{S}(?:号楼|栋|幢){S}[0-9]{{3,4}}{NO_MEASURE}",
            # 新苑小区12-3-501, 4#1-502
            rf"(?<=[区园苑里城府湾庭庄坊院楼村寓]){S}[0-9]{{1,3}}-[0-9]{{1,2}}-[0-9]{{3,4}}(?![0-9-])",
            rf"[0-9]{{1,3}}{S}(?:#楼?|号楼|栋|幢)-?(?:[0-9]{{1,2}}-)[0-9]{{3,4}}(?![0-9-])",
            # 和平村三组15号, 胜利村后屯22号
            rf"(?<=[一-龥])[村屯]{S}(?:[一-龥0-9]{{1,5}}[组屯社队]{S})?[0-9]{{1,4}}{S}号{DOOR_ENDS}",
            # 5委12组23号
            rf"{N}{S}委{S}{N}{S}组{S}{N}{S}[号户]",
            # 兴隆胡同7号院3排2号
            rf"{STREET}{S}{N}{S}(?:号院?|弄){S}(?:{N}{S}排{S})?{N}{S}[号户室门]{DOOR_ENDS}",
            # 中华路88号新苑公寓1203室, 安居公寓1806房
            rf"{STREET}{S}{N}{S}号[一-龥]{{2,12}}{S}[0-9]{{3,4}}{S}[室房]",
            rf"(?:小区|花园|家园|新村|公寓|嘉园|苑){S}[0-9]{{3,4}}{S}[室房]",
        )
    )
)
LABELLED = re.compile(
    r"(?:家庭住址|家庭地址|现住址|住址|居住地|户籍地址|户籍地|户籍所在地|家住|住在|居住在)[址为是在:： ]{0,3}"
    rf"(?=([^，。；、,;:：\n*]{{2,30}}?{N}{S}(?:号|室|户|组|栋|单元)))"
)
OFFICE = re.compile(
    "办公|政务|服务中心|服务站|服务大厅|窗口|大厅|办事处|居委会|村委会|委员会|党群|政府|机关|派出所|法院|检察院|大厦"
    "|写字楼|公司|学校|小学|中学|医院|卫生|活动室|活动中心|会议室|值班室|信访|接待|门市|商铺|超市|银行|工作站|警务室"
)
LIVES = re.compile("住|家|户籍|业主")
CLAUSE = re.compile("[，。；、,;\n]")
NUMERAL = re.compile(rf"[0-9]|{N}(?={S}(?:号|栋|幢|座|楼|#|单元|层|室|户|门|房|组|排|委|弄))")


def _addresses(plain: str, taken: bytearray) -> Spans:
    for match in ADDRESS.finditer(plain):
        if not OFFICE.search(match[0]) and not _is_office(plain, match.start(), match.end()):
            yield match.start(), match.end(), True
    for match in LABELLED.finditer(plain):
        if not OFFICE.search(match[1]):
            yield match.start(1), match.end(1), True


def _is_office(plain: str, start: int, end: int) -> bool:
    """Whether the clause around a door says that an office is behind it, and not that somebody lives there."""
    before = CLAUSE.split(plain[max(0, start - 24) : start])[-1]
    after = CLAUSE.split(plain[end : end + 12])[0]
    return bool(OFFICE.search(before) or OFFICE.search(after)) and not LIVES.search(before)


# --- masks -----------------------------------------------------------------------------------------------------------


def _masked(kind: str, written: str) -> str:
    if kind == "address":
        return _without_numerals(written)
    places = [at for at, char in enumerate(written.translate(PLAIN)) if char in "0123456789X"]
    if written.endswith("×"):
        places.append(len(written) - 1)
    # what stays: of an ID number the place and the last ones, of a phone the network, of a card only the last ones
    first, last = {
        "id_number": (6, 4 if len(places) > 15 else 3),
        "phone": (len(places) - 8, 4),
        "bank_card": (0, 4),
    }[kind]
    hidden = frozenset(places[first : len(places) - last])
    return "".join("*" if at in hidden else char for at, char in enumerate(written))


def _without_numerals(written: str) -> str:
    found = list(written)
    for match in NUMERAL.finditer(written.translate(PLAIN)):
        found[match.start() : match.end()] = "*" * (match.end() - match.start())
    return "".join(found)


FINDERS: tuple[tuple[str, Callable[[str, bytearray], Spans]], ...] = (
    ("id_number", _id_numbers),
    ("bank_card", _cards),
    ("phone", _phones),
    ("id_number", _old_id_numbers),
    ("address", _addresses),
)
