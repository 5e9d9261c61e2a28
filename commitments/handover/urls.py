"""Desk addresses of handovers, below /desk/handovers/."""

from django.urls import path

from commitments.handover import views

app_name = "handovers"

urlpatterns = [
    path("", views.handover_list, name="list"),
    path("start/<int:posting>/", views.start, name="start"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<int:pk>/incoming/", views.incoming, name="incoming"),
    path("<int:pk>/paper/", views.paper, name="paper"),
    path("<int:pk>/sheet/", views.sheet_page, name="sheet"),
    path("<int:pk>/document/", views.document, name="document"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("papers/<int:pk>/steps/<str:step>/", views.take_paper_step, name="paper_step"),
    path("items/<int:pk>/dispute/", views.dispute, name="dispute"),
    path("disputes/<int:pk>/settle/", views.settle, name="settle"),
    path("units/<int:pk>/terms/", views.terms, name="terms"),
    path("units/<int:pk>/merge/", views.merge, name="merge"),
    path("units/<int:pk>/rename/", views.rename, name="rename"),
]
