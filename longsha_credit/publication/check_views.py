"""公开前自查: what the scanner finds in a draft, shown to its writer, and masked by one button."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from longsha_credit.audit.workflow import Refused
from longsha_credit.files.checks import Unacceptable
from longsha_credit.publication import registry, selfcheck, services


@require_safe
def check(request, kind, pk):
    declared, obj = _draft(request, kind, pk)
    if obj.state != "draft":
        messages.info(request, "已经不是草稿，查出的个人信息列在审查单上。")
        return redirect(declared.desk_url(obj))
    context = {
        "obj": obj,
        "kind": declared,
        "kind_label": declared.model._meta.verbose_name,
        "back": declared.desk_url(obj),
        "no_mask": services.mask_refusal(declared, obj, request.user),
        **selfcheck.checked(declared, obj),
    }
    return render(request, "publication/check.html", context)


@require_http_methods(["GET", "POST"])
def mask(request, kind, pk):
    """Mask the texts, one file or everything; a GET comes from a sign-in after the session ended."""
    declared, obj = _draft(request, kind, pk)
    if request.method == "GET":
        return redirect("reviews:check", kind, pk)
    try:
        asked = selfcheck.asked_for(declared, obj, request.POST.get("what", ""))
        did = services.mask_draft(declared, obj, by=request.user, **asked)
    except (Refused, Unacceptable) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已打码：{'、'.join(did.done)}。原来的附件留在系统里，不公开。")
        for sentence in did.left:
            messages.warning(request, sentence)
    return redirect("reviews:check", kind, pk)


def _draft(request, kind, pk):
    """The kind by its name in the address, and the row the user may see; raises Http404."""
    declared = registry.find(kind)
    if declared is None:
        raise Http404
    return declared, get_object_or_404(declared.model.objects.visible_to(request.user), pk=pk)
