from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "longsha_credit.programme"
    label = "programme"
    verbose_name = "创建工作"
