from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "longsha_credit.directory"
    label = "directory"
    verbose_name = "单位和人员"
