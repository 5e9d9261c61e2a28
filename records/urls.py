"""Desk addresses of integrity records."""

from django.urls import path

from records import opinion_views, views

app_name = "records"

urlpatterns = [
    path("", views.record_list, name="list"),
    path("export/", views.export, name="export"),
    path("new/", views.new, name="new"),
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/new/", views.new_item, name="item_new"),
    path("catalogue/<int:pk>/edit/", views.edit_item, name="item_edit"),
    path("units/<int:pk>/", views.unit_file, name="file"),
    path("officials/<int:pk>/", views.official_file, name="official_file"),
    path("officials/<int:pk>/export/", views.official_export, name="official_export"),
    path("opinions/", opinion_views.opinion_list, name="opinions"),
    path("opinions/new/", opinion_views.new_opinion, name="opinion_new"),
    path("opinions/<int:pk>/", opinion_views.opinion, name="opinion"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/reveal/", views.reveal, name="reveal"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("<int:pk>/object/", views.object_to, name="object"),
    path("<int:pk>/repair/", views.ask_repair, name="ask_repair"),
    path("notices/<int:pk>/steps/<str:step>/", views.take_notice_step, name="notice_step"),
    path("objections/<int:pk>/steps/<str:step>/", views.take_objection_step, name="objection_step"),
    path("objections/<int:pk>/letter/", views.objection_letter, name="objection_letter"),
    path("repairs/<int:pk>/steps/<str:step>/", views.take_repair_step, name="repair_step"),
    path("repairs/<int:pk>/letter/", views.repair_letter, name="repair_letter"),
]
