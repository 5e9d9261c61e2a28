"""Pages for what went wrong: each says in plain Chinese what happened and what to do."""

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse

from longsha_credit.directory.api import CORS


def csrf_failure(request, reason=""):
    return _told(request, "errors/csrf.html", 403)


def bad_request(request, exception=None):
    if _is_for_programs(request):
        return JsonResponse({"detail": "这个请求无法处理，请对照接口说明核对后再试。"}, status=400)
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return _told(request, "403.html", 403)


def not_found(request, exception=None):
    if _is_for_programs(request):
        said = {"detail": "没有找到。请核对地址里的编号，或从列表查起。"}
        return JsonResponse(said, status=404, headers=CORS)
    return _told(request, "404.html", 404)


def _is_for_programs(request) -> bool:
    """Whether nobody reads the answer: below the API everything is JSON, what has no address too."""
    return request.path.startswith(reverse("api:schema").removesuffix("schema/"))


def _told(request, template, status):
    """On the desk whoever is signed in stays there, with its menu."""
    user = getattr(request, "user", None)
    stays = user is not None and user.is_authenticated and request.path.startswith(reverse("desk"))
    return render(request, template, {"shell": "desk/base.html"} if stays else {}, status=status)
