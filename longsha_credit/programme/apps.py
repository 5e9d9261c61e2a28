from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "longsha_credit.programme"
    label = "programme"
    verbose_name = "创建工作"

    def ready(self):
        from longsha_credit.programme.tasking import issuing, services

        services.register()
        issuing.register()
        from longsha_credit.programme.contests import services as contests

        contests.register()
        from longsha_credit.programme.inspections import services as inspections

        inspections.register()
