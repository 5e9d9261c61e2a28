"""Public addresses of the standards units are measured by."""

from django.urls import path

from evaluation.standards import public_views

app_name = "public_standards"

urlpatterns = [
    path("", public_views.overview, name="list"),
    path("<int:pk>/", public_views.page, name="page"),
]
