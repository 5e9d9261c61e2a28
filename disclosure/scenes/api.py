"""Open data of credit+ scenes: what stands on the public page of each, its months in numbers, and nothing else."""

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers

from disclosure.models import Scene, SceneKind
from disclosure.scenes import public_reading as reading
from longsha_credit.directory.api import (
    MISSING,
    TOO_MANY,
    WRONG,
    KeyAndName,
    OpenFilterSet,
    UnitName,
    by_unit,
    one_of,
)
from longsha_credit.publication.api import PublishedData, WithdrawnSerializer
from longsha_credit.publication.models import ServiceField

CODE_WORDS = "场景编号，CJ 开头：行政区划 6 位、年份、流水 6 位"
NEED_WORDS = "公共服务领域的标识，如 elderly-care"
STATES = {"going": "即将开始、正在进行或暂停", "over": "已结束或已期满"}


class MonthSerializer(serializers.Serializer):
    """一个月的数字；不满五的写“少于5”，和公开页面上的一样。"""

    month = serializers.CharField(source="told.month", help_text="月份，如 2026-10")
    participations = serializers.CharField(source="told.participations", help_text="参加人次")
    served = serializers.CharField(source="told.served", help_text="受益人数")
    satisfaction = serializers.CharField(source="told.satisfaction", help_text="回访的满意情况；没有的写空")
    target = serializers.IntegerField(help_text="当月目标人次")


class SceneSerializer(serializers.Serializer):
    """一个信用+场景的现行版本。列表里不含月度数字。"""

    code = serializers.CharField(help_text=CODE_WORDS)
    title = serializers.CharField(help_text="名称")
    organisation = UnitName(help_text="公开单位")
    kind = serializers.SerializerMethodField(help_text="场景类别")
    needs = serializers.ListField(child=serializers.CharField(), help_text="能帮上哪些事，公共服务领域的标识")
    service = serializers.CharField(help_text="服务内容")
    incentive_kind = serializers.SerializerMethodField(help_text="便利种类")
    incentive = serializers.CharField(help_text="守信带来的便利")
    beneficiaries = serializers.CharField(help_text="服务对象")
    eligibility = serializers.CharField(help_text="谁可以参加")
    joining = serializers.CharField(help_text="怎样参加")
    leaving = serializers.CharField(help_text="退出的说明")
    place = serializers.CharField(help_text="在哪里办")
    phone = serializers.CharField(help_text="联系电话")
    data_used = serializers.CharField(help_text="用到的个人信息")
    data_kept = serializers.CharField(help_text="保存多久")
    basis = serializers.CharField(help_text="依据")
    begins_on = serializers.DateField(help_text="开始日期")
    ends_on = serializers.DateField(allow_null=True, help_text="结束日期；没有的为空")
    monthly_target = serializers.IntegerField(help_text="每月目标人次")
    state = serializers.SerializerMethodField(help_text="现在怎样，如正在进行、暂停、已结束")
    version = serializers.IntegerField(help_text="现行是第几版")
    first_published_at = serializers.DateTimeField(
        source="publication.first_published_at", help_text="首次公开时间，由系统记录"
    )
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    @extend_schema_field(KeyAndName)
    def get_kind(self, it):
        return {"key": it.kind, "name": it.get_kind_display()}

    @extend_schema_field(KeyAndName)
    def get_incentive_kind(self, it):
        return {"key": it.incentive_kind, "name": it.get_incentive_kind_display()}

    def get_state(self, it) -> str:
        return it.standing(timezone.localdate())[1]

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(it.publication.get_absolute_url())


class WholeSceneSerializer(SceneSerializer):
    """一个信用+场景的现行版本，连同公布过的月度数字，新的在前。"""

    months = serializers.SerializerMethodField(help_text="公布过的月度数字")

    @extend_schema_field(MonthSerializer(many=True))
    def get_months(self, it):
        return MonthSerializer(reading.months_of(it), many=True).data


class SceneFilters(OpenFilterSet):
    organisation = by_unit("公开单位的编号")
    below = by_unit("单位编号，得到这个单位和它下面全部单位的场景", method="within")
    place = by_unit("单位编号，得到在那里能用的场景", method="usable")
    kind = one_of("场景类别", SceneKind.choices)
    need = extend_schema_field({"type": "string", "description": NEED_WORDS})(
        filters.ModelChoiceFilter(
            label=NEED_WORDS,
            queryset=lambda request: ServiceField.objects.public(),
            to_field_name="key",
            method="helps",
            error_messages={"invalid_choice": "没有这个领域，请用 elderly-care 这样的标识。"},
        )
    )
    state = one_of("还在办还是已经结束", [*STATES.items()], method="stands")

    def within(self, rows, name, unit):
        return rows.below(unit)

    def usable(self, rows, name, unit):
        return rows.at(unit)

    def helps(self, rows, name, field):
        return rows.for_need(field.key)

    def stands(self, rows, name, state):
        today = timezone.localdate()
        return rows.over(today) if state == "over" else rows.going(today)


@extend_schema_view(
    list=extend_schema(
        summary="信用+场景列表",
        description="现在公开的场景，首次公开晚的在前。不含月度数字，数字按编号逐个读取。",
        responses={
            200: OpenApiResponse(SceneSerializer(many=True), "一页场景"),
            400: WRONG,
            429: TOO_MANY,
        },
    ),
    retrieve=extend_schema(
        summary="一个信用+场景",
        description="按编号读取，连同月度数字。已撤下的回答 410 和公开的撤下理由。",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH, description=CODE_WORDS)],
        responses={
            200: OpenApiResponse(WholeSceneSerializer, "这个场景"),
            404: MISSING,
            410: OpenApiResponse(WithdrawnSerializer, "曾经公开，已撤下"),
            429: TOO_MANY,
        },
    ),
)
@extend_schema(tags=["信用+场景"])
class Scenes(PublishedData):
    """Scenes that stand published, by their code."""

    reads = (
        "publication_publication",
        "directory_organisation",
        "disclosure_scene",
        "disclosure_scenemonth",
        "publication_servicefield",
    )
    kind = "scene"
    taken_down = "这个场景已撤下，不再公开。"
    whole_serializer = WholeSceneSerializer
    serializer_class = SceneSerializer
    filterset_class = SceneFilters
    lookup_field = "code"
    lookup_value_regex = "CJ-[0-9]{6}-[0-9]{4}-[0-9]{6,9}"

    def get_queryset(self):
        return Scene.objects.public().with_names().order_by("-publication_id")
