"""Open data of promises: what stands on the public page of each, and nothing else."""

import datetime

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

from commitments import parts
from commitments.models import Area, Domain, Form, Obligation, Verdict
from commitments.wording import plain
from longsha_credit.directory.api import (
    LONGEST_QUESTION,
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

MOST_WORDS = 5
NEAR_DAYS = 30
STATES = {
    "active": "正在履行",
    "overdue": "已过期限，没有报告",
    "reported": "等待核验",
    **dict(Verdict.choices),
}
ASKED_STATES = [("near", "30日内到期"), *STATES.items()]
ORDERS = {
    "due_on": ("完成期限近的在前", ("due_on", "id")),
    "-due_on": ("完成期限远的在前", ("-due_on", "-id")),
    "published_at": ("公开早的在前", ("publication__published_at", "id")),
    "-published_at": ("公开晚的在前", ("-publication__published_at", "-id")),
}


FIELD_WORDS = "公共服务领域的标识"


class Target(serializers.Serializer):
    """量化指标。"""

    number = serializers.CharField(help_text="数量，十进制")
    unit = serializers.CharField(help_text="计量单位")


class PartOf(serializers.Serializer):
    """分步做的一个部分。"""

    number = serializers.IntegerField(help_text="序号，变更以后不变")
    title = serializers.CharField(help_text="名称")
    due_on = serializers.DateField(help_text="完成期限")
    target = serializers.SerializerMethodField(help_text="数量；不能数的没有")
    weight = serializers.SerializerMethodField(help_text="权重，十进制；没有写明的为空")

    @extend_schema_field(Target(allow_null=True))
    def get_target(self, it):
        return None if it.target is None else {"number": plain(it.target), "unit": it.unit}

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_weight(self, it):
        return None if it.weight is None else plain(it.weight)


class CommitmentSerializer(serializers.Serializer):
    """一件公开承诺、合同契约或政策落实的现行版本。栏目与公开页面相同，不含任何个人，不含合同对方和金额。"""

    code = serializers.CharField(help_text="编码，20 位：行政区划 6 位、日期 8 位、流水 6 位")
    form = serializers.SerializerMethodField(
        help_text="形式：公开承诺、合同契约、政策落实；兑现率只算公开承诺"
    )
    title = serializers.CharField(source="publication.title", help_text="承诺名称")
    organisation = UnitName(help_text="承诺单位")
    made_on = serializers.DateField(help_text="作出日期")
    area = serializers.SerializerMethodField(help_text="承诺类别；合同契约和政策落实可以不归类，为空")
    document_number = serializers.CharField(help_text="文号；只有政策落实有，其余为空")
    document_issuer = serializers.CharField(help_text="发文单位；只有政策落实有，其余为空")
    document_from = serializers.DateField(allow_null=True, help_text="施行日期；只有政策落实有")
    document_until = serializers.DateField(allow_null=True, help_text="有效期至；长期有效的为空")
    service_field = KeyAndName(help_text="公共服务领域")
    domain = serializers.SerializerMethodField(help_text="所属方面")
    content = serializers.CharField(help_text="承诺内容")
    standard = serializers.CharField(help_text="认定标准：怎样算全部履行、部分履行、未履行")
    target = serializers.SerializerMethodField(help_text="量化指标；不能数的没有")
    due_on = serializers.DateField(help_text="完成期限")
    parts = serializers.SerializerMethodField(help_text="分步做的各部分；不分步的没有")
    beneficiaries = serializers.CharField(help_text="服务对象")
    post = serializers.CharField(source="post.name", help_text="责任岗位，不是个人")
    liability = serializers.CharField(help_text="违诺责任")
    version = serializers.IntegerField(help_text="现行是第几版")
    first_published_at = serializers.DateTimeField(
        source="publication.first_published_at", help_text="首次公开时间，由系统记录"
    )
    published_at = serializers.DateTimeField(
        source="publication.published_at", help_text="现行版本的公开时间"
    )
    url = serializers.SerializerMethodField(help_text="公开页面的地址")
    state = serializers.SerializerMethodField(
        help_text="履行到哪一步：" + "、".join(f"{key}（{name}）" for key, name in STATES.items())
    )
    reported_on = serializers.DateField(allow_null=True, help_text="单位报告结果的日期；还没有报告为空")
    verdict = serializers.SerializerMethodField(
        help_text="区里的认定：全部履行、部分履行、未履行；还没有认定为空"
    )
    verified_on = serializers.DateField(allow_null=True, help_text="认定日期；还没有认定为空")

    @extend_schema_field(KeyAndName)
    def get_form(self, it):
        return {"key": it.form, "name": it.get_form_display()}

    @extend_schema_field(KeyAndName(allow_null=True))
    def get_area(self, it):
        return {"key": it.area, "name": it.get_area_display()} if it.area else None

    @extend_schema_field(PartOf(many=True))
    def get_parts(self, it):
        return PartOf(parts.of(it), many=True).data

    @extend_schema_field(KeyAndName)
    def get_domain(self, it):
        return {"key": it.domain, "name": it.get_domain_display()}

    @extend_schema_field(Target(allow_null=True))
    def get_target(self, it):
        return None if it.target is None else {"number": plain(it.target), "unit": it.unit}

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(it.publication.get_absolute_url())

    @extend_schema_field(KeyAndName)
    def get_state(self, it):
        key = it.verdict or ("reported" if it.reported_on else "")
        key = key or ("overdue" if it.due_on < timezone.localdate() else "active")
        return {"key": key, "name": STATES[key]}

    @extend_schema_field(KeyAndName(allow_null=True))
    def get_verdict(self, it):
        return {"key": it.verdict, "name": it.get_verdict_display()} if it.verdict else None


class CommitmentFilters(OpenFilterSet):
    organisation = by_unit("承诺单位的编号")
    below = by_unit("单位编号，得到这个单位和它下面全部单位的承诺", method="within")
    form = one_of("形式", Form.choices)
    area = one_of("承诺类别", Area.choices)
    service_field = extend_schema_field({"type": "string", "description": FIELD_WORDS})(
        filters.ModelChoiceFilter(
            label=FIELD_WORDS,
            queryset=lambda request: ServiceField.objects.public(),
            to_field_name="key",
            error_messages={"invalid_choice": "没有这个公共服务领域，请用承诺里 service_field 的 key。"},
        )
    )
    domain = one_of("所属方面", Domain.choices)
    due_from = filters.DateFilter(label="完成期限不早于这一天", field_name="due_on", lookup_expr="gte")
    due_to = filters.DateFilter(label="完成期限不晚于这一天", field_name="due_on", lookup_expr="lte")
    state = one_of("履行到哪一步", ASKED_STATES, method="standing")
    q = filters.CharFilter(
        label="名称、内容、单位、领域或编码里的字，几个词用空格分开",
        max_length=LONGEST_QUESTION,
        method="having",
    )
    ordering = one_of(
        "怎样排列，默认首次公开晚的在前",
        [(key, words) for key, (words, _) in ORDERS.items()],
        method="ordered",
    )

    def within(self, rows, name, unit):
        return rows.below(unit)

    def standing(self, rows, name, state):
        today = timezone.localdate()
        if state == "active":
            return rows.not_yet_due(today)
        if state == "near":
            return rows.not_yet_due(today).due_between(today, today + datetime.timedelta(days=NEAR_DAYS))
        if state == "overdue":
            return rows.past_due(today)
        return rows.awaiting_verdict() if state == "reported" else rows.verified(state)

    def having(self, rows, name, text):
        return rows.matching(text.split()[:MOST_WORDS])

    def ordered(self, rows, name, key):
        return rows.order_by(*ORDERS[key][1])


@extend_schema_view(
    list=extend_schema(
        summary="承诺列表",
        description="现在公开的承诺，首次公开晚的在前；默认的排列读起来最稳，读的时候又有公开和变更，每一件也只读到一次。",
        responses={
            200: OpenApiResponse(CommitmentSerializer(many=True), "一页承诺"),
            400: WRONG,
            429: TOO_MANY,
        },
    ),
    retrieve=extend_schema(
        summary="一件承诺",
        description="按 20 位承诺编码读取。已撤下的回答 410 和公开的撤下理由。",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH, description="承诺编码，20 位数字")],
        responses={
            200: OpenApiResponse(CommitmentSerializer, "这件承诺"),
            404: MISSING,
            410: OpenApiResponse(WithdrawnSerializer, "曾经公开，已撤下"),
            429: TOO_MANY,
        },
    ),
)
@extend_schema(tags=["承诺"])
class Commitments(PublishedData):
    """Promises that stand published, by their code of 20 digits."""

    reads = (
        "publication_publication",
        "directory_organisation",
        "commitments_obligation",
        "commitments_part",
        "publication_servicefield",
    )
    kind = "commitment"
    taken_down = "这件承诺已撤下，内容不再公开。"
    serializer_class = CommitmentSerializer
    filterset_class = CommitmentFilters
    lookup_field = "code"
    lookup_value_regex = "[0-9]{20}"

    def get_queryset(self):
        return Obligation.objects.public().with_names().with_parts().order_by("-publication_id")
