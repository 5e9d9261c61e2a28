"""What the scanner shows the writer of a draft: every hit with its place in context, and what it cannot see."""

import time
from typing import Any

from django.urls import reverse

from longsha_credit.files.models import StoredFile
from longsha_credit.publication import personal, scanning, services
from longsha_credit.publication.models import FileScan
from longsha_credit.publication.registry import Kind

SHOWN = 30  # of one file
EVERYTHING = "all"


def checked(kind: Kind, obj: Any) -> dict[str, Any]:
    """`texts` with hits, `files` with what is known of each, `hits` in all, and `unfinished` where files are left."""
    candidate = kind.candidate(obj)
    own = services.own_texts(obj, candidate)
    texts = [_text(name, label, text, name in own) for name, label, text in scanning.texts(kind, candidate)]
    files = _files(candidate.files)
    return {
        "texts": [row for row in texts if row["hits"]],
        "files": files,
        "hits": sum(len(row["hits"]) for row in texts) + sum(row["number"] for row in files),
        "unread": [row for row in files if row["unread"]],
        "unfinished": any(row["unfinished"] for row in files),
    }


def _text(name: str, label: str, text: str, own: bool) -> dict[str, Any]:
    around = scanning.AROUND
    return {
        "name": name,
        "label": label,
        "own": own,
        "hits": [
            {
                "kind": scanning.LABELS[hit.kind],
                "before": ("…" if hit.start > around else "") + text[max(0, hit.start - around) : hit.start],
                "found": text[hit.start : hit.end],
                "after": text[hit.end : hit.end + around] + ("…" if hit.end + around < len(text) else ""),
                "masked": hit.masked,
                "sure": hit.certain,
            }
            for hit in personal.find(text)
        ],
    }


def _files(files: list[StoredFile]) -> list[dict[str, Any]]:
    """Read within the seconds one page may take; what is left is read when the page is opened again."""
    until = time.monotonic() + scanning.SECONDS
    found = FileScan.objects.filter(file__in=[file.pk for file in files], version=scanning.VERSION)
    scans = {scan.file_id: scan for scan in found}
    rows = []
    for file in files:
        scan = scans.get(file.pk)
        if scan is None and time.monotonic() < until:
            scan = scanning.scan(file)
        rows.append(_file(file, scan))
    return rows


def _file(file: StoredFile, scan: FileScan | None) -> dict[str, Any]:
    hits = scan.hits if scan else []
    named = personal.find(file.name)
    number = max(len(hits), hits[-1].get("of", 0) if hits else 0) + len(named)
    return {
        "pk": file.pk,
        "name": file.name,
        "url": reverse("file", args=[file.pk]),
        "number": number,
        "named": bool(named),
        "shown": [hit | {"label": scanning.LABELS[hit["kind"]]} for hit in hits[:SHOWN]],
        "more": max(0, number - len(named) - SHOWN),
        "unread": scan.unread if scan else [],
        "unfinished": scan is None,
        "is_copy": file.made_from_id is not None,
    }


def asked_for(kind: Kind, obj: Any, what: str) -> dict[str, Any]:
    """What the pressed button names: everything, one text by its name, or one file by its id."""
    candidate = kind.candidate(obj)
    texts, files = list(services.own_texts(obj, candidate)), [file.pk for file in candidate.files]
    if what == EVERYTHING:
        return {"texts": texts, "files": files}
    return {
        "texts": [name for name in texts if name == what],
        "files": [pk for pk in files if str(pk) == what],
    }
