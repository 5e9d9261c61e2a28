"""What the scanner finds in a candidate: its texts, its file names, its files, each file read once."""

import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from longsha_credit.files.models import StoredFile
from longsha_credit.publication import contents, personal
from longsha_credit.publication.contents import Piece
from longsha_credit.publication.models import FileScan
from longsha_credit.publication.registry import Candidate, Kind
from longsha_credit.web import richtext

VERSION = 1  # of the scanner: with the next one every file is read again
SECONDS = 20.0  # for the files of one submission; what is left is read at the next try
CHUNK = 60_000
MOST_HITS = 500  # kept of a file, one by one
SEVERAL = 5  # finds of a kind in one place are told one by one up to here, then as one
AROUND = 16
UNREAD = "unread"
LABELS = personal.KINDS | {UNREAD: "没有检查的内容"}


@dataclass(frozen=True)
class Finding:
    """One thing to be gone or justified: what, where, its masked form; `context` around it, masked too.

    `number` counts the finds that are told as one; `file` is the id of the stored file it is in.
    """

    key: str
    kind: str
    where: str
    masked: str
    context: str = ""
    number: int = 1
    sure: bool = True
    file: int | None = None

    @property
    def label(self) -> str:
        return LABELS[self.kind]


class Unfinished(Exception):
    """Files are left that no scan has read yet; `str()` names the first."""


def findings(kind: Kind, candidate: Candidate, *, seconds: float = SECONDS) -> list[Finding]:
    """All that is found in what would become public, numbered in reading order. Raises Unfinished."""
    found = [*_in_texts(kind, candidate), *_in_files(candidate.files, seconds)]
    return [replace(finding, key=str(number)) for number, finding in enumerate(found, 1)]


def as_data(found: Iterable[Finding]) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in found]


def from_data(rows: list[dict[str, Any]] | None) -> list[Finding]:
    return [Finding(**row) for row in rows or []]


# --- texts -----------------------------------------------------------------------------------------------------------


def texts(kind: Kind, candidate: Candidate) -> list[tuple[str, str, str]]:
    """(name of the field, its label, its plain text) of all that would be shown."""
    labels: dict[str, str] = {"title": "名称"} | kind.labels_of(candidate.fields) | {"reason": "变更理由"}
    values: dict[str, Any] = {"title": candidate.title} | candidate.fields | {"reason": candidate.reason}
    shown = [
        (name, labels.get(name, name), plain_of(kind, name, str(value or "")))
        for name, value in values.items()
    ]
    told = "\n\n".join(text for _, _, text in shown)
    others = [line for line in candidate.text.splitlines() if line.strip() and line not in told]
    return [*shown, ("text", "正文", "\n\n".join(others))]


def plain_of(kind: Kind, name: str, value: str) -> str:
    return richtext.to_text(value) if name in kind.rich else value


def _in_texts(kind: Kind, candidate: Candidate) -> Iterator[Finding]:
    for _, label, text in texts(kind, candidate):
        shown = personal.mask(text)
        hits = personal.find(text)
        rows = [
            Finding("", hit.kind, label, hit.masked, around(shown, hit.start, hit.end), sure=hit.certain)
            for hit in hits
        ]
        yield from _together(rows)


def around(text: str, start: int, end: int) -> str:
    """A little of the text on both sides, on one line."""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    dots = ("…" if start > AROUND else "", "…" if len(text) > end + AROUND else "")
    return f"{dots[0]}{before}{text[start:end]}{after}{dots[1]}".replace("\r", "").replace("\n", " ")


def _together(rows: list[Finding]) -> Iterator[Finding]:
    """Up to SEVERAL of a kind one by one; more as one that names the first of them."""
    for kind in LABELS:
        same = [row for row in rows if row.kind == kind]
        if len(same) <= SEVERAL:
            yield from same
            continue
        first = "、".join(row.masked for row in same[:SEVERAL])
        where = same[0].where if len({row.where for row in same}) == 1 else f"{same[0].where}等"
        yield replace(
            same[0],
            masked=first,
            where=where,
            context="",
            number=len(same),
            sure=any(row.sure for row in same),
        )


# --- files -----------------------------------------------------------------------------------------------------------


def _in_files(files: list[StoredFile], seconds: float) -> Iterator[Finding]:
    until = time.monotonic() + seconds
    scans = {
        scan.file_id: scan
        for scan in FileScan.objects.filter(file__in=[f.pk for f in files], version=VERSION)
    }
    for file in files:
        for hit in personal.find(file.name):
            yield Finding("", hit.kind, "附件名称", personal.mask(file.name), sure=hit.certain, file=file.pk)
        if file.pk not in scans and time.monotonic() > until:
            raise Unfinished(file.name)
        yield from _told(file, scans.get(file.pk) or scan(file))


def _told(file: StoredFile, kept: FileScan) -> Iterator[Finding]:
    name = f"附件“{personal.mask(file.name)}”"
    rows = [
        Finding("", hit["kind"], f"{name}{hit['place']}", hit["masked"], sure=hit["sure"], file=file.pk)
        for hit in kept.hits
    ]
    more = max(0, kept.hits[-1].get("of", 0) - len(rows)) if rows else 0
    told = list(_together(rows))
    if more and told:
        told[-1] = replace(told[-1], number=told[-1].number + more)
    yield from told
    for sentence in kept.unread:
        yield Finding("", UNREAD, name, "", sentence, file=file.pk)


def scan_of(file: StoredFile) -> FileScan:
    """What is known of a file, which is read now if it has not been."""
    return FileScan.objects.filter(file=file, version=VERSION).first() or scan(file)


def scan(file: StoredFile) -> FileScan:
    """Read a file and keep what was found; a second reader of the same version gets the first one's row."""
    try:
        with file.file.open("rb") as stored:
            data = stored.read()
    except OSError:  # not kept: it may be there again tomorrow
        return FileScan(file=file, version=VERSION, hits=[], unread=["暂时读不出来，请稍后再试或重新上传。"])
    content = contents.read(data, file.content_type)
    return keep(file, hits_in(content.pieces), content.unread)


def keep(file: StoredFile, hits: list[dict[str, Any]], unread: list[str]) -> FileScan:
    shown = hits[:MOST_HITS]
    if len(hits) > MOST_HITS:
        shown[-1] = shown[-1] | {"of": len(hits)}
    row, _ = FileScan.objects.get_or_create(
        file=file, version=VERSION, defaults={"hits": shown, "unread": [personal.mask(it) for it in unread]}
    )
    return row


def hits_in(pieces: list[Piece]) -> list[dict[str, Any]]:
    """Kind, place and masked form of every find; the places themselves masked, as the name of a sheet may hold one."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for hit, piece in _located(pieces):
        place = personal.mask(piece.place)
        row = {"kind": hit.kind, "place": place, "masked": hit.masked, "sure": hit.certain}
        # a text box is stored twice; the number itself is only compared here and kept nowhere
        found.setdefault((hit.kind, place, piece.text[hit.start : hit.end]), row)
    return list(found.values())


def _located(pieces: list[Piece]) -> Iterator[tuple[personal.Hit, Piece]]:
    """Each hit by its place in its piece.

    Many small texts are looked at in one go: nothing is found across the empty line between two of them.
    """
    for chunk in _chunks(pieces):
        starts, at = [], 0
        for piece in chunk:
            starts.append(at)
            at += len(piece.text) + 2
        for hit in personal.find("\n\n".join(piece.text for piece in chunk)):
            at = bisect_right(starts, hit.start) - 1
            seam = chunk[at].seam
            here = replace(hit, start=hit.start - starts[at], end=hit.end - starts[at])
            if seam is None or here.start < seam < here.end:
                yield here, chunk[at]


def _chunks(pieces: list[Piece]) -> Iterator[list[Piece]]:
    chunk: list[Piece] = []
    size = 0
    for piece in pieces:
        chunk.append(piece)
        size += len(piece.text)
        if size > CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
