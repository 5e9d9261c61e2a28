"""Desk addresses of imported facts."""

from django.urls import path

from evaluation.importing import views

app_name = "imported"

urlpatterns = [
    path("", views.facts, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/correct/", views.correct, name="correct"),
]
