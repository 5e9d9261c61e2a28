"""Desk addresses of the board, the self-inspection and the catalogue, below /desk/disclosure/."""

from django.urls import path

from disclosure.coverage import office_views as catalogue
from disclosure.coverage import views

app_name = "coverage"

urlpatterns = [
    path("coverage/", views.overview, name="board"),
    path("coverage/export/", views.export, name="export"),
    path("coverage/<int:pk>/", views.cell, name="cell"),
    path("coverage/<int:pk>/remind/", views.remind, name="remind"),
    path("inspection/", views.self_inspection, name="inspection"),
    path("inspection/export/", views.self_inspection_file, name="inspection_export"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/new/", catalogue.new_topic, name="topic_new"),
    path("catalogue/<int:pk>/edit/", catalogue.edit_topic, name="topic_edit"),
    path("catalogue/<int:pk>/retire/", catalogue.retire_topic, name="topic_retire"),
]
