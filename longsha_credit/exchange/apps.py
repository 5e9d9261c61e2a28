from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "longsha_credit.exchange"
    label = "exchange"
    verbose_name = "后台任务"

    def ready(self):
        from longsha_credit.exchange.imports import organisations, people, running, services

        services.register()
        running.register()
        organisations.register()
        people.register()
