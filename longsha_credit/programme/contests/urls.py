"""Desk addresses of contests, of the question bank, and of officials' own tests."""

from django.urls import path, re_path

from longsha_credit.programme.contests import question_views as questions
from longsha_credit.programme.contests import sitting_views as sitting
from longsha_credit.programme.contests import views

app_name = "contests"

CODE = r"(?P<code>JS-[0-9]{6}-[0-9]{4}-[0-9]{6})"

urlpatterns = [
    path("contests/", views.contest_list, name="list"),
    path("contests/new/", views.new, name="new"),
    path("contests/<int:pk>/", views.page, name="page"),
    path("contests/<int:pk>/edit/", views.edit, name="edit"),
    path("contests/<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("contests/<int:pk>/count/", views.count, name="count"),
    path("contests/results/<int:pk>/edit/", views.edit_result, name="result_edit"),
    path("contests/results/<int:pk>/steps/<str:step>/", views.take_result_step, name="result_step"),
    path("contests/questions/", questions.question_list, name="questions"),
    path("contests/questions/new/", questions.new, name="question_new"),
    path("contests/questions/confirm/", questions.confirm, name="question_confirm"),
    path("contests/questions/import/", questions.bring_in, name="question_import"),
    path("contests/questions/template/", questions.workbook, name="question_template"),
    path("contests/questions/export/<str:kind>/", questions.export, name="question_export"),
    path("contests/questions/<int:pk>/", questions.question_page, name="question"),
    path("contests/questions/<int:pk>/edit/", questions.edit, name="question_edit"),
    path("contests/questions/<int:pk>/version/", questions.version, name="question_version"),
    path("contests/questions/<int:pk>/steps/<str:step>/", questions.take_step, name="question_step"),
    path("tests/", sitting.tests, name="tests"),
    re_path(rf"^tests/{CODE}/begin/$", sitting.begin, name="begin"),
    re_path(rf"^tests/{CODE}/answer/(?P<number>[0-9]{{1,3}})/$", sitting.answer, name="answer"),
    re_path(rf"^tests/{CODE}/hand-in/$", sitting.hand_in, name="hand_in"),
    re_path(rf"^tests/{CODE}/mine/$", sitting.mine, name="mine"),
    re_path(rf"^tests/{CODE}/certificate/$", sitting.certificate, name="certificate"),
]
