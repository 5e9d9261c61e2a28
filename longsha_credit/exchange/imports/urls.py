"""Desk addresses of imports, and of tables going out in the same columns."""

from django.urls import path

from longsha_credit.exchange.imports import views

app_name = "imports"

urlpatterns = [
    path("", views.import_list, name="list"),
    path("new/", views.choose, name="choose"),
    path("new/<slug:kind>/", views.new, name="new"),
    path("new/<slug:kind>/template/", views.template, name="template"),
    path("export/<slug:kind>/", views.export, name="export"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<int:pk>/recheck/", views.recheck, name="recheck"),
    path("<int:pk>/annotated/", views.annotated, name="annotated"),
]
