from django.urls import path

from longsha_credit.files import views

urlpatterns = [path("", views.file, name="file")]
