"""Finding anything on the desk by its words, its unit or its number: a few of each kind, the newest first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from commitments.models import Obligation, Rectification
from disclosure.models import Notice, Scene
from longsha_credit.directory.models import Organisation
from records.models import Record

SHOWN = 8
MOST_WORDS = 5


@dataclass(frozen=True)
class Kind:
    """One kind of thing: its rows for somebody, the columns that are searched, its page, and the list of all."""

    label: str
    rows: Callable[[Any], Any]
    columns: tuple[str, ...]
    page: str
    all: str


KINDS = (
    Kind("承诺、合同、政策", lambda user: Obligation.objects.visible_to(user).with_names(),
         ("title", "code", "organisation__name"), "commitments:page", "commitments:list"),
    Kind("公开内容", lambda user: Notice.objects.visible_to(user).with_names(),
         ("title", "code", "document_number", "organisation__name"), "disclosure:page", "disclosure:list"),
    Kind("信用+场景", lambda user: Scene.objects.visible_to(user).with_names(),
         ("title", "code", "organisation__name"), "scenes:page", "scenes:list"),
    # a person's record is found in the list, where reading it leaves an entry
    Kind("单位的诚信记录", lambda user: Record.objects.visible_to(user).with_names().filter(official=None),
         ("title", "number", "organisation__name"), "records:page", "records:list"),
    Kind("失信治理台账", lambda user: Rectification.objects.visible_to(user).with_names(),
         ("title", "number", "organisation__name"), "rectification:page", "rectification:list"),
)  # fmt: skip


def find(user: Any, text: str) -> list[dict[str, Any]]:
    """What `user` may see that has every word of `text` somewhere, by kind; two queries a kind at most."""
    words = text.split()[:MOST_WORDS]
    found = [_of_kind(kind, user, words) for kind in KINDS] if words else []
    return [group for group in found if group["items"]]


def units(user: Any, text: str) -> list[Organisation]:
    """The units of that name which `user` may look up."""
    words = text.split()[:MOST_WORDS]
    return list(_having(Organisation.objects.visible_to(user), ("name",), words)[:SHOWN]) if words else []


def _having(rows: Any, columns: tuple[str, ...], words: list[str]) -> Any:
    for word in words:
        condition = Q()
        for column in columns:
            condition |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(condition)
    return rows


def _of_kind(kind: Kind, user: Any, words: list[str]) -> dict[str, Any]:
    rows = list(_having(kind.rows(user), kind.columns, words).order_by("-id")[: SHOWN + 1])
    items = [
        {
            "title": row.title,
            "url": reverse(kind.page, args=[row.pk]),
            "note": f"{row.organisation.name} · {row.get_state_display()}",
        }
        for row in rows[:SHOWN]
    ]
    return {"label": kind.label, "items": items, "more": len(rows) > SHOWN, "all": reverse(kind.all)}
