"""Desk pages of opinions before honours and appointments: issued, for one or many, and printed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from longsha_credit.audit.workflow import Refused
from longsha_credit.web.pages import page_of
from records import opinions
from records.models.opinions import ISSUERS, Opinion
from records.opinion_forms import OpinionForm


@require_safe
def opinion_list(request):
    if not request.user.holds(*ISSUERS):
        raise Http404
    rows = Opinion.objects.visible_to(request.user).with_names()
    return render(request, "records/opinions.html", {"page": page_of(request, rows)})


@require_http_methods(["GET", "POST"])
def new_opinion(request):
    if not request.user.holds(*ISSUERS):
        raise Http404
    form = OpinionForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            issued = opinions.issue(
                form.subjects(), by=request.user, today=timezone.localdate(), purpose=data["purpose"], note=data["note"]
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已出具{len(issued)}份核查意见。")
            one = len(issued) == 1
            return redirect("records:opinion", issued[0].pk) if one else redirect("records:opinions")
    status = 422 if form.is_bound else 200
    return render(request, "records/opinion_new.html", {"form": form}, status=status)


@require_safe
def opinion(request, pk):
    it = get_object_or_404(Opinion.objects.visible_to(request.user).with_names(), pk=pk)
    address = request.build_absolute_uri(reverse("public_records:verify_opinion"))
    return render(request, "records/opinion.html", {"it": it, "address": address})
