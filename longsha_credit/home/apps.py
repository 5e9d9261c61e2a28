from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "longsha_credit.home"
    label = "home"
    verbose_name = "首页和待办"
