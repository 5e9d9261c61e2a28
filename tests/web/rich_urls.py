"""A page that only the tests have: a form with a rich text, kept in memory; no one signs in, no database is asked."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path

from longsha_credit.web.forms import PortalForm
from longsha_credit.web.rich_forms import RichTextField

KEPT = {"title": "", "body": "", "pictures": {}, "posts": []}
PAGE = """{% extends "base.html" %}{% block title %}试写{% endblock %}{% block shell %}desk{% endblock %}
{% block body %}<main id="main"><h1>试写</h1><form method="post" data-keep="try" novalidate>{% csrf_token %}{{ form }}
<button class="button" data-kind="main">保存</button></form></main>{% endblock %}"""


class TryForm(PortalForm):
    title = forms.CharField(label="标题", max_length=50)
    body = RichTextField(label="正文", help_text="写清楚办什么、怎样办。")


@login_not_required
def try_page(request):
    form = TryForm(request.POST or None, initial={"title": KEPT["title"], "body": KEPT["body"]})
    form.fields["body"].pictures = KEPT["pictures"]
    if request.method == "POST":
        KEPT["posts"].append(request.POST.dict())
        if form.is_valid():
            KEPT.update(form.cleaned_data)
            return redirect("/saved/")
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


@login_not_required
def saved(request):
    return HttpResponse("<p>已保存</p>")


urlpatterns = [path("try/", try_page), path("saved/", saved)]
