"""The only door to the public: publish, amend, withdraw, remove. Nothing else writes these tables."""

import hashlib
import secrets
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from longsha_credit.audit.workflow import record
from longsha_credit.publication import words
from longsha_credit.publication.models import (
    Correction,
    LedgerContent,
    LedgerEntry,
    Publication,
    PublicFile,
    Review,
    ReviewState,
)
from longsha_credit.publication.models.ledger import Action, PublicationQuerySet
from longsha_credit.publication.reasons import fit_for_the_log
from longsha_credit.publication.registry import Candidate, Kind

INDEX_CHUNK = 200
IN_ORDER = 8_540_001  # the number of the lock under which entries get theirs


class NotPassed(Exception):
    """Something tried to go through the door without a passed review of exactly this content."""


@transaction.atomic
def publish(kind: Kind, candidate: Candidate, *, review: Review, by: Any) -> Publication:
    """Make the candidate public as the first or the next version. Raises NotPassed without a fitting review."""
    if review.state != ReviewState.PASSED or review.content_hash != candidate.content_hash():
        raise NotPassed(f"{kind.key} {candidate.of.pk}")
    now = timezone.now()
    publication = (
        Publication.objects.select_for_update().filter(kind=kind.key, object_id=candidate.of.pk).first()
    )
    action = Action.AMEND if publication else Action.PUBLISH
    content = {
        "kind_label": candidate.kind_label or kind.label,
        "service_field": candidate.service_field,
        "title": candidate.title,
        "text": candidate.text,
        "path": candidate.path,
        "reference": candidate.reference,
        "published_at": now,
        "search": _index_of(candidate),
    }
    if publication is None:
        publication = Publication.objects.create(
            kind=kind.key,
            object_id=candidate.of.pk,
            organisation=candidate.organisation,
            version=1,
            first_published_at=now,
            **content,
        )
    else:
        if not publication.is_public:
            raise NotPassed("withdrawn")
        publication.version += 1
        for name, value in content.items():
            setattr(publication, name, value)
        publication.save()
        _correct(publication, candidate.reference, action, candidate.reason, review.submitted_by, by, now)
    _enter(publication, action, now, candidate, review)
    return publication


@transaction.atomic
def withdraw(
    publication: Publication,
    *,
    reference: str,
    reason: str,
    asked_by: Any,
    approver: Any,
    remove_content: bool = False,
) -> None:
    """Take a publication down; `approver` is not `asked_by`. With `remove_content` its texts go too, as the law orders."""
    reason = fit_for_the_log(reason)
    publication = Publication.objects.select_for_update().get(pk=publication.pk)
    if not publication.is_public:
        if remove_content:
            _remove_content(publication, reason=reason, approver=approver)
        return
    now = timezone.now()
    publication.withdrawn_at, publication.search = now, None
    publication.save(update_fields=["withdrawn_at", "search"])
    _in_order()
    last = publication.ledger.order_by("-id")[0]
    LedgerEntry.objects.create(
        publication=publication,
        kind=publication.kind,
        organisation=publication.organisation,
        version=publication.version,
        action=Action.WITHDRAW,
        at=now,
        content_hash=last.content_hash,
    )
    _correct(publication, reference, Action.WITHDRAW, reason, asked_by, approver, now)
    if remove_content:
        _remove_content(publication, reason=reason, approver=approver)


def tell_outcome(
    publication: Publication, *, reference: str, reason: str, asked_by: Any, approver: Any
) -> None:
    """Say in the public log what was found about a publication after it was taken down."""
    _correct(
        publication, reference, Action.OUTCOME, fit_for_the_log(reason), asked_by, approver, timezone.now()
    )


def _remove_content(publication: Publication, *, reason: str, approver: Any) -> None:
    LedgerContent.objects.filter(entry__publication=publication, removed_at=None).update(
        salt=None, text=None, removed_at=timezone.now(), removed_reason=reason[:500], removed_by=approver
    )
    record(publication, step="remove_content", label="依法移除内容", by=approver, reason=reason)


def reindex() -> int:
    """Write the search index of everything public anew, after a unit or the word rule changed; how many rows."""
    return _write_index(Publication.objects.public())


def reindex_unit(organisation: Any) -> int:
    """The same for what one unit has published, after it was renamed."""
    return _write_index(Publication.objects.public().filter(organisation=organisation))


def index_missing() -> int:
    """Index what stands without, as rows from before the index do; how many. Costs nothing when there are none."""
    return _write_index(Publication.objects.public().filter(search=None))


def _write_index(rows: PublicationQuerySet) -> int:
    done = last = 0
    while chunk := _write_chunk(rows.filter(pk__gt=last)):
        done, last = done + len(chunk), chunk[-1].pk
    return done


@transaction.atomic
def _write_chunk(rows: PublicationQuerySet) -> list[Publication]:
    """The first rows, locked, so that a version published meanwhile keeps its own words."""
    named = rows.select_related("organisation", "service_field").select_for_update(of=("self",))
    chunk = list(named.order_by("pk")[:INDEX_CHUNK])
    for row in chunk:
        row.search = _index_of(row)
    Publication.objects.bulk_update(chunk, ["search"])
    return chunk


def _index_of(it: Candidate | Publication) -> str:
    """The index words of a version; what stands on another's page (`#`) is part of it."""
    field = it.service_field.name if it.service_field else ""
    keywords = [it.organisation.name, it.reference, field]
    return words.index(title=it.title, keywords=keywords, text=it.text, part="#" in it.path)


def salted_hash(salt: bytes, canonical: str) -> str:
    """SHA-256 of 16 random bytes followed by the canonical JSON, as hex; anyone can repeat it."""
    return hashlib.sha256(salt + canonical.encode()).hexdigest()


def verify(entry: LedgerEntry) -> str:
    """Whether the kept content gives the entry's hash and is what its review let through.

    "intact", "removed" or "broken".
    """
    content = entry.content
    if content.text is None or content.salt is None:
        return "removed"
    as_entered = salted_hash(bytes(content.salt), content.text) == entry.content_hash
    as_reviewed = entry.review is not None and salted_hash(b"", content.text) == entry.review.content_hash
    return "intact" if as_entered and as_reviewed else "broken"


def _enter(publication: Publication, action: str, now: Any, candidate: Candidate, review: Review) -> None:
    salt, canonical = secrets.token_bytes(16), candidate.canonical()
    _in_order()
    entry = LedgerEntry.objects.create(
        publication=publication,
        kind=publication.kind,
        organisation=publication.organisation,
        version=publication.version,
        action=action,
        at=now,
        content_hash=salted_hash(salt, canonical),
        review=review,
    )
    LedgerContent.objects.create(entry=entry, salt=salt, text=canonical)
    PublicFile.objects.bulk_create(
        PublicFile(entry=entry, file=file, token=secrets.token_urlsafe(16)) for file in candidate.files
    )


def _in_order() -> None:
    """One transaction at a time enters: who reads the ledger by number never finds an earlier one afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IN_ORDER])


def _correct(
    publication: Publication,
    reference: str,
    action: str,
    reason: str,
    asked_by: Any,
    approved_by: Any,
    now: Any,
) -> None:
    Correction.objects.create(
        publication=publication,
        action=action,
        reference=reference,
        version=publication.version,
        reason=reason,
        asked_by=asked_by,
        approved_by=approved_by,
        at=now,
    )
