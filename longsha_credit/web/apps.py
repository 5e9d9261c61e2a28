"""The web package as a Django app, so that its static files and tags are found."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "longsha_credit.web"
    label = "web"
    verbose_name = "页面"
