"""Desk addresses of commitments."""

from django.urls import path

from commitments import office_views, views

app_name = "commitments"

urlpatterns = [
    path("", views.commitment_list, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("<int:pk>/contract/", office_views.contract, name="contract"),
    path("national/", office_views.national_page, name="national"),
    path("national/download/", office_views.national_file, name="national_file"),
    path("national/report/", office_views.national_report, name="national_report"),
    path("<int:pk>/amend/", views.amend, name="amend"),
    path("<int:pk>/progress/", views.report_progress, name="progress"),
    path("amendments/<int:pk>/edit/", views.edit_amendment, name="amendment_edit"),
    path("amendments/<int:pk>/steps/<str:step>/", views.take_amendment_step, name="amendment_step"),
    path("progress/<int:pk>/edit/", views.edit_progress, name="progress_edit"),
    path("progress/<int:pk>/steps/<str:step>/", views.take_progress_step, name="progress_step"),
    path("<int:pk>/result/", views.report_result, name="result"),
    path("<int:pk>/verify/", views.verify, name="verify"),
    path("results/<int:pk>/edit/", views.edit_result, name="result_edit"),
    path("results/<int:pk>/steps/<str:step>/", views.take_result_step, name="result_step"),
    path("verdicts/<int:pk>/edit/", views.edit_verification, name="verdict_edit"),
    path("verdicts/<int:pk>/steps/<str:step>/", views.take_verdict_step, name="verdict_step"),
]
