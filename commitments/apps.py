from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "commitments"
    verbose_name = "承诺"

    def ready(self):
        from commitments import importing, national_importing, services
        from commitments.handover import services as handover
        from commitments.rectification import services as rectification

        services.register()
        importing.register()
        national_importing.register()
        rectification.register()
        handover.register()
