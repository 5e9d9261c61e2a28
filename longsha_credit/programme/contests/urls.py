"""Desk addresses of contests, of the question bank, and of officials' own tests."""

from django.urls import path

from longsha_credit.programme.contests import question_views as questions
from longsha_credit.programme.contests import sitting_views as sitting
from longsha_credit.programme.contests import views

app_name = "contests"

urlpatterns = [
    path("contests/", views.contest_list, name="list"),
    path("contests/new/", views.new, name="new"),
    path("contests/<int:pk>/", views.page, name="page"),
    path("contests/<int:pk>/edit/", views.edit, name="edit"),
    path("contests/<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("contests/<int:pk>/amend/", views.amend, name="amend"),
    path("contests/<int:pk>/count/", views.count, name="count"),
    path("contests/revisions/<int:pk>/edit/", views.edit_revision, name="revision_edit"),
    path("contests/revisions/<int:pk>/steps/<str:step>/", views.take_revision_step, name="revision_step"),
    path("contests/results/<int:pk>/edit/", views.edit_result, name="result_edit"),
    path("contests/results/<int:pk>/steps/<str:step>/", views.take_result_step, name="result_step"),
    path("contests/questions/", questions.question_list, name="questions"),
    path("contests/questions/new/", questions.new, name="question_new"),
    path("contests/questions/confirm/", questions.confirm, name="question_confirm"),
    path("contests/questions/<int:pk>/", questions.question_page, name="question"),
    path("contests/questions/<int:pk>/edit/", questions.edit, name="question_edit"),
    path("contests/questions/<int:pk>/version/", questions.version, name="question_version"),
    path("contests/questions/<int:pk>/steps/<str:step>/", questions.take_step, name="question_step"),
    path("tests/", sitting.tests, name="tests"),
    path("tests/<str:code>/begin/", sitting.begin, name="begin"),
    path("tests/<str:code>/answer/<int:number>/", sitting.answer, name="answer"),
    path("tests/<str:code>/hand-in/", sitting.hand_in, name="hand_in"),
    path("tests/<str:code>/mine/", sitting.mine, name="mine"),
    path("tests/<str:code>/certificate/", sitting.certificate, name="certificate"),
]
