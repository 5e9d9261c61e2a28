from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "诚信记录"

    def ready(self):
        from records import documented, importing, services

        services.register()
        importing.register()
        documented.register()
