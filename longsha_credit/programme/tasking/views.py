"""Desk pages of tasks: the list, the board, one task with its notes, owner, evidence and steps."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longsha_credit.audit import stepping
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import sheets
from longsha_credit.files.checks import Unacceptable
from longsha_credit.programme.models import NoteKind, Task, TaskEvidence
from longsha_credit.programme.tasking import board, lists, reading, services, sheet
from longsha_credit.programme.tasking.flows import FLOW, KEEPS_TASKS, LEADS, WRITERS
from longsha_credit.programme.tasking.forms import FilterForm, NoteForm, OwnerForm, StepForm, UploadForm
from longsha_credit.web.pages import page_of

TOO_MANY = f"一次最多导出{sheets.MOST}条，格式是 csv 或 xlsx，请先缩小范围再导出。"
UNITS_ON_A_PAGE = 50
FILTERS = ("q", "unit", "stage", "main", "level", "job", "standard")


def _year(request):
    """(the years in reach, the one asked for or the present one); none where there is no year."""
    years = lists.years_of(request.user)
    return years, lists.year_asked(years, request.GET.get("year", ""), timezone.localdate())


def _asked(request, year):
    """The tasks of the year in the reader's scope that the address asks for."""
    rows = Task.objects.visible_to(request.user).filter(year=year)
    return lists.narrowed(rows, request.GET, request.user)


@require_safe
def task_list(request):
    today, user = timezone.localdate(), request.user
    years, year = _year(request)
    rows = _asked(request, year)
    views = lists.views(rows, request.GET, user, today)
    units = lists.units_of(user)
    context = {
        "years": years,
        "year": year,
        "views": views,
        "page": page_of(request, lists.of_view(rows, request.GET, user, today).with_names()),
        "form": FilterForm(request.GET, units=units),
        "narrowed": any(request.GET.get(name) for name in FILTERS),
        "leads": user.holds(*LEADS),
        "keeps": user.holds(*KEEPS_TASKS),
        "sees_work": user.holds(*SEES_WORK),
        "today": today,
    }
    return render(request, "programme/tasking/list.html", context)


@require_safe
def export(request):
    """The tasks that the filters leave, as CSV or XLSX; too many are sent back to be narrowed."""
    user, kind, today = request.user, request.GET.get("format", "csv"), timezone.localdate()
    if not user.holds(*SEES_WORK):
        raise Http404
    _, year = _year(request)
    rows = list(
        lists.of_view(_asked(request, year), request.GET, user, today).with_names()[: sheets.MOST + 1]
    )
    if len(rows) > sheets.MOST or kind not in sheets.KINDS:
        messages.error(request, TOO_MANY)
        return redirect("tasks:list")
    services.note_export(user, what="任务", number=len(rows), query=request.GET.urlencode())
    lines = sheet.lines(rows, today)
    return sheets.download(kind, "任务", sheet.COLUMNS, lines, user=user, number=len(rows))


def _board(request):
    """(year, unit, board) that the address asks for: the whole reach of the reader where it names no unit."""
    _, year = _year(request)
    unit = lists.unit_asked(request.user, request.GET.get("unit", "")) or lists.own_unit(request.user)
    if unit is None:
        raise Http404
    by = "main" if request.GET.get("by") == "main" else "stage"
    units = lists.everybody_in_reach(request.user)
    tasks = board.tasks_of(year, request.user)
    return year, unit, by, board.board_of(unit, tasks, units, by=by, today=timezone.localdate())


@require_safe
def progress(request):
    """The board: how far each unit is, by stage or by main task."""
    if not request.user.holds(*SEES_WORK):
        raise Http404
    year, unit, by, found = _board(request)
    context = {
        "years": lists.years_of(request.user),
        "year": year,
        "unit": unit,
        "by": by,
        "board": found,
        "page": page_of(request, found.lines, UNITS_ON_A_PAGE),
        "above": unit.parent
        if unit.parent_id and lists.unit_asked(request.user, str(unit.parent_id))
        else None,
        "today": timezone.localdate(),
    }
    return render(request, "programme/tasking/board.html", context)


@require_safe
def board_export(request):
    user, kind = request.user, request.GET.get("format", "csv")
    if not user.holds(*SEES_WORK):
        raise Http404
    if kind not in sheets.KINDS:
        messages.error(request, TOO_MANY)
        return redirect("tasks:board")
    _, unit, _, found = _board(request)
    lines = list(sheet.board_lines(found))
    services.note_export(user, what="任务进度", number=len(lines), query=request.GET.urlencode())
    columns = sheet.board_columns(found)
    return sheets.download(kind, f"任务进度{unit.name}", columns, lines, user=user, number=len(lines))


def _task(request, pk, roles=SEES_WORK):
    """A task in the reader's scope in whose unit the reader holds one of `roles`; for all others 404."""
    task = get_object_or_404(Task.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, task.organisation, roles)
    return task


@require_safe
def page(request, pk):
    task = _task(request, pk)
    context = reading.page_context(task, request.user, timezone.localdate())
    return render(request, "programme/tasking/page.html", context)


@require_http_methods(["GET", "POST"])
def note(request, pk, kind):
    if kind not in NoteKind.values:
        raise Http404
    task = _task(request, pk, WRITERS)
    form = NoteForm(_sent(request), kind=kind)
    if request.method == "POST" and form.is_valid():
        text, today = form.cleaned_data["text"], timezone.localdate()
        if _did(request, form, services.add_note, task, kind=kind, text=text, by=request.user, today=today):
            messages.success(request, f"{NoteKind(kind).label}已记下。")
            return redirect("tasks:page", pk)
    context = {"task": task, "form": form, "heading": f"写{NoteKind(kind).label}", "keep": kind}
    return _form(request, context)


@require_http_methods(["GET", "POST"])
def owner(request, pk):
    task = _task(request, pk, LEADS)
    chosen = (
        task.owner_id and f"person-{task.owner_id}" or task.owner_post_id and f"post-{task.owner_post_id}"
    )
    choices = reading.owners_of(task.organisation)
    form = OwnerForm(_sent(request), choices=choices, initial={"owner": chosen or ""})
    if request.method == "POST" and form.is_valid():
        given = reading.owner_chosen(form.cleaned_data["owner"])
        if _did(
            request, form, services.set_owner, task, by=request.user, today=timezone.localdate(), **given
        ):
            messages.success(request, "责任人已定。")
            return redirect("tasks:page", pk)
    return _form(request, {"task": task, "form": form, "heading": "定责任人", "keep": "owner"})


def _did(request, form, service, *args, **given):
    """Whether the service did it; what it refuses stands above the input."""
    try:
        service(*args, **given)
    except (Refused, Unacceptable) as refusal:
        form.add_error("uploads" if isinstance(refusal, Unacceptable) else None, str(refusal))
        return False
    return True


def _form(request, context):
    status = 422 if request.method == "POST" else 200
    return render(request, "programme/tasking/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def evidence(request, pk):
    """Look among what the unit has already and pick; uploading is for what the portal does not have."""
    task, today = _task(request, pk, WRITERS), timezone.localdate()
    form = UploadForm(_sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _picked(request, form, task, today):
        return redirect("tasks:evidence", pk)
    text = request.GET.get("q", "").strip().replace("\x00", "")[:100]
    context = {
        "task": task,
        "q": text,
        "form": form,
        "picked": reading.evidence_of(task),
        **reading.offered(task, request.user, text),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "programme/tasking/evidence.html", context, status=status)


def _picked(request, form, task, today):
    """Whether what was sent went in: what was picked by its button, or the files that were uploaded."""
    kind, _, number = request.POST.get("pick", "").partition("-")
    if kind:
        thing = reading.chosen(task, request.user, kind, lists.number_in(number) or 0)
        done = _did(request, form, services.pick_evidence, task, by=request.user, today=today, **thing)
    elif form.cleaned_data.get("uploads"):
        upload = form.upload()
        done = _did(
            request, form, services.upload_evidence, task, upload=upload, by=request.user, today=today
        )
    else:
        form.add_error("uploads", "请选一个文件，或者在上面选一件已有的。")
        done = False
    if done:
        messages.success(request, "佐证已加上。")
    return done


@require_POST
def drop_evidence(request, pk, row):
    task = _task(request, pk, WRITERS)
    found = get_object_or_404(TaskEvidence.objects.visible_to(request.user).filter(task=task), pk=row)
    try:
        services.drop_evidence(found, by=request.user, today=timezone.localdate())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已取下，东西还在原来的地方。")
    return redirect("tasks:page", pk)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    task = _task(request, pk)
    follows = {
        "report": f"接下来由{task.organisation.parent or task.organisation}认定。",
        "send_back": "单位五个工作日内重报。",
    }
    return stepping.take(
        request,
        FLOW,
        task,
        step,
        template="programme/tasking/step.html",
        back=reverse("tasks:page", args=[pk]),
        form_class=StepForm,
        follows=follows.get(step, ""),
    )


def _sent(request):
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "POST"])
def owners(request):
    """One owner for several tasks of one unit, ticked in the list."""
    picked = request.POST if request.method == "POST" else request.GET
    numbers = [number for text in picked.getlist("task")[:200] if (number := lists.number_in(text))]
    tasks = list(Task.objects.visible_to(request.user).with_names().filter(pk__in=numbers))
    units = {task.organisation for task in tasks}
    if len(units) != 1:
        messages.error(request, "请在列表里勾选同一个单位的任务，再定责任人。")
        return redirect("tasks:list")
    require_within(request.user, tasks[0].organisation, LEADS)
    form = OwnerForm(_sent(request), choices=reading.owners_of(tasks[0].organisation))
    if request.method == "POST" and form.is_valid():
        given = reading.owner_chosen(form.cleaned_data["owner"])
        if _did(
            request, form, services.set_owners, tasks, by=request.user, today=timezone.localdate(), **given
        ):
            messages.success(request, f"{len(tasks)}件任务的责任人已定。")
            return redirect("tasks:list")
    context = {"form": form, "tasks": tasks, "heading": f"给{len(tasks)}件任务定责任人"}
    return render(request, "programme/tasking/owners.html", context, status=422 if form.is_bound else 200)
