"""Desk addresses of snapshots and of each figure with the rows behind it."""

from django.urls import path

from evaluation import fact_views as views

app_name = "facts"

urlpatterns = [
    path("snapshots/", views.snapshots, name="list"),
    path("snapshots/new/", views.begin, name="begin"),
    path("snapshots/<int:pk>/", views.snapshot, name="page"),
    path("snapshots/<int:pk>/check/", views.check, name="check"),
    path("snapshots/<int:pk>/check/again/", views.begin_check, name="check_again"),
    path("snapshots/<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("figures/<int:unit>/<str:key>/", views.figure, name="figure"),
]
