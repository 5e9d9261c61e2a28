"""Desk addresses of scenes."""

from django.urls import path

from disclosure.scenes import views

app_name = "scenes"

urlpatterns = [
    path("", views.scene_list, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("<int:pk>/revise/", views.revise, name="revise"),
    path("<int:pk>/months/", views.report_month, name="month"),
    path("revisions/<int:pk>/edit/", views.edit_revision, name="revision_edit"),
    path("revisions/<int:pk>/steps/<str:step>/", views.take_revision_step, name="revision_step"),
    path("months/<int:pk>/edit/", views.edit_month, name="month_edit"),
    path("months/<int:pk>/correct/", views.correct_month, name="month_correct"),
    path("months/<int:pk>/steps/<str:step>/", views.take_month_step, name="month_step"),
]
