from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = "公开"

    def ready(self):
        from disclosure import documented, feeds, importing, services
        from disclosure.catalogue import importing as catalogue
        from disclosure.scenes import services as scenes

        services.register()
        importing.register()
        catalogue.register()
        scenes.register()
        feeds.register()
        documented.register()
