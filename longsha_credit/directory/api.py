"""Open data: what every public resource of the API shares, and the resource of organisations."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import exceptions, serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView, exception_handler
from rest_framework.viewsets import GenericViewSet

from longsha_credit.audit.middleware import client_ip
from longsha_credit.directory.api_marks import Marked
from longsha_credit.directory.api_pages import Pages
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.web.forms import PortalForm

LONGEST_QUESTION = 100
CHINESE = re.compile("[\u4e00-\u9fff]")
PUBLIC_LEVELS = [choice for choice in Level.choices if choice[0] != Level.POST]


# --- what all resources share ----------------------------------------------------------------------------------------


def answer(problem: Exception, context: dict[str, Any]) -> Any:
    """Every refusal of the API as JSON: `detail` is one Chinese sentence, `parameters` names what was wrong."""
    response = exception_handler(problem, context)
    if response is None:
        return None
    wrong = {}
    if isinstance(problem, exceptions.ValidationError) and isinstance(problem.detail, dict):
        wrong = {str(name): "".join(map(str, said)) for name, said in problem.detail.items()}
    response.data = {"detail": _sentence(problem, context, wrong)}
    if wrong:
        response.data["parameters"] = wrong
    if fields := getattr(problem, "fields", None):
        response.data["fields"] = fields
    return response


def _sentence(problem: Exception, context: dict[str, Any], wrong: dict[str, str]) -> str:
    if wrong:
        return "".join(f"参数 {name}：{said}" for name, said in wrong.items())
    if isinstance(problem, Said | exceptions.AuthenticationFailed):
        return str(problem.detail)
    if isinstance(problem, Http404 | exceptions.NotFound):
        return "没有找到。请核对地址里的编号，或从列表查起。"
    if isinstance(problem, exceptions.MethodNotAllowed):
        method = context["request"].method
        files = "post" in context["view"].http_method_names
        return (
            f"这里不能用 {method}。读取用 GET，填报用 POST。"
            if files
            else f"这里只能读取，不能用 {method}。请改用 GET。"
        )
    if isinstance(problem, exceptions.Throttled):
        return f"请求太多了，请在 {int(problem.wait or 0) + 1} 秒以后再试。"
    if isinstance(problem, exceptions.PermissionDenied) and CHINESE.search(str(problem.detail)):
        return str(problem.detail)
    if isinstance(problem, exceptions.NotAuthenticated | exceptions.PermissionDenied):
        return "这里要有接口令牌才能用：在工作台“接口令牌”里建一个，放在请求头 Authorization: Bearer 后面。"
    if isinstance(problem, exceptions.UnsupportedMediaType):
        return "请用 JSON 发送，请求头写 Content-Type: application/json。"
    return "这个请求无法处理，请对照接口说明核对后再试。"


class Said(exceptions.APIException):
    """A refusal that has its own Chinese sentence and, where fields are wrong, one for each."""

    def __init__(self, sentence: str, status: int, fields: dict[str, str] | None = None):
        super().__init__(sentence)
        self.status_code, self.fields = status, fields or {}


class ByAddress(SimpleRateThrottle):
    """So many requests a minute from one address; the rate stands in the settings."""

    scope = "open_data"

    def get_cache_key(self, request, view):
        return f"throttle:open_data:{client_ip(request)}"


class AlwaysJson(BaseContentNegotiation):
    """There is only JSON, whatever a browser says it accepts."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class Filters(filters.DjangoFilterBackend):
    """Filters of lists; a parameter nobody knows is told, because left out it would give everything."""

    def filter_queryset(self, request, queryset, view):
        if view.detail:
            return queryset
        known = {*view.filterset_class.base_filters, "cursor", "page_size"}
        if unknown := sorted(set(request.query_params) - known):
            said = "没有这个参数，可以用的有：" + "、".join(sorted(known)) + "。"
            raise exceptions.ValidationError({name[:60]: [said] for name in unknown[:5]})
        return super().filter_queryset(request, queryset, view)


class OpenFilterSet(filters.FilterSet):
    """Parameters checked like any form of the portal, with the same sentences."""

    class Meta:
        form = PortalForm


def by_unit(label: str, **kwargs: Any) -> filters.Filter:
    """A parameter that takes the id of a public unit."""
    unit = filters.ModelChoiceFilter(
        label=label,
        queryset=lambda request: Organisation.objects.public(),
        error_messages={"invalid_choice": "没有这个单位，请用单位列表里的 id。"},
        **kwargs,
    )
    return extend_schema_field({"type": "integer", "description": label})(unit)


def one_of(label: str, choices: Sequence[tuple[str, str]], **kwargs: Any) -> filters.Filter:
    """A parameter that takes one of these words; a wrong one is answered with all of them."""
    said = "没有这个选项，可以写：" + "、".join(f"{key}（{name}）" for key, name in choices) + "。"
    return filters.ChoiceFilter(
        label=label, choices=choices, error_messages={"invalid_choice": said}, **kwargs
    )


class KeyAndName(serializers.Serializer):
    """机器用的标识和给人看的名称。"""

    key = serializers.CharField(help_text="标识")
    name = serializers.CharField(help_text="名称")


class UnitName(serializers.Serializer):
    """单位的编号和名称。"""

    id = serializers.IntegerField(help_text="单位编号")
    name = serializers.CharField(help_text="名称")


class RefusedSerializer(serializers.Serializer):
    """为什么没有数据。"""

    detail = serializers.CharField(help_text="一句话说明，以及可以怎样做")
    parameters = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="有误的参数和原因"
    )


WRONG = OpenApiResponse(RefusedSerializer, "参数有误，说明里写明是哪一个")
MISSING = OpenApiResponse(RefusedSerializer, "没有公开过这样一条")
TOO_MANY = OpenApiResponse(RefusedSerializer, "请求太多，Retry-After 写明多少秒以后再试")


CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Retry-After",
}


@method_decorator(conditional_page, name="dispatch")
class Open(Marked, APIView):
    """Read by anybody without signing in; nobody is recognised, so no session is opened.

    Pages of other sites may read it too (CORS): it is public, and no cookie or token says who asks.
    """

    http_method_names = ["get", "head"]
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [ByAddress]
    content_negotiation_class = AlwaysJson

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in CORS.items():
            response[name] = value
        return response


class OpenList(Open, ListModelMixin, GenericViewSet):
    """A public list whose rows have no address of their own."""

    pagination_class = Pages
    filter_backends = [Filters]

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Give rows what they need beyond their query: those of a page, of a chunk of a table, or one, all at once."""
        return rows

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        return self.prepared(super().paginate_queryset(queryset))


class OpenData(RetrieveModelMixin, OpenList):
    """A public list, each row also by its number."""

    def get_object(self) -> Any:
        return self.prepared([super().get_object()])[0]


def listed(summary: str, description: str, serializer: Any, words: str) -> dict[str, Any]:
    """What the schema says of a list."""
    answers = {200: OpenApiResponse(serializer(many=True), words), 400: WRONG, 429: TOO_MANY}
    return extend_schema(summary=summary, description=description, responses=answers)


def single(
    summary: str,
    description: str,
    serializer: Any,
    key: str,
    words: str,
    kind: type = str,
    gone: Any = None,
    asked: Sequence[OpenApiParameter] = (),
) -> dict[str, Any]:
    """What the schema says of one row; `gone` is the answer about what was taken down, `asked` what may be asked with it."""
    answers = {200: OpenApiResponse(serializer, summary), 404: MISSING, 429: TOO_MANY}
    if gone:
        answers[410] = OpenApiResponse(gone, "曾经公开，已撤下")
    if asked:
        answers[400] = WRONG
    where = [OpenApiParameter(key, kind, OpenApiParameter.PATH, description=words), *asked]
    return extend_schema(summary=summary, description=description, parameters=where, responses=answers)


# --- organisations ---------------------------------------------------------------------------------------------------


class OrganisationSerializer(serializers.Serializer):
    """参加创建的单位。岗位不公开，因为一个岗位就是一个人。"""

    id = serializers.IntegerField(help_text="单位编号")
    name = serializers.CharField(help_text="名称")
    level = serializers.ChoiceField(choices=PUBLIC_LEVELS, help_text="层级")
    division_code = serializers.CharField(help_text="统计用区划代码，12 位；窗口没有，写空")
    uscc = serializers.CharField(help_text="统一社会信用代码，18 位；没有登记写空")
    parent = serializers.IntegerField(
        source="parent_id", allow_null=True, help_text="上级单位编号；区没有上级"
    )
    address = serializers.CharField(help_text="地址")
    office_hours = serializers.CharField(help_text="办公时间")
    supervision_phone = serializers.CharField(help_text="监督电话")
    valid_from = serializers.DateField(help_text="启用日期")
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, unit) -> str:
        return self.context["request"].build_absolute_uri(reverse("unit", args=[unit.pk]))


class OrganisationFilters(OpenFilterSet):
    level = one_of("层级", PUBLIC_LEVELS)
    parent = by_unit("上级单位的编号，得到它的直接下级")
    below = by_unit("单位编号，得到这个单位和它下面的全部单位", method="within")
    q = filters.CharFilter(
        label="名称里的字，或区划代码的前几位", max_length=LONGEST_QUESTION, method="named"
    )

    def within(self, rows, name, unit):
        return rows.below(unit)

    def named(self, rows, name, text):
        return rows.filter(Q(name__icontains=text) | Q(division_code__startswith=text))


@extend_schema_view(
    list=extend_schema(
        summary="单位列表",
        description="参加创建的区、街道、社区和窗口，下级排在上级后面。",
        responses={
            200: OpenApiResponse(OrganisationSerializer(many=True), "一页单位"),
            400: WRONG,
            429: TOO_MANY,
        },
    ),
    retrieve=extend_schema(
        summary="一个单位",
        description="按编号读取一个单位。",
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH, description="单位编号")],
        responses={200: OpenApiResponse(OrganisationSerializer, "这个单位"), 404: MISSING, 429: TOO_MANY},
    ),
)
@extend_schema(tags=["单位"])
class Organisations(OpenData):
    """Units with a public page."""

    reads = ("directory_organisation",)
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilters
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        return Organisation.objects.public().with_place().order_by("place", "path")
