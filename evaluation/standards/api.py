"""Open data of the standards: each set in force or retired, its headings, indicators and how they count."""

from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from evaluation.checks import in_points
from evaluation.models import IndicatorSet, SetState
from evaluation.standards import reading
from longsha_credit.directory.api import KeyAndName, OpenData, OpenFilterSet, listed, one_of, single
from longsha_credit.directory.models import Level

LEVELS = [choice for choice in Level.choices if choice[0] != Level.DISTRICT]
STATES = [choice for choice in SetState.choices if choice[0] != SetState.DRAFT]


class IndicatorSerializer(serializers.Serializer):
    """一条二级指标。"""

    title = serializers.CharField(help_text="指标")
    points = serializers.CharField(source="points_words", help_text="分值，满分一百分里占多少")
    way = serializers.SerializerMethodField(help_text="计分方式：系统测算还是人工评审")
    measured = serializers.ListField(
        child=serializers.CharField(), help_text="怎样算，每行一种；人工评审的没有"
    )
    steps = serializers.ListField(child=serializers.CharField(), help_text="评分档次；没有档次的没有")
    formula = serializers.CharField(help_text="计算方法")
    evidence = serializers.CharField(help_text="看什么材料")

    @extend_schema_field(KeyAndName)
    def get_way(self, it):
        return {"key": it.way, "name": it.get_way_display()}


class HeadingSerializer(serializers.Serializer):
    """一项一级指标，对应方案的一项任务。"""

    number = serializers.IntegerField(source="heading.number", help_text="方案九项任务里的第几项")
    title = serializers.CharField(source="heading.title", help_text="名称")
    points = serializers.CharField(source="words", help_text="分值")
    indicators = IndicatorSerializer(many=True, help_text="二级指标")


class StandardSerializer(serializers.Serializer):
    """一级单位在一个年度的创建指标，某一版。"""

    id = serializers.IntegerField(source="pk", help_text="编号")
    year = serializers.IntegerField(source="year.number", help_text="年度")
    level = serializers.SerializerMethodField(help_text="用于哪一级单位")
    edition = serializers.IntegerField(source="version", help_text="第几版")
    title = serializers.CharField(help_text="名称")
    basis = serializers.CharField(help_text="依据")
    state = serializers.SerializerMethodField(help_text="启用还是停用")
    candidate_line = serializers.SerializerMethodField(help_text="示范候选线，分")
    pass_line = serializers.SerializerMethodField(help_text="达标线，分")
    nurture_line = serializers.SerializerMethodField(help_text="培育线，分")
    frozen_at = serializers.DateTimeField(help_text="启用时间")
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    @extend_schema_field(KeyAndName)
    def get_level(self, it):
        return {"key": it.level, "name": it.get_level_display()}

    @extend_schema_field(KeyAndName)
    def get_state(self, it):
        return {"key": it.state, "name": it.get_state_display()}

    def get_candidate_line(self, it) -> str:
        return in_points(it.candidate_line)

    def get_pass_line(self, it) -> str:
        return in_points(it.pass_line)

    def get_nurture_line(self, it) -> str:
        return in_points(it.nurture_line)

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(reverse("public_standards:page", args=[it.pk]))


class WholeStandardSerializer(StandardSerializer):
    """一版创建指标，连同各级指标。"""

    headings = serializers.SerializerMethodField(help_text="一级指标和它下面的二级指标")

    @extend_schema_field(HeadingSerializer(many=True))
    def get_headings(self, it):
        return HeadingSerializer(reading.parts_of(it), many=True).data


class StandardFilters(OpenFilterSet):
    level = one_of("用于哪一级单位", LEVELS)
    state = one_of("启用还是停用", STATES)
    year = filters.NumberFilter(label="四位年份", field_name="year__number", min_value=2021, max_value=2100)


@extend_schema_view(
    list=listed(
        "创建指标列表",
        "启用和停用过的各版，新的在前。不含指标，按编号逐版读取。",
        StandardSerializer,
        "一页创建指标",
    ),
    retrieve=single(
        "一版创建指标",
        "按编号读取，连同各级指标。",
        WholeStandardSerializer,
        "id",
        "编号，见列表里的 id",
        kind=int,
    ),
)
@extend_schema(tags=["创建指标"])
class Standards(OpenData):
    """Sets of indicators that are or were in force."""

    reads = (
        "evaluation_indicatorset",
        "evaluation_heading",
        "evaluation_indicator",
        "programme_year",
        "directory_organisation",
    )
    serializer_class = StandardSerializer
    filterset_class = StandardFilters
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        return IndicatorSet.objects.public().with_names().order_by("-pk")

    def get_serializer_class(self):
        return WholeStandardSerializer if self.detail else StandardSerializer
