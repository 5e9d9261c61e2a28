"""Taking a file in, looking at it again, bringing it in, and emptying what is no longer needed."""

import datetime
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404
from django.utils import timezone

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import jobs
from longsha_credit.exchange.imports import staging
from longsha_credit.exchange.imports.kinds import KINDS, ImportKind
from longsha_credit.exchange.models import AT_WORK, Import, Imported, Job, Stage
from longsha_credit.files import services as files
from longsha_credit.files.checks import LARGEST, MIB, Unacceptable
from longsha_credit.files.models import StoredFile

CHECK, BRING_IN = "check_import", "bring_in_import"
PURPOSE = "import"
KEPT = datetime.timedelta(days=14)  # how long the rows of a file stay after its last work


def register() -> None:
    """Tell who may read the files; called once when the app is ready."""
    files.readable(
        PURPOSE,
        lambda user: StoredFile.objects.filter(
            pk__in=Import.objects.visible_to(user).contents_for(user).values("file")
        ),
    )


@transaction.atomic
def begin(
    upload: Any,
    kind: ImportKind,
    *,
    organisation: Organisation,
    by: Any,
    given: Callable[[Any], dict[str, Any]] = lambda by: {},
) -> Import:
    """Keep the file with the unit and start looking through it; `given(by)` is what was asked beside it.

    Raises Http404, files.checks.Unacceptable.
    """
    require_within(by, organisation, kind.roles)
    ending = PurePath(str(upload.name)).suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise Unacceptable("请上传 xlsx 或 csv 文件。旧版的 xls、带宏的 xlsm 请用 Excel 或 WPS 另存为 xlsx。")
    if upload.size > LARGEST:
        raise Unacceptable(
            f"“{upload.name}”超过 {LARGEST // MIB} MB。请删去图片和不相干的表，或者拆成几个文件，每个不超过{kind.sheet().most_rows}行。"
        )
    file = files.store(upload, organisation=organisation, purpose=PURPOSE, by=by)
    more = given(by)
    import_ = Import.objects.create(kind=kind.key, organisation=organisation, file=file, by=by, given=more)
    return _look(import_, by)


@transaction.atomic
def recheck(import_: Import, *, by: Any) -> Import:
    """Read the file once more and look at it as things are now. Raises Http404, Refused."""
    import_ = _own(import_, by)
    if import_.made_at or import_.is_at_work:
        raise Refused(f"现在是“{import_.stage.label}”，不用重新检查。", "state")
    if import_.bring_job and import_.bring_job.state == "failed":
        import_.bring_job = None  # what it stumbled over is looked at anew
        import_.save(update_fields=["bring_job"])
    return _look(import_, by)


def _look(import_: Import, by: Any) -> Import:
    number = Job.objects.filter(kind=CHECK, key__startswith=f"import {import_.pk} ").count() + 1
    import_.check_job = jobs.start(
        CHECK, by=by, organisation=import_.organisation, title=f"检查{_title(import_)}",
        key=f"import {import_.pk} {number}", arguments={"import": import_.pk},
    )  # fmt: skip
    import_.save(update_fields=["check_job"])
    return import_


@transaction.atomic
def confirm(import_: Import, *, by: Any, skip: bool = False) -> Job:
    """Bring in what was found right; pressed twice it is the same job. `skip` leaves out the rows with faults.

    Raises Http404 for whoever did not bring the file, Refused.
    """
    import_ = _own(import_, by)
    stage, job = import_.stage, import_.bring_job
    if job and stage in (Stage.BRINGING, Stage.DONE):
        return job
    if stage not in (Stage.READY, Stage.FAULTY):
        raise Refused(f"现在是“{stage.label}”，不能导入。", "state")
    if import_.faulty and not skip:
        raise Refused(f"还有{import_.faulty}行要改。改好以后重新上传，或者选“跳过有错的行”。", "guard")
    if not import_.good:
        raise Refused("没有一行可以导入。请改好以后重新上传。", "guard")
    number = Job.objects.filter(kind=BRING_IN, key__startswith=f"import {import_.pk} ").count() + 1
    import_.bring_job = jobs.start(
        BRING_IN, by=by, organisation=import_.organisation, title=f"导入{_title(import_)}",
        key=f"import {import_.pk} {number}", arguments={"import": import_.pk},
    )  # fmt: skip
    import_.skips_faulty = bool(import_.faulty)
    import_.save(update_fields=["bring_job", "skips_faulty"])
    return import_.bring_job


def _title(import_: Import) -> str:
    return f"{KINDS[import_.kind].label}：{import_.file.name}"


def _own(import_: Import, by: Any) -> Import:
    """The row, locked, for who brought it in and still may. Raises Http404."""
    locked = Import.objects.select_for_update(of=("self",)).with_names().get(pk=import_.pk)
    if locked.by_id != by.pk or locked.kind not in KINDS:
        raise Http404
    require_within(by, locked.organisation, KINDS[locked.kind].roles)
    return locked


def earlier(import_: Import, user: Any) -> Import | None:
    """The last time the very same file was brought in, as far as `user` sees."""
    rows = Import.objects.visible_to(user).with_names().brought_in()
    same = Q(kind=import_.kind, file__sha256=import_.file.sha256)
    return rows.filter(same, pk__lt=import_.pk).order_by("-pk").first()


def asked(query: Any) -> str:
    """The number of the import whose rows an address asks for with ?import=, as text; "" where it asks for none."""
    text = query.get("import", "")
    return text if text.isascii() and text.isdigit() and len(text) < 10 else ""


def only(rows: Any, kinds: str | tuple[str, ...], query: Any, user: Any) -> Any:
    """`rows`, or of them those that the import, of one of these kinds, made which the address asks for."""
    if not (number := asked(query)):
        return rows
    seen = Import.objects.visible_to(user).filter(
        pk=int(number), kind__in=[kinds] if isinstance(kinds, str) else kinds
    )
    return rows.filter(pk__in=Imported.objects.filter(of__in=seen).values("object_id"))


def note_export(user: Any, what: Any, *, number: int, query: str) -> None:
    """Whoever takes rows out of the portal, of a kind of table or of a list, leaves an entry with its label."""
    place = user.current_memberships[0].organisation if user.current_memberships else None
    record(
        user,
        step="export",
        label=f"导出{what.label}",
        by=user,
        organisation=place,
        reason=f"{number}条 {query[:900]}",
    )


def emptied_on(import_: Import) -> datetime.date | None:
    """The day after which the rows are gone, where they are there."""
    ended = [job.ended_at for job in (import_.check_job, import_.bring_job) if job and job.ended_at]
    return timezone.localdate(max(ended) + KEPT) if ended and not import_.emptied_at else None


def empty_old(*, now: datetime.datetime) -> int:
    """Empty the staged rows of imports nobody has been at for two weeks; gives how many. The files stay."""
    last = Greatest("check_job__ended_at", Coalesce("bring_job__ended_at", "check_job__ended_at"))
    rows = Import.objects.filter(emptied_at=None).annotate(last=last).filter(last__lt=now - KEPT)
    idle = rows.exclude(check_job__state__in=AT_WORK).exclude(bring_job__state__in=AT_WORK)
    number = 0
    for import_ in Import.objects.filter(pk__in=[row.pk for row in idle]):
        with transaction.atomic():
            staging.empty(import_)
            number += Import.objects.filter(pk=import_.pk, emptied_at=None).update(emptied_at=now)
    return number
