"""Desk addresses of the gate."""

from django.urls import path

from longsha_credit.publication import check_views, views

app_name = "reviews"

urlpatterns = [
    path("", views.queue, name="list"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/justify/", views.justify, name="justify"),
    path("check/<str:kind>/<int:pk>/", check_views.check, name="check"),
    path("check/<str:kind>/<int:pk>/mask/", check_views.mask, name="mask"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
]
