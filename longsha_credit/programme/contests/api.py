"""Open data of contests: what stands on the public page of each, its units' numbers once they are told, and nobody's name."""

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
    one_of,
)
from longsha_credit.programme.contests import public_reading as reading
from longsha_credit.programme.contests import wording
from longsha_credit.programme.contests.candidates import size
from longsha_credit.programme.models import Contest, ContestAudience
from longsha_credit.publication.api import PublishedData, WithdrawnSerializer

CODE_WORDS = "竞赛编号，JS 开头：行政区划 6 位、年份、流水 6 位"
STATES = [("going", "还没有开始或正在进行"), ("over", "已经结束")]


class ContestUnitSerializer(serializers.Serializer):
    """参加的一个单位和算参与率用的人数。"""

    organisation = UnitName(help_text="参加单位")
    residents = serializers.IntegerField(allow_null=True, help_text="居民人数；居民不参加的为空")
    officials = serializers.IntegerField(allow_null=True, help_text="公职人员人数；公职人员不参加的为空")


class RankSerializer(serializers.Serializer):
    """一个单位的结果；样本不足的没有参与率、平均分和名次，1 至 4 人写“少于5”。"""

    kind = serializers.CharField(help_text="居民还是公职人员")
    unit = serializers.CharField(help_text="单位名称")
    people = serializers.IntegerField(help_text="单位人数")
    took_part = serializers.CharField(help_text="参加人数；1 至 4 人写“少于5”")
    rate = serializers.CharField(help_text="参与率，百分数；样本不足写空")
    average = serializers.CharField(help_text="平均分；样本不足写空")
    rank = serializers.IntegerField(allow_null=True, help_text="名次；样本不足为空")


class ContestSerializer(serializers.Serializer):
    """一次公开的知识竞赛，现行版本。"""

    code = serializers.CharField(help_text=CODE_WORDS)
    title = serializers.CharField(help_text="名称")
    organisation = UnitName(help_text="举办单位")
    about = serializers.CharField(help_text="说明")
    audience = serializers.SerializerMethodField(help_text="谁可以参加")
    opens_at = serializers.DateTimeField(help_text="开始时间")
    closes_at = serializers.DateTimeField(help_text="结束时间")
    minutes = serializers.IntegerField(help_text="每次限时，分钟")
    attempts = serializers.IntegerField(help_text="每人可以答几次")
    points = serializers.SerializerMethodField(help_text="题数和总分")
    paper = serializers.CharField(source="paper.sha256", help_text="卷子校验值，SHA-256")
    state = serializers.SerializerMethodField(help_text="现在怎样，如正在进行、结果已公布")
    version = serializers.IntegerField(help_text="现行是第几版")
    first_published_at = serializers.DateTimeField(
        source="publication.first_published_at", help_text="首次公开时间，由系统记录"
    )
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    @extend_schema_field(KeyAndName)
    def get_audience(self, it):
        return {"key": it.audience, "name": it.get_audience_display()}

    def get_points(self, it) -> str:
        return size(it)

    def get_state(self, it) -> str:
        return it.standing(timezone.now())[1]

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(it.publication.get_absolute_url())


class WholeContestSerializer(ContestSerializer):
    """一次公开的知识竞赛，连同参加单位、计分办法和公布了的结果。"""

    units = serializers.SerializerMethodField(help_text="参加单位和人数")
    method = serializers.SerializerMethodField(help_text="计分和排名办法")
    results = serializers.SerializerMethodField(help_text="公布了的各单位结果；没有公布的为空")

    @extend_schema_field(ContestUnitSerializer(many=True))
    def get_units(self, it):
        rows = it.units.select_related("organisation").order_by("organisation__path")
        return ContestUnitSerializer(rows, many=True).data

    def get_method(self, it) -> str:
        return wording.method(it)

    @extend_schema_field(RankSerializer(many=True))
    def get_results(self, it):
        result = reading.result_of(it)
        tables = result.figures["tables"] if result else []
        rows = [{"kind": table["label"], **row} for table in tables for row in table["rows"]]
        return RankSerializer(rows, many=True).data


class ContestFilters(OpenFilterSet):
    organisation = by_unit("举办单位的编号")
    below = by_unit("单位编号，得到这个单位和它下面全部单位举办的竞赛", method="within")
    taking_part = by_unit("单位编号，得到它参加的竞赛", method="called")
    audience = one_of("谁可以参加", ContestAudience.choices)
    state = one_of("还没有结束还是已经结束", STATES, method="stands")

    def within(self, rows, name, unit):
        return rows.filter(organisation__path__startswith=unit.path)

    def called(self, rows, name, unit):
        return rows.filter(units__organisation=unit)

    def stands(self, rows, name, state):
        now = timezone.now()
        return rows.over(now) if state == "over" else rows.going(now)


@extend_schema_view(
    list=extend_schema(
        summary="知识竞赛列表",
        description="现在公开的竞赛，首次公开晚的在前。不含参加单位和结果，按编号逐个读取。",
        responses={
            200: OpenApiResponse(ContestSerializer(many=True), "一页竞赛"),
            400: WRONG,
            429: TOO_MANY,
        },
    ),
    retrieve=extend_schema(
        summary="一次知识竞赛",
        description="按编号读取，连同参加单位和公布了的结果。已撤下的回答 410 和公开的撤下理由。",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH, description=CODE_WORDS)],
        responses={
            200: OpenApiResponse(WholeContestSerializer, "这次竞赛"),
            404: MISSING,
            410: OpenApiResponse(WithdrawnSerializer, "曾经公开，已撤下"),
            429: TOO_MANY,
        },
    ),
)
@extend_schema(tags=["知识竞赛"])
class Contests(PublishedData):
    """Contests that stand published, by their code."""

    reads = (
        "publication_publication",
        "directory_organisation",
        "programme_contest",
        "programme_contestdraw",
        "programme_contestpaper",
        "programme_contestunit",
        "programme_contestresult",
    )
    kind = "contest"
    taken_down = "这次竞赛已撤下，不再公开。"
    whole_serializer = WholeContestSerializer
    serializer_class = ContestSerializer
    filterset_class = ContestFilters
    lookup_field = "code"
    lookup_value_regex = "JS-[0-9]{6}-[0-9]{4}-[0-9]{6}"

    def get_queryset(self):
        rows = Contest.objects.public().with_names().select_related("paper").prefetch_related("draws")
        return rows.order_by("-publication_id")

    def moment(self):
        """A contest opens and closes at its minute: how many did by now."""
        return f"{super().moment()} {Contest.objects.public().begun_and_ended(timezone.now())}"
