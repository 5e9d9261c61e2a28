"""Where the log of corrections leads: to the page of each thing, by what its kind declares."""

from django import template

from longsha_credit.publication.models import Correction
from longsha_credit.publication.models.ledger import Action
from longsha_credit.publication.registry import public_kind

register = template.Library()


@register.filter
def page_url(row: Correction) -> str:
    """Where a line of the log leads: the version it tells of, or the page that says what became of it.

    "" for what was taken down and had no page of its own.
    """
    kind, publication = public_kind(row.publication.kind), row.publication
    if row.action == Action.WITHDRAW or not publication.is_public:
        return kind.page(row.reference) if kind and kind.page else ""
    if kind and kind.version_page:
        return kind.version_page(row.reference, row.version)
    return publication.get_absolute_url()


@register.filter
def reference_label(row: Correction) -> str:
    """编码, 编号 or 索引号."""
    kind = public_kind(row.publication.kind)
    return kind.reference_label if kind else "编码"
