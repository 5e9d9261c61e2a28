"""Desk addresses of summary reports."""

from django.urls import path

from evaluation.summary import views

app_name = "summaries"

urlpatterns = [
    path("", views.board, name="list"),
    path("export/", views.export, name="export"),
    path("begin/<int:year>/<int:unit>/", views.begin, name="begin"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/sections/<str:key>/", views.section, name="section"),
    path("<int:pk>/draw/", views.draw, name="draw"),
    path("<int:pk>/paper/", views.paper, name="paper"),
    path("<int:pk>/word/", views.word, name="word"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("receipts/<int:pk>/", views.receipt, name="receipt"),
    path("receipts/<int:pk>/word/", views.receipt_word, name="receipt_word"),
]
