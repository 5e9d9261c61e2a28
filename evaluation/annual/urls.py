"""Desk addresses of the annual evaluation."""

from django.urls import path

from evaluation.annual import proposal_views, views

app_name = "annual"

urlpatterns = [
    path("", views.years, name="list"),
    path("open/<int:number>/", views.open_year, name="open"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/tell/", views.tell_many, name="tell"),
    path("<int:pk>/decide/", views.decide_many, name="decide"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("<int:pk>/league/", views.league, name="league"),
    path("<int:pk>/exports/", views.exports, name="exports"),
    path("<int:pk>/exports/<str:key>/", views.export, name="export"),
    path("outcomes/<int:pk>/", views.outcome, name="outcome"),
    path("outcomes/<int:pk>/steps/<str:step>/", views.take_outcome_step, name="outcome_step"),
    path("outcomes/<int:pk>/anew/", views.take_anew, name="take_anew"),
    path("outcomes/<int:pk>/paper/", views.paper, name="paper"),
    path("outcomes/<int:pk>/word/", views.word, name="word"),
    path("outcomes/<int:pk>/officials/", views.officials, name="officials"),
    path("outcomes/<int:pk>/proposals/", proposal_views.new, name="proposal_new"),
    path("proposals/<int:pk>/", proposal_views.page, name="proposal"),
    path("proposals/<int:pk>/edit/", proposal_views.edit, name="proposal_edit"),
    path("proposals/<int:pk>/steps/<str:step>/", proposal_views.take_step, name="proposal_step"),
    path("proposals/<int:pk>/word/", proposal_views.word, name="proposal_word"),
]
