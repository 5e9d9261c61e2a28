"""Desk addresses of official documents."""

from django.urls import path

from longsha_credit.exchange.official import views

app_name = "documents"

urlpatterns = [
    path("", views.document_list, name="list"),
    path("export/", views.export, name="export"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/file/", views.file, name="file"),
    path("of/<slug:kind>/<int:pk>/", views.draft, name="draft"),
    path("of/<slug:kind>/<int:pk>/word/", views.draft_word, name="draft_word"),
    path("of/<slug:kind>/<int:pk>/issue/", views.issue, name="issue"),
    path("words/", views.words, name="words"),
    path("words/<int:pk>/<slug:kind>/", views.set_word, name="word"),
    path("templates/", views.template_list, name="templates"),
    path("templates/<int:pk>/", views.template, name="template"),
    path("templates/<int:pk>/file/", views.template_file, name="template_file"),
    path("templates/<int:pk>/trial/", views.trial, name="trial"),
    path("templates/<int:pk>/step/<str:step>/", views.template_step, name="template_step"),
    path("templates/kind/<slug:kind>/", views.template_kind, name="kind"),
    path("templates/kind/<slug:kind>/ours/", views.ours, name="ours"),
    path("templates/kind/<slug:kind>/new/", views.upload, name="upload"),
]
