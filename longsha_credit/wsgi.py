"""The web server's door: Django below URL_PREFIX, whether or not the proxy in front has taken the prefix off."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import set_script_prefix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "longsha_credit.settings")

# STATIC_URL is worked out once, when the first middleware asks for it; Django sets the prefix only with a request
set_script_prefix(settings.PREFIX)
portal = get_wsgi_application()
PREFIX = settings.PREFIX.encode().decode("latin-1")  # as PEP 3333 writes paths


def application(environ, start_response):
    path = environ.get("PATH_INFO", "")
    if f"{path}/".startswith(PREFIX):
        environ["PATH_INFO"] = "/" + path[len(PREFIX) :]
    # RFC 2231 parameters have no place in a request's Content-Type; Django stumbles over an unknown charset in them
    if "*=" in environ.get("CONTENT_TYPE", "").replace(" ", ""):
        environ["CONTENT_TYPE"] = ""
    return portal(environ, start_response)
