"""Public addresses of disclosure, below /disclosure/; a code is the index number a notice got when it was submitted."""

from django.urls import path, re_path

from disclosure import catalogue_public_views as catalogue
from disclosure import feeds
from disclosure import public_views as views

app_name = "public_disclosure"

CODE = r"^notices/(?P<code>GK-[0-9]{6}-[0-9]{4}-[0-9]{6,9})/"

urlpatterns = [
    path("", views.home, name="home"),
    path("topics/<slug:key>/", views.topic_page, name="topic"),
    path("topics/<slug:key>/feed/", feeds.of_topic, name="feed_topic"),
    path("topics/<slug:key>/rss/", feeds.of_topic, {"form": "rss"}, name="feed_topic_rss"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue.csv", catalogue.catalogue_file, {"kind": "csv"}, name="catalogue_csv"),
    path("catalogue.xlsx", catalogue.catalogue_file, {"kind": "xlsx"}, name="catalogue_xlsx"),
    path("notices/", views.notice_list, name="list"),
    re_path(CODE + "$", views.notice_page, name="page"),
    re_path(CODE + r"versions/(?P<number>[0-9]{1,6})/$", views.version_page, name="version"),
]
