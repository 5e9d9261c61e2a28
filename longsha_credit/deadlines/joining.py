"""The clocks of very many rows beside the rows themselves: joined as one set, never looked up row by row."""

from typing import Any

from django.db import models
from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.sql.where import WhereNode

CLOCK = "deadlines.Deadline"


class Clocks(models.ForeignObject):
    """On a model that clocks run for: its clocks as a relation for queries. No column, nothing to read on a row.

    A clock names its object by kind and number, for which Django has no relation of its own. A row may have many:
    narrow it by `with_clock`.
    """

    many_to_one = False
    one_to_many = True
    requires_unique_target = False

    def __init__(self) -> None:
        super().__init__(
            CLOCK, models.DO_NOTHING, from_fields=["id"], to_fields=["object_id"], related_name="+",
            null=True, editable=False, serialize=False,
        )  # fmt: skip

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = True, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, private_only=True, **kwargs)
        delattr(cls, name)  # Django's accessor would give one clock of many

    def get_extra_restriction(self, alias: str, related_alias: str) -> WhereNode:
        kind: Any = self.remote_field.model._meta.get_field("object_kind")
        return WhereNode([kind.get_lookup("exact")(kind.get_col(alias), self.model._meta.label_lower)])


def with_clock(rows: QuerySet, name: str, *, newest: bool = False, **which: Any) -> QuerySet:
    """Each row with its earliest clock among those `which` names, or the newest, as the relation `name`.

    `rows` are of a model with `clocks = Clocks()`; `which` are lookups of Deadline. What has no such clock stays, its
    columns being None.
    """
    condition = Q(**{f"clocks__{lookup}": value for lookup, value in which.items()})
    rows = rows.annotate(**{name: FilteredRelation("clocks", condition=condition)})
    clocks: Any = rows.model._meta.get_field("clocks").related_model
    others = clocks.objects.filter(
        object_kind=rows.model._meta.label_lower, object_id=OuterRef("pk"), **which
    )
    beside = {"pk__gt" if newest else "pk__lt": OuterRef(f"{name}__pk")}
    return rows.filter(~Exists(others.filter(**beside)))
