"""The text of a notice as it is kept: one canonical form of HTML, and what is made from it."""

from collections.abc import Callable

from django.utils.safestring import SafeString

LONGEST = 200_000


class TooLong(ValueError):
    """A text beyond LONGEST; `str()` is a Chinese sentence that says so and what to do."""


def clean(html: str) -> str:
    """The one canonical form of `html` that is stored; clean(clean(x)) == clean(x). Raises TooLong.

    Kept: h2 h3 h4 p br strong em u s sup sub ul ol li blockquote, table caption thead tbody tr th[scope] td with
    colspan and rowspan, a[href] to http, https, mailto and tel, img[data-picture=<sha256>, alt].
    """
    raise NotImplementedError


def to_text(html: str) -> str:
    """Plain text for search, scanner and differences: a line per block and table row, tabs between cells, [图：alt]."""
    raise NotImplementedError


def render(html: str, pictures: dict[str, str]) -> SafeString:
    """`html` for a page, cleaned again; `pictures` gives the address of each sha256, one unknown is told in words."""
    raise NotImplementedError


def pictures_in(html: str) -> list[str]:
    """The sha256 of every picture, in order, each once."""
    raise NotImplementedError


def rewrite(html: str, change: Callable[[str], str]) -> str:
    """`html` with `change` applied to the text of every block, whatever is bold in it; raises ValueError.

    `change` must keep the length. A picture's alt and a link's address are given to it as texts of their own.
    """
    raise NotImplementedError


def from_plain(text: str) -> str:
    """Canonical HTML of what was written in the plain box. Raises TooLong."""
    raise NotImplementedError


def to_plain(html: str) -> str | None:
    """What the plain box shows for `html`, or None where it cannot hold it: from_plain gives back the same."""
    raise NotImplementedError
