"""pgtrigger's own app, but its triggers are made known at once: one by one, each is compared with all before it."""

from django.apps import apps
from pgtrigger import apps as pgtrigger_apps
from pgtrigger import registry
from pgtrigger.core import Trigger


def register_all() -> None:
    """Make the triggers of all models known. Raises KeyError where two of them would go by one name."""
    found = [(model, trigger) for model in apps.get_models() for trigger in _triggers_of(model)]
    for name in (
        lambda model, trigger: trigger.get_uri(model),
        lambda model, trigger: (model._meta.db_table, trigger.name),
        lambda model, trigger: trigger.get_pgid(model),
    ):
        taken: dict = {}
        for model, trigger in found:
            if taken.setdefault(name(model, trigger), trigger) != trigger:
                raise KeyError(f"{trigger.get_uri(model)}: another trigger has this name")
    registry._registry.data.update({trigger.get_uri(model): (model, trigger) for model, trigger in found})


def _triggers_of(model: type) -> list[Trigger]:
    return getattr(model._meta, "triggers", [])


class TriggersConfig(pgtrigger_apps.PGTriggerConfig):
    """With a thousand triggers the comparing took a second of the start of every process."""

    def ready(self) -> None:
        pgtrigger_apps.register_triggers_from_meta = register_all
        super().ready()
