"""Open data of the terms: what each holder of a unit's lead post made, took over and got done, by number, never by name."""

from typing import Any

from django.db.models import F
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from commitments.handover import metrics
from commitments.models import Obligation
from longsha_credit.directory.api import OpenFilterSet, OpenList, UnitName, by_unit, listed
from longsha_credit.directory.models import Posting

SIDES = {"made": "任期内作出", "inherited": "开始时接手"}
# what was taken down is in the log of corrections and counted nowhere here
FATES = {key: words for key, words in metrics.FATES.items() if key != "withdrawn"}


class TermSerializer(serializers.Serializer):
    """一个单位的一任：换人不换账，责任在单位，只写第几任，不写是谁。"""

    organisation = UnitName(source="post.parent", help_text="单位")
    number = serializers.IntegerField(source="term.number", help_text="第几任")
    starts_on = serializers.DateField(source="started_on", help_text="到任日期")
    until = serializers.DateField(
        source="term.until", allow_null=True, help_text="下一任到任的日期；现任为空"
    )
    vacant = serializers.BooleanField(source="term.is_vacant", help_text="岗位现在是不是空缺")
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    def get_fields(self) -> dict[str, Any]:
        """Before the address the counts: for both lists how many in all, and how many ended in which way."""
        fields = super().get_fields()
        url = fields.pop("url")
        for side, words in SIDES.items():
            fields[side] = serializers.IntegerField(help_text=f"{words}的承诺，件")
            for fate, ended in FATES.items():
                fields[f"{side}_{fate}"] = serializers.IntegerField(help_text=f"{words}、{ended}的承诺，件")
        return {**fields, "url": url}

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(
            reverse("public_terms:unit", args=[it.post.parent_id])
        )


class TermFilters(OpenFilterSet):
    organisation = by_unit("单位的编号", field_name="post__parent")
    below = by_unit("单位编号，得到这个单位和它下面全部单位的任期", method="within")

    def within(self, rows, name, unit):
        return rows.filter(post__parent__path__startswith=unit.path)


@extend_schema_view(
    list=listed(
        "任期台账",
        "各单位负责人岗的每一任作出、接手、办成了多少公开承诺，按单位、从第一任起。任期结束的按结束那天算，现任的按今天算；"
        "上一任没有办结的两项相加，就是下一任接手的。",
        TermSerializer,
        "一页任期",
    )
)
@extend_schema(tags=["任期台账"])
class Terms(OpenList):
    """The terms of all units with a public page."""

    reads = (
        "directory_posting", "directory_organisation", "commitments_obligation", "publication_publication",
    )  # fmt: skip
    serializer_class = TermSerializer
    filterset_class = TermFilters

    def get_queryset(self):
        return (
            Posting.objects.public()
            .annotate(path=F("post__parent__path"))
            .order_by("path", "started_on", "id")
        )

    def prepared(self, rows):
        units = list({row.post.parent_id for row in rows})
        terms = metrics.terms_of_each(units, Obligation.objects.public())
        for row in rows:
            row.term = terms[row.post.parent_id][row.pk]
            for side, _, promises, counts in row.term.sides:
                setattr(row, side, len(promises))
                for fate, _, number in counts:
                    setattr(row, f"{side}_{fate}", number)
        return rows
