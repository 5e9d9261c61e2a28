from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "longsha_credit.programme"
    label = "programme"
    verbose_name = "创建工作"

    def ready(self):
        from longsha_credit.programme.education import hours, materials, services

        services.register()
        materials.register()
        hours.register()
