"""The guard of credit+: finds what would punish, rank, list or shut out a resident; pure, over plain text.

A word is no breach where the same clause denies it: “不扣分、不公布名单”. Only a denial that belongs to the word counts:
in “不参加的扣分” it belongs to taking part. What words cannot tell is asked as questions (models/scene_questions.py).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from disclosure.scenes.reference import RULES, Rule

SHOWN = 24  # characters around a hit

DENIAL = (
    "不以任何形式|不得以任何方式|不得|不会|不能|不可以|不可|不再|不用|不必|不需要|不需|不须|不要|不许|不准|不予|不|"
    "没有|从不|绝不|决不|也不|都不|均不|一律不|无需|无须|毋须|免予|免于|免交|免收|免缴|免除|减免|免|未|无|"
    "严禁|禁止|杜绝|避免|防止|取消原来的|停止过去的"
)
DENIALS = re.compile(DENIAL)
# What may stand between a denial and what it denies: to whom, because of what, and words that say nothing.
PEOPLE = re.compile(r"(?:人|居民|群众|住户|业主|家庭|户|者|您|老人|孩子|家人|商户)们?")
TO_WHOM = re.compile(rf"[给对向把将为跟同][^，。；：！？、\n]{{0,10}}?{PEOPLE.pattern}")
CAUSE = re.compile(r"因[^，。；：！？\n]{0,15}?而")
FILLERS = re.compile(
    "按照?(?:身份|年龄|表现|次数|贡献|分数|积分)|任何|形式|方式|的|会|得|能|可|以|再|对外|进行|实行|实施|作为?|做|搞|设立?|设置|建立|"
    "制作|采取|采用|因此|因而|就此|被|有|其他|其它|也|另行|额外|单独|统一|强制|要求|需要|向|所谓|什么|一切|各类|各种|居民|个人|参加者|家庭|您|"
    "一次|一分钱?|一人|一户|一个|一例|过"
)
# Where a denial opens a list, all of the list is denied: “不得打分、排名、列名单”.
OPENERS = frozenset(
    "扣减打评排列设搞公张通曝收采使登查记要需限取影拒延处罚惩缴交付涉包建发上强歧区降暂停用推留存读看问索提作做实进约追"
    "宗信基指血病疾红黑光"
)
LOOKED_BACK = 80  # characters of a clause before a hit; more never decides
JOINED = re.compile(r"^[^但而则否才就]*$")
OWNER = re.compile(
    r"(?:您|居民|群众|个人|家庭|参加者|老人|孩子|住户|业主|任何人|任何形式|任何|家人|本人|他人|别人|大家)的"
)
INNER = re.compile(r"不|未|无|没有|免|严禁|禁止")
CLAUSE_ENDS = "，。；：！？\n"


@dataclass(frozen=True)
class Finding:
    """One hit: in which field, what was said around it, which rule it is about and whether it was denied."""

    place: str
    words: str
    rule: Rule
    denied: bool

    @property
    def sentence(self) -> str:
        """What is wrong, where, why, and what to do."""
        return f"“{self.place}”里写了“{self.words}”：{self.rule.title}。{self.rule.reason}（依据：{self.rule.basis}）"


@lru_cache(maxsize=1)
def _compiled() -> list[tuple[Rule, re.Pattern[str], re.Pattern[str] | None]]:
    return [
        (
            rule,
            re.compile("|".join(rule.patterns)),
            re.compile("|".join(rule.excused)) if rule.excused else None,
        )
        for rule in RULES
    ]


def look(texts: Mapping[str, str]) -> list[Finding]:
    """Every hit in these texts (name of the field → its words), in reading order, those that are denied too."""
    found = []
    for place, text in texts.items():
        plain = _folded(text)
        hits = [
            (match, rule, excused)
            for rule, pattern, excused in _compiled()
            for match in pattern.finditer(plain)
        ]
        for match, rule, excused in sorted(hits, key=lambda hit: hit[0].start()):
            if excused and any(_meet(match, one) for one in excused.finditer(plain)):
                continue
            found.append(Finding(place, _around(plain, match), rule, _is_denied(plain, match, rule)))
    return found


def breaches(texts: Mapping[str, str]) -> list[Finding]:
    """The hits that stand against publication."""
    return _once(finding for finding in look(texts) if not finding.denied)


def let_through(texts: Mapping[str, str]) -> list[Finding]:
    """The hits that were read as denied: for the reviewer's eyes."""
    return _once(finding for finding in look(texts) if finding.denied)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each rule and clause."""
    return list({(f.place, f.rule.key, f.words): f for f in findings}.values())


def _folded(text: str) -> str:
    """Without the blanks and half-width marks that would part a word or hide the end of a clause."""
    marks = str.maketrans({",": "，", ";": "；", "!": "！", "?": "？", ":": "：", "＋": "+"})
    return re.sub(r"[ \t\u3000\u00a0*_·“”\"'‘’《》]", "", text.translate(marks))


def _meet(match: re.Match[str], other: re.Match[str]) -> bool:
    return match.start() < other.end() and other.start() < match.end()


def _around(text: str, match: re.Match[str]) -> str:
    """The clause of the hit, or as much of it as is shown."""
    start = max(text.rfind(end, 0, match.start()) for end in CLAUSE_ENDS) + 1
    ends = [at for end in CLAUSE_ENDS if (at := text.find(end, match.end())) >= 0]
    stop = min(ends, default=len(text))
    if stop - start > 2 * SHOWN:
        start, stop = max(start, match.start() - SHOWN), min(stop, match.end() + SHOWN)
    return text[start:stop]


def _is_denied(text: str, match: re.Match[str], rule: Rule) -> bool:
    """Whether the clause says that this does not happen."""
    own = INNER.search(match[0])
    if rule.key in ("deny", "force"):
        if own and own.start() == 0:
            return False  # these hits begin with a denial of their own: “不参加的不予办理”
    elif own:
        return True  # “名单不公开”
    start = max(text.rfind(end, 0, match.start()) for end in CLAUSE_ENDS) + 1
    before = text[max(start, match.start() - LOOKED_BACK) : match.start()]
    return any(_reaches(before, denial.end()) for denial in DENIALS.finditer(before))


def _reaches(before: str, at: int) -> bool:
    """Whether a denial that ends at `at` belongs to what follows `before`: next to it, or at the head of its list."""
    for place in _past_fillers(before, at):
        if place == len(before):
            return True
        if before[place] in OPENERS:
            between = TO_WHOM.sub("", OWNER.sub("", before[place:]))
            if JOINED.match(between) and "的" not in between:
                return True
    return False


def _past_fillers(before: str, at: int) -> list[int]:
    """Every place that can be reached from `at` over nothing but fillers."""
    seen, open_ = {at}, [at]
    while open_:
        place = open_.pop()
        for end in _ends_of_filler(before, place):
            if end not in seen:
                seen.add(end)
                open_.append(end)
    return sorted(seen)


def _ends_of_filler(before: str, place: int) -> list[int]:
    ends = [found.end() for pattern in (FILLERS, CAUSE) if (found := pattern.match(before, place))]
    if before[place : place + 1] in ("把", "将"):
        ends += range(place + 2, min(place + 13, len(before)) + 1)
    if before[place : place + 1] and before[place] in "给对向把将为跟同":
        ends += [found.end() for found in PEOPLE.finditer(before, place + 1, place + 13)]
    return ends
