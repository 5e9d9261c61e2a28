from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "longsha_credit.deadlines"
    label = "deadlines"
    verbose_name = "期限"
