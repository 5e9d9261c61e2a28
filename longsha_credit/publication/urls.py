"""Desk addresses of the gate."""

from django.urls import path

from longsha_credit.publication import views

app_name = "reviews"

urlpatterns = [
    path("", views.queue, name="list"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
]
