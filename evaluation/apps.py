from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "考评"

    def ready(self):
        from evaluation.demonstration import services as demonstration

        demonstration.register()
