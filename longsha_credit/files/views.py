"""A stored file for a signed-in reader whose duty it is."""

from django.views.decorators.http import require_safe

from longsha_credit.files import services


@require_safe
def file(request, pk):
    return services.send(request, services.for_reader(request.user, pk))
