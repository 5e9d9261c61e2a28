from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = "公开"

    def ready(self):
        from disclosure import feeds, importing, services
        from disclosure.scenes import services as scenes

        services.register()
        importing.register()
        scenes.register()
        feeds.register()
