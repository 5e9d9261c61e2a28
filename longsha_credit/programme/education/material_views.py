"""Desk pages of the library: list, one material with its editions, its form and steps."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from longsha_credit.audit import stepping
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.files.checks import Unacceptable
from longsha_credit.programme.education import lists, materials, reading
from longsha_credit.programme.education.flows import EDITION, WRITERS
from longsha_credit.programme.education.forms import EducationStepForm, MaterialForm
from longsha_credit.programme.models import Audience, MaterialEdition, Theme
from longsha_credit.publication.drafts import stamp_of
from longsha_credit.publication.gate import pointed_out
from longsha_credit.publication.sheet import flagged_words
from longsha_credit.web.pages import page_of

FOLLOWS = {
    "submit": "接下来由初审、审核、审发三个人依次审查，通过后公开。",
    "offer": "接下来由另一个人对内发布，发布后只有工作人员和公职人员看得到。",
    "recall": "改好后请重新提交。",
    "ask_withdrawal": "接下来由区审核员或区信用办批准，批准以前照常公开。",
}


@require_safe
def material_list(request):
    user = request.user
    context = {
        "tab": "materials",
        "page": page_of(request, lists.editions(user, request.GET)),
        "views": lists.edition_views(user, request.GET),
        "q": request.GET.get("q", ""),
        "themes": Theme.choices,
        "theme": request.GET.get("theme", ""),
        "audiences": Audience.choices,
        "audience": request.GET.get("audience", ""),
        "can_write": user.holds(*WRITERS),
    }
    return render(request, "programme/education/materials.html", context)


def _material(request, pk):
    """The material of which the user may read an edition."""
    found = MaterialEdition.objects.visible_to(request.user).filter(material=pk).with_names().first()
    if found is None:
        raise Http404
    return found.material


@require_safe
def page(request, pk):
    context = reading.material_context(_material(request, pk), request.user)
    return render(request, "programme/education/material.html", context)


@require_http_methods(["GET", "POST"])
def new(request):
    if not request.user.holds(*WRITERS):
        raise Http404
    own = next(m.organisation for m in request.user.current_memberships if m.role in WRITERS)
    return _edit(request, MaterialEdition(), "新建资料", organisation=own)


@require_http_methods(["GET", "POST"])
def revise(request, pk):
    material = _material(request, pk)
    materials.require_writer(request.user, material)
    if (refusal := materials.edition_refusal(material)) and request.method == "GET":
        messages.error(request, refusal)
        return redirect("education:material", pk)
    return _edit(request, materials.new_edition(material), "写新的一版")


def _edition(request, pk):
    return get_object_or_404(MaterialEdition.objects.visible_to(request.user).with_names(), pk=pk)


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    edition = _edition(request, pk)
    require_within(request.user, edition.organisation, WRITERS)
    if edition.state != "draft" and request.method == "GET":
        messages.error(request, f"现在是“{edition.get_state_display()}”，不能这样改。")
        return redirect("education:material", edition.material_id)
    return _edit(request, edition, "修改草稿")


def _edit(request, edition, heading, **start):
    material = edition.material if edition.material_id else None
    current = material and materials.current(material)
    source = edition if edition.pk else current
    form = MaterialForm(
        request.POST or None,
        request.FILES or None,
        instance=edition,
        user=request.user,
        existing=source.files.all() if source else (),
        has_earlier=bool(current),
        initial={"seen": stamp_of(edition), **start},
    )
    if request.method == "POST" and form.is_valid() and (saved := _saved(form, request.user)):
        messages.success(request, "草稿已保存。要公开的点“提交审查”，只给内部学习的点“送内部发布”。")
        return redirect("education:material", saved.material_id)
    returned = pointed_out(edition)
    context = {"form": form, "heading": heading, "material": material, "returned": returned}
    context |= {"edition": edition, "flagged": flagged_words(returned)}
    return render(
        request, "programme/education/material_edit.html", context, status=422 if form.is_bound else 200
    )


def _saved(form, user):
    try:
        return materials.save_edition(
            form.instance, by=user, upload=form.upload(), seen=form.cleaned_data.get("seen", "")
        )
    except (Refused, Unacceptable) as refusal:
        form.add_error("uploads" if isinstance(refusal, Unacceptable) else None, str(refusal))
        return None


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    edition = _edition(request, pk)
    return stepping.take(
        request,
        EDITION,
        edition,
        step,
        template="programme/education/step.html",
        back=reverse("education:material", args=[edition.material_id]),
        form_class=EducationStepForm,
        context={"material": edition.material},
        follows=FOLLOWS.get(step, ""),
    )
