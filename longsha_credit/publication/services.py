"""What people do about findings: mask them in a draft, or say why one may become public all the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from longsha_credit.audit.workflow import Refused, Step, record
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import MaskedCopy, Upload
from longsha_credit.publication import gate, personal, scanning
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.masking import Unmaskable, masked_copy
from longsha_credit.publication.models import FileScan, Justification, Review
from longsha_credit.publication.models.reviews import OPEN_STATES
from longsha_credit.publication.registry import Candidate, Kind
from longsha_credit.web import richtext

LONGEST_REASON = 500
BESIDE_FIELDS = ("title", "reason")


# --- at the gate -----------------------------------------------------------------------------------------------------


def justifier_refusal(review: Review, by: Any) -> Refused | None:
    """Why `by` is not the one who may justify now, or None: it is who may take the passing step but for findings."""
    step = passing_step(review)
    if step is None:
        return Refused(f"现在是“{review.get_state_display()}”，不能再写说明。", "state")
    refusal = GATE.refusal(review, step, by)
    return refusal if refusal and refusal.code != "guard" else None


def passing_step(review: Review) -> Step | None:
    """The step that the review waits for."""
    waiting = (
        step for step in GATE.steps.values() if review.state in step.from_ and step.button and not step.reason
    )
    return next(waiting, None)


@transaction.atomic
def justify(review: Review, keys: Iterable[str], *, reason: str, by: Any) -> int:
    """Write for each of these findings why it may become public; gives how many. Raises Refused."""
    now = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if refusal := justifier_refusal(now, by):
        raise refusal
    wanted, reason = set(keys), personal.mask(reason.strip())[:LONGEST_REASON]
    chosen = [found for found in gate.unanswered(now) if found.key in wanted] if now.findings else []
    if not chosen:
        raise Refused("请先勾选要说明的几处；已经说明过的不用再写。", "guard")
    if not reason:
        raise Refused("请写明为什么可以公开，或怎样看过的。", "reason")
    Justification.objects.bulk_create(
        Justification(review=now, key=found.key, reason=reason, by=by) for found in chosen
    )
    step = passing_step(now)
    label = "说明查出的可以公开"
    record(
        now,
        step="justify",
        label=label,
        by=by,
        roles=step.roles if step else (),
        reason=f"{len(chosen)}处：{reason}",
    )
    return len(chosen)


def warning_about(obj: Any) -> str:
    """What who has just sent something to the gate is told of its findings; "" where there are none."""
    review = Review.objects.of(obj).filter(state__in=OPEN_STATES).first()
    number = len(review.findings or []) if review else 0
    if not number:
        return ""
    return f"提交的内容里查出 {number} 处个人信息或看不了的附件，没有打码。审查人会逐处看，可能退回；想自己先处理，可以撤回以后看“公开前自查”。"


# --- in a draft ------------------------------------------------------------------------------------------------------


@dataclass
class Masked:
    """What was changed in a draft, and what could not be, each in words."""

    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def mask_refusal(kind: Kind, obj: Any, by: Any) -> Refused | None:
    """Why `by` does not mask this here, or None: it is who may submit it."""
    if kind.save is None:
        return Refused("这份内容是从别处生成的，不能在这里打码。请在它的来处修改或更正。", "guard")
    refusal = kind.flow.refusal(obj, kind.flow.steps["submit"], by)
    return refusal if refusal and refusal.code != "guard" else None


@transaction.atomic
def mask_draft(kind: Kind, obj: Any, *, by: Any, texts: Iterable[str], files: Iterable[int]) -> Masked:
    """Mask these of the draft's own texts, and put a masked copy in the place of each of these files that has finds.

    The originals stay, private. Raises Refused when nothing could be masked, and whatever the kind's own saving raises.
    """
    row = kind.model._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
    refusal = mask_refusal(kind, row, by)
    if refusal or kind.save is None:
        raise refusal or Refused("这份内容不能在这里打码。", "guard")
    candidate, wanted, did = kind.candidate(row), set(files), Masked()
    did.done = _mask_texts(kind, row, candidate, frozenset(texts))
    copies = _copies([file for file in candidate.files if file.pk in wanted], did)
    if not did.done:
        raise Refused("".join(did.left) or "没有能在这里打码的内容。", "guard")
    upload = Upload(added=tuple(copies), removed=frozenset(copy.made_from.pk for copy in copies))
    kind.save(row, by=by, upload=upload)
    _keep_scans(copies)
    record(row, step="mask", label="个人信息打码", by=by, reason="、".join(did.done))
    return did


def own_texts(row: Any, candidate: Candidate) -> dict[str, Any]:
    """The columns of a draft that would be shown as they were written, by name."""
    return {
        column.name: column
        for column in row._meta.concrete_fields
        if (column.name in candidate.fields or column.name in BESIDE_FIELDS)
        and isinstance(column, models.CharField | models.TextField)
        and not column.choices
    }


def _mask_texts(kind: Kind, row: Any, candidate: Candidate, names: frozenset[str]) -> list[str]:
    """Write the masked text into those of these columns that have finds; gives the columns' names in words."""
    changed = []
    for name, column in own_texts(row, candidate).items():
        before = getattr(row, name) or ""
        if name not in names or not before:
            continue
        after = richtext.rewrite(before, personal.mask) if name in kind.rich else personal.mask(before)
        if after != before:
            setattr(row, name, after)
            changed.append(str(column.verbose_name))
    return changed


def _copies(files: list[StoredFile], did: Masked) -> list[MaskedCopy]:
    copies = []
    for file in files:
        if not scanning.scan_of(file).hits and not personal.find(file.name):
            continue
        try:
            copies.append(masked_copy(file))
        except Unmaskable as problem:
            did.left.append(str(problem))
        else:
            did.done.append(f"附件“{personal.mask(file.name)}”")
    return copies


def _keep_scans(copies: list[MaskedCopy]) -> None:
    """The copies were read when they were made; pages that became pictures were legible before."""
    for copy in copies:
        made = copy.made_from.copies.order_by("-id")[0]
        unread = FileScan.objects.filter(file=copy.made_from, version=scanning.VERSION).values_list(
            "unread", flat=True
        )
        scanning.keep(made, [], next(iter(unread), []))
