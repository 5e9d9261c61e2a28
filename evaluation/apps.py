from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "考评"

    def ready(self):
        from evaluation import rechecking, running, services
        from evaluation.demonstration import services as demonstration
        from evaluation.importing import services as importing

        rechecking.register()
        running.register()
        services.register()
        importing.register()
        demonstration.register()
