"""Open data of the coverage: how much of what a unit has to publish is there, and how much of that is fresh."""

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from disclosure.coverage import public_reading as reading
from longsha_credit.directory.api import (
    PUBLIC_LEVELS,
    KeyAndName,
    OpenData,
    OpenFilterSet,
    UnitName,
    by_unit,
    listed,
    one_of,
    single,
)


class CoverageSerializer(serializers.Serializer):
    """一个单位按公开目录应当公开的事项现在怎样，不含它下面的单位。"""

    organisation = UnitName(source="*", help_text="单位")
    level = serializers.ChoiceField(choices=PUBLIC_LEVELS, help_text="层级")
    owed = serializers.IntegerField(source="counts.total", help_text="应公开的事项数")
    filled = serializers.IntegerField(source="counts.filled", help_text="有内容的事项数")
    current = serializers.IntegerField(source="counts.current", help_text="有内容、没有过更新期的事项数")
    fresh = serializers.IntegerField(source="counts.fresh", help_text="在更新期内的事项数")
    due = serializers.IntegerField(source="counts.due", help_text="快到更新日的事项数")
    stale = serializers.IntegerField(source="counts.stale", help_text="该更新没更新的事项数")
    empty = serializers.IntegerField(source="counts.empty", help_text="还没有内容的事项数")
    newest_on = serializers.DateField(
        source="counts.newest_on", allow_null=True, help_text="最近公开的日期；还没有内容的为空"
    )
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, unit) -> str:
        return self.context["request"].build_absolute_uri(reverse("unit", args=[unit.pk]))


class CellSerializer(serializers.Serializer):
    """一个应公开的事项。"""

    topic = serializers.SerializerMethodField(help_text="公开事项，标识见公开目录")
    number = serializers.IntegerField(help_text="现在公开的、有效的有几份")
    state = serializers.SerializerMethodField(help_text="现在怎样")

    @extend_schema_field(KeyAndName)
    def get_topic(self, cell):
        return {"key": cell.topic_key, "name": cell.topic}

    @extend_schema_field(KeyAndName)
    def get_state(self, cell):
        return {"key": cell.state, "name": cell.label}


class WholeCoverageSerializer(CoverageSerializer):
    """一个单位公开得怎样，连同逐个事项。"""

    topics = serializers.SerializerMethodField(help_text="应公开的事项，按目录的序号")

    @extend_schema_field(CellSerializer(many=True))
    def get_topics(self, unit):
        return CellSerializer(reading.cells_of(unit, timezone.localdate()), many=True).data


class CoverageFilters(OpenFilterSet):
    level = one_of("层级", PUBLIC_LEVELS)
    below = by_unit("单位编号，得到这个单位和它下面的全部单位", method="within")

    def within(self, rows, name, unit):
        return rows.below(unit)


@extend_schema_view(
    list=listed(
        "公开得怎样",
        "各单位按公开目录应当公开的事项里，有多少已经有内容，有多少按时更新。一个单位的一个事项算一项；被取代、过期、撤下的内容不算。",
        CoverageSerializer,
        "一页单位",
    ),
    retrieve=single(
        "一个单位公开得怎样",
        "按单位编号读取，连同逐个事项。",
        WholeCoverageSerializer,
        "id",
        "单位编号",
        kind=int,
    ),
)
@extend_schema(tags=["公开目录"])
class Coverage(OpenData):
    """Units that owe something by the catalogue."""

    reads = (
        "disclosure_duty", "disclosure_topic", "disclosure_notice", "publication_publication", "deadlines_deadline",
        "deadlines_rule", "directory_organisation",
    )  # fmt: skip
    serializer_class = CoverageSerializer
    filterset_class = CoverageFilters
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        return reading.units().with_place().order_by("place", "path")

    def get_serializer_class(self):
        return WholeCoverageSerializer if self.detail else CoverageSerializer

    def prepared(self, rows):
        counts = reading.counts_of(rows, timezone.localdate())
        for row in rows:
            row.counts = counts[row.pk]
        return rows
