"""A person's calendar at its secret address: no sign-in, because programs fetch it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from longsha_credit.audit.middleware import client_ip
from longsha_credit.deadlines import ical, ways
from longsha_credit.web import limits


@login_not_required
@require_safe
@conditional_page
def calendar_file(request, pk, token):
    reader = ways.reader_of(pk, token)
    caller = ("calendar", str(pk)) if reader else ("calendar_wrong", client_ip(request))
    if wait := limits.wait_of(*caller):
        headers = {"Retry-After": str(wait)}
        return HttpResponse(
            f"取得太频繁，请过{wait}秒再来。", "text/plain; charset=utf-8", 429, headers=headers
        )
    if reader is None:
        raise Http404
    front = request.build_absolute_uri(reverse("front"))
    content = ical.calendar_for(reader, host=request.get_host().partition(":")[0], front=front)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    return response
