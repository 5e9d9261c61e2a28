"""Taking a step from a page: at once or after asking for what it needs, and what is said when it is refused."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from longsha_credit.audit.forms import StepForm
from longsha_credit.audit.workflow import Refused, Workflow


def take(
    request: HttpRequest,
    flow: Workflow,
    row: Any,
    name: str,
    *,
    template: str,
    back: str,
    form_class: type[StepForm] = StepForm,
    form_kwargs: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
    follows: str = "",
    after: Callable[[], str] | None = None,
    warns: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """Take the step `name` of `row`, or show the page `template` that asks for what it needs.

    `back` is the address to go to when it is refused and afterwards, unless `after` knows better; `follows` is said
    after a success, and what `warns` says of the row, if anything. What the guard refuses after something was typed stands above the input.
    """
    step = flow.steps.get(name)
    if step is None or not step.button:
        raise Http404
    sent = request.method == "POST"
    # a step may ask for nothing but a look: then what is sent is empty
    form = form_class(request.POST if sent else None, step=step, obj=row, **(form_kwargs or {}))
    asks = step.reason or step.asks
    if refusal := flow.refusal(row, step, request.user):
        messages.error(request, str(refusal))
        return redirect(back)
    if sent and (not asks or form.is_valid()):
        try:
            flow.take(row, name, by=request.user, **(form.given() if asks else {}))
        except Refused as refused:
            if not asks or refused.code not in ("guard", "reason"):
                messages.error(request, str(refused))
                return redirect(back)
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{step.label}：已办理。{follows}")
            if warning := warns and warns(row):
                messages.warning(request, warning)
            return redirect(after() if after else back)
    shown = {"form": form, "step": step, "obj": row, **(context or {})}
    return render(request, template, shown, status=422 if sent else 200)
