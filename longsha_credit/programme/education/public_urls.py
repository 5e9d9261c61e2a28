"""Public addresses of integrity education, below /education/; codes are such as JY-230202-2026-000001."""

from django.urls import path, re_path

from longsha_credit.programme.education import public_views as views

app_name = "public_education"

ACTIVITY = r"activities/(?P<code>JY-[0-9]{6}-[0-9]{4}-[0-9]{6})"
MATERIAL = r"materials/(?P<code>ZL-[0-9]{6}-[0-9]{4}-[0-9]{6})"
VERSION = r"versions/(?P<number>[0-9]{1,6})/$"

urlpatterns = [
    path("", views.overview, name="home"),
    path("feed/", views.feed, name="feed"),
    path("activities/", views.activities, name="activities"),
    path("materials/", views.materials, name="materials"),
    re_path(rf"^{ACTIVITY}/$", views.activity, name="activity"),
    re_path(rf"^{ACTIVITY}/{VERSION}", views.activity_version, name="activity_version"),
    re_path(rf"^{MATERIAL}/$", views.material, name="material"),
    re_path(rf"^{MATERIAL}/{VERSION}", views.material_version, name="material_version"),
]
