from django.urls import path

from longsha_credit.directory import account_views as views
from longsha_credit.directory import posting_views

app_name = "accounts"
urlpatterns = [
    path("", views.account_list, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/grant/", views.grant, name="grant"),
    path("<int:pk>/end/<int:membership>/", views.end, name="end"),
    path("<int:pk>/password/", views.password, name="password"),
    path("<int:pk>/official/", posting_views.account_official, name="official"),
    path("<int:pk>/active/", views.active, name="active"),
]
