"""Public addresses of commitments, below /commitments/; a code is the 20 digits of the national format."""

from django.urls import path, re_path

from commitments import letter_public_views as letters
from commitments import public_views as views

app_name = "public_commitments"

urlpatterns = [
    path("", views.obligation_list, name="list"),
    re_path(r"^(?P<code>[0-9]{20})/$", views.obligation_page, name="page"),
    re_path(r"^(?P<code>[0-9]{20})/letter/$", letters.letter, name="letter"),
    re_path(r"^(?P<code>[0-9]{20})/letter\.docx$", letters.letter_file, name="letter_file"),
    re_path(r"^(?P<code>[0-9]{20})/versions/(?P<number>[0-9]{1,6})/$", views.version_page, name="version"),
]
