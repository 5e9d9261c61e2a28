"""Public addresses of contests, below /contests/; a code is such as JS-230202-2026-000001."""

from django.urls import path, re_path

from longsha_credit.programme.contests import public_form_views as forms
from longsha_credit.programme.contests import public_views as views

app_name = "public_contests"

CODE = r"(?P<code>JS-[0-9]{6}-[0-9]{4}-[0-9]{6})"

urlpatterns = [
    path("", views.contest_list, name="list"),
    path("certificates/", views.certificate_search, name="certificate_search"),
    path("certificates/<str:number>/", views.certificate_check, name="certificate_check"),
    re_path(rf"^{CODE}/$", views.contest_page, name="page"),
    re_path(rf"^{CODE}/versions/(?P<number>[0-9]{{1,6}})/$", views.version_page, name="version"),
    re_path(rf"^{CODE}/results/$", views.results, name="results"),
    re_path(rf"^{CODE}/paper/$", views.paper, name="paper"),
    re_path(rf"^{CODE}/start/$", forms.start, name="start"),
    re_path(rf"^{CODE}/go-on/$", forms.go_on, name="go_on"),
    re_path(rf"^{CODE}/answer/(?P<number>[0-9]{{1,6}})/$", forms.answer, name="answer"),
    re_path(rf"^{CODE}/hand-in/$", forms.hand_in, name="hand_in"),
    re_path(rf"^{CODE}/mine/$", forms.mine, name="mine"),
    re_path(rf"^{CODE}/certificate/$", forms.certificate, name="certificate"),
]
