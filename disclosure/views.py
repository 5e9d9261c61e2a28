"""Desk pages of notices: list, one notice with its next steps, its forms."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from disclosure import candidates, lists, services
from disclosure.flows import FLOW, REVISION, WRITERS
from disclosure.forms import NoticeForm, RevisionForm
from disclosure.models import DisclosedState, Notice, NoticeKind, NoticeRevision, RevisionState
from longsha_credit.audit import stepping
from longsha_credit.audit.history import changes, timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange.imports import services as imports
from longsha_credit.files.checks import Unacceptable
from longsha_credit.publication.drafts import explain, stamp_of
from longsha_credit.publication.forms import TakingDownForm
from longsha_credit.publication.gate import pointed_out
from longsha_credit.publication.services import warning_about
from longsha_credit.publication.sheet import flagged_words
from longsha_credit.web import richtext
from longsha_credit.web.pages import page_of

UNTOLD = frozenset({"state", "created_at", "saved_at", "body", "publication", "version", "code", "source"})


@require_safe
def notice_list(request):
    rows = Notice.objects.visible_to(request.user).with_names()
    found = lists.filtered(rows, request.GET, request.user)
    context = {
        "page": page_of(request, found),
        "views": lists.views(rows, request.GET, request.user),
        "q": request.GET.get("q", ""),
        "kind": request.GET.get("kind", ""),
        "kinds": NoticeKind.choices,
        "can_write": request.user.holds(*WRITERS),
        "of_import": imports.asked(request.GET),
    }
    return render(request, "disclosure/list.html", context)


@require_safe
def page(request, pk):
    notice = get_object_or_404(Notice.objects.visible_to(request.user).with_names().with_standing(), pk=pk)
    user = request.user
    revisions, reviews = lists.revisions_of(notice, user), lists.reviews_of(notice, user)
    can_write = user.role_at(WRITERS, notice.organisation.path) is not None
    context = {
        "notice": notice,
        "text": _as_shown(notice, notice),
        "offers": FLOW.available(notice, user, url=_step_url("disclosure:step", notice)),
        "can_write": can_write,
        "can_change": can_write and notice.state == DisclosedState.PUBLISHED,
        "has_open_revision": any(r.state in ("draft", "in_review") for r in revisions),
        "revisions": [_with_offers(revision, notice, user) for revision in revisions],
        "clocks": lists.clocks_of(notice, user),
        "reviews": reviews,
        "entries": timeline([notice, *revisions, *reviews]),
        "returned": pointed_out(notice),
        "changes": changes(notice, skip=UNTOLD),
        "source_url": reverse("file", args=[notice.source_id]) if notice.source_id else "",
    }
    return render(request, "disclosure/page.html", context)


def _as_shown(row, notice):
    """A text as readers will see it: its facts by name, the body with its pictures, the attachments."""
    fields = candidates.fields_of(notice, row)
    labels = {name: label for name, label in candidates.labels_for(fields).items() if name != "body"}
    return {
        "title": row.title,
        "facts": [(label, fields[name]) for name, label in labels.items() if fields[name]],
        "body": richtext.render(row.body, services.pictures_of(row)),
        "files": lists.desk_files(row),
    }


def _step_url(name, obj):
    return lambda step: reverse(name, args=[obj.pk, step])


def _with_offers(revision, notice, user):
    refusal = REVISION.refusal(revision, REVISION.steps["submit"], user)
    edits = revision.state == RevisionState.DRAFT and (refusal is None or refusal.code == "guard")
    return {
        "it": revision,
        "text": _as_shown(revision, notice),
        "offers": REVISION.available(revision, user, url=_step_url("disclosure:revision_step", revision)),
        "edit_url": reverse("disclosure:revision_edit", args=[revision.pk]) if edits else "",
        "returned": pointed_out(revision),
    }


@require_http_methods(["GET", "POST"])
def new(request):
    if not request.user.holds(*WRITERS):
        raise Http404
    asked = request.GET.get("kind")
    kind = NoticeKind(asked) if asked in NoticeKind.values else NoticeKind.INFORMATION
    form = _form(request, NoticeForm, Notice(kind=kind), **lists.start(request.user, request.GET))
    return _edit(request, form, services.save_notice, f"写{kind.label}")


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    notice = get_object_or_404(Notice.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, notice, DisclosedState.DRAFT):
        return closed
    form = _form(request, NoticeForm, notice, notice.files.all())
    return _edit(request, form, services.save_notice, f"修改{notice.get_kind_display()}草稿")


@require_http_methods(["GET", "POST"])
def revise(request, pk):
    notice = get_object_or_404(Notice.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, notice, DisclosedState.PUBLISHED):
        return closed
    form = _form(request, RevisionForm, services.new_revision(notice), notice.files.all())
    return _edit(request, form, services.save_revision, f"修改{notice.get_kind_display()}")


@require_http_methods(["GET", "POST"])
def edit_revision(request, pk):
    revision = get_object_or_404(NoticeRevision.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, revision, RevisionState.DRAFT):
        return closed
    form = _form(request, RevisionForm, revision, revision.files.all())
    return _edit(request, form, services.save_revision, "修改修订草稿")


def _form(request, form_class, instance, existing=(), **initial):
    """The form over a row with its files; it carries along which saved version the writer started from."""
    owner = instance if instance.pk else getattr(instance, "of", instance)
    return form_class(
        request.POST or None,
        request.FILES or None,
        instance=instance,
        user=request.user,
        existing=existing,
        pictures=services.pictures_of(owner),
        initial={"seen": stamp_of(instance), **initial},
    )


def _closed(request, row, state):
    """The way back when a form for `state` makes no sense to open; 404 for who may not write here.

    What was already typed is not thrown away: a POST goes on, and the service's refusal stands above the input.
    """
    require_within(request.user, row.organisation, WRITERS)
    if row.state == state or request.method == "POST":
        return None
    messages.error(request, f"现在是“{row.get_state_display()}”，不能这样改。")
    return redirect("disclosure:page", getattr(row, "of_id", row.pk))


def _edit(request, form, save, heading):
    """Show the form, or save it and go to the notice; what the service refuses stands above the input."""
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data.get("seen", "")
            saved = save(form.instance, by=request.user, upload=form.upload(), seen=seen, **form.more())
        except (Refused, Unacceptable) as refusal:
            explain(form, refusal)
        else:
            _tell_saved(request, form.brought)
            return redirect("disclosure:page", getattr(saved, "of_id", saved.pk))
    notice = getattr(form.instance, "of", form.instance)
    returned = pointed_out(form.instance)
    context = {
        "heading": heading,
        "form": form,
        "notice": notice,
        "kinds": NoticeKind.choices,
        "returned": returned,
        "flagged": flagged_words(returned),
    }
    return render(request, "disclosure/edit.html", context, status=422 if form.is_bound else 200)


def _tell_saved(request, brought):
    """What was saved, and what of a Word file could not be taken over."""
    if brought:
        pictures = f"和 {len(brought.pictures)} 张图片" if brought.pictures else ""
        messages.success(request, f"已从 Word 文件带入正文{pictures}，存为草稿。请从头看一遍，再提交审查。")
        for sentence in brought.dropped:
            messages.warning(request, sentence)
    else:
        messages.success(
            request, "草稿已保存，还没有提交审查。还差什么，写在“可办步骤”里；都齐了就点“提交审查”。"
        )


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    notice = get_object_or_404(Notice.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, FLOW, notice, step, notice)


@require_http_methods(["GET", "POST"])
def take_revision_step(request, pk, step):
    revision = get_object_or_404(NoticeRevision.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, REVISION, revision, step, revision.of)


WHAT_FOLLOWS = {
    "submit": "接下来由初审、审核、审发三个人依次审查，通过后公开。",
    "recall": "改好后请重新提交。",
    "ask_withdrawal": "接下来由区审核员或区信用办批准，批准以前照常公开。",
}


def _take(request, flow, row, name, notice):
    return stepping.take(
        request,
        flow,
        row,
        name,
        template="disclosure/step.html",
        back=reverse("disclosure:page", args=[notice.pk]),
        form_class=TakingDownForm,
        context={"it": row, "notice": notice},
        follows=WHAT_FOLLOWS.get(name, ""),
        warns=warning_about if name == "submit" else None,
    )
