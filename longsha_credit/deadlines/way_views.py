"""Desk pages of how one is told: the mail's hour, the calendar's address, the robot of a unit's chat group."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import robots
from longsha_credit.deadlines import ways as services
from longsha_credit.deadlines.forms import RobotForm, WaysForm
from longsha_credit.deadlines.models import ChatMessage
from longsha_credit.directory.models import Organisation

SHOWN = 10


@require_http_methods(["GET", "POST"])
def ways(request):
    preference = services.preference_of(request.user)
    form = WaysForm(request.POST if request.method == "POST" else None, instance=preference)
    if request.method == "POST" and form.is_valid():
        services.set_preference(request.user, **form.cleaned_data)
        messages.success(request, "接收方式已保存。")
        return redirect("deadlines:ways")
    feed = services.calendar_of(request.user)
    address = _address(request, feed) if feed else ""
    context = {
        "form": form,
        "address": address,
        "subscribe": f"webcal://{address.partition('://')[2]}",
        "units": [m.organisation for m in request.user.current_memberships if m.role in services.KEEPS_ROBOT],
    }
    return render(request, "deadlines/ways.html", context, status=422 if form.is_bound else 200)


def _address(request, feed):
    parts = [feed.user_id, services.token_of(feed)]
    return request.build_absolute_uri(reverse("calendar_file", args=parts))


@require_POST
def calendar_renew(request):
    feed = services.renew_calendar(request.user)
    old = "，以前的地址马上失效" if feed.serial > 1 else ""
    messages.success(request, f"订阅地址已生成{old}。请不要发给别人。")
    return redirect("deadlines:ways")


@require_POST
def calendar_stop(request):
    services.stop_calendar(request.user)
    messages.success(request, "日历订阅已停用，原来的地址马上失效。")
    return redirect("deadlines:ways")


def _unit(request, pk):
    """A unit whose robot the reader keeps; for all others there is no such address."""
    return get_object_or_404(
        Organisation.objects.visible_to(request.user).where(request.user, services.KEEPS_ROBOT).units(), pk=pk
    )


@require_http_methods(["GET", "POST"])
def robot(request, pk):
    unit = _unit(request, pk)
    form = RobotForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_robot(unit, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(request, "群机器人已登记，请试发一次。")
            return redirect("deadlines:robot", unit.pk)
    found = services.robot_of(unit)
    sent = ChatMessage.objects.visible_to(request.user).filter(robot__organisation=unit)
    context = {"unit": unit, "robot": found, "sent": sent[:SHOWN], "form": form}
    return render(request, "deadlines/robot.html", context, status=422 if form.is_bound else 200)


@require_POST
def robot_try(request, pk):
    unit = _unit(request, pk)
    found = services.robot_of(unit)
    if found is None:
        messages.error(request, "还没有登记群机器人，请先填地址。")
        return redirect("deadlines:robot", unit.pk)
    outcome = services.try_robot(found, by=request.user)
    if outcome.what == robots.SENT:
        messages.success(request, "试发成功，请到群里看一眼。")
    else:
        messages.error(request, f"没有发成。{outcome.sentence}请核对地址、关键词和签名密钥后重新登记。")
    return redirect("deadlines:robot", unit.pk)


@require_POST
def robot_remove(request, pk):
    unit = _unit(request, pk)
    if found := services.robot_of(unit):
        services.remove_robot(found, by=request.user)
        messages.success(request, "群机器人已停用，地址已经抹掉。")
    return redirect("deadlines:robot", unit.pk)
