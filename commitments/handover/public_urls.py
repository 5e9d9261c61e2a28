"""The public ledger over time, below a unit's own address."""

from django.urls import path

from commitments.handover import public_views as views

app_name = "public_terms"

urlpatterns = [path("", views.terms, name="unit")]
