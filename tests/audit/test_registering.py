"""Triggers are made known all at once, and none is lost or goes by another's name."""

import pgtrigger
import pytest
from django.apps import apps

from longsha_credit.audit.models import Entry
from longsha_credit.audit.registering import register_all


def test_every_trigger_of_every_model_is_known():
    declared = {
        (model, trigger) for model in apps.get_models() for trigger in getattr(model._meta, "triggers", [])
    }
    assert set(pgtrigger.registered()) == declared


def test_a_second_trigger_of_the_same_name_is_refused(monkeypatch):
    twin = pgtrigger.Protect(name=Entry._meta.triggers[0].name, operation=pgtrigger.Delete)
    monkeypatch.setattr(Entry._meta, "triggers", [*Entry._meta.triggers, twin])
    with pytest.raises(KeyError):
        register_all()
