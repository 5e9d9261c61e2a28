"""Public addresses of the ledger, below /rectification/; a number is TZ, the district's six digits, year and serial."""

from django.urls import path, re_path

from commitments.rectification import public_views as views

app_name = "public_rectification"
NUMBER = "(?P<number>TZ-[0-9]{6}-[0-9]{4}-[0-9]{4,8})"

urlpatterns = [
    path("", views.item_list, name="list"),
    re_path(rf"^{NUMBER}/$", views.item_page, name="page"),
    re_path(rf"^{NUMBER}/versions/(?P<version>[0-9]{{1,6}})/$", views.version_page, name="version"),
]
