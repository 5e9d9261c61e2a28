"""Public addresses of residents' supervision, below /supervise/; a target is u and a unit's id, or a promise's code."""

from django.urls import path, re_path

from commitments.supervision import public_form_views as forms
from commitments.supervision import public_views as views

app_name = "public_supervision"

TARGET = r"^(?P<where>u[0-9]{1,9}|[0-9]{20})/"

urlpatterns = [
    path("", views.start, name="start"),
    path("track/", forms.track, name="track"),
    path("track/answer/", forms.answer, name="answer"),
    re_path(TARGET + "$", views.begin, name="begin"),
    re_path(TARGET + "rate/$", forms.rate, name="rate"),
    re_path(TARGET + "(?P<kind>[a-z]{1,12})/$", forms.file_case, name="file"),
]
