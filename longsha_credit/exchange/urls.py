"""Desk addresses of long work in the background."""

from django.urls import path

from longsha_credit.exchange import views

app_name = "jobs"

urlpatterns = [
    path("", views.job_list, name="list"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/<str:step>/", views.take_step, name="step"),
]
