"""Whether something that was brought in is used by now: asked of every table that points at it."""

from typing import Any

from django.db import models


def unused(model: type[models.Model], but: tuple[str, ...] = ()) -> str:
    """SQL over t, a row of `model`: true while no row of another table points at it.

    `but` are columns, as table.column, that may point at it. Only references the database holds are asked.
    """
    pointing = sorted(_references(model) - set(but))
    return " AND ".join(
        f"NOT EXISTS (SELECT FROM {table} x WHERE x.{column} = t.id)"
        for table, column in (place.split(".") for place in pointing)
    )


def _references(model: type[models.Model]) -> set[str]:
    found: set[str] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        field: Any = getattr(relation, "field", None)
        held = isinstance(field, models.ForeignKey) and field.db_constraint
        if held and relation.auto_created and not relation.concrete:
            found.add(f"{field.model._meta.db_table}.{field.column}")
    return found
