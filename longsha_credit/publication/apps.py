from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "longsha_credit.publication"
    label = "publication"
    verbose_name = "公开"
