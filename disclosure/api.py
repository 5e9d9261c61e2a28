"""Open data of notices and of the catalogue: what stands on the public page of each, and nothing else."""

from django.urls import reverse
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

from disclosure import public_reading as reading
from disclosure.candidates import summary_of
from disclosure.models import Frequency, Group, Method, Notice, NoticeKind, PowerKind, Topic
from longsha_credit.directory.api import (
    LONGEST_QUESTION,
    MISSING,
    PUBLIC_LEVELS,
    TOO_MANY,
    WRONG,
    KeyAndName,
    OpenData,
    OpenFilterSet,
    UnitName,
    by_unit,
    one_of,
)
from longsha_credit.publication.api import PublishedData, WithdrawnSerializer
from longsha_credit.web.richtext import to_text

MOST_WORDS = 5
STATES = {
    "active": "现行有效",
    "pending": "尚未施行或即将公示",
    "near": "公示期内",
    "done": "公示期满",
    "expired": "已失效",
    "replaced": "已被取代",
}
CODE_WORDS = "索引号，GK 开头：行政区划 6 位、年份、流水 6 位"
TOPIC_WORDS = "公开事项的标识，见公开目录"
KEY_WORDS = "公开事项的标识，如 elderly-care"


def _labelled(value: str, label: str) -> dict[str, str] | None:
    return {"key": value, "name": label} if value else None


class LegalReview(serializers.Serializer):
    """规范性文件的合法性审查。"""

    number = serializers.CharField(source="legal_review_number", help_text="审查意见文号")
    reviewed_on = serializers.DateField(source="legal_review_on", help_text="审查日期")


class Hearing(serializers.Serializer):
    """公示期和异议方式。"""

    begins_on = serializers.DateField(source="hearing_from", help_text="公示开始")
    ends_on = serializers.DateField(source="hearing_until", help_text="公示结束")
    channel = serializers.CharField(source="hearing_channel", help_text="异议方式")


class NoticeSerializer(serializers.Serializer):
    """一份公开内容的现行版本。前四栏是公开目录的法定要素：索引、名称、内容概述、生成日期。列表里不含正文。"""

    code = serializers.CharField(help_text=CODE_WORDS)
    title = serializers.CharField(source="publication.title", help_text="名称")
    summary = serializers.SerializerMethodField(help_text="内容概述；没有写的取正文开头")
    formed_on = serializers.DateField(help_text="生成日期，信息形成或者变更的日期")
    organisation = UnitName(help_text="公开单位")
    kind = serializers.SerializerMethodField(help_text="文种")
    topic = KeyAndName(help_text="公开事项")
    service_field = KeyAndName(
        source="topic.service_field", allow_null=True, help_text="公共服务领域；不属于十四个领域的为空"
    )
    power_kind = serializers.SerializerMethodField(help_text="权责类别；只有权责清单条目有，其余为空")
    document_number = serializers.CharField(help_text="文号；没有的写空")
    basis = serializers.CharField(help_text="依据；没有的写空")
    valid_from = serializers.DateField(allow_null=True, help_text="施行日期；没有的为空")
    valid_until = serializers.DateField(allow_null=True, help_text="有效期至；长期有效的为空")
    legal_review = serializers.SerializerMethodField(help_text="合法性审查；只有规范性文件有，其余为空")
    hearing = serializers.SerializerMethodField(help_text="公示期；没有公示期的为空")
    supersedes = serializers.SerializerMethodField(help_text="取代哪一份，它的索引号；没有取代的写空")
    state = serializers.SerializerMethodField(
        help_text="现在怎样：" + "、".join(f"{key}（{name}）" for key, name in STATES.items())
    )
    version = serializers.IntegerField(help_text="现行是第几版")
    first_published_at = serializers.DateTimeField(
        source="publication.first_published_at", help_text="首次公开时间，由系统记录"
    )
    published_at = serializers.DateTimeField(
        source="publication.published_at", help_text="现行版本的公开时间"
    )
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    def get_summary(self, it) -> str:
        return summary_of(it)

    @extend_schema_field(KeyAndName)
    def get_kind(self, it):
        return _labelled(it.kind, it.get_kind_display())

    @extend_schema_field(KeyAndName(allow_null=True))
    def get_power_kind(self, it):
        return _labelled(it.power_kind, it.get_power_kind_display())

    @extend_schema_field(LegalReview(allow_null=True))
    def get_legal_review(self, it):
        return LegalReview(it).data if it.legal_review_on else None

    @extend_schema_field(Hearing(allow_null=True))
    def get_hearing(self, it):
        return Hearing(it).data if it.hears else None

    def get_supersedes(self, it) -> str:
        return it.supersedes.code if it.supersedes else ""

    @extend_schema_field(KeyAndName)
    def get_state(self, it):
        key, _ = it.standing(timezone.localdate())
        return {"key": key, "name": STATES[key]}

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(it.publication.get_absolute_url())


class WholeNoticeSerializer(NoticeSerializer):
    """一份公开内容的现行版本，连同正文。"""

    text = serializers.SerializerMethodField(help_text="正文，纯文字，表格每行一行、栏间用制表符")

    def get_text(self, it) -> str:
        return to_text(it.body)


class NoticeFilters(OpenFilterSet):
    organisation = by_unit("公开单位的编号")
    below = by_unit("单位编号，得到这个单位和它下面全部单位公开的内容", method="within")
    kind = one_of("文种", NoticeKind.choices)
    topic = extend_schema_field({"type": "string", "description": TOPIC_WORDS})(
        filters.ModelChoiceFilter(
            label=TOPIC_WORDS,
            queryset=lambda request: Topic.objects.public(),
            to_field_name="key",
            error_messages={"invalid_choice": "没有这个公开事项，请用公开目录里的 key。"},
        )
    )
    power_kind = one_of("权责类别", PowerKind.choices)
    standing = one_of("现行、公示期内、失效或被取代", [*reading.STANDINGS.items()], method="stands")
    formed_from = filters.DateFilter(label="生成日期不早于这一天", field_name="formed_on", lookup_expr="gte")
    formed_to = filters.DateFilter(label="生成日期不晚于这一天", field_name="formed_on", lookup_expr="lte")
    q = filters.CharFilter(
        label="名称、正文、单位、文号或索引号里的字，几个词用空格分开",
        max_length=LONGEST_QUESTION,
        method="having",
    )

    def within(self, rows, name, unit):
        return rows.below(unit)

    def stands(self, rows, name, standing):
        return rows.of_standing(standing, timezone.localdate())

    def having(self, rows, name, text):
        return rows.matching(text.split()[:MOST_WORDS])


@extend_schema_view(
    list=extend_schema(
        summary="公开内容列表",
        description="现在公开的信息、公示、公告、通报、文件和案例，首次公开晚的在前。不含正文，正文按索引号逐份读取。",
        responses={
            200: OpenApiResponse(NoticeSerializer(many=True), "一页公开内容"),
            400: WRONG,
            429: TOO_MANY,
        },
    ),
    retrieve=extend_schema(
        summary="一份公开内容",
        description="按索引号读取，连同正文。已撤下的回答 410 和公开的撤下理由。",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH, description=CODE_WORDS)],
        responses={
            200: OpenApiResponse(WholeNoticeSerializer, "这份公开内容"),
            404: MISSING,
            410: OpenApiResponse(WithdrawnSerializer, "曾经公开，已撤下"),
            429: TOO_MANY,
        },
    ),
)
@extend_schema(tags=["公开内容"])
class Notices(PublishedData):
    """Notices that stand published, by their index number."""

    reads = (
        "publication_publication",
        "directory_organisation",
        "disclosure_notice",
        "disclosure_topic",
        "publication_servicefield",
    )
    kind = "notice"
    taken_down = "这份内容已撤下，不再公开。"
    whole_serializer = WholeNoticeSerializer
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilters
    lookup_field = "code"
    lookup_value_regex = "GK-[0-9]{6}-[0-9]{4}-[0-9]{6,9}"

    def get_queryset(self):
        return Notice.objects.public().with_standing().with_names().order_by("-publication_id")


# --- topics ----------------------------------------------------------------------------------------------------------


class TopicSerializer(serializers.Serializer):
    """公开目录里的一个公开事项，栏目与标准目录相同。"""

    key = serializers.CharField(help_text=KEY_WORDS)
    number = serializers.IntegerField(help_text="序号")
    group = serializers.SerializerMethodField(help_text="公开事项一级")
    name = serializers.CharField(help_text="公开事项二级")
    content = serializers.CharField(help_text="公开内容，要素")
    basis = serializers.CharField(help_text="公开依据")
    limit = serializers.SerializerMethodField(help_text="公开时限")
    publisher = serializers.CharField(help_text="公开主体")
    channels = serializers.CharField(help_text="公开渠道和载体")
    audience = serializers.CharField(help_text="公开对象")
    method = serializers.SerializerMethodField(help_text="公开方式")
    levels = serializers.ListField(child=serializers.CharField(), help_text="公开层级，同单位的 level")
    frequency = serializers.SerializerMethodField(help_text="更新频次")
    service_field = KeyAndName(allow_null=True, help_text="公共服务领域；不属于十四个领域的为空")
    retired_on = serializers.DateField(allow_null=True, help_text="停用日期；在用的为空")
    version = serializers.IntegerField(help_text="第几版，改一次加一")
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    @extend_schema_field(KeyAndName)
    def get_group(self, it):
        return _labelled(it.group, it.get_group_display())

    def get_limit(self, it) -> str:
        return self.context["limits"][it.limit_rule]

    def get_method(self, it) -> str:
        return it.get_method_display()

    def get_frequency(self, it) -> str:
        return it.get_frequency_display()

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(reverse("public_disclosure:topic", args=[it.key]))


class TopicFilters(OpenFilterSet):
    group = one_of("公开事项一级", Group.choices)
    level = one_of("由哪一级公开", PUBLIC_LEVELS, method="owed")
    method = one_of("公开方式", Method.choices)
    frequency = one_of("更新频次", [choice for choice in Frequency.choices if choice[0]])

    def owed(self, rows, name, level):
        return rows.owed_by(level)


@extend_schema_view(
    list=extend_schema(
        summary="公开目录",
        description="全部公开事项，按序号排列，停用的也在内。",
        responses={
            200: OpenApiResponse(TopicSerializer(many=True), "一页公开事项"),
            400: WRONG,
            429: TOO_MANY,
        },
    ),
    retrieve=extend_schema(
        summary="一个公开事项",
        description="按标识读取一个公开事项。",
        parameters=[OpenApiParameter("key", str, OpenApiParameter.PATH, description=KEY_WORDS)],
        responses={200: OpenApiResponse(TopicSerializer, "这个公开事项"), 404: MISSING, 429: TOO_MANY},
    ),
)
@extend_schema(tags=["公开目录"])
class Topics(OpenData):
    """The catalogue, by the key of each topic."""

    reads = ("disclosure_topic", "publication_servicefield", "deadlines_rule")
    serializer_class = TopicSerializer
    filterset_class = TopicFilters
    lookup_field = "key"
    lookup_value_regex = "[a-z0-9-]{1,40}"

    def get_queryset(self):
        return Topic.objects.public().select_related("service_field").order_by("number", "pk")

    def get_serializer_context(self):
        return super().get_serializer_context() | {"limits": reading.rule_words(timezone.localdate())}
