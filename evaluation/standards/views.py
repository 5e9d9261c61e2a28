"""Desk pages of sets of indicators: list, one set, its forms, two side by side, a draft tried out."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.flows import KEEPS_SETS, SET
from evaluation.models import Circumstance, Heading, IndicatorSet
from evaluation.services import copy_set
from evaluation.standards import reading, services
from evaluation.standards.forms import PART_FORMS, CopyForm, SetForm
from longsha_credit.audit import stepping
from longsha_credit.audit.history import timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import require_within


@require_safe
def set_list(request):
    rows = list(IndicatorSet.objects.visible_to(request.user).with_names().in_order())
    for row in rows:
        inside = request.user.role_at(SEES_WORK, row.organisation.path)
        row.url = reverse("standards:page" if inside else "public_standards:page", args=[row.pk])
    context = {"rows": rows}
    return render(request, "evaluation/standards/list.html", context)


def _set(request, pk):
    """A set as the district reads it; units read those in use on the public pages."""
    row = get_object_or_404(IndicatorSet.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, row.organisation, SEES_WORK)
    return row


def _kept(request, pk):
    """A set in a district where the reader keeps the sets; for all others there is no such address."""
    row = _set(request, pk)
    require_within(request.user, row.organisation, KEEPS_SETS)
    return row


def _draft(request, pk):
    """The draft, or where to go when it is one no more: (row, answer)."""
    row = _kept(request, pk)
    if row.is_draft or request.method == "POST":
        return row, None
    messages.error(request, f"现在是“{row.get_state_display()}”，不能再改。要改，请复制成新版。")
    return row, redirect("standards:page", pk)


def _sent(request):
    return request.POST if request.method == "POST" else None


@require_safe
def page(request, pk):
    row = _set(request, pk)
    parts = reading.parts_of(row)
    keeps = request.user.role_at(KEEPS_SETS, row.organisation.path) is not None
    context = {
        "set": row,
        "parts": parts,
        "shares": reading.shares(parts),
        "lines": reading.lines_of(row),
        "bonus": reading.bonus_of(row),
        "cap": reading.in_points(row.bonus_cap),
        "circumstances": Circumstance.objects.visible_to(request.user).filter(set=row).order_by("number"),
        "keeps": keeps,
        "edits": keeps and row.is_draft,
        "others": reading.others(row, request.user),
        "offers": SET.available(row, request.user, url=lambda s: reverse("standards:step", args=[pk, s])),
        "entries": timeline([row], limit=30),
    }
    return render(request, "evaluation/standards/page.html", context)


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    row, closed = _draft(request, pk)
    if closed:
        return closed
    form = SetForm(_sent(request), row=row)
    if form.is_bound and form.is_valid():
        try:
            services.save_set(row, by=request.user, seen=form.cleaned_data["seen"], **form.columns())
        except Refused as refusal:
            form.was_refused(refusal)
        else:
            messages.success(request, "已保存。")
            return redirect("standards:page", pk)
    context = {"set": row, "form": form}
    return render(request, "evaluation/standards/edit.html", context, status=422 if form.is_bound else 200)


def _kind(kind):
    if kind not in services.KINDS:
        raise Http404
    return services.KINDS[kind]


@require_http_methods(["GET", "POST"])
def add_part(request, pk, kind):
    model = _kind(kind)
    row, closed = _draft(request, pk)
    if closed:
        return closed
    more = {}
    if kind == "indicator":
        headings = Heading.objects.visible_to(request.user).filter(set=row)
        more["heading"] = headings.filter(pk=reading.number(request.GET.get("heading"))).first()
    form = PART_FORMS[kind](_sent(request), row=row, **more)
    return _write(request, row, kind, form, f"加一条{model._meta.verbose_name}")


@require_http_methods(["GET", "POST"])
def edit_part(request, pk, kind, part):
    model = _kind(kind)
    row, closed = _draft(request, pk)
    if closed:
        return closed
    one = get_object_or_404(model.objects.visible_to(request.user).filter(**{model.SET: row}), pk=part)
    form = PART_FORMS[kind](_sent(request), row=row, part=one)
    return _write(request, row, kind, form, f"修改{model._meta.verbose_name}", one)


def _write(request, row, kind, form, heading, part=None):
    if form.is_bound and form.is_valid():
        try:
            services.save_part(row, form.written(), by=request.user, seen=form.cleaned_data["seen"])
        except Refused as refusal:
            form.was_refused(refusal)
        else:
            messages.success(request, "已保存。启用以前，各条加起来要正好100分。")
            return redirect(f"{reverse('standards:page', args=[row.pk])}#parts")
    context = {"set": row, "form": form, "heading": heading, "kind": kind, "part": part}
    return render(request, "evaluation/standards/part.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove_part(request, pk, kind, part):
    model = _kind(kind)
    row = _kept(request, pk)
    one = get_object_or_404(model.objects.visible_to(request.user).filter(**{model.SET: row}), pk=part)
    try:
        services.remove_part(row, one, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已删去。")
    return redirect(f"{reverse('standards:page', args=[pk])}#parts")


@require_http_methods(["GET", "POST"])
def copy(request, pk):
    row = _kept(request, pk)
    form = CopyForm(_sent(request), row=row, user=request.user)
    if form.is_bound and form.is_valid():
        try:
            new = copy_set(row, to=form.cleaned_data["to"], by=request.user)
        except Refused as refusal:
            form.add_error("to", str(refusal))
        else:
            messages.success(request, f"{new}已建立，改好后由另一个人启用。")
            return redirect("standards:page", new.pk)
    context = {"set": row, "form": form}
    return render(request, "evaluation/standards/copy.html", context, status=422 if form.is_bound else 200)


@require_safe
def compare(request, pk):
    row = _set(request, pk)
    others = reading.others(row, request.user)
    other = next((o for o in others if str(o.pk) == request.GET.get("with")), None) or reading.nearest(
        row, others
    )
    context = {"set": row, "others": others, "other": other}
    if other:
        context["found"] = reading.compared(other, row)
    return render(request, "evaluation/standards/compare.html", context)


@require_safe
def try_out(request, pk):
    row = _kept(request, pk)
    snapshots = reading.snapshots(request.user)
    snapshot = next((s for s in snapshots if str(s.pk) == request.GET.get("snapshot")), None)
    context = {"set": row, "snapshots": snapshots, "snapshot": snapshot}
    if snapshot:
        context["found"] = reading.tried(row, snapshot, request.user)
    return render(request, "evaluation/standards/try.html", context)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    row = _kept(request, pk)
    back = reverse("standards:page", args=[pk])
    context = {"back": back, "others": reading.others(row, request.user)}
    return stepping.take(
        request, SET, row, step, template="evaluation/standards/step.html", back=back, context=context,
        follows="公开页面已经换成这一版。" if step == "put_in_force" else "",
    )  # fmt: skip
