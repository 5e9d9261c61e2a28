from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "longsha_credit.programme"
    label = "programme"
    verbose_name = "创建工作"

    def ready(self):
        from longsha_credit.programme.contests import importing
        from longsha_credit.programme.contests import services as contests
        from longsha_credit.programme.education import hours, materials
        from longsha_credit.programme.education import importing as hours_tables
        from longsha_credit.programme.education import services as education
        from longsha_credit.programme.inspections import documented as inspections_documented
        from longsha_credit.programme.inspections import services as inspections
        from longsha_credit.programme.tasking import importing as bringing
        from longsha_credit.programme.tasking import issuing
        from longsha_credit.programme.tasking import services as tasking

        tasking.register()
        issuing.register()
        inspections.register()
        inspections_documented.register()
        education.register()
        materials.register()
        hours.register()
        hours_tables.register()
        contests.register()
        importing.register()
        bringing.register()
