"""Every change of scenes, their revisions and their months, apart from the steps of their flows."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from disclosure.models import MonthState, RevisionState, Scene, SceneMonth, SceneRevision, SceneState
from disclosure.models.scene_months import NUMBERS
from disclosure.models.scene_questions import QUESTIONS
from disclosure.models.scenes import OPEN_REVISIONS, TEXT
from disclosure.scenes import candidates as c
from disclosure.scenes.conditions import OUT
from disclosure.scenes.flows import FLOW, MONTH, REVISION, WRITERS
from longsha_credit.audit.workflow import Refused
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import NOTHING, Upload
from longsha_credit.publication import drafts, registry
from longsha_credit.publication.drafts import still
from longsha_credit.publication.models import Chain
from longsha_credit.publication.registry import Kind

PURPOSE = "scene"
UNFINISHED = ["draft", "in_review"]


@transaction.atomic
def save_scene(scene: Scene, *, by: Any, upload: Upload = NOTHING, seen: str = "") -> Scene:
    """Store a new or changed draft. `seen` is the stamp of the version the writer started from.

    Raises Http404 outside the writer's organisations, Refused when it is no draft any more or a colleague
    saved first, files.checks.Unacceptable for a bad file.
    """
    drafts.prepare(scene, draft=SceneState.DRAFT, by=by, seen=seen, writers=WRITERS)
    return drafts.store(scene, by=by, upload=upload, purpose=PURPOSE, word="场景", roles=WRITERS)


@transaction.atomic
def save_revision(
    revision: SceneRevision, *, by: Any, upload: Upload = NOTHING, seen: str = ""
) -> SceneRevision:
    """Store a new or changed draft of a revision; the published version stands until it passes. Raises as save_scene."""
    drafts.prepare(revision, draft=RevisionState.DRAFT, by=by, seen=seen, writers=WRITERS)
    new = revision.pk is None
    if new:
        still(revision.of, (SceneState.PUBLISHED,))
        if revision.of.revisions.filter(state__in=OPEN_REVISIONS).exists():
            raise Refused("这个场景已有一份修改在办理，请先办完或作废那一份。", "state")
    stored = drafts.store(revision, by=by, upload=upload, purpose=PURPOSE, word="场景修订", roles=WRITERS)
    if new:
        stored.files.add(*(f for f in revision.of.files.all() if f.pk not in upload.removed))
    return stored


def new_revision(scene: Scene) -> SceneRevision:
    """An unsaved revision that starts from the text in force; the questions are asked anew."""
    text = {name: getattr(scene, name) for name in TEXT}
    unanswered = {question.column: None for question in QUESTIONS}
    return SceneRevision(of=scene, organisation=scene.organisation, **text | unanswered)


@transaction.atomic
def save_month(
    month: SceneMonth, *, by: Any, seen: str = "", today: datetime.date | None = None
) -> SceneMonth:
    """Store a new or changed draft of a month's numbers, or of a correction of them. Raises Http404, Refused."""
    drafts.prepare(month, draft=MonthState.DRAFT, by=by, seen=seen, writers=WRITERS)
    if month.pk is None:
        month.scene.refresh_from_db()
        still(month.scene, OUT)
        if month.corrects_id:
            _may_be_corrected(month.corrects)
        elif month.month not in open_months(month.scene, today or timezone.localdate()):
            raise Refused(
                f"{month.month:%Y年%-m月}不能填：还没有过完、不在场景进行的日子里，或者已经填过了。", "guard"
            )
    return drafts.store(month, by=by, upload=NOTHING, purpose=PURPOSE, word="月度数字", roles=WRITERS)


def _may_be_corrected(first: SceneMonth) -> None:
    still(first, (MonthState.PUBLISHED,))
    if first.corrections.filter(state__in=UNFINISHED).exists():
        raise Refused("这个月已有一份更正在办理，请先办完或作废那一份。", "state")


def new_month(scene: Scene) -> SceneMonth:
    """An unsaved report; the target is the one of the rules in force now."""
    return SceneMonth(scene=scene, organisation=scene.organisation, target=scene.monthly_target)


def new_correction(first: SceneMonth) -> SceneMonth:
    """An unsaved correction that starts from the numbers that stand."""
    numbers = {name: getattr(first, name) for name in NUMBERS}
    return SceneMonth(
        scene=first.scene, organisation=first.organisation, corrects=first, month=first.month, target=first.target, **numbers
    )  # fmt: skip


def open_months(scene: Scene, today: datetime.date) -> list[datetime.date]:
    """The months that are over, in which the scene went on and that nobody has reported yet, newest first."""
    if scene.publication is None:
        return []
    month, end = scene.first_day.replace(day=1), today.replace(day=1)
    if scene.last_day:
        end = min(end, next_month(scene.last_day))
    reported = set(
        scene.months.first_reports().exclude(state=MonthState.DISCARDED).values_list("month", flat=True)
    )
    found = []
    while month < end:
        if month not in reported:
            found.append(month)
        month = next_month(month)
    return found[::-1]


def next_month(day: datetime.date) -> datetime.date:
    """The first day of the month after."""
    return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)


def marks(references: list[str]) -> dict[str, list[tuple[str, str, str]]]:
    """What stands beside scenes wherever they are listed: not begun yet, suspended or over."""
    today = timezone.localdate()
    found = {}
    for scene in Scene.objects.public().filter(code__in=references):
        state, words = scene.standing(today)
        if state != "active":
            found[scene.code] = [(state, words, MARK_SHAPES[state])]
    return found


MARK_SHAPES = {"na": "na", "near": "near", "pending": "clock"}


def _desk_url(obj: Any) -> str:
    pk = getattr(obj, "of_id", None) or getattr(obj, "scene_id", None) or obj.pk
    return reverse("scenes:page", args=[pk])


def _page(code: str) -> str:
    return reverse("public_scenes:page", args=[code])


def _version_page(code: str, version: int) -> str:
    return reverse("public_scenes:version", args=[code, version])


def _save_month_alone(month: SceneMonth, *, by: Any, upload: Upload = NOTHING) -> SceneMonth:
    """For masking: a month has texts and no files of its own."""
    return save_month(month, by=by)


def register() -> None:
    """Tell the gate of the scenes and the files who may read them; called once when the app is ready."""
    files.readable(PURPOSE, lambda user: StoredFile.objects.visible_to(user))
    three, one = Chain.THREE, Chain.ONE
    pages: dict[str, Any] = {"page": _page, "version_page": _version_page, "reference_label": "编号"}
    for kind in (
        Kind(Scene, "scene", "信用+场景", three, c.candidate_of_scene, FLOW, c.LABELS, _desk_url, marks=marks, save=save_scene, **pages),
        Kind(SceneRevision, "scene", "信用+场景", three, c.candidate_of_revision, REVISION, c.LABELS, _desk_url, save=save_revision, **pages),
        Kind(SceneMonth, "scene_month", "场景数字", one, c.candidate_of_month, MONTH, c.MONTH_LABELS, _desk_url, save=_save_month_alone, read_with=("organisation", "scene")),
    ):  # fmt: skip
        registry.register(kind)


def reviews_condition(scene: Scene) -> Q:
    """Every review of a scene, its revisions and its months."""
    revisions = SceneRevision.objects.filter(of=scene).values("pk")
    months = SceneMonth.objects.filter(scene=scene).values("pk")
    return (
        Q(kind="disclosure.scene", object_id=scene.pk)
        | Q(kind="disclosure.scenerevision", object_id__in=revisions)
        | Q(kind="disclosure.scenemonth", object_id__in=months)
    )
