"""Migrations that add rules without drawing every model anew for each of them, which took most of a first start."""

import copy
from collections.abc import Callable
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import AddField
from django.db.migrations.operations.models import CreateModel, IndexOperation
from django.db.migrations.state import ProjectState

StateChange = Callable[[str, ProjectState], Any]


class QuietMigration(migrations.Migration):
    """Constraints, indexes and triggers change no column, so that the models drawn before them still fit.

    A new model is drawn beside them: nothing refers to it yet. A model with a new column is drawn anew alone: the
    others know an earlier one under its name, which is enough for changing tables. Before code of a migration runs,
    Django draws everything anew (`is_delayed`).
    """

    def __init__(self, name: str, app_label: str):
        super().__init__(name, app_label)
        self.operations = [_quiet(operation) for operation in self.operations]


def _quiet(operation: Operation) -> Operation:
    if not isinstance(operation, AddField | CreateModel | IndexOperation):
        return operation
    quiet = copy.copy(operation)
    changed = {operation.model_name_lower} if isinstance(operation, AddField) else set()
    quiet.state_forwards = _quietly(operation.state_forwards, changed)
    return quiet


def _quietly(change: StateChange, changed: set[str]) -> StateChange:
    """`changed`: names of models that must be drawn anew although they were there before."""

    def state_forwards(app_label: str, state: ProjectState) -> None:
        drawn, before = state.__dict__.pop("apps", None), set(state.models)
        change(app_label, state)
        if drawn is not None:
            state.__dict__["apps"] = drawn
            for name in changed:
                drawn.unregister_model(app_label, name)
                state.is_delayed = True
            anew = (state.models.keys() - before) | {(app_label, name) for name in changed}
            drawn.render_multiple([state.models[key] for key in anew])

    return state_forwards
