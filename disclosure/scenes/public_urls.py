"""Public addresses of scenes, below /scenes/; a code is such as CJ-230202-2026-000001."""

from django.urls import path, re_path

from disclosure.scenes import public_views as views

app_name = "public_scenes"

CODE = r"(?P<code>CJ-[0-9]{6}-[0-9]{4}-[0-9]{6})"

urlpatterns = [
    path("", views.scene_list, name="list"),
    path("feed/", views.feed, name="feed"),
    re_path(rf"^{CODE}/$", views.scene_page, name="page"),
    re_path(rf"^{CODE}/versions/(?P<number>[0-9]{{1,6}})/$", views.version_page, name="version"),
]
