"""Open data of demonstration: the units that were awarded and what stands of each; of a post no person is told."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from evaluation.demonstration import public_reading as reading
from evaluation.demonstration.wording import shown_name
from evaluation.models import Award, CandidateNotice, Cycle
from longsha_credit.directory.api import KeyAndName, OpenFilterSet, UnitName, listed, one_of, single
from longsha_credit.publication.api import PublishedData, WithdrawnSerializer

LEVELS = Cycle._meta.get_field("level").choices
AWARD_WORDS = "评定编号，见列表里的 code"
NOTICE_WORDS = "公示编号，见列表里的 code"


class AwardSerializer(serializers.Serializer):
    """一个评上的单位，以及它现在还有没有效。"""

    code = serializers.CharField(help_text="评定编号")
    name = serializers.SerializerMethodField(help_text="单位名称；岗位只写岗位，不写人")
    level = serializers.SerializerMethodField(help_text="层级")
    form = serializers.SerializerMethodField(help_text="命名还是对标评价")
    reason = serializers.CharField(help_text="评定理由")
    number = serializers.CharField(help_text="证书编号")
    awarded_on = serializers.DateField(help_text="评定日期")
    valid_until = serializers.DateField(help_text="有效期至")
    state = serializers.SerializerMethodField(help_text="现在怎样：有效、暂停或已期满")
    version = serializers.IntegerField(source="publication.version", help_text="公开的是第几版")
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    def get_name(self, it) -> str:
        return shown_name(it.application.organisation)

    @extend_schema_field(KeyAndName)
    def get_level(self, it):
        return {"key": it.application.cycle.level, "name": it.application.cycle.get_level_display()}

    @extend_schema_field(KeyAndName)
    def get_form(self, it):
        return {"key": it.form, "name": it.get_form_display()}

    @extend_schema_field(KeyAndName)
    def get_state(self, it):
        key, name = reading.told(it, timezone.localdate()).standing
        return {"key": key, "name": name}

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(it.publication.get_absolute_url())


class AwardFilters(OpenFilterSet):
    level = one_of("层级", LEVELS, field_name="application__cycle__level")


@extend_schema_view(
    list=listed("示范和试点单位", "评上的、没有撤销的单位，首次公开晚的在前。", AwardSerializer, "一页单位"),
    retrieve=single(
        "一个示范或试点单位",
        "按评定编号读取。已撤销、撤下的回答 410 和公开的理由。",
        AwardSerializer,
        "code",
        AWARD_WORDS,
        gone=WithdrawnSerializer,
    ),
)
@extend_schema(tags=["示范创建"])
class Awards(PublishedData):
    """Awards that stand published."""

    reads = (
        "publication_publication",
        "directory_organisation",
        "evaluation_award",
        "evaluation_application",
        "evaluation_cycle",
        "evaluation_candidatenotice",
        "records_record",
        "records_catalogueitem",
    )
    kind = "demonstration"
    taken_down = "这项评定已撤销或撤下，不再公开。"
    serializer_class = AwardSerializer
    filterset_class = AwardFilters
    lookup_field = "code"
    lookup_value_regex = "[A-Z]{2}-[0-9]{6}-[0-9]{4}-[0-9]{4,9}"

    def get_queryset(self):
        return Award.objects.public().with_names().with_suspension().order_by("-publication_id")


class CandidateNoticeSerializer(serializers.Serializer):
    """一次评定公示。"""

    code = serializers.CharField(help_text="公示编号")
    title = serializers.CharField(help_text="标题")
    organisation = UnitName(help_text="公示单位")
    text = serializers.CharField(help_text="公示说明")
    contact = serializers.CharField(help_text="受理异议的电话")
    until = serializers.DateField(help_text="公示截止")
    is_running = serializers.SerializerMethodField(help_text="是不是还在公示期内")
    version = serializers.IntegerField(source="publication.version", help_text="公开的是第几版")
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    def get_is_running(self, it) -> bool:
        return it.is_running(timezone.localdate())

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(it.publication.get_absolute_url())


class WholeCandidateNoticeSerializer(CandidateNoticeSerializer):
    """一次评定公示，连同拟评定的单位。"""

    candidates = serializers.SerializerMethodField(help_text="拟评定的单位名称")

    def get_candidates(self, it) -> list[str]:
        return [row.name for row in reading.candidates(it)]


class CandidateNoticeFilters(OpenFilterSet):
    level = one_of("层级", LEVELS, field_name="cycle__level")
    state = one_of(
        "还在公示期内还是公示期满", [("running", "公示期内"), ("over", "公示期满")], method="stands"
    )

    def stands(self, rows, name, state):
        today = timezone.localdate()
        return rows.running(today) if state == "running" else rows.exclude(until__gte=today)


@extend_schema_view(
    list=listed(
        "评定公示列表",
        "公开的评定公示，首次公开晚的在前。不含拟评定的单位，按编号逐份读取。",
        CandidateNoticeSerializer,
        "一页公示",
    ),
    retrieve=single(
        "一次评定公示",
        "按公示编号读取，连同拟评定的单位。已撤下的回答 410 和公开的撤下理由。",
        WholeCandidateNoticeSerializer,
        "code",
        NOTICE_WORDS,
        gone=WithdrawnSerializer,
    ),
)
@extend_schema(tags=["示范创建"])
class CandidateNotices(PublishedData):
    """Notices of candidates that stand published."""

    reads = (
        "publication_publication",
        "directory_organisation",
        "evaluation_candidatenotice",
        "evaluation_application",
        "evaluation_cycle",
    )
    kind = "demonstration_notice"
    taken_down = "这次公示已撤下，不再公开。"
    serializer_class = CandidateNoticeSerializer
    whole_serializer = WholeCandidateNoticeSerializer
    filterset_class = CandidateNoticeFilters
    lookup_field = "code"
    lookup_value_regex = "[A-Z]{2}-[0-9]{6}-[0-9]{4}-[0-9]{4,9}"

    def get_queryset(self):
        return CandidateNotice.objects.public().with_names().order_by("-publication_id")
