"""Desk addresses of integrity education, below /desk/education/."""

from django.urls import path

from longsha_credit.programme.education import hours_views, material_views, views

app_name = "education"

urlpatterns = [
    path("", views.activity_list, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/summary/", views.summary, name="summary"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("<int:pk>/sheet/", views.sheet, name="sheet"),
    path("sheets/<int:pk>/edit/", views.edit_sheet, name="sheet_edit"),
    path("sheets/<int:pk>/steps/<str:step>/", views.take_sheet_step, name="sheet_step"),
    path("statistics/", views.statistics, name="statistics"),
    path("statistics/export/", views.export_statistics, name="statistics_export"),
    path("hours/", hours_views.people, name="hours"),
    path("hours/mine/", hours_views.mine, name="mine"),
    path("hours/people/<int:pk>/", hours_views.person, name="person"),
    path("hours/enter/", hours_views.sources, name="sources"),
    path("hours/enter/activity/<int:pk>/", hours_views.enter_activity, name="enter_activity"),
    path("hours/enter/course/", hours_views.enter_course, name="enter_course"),
    path("hours/enter/outside/", hours_views.enter_outside, name="enter_outside"),
    path("hours/confirm/", hours_views.confirm, name="hours_confirm"),
    path("hours/export/", hours_views.export, name="hours_export"),
    path("hours/<int:pk>/steps/<str:step>/", hours_views.take_step, name="hours_step"),
    path("courses/", hours_views.courses, name="courses"),
    path("courses/new/", hours_views.new_course, name="course_new"),
    path("courses/<int:pk>/edit/", hours_views.edit_course, name="course_edit"),
    path("courses/<int:pk>/retire/", hours_views.retire_course, name="course_retire"),
    path("minimum/<int:pk>/edit/", hours_views.edit_minimum, name="minimum"),
    path("materials/", material_views.material_list, name="materials"),
    path("materials/new/", material_views.new, name="material_new"),
    path("materials/<int:pk>/", material_views.page, name="material"),
    path("materials/<int:pk>/revise/", material_views.revise, name="material_revise"),
    path("editions/<int:pk>/edit/", material_views.edit, name="edition_edit"),
    path("editions/<int:pk>/steps/<str:step>/", material_views.take_step, name="edition_step"),
]
