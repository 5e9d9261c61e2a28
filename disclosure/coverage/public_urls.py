"""The public address of the coverage, below /disclosure/."""

from django.urls import path

from disclosure.coverage import public_views as views

app_name = "public_coverage"

urlpatterns = [path("coverage/", views.overview, name="overview")]
