"""Every change of a record, its catalogue and what is asked about it, apart from the steps of their flows."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Posting
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import require_within
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import NOTHING, Upload
from longsha_credit.publication import registry
from longsha_credit.publication.drafts import still
from longsha_credit.publication.models import Chain
from longsha_credit.publication.reasons import fit_for_the_log
from longsha_credit.publication.registry import Kind
from records import candidates, clocks, conditions
from records.flows import FLOW, NOTICE
from records.models import (
    FILERS,
    CatalogueItem,
    Finality,
    Notice,
    Objection,
    Record,
    RecordState,
    Repair,
)
from records.reference import CATALOGUE

PURPOSE = "record"
KEEPERS = frozenset({Role.OFFICE})
EDITABLE = (RecordState.DRAFT, RecordState.RETURNED)
CHUNK = 200


@transaction.atomic
def save_draft(it: Record, *, by: Any, upload: Upload = NOTHING, seen: str = "") -> Record:
    """Store a new or changed draft; what the catalogue item decides is copied to it.

    Raises Http404 outside the writer's units, Refused when it is no draft any more or a colleague saved first,
    files.checks.Unacceptable for a bad file.
    """
    require_within(by, it.organisation, FILERS)
    new = it.pk is None
    if new:
        it.created_by = by
        _may_correct(it)
    else:
        still(it, EDITABLE, seen)
    _copy_item(it)
    it.save()
    if new and it.corrects:
        it.files.add(*[f for f in it.corrects.files.all() if f.pk not in upload.removed])
    files.attach(it, upload, purpose=PURPOSE, by=by)
    record(it, step="draft", label="新建记录草稿" if new else "修改记录草稿", by=by, roles=FILERS)
    return it


def _may_correct(it: Record) -> None:
    """One correction of a version at a time; a discarded one makes room."""
    if it.corrects_id is None:
        return
    old = Record.objects.select_for_update(of=("self",)).get(pk=it.corrects_id)
    if old.state not in (RecordState.CONFIRMED, RecordState.EFFECTIVE):
        raise Refused(f"这一版现在是“{old.get_state_display()}”，不能更正。", "state")
    if Record.objects.filter(corrects=old).exclude(state=RecordState.DISCARDED).exists():
        raise Refused("这条记录已有一份更正在办理，请接着办那一份。", "state")
    if it.organisation_id != old.organisation_id or it.official_id != old.official_id:
        raise Refused("更正不能换主体；记错了主体的，请撤销这条记录后重新填报。", "guard")


def _copy_item(it: Record) -> None:
    item = it.item
    it.disclosure, it.effect_max_months = item.disclosure, item.effect_months
    it.repairable, it.repair_min_months = item.repairable, item.repair_min_months
    it.subject_kind = "official" if it.official_id else it.organisation.level
    it.subject_name = it.official.name if it.official else it.organisation.name
    if it.subject_kind not in item.subjects:
        raise Refused(f"“{item.title}”只适用于{item.subject_names}，请重新选择事项或主体。", "guard")
    if it.finality == Finality.FINAL:
        it.next_check_on = None


def new_correction(old: Record) -> Record:
    """An unsaved next version that starts from the one in force; its item is the one in use now, where there is one."""
    same = {name: getattr(old, name) for name in conditions.CORRECTABLE}
    now = CatalogueItem.objects.in_use().filter(code=old.item.code).first()
    return Record(
        **same | {"item": now or old.item},
        corrects=old,
        version=old.version + 1,
        organisation=old.organisation,
        official=old.official,
    )


def is_subject(user: Any, it: Record) -> bool:
    """Whether `user` speaks for the subject: the unit's lead, the official, the one who holds the post now."""
    if it.official_id:
        return user.official_id == it.official_id
    if it.is_about_a_person:
        held = Posting.objects.current().filter(post=it.organisation_id, official=user.official_id)
        return user.official_id is not None and held.exists()
    return user.role_at(frozenset({Role.LEAD}), it.organisation.path) is not None


@transaction.atomic
def object_to(
    it: Record, *, by: Any, today: datetime.date, wanted: str, reason: str, upload: Upload = NOTHING
) -> Objection:
    """The subject's objection; from now on the record is marked wherever it shows. Raises Http404, Refused, Unacceptable."""
    it = _locked(it)
    if not is_subject(by, it):
        raise Http404
    if refusal := conditions.objection_refusal(it, today):
        raise Refused(refusal, "state")
    objection = Objection.objects.create(
        record=it,
        organisation=it.organisation,
        number=conditions.letter_number(Objection, "异议", today.year),
        wanted=wanted,
        reason=reason,
        filed_by=by,
        filed_on=today,
    )
    files.attach(objection, upload, purpose=PURPOSE, by=by, allowed=True)
    clocks.objected(objection, today=today)
    record(objection, step="file", label="提出异议", by=by, roles=SUBJECT_ROLES)
    return objection


SUBJECT_ROLES = frozenset({Role.LEAD, Role.OFFICIAL})


@transaction.atomic
def ask_repair(
    it: Record, *, by: Any, today: datetime.date, reason: str, letter: Any, upload: Upload
) -> Repair:
    """The subject's request for repair with its letter of commitment and its proof. Raises as object_to."""
    it = _locked(it)
    if not is_subject(by, it):
        raise Http404
    if refusal := conditions.repair_refusal(it, today):
        raise Refused(refusal, "state")
    if not upload.added:
        raise Refused("请上传履行完毕的证明。", "guard")
    repair = Repair.objects.create(
        record=it,
        organisation=it.organisation,
        number=conditions.letter_number(Repair, "修复", today.year),
        reason=reason,
        filed_by=by,
        filed_on=today,
        letter=files.store(letter, organisation=it.organisation, purpose=PURPOSE, by=by, allowed=True),
    )
    files.attach(repair, upload, purpose=PURPOSE, by=by, allowed=True)
    clocks.asked_for_repair(repair, today=today)
    record(repair, step="file", label="申请信用修复", by=by, roles=SUBJECT_ROLES)
    return repair


def _locked(it: Record) -> Record:
    return Record.objects.select_for_update(of=("self",)).select_related("organisation", "item").get(pk=it.pk)


def open_record(user: Any, pk: int) -> Record:
    """The record, when `user` may read it; reading a person's is an entry, and so is being refused. Raises Http404."""
    found = Record.objects.visible_to(user).with_names().marked().filter(pk=pk).first()
    if found is None:
        hidden = Record.objects.filter(pk=pk, subject_kind__in=["post", "official"]).first()
        if hidden:
            record(hidden, step="refused", label="查阅被拒绝", by=user)
        raise Http404
    if found.is_about_a_person:
        record(found, step="read", label="查阅", by=user)
    return found


def reveal(it: Record, *, by: Any, reason: str) -> str:
    """The name of the person a record is about, for a reason that stands in an entry. Raises Refused without one."""
    if not it.is_about_a_person:
        raise Refused("这条记录的主体是单位，名称没有隐去。", "guard")
    if not reason.strip():
        raise Refused("请写明为什么要看姓名。", "reason")
    record(it, step="reveal", label="查看姓名", by=by, reason=reason.strip())
    if it.official:
        return it.official.name
    held = Posting.objects.filter(post=it.organisation).select_related("official")
    if it.decided_on:
        held = held.filter(started_on__lte=it.decided_on).exclude(ended_on__lt=it.decided_on)
    posting = held.order_by("-started_on").first()
    return posting.official.name if posting else "当时没有登记任职"


def decided_request(user: Any, model: Any, pk: int) -> Any:
    """A decided objection or repair, for its applicant and for those who read the record. Raises Http404."""
    seen = Q(filed_by=user.pk) | Q(pk__in=model.objects.visible_to(user).values("pk"))
    found = model.objects.decided().with_names().filter(seen, pk=pk).first()
    if found is None:
        raise Http404
    if found.record.is_about_a_person:
        record(found.record, step="read", label="查阅告知书", by=user)
    return found


def note_export(user: Any, *, number: int, query: str) -> None:
    """Whoever takes rows out of the portal leaves an entry."""
    place = user.current_memberships[0].organisation if user.current_memberships else None
    record(
        user, step="export", label="导出诚信记录", by=user, organisation=place, reason=f"{number}条 {query}"
    )


@transaction.atomic
def save_item(item: CatalogueItem, *, by: Any) -> CatalogueItem:
    """Store an edited item as its next version, or a new one as its first; records keep the version they have.

    Raises Http404 for who does not keep the catalogue, Refused when nothing changed or a colleague was faster.
    """
    if not by.holds(*KEEPERS):
        raise Http404
    last = CatalogueItem.objects.select_for_update().filter(code=item.code).order_by("-version").first()
    if item.version and last and item.pk and last.pk != item.pk:
        raise Refused("这个事项刚刚被他人修改，请刷新后再改。", "seen")
    if last and all(getattr(last, name) == getattr(item, name) for name in ITEM_COLUMNS):
        raise Refused("没有改动。", "guard")
    fit_for_the_log(
        item.change_reason, *(str(getattr(item, name) or "") for name in ITEM_COLUMNS), what="填写的内容"
    )
    item.pk, item._state.adding, item.changed_by = None, True, by
    item.version = last.version + 1 if last else 1
    item.save()
    place = next(m.organisation for m in by.current_memberships if m.role in KEEPERS)
    label = "修改清单事项" if last else "新增清单事项"
    record(
        item,
        step="catalogue",
        label=label,
        by=by,
        roles=KEEPERS,
        reason=item.change_reason,
        organisation=place,
    )
    return item


ITEM_COLUMNS = [
    field.name
    for field in CatalogueItem._meta.concrete_fields
    if field.name not in ("id", "version", "change_reason", "changed_by", "saved_at")
]


@transaction.atomic
def load_catalogue() -> int:
    """Store the items of reference.py; a changed row as the next version, except where the office edited the item."""
    last = {item.code: item for item in CatalogueItem.objects.newest()}
    for row in CATALOGUE:
        item = last.get(row["code"])
        if item is None or (
            item.changed_by_id is None and any(getattr(item, k) != v for k, v in row.items())
        ):
            CatalogueItem.objects.create(**row, version=item.version + 1 if item else 1)
    return len(CATALOGUE)


def run_nightly(*, today: datetime.date) -> dict[str, int]:
    """What the days bring: records take effect and expire, and each in effect is held against the guard again.

    Safe to run late, twice or beside itself; gives how many took effect, expired, and no longer hold.
    """
    due = Record.objects.filter(
        state=RecordState.CONFIRMED, finality=Finality.FINAL, effective_from__lte=today
    )
    over = Record.objects.filter(state=RecordState.EFFECTIVE, effective_until__lt=today)
    return {
        "effective": sum(_take_quietly(it, "take_effect", today) for it in due),
        "expired": sum(_take_quietly(it, "expire", today) for it in over),
        "unsound": _check_again(today),
    }


def _take_quietly(it: Record, step: str, today: datetime.date) -> bool:
    try:
        FLOW.take(it, step, by=None, today=today)
    except Refused:
        return False  # someone was faster
    return True


def _check_again(today: datetime.date) -> int:
    """Write beside each record in effect what it lacks now; unchanged rows are left alone."""
    unsound = 0
    for it in Record.objects.in_effect().select_related("item", "organisation").iterator(CHUNK):
        problems = "".join(conditions.holds(it, today))
        unsound += bool(problems)
        if problems != it.unsound:
            Record.objects.filter(pk=it.pk, state=it.state).update(unsound=problems)
    return unsound


def readable_files(user: Any) -> Any:
    """Files of the records a user may read, and of what was asked about them."""
    seen = Record.objects.visible_to(user)
    return StoredFile.objects.filter(
        Q(pk__in=seen.values("files"))
        | Q(pk__in=Objection.objects.filter(record__in=seen).values("files"))
        | Q(pk__in=Repair.objects.filter(record__in=seen).values("files"))
        | Q(pk__in=Repair.objects.filter(record__in=seen).values("letter"))
    )


def _desk_url(notice: Notice) -> str:
    return reverse("records:page", args=[notice.record_id])


def _page(number: str) -> str:
    return reverse("public_records:page", args=[number])


def _version_page(number: str, version: int) -> str:
    return reverse("public_records:version", args=[number, version])


def register() -> None:
    """Tell the gate of the notice and the files who may read them; called once when the app is ready."""
    files.readable(PURPOSE, readable_files)
    registry.register(
        Kind(
            Notice, "record", "诚信记录", Chain.THREE, candidates.candidate_of_notice, NOTICE, candidates.LABELS,
            _desk_url, candidates.marks_of, page=_page, version_page=_version_page, reference_label="编号",
        )
    )  # fmt: skip
