from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "longsha_credit.files"
    label = "files"
    verbose_name = "文件"
