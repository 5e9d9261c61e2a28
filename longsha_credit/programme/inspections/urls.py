"""Desk addresses of inspections."""

from django.urls import path

from longsha_credit.programme.inspections import views

app_name = "inspections"

urlpatterns = [
    path("", views.plans, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/people/", views.add_people, name="people"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("visits/", views.visits, name="visits"),
    path("visits/<int:pk>/", views.visit, name="visit"),
    path("visits/<int:pk>/steps/<str:step>/", views.take_visit_step, name="visit_step"),
    path("visits/<int:pk>/points/<int:position>/", views.point, name="point"),
    path("visits/<int:pk>/notice/", views.send_notice, name="send_notice"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("notices/<int:pk>/word/", views.notice_word, name="notice_word"),
    path("findings/", views.findings, name="findings"),
    path("findings/<int:pk>/", views.finding, name="finding"),
    path("findings/<int:pk>/edit/", views.edit_finding, name="finding_edit"),
    path("findings/<int:pk>/report/", views.report, name="report"),
    path("findings/<int:pk>/steps/<str:step>/", views.take_finding_step, name="finding_step"),
    path("figures/", views.figures, name="figures"),
    path("figures/export/", views.export, name="export"),
]
