"""Open data of integrity records: what stands on the public page of each, and nothing else."""

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

from longsha_credit.directory.api import (
    MISSING,
    TOO_MANY,
    WRONG,
    OpenData,
    OpenFilterSet,
    by_unit,
    listed,
    one_of,
    single,
)
from longsha_credit.publication.api import PublishedData
from records import public_reading as reading
from records.models import CatalogueItem, Dimension, Record, RecordKind


class Labelled(serializers.Serializer):
    """清单里的一个选项：机器用的标识和名称。"""

    key = serializers.CharField(help_text="标识")
    name = serializers.CharField(help_text="名称")


class SubjectUnit(serializers.Serializer):
    """记录的主体，只有单位。"""

    id = serializers.IntegerField(source="organisation_id", help_text="单位编号")
    name = serializers.CharField(source="subject_name", help_text="作出时的名称")


class RecordSerializer(serializers.Serializer):
    """一条公示中的单位诚信记录。栏目与公开页面相同，不含任何个人。"""

    number = serializers.CharField(help_text="记录编号，JL 加 10 位数字")
    title = serializers.CharField(help_text="标题")
    organisation = SubjectUnit(source="*", help_text="单位")
    kind = serializers.SerializerMethodField(help_text="守信或失信")
    dimension = serializers.SerializerMethodField(help_text="方面")
    source = serializers.SerializerMethodField(help_text="来源")
    part = serializers.SerializerMethodField(help_text="单位在事件中是当事还是只是涉及")
    item = serializers.CharField(help_text="清单事项的编号和名称")
    basis = serializers.CharField(source="item.basis", help_text="记录依据")
    facts = serializers.CharField(help_text="事实")
    document_number = serializers.CharField(help_text="文号")
    issuing_body = serializers.CharField(help_text="作出机关")
    decided_on = serializers.DateField(help_text="作出日期")
    effective_from = serializers.DateField(help_text="生效日期")
    effective_until = serializers.DateField(help_text="有效期至")
    repair_from = serializers.SerializerMethodField(help_text="哪一天起可以申请信用修复；不适用的为空")
    objected = serializers.BooleanField(help_text="是不是异议处理中")
    to_be_corrected = serializers.SerializerMethodField(help_text="是不是更正中")
    repairing = serializers.BooleanField(help_text="是不是修复申请办理中")
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    @extend_schema_field(Labelled)
    def get_kind(self, it):
        return {"key": it.item.kind, "name": it.item.get_kind_display()}

    @extend_schema_field(Labelled)
    def get_dimension(self, it):
        return {"key": it.item.dimension, "name": it.item.get_dimension_display()}

    @extend_schema_field(Labelled)
    def get_source(self, it):
        return {"key": it.item.source, "name": it.item.get_source_display()}

    @extend_schema_field(Labelled)
    def get_part(self, it):
        return {"key": it.part, "name": it.get_part_display()}

    @extend_schema_field({"type": "string", "format": "date", "nullable": True})
    def get_repair_from(self, it):
        day = reading.repair_from(it)
        return day and day.isoformat()

    def get_to_be_corrected(self, it) -> bool:
        return reading.is_being_corrected(it)

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(reading.address_of(it))


class EndedRecordSerializer(serializers.Serializer):
    """曾经公示、已经停止的记录：只说结果、时间和公开的理由，不含内容。"""

    detail = serializers.CharField(help_text="一句话说明")
    number = serializers.CharField(source="reference", help_text="记录编号")
    outcome = serializers.CharField(help_text="结果：已撤销、已修复、有效期满、更正后不再公示")
    ended_at = serializers.DateTimeField(source="at", help_text="停止公示的时间")
    reason = serializers.CharField(help_text="公开的理由")


class RecordFilters(OpenFilterSet):
    organisation = by_unit("单位的编号")
    below = by_unit("单位编号，得到这个单位和它下面全部单位的记录", method="within")
    kind = one_of("守信或失信", RecordKind.choices, field_name="item__kind")
    dimension = one_of("方面", Dimension.choices, field_name="item__dimension")
    decided_from = filters.DateFilter(
        label="作出日期不早于这一天", field_name="decided_on", lookup_expr="gte"
    )
    decided_to = filters.DateFilter(label="作出日期不晚于这一天", field_name="decided_on", lookup_expr="lte")

    def within(self, rows, name, unit):
        return rows.below(unit)


@extend_schema_view(
    list=extend_schema(
        summary="诚信记录列表",
        description="公示中的单位诚信记录，作出日期晚的在前。公职人员和岗位的记录不公开。",
        responses={
            200: OpenApiResponse(RecordSerializer(many=True), "一页记录"),
            400: WRONG,
            429: TOO_MANY,
        },
    ),
    retrieve=extend_schema(
        summary="一条诚信记录",
        description="按记录编号读取。已撤销、修复、到期的回答 410、结果和公开的理由。",
        parameters=[
            OpenApiParameter("number", str, OpenApiParameter.PATH, description="记录编号，JL 加 10 位数字")
        ],
        responses={
            200: OpenApiResponse(RecordSerializer, "这条记录"),
            404: MISSING,
            410: OpenApiResponse(EndedRecordSerializer, "曾经公示，已停止"),
            429: TOO_MANY,
        },
    ),
)
@extend_schema(tags=["诚信记录"])
class Records(PublishedData):
    """Records of units that stand published, by their number."""

    reads = (
        "publication_publication",
        "directory_organisation",
        "records_record",
        "records_notice",
        "records_objection",
        "records_repair",
        "records_catalogueitem",
    )
    kind = "record"
    code_field = "number"
    gone_serializer = EndedRecordSerializer
    serializer_class = RecordSerializer
    filterset_class = RecordFilters
    lookup_field = "number"
    lookup_value_regex = "JL[0-9]{10}"

    def get_queryset(self):
        return Record.objects.public().marked().with_names().order_by("-decided_on", "-id")

    def say_why(self, correction):
        """What became of a record, and the reason that stands in the log for it."""
        number = correction.reference
        correction.outcome, _, correction.detail = reading.end_of(number)
        if found := reading.after_the_end(number)["outcome"]:
            correction.reason = found.reason


# --- the catalogue of what may be recorded -----------------------------------------------------------------------------


class ItemSerializer(serializers.Serializer):
    """清单里的一个事项：什么可以记、依据哪一条、谁能看、记多久、能不能修复。"""

    code = serializers.CharField(help_text="事项编号")
    title = serializers.CharField(help_text="事项")
    kind = serializers.SerializerMethodField(help_text="守信或失信")
    dimension = serializers.SerializerMethodField(help_text="方面")
    source = serializers.SerializerMethodField(help_text="来源")
    subjects = serializers.CharField(source="subject_names", help_text="适用的主体")
    basis = serializers.CharField(help_text="依据")
    evidence = serializers.CharField(help_text="需要的证据")
    disclosure = serializers.SerializerMethodField(help_text="公开层级；只有“社会公开”的单位记录才公示")
    severity = serializers.SerializerMethodField(help_text="严重程度；守信事项写空")
    period = serializers.CharField(help_text="有效期")
    effect_basis = serializers.CharField(help_text="有效期的依据")
    repairable = serializers.BooleanField(help_text="是不是可以信用修复")
    repair_min_months = serializers.IntegerField(help_text="满几个月才可以申请修复")
    version = serializers.IntegerField(help_text="第几版，改一次加一")

    @extend_schema_field(Labelled)
    def get_kind(self, it):
        return {"key": it.kind, "name": it.get_kind_display()}

    @extend_schema_field(Labelled)
    def get_dimension(self, it):
        return {"key": it.dimension, "name": it.get_dimension_display()}

    @extend_schema_field(Labelled)
    def get_source(self, it):
        return {"key": it.source, "name": it.get_source_display()}

    @extend_schema_field(Labelled)
    def get_disclosure(self, it):
        return {"key": it.disclosure, "name": it.get_disclosure_display()}

    def get_severity(self, it) -> str:
        return it.get_severity_display() if it.severity else ""


class ItemFilters(OpenFilterSet):
    kind = one_of("守信或失信", RecordKind.choices)
    dimension = one_of("方面", Dimension.choices)


@extend_schema_view(
    list=listed("诚信记录清单", "在用的清单事项，按编号排列。没有依据的不能记。", ItemSerializer, "一页事项"),
    retrieve=single("一个清单事项", "按事项编号读取。", ItemSerializer, "code", "事项编号，如 X01"),
)
@extend_schema(tags=["诚信记录"])
class RecordItems(OpenData):
    """Items of the catalogue in use."""

    reads = ("records_catalogueitem",)
    serializer_class = ItemSerializer
    filterset_class = ItemFilters
    lookup_field = "code"
    lookup_value_regex = "[A-Z][0-9]{2}"

    def get_queryset(self):
        return CatalogueItem.objects.public().order_by("code")
