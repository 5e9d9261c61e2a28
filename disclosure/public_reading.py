"""What residents are told of notices and topics: how each stands, the columns of the catalogue, the ledger's word."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from disclosure.candidates import candidate_of_notice
from disclosure.models import CatalogueChange, Frequency, Group, Method, Notice, Topic
from disclosure.services import MARK_SHAPES, PICTURE
from longsha_credit.deadlines.services import current_rule
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.publication import reading as ledger
from longsha_credit.publication.models import PublicFile, ServiceField
from longsha_credit.publication.models.ledger import PublicFileQuerySet

STANDINGS = {"current": "现行有效", "hearing": "公示期内", "expired": "已失效", "replaced": "已被取代"}
SHAPES = {"active": "kept", "done": "kept"} | MARK_SHAPES
PLAIN = ("active", "done")  # needs no mark in a list
INTERPRETATION = "解读"
# What others can rename later (the unit, the topic, what was superseded) is not held against the row.
RENAMED = {"organisation", "topic", "supersedes"}
# The standard catalogue in reading order: what offices know as its columns.
HEADS = (
    *(
        "序号",
        "公开事项一级",
        "二级",
        "公开内容",
        "公开依据",
        "公开时限",
        "公开主体",
        "公开渠道和载体",
        "公开对象",
    ),
    *("公开方式", "公开层级", "更新频次"),
)
FIELD_NAMES = {"service_field_id": "公共服务领域"}


# --- notices ---------------------------------------------------------------------------------------------------------


def with_marks(rows: Iterable[Notice], today: datetime.date) -> list[Notice]:
    """The rows, each with `stands` (state, words, shape), and `mark`: the same where a list has to say it."""
    found = list(rows)
    for row in found:
        state, words = row.standing(today)
        row.stands = (state, words, SHAPES.get(state, "clock"))
        row.mark = row.stands if state not in PLAIN else None
    return found


@dataclass
class Shown:
    """The files of one version as readers get them: pictures in their places in the text, the rest to take along."""

    pictures: dict[str, str]
    attachments: list[PublicFile]
    interpretations: list[PublicFile] = field(default_factory=list)


def files_of(rows: PublicFileQuerySet | list[PublicFile]) -> Shown:
    """`rows` are the public files of one version, each with its stored file."""
    pictures = {row.sha256: row.url for row in rows if row.file.purpose == PICTURE}
    rest = [row for row in rows if row.file.purpose != PICTURE]
    return Shown(pictures, rest, [row for row in rest if INTERPRETATION in row.name])


def status(notice: Notice, current: ledger.Version, files: list[PublicFile]) -> str:
    """Whether the row, the public row with its files, and the kept content with its hash all say the same."""
    if current.status != ledger.INTACT:
        return current.status
    now = candidate_of_notice(notice)
    apart = RENAMED if notice.summary else RENAMED | {"summary"}  # one nobody wrote is made from the text
    own = {name: text for name, text in now.fields.items() if name not in apart}
    old = notice.supersedes.code if notice.supersedes else ""
    agrees = (
        own.keys() == current.fields.keys() - apart
        and current.agrees_with(notice.title, own, now.files)
        and current.fields.get("supersedes", "").split(" ")[0] == old
        and current.is_shown_by(notice.publication, files)
    )
    return ledger.INTACT if agrees else ledger.BROKEN


def beside(notice: Notice) -> dict[str, Any]:
    """What the notice takes the place of, and what has taken its own, public ones only; where to write about it."""
    successors = Notice.objects.public().filter(supersedes=notice).select_related("publication")
    old = notice.supersedes
    is_public = old is not None and Notice.objects.public().filter(pk=old.pk).exists()
    unit = Organisation.objects.public().filter(pk=notice.organisation_id).exists()
    return {
        "successors": successors.newest_first(),
        "predecessor": old if is_public else None,
        "where": f"u{notice.organisation_id}" if unit else "",
    }


# --- topics ----------------------------------------------------------------------------------------------------------


def rule_words(today: datetime.date) -> dict[str, str]:
    """公开时限 of every rule that topics name, in a sentence; one query for each of the few rules."""
    keys = Topic.objects.public().order_by().values_list("limit_rule", flat=True).distinct()
    return {key: limit_words(current_rule(key, on=today)) for key in keys}


def limit_words(rule: Any) -> str:
    return f"自信息形成或者变更之日起{rule.amount_in_words}内"


def columns(topic: Topic, limits: dict[str, str]) -> tuple[str, ...]:
    """A row of the standard catalogue, in the order of HEADS."""
    return (
        str(topic.number),
        topic.get_group_display(),
        topic.name,
        topic.content,
        topic.basis,
        limits[topic.limit_rule],
        topic.publisher,
        topic.channels,
        topic.audience,
        topic.get_method_display(),
        topic.level_names,
        topic.get_frequency_display(),
    )


def catalogue(topics: Iterable[Topic], today: datetime.date) -> list[dict[str, Any]]:
    """The catalogue by group: {"key", "label", "rows": [(topic, [(head, value), …])]}."""
    limits, groups = rule_words(today), {}
    for topic in topics:
        row = (topic, list(zip(HEADS, columns(topic, limits), strict=True)))
        groups.setdefault(topic.group, []).append(row)
    return [
        {"key": key, "label": label, "rows": groups[key]} for key, label in Group.choices if key in groups
    ]


def by_topic(topics: Iterable[Topic]) -> tuple[list[dict[str, Any]], list[Topic]]:
    """Groups with their topics that have something public, and the topics in use that have nothing yet; one query."""
    counted = Notice.objects.public().counted_by("topic_id")
    full, empty = {}, []
    for topic in topics:
        topic.number_public, topic.newest = counted.get(topic.pk, (0, None))
        if topic.number_public:
            full.setdefault(topic.group, []).append(topic)
        elif topic.retired_on is None:
            empty.append(topic)
    groups = [
        {"key": key, "label": label, "topics": full[key]} for key, label in Group.choices if key in full
    ]
    return groups, empty


def by_unit(units: list[Any]) -> tuple[list[Any], list[Any]]:
    """Units in tree order with how much each has made public itself, and those with nothing yet; one query."""
    counted = Notice.objects.public().counted_by("organisation_id")
    for unit in units:
        unit.number_public, unit.newest = counted.get(unit.pk, (0, None))
    return [u for u in units if u.number_public], [u for u in units if not u.number_public]


# --- the log of the catalogue ----------------------------------------------------------------------------------------


def told(changes: Iterable[CatalogueChange], today: datetime.date) -> list[CatalogueChange]:
    """The changes, each with `words`: (column, before, after) of what became different; three queries."""
    found = list(changes)
    earlier = _versions_before(found)
    limits, fields = rule_words(today), dict(ServiceField.objects.public().values_list("pk", "name"))
    for change in found:
        old = earlier.get((change.topic_id, change.version - 1), {})
        change.words = [
            (
                label_of(name),
                words_of(name, old.get(name), limits, fields),
                words_of(name, new, limits, fields),
            )
            for name, new in change.columns.items()
            if old and old.get(name) != new
        ]
    return found


def _versions_before(changes: list[CatalogueChange]) -> dict[tuple[int, int], dict[str, Any]]:
    wanted = Q(pk=None)
    for change in changes:
        wanted |= Q(topic_id=change.topic_id, version=change.version - 1)
    rows = CatalogueChange.objects.public().filter(wanted)
    return {(row.topic_id, row.version): row.columns for row in rows}


def label_of(name: str) -> str:
    return FIELD_NAMES.get(name) or str(Topic._meta.get_field(name).verbose_name)


def words_of(name: str, value: Any, limits: dict[str, str], fields: dict[int, str]) -> str:
    """A column's value as the catalogue prints it."""
    if name == "levels":
        return "、".join(dict(Level.choices).get(level, level) for level in value or [])
    named: dict[str, Any] = {
        "group": dict(Group.choices),
        "method": dict(Method.choices),
        "frequency": dict(Frequency.choices),
        "limit_rule": limits,
        "service_field_id": fields,
    }.get(name, {})
    return str(named.get(value, "" if value is None else value))
