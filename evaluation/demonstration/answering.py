"""The page of a form, drawn alike wherever one is filled in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

FOLDER = "evaluation/demonstration"


def shown(
    request: HttpRequest, form: Any, heading: str, back: str, *, lead: str = "", template: str = "form",
    button: str = "保存", **context: Any,
) -> HttpResponse:  # fmt: skip
    """A form page; 422 where what was sent has faults."""
    context |= {"form": form, "heading": heading, "back": back, "lead": lead, "button": button}
    return render(request, f"{FOLDER}/{template}.html", context, status=422 if form.is_bound else 200)
