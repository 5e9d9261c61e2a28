"""Public addresses of figures, below a unit's own address."""

from django.urls import path

from evaluation import public_views as views

app_name = "figures"

urlpatterns = [path("<str:key>/", views.figure, name="figure")]
