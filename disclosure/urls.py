"""Desk addresses of notices."""

from django.urls import path

from disclosure import views

app_name = "disclosure"

urlpatterns = [
    path("", views.notice_list, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("<int:pk>/revise/", views.revise, name="revise"),
    path("revisions/<int:pk>/edit/", views.edit_revision, name="revision_edit"),
    path("revisions/<int:pk>/steps/<str:step>/", views.take_revision_step, name="revision_step"),
]
