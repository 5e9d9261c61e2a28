"""Public addresses of demonstration, below /demonstration/; an award's code is such as PD-230202-2026-000001."""

from django.urls import path, re_path

from evaluation.demonstration import public_form_views as forms
from evaluation.demonstration import public_views as views

app_name = "public_demonstration"

DIGITS = "[0-9]{6}-[0-9]{4}-[0-9]{6}"
NOTICE = rf"^notices/(?P<code>GS-{DIGITS})/"

urlpatterns = [
    path("", views.award_list, name="list"),
    path("verify/", views.verify, name="verify"),
    path("objections/", forms.track, name="track"),
    re_path(NOTICE + "$", views.notice, name="notice"),
    re_path(NOTICE + "object/$", forms.object_to, name="object"),
    re_path(rf"^(?P<code>PD-{DIGITS})/$", views.award, name="award"),
]
