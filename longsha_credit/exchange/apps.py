from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "longsha_credit.exchange"
    label = "exchange"
    verbose_name = "后台任务"
