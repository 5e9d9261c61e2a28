"""A Word file as an office writes it, turned into the clean text, the pictures and the title of a notice."""

from dataclasses import dataclass

from longsha_credit.files.checks import Unacceptable


class Unreadable(Unacceptable):
    """A Word file that is not taken over; `str()` says what happened and what to do."""


@dataclass(frozen=True)
class Picture:
    """A picture found in the text: `html` names it by `sha256`."""

    name: str
    content: bytes
    sha256: str
    alt: str


@dataclass(frozen=True)
class Brought:
    """What a Word file brings: `html` is in the canonical form of web.richtext, without title and document number."""

    title: str
    html: str
    pictures: list[Picture]
    document_number: str  # "" where there is none
    dropped: list[str]  # sentences on what was not taken over


def read(data: bytes) -> Brought:
    """The text of a .docx; raises Unreadable. Nothing outside the file is ever fetched."""
    raise NotImplementedError
