"""Desk addresses of the programme's years."""

from django.urls import path

from longsha_credit.programme import views

app_name = "programme"

urlpatterns = [
    path("", views.page, name="list"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/copy/", views.copy, name="copy"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
]
