from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "考评"

    def ready(self):
        from evaluation import rechecking, running, services
        from evaluation.annual import documented as annual_documented
        from evaluation.demonstration import services as demonstration
        from evaluation.importing import resources
        from evaluation.importing import services as importing
        from evaluation.summary import documented as summary_documented

        rechecking.register()
        running.register()
        services.register()
        importing.register()
        resources.register()
        demonstration.register()
        annual_documented.register()
        summary_documented.register()
