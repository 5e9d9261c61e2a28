"""Open data of integrity education: the public text of each activity, numbers of people and never a name."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers

from longsha_credit.directory.api import (
    MISSING,
    TOO_MANY,
    WRONG,
    KeyAndName,
    OpenFilterSet,
    UnitName,
    by_unit,
    listed,
    one_of,
    single,
)
from longsha_credit.programme.education import public_reading as reading
from longsha_credit.programme.education.wording import standing, told
from longsha_credit.programme.models import ActivityKind, SheetStage, Theme
from longsha_credit.publication.api import PublishedData, WithdrawnSerializer

CODE_WORDS = "活动编号，JY 开头：行政区划 6 位、年份、流水 6 位"


class ActivitySerializer(serializers.Serializer):
    """一次公开的诚信教育活动：预告，或者办完以后的情况。"""

    code = serializers.CharField(source="activity.code", help_text=CODE_WORDS)
    title = serializers.CharField(help_text="标题")
    organisation = UnitName(help_text="举办单位")
    stage = serializers.SerializerMethodField(help_text="公开的是预告还是活动情况")
    kind = serializers.SerializerMethodField(help_text="形式")
    theme = serializers.SerializerMethodField(help_text="主题")
    audience = serializers.CharField(source="activity.audience_words", help_text="对象")
    day = serializers.DateField(help_text="日期")
    time = serializers.SerializerMethodField(help_text="开始时间，当地的，如 09:30:00；没有写明的为空")
    place = serializers.CharField(help_text="地点")
    speaker = serializers.CharField(help_text="主讲；没有写空")
    text = serializers.CharField(help_text="内容")
    outcome = serializers.CharField(help_text="成效；预告写空")
    attendance = serializers.SerializerMethodField(help_text="参加人次；1 至 4 人写“少于5”，预告写空")
    state = serializers.SerializerMethodField(help_text="现在怎样，如即将举办、已举办、已取消")
    version = serializers.IntegerField(source="publication.version", help_text="现行是第几版")
    first_published_at = serializers.DateTimeField(
        source="publication.first_published_at", help_text="首次公开时间，由系统记录"
    )
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    @extend_schema_field(KeyAndName)
    def get_stage(self, it):
        return {"key": it.stage, "name": it.get_stage_display()}

    @extend_schema_field(KeyAndName)
    def get_kind(self, it):
        return {"key": it.activity.kind, "name": it.activity.get_kind_display()}

    @extend_schema_field(KeyAndName)
    def get_theme(self, it):
        return {"key": it.activity.theme, "name": it.activity.get_theme_display()}

    def get_attendance(self, it) -> str:
        return told(it.attendance)

    @extend_schema_field({"type": "string", "nullable": True})
    def get_time(self, it):
        return it.time and it.time.isoformat()

    def get_state(self, it) -> str:
        return standing(it.activity, it.stage, timezone.localdate())[1]

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(it.publication.get_absolute_url())


class ActivityFilters(OpenFilterSet):
    organisation = by_unit("举办单位的编号")
    below = by_unit("单位编号，得到这个单位和它下面全部单位的活动", method="within")
    stage = one_of("公开的是预告还是活动情况", SheetStage.choices)
    kind = one_of("形式", ActivityKind.choices, field_name="activity__kind")
    theme = one_of("主题", Theme.choices, field_name="activity__theme")

    def within(self, rows, name, unit):
        return rows.filter(organisation__path__startswith=unit.path)


@extend_schema_view(
    list=extend_schema(
        summary="诚信教育活动列表",
        description="现在公开的活动，首次公开晚的在前。参加的只有人次，没有名单。",
        responses={
            200: OpenApiResponse(ActivitySerializer(many=True), "一页活动"),
            400: WRONG,
            429: TOO_MANY,
        },
    ),
    retrieve=extend_schema(
        summary="一次诚信教育活动",
        description="按编号读取。已撤下的回答 410 和公开的撤下理由。",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH, description=CODE_WORDS)],
        responses={
            200: OpenApiResponse(ActivitySerializer, "这次活动"),
            404: MISSING,
            410: OpenApiResponse(WithdrawnSerializer, "曾经公开，已撤下"),
            429: TOO_MANY,
        },
    ),
)
@extend_schema(tags=["诚信教育"])
class Activities(PublishedData):
    """Activities whose text stands published, by their code."""

    reads = (
        "publication_publication",
        "directory_organisation",
        "programme_activity",
        "programme_activitysheet",
    )
    kind = "activity"
    code_field = "activity__code"
    taken_down = "这次活动公开的内容已撤下，不再公开。"
    serializer_class = ActivitySerializer
    filterset_class = ActivityFilters
    lookup_field = "code"
    lookup_value_regex = "JY-[0-9]{6}-[0-9]{4}-[0-9]{6}"

    def get_queryset(self):
        return reading.sheets().order_by("-publication_id")


# --- materials -------------------------------------------------------------------------------------------------------

MATERIAL_WORDS = "资料编号，ZL 开头：行政区划 6 位、年份、流水 6 位"


class MaterialSerializer(serializers.Serializer):
    """一份公开的学习资料，现行版本。列表里不含正文。"""

    code = serializers.CharField(source="material.code", help_text=MATERIAL_WORDS)
    title = serializers.CharField(help_text="标题")
    organisation = UnitName(help_text="单位")
    theme = serializers.SerializerMethodField(help_text="主题")
    audiences = serializers.CharField(source="audience_words", help_text="对象")
    summary = serializers.CharField(help_text="摘要")
    source = serializers.CharField(help_text="来源")
    version = serializers.IntegerField(source="publication.version", help_text="现行是第几版")
    first_published_at = serializers.DateTimeField(
        source="publication.first_published_at", help_text="首次公开时间，由系统记录"
    )
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    @extend_schema_field(KeyAndName)
    def get_theme(self, it):
        return {"key": it.theme, "name": it.get_theme_display()}

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(it.publication.get_absolute_url())


class WholeMaterialSerializer(MaterialSerializer):
    """一份公开的学习资料，连同正文。"""

    text = serializers.CharField(source="body", help_text="正文；只有附件的写空")


class MaterialFilters(OpenFilterSet):
    organisation = by_unit("单位的编号")
    below = by_unit("单位编号，得到这个单位和它下面全部单位的资料", method="within")
    theme = one_of("主题", Theme.choices)

    def within(self, rows, name, unit):
        return rows.filter(organisation__path__startswith=unit.path)


@extend_schema_view(
    list=listed(
        "学习资料列表",
        "现在公开的学习资料，首次公开晚的在前。不含正文，按编号逐份读取。",
        MaterialSerializer,
        "一页资料",
    ),
    retrieve=single(
        "一份学习资料",
        "按编号读取，连同正文。已撤下的回答 410 和公开的撤下理由。",
        WholeMaterialSerializer,
        "code",
        MATERIAL_WORDS,
        gone=WithdrawnSerializer,
    ),
)
@extend_schema(tags=["诚信教育"])
class Materials(PublishedData):
    """Learning materials whose text stands published, by their code."""

    reads = (
        "publication_publication",
        "directory_organisation",
        "programme_material",
        "programme_materialedition",
    )
    kind = "material"
    code_field = "material__code"
    taken_down = "这份资料已撤下，不再公开。"
    serializer_class = MaterialSerializer
    whole_serializer = WholeMaterialSerializer
    filterset_class = MaterialFilters
    lookup_field = "code"
    lookup_value_regex = "ZL-[0-9]{6}-[0-9]{4}-[0-9]{6}"

    def get_queryset(self):
        return reading.editions().order_by("-publication_id")
