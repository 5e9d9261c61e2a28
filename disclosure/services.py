"""Every change of topics and notices, apart from the steps of their flows."""

import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from disclosure import candidates, clocks
from disclosure.flows import FLOW, REVISION, WRITERS
from disclosure.models import CatalogueChange, DisclosedState, Notice, NoticeRevision, RevisionState, Topic
from disclosure.models.notices import OPEN_REVISIONS, TEXT
from disclosure.models.topics import COLUMNS
from disclosure.reference import TOPICS
from disclosure.word import Brought
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.roles import Role
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import NOTHING, Upload
from longsha_credit.publication import drafts, registry
from longsha_credit.publication.drafts import still
from longsha_credit.publication.models import Chain, Review, ServiceField
from longsha_credit.publication.reasons import fit_for_the_log
from longsha_credit.publication.registry import Kind
from longsha_credit.web import richtext

PURPOSE, PICTURE, SOURCE = "notice", "notice_picture", "notice_source"
KEEPERS = frozenset({Role.OFFICE})  # of the catalogue
LOADED = "按试点方案和有关规定建立目录"


@transaction.atomic
def save_notice(
    notice: Notice,
    *,
    by: Any,
    upload: Upload = NOTHING,
    seen: str = "",
    brought: Brought | None = None,
    original: Any = None,
    today: datetime.date | None = None,
) -> Notice:
    """Store a new or changed draft. `seen` is the stamp of the version the writer started from.

    `brought` is what a Word file gave (its text stands in `notice.body` already) and `original` that file: its
    pictures are kept with the notice, the file itself stays in the office.
    Raises Http404 outside the writer's organisations, Refused when it is no draft any more or a colleague
    saved first, files.checks.Unacceptable for a bad file.
    """
    drafts.prepare(notice, draft=DisclosedState.DRAFT, by=by, seen=seen, writers=WRITERS)
    if original is not None:
        notice.source = files.store(original, organisation=notice.organisation, purpose=SOURCE, by=by)
    stored = drafts.store(notice, by=by, upload=upload, purpose=PURPOSE, word="公开内容", roles=WRITERS)
    _keep_pictures(stored, brought, by)
    clocks.watch(stored, today=today or timezone.localdate())
    return stored


@transaction.atomic
def save_revision(
    revision: NoticeRevision,
    *,
    by: Any,
    upload: Upload = NOTHING,
    seen: str = "",
    brought: Brought | None = None,
    original: Any = None,
) -> NoticeRevision:
    """Store a new or changed draft of a revision; the published version stands until it passes. Raises as save_notice."""
    drafts.prepare(revision, draft=RevisionState.DRAFT, by=by, seen=seen, writers=WRITERS)
    new = revision.pk is None
    if new:
        still(revision.of, (DisclosedState.PUBLISHED,))
        if revision.of.revisions.filter(state__in=OPEN_REVISIONS).exists():
            raise Refused("这份公开内容已有一份修改在办理，请先办完或作废那一份。", "state")
    stored = drafts.store(revision, by=by, upload=upload, purpose=PURPOSE, word="修订", roles=WRITERS)
    if original is not None:
        files.store(original, organisation=revision.organisation, purpose=SOURCE, by=by)
    if new:
        stored.files.add(*(f for f in revision.of.files.all() if f.pk not in upload.removed))
    _keep_pictures(stored, brought, by)
    return stored


def _keep_pictures(row: Any, brought: Brought | None, by: Any) -> None:
    """The pictures of the text are files of the row: new ones are stored, those no longer shown leave it."""
    wanted = set(richtext.pictures_in(row.body))
    has = {file.sha256: file for file in row.files.filter(purpose=PICTURE)}
    row.files.remove(*(file for sha, file in has.items() if sha not in wanted))
    for picture in brought.pictures if brought else ():
        if picture.sha256 in wanted - has.keys():
            upload = ContentFile(picture.content, name=picture.name)
            has[picture.sha256] = files.store(upload, organisation=row.organisation, purpose=PICTURE, by=by)
            row.files.add(has[picture.sha256])
    if missing := wanted - has.keys():
        raise Refused(f"正文里有 {len(missing)} 张图片找不到了，请重新上传 Word 文件。", "guard")


def new_revision(notice: Notice) -> NoticeRevision:
    """An unsaved revision that starts from the text in force."""
    text = {name: getattr(notice, name) for name in TEXT}
    return NoticeRevision(of=notice, organisation=notice.organisation, **text)


def pictures_of(row: Any) -> dict[str, str]:
    """The desk address of every picture of a draft, by sha256."""
    shown = row.files.filter(purpose=PICTURE) if row.pk else []
    return {file.sha256: reverse("file", args=[file.pk]) for file in shown}


@transaction.atomic
def save_topic(
    topic: Topic, *, by: Any, reason: str, seen: str = "", today: datetime.date | None = None
) -> Topic:
    """Store a new or changed topic of the catalogue as its next version, told in the public log.

    Who owes what, and the clocks of that, follow at once. Raises Http404 for who does not keep the catalogue, Refused
    without a reason, without a change, or where a colleague saved since the version with the stamp `seen`.
    """
    place = next((m.organisation for m in by.current_memberships if m.role in KEEPERS), None)
    if place is None:
        raise Http404
    if not reason.strip():
        raise Refused("请写明修订目录的理由。", "reason")
    reason = fit_for_the_log(
        reason, *(str(getattr(topic, name) or "") for name in COLUMNS), what="填写的内容"
    )
    new = topic.pk is None
    if not new:
        before = Topic.objects.select_for_update().get(pk=topic.pk)
        if seen and seen != drafts.stamp_of(before):
            raise Refused(drafts.OVERWRITES, "seen")
        if all(getattr(before, name) == getattr(topic, name) for name in COLUMNS):
            raise Refused("内容和现在的一样，没有可修订的。", "guard")
        topic.version = before.version + 1
    topic.save()
    _tell_change(topic, by, reason)
    label = "新增公开事项" if new else "修订公开事项"
    record(topic, step="catalogue", label=label, by=by, roles=KEEPERS, reason=reason, organisation=place)
    clocks.follow_catalogue(today=today or timezone.localdate())
    return topic


def _tell_change(topic: Topic, by: Any, reason: str) -> None:
    columns = {name: getattr(topic, name) for name in COLUMNS}
    columns["retired_on"] = topic.retired_on.isoformat() if topic.retired_on else None
    CatalogueChange.objects.create(
        topic=topic, version=topic.version, columns=columns, reason=reason.strip()[:300], by=by
    )


@transaction.atomic
def load_topics() -> int:
    """Store the topics of reference.py that are not there yet; gives how many there are in it."""
    fields = {field.key: field for field in ServiceField.objects.all()}
    known = set(Topic.objects.values_list("key", flat=True))
    for row in TOPICS:
        if row["key"] not in known:
            topic = Topic.objects.create(**row | {"service_field": fields.get(row["service_field"])})
            _tell_change(topic, None, LOADED)
    return len(TOPICS)


def marks(references: list[str]) -> dict[str, list[tuple[str, str, str]]]:
    """What stands beside notices wherever they are listed: superseded, expired, open to objections."""
    rows = Notice.objects.public().with_standing().filter(code__in=references)
    found = {}
    for notice in rows:
        state, words = notice.standing(timezone.localdate())
        if state not in ("active", "done"):
            found[notice.code] = [(state, words, MARK_SHAPES.get(state, "clock"))]
    return found


MARK_SHAPES = {"replaced": "next", "expired": "stop"}


def _desk_url(obj: Any) -> str:
    return reverse("disclosure:page", args=[getattr(obj, "of_id", None) or obj.pk])


def _page(code: str) -> str:
    return reverse("public_disclosure:page", args=[code])


def _version_page(code: str, version: int) -> str:
    return reverse("public_disclosure:version", args=[code, version])


def _own_files(user: Any) -> Any:
    return StoredFile.objects.visible_to(user)


def register() -> None:
    """Tell the gate of the notices and the files who may read them; called once when the app is ready."""
    for purpose in (PURPOSE, PICTURE, SOURCE):
        files.readable(purpose, _own_files)
    c = candidates
    pages: dict[str, Any] = {
        "page": _page,
        "version_page": _version_page,
        "reference_label": "索引号",
        "hint": lambda row: row.topic.hint,
    }
    registry.register(
        Kind(
            Notice, "notice", "公开内容", Chain.THREE, c.candidate_of_notice, FLOW, c.LABELS, _desk_url,
            marks=marks, labels_for=c.labels_for, rich=c.RICH, save=save_notice,
            read_with=("organisation", "topic__service_field"), **pages,
        )
    )  # fmt: skip
    registry.register(
        Kind(
            NoticeRevision, "notice", "公开内容", Chain.THREE, c.candidate_of_revision, REVISION, c.LABELS,
            _desk_url, labels_for=c.labels_for, rich=c.RICH, save=save_revision, **pages,
        )
    )  # fmt: skip


def reviews_about(notice: Notice) -> Any:
    """Every review of a notice and its revisions with its people, newest first."""
    revisions = NoticeRevision.objects.filter(of=notice).values("pk")
    condition = Q(kind=Notice._meta.label_lower, object_id=notice.pk)
    condition |= Q(kind=NoticeRevision._meta.label_lower, object_id__in=revisions)
    return Review.objects.filter(condition).with_people().order_by("-id")
