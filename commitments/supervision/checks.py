"""What must not stand in a text that leaves the handler's desk: numbers that lead to a person, and the person's name."""

import re
import unicodedata

MOBILE = re.compile(r"(?<!\d)1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)")
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
SHORTEST_NAME = 2


def personal_numbers(text: str) -> list[str]:
    """What kinds of number of a person stand in a text, in words."""
    plain = unicodedata.normalize("NFKC", text)
    found = []
    if MOBILE.search(plain):
        found.append("手机号码")
    if IDENTITY.search(plain):
        found.append("身份证号码")
    return found


def numbers_refusal(what: str, text: str) -> str:
    """The sentence for who wrote one, or nothing."""
    found = personal_numbers(text)
    return f"{what}里有{'和'.join(found)}，会暴露个人，请删去后再办。" if found else ""


def names_somebody(text: str, identity: dict[str, str]) -> bool:
    """Whether the name or contact a resident left stands in a text."""
    plain = unicodedata.normalize("NFKC", text)
    left = [unicodedata.normalize("NFKC", value).strip() for value in identity.values()]
    return any(len(value) >= SHORTEST_NAME and value in plain for value in left)


def quotes(source: str, text: str, length: int) -> bool:
    """Whether so many characters in a row, blanks apart, stand in both texts."""
    source, text = "".join(source.split()), "".join(text.split())
    runs = {source[at : at + length] for at in range(len(source) - length + 1)}
    return any(text[at : at + length] in runs for at in range(len(text) - length + 1))
