"""Desk addresses of results and rulings."""

from django.urls import path

from evaluation import views

app_name = "evaluation"

urlpatterns = [
    path("results/", views.result_list, name="results"),
    path("results/<int:pk>/", views.result, name="result"),
    path("results/<int:pk>/facts/<slug:key>/", views.fact, name="fact"),
    path("results/<int:pk>/marks/<int:indicator>/", views.mark, name="mark"),
    path("rulings/", views.ruling_list, name="rulings"),
    path("rulings/out/", views.propose, {"kind": "out"}, name="propose_out"),
    path("rulings/bonus/", views.propose, {"kind": "bonus"}, name="propose_bonus"),
    path("rulings/<int:pk>/", views.ruling, name="ruling"),
    path("rulings/<int:pk>/steps/<str:step>/", views.ruling_step, name="ruling_step"),
]
