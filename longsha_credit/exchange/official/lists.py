"""What the lists of documents show: what was issued, narrowed and counted; a thing's documents; words and templates."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.models import DocumentTemplate, DocumentWord, IssuedDocument
from longsha_credit.exchange.official import kinds, services

COLUMNS = (
    "发文字号", "种类", "标题", "主送机关", "事项", "出具单位", "出具日期", "出具人", "代替", "已被代替", "文件校验值",
)  # fmt: skip
SETS_WORDS = frozenset({Role.OFFICE, Role.LEAD})


def filtered(rows: Any, given: Any) -> Any:
    """`rows` narrowed by what stands in the address; what makes no sense is left out."""
    q = given.get("q", "").replace("\x00", "").strip()[:100]
    if q:
        found = Q(number__icontains=q) | Q(title__icontains=q) | Q(object_label__icontains=q)
        rows = rows.filter(found | Q(to__icontains=q) | Q(organisation__name__icontains=q))
    if given.get("kind") in kinds.KINDS:
        rows = rows.filter(kind=given["kind"])
    year = given.get("year", "")
    return rows.filter(year=int(year)) if year.isascii() and year.isdigit() and len(year) == 4 else rows


def lines(rows: Any) -> Iterator[tuple[Any, ...]]:
    for it in rows.with_names().iterator(chunk_size=500):
        yield (
            it.number,
            kinds.label_of(it.kind),
            it.title,
            it.to,
            it.object_label,
            it.organisation.name,
            it.issued_on.isoformat(),
            it.issued_by_name,
            it.replaces or "",
            it.successor if it.is_replaced else "",
            it.file.sha256,
        )


def panel(thing: Any, user: Any) -> list[dict]:
    """The kinds of documents on a thing with those issued and whether the reader issues one; one query.

    Of a thing about a person only to those who may read its papers.
    """
    issued = list(IssuedDocument.objects.visible_to(user).about(thing).select_related("successor"))
    kept = {it.kind for it in issued}
    found = [
        kind
        for kind in kinds.KINDS.values()
        if isinstance(thing, kind.model)
        and (kind.applies(thing) or kind.key in kept)
        and (not kind.quiet(thing) or kind.things(user).filter(pk=thing.pk).exists())
    ]
    return [
        {
            "kind": kind,
            "issued": [it for it in issued if it.kind == kind.key],
            "may_issue": services.may_issue(kind, thing, user),
            "refusal": "".join(kind.against(thing)) if services.may_issue(kind, thing, user) else "",
        }
        for kind in found
    ]


def words(user: Any) -> list[dict]:
    """For each unit whose numbers the user sets, every kind it may issue with its word, head and an example."""
    units = [m.organisation for m in user.current_memberships if m.role in SETS_WORDS]
    rows = DocumentWord.objects.visible_to(user).filter(organisation__in=units)
    found = {(row.organisation_id, row.kind): row for row in rows}
    return [
        {"unit": unit, "rows": [_word(kind, unit, found) for kind in _of_unit(unit, user)]}
        for unit in dict.fromkeys(units)
    ]


def _of_unit(unit: Organisation, user: Any) -> list[kinds.DocumentKind]:
    return [kind for kind in kinds.KINDS.values() if user.role_at(kind.roles, unit.path)]


def _word(kind: kinds.DocumentKind, unit: Organisation, found: dict) -> dict:
    row = found.get((unit.pk, kind.key))
    return {
        "kind": kind,
        "word": row.word if row else services.default_word(kind, unit),
        "head": row.head if row else "",
        "is_set": row is not None,
    }


def templates(user: Any) -> list[dict]:
    """Every kind with its template in force and those that wait, where the user keeps templates; one query."""
    rows = list(DocumentTemplate.objects.visible_to(user).with_names())
    return [
        {
            "kind": kind,
            "in_force": next((r for r in rows if r.kind == key and r.state == "in_force"), None),
            "waiting": [r for r in rows if r.kind == key and r.state == "tried"],
        }
        for key, kind in kinds.KINDS.items()
    ]
