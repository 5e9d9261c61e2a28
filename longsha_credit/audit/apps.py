import pgtrigger.apps
from django.apps import AppConfig

from longsha_credit.audit.registering import register_all

# Here and not in ready(): pgtrigger's own is called before ours.
pgtrigger.apps.register_triggers_from_meta = register_all


class AuditConfig(AppConfig):
    name = "longsha_credit.audit"
    label = "audit"
    verbose_name = "办理留痕"
