"""Desk pages of long work: the list in the reader's scope, one job with its progress, its steps."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from longsha_credit.audit import stepping
from longsha_credit.audit.history import timeline
from longsha_credit.exchange import lists
from longsha_credit.exchange.flows import FLOW
from longsha_credit.exchange.kinds import label_of
from longsha_credit.exchange.models import Job
from longsha_credit.web.pages import page_of


@require_safe
def job_list(request):
    rows, view = Job.objects.visible_to(request.user), request.GET.get("view", "")
    page = page_of(request, lists.filtered(rows, view).with_names())
    context = {
        "page": page,
        "rows": [(job, label_of(job.kind)) for job in page],
        "views": lists.views(rows, view),
        "view": view,
    }
    return render(request, "exchange/jobs.html", context)


def _job(request, pk):
    return get_object_or_404(Job.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def page(request, pk):
    job = _job(request, pk)
    context = {
        "job": job,
        "kind": label_of(job.kind),
        "link_url": reverse("front") + job.link["path"] if job.link else "",
        "offers": FLOW.available(
            job, request.user, url=lambda step: reverse("jobs:step", args=[job.pk, step])
        ),
        "entries": timeline([job]),
    }
    return render(request, "exchange/job.html", context)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    job = _job(request, pk)
    return stepping.take(
        request,
        FLOW,
        job,
        step,
        template="exchange/step.html",
        back=reverse("jobs:page", args=[job.pk]),
    )
