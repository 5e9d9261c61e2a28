"""Desk addresses of proposals for the catalogue and of its files, below /desk/disclosure/catalogue/."""

from django.urls import path

from disclosure.catalogue import views

app_name = "proposals"

urlpatterns = [
    path("file/", views.standard_file, name="file"),
    path("disclosed/", views.disclosed_file, name="disclosed"),
    path("proposals/", views.proposal_list, name="list"),
    path("proposals/<int:pk>/", views.proposal, name="page"),
    path("proposals/<int:pk>/<slug:step>/", views.step, name="step"),
]
