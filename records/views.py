"""Desk pages of integrity records."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from records import services


@require_safe
def page(request, pk):
    it = services.open_record(request.user, pk)
    return HttpResponse(str(it))
