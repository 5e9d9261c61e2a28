"""Desk addresses of the ledger, below /desk/rectification/."""

from django.urls import path

from commitments.rectification import views

app_name = "rectification"

urlpatterns = [
    path("", views.ledger, name="list"),
    path("export/", views.export, name="export"),
    path("new/", views.new, name="new"),
    path("new/obligations/<int:pk>/", views.from_obligation, name="from_obligation"),
    path("new/cases/<int:pk>/", views.from_case, name="from_case"),
    path("new/sweeps/<int:pk>/", views.from_sweep, name="from_sweep"),
    path("new/findings/<int:pk>/", views.from_finding, name="from_finding"),
    path("sweeps/", views.sweeps, name="sweeps"),
    path("sweeps/<int:pk>/", views.sweep, name="sweep"),
    path("sweeps/<int:pk>/steps/<str:step>/", views.take_sweep_step, name="sweep_step"),
    path("slips/<int:pk>/", views.slip, name="slip"),
    path("slips/<int:pk>/word/", views.slip_word, name="slip_word"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/plan/", views.plan, name="plan"),
    path("<int:pk>/closing/", views.closing, name="closing"),
    path("<int:pk>/progress/", views.tell, name="progress"),
    path("<int:pk>/sheet/", views.show, name="sheet"),
    path("<int:pk>/slip/", views.new_slip, name="slip_new"),
    path("<int:pk>/postpone/", views.postpone, name="postpone"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("progress/<int:pk>/edit/", views.edit_progress, name="progress_edit"),
    path("progress/<int:pk>/steps/<str:step>/", views.take_progress_step, name="progress_step"),
    path("sheets/<int:pk>/edit/", views.edit_sheet, name="sheet_edit"),
    path("sheets/<int:pk>/steps/<str:step>/", views.take_sheet_step, name="sheet_step"),
    path("postponements/<int:pk>/steps/<str:step>/", views.take_postponement_step, name="postponement_step"),
]
