"""What stands in the ledger, read for the public: versions, what changed between them, and whether it still fits."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from longsha_credit.files.models import StoredFile
from longsha_credit.publication import door
from longsha_credit.publication.models import LedgerEntry, Publication, PublicFile
from longsha_credit.web.richtext import to_text

INTACT, REMOVED, BROKEN = "intact", "removed", "broken"


@dataclass(frozen=True)
class Change:
    """One field that differs between two versions."""

    label: str
    old: str
    new: str

    @property
    def is_form_only(self) -> bool:
        """Whether a formatted text reads the same as before."""
        return self.old == self.new


@dataclass(frozen=True)
class Version:
    """One published version as the ledger keeps it; without content when it was removed by law."""

    entry: LedgerEntry
    status: str
    content: dict[str, Any] | None

    @property
    def number(self) -> int:
        return self.entry.version

    @property
    def is_removed(self) -> bool:
        return self.content is None

    @property
    def title(self) -> str:
        return self.content["title"] if self.content else ""

    @property
    def reason(self) -> str:
        return self.content["reason"] if self.content else ""

    @property
    def fields(self) -> dict[str, str]:
        return self.content["fields"] if self.content else {}

    @property
    def files(self) -> list[dict[str, Any]]:
        return self.content["files"] if self.content else []

    @property
    def salt(self) -> str:
        """The 16 random bytes as hex."""
        return bytes(self.entry.content.salt).hex() if self.content else ""

    @property
    def canonical(self) -> str:
        """The very text that was hashed behind the salt."""
        return self.entry.content.text or ""

    def labelled(self, labels: dict[str, str], apart: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
        """The fields with their Chinese names, in reading order, without those `apart`; empty ones are left out."""
        shown = [(name, label) for name, label in labels.items() if name not in apart]
        return [(label, self.fields[name]) for name, label in shown if self.fields.get(name)]

    def agrees_with(self, title: str, fields: dict[str, str], files: list[StoredFile]) -> bool:
        """Whether a row still says what was published; only the fields given are compared."""
        same = all(self.fields.get(name) == text for name, text in fields.items())
        return self.title == title and same and self.has_files(files)

    def has_files(self, files: Iterable[StoredFile | PublicFile]) -> bool:
        """Whether these are the files that were published with it."""
        return sorted(file["sha256"] for file in self.files) == sorted(file.sha256 for file in files)

    def is_shown_by(self, publication: Publication, files: list[PublicFile]) -> bool:
        """Whether the public row, which lists and search show, and the public files are of this version."""
        return (publication.version, publication.title) == (self.number, self.title) and self.has_files(files)


def versions(publication: Publication) -> list[Version]:
    """Every version of one publication, newest first; one query."""
    return [_version(entry) for entry in LedgerEntry.objects.versions_of(publication)]


def second(versions: list[Version]) -> Version | None:
    """The version before the newest."""
    return versions[1] if len(versions) > 1 else None


def current_versions(publications: Iterable[Publication | int]) -> dict[int, Version]:
    """The newest version of each, by publication id; one query for any number of publications."""
    return {entry.publication_id: _version(entry) for entry in LedgerEntry.objects.current_of(publications)}


def _version(entry: LedgerEntry) -> Version:
    status = door.verify(entry)
    text = entry.content.text
    return Version(entry, status, None if text is None else _parsed(text))


def _parsed(text: str) -> dict[str, Any]:
    """The kept text as fields; what someone spoilt beyond reading is empty, and its hash no longer fits."""
    empty = {"title": "", "fields": {}, "files": [], "reason": ""}
    try:
        content = json.loads(text)
    except ValueError:
        return empty
    return empty | content if isinstance(content, dict) else empty


def changes(
    earlier: Version | None, version: Version, labels: dict[str, str], rich: frozenset[str] = frozenset()
) -> list[Change]:
    """What differs between two versions, in reading order; nothing where one of them has no content any more.

    Of a `rich` field, which is kept as HTML, the words are compared.
    """
    if earlier is None or earlier.is_removed or version.is_removed:
        return []
    found = [("标题", earlier.title, version.title, False)]
    found += [
        (label, earlier.fields.get(name, ""), version.fields.get(name, ""), name in rich)
        for name, label in labels.items()
    ]
    found.append(("附件", _file_lines(earlier), _file_lines(version), False))
    return [_change(*one) for one in found if one[1] != one[2]]


def _change(label: str, old: str, new: str, rich: bool) -> Change:
    return Change(label, to_text(old), to_text(new)) if rich else Change(label, old, new)


def _file_lines(version: Version) -> str:
    return "\n".join(f"{file['name']}（校验值 {file['sha256'][:12]}…）" for file in version.files)


def current_files(publications: Iterable[Publication | int]) -> dict[int, list[PublicFile]]:
    """The files of the versions now shown, by publication id; one query for any number of publications."""
    found: dict[int, list[PublicFile]] = {}
    for file in PublicFile.objects.public().of_current_versions(publications):
        found.setdefault(file.entry.publication_id, []).append(file)
    return found


def in_tree_order(units: Iterable[Any]) -> list[Any]:
    """Organisations so that each stands under the one above it, by division code; `depth` says how far in."""
    units = list(units)
    codes = {unit.pk: unit.division_code or "~" for unit in units}
    ranks = {}
    for unit in units:
        above = [int(part) for part in unit.path.strip("/").split("/")]
        ranks[unit.pk] = [(codes.get(pk, "~"), pk) for pk in above]
        unit.depth = len(above) - 1
        unit.indent = "\u3000" * unit.depth
    return sorted(units, key=lambda unit: ranks[unit.pk])
