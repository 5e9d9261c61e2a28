"""Drafts of promises and policies filed by programs, through the form and the service of the desk."""

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.viewsets import GenericViewSet

from commitments import parts, services
from commitments.flows import WRITERS
from commitments.forms import DraftForm
from commitments.models import Area, Domain, Form, Obligation, ObligationState
from longsha_credit.directory.api import TOO_MANY, WRONG, KeyAndName
from longsha_credit.directory.models import Organisation
from longsha_credit.publication.draft_api import (
    NO_TOKEN,
    NOT_ALLOWED,
    Drafts,
    Faulty,
    TokenCalls,
    by_key,
    desk_address,
    filing,
    in_words,
)
from longsha_credit.publication.models import ServiceField

FORMS = [(Form.COMMITMENT.value, Form.COMMITMENT.label), (Form.POLICY.value, Form.POLICY.label)]
FORM_KEYS = [key for key, _ in FORMS]
NOT_HERE = "要写 commitment（公开承诺）或 policy（政策落实）；合同契约有不公开的栏目，请在工作台登记。"
NO_FIELD = "没有这个公共服务领域，请写 disability 这样的标识，见承诺里 service_field 的 key。"
EXAMPLE = {
    "form": "commitment",
    "organisation": 2,
    "title": "新苑社区单元门无障碍坡道改造",
    "content": "为新苑社区没有坡道的单元门建成无障碍坡道24处，每处配扶手。",
    "standard": "建成并逐处验收合格24处为全部履行，12至23处为部分履行，不足12处为未履行。",
    "target": "24",
    "unit": "处",
    "due_on": "2026-12-31",
    "beneficiaries": "新苑社区居民，约1860户",
    "post": 6,
    "liability": "15个工作日内公开说明原因和补救期限。",
    "area": "service",
    "domain": "livelihood",
    "service_field": "disability",
}


class PartDraftSerializer(serializers.Serializer):
    """分步做的一个部分。"""

    title = serializers.CharField(help_text="名称")
    due_on = serializers.DateField(help_text="做到哪天")
    target = serializers.DecimalField(
        12, 2, required=False, allow_null=True, normalize_output=True, help_text="数量；不能数的不写"
    )
    unit = serializers.CharField(required=False, allow_blank=True, help_text="计量单位；有数量的要写")
    weight = serializers.DecimalField(
        12, 2, required=False, allow_null=True, normalize_output=True, help_text="权重；要么都写，要么都不写"
    )


@extend_schema_serializer(examples=[OpenApiExample("一份公开承诺", EXAMPLE, request_only=True)])
class CommitmentDraftSerializer(serializers.Serializer):
    """一件还是草稿的公开承诺或政策落实。栏目和工作台上的一样；附件在工作台添加。"""

    id = serializers.IntegerField(source="pk", read_only=True, help_text="草稿的编号")
    form = serializers.ChoiceField(FORMS, required=False, help_text="形式，默认公开承诺")
    organisation = serializers.IntegerField(
        source="organisation_id", help_text="承诺单位的编号，在您能填报的单位里"
    )
    title = serializers.CharField(help_text="承诺名称，一句话说清做什么")
    document_number = serializers.CharField(
        required=False, allow_blank=True, help_text="文号；只有政策落实写"
    )
    document_issuer = serializers.CharField(
        required=False, allow_blank=True, help_text="发文单位；只有政策落实写"
    )
    document_from = serializers.DateField(
        required=False, allow_null=True, help_text="施行日期；只有政策落实写"
    )
    document_until = serializers.DateField(
        required=False, allow_null=True, help_text="有效期至；只有政策落实写，长期有效的不写"
    )
    content = serializers.CharField(help_text="承诺内容：为谁、在哪里、做什么、做到什么程度，不写个人信息")
    beneficiaries = serializers.CharField(help_text="服务对象")
    standard = serializers.CharField(help_text="认定标准：怎样算全部履行、部分履行、未履行")
    target = serializers.DecimalField(
        12, 2, required=False, allow_null=True, normalize_output=True, help_text="量化指标；不能数的不写"
    )
    unit = serializers.CharField(required=False, allow_blank=True, help_text="计量单位；有量化指标的要写")
    due_on = serializers.DateField(help_text="完成期限")
    post = serializers.IntegerField(source="post_id", help_text="责任岗位的编号，要是承诺单位自己的岗位")
    liability = serializers.CharField(help_text="违诺责任")
    area = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text=f"承诺类别；政策落实可以不归类，可以写：{in_words(Area.choices)}",
    )
    domain = serializers.ChoiceField(Domain.choices, help_text="所属方面")
    service_field = serializers.CharField(source="service_field.key", help_text="公共服务领域的标识")
    parts = PartDraftSerializer(many=True, required=False, help_text="分步做的各部分；不分步的不写")
    state = serializers.CharField(read_only=True, help_text="总是 draft：草稿由人在工作台核对、提交")
    saved_at = serializers.DateTimeField(read_only=True, help_text="保存时间")
    desk_url = serializers.SerializerMethodField(help_text="工作台上的地址，由人接着办")

    def get_desk_url(self, it) -> str:
        return desk_address(self, "commitments:page", it.pk)

    def to_representation(self, it):
        it.parts_told = parts.rows_of(it)
        return super().to_representation(_Told(it))


class _Told:
    """A row whose `parts` are the rows of its table."""

    def __init__(self, it: Any):
        self._it = it

    def __getattr__(self, name: str) -> Any:
        return self._it.parts_told if name == "parts" else getattr(self._it, name)


@extend_schema_view(
    **filing(
        "承诺",
        CommitmentDraftSerializer,
        "填一份公开承诺或政策落实的草稿，和在工作台填写一样检查；填报以后由人在工作台核对、补附件、提交审查。",
    )
)
@extend_schema(tags=["填报"])
class CommitmentDrafts(Drafts):
    """Promises a token's owner is still writing."""

    serializer_class = CommitmentDraftSerializer
    tables = ("parts",)

    def drafts_of(self, user: Any) -> Any:
        rows = Obligation.objects.visible_to(user).with_names().with_parts()
        mine = rows.filter(created_by=user, state=ObligationState.DRAFT)
        return mine.exclude(form=Form.CONTRACT).order_by("-id")

    def translated(self, name: str, value: Any) -> Any:
        if name == "service_field":
            return by_key(ServiceField.objects.public(), "key", value, NO_FIELD)
        return value

    def form_of(self, body: dict[str, Any], data: Any) -> Any:
        form = body.get("form", Form.COMMITMENT.value)
        if form not in FORM_KEYS:
            raise Faulty({"form": NOT_HERE})
        found = DraftForm(data, instance=Obligation(form=form), user=self.request.user)
        if foreign := set(body) - {"form", "parts"} - set(found.fields):
            raise Faulty(dict.fromkeys(sorted(foreign), "只有政策落实有这一栏，请不要写。"))
        return found

    def save(self, form: Any) -> Any:
        return services.save_draft(form.instance, by=self.request.user, **form.more())


# --- whose drafts may be filed -----------------------------------------------------------------------------------------


class PostSerializer(serializers.Serializer):
    """一个岗位。"""

    id = serializers.IntegerField(source="pk", help_text="岗位编号")
    name = serializers.CharField(help_text="名称")


class FilingUnitSerializer(serializers.Serializer):
    """一个可以为它填报的单位，和它可以作责任岗位的岗位。"""

    id = serializers.IntegerField(source="pk", help_text="单位编号")
    name = serializers.CharField(help_text="名称")
    level = serializers.SerializerMethodField(help_text="层级")
    posts = PostSerializer(many=True, help_text="它自己的岗位")

    @extend_schema_field(KeyAndName)
    def get_level(self, it):
        return {"key": it.level, "name": it.get_level_display()}


@extend_schema_view(
    list=extend_schema(
        summary="可以填报的单位和岗位",
        description="令牌所属账号可以为哪些单位填草稿，各有哪些岗位；填报里的 organisation 和 post 用这里的编号。",
        responses={
            200: OpenApiResponse(FilingUnitSerializer(many=True), "一页单位"),
            400: WRONG,
            401: NO_TOKEN,
            403: NOT_ALLOWED,
            429: TOO_MANY,
        },
    )
)
@extend_schema(tags=["填报"])
class FilingUnits(TokenCalls, ListModelMixin, GenericViewSet):
    """The units a token's owner writes for, by place, each with its posts."""

    http_method_names = ["get", "head"]
    any_scope = True
    serializer_class = FilingUnitSerializer

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Organisation.objects.public().none()
        user = self.request.user
        units = Organisation.objects.visible_to(user).where(user, WRITERS).taking_part().units()
        posts = Organisation.objects.visible_to(user).where(user, WRITERS).posts()
        return units.prefetch_related(Prefetch("children", posts, to_attr="posts")).order_by("path")
