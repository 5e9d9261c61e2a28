"""Desk addresses of sets of indicators."""

from django.urls import path

from evaluation.standards import views

app_name = "standards"

urlpatterns = [
    path("", views.set_list, name="list"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/copy/", views.copy, name="copy"),
    path("<int:pk>/compare/", views.compare, name="compare"),
    path("<int:pk>/try/", views.try_out, name="try"),
    path("<int:pk>/steps/<str:step>/", views.take_step, name="step"),
    path("<int:pk>/parts/<slug:kind>/", views.add_part, name="add"),
    path("<int:pk>/parts/<slug:kind>/<int:part>/", views.edit_part, name="part"),
    path("<int:pk>/parts/<slug:kind>/<int:part>/remove/", views.remove_part, name="remove"),
]
