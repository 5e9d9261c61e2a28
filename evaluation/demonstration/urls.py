"""Desk addresses of demonstration units, below /desk/evaluation/demonstration/."""

from django.urls import path

from evaluation.demonstration import office_views as office
from evaluation.demonstration import sitting_views as sitting
from evaluation.demonstration import views

app_name = "demonstration"

urlpatterns = [
    path("", views.application_list, name="list"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/reason/", views.edit_reason, name="reason"),
    path("<int:pk>/visit/", views.visit, name="visit"),
    path("<int:pk>/award/", office.new_award, name="award_new"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("items/<int:pk>/", views.item, name="item"),
    path("cycles/new/", office.new_cycle, name="cycle_new"),
    path("cycles/<int:pk>/", office.cycle, name="cycle"),
    path("cycles/<int:pk>/edit/", office.edit_cycle, name="cycle_edit"),
    path("cycles/<int:pk>/apply/", views.apply, name="apply"),
    path("cycles/<int:pk>/approval/", office.approval, name="approval"),
    path("cycles/<int:pk>/facts/", office.facts, name="facts"),
    path("cycles/<int:pk>/panel/", office.panel, name="panel"),
    path("cycles/<int:pk>/scores/", office.scores, name="scores"),
    path("cycles/<int:pk>/notice/", office.new_notice, name="notice_new"),
    path("cycles/<int:pk>/steps/<str:step>/", office.take_cycle_step, name="cycle_step"),
    path("seats/<int:pk>/", sitting.seat, name="seat"),
    path("seats/<int:pk>/steps/<str:step>/", sitting.take_seat_step, name="seat_step"),
    path("scores/<int:pk>/", sitting.explain, name="explain"),
    path("notices/<int:pk>/", office.notice, name="notice"),
    path("notices/<int:pk>/object/", views.object_to, name="object"),
    path("notices/<int:pk>/edit/", office.edit_notice, name="notice_edit"),
    path("notices/<int:pk>/steps/<str:step>/", office.take_notice_step, name="notice_step"),
    path("objections/<int:pk>/", office.objection, name="objection"),
    path("objections/<int:pk>/read/", office.read_objection, name="objection_read"),
    path("objections/<int:pk>/steps/<str:step>/", office.take_objection_step, name="objection_step"),
    path("awards/<int:pk>/", office.award, name="award"),
    path("awards/<int:pk>/edit/", office.edit_award, name="award_edit"),
    path("awards/<int:pk>/recheck/", office.recheck, name="recheck"),
    path("awards/<int:pk>/paper/", office.paper, name="paper"),
    path("awards/<int:pk>/word/", office.paper_word, name="paper_word"),
    path("awards/<int:pk>/steps/<str:step>/", office.take_award_step, name="award_step"),
]
