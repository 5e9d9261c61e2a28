"""The auditor's list of what was done, by whom and when."""

from django import forms
from django.apps import apps
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from longsha_credit.audit.models import READERS, Entry
from longsha_credit.web.forms import PortalForm
from longsha_credit.web.pages import page_of


class EntryFilterForm(PortalForm):
    """Which entries to list."""

    who = forms.CharField(label="办理人", required=False, max_length=60)
    step = forms.CharField(label="步骤", required=False, max_length=40)
    what = forms.CharField(label="事项、单位或编号", required=False, max_length=100)
    since = forms.DateField(label="开始日期", required=False)
    until = forms.DateField(label="结束日期", required=False)

    def clean(self):
        data = super().clean()
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", "结束日期不能早于开始日期，请核对。")
        return data


@require_safe
def entry_list(request):
    form = EntryFilterForm(request.GET)
    page = page_of(request, listed(request.user, request.GET), per_page=50)
    for entry in page:
        entry.kind_label = kind_label(entry.object_kind)
    whole = not any(form.cleaned_data.values()) if form.is_valid() else True
    return render(request, "audit/list.html", {"form": form, "page": page, "whole": whole})


def listed(user, query):
    """The entries that an address asks for, the newest first. Raises Http404 for whoever is no auditor."""
    if not user.paths_for(READERS):
        raise Http404
    form = EntryFilterForm(query)
    asked = form.cleaned_data if form.is_valid() else {}
    return _asked_for(Entry.objects.visible_to(user).order_by("-at", "-id"), asked)


def _asked_for(entries, asked):
    if who := asked.get("who"):
        entries = entries.filter(actor_name__icontains=who)
    if step := asked.get("step"):
        entries = entries.filter(step_label__icontains=step)
    if what := asked.get("what"):
        about = Q(object_label__icontains=what) | Q(organisation_name__icontains=what) | Q(object_id=what)
        entries = entries.filter(about)
    if since := asked.get("since"):
        entries = entries.filter(at__date__gte=since)
    if until := asked.get("until"):
        entries = entries.filter(at__date__lte=until)
    return entries


def kind_label(object_kind):
    """What people call this kind of object."""
    try:
        return str(apps.get_model(object_kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return object_kind
