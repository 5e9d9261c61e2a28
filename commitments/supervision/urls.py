"""Desk addresses of residents' cases and of the slips to the units."""

from django.urls import path

from commitments.supervision import views

app_name = "supervision"

urlpatterns = [
    path("cases/", views.case_list, name="list"),
    path("cases/<int:pk>/", views.page, name="page"),
    path("cases/<int:pk>/words/", views.read_words, name="words"),
    path("cases/<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("cases/<int:pk>/slip/", views.send_slip, name="send_slip"),
    path("cases/<int:pk>/identity/", views.ask_identity, name="identity"),
    path("openings/<int:pk>/steps/<str:step>/", views.take_opening_step, name="opening_step"),
    path("slips/", views.slip_list, name="slips"),
    path("slips/<int:pk>/", views.slip, name="slip"),
    path("slips/<int:pk>/recall/", views.recall_slip, name="slip_recall"),
    path("slips/<int:pk>/steps/<str:step>/", views.take_slip_step, name="slip_step"),
]
