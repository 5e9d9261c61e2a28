"""Desk addresses of tasks."""

from django.urls import path

from longsha_credit.programme.tasking import office_views, views

app_name = "tasks"

urlpatterns = [
    path("", views.task_list, name="list"),
    path("export/", views.export, name="export"),
    path("board/", views.progress, name="board"),
    path("board/export/", views.board_export, name="board_export"),
    path("owners/", views.owners, name="owners"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/notes/<str:kind>/", views.note, name="note"),
    path("<int:pk>/owner/", views.owner, name="owner"),
    path("<int:pk>/evidence/", views.evidence, name="evidence"),
    path("<int:pk>/evidence/<int:row>/drop/", views.drop_evidence, name="evidence_drop"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("standards/", office_views.standards, name="standards"),
    path("years/<int:pk>/load/", office_views.load_list, name="load_list"),
    path("years/<int:pk>/new/", office_views.new_standard, name="standard_new"),
    path("years/<int:pk>/issue/", office_views.issue, name="issue"),
    path("standards/<int:pk>/", office_views.standard, name="standard"),
    path("standards/<int:pk>/edit/", office_views.edit_standard, name="standard_edit"),
    path("standards/<int:pk>/retire/", office_views.retire_standard, name="standard_retire"),
]
