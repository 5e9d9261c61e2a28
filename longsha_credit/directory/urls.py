from django.urls import path

from longsha_credit.directory import views

app_name = "organisations"
urlpatterns = [
    path("", views.unit_list, name="list"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/add/", views.add, name="add"),
]
