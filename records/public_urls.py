"""Public addresses of integrity records, below /records/; a number is JL, the year and six digits."""

from django.urls import path, re_path

from records import public_views as views

app_name = "public_records"

urlpatterns = [
    path("", views.record_list, name="list"),
    path("verify/", views.verify_opinion, name="verify_opinion"),
    path("catalogue/", views.catalogue, name="catalogue"),
    re_path(r"^(?P<number>JL[0-9]{10})/$", views.record_page, name="page"),
    re_path(
        r"^(?P<number>JL[0-9]{10})/versions/(?P<version>[0-9]{1,6})/$", views.version_page, name="version"
    ),
]
