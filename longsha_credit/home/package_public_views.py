"""The page of the nightly packages and their files; what was overtaken by a withdrawal is given to nobody."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import conditional_page, require_safe

from longsha_credit.home import packages
from longsha_credit.publication.models import DataPackage, PackageFile

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "fields": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@login_not_required
@require_safe
@conditional_page
def overview(request):
    found = list(DataPackage.objects.public(packages.withdrawn()).prefetch_related("files").newest_first())
    newest = found[0] if found else None
    groups = {}
    for file in newest.files.all() if newest else ():
        file.words = packages.FORMS[file.form]
        groups.setdefault(file.label, []).append(file)
    context = {
        "section": "api",
        "package": newest,
        "groups": groups.items(),
        "earlier": found[1:],
        "kept": settings.OPEN_DATA_KEPT_DAYS,
        "licence": settings.OPEN_DATA_LICENCE,
    }
    return render(request, "api/packages.html", context)


@login_not_required
@require_safe
def download(request, pk):
    """One file; its ETag is its hash, and it was last changed when it was made: it never is again."""
    now = packages.withdrawn()
    file = get_object_or_404(PackageFile.objects.public(now).select_related("package"), pk=pk)
    etag, made = f'"{file.sha256}"', int(file.package.finished_at.timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=made)
    if response is None:
        stored = default_storage.open(file.stored)
        response = FileResponse(stored, as_attachment=True, filename=file.name, content_type=TYPES[file.form])
    response["ETag"], response["Last-Modified"] = etag, http_date(made)
    response["Access-Control-Allow-Origin"] = "*"
    return response
