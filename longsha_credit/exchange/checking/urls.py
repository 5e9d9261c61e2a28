"""Desk addresses of the check against forms of others."""

from django.urls import path

from longsha_credit.exchange.checking import views

app_name = "checking"

urlpatterns = [
    path("<slug:key>/", views.check, name="check"),
    path("<slug:key>/template/", views.template, name="template"),
]
