from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "longsha_credit.audit"
    label = "audit"
    verbose_name = "办理留痕"
