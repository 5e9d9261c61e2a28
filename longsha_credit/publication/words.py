"""The one place that turns Chinese text into index words, and what a reader types into a question to that index.

Indexed is every pair of neighbouring characters with its place, not the words a dictionary finds: a text and a
question are then never cut differently, and a name, half a name or 齐齐哈尔 is found wherever it stands. The dictionary
divides the question and says which pairs are halves of two words (民生 in 居民生活): these rank lower. A wrong cut costs
an order of results, not a result. Against dictionary words in the index, tests/publication/kept_queries.py found more
and nothing wrong, for twice the size of the index.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import rjieba

HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
ELEMENT = re.compile(rf"[{HAN}]|(?:(?![{HAN}])[^\W_])+")  # a Chinese character, or a number or word whole
DOCUMENT_NUMBER = re.compile(rf"([{HAN}]*[\[(〔【]\d{{4}}[\])〕】]第?\d+号?)")  # 齐信用办发〔2021〕1号
PLACES = ("齐齐哈尔", "齐齐哈尔市", "龙沙区", "黑龙江省")
# Words of a question that say nothing about what is looked for.
EMPTY_WORDS = re.compile(
    "[的了吗呢吧啊是在有和与及或我你您]|我们|什么|时候|什么时候|怎么|怎么办|怎样|如何|哪里|哪儿|哪个|多少|请问|可以|关于"
)
MOST_WORDS = 8
LONGEST_TEXT = 50_000  # characters; the database keeps at most 1 MB of index words for a row
LONGEST_WORD = 64
LONG_NUMBER = 6  # from here a number may be the beginning of a longer one
CODE = 12  # a code this long is found by any part of it
LAST_PLACE = 16_000  # the database counts places up to 16383; then we begin again, so that phrases hold
GAP = 10  # no phrase reaches from the title into the text


@dataclass(frozen=True)
class Question:
    """What a reader looks for: the words, and as tsquery texts: all of them, any of them, and what ranks a result.

    `main` are the words that stand alone in `some`; `words` those that all have to occur in `every`.
    """

    words: tuple[str, ...]
    main: tuple[str, ...]
    every: str
    some: str
    order: str


def fold(text: str) -> str:
    """One form for what looks alike: full-width digits and letters become plain, capitals small."""
    return unicodedata.normalize("NFKC", text).lower()


def index(*, title: str, keywords: Iterable[str], text: str, part: bool = False) -> str:
    """The tsvector, as text, of something public: title (A), keywords (B), text (C); halves of two words one less.

    What is only `part` of another page, as a progress report is, weighs a step less than that page.
    """
    places: dict[str, list[str]] = defaultdict(list)
    heavy, lighter = ("BC", "CC") if part else ("AB", "BB")
    place = 0
    for (whole, halves), line in [
        (heavy, title),
        *((lighter, f"{key} {' '.join(_parts_of_codes(key))}") for key in keywords),
        ("CD", text[:LONGEST_TEXT]),
    ]:
        for lexeme, in_a_word in _lexemes_in_words(line):
            place += 1
            places[lexeme].append(f"{1 + place % LAST_PLACE}{whole if in_a_word else halves}")
        place += GAP
    return " ".join(f"'{lexeme}':{','.join(at)}" for lexeme, at in places.items())


def question(typed: str, names: Iterable[str] = ()) -> Question | None:
    """What the reader typed as a question; `names` of units stay whole. None when there is no word in it."""
    typed = fold(typed)
    words, main = _words(typed, tuple(sorted(set(names))))
    if not words:
        return None
    ranked = dict.fromkeys(_term(lexeme) for lexeme in _lexemes(typed) if len(lexeme) > 1 or len(typed) == 1)
    every = " & ".join(f"({_phrase(word)})" for word in words)
    order = " | ".join(ranked) or every
    some = " | ".join(f"({_phrase(word)})" for word in main) or order
    return Question(tuple(words), tuple(main) or tuple(words), every, some, order)


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Where these words stand in a folded text, whatever punctuation stands between their parts."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(r"[\W_]{0,2}".join(map(re.escape, ELEMENT.findall(w))) for w in longest_first))


def _elements(folded: str) -> Iterator[tuple[str, int]]:
    """Index words with where they begin: a pair where two Chinese characters touch, else the element itself."""
    for one, following in pairwise([*ELEMENT.finditer(folded), None]):
        pair = following and one.end() == following.start() and _is_han(one[0]) and _is_han(following[0])
        yield one[0] + following[0] if pair else one[0][:LONGEST_WORD], one.start()


def _lexemes(text: str) -> list[str]:
    return [lexeme for lexeme, _ in _elements(fold(text))]


def _lexemes_in_words(text: str) -> list[tuple[str, bool]]:
    """Index words, each with whether it lies within one word of the dictionary."""
    folded = fold(text)
    begins = set()
    at = 0
    for token in _dictionary(()).cut(folded):
        begins.add(at)
        at += len(token)
    return [(lexeme, len(lexeme) != 2 or start + 1 not in begins) for lexeme, start in _elements(folded)]


def _is_han(element: str) -> bool:
    return bool(re.match(f"[{HAN}]", element))


def _parts_of_codes(text: str) -> list[str]:
    """The ends of each long code in a text: any part of a code is the beginning of one of them."""
    codes = [lexeme for lexeme in _lexemes(text) if len(lexeme) >= CODE]
    return [code[n:] for code in codes for n in range(1, len(code) - LONG_NUMBER + 1)]


def _term(lexeme: str) -> str:
    """One index word in a question: a single character or a long number may go on."""
    goes_on = len(lexeme) >= LONG_NUMBER or (len(lexeme) == 1 and _is_han(lexeme))
    return f"'{lexeme}'{':*' if goes_on else ''}"


def _phrase(word: str) -> str:
    """A word of the question as index words that follow each other."""
    *lexemes, last = _lexemes(word)
    alone = len(last) > 1 or not _is_han(last) or not (lexemes and _is_pair_ending_in(lexemes[-1], last))
    return " <-> ".join([*(f"'{lexeme}'" for lexeme in lexemes), *([_term(last)] if alone else [])])


def _is_pair_ending_in(lexeme: str, last: str) -> bool:
    return len(lexeme) == 2 and _is_han(lexeme) and lexeme[1] == last


def _words(typed: str, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The words that must all occur, and those of them that mean something on their own."""
    words: list[str] = []
    main: list[str] = []
    for piece in DOCUMENT_NUMBER.split(typed):
        if DOCUMENT_NUMBER.fullmatch(piece):
            words.append(piece)
            main.append(piece)
        else:
            _join(_dictionary(names).cut(piece), words, main)
    return list(dict.fromkeys(words))[:MOST_WORDS], list(dict.fromkeys(main))[:MOST_WORDS]


def _join(tokens: list[str], words: list[str], main: list[str]) -> None:
    """Add the tokens of one piece. A character left over by itself belongs to the word or number before it."""
    number, after_word, lone = "", False, ""
    for token in [*tokens, " "]:
        if not ELEMENT.search(token) or EMPTY_WORDS.fullmatch(token):
            if number:
                words.append(number)
            number, after_word = "", False
        elif token.isdecimal() and len(token) < 4:
            number += token
        elif len(token) > 1:
            words.append(number + token)
            main.append(token)
            number, after_word = "", True
        elif number:
            number += token
        elif after_word:
            words[-1] += token
        else:
            lone += token
    if lone and not words:
        words.append(lone)


@lru_cache(maxsize=2)  # the plain one for the index, the one with today's names for questions
def _dictionary(names: tuple[str, ...]) -> rjieba.Jieba:
    """The dictionary with the names of units and places in it; made anew (0.1 s) when a unit is named anew."""
    dictionary = rjieba.Jieba()
    for name in (*PLACES, *map(fold, names)):
        dictionary.add_word(name, None, None)
    return dictionary
