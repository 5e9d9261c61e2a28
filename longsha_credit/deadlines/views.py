"""Desk pages of deadlines: the list, one clock and its steps, one's own notifications, the working days."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longsha_credit.audit.history import timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import lists, services
from longsha_credit.deadlines.flows import EXTENSION
from longsha_credit.deadlines.forms import DayForm, LinesForm, ReasonForm
from longsha_credit.deadlines.models import Deadline, Holiday, Notification
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.web.pages import page_of

NOT_YOURS = "“{}”不在您的职责内。"


@require_safe
def deadline_list(request):
    today = timezone.localdate()
    rows = Deadline.objects.visible_to(request.user)
    found = lists.filtered(rows.with_names().with_slip(), request.GET, today)
    context = {
        "page": page_of(request, found),
        "views": lists.views(rows, request.GET, today),
        "q": request.GET.get("q", ""),
        "view": request.GET.get("view", ""),
        "on": lists.day_of(request.GET.get("on", "")),
        "today": today,
    }
    return render(request, "deadlines/list.html", context)


@require_safe
def page(request, pk):
    deadline = _deadline(request, pk)
    today = timezone.localdate()
    extensions = list(deadline.extensions.select_related("asked_by", "decided_by", "organisation"))
    context = {
        "deadline": deadline,
        "today": today,
        "object_url": reverse("front") + deadline.path,
        "offers": lists.offers(deadline, extensions[0] if extensions else None, request.user, today),
        "reminders": deadline.reminders.order_by("send_on", "id"),
        "suspensions": deadline.suspensions.select_related("by"),
        "extensions": extensions,
        "changes": deadline.changes.select_related("by"),
        "entries": timeline([deadline, *extensions]),
    }
    return render(request, "deadlines/page.html", context)


def _deadline(request, pk):
    """A clock in the reader's scope with its unit, rule and last slip."""
    return get_object_or_404(
        Deadline.objects.visible_to(request.user).with_slip().select_related("organisation__parent", "rule"),
        pk=pk,
    )


@require_http_methods(["GET", "POST"])
def suspend(request, pk):
    deadline = _deadline(request, pk)
    refusal = services.suspend_refusal(deadline, timezone.localdate())
    if not services.may_decide(deadline, request.user):
        refusal = NOT_YOURS.format(lists.SUSPEND.label)
    hint = f"依据：{deadline.rule.suspend_basis}。暂停当天到恢复当天不计入期限，这期间不发提醒。"
    return _ask(request, deadline, lists.SUSPEND, refusal, services.suspend, hint)


@require_http_methods(["GET", "POST"])
def extend(request, pk):
    deadline, today = _deadline(request, pk), timezone.localdate()
    refusal = services.extension_refusal(deadline, today)
    if not services.may_ask(deadline, request.user):
        refusal = NOT_YOURS.format(lists.EXTEND.label)
    hint = f"批准后延长{deadline.rule.extension_in_words}，只能延一次；批准以前原来的期限照算。"
    return _ask(request, deadline, lists.EXTEND, refusal, services.ask_extension, hint)


def _ask(request, deadline, action, refusal, service, hint):
    """Ask for the reason of an action and do it; what stands against it is told on the clock's page."""
    if refusal:
        messages.error(request, refusal)
        return redirect("deadlines:page", deadline.pk)
    form = ReasonForm(_posted(request), label=action.label, hint=hint)
    if request.method == "GET" or not form.is_valid():
        return _form_page(request, deadline, action, form)
    return _do(
        request,
        deadline,
        action,
        lambda: service(deadline, by=request.user, today=timezone.localdate(), **form.cleaned_data),
    )


def _posted(request):
    """What was sent, also when it is nothing at all, so that a form says what is missing."""
    return request.POST if request.method == "POST" else None


def _form_page(request, deadline, step, form):
    context = {"deadline": deadline, "step": step, "form": form}
    return render(request, "deadlines/step.html", context, status=422 if request.method == "POST" else 200)


def _do(request, deadline, step, action):
    try:
        action()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{step.label}：已办理。")
    return redirect("deadlines:page", deadline.pk)


@require_POST
def resume(request, pk):
    deadline = _deadline(request, pk)
    if not services.may_decide(deadline, request.user):
        messages.error(request, NOT_YOURS.format(lists.RESUME.label))
        return redirect("deadlines:page", deadline.pk)
    today = timezone.localdate()
    return _do(
        request, deadline, lists.RESUME, lambda: services.resume(deadline, by=request.user, today=today)
    )


@require_http_methods(["GET", "POST"])
def take_extension_step(request, pk, step):
    deadline = _deadline(request, pk)
    extension, taken = deadline.extensions.first(), EXTENSION.steps.get(step)
    if extension is None or taken is None:
        raise Http404
    if refusal := EXTENSION.refusal(extension, taken, request.user):
        messages.error(request, str(refusal))
        return redirect("deadlines:page", deadline.pk)
    form = ReasonForm(_posted(request), label=taken.label, asked=taken.reason)
    if request.method == "GET" or (taken.reason and not form.is_valid()):
        return _form_page(request, deadline, taken, form)
    given = form.cleaned_data if taken.reason else {}
    return _do(request, deadline, taken, lambda: EXTENSION.take(extension, step, by=request.user, **given))


@require_safe
def notifications(request):
    rows = Notification.objects.visible_to(request.user)
    only_unread = request.GET.get("view") != "all"
    found = rows.select_related("organisation")
    context = {
        "page": page_of(request, found.unread() if only_unread else found),
        "only_unread": only_unread,
        "unread": rows.unread().count(),
    }
    return render(request, "deadlines/notifications.html", context)


@require_POST
def read(request, pk):
    """Mark one's own notification as read; with then=open go on to what it is about."""
    notice = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    Notification.objects.visible_to(request.user).unread().filter(pk=notice.pk).update(read_at=timezone.now())
    if request.POST.get("then") == "open":
        return redirect(reverse("front") + notice.path)
    return redirect("deadlines:notifications")


@require_POST
def read_all(request):
    rows = Notification.objects.visible_to(request.user).unread()
    number = rows.update(read_at=timezone.now())
    messages.success(request, f"已把 {number} 条通知标为已读。")
    return redirect("deadlines:notifications")


@require_safe
def working_days(request):
    if not request.user.holds(*SEES_WORK):
        raise Http404
    rows = Holiday.objects.visible_to(request.user)
    year = lists.year_of(request.GET.get("year", ""), timezone.localdate())
    calendar = rows.calendar()
    context = {
        "year": year,
        "known": calendar.knows(year),
        "special": lists.special_days(year, calendar),
        "rows": rows.of_year(year).select_related("by"),
        "keeps": request.user.holds(*services.CALENDAR_KEEPERS),
    }
    return render(request, "deadlines/working_days.html", context)


@require_http_methods(["GET", "POST"])
def add_day(request):
    form = DayForm(_posted(request), initial={"is_workday": "no"})
    return _store_days(request, form, lambda: [form.instance], "登记一天")


@require_http_methods(["GET", "POST"])
def paste_days(request):
    form = LinesForm(_posted(request))
    return _store_days(request, form, lambda: form.rows(), "粘贴多天")


def _store_days(request, form, rows, heading):
    """Show the form to who keeps the calendar, or store its days and tell how many due days moved."""
    services.require_keeper(request.user)
    if request.method == "POST" and form.is_valid():
        days = rows()
        moved = services.set_days(days, by=request.user, today=timezone.localdate())
        messages.success(request, f"已登记 {len(days)} 天，{moved} 件期限的到期日随之调整。")
        return redirect(f"{reverse('deadlines:working_days')}?year={days[0].day.year}")
    context = {"form": form, "heading": heading}
    return render(request, "deadlines/day.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove_day(request, pk):
    services.require_keeper(request.user)
    row = get_object_or_404(Holiday.objects.visible_to(request.user), pk=pk)
    moved = services.remove_day(row, by=request.user, today=timezone.localdate())
    messages.success(request, f"已删去 {row.day} 的登记，{moved} 件期限的到期日随之调整。")
    return redirect(f"{reverse('deadlines:working_days')}?year={row.day.year}")
