"""Which kinds of things can be published; each app declares its own in its `ready()`."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from longsha_credit.audit.workflow import Workflow
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.models import ServiceField


@dataclass(frozen=True)
class Candidate:
    """What would become public: allow-listed fields only, and the files that go with them.

    `of` is the row whose publication this is (an amendment's is the obligation's); `reference` is the number
    that may be named in the log after a withdrawal; `path` is the page's address below the mount point;
    `kind_label` is what readers call it where one kind has several forms.
    """

    of: models.Model
    reference: str
    organisation: Any
    title: str
    text: str
    path: str
    fields: dict[str, Any]
    files: list[StoredFile] = field(default_factory=list)
    service_field: ServiceField | None = None
    reason: str = ""
    kind_label: str = ""

    def canonical(self) -> str:
        """The text that is hashed: fields and files as JSON, keys sorted, no spaces, UTF-8."""
        files = [{"name": f.name, "size": f.size, "sha256": f.sha256} for f in self.files]
        return canonical_json(
            {"title": self.title, "fields": self.fields, "files": files, "reason": self.reason}
        )

    def content_hash(self) -> str:
        return hashlib.sha256(self.canonical().encode()).hexdigest()


def canonical_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Kind:
    """How the gate treats one model: its name, its chain, its candidate and its flow.

    `flow` holds the steps of `gate.candidate_steps`; the effects of `gate_pass` are what passing means.
    `labels` names the candidate's fields in Chinese, in reading order; `labels_for`, where given, does so for the
    fields of one candidate. `desk_url` is where an office reads it. `marks` gives for references what stands beside
    each wherever it is listed: (state, word, shape) of each mark. `rich` names the fields whose text is HTML in the
    canonical form of web.richtext. `page` and `version_page` give the public addresses of what has a page of its own,
    by reference and version; `reference_label` is what readers call its number. `save(obj, by=, upload=)` stores a
    changed draft; None where what is shown is not written in the row itself. `hint` is what whoever reviews a row is
    to look out for, "" where there is nothing. `read_with` names the relations a candidate is made of: they are read
    together with the row.
    """

    model: type[models.Model]
    key: str
    label: str
    chain: str
    candidate: Callable[[Any], Candidate]
    flow: Workflow
    labels: dict[str, str]
    desk_url: Callable[[Any], str]
    marks: Callable[[list[str]], dict[str, list[tuple[str, str, str]]]] | None = None
    labels_for: Callable[[dict[str, Any]], dict[str, str]] | None = None
    rich: frozenset[str] = frozenset()
    page: Callable[[str], str] | None = None
    version_page: Callable[[str, int], str] | None = None
    reference_label: str = "编码"
    save: Callable[..., Any] | None = None
    hint: Callable[[Any], str] = lambda obj: ""
    read_with: tuple[str, ...] = ("organisation",)

    def labels_of(self, fields: dict[str, Any]) -> dict[str, str]:
        """The names of these fields: those in the labels that the candidate has."""
        labels = self.labels_for(fields) if self.labels_for else self.labels
        return {name: label for name, label in labels.items() if name in fields}


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.model._meta.label_lower] = kind


def kind_of(label_lower: str) -> Kind:
    return _kinds[label_lower]


def find(label_lower: str) -> Kind | None:
    """The kind of a model by its name as it stands in an address."""
    return _kinds.get(label_lower)


def kinds() -> list[Kind]:
    return list(_kinds.values())


def labels_of(key: str) -> dict[str, str]:
    """Field labels of everything published under one public kind, such as commitments and their amendments."""
    return {k: v for kind in _kinds.values() if kind.key == key for k, v in kind.labels.items()}


def public_kind(key: str) -> Kind | None:
    """One of the kinds published under a public key: in what readers see they are alike."""
    return next((kind for kind in _kinds.values() if kind.key == key), None)


def with_marks(rows: Iterable[Any]) -> list[Any]:
    """The rows, each with the `marks` its app sets beside it now; one query for each kind that has any."""
    found = list(rows)
    for kind in kinds():
        own = [row for row in found if kind.marks and row.kind == kind.key]
        marks = kind.marks([row.reference for row in own]) if kind.marks and own else {}
        for row in own:
            row.marks = marks.get(row.reference, [])
    return found
