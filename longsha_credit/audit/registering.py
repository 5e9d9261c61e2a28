"""All triggers are made known at once: pgtrigger compares each with all before it, a second of every process start."""

import pgtrigger.registry
from django.apps import apps


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
    pgtrigger.registry._registry.data.update(
        {trigger.get_uri(model): (model, trigger) for model, trigger in found}
    )


def _triggers_of(model: type) -> list[pgtrigger.Trigger]:
    return getattr(model._meta, "triggers", [])
