"""The catalogue on the desk: everybody who works here reads it, the district office adds, edits and retires topics."""

from django.contrib import messages
from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from disclosure import public_reading as reading
from disclosure.coverage.forms import ReasonForm, TopicForm
from disclosure.models import CatalogueChange, Topic
from disclosure.services import KEEPERS, save_topic
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.publication.drafts import explain, stamp_of


def _page_of(topic):
    return f"{reverse('coverage:catalogue')}?topic={topic.key}"


@require_safe
def catalogue(request):
    """The catalogue, or the topic in it that ?topic= names by its key."""
    if not request.user.holds(*SEES_WORK):
        raise Http404
    topics = Topic.objects.public()
    asked = request.GET.get("topic", "").replace("\x00", "")[:40]
    if asked and (topic := topics.filter(key=asked).first()):
        return _topic_page(request, topic)
    context = {
        "groups": reading.catalogue(topics.in_use(), timezone.localdate()),
        "retired": topics.exclude(retired_on=None),
        "can_keep": request.user.holds(*KEEPERS),
    }
    return render(request, "disclosure/coverage/catalogue.html", context)


def _topic_page(request, topic):
    """One topic with every version of it: what was changed, why and by whom."""
    today = timezone.localdate()
    changes = CatalogueChange.objects.public().filter(topic=topic).select_related("topic", "by")
    context = {
        "topic": topic,
        "columns": zip(reading.HEADS, reading.columns(topic, reading.rule_words(today)), strict=True),
        "changes": reading.told(changes.order_by("-version"), today),
        "can_keep": request.user.holds(*KEEPERS),
    }
    return render(request, "disclosure/coverage/topic.html", context)


def _keeps(request):
    if not request.user.holds(*KEEPERS):
        raise Http404


@require_http_methods(["GET", "POST"])
def new_topic(request):
    _keeps(request)
    last = Topic.objects.public().aggregate(number=Max("number"))["number"] or 0
    topic = Topic(number=last + 1)
    return _edit(request, topic, "新增公开事项")


@require_http_methods(["GET", "POST"])
def edit_topic(request, pk):
    _keeps(request)
    topic = get_object_or_404(Topic.objects.public(), pk=pk)
    return _edit(request, topic, f"修订“{topic}”")


def _edit(request, topic, heading):
    """Show the form, or save the next version; what the service refuses stands above the input."""
    pk, stamp = topic.pk, stamp_of(topic)
    back = _page_of(topic) if pk else reverse("coverage:catalogue")
    form = TopicForm(
        request.POST if request.method == "POST" else None, instance=topic, initial={"seen": stamp}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            save_topic(form.instance, by=request.user, reason=data["reason"], seen=data["seen"])
        except Refused as refusal:
            topic.pk = pk  # nothing was saved
            explain(form, refusal)
        else:
            messages.success(
                request, f"已保存为第{topic.version}版，公开目录已经更新，读者看得到改了什么和理由。"
            )
            return redirect(_page_of(topic))
    context = {"form": form, "topic": topic, "heading": heading, "version": topic.version, "back": back}
    return render(
        request, "disclosure/coverage/topic_edit.html", context, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "POST"])
def retire_topic(request, pk):
    """Take a topic out of use, or back into it; what is published under it stays."""
    _keeps(request)
    topic = get_object_or_404(Topic.objects.public(), pk=pk)
    back, stamp = topic.retired_on is not None, stamp_of(topic)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": stamp})
    if request.method == "POST" and form.is_valid():
        topic.retired_on = None if back else timezone.localdate()
        try:
            save_topic(topic, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            explain(form, refusal, topic)
        else:
            messages.success(request, f"“{topic}”已{'重新启用' if back else '停用'}，公开目录已经更新。")
            return redirect(_page_of(topic))
    context = {"form": form, "topic": topic, "back": back}
    return render(
        request, "disclosure/coverage/topic_retire.html", context, status=422 if form.is_bound else 200
    )
