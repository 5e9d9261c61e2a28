from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "考评"

    def ready(self):
        from evaluation import facts
        from evaluation.importing import services as importing

        facts.register()
        importing.register()
