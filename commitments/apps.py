from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "commitments"
    verbose_name = "承诺"

    def ready(self):
        from commitments import documented, importing, national_importing, services
        from commitments.handover import documented as handover_documented
        from commitments.handover import services as handover
        from commitments.rectification import documented as rectification_documented
        from commitments.rectification import services as rectification

        services.register()
        importing.register()
        national_importing.register()
        rectification.register()
        handover.register()
        documented.register()
        rectification_documented.register()
        handover_documented.register()
