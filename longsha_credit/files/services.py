"""Taking a file in, finding it for a reader, sending it, and clearing what no row points at."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django_sendfile import sendfile

from longsha_credit.directory.roles import EVERYBODY
from longsha_credit.directory.scope import require_within
from longsha_credit.files.checks import Unacceptable, check
from longsha_credit.files.models import StoredFile


@dataclass(frozen=True)
class Upload:
    """What a form brings beside the fields: new files, and the ids of kept ones to leave out."""

    added: tuple[Any, ...] = ()
    removed: frozenset[int] = frozenset()


class MaskedCopy(ContentFile):
    """What a form would bring, made here from a stored file: the same with personal data masked."""

    def __init__(self, content: bytes, name: str, made_from: StoredFile):
        super().__init__(content, name)
        self.made_from = made_from


NOTHING = Upload()
_readers: dict[str, Callable[[Any], Any]] = {}
OWN_FOLDER = re.compile(r"^[0-9a-f]{2}$")
OWN_NAME = re.compile(r"^[0-9a-f]{32}$")


def store(upload: Any, *, organisation: Any, purpose: str, by: Any, allowed: bool = False) -> StoredFile:
    """Check an upload and keep it for `organisation`; raises Unacceptable, and Http404 outside the uploader's units.

    `allowed` where the caller has a rule of its own, as for an official who objects to a record of a former unit.

    Call it inside the transaction that refers to the row: a row rolled back leaves bytes that `sweep_orphans` clears.
    """
    if not allowed:
        require_within(by, organisation, EVERYBODY)
    checked = check(upload)
    row = StoredFile(
        organisation=organisation,
        purpose=purpose,
        name=checked.name,
        size=checked.size,
        content_type=checked.content_type,
        sha256=checked.sha256,
        uploaded_by=by,
        made_from=getattr(upload, "made_from", None),
    )
    try:
        row.file.save(checked.name, upload, save=False)
    except OSError as problem:
        raise Unacceptable(
            f"“{checked.name}”没有存上：服务器的存储空间不足或暂时不可用。请稍后再试，仍不行请告诉系统管理员。"
        ) from problem
    try:
        with transaction.atomic():
            row.save()
    except Exception:
        row.file.storage.delete(row.file.name)
        raise
    return row


def attach(obj: Any, upload: Upload, *, purpose: str, by: Any, allowed: bool = False) -> None:
    """Add and leave out files of a row that has `files` and an `organisation`; raises as `store`."""
    if upload.removed:
        obj.files.remove(*upload.removed)
    if upload.added:
        keep = {"organisation": obj.organisation, "purpose": purpose, "by": by, "allowed": allowed}
        rows = [store(file, **keep) for file in upload.added]
        obj.files.add(*rows)


def readable(purpose: str, whose: Callable[[Any], Any]) -> None:
    """Declare who reads the files of one purpose: `whose(user)` is the queryset of those the user may open.

    Called by the app that owns the purpose, when it is ready. A purpose nobody declared is read by nobody.
    """
    _readers[purpose] = whose


def readable_by(user: Any) -> Q:
    """The condition for the files that their purposes let `user` read."""
    found = Q(pk__in=[])
    for purpose, whose in _readers.items():
        found |= Q(purpose=purpose, pk__in=whose(user).order_by().values("pk"))
    return found


def for_reader(user: Any, pk: int) -> StoredFile:
    """The file, when its purpose lets the user read it; raises Http404."""
    purpose = StoredFile.objects.filter(pk=pk).values_list("purpose", flat=True).first()
    if purpose not in _readers:
        raise Http404
    found = _readers[purpose](user).filter(pk=pk, purpose=purpose).first()
    if found is None:
        raise Http404
    return found


def send(request: HttpRequest, stored_file: StoredFile, *, public: bool = False) -> HttpResponse:
    """The file as a download that no browser runs or shows in our name; raises Http404 when its bytes are gone."""
    response = sendfile(request, stored_file.file.path, mimetype=stored_file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, stored_file.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # A public copy may be withdrawn at any moment, so that it is asked for anew each time.
    response["Cache-Control"] = "public, no-cache" if public else "private, no-store"
    return response


def sweep_orphans(now: datetime.datetime | None = None) -> int:
    """Remove stored bytes that no row points at and that are older than a day; gives how many."""
    before = (now or timezone.now()) - datetime.timedelta(days=1)
    removed = 0
    for folder in default_storage.listdir("")[0]:
        if not OWN_FOLDER.match(folder):
            continue
        stored = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1] if OWN_NAME.match(name)}
        known = set(StoredFile.objects.filter(file__in=stored).values_list("file", flat=True))
        for name in stored - known:
            if default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                removed += 1
    return removed
