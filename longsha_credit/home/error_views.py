"""Pages for what went wrong: each says in plain Chinese what happened and what to do."""

from django.shortcuts import render
from django.urls import reverse


def csrf_failure(request, reason=""):
    return _told(request, "errors/csrf.html", 403)


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return _told(request, "403.html", 403)


def not_found(request, exception=None):
    return _told(request, "404.html", 404)


def _told(request, template, status):
    """On the desk whoever is signed in stays there, with its menu."""
    user = getattr(request, "user", None)
    stays = user is not None and user.is_authenticated and request.path.startswith(reverse("desk"))
    return render(request, template, {"shell": "desk/base.html"} if stays else {}, status=status)
