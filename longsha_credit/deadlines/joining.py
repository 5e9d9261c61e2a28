"""The clocks of very many rows beside the rows themselves: joined as one set, never looked up row by row."""

from typing import Any

from django.db import models
from django.db.models import FilteredRelation, Q, QuerySet
from django.db.models.sql.where import WhereNode

CLOCK = "deadlines.Deadline"


class Clocks(models.ForeignObject):
    """On a model that clocks run for: its clocks as a relation for queries. No column, nothing to read on a row.

    A clock names its object by kind and number, for which Django has no relation of its own. A row may have many:
    narrow it by `with_newest`.
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


def with_newest(rows: QuerySet, name: str, *rules: str, **which: Any) -> QuerySet:
    """Each row with its newest clock under a rule as the relation `name`, where that is as `which`, lookups of Deadline.

    `rows` are of a model with `clocks = Clocks()`; a row without such a clock stays, its columns being None. The
    database holds that there is one of each rule: it is a plain join. Under several rules, or any where none is named,
    a row may have one of each, and stands once for each; the caller sees to it that it has not.
    """
    wanted = {"newest": True, **which} | ({"rule_key__in": rules} if rules else {})
    condition = Q(**{f"clocks__{lookup}": value for lookup, value in wanted.items()})
    return rows.annotate(**{name: FilteredRelation("clocks", condition=condition)})
