"""Open data of whatever is published: what is down says why, the log of corrections, and the ledger as a feed of changes."""

from typing import Any

from django.db.models import Max, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from longsha_credit.directory.api import (
    TOO_MANY,
    WRONG,
    KeyAndName,
    OpenData,
    OpenFilterSet,
    OpenList,
    UnitName,
    by_unit,
    listed,
    one_of,
)
from longsha_credit.directory.api_pages import whole_number
from longsha_credit.publication.models import Correction, LedgerEntry
from longsha_credit.publication.models.ledger import Action

# --- what was taken down -------------------------------------------------------------------------------------------


class WithdrawnSerializer(serializers.Serializer):
    """曾经公开、已经撤下的内容：只说何时、为什么撤下，不含内容。"""

    detail = serializers.CharField(help_text="一句话说明")
    code = serializers.CharField(source="reference", help_text="编号")
    withdrawn_at = serializers.DateTimeField(source="at", help_text="撤下时间")
    reason = serializers.CharField(help_text="公开的撤下理由")


class PublishedData(OpenData):
    """What went through the door, by the number readers know; of what was taken down the answer is 410 and why.

    `kind` is its public kind, `code_field` where the number stands, `taken_down` the sentence about what is down;
    `whole_serializer` gives one row with what a list leaves out. The order is that of the first publication, which
    never changes: who reads page by page meets everything once, whatever is published or changed meanwhile.
    """

    kind = ""
    code_field = "code"
    taken_down = ""
    whole_serializer: Any = None
    gone_serializer: Any = WithdrawnSerializer

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        code = kwargs[self.lookup_field]
        it = self.get_queryset().filter(**{self.code_field: code}).first()
        if it is None:
            return self._gone(code)
        serializer = self.whole_serializer or self.serializer_class
        return Response(serializer(it, context=self.get_serializer_context()).data)

    def _gone(self, code: str) -> Response:
        """What was public and is no more says when and why; of what never was, nothing is known here."""
        taken = Correction.objects.public().withdrawals()
        correction = taken.filter(reference=code, publication__kind=self.kind).first()
        if correction is None:
            raise NotFound
        self.say_why(correction)
        return Response(self.gone_serializer(correction).data, status=410)

    def say_why(self, correction: Correction) -> None:
        correction.detail = self.taken_down


# --- corrections ---------------------------------------------------------------------------------------------------

LOGGED = [
    (Action.AMEND.value, "变更"),
    (Action.WITHDRAW.value, "撤下"),
    (Action.OUTCOME.value, "撤下后的结论"),
]


class CorrectionSerializer(serializers.Serializer):
    """公开以后的一次变更、撤下，或者撤下以后的结论。"""

    number = serializers.IntegerField(source="pk", help_text="序号，后来的大")
    action = serializers.SerializerMethodField(help_text="变更、撤下还是撤下后的结论")
    kind = serializers.SerializerMethodField(help_text="种类")
    code = serializers.CharField(source="reference", help_text="内容的编号；没有编号的写空")
    organisation = UnitName(source="publication.organisation", help_text="单位")
    version = serializers.IntegerField(help_text="变更得到的或撤下的是第几版")
    reason = serializers.SerializerMethodField(help_text="公开的理由；随内容依法移除的写空")
    at = serializers.DateTimeField(help_text="时间，由系统记录")
    content_removed = serializers.BooleanField(source="is_removed", help_text="内容是不是已经依法移除")
    url = serializers.SerializerMethodField(help_text="公开页面的地址；已撤下的为空")

    @extend_schema_field(KeyAndName)
    def get_action(self, it):
        return {"key": it.action, "name": it.get_action_display()}

    @extend_schema_field(KeyAndName)
    def get_kind(self, it):
        return {"key": it.publication.kind, "name": it.publication.kind_label}

    def get_reason(self, it) -> str:
        # the reason of a change speaks of what was there: it goes with it
        return "" if it.is_removed and it.action == Action.AMEND else it.reason

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_url(self, it) -> str | None:
        return _address(self, it.publication)


def _address(serializer: Any, publication: Any) -> str | None:
    if not publication.is_public:
        return None
    return serializer.context["request"].build_absolute_uri(publication.get_absolute_url())


class CorrectionFilters(OpenFilterSet):
    organisation = by_unit("单位的编号", field_name="publication__organisation")
    below = by_unit("单位编号，得到这个单位和它下面全部单位的记录", method="within")
    action = one_of("变更、撤下还是撤下后的结论", LOGGED)
    on_from = filters.DateFilter(label="不早于这一天", field_name="at", lookup_expr="date__gte")
    on_to = filters.DateFilter(label="不晚于这一天", field_name="at", lookup_expr="date__lte")

    def within(self, rows, name, unit):
        return rows.below(unit)


@extend_schema_view(
    list=listed(
        "更正与撤下",
        "公开以后改了什么、撤了什么、为什么，新的在前，只增不减。撤下的只留单位、种类、编号、理由和时间。",
        CorrectionSerializer,
        "一页记录",
    )
)
@extend_schema(tags=["变动"])
class Corrections(OpenList):
    """The log of corrections and withdrawals."""

    reads = (
        "publication_publication",
        "directory_organisation",
        "publication_correction",
        "publication_ledgerentry",
        "publication_ledgercontent",
    )
    serializer_class = CorrectionSerializer
    filterset_class = CorrectionFilters

    def get_queryset(self):
        return Correction.objects.public().with_names().order_by("-id")


# --- changes -------------------------------------------------------------------------------------------------------


class ChangeSerializer(serializers.Serializer):
    """公开账里的一笔：某个内容公开、变更或撤下。"""

    seq = serializers.IntegerField(source="pk", help_text="账上的序号，只增不减，中间可以有空号")
    at = serializers.DateTimeField(help_text="时间，由系统记录")
    action = serializers.SerializerMethodField(help_text="公开、变更还是撤下")
    object = serializers.IntegerField(
        source="publication_id", help_text="内容在账上的编号；同一个内容的各版相同"
    )
    kind = serializers.SerializerMethodField(help_text="种类")
    code = serializers.CharField(source="publication.reference", help_text="读者看到的编号；没有编号的写空")
    organisation = UnitName(help_text="单位")
    version = serializers.IntegerField(help_text="第几版")
    sha256 = serializers.CharField(source="content_hash", help_text="这一版的校验值，与公开页面上的相同")
    url = serializers.SerializerMethodField(help_text="公开页面的地址；现在已经撤下的为空")

    @extend_schema_field(KeyAndName)
    def get_action(self, it):
        return {"key": it.action, "name": it.get_action_display()}

    @extend_schema_field(KeyAndName)
    def get_kind(self, it):
        return {"key": it.kind, "name": it.publication.kind_label}

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_url(self, it) -> str | None:
        return _address(self, it.publication)


class ChangePages(BasePagination):
    """Entries after a number, in the order of the ledger; `last` is the number to go on from, now or tomorrow."""

    page_size = 100
    max_page_size = 500

    def paginate_queryset(self, queryset: QuerySet, request: Any, view: Any = None) -> list[Any]:
        self.request = request
        size = min(whole_number(request, "page_size", self.page_size), self.max_page_size)
        text = request.query_params.get("after", "")
        self.after = 0 if text in ("", "0") else _sequence(text)
        rows = list(queryset.filter(pk__gt=self.after)[: size + 1])
        self.more, rows = len(rows) > size, rows[:size]
        self.last = rows[-1].pk if rows else self.after
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        address = replace_query_param(self.request.build_absolute_uri(), "after", self.last)
        following = address if self.more else None
        link = {"Link": f'<{address}>; rel="next"'} if self.more else {}
        return Response({"last": self.last, "next": following, "results": data}, headers=link)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {
            "type": "string",
            "format": "uri",
            "nullable": True,
            "description": "后面还有的，下一页的地址",
        }
        return {
            "type": "object",
            "required": ["last", "next", "results"],
            "properties": {
                "last": {"type": "integer", "description": "读到的最后一个序号，下次从这里读起：after=last"},
                "next": address,
                "results": schema | {"description": "这一页，旧的在前"},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {"name": "after", "required": False, "in": "query", "description": "从哪个序号以后读起，默认从头。",
             "schema": {"type": "integer", "minimum": 0, "maximum": 10**18, "default": 0}},
            {"name": "page_size", "required": False, "in": "query", "description": "每页多少条，默认 100，最多 500。",
             "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999, "default": 100}},
        ]  # fmt: skip


def _sequence(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= 10**18:
        return int(text)
    raise ValidationError({"after": ["要写一个序号，用上一次回答里的 last；从头读写 0。"]})


class ChangeFilters(OpenFilterSet):
    """`after` and the size of a page are the pages' own; every copy follows all of it."""

    after = filters.CharFilter(method="left_to_the_pages")

    def left_to_the_pages(self, rows, name, value):
        return rows


@extend_schema_view(
    list=extend_schema(
        summary="变动",
        description="公开账按顺序的全部变动：从 after=0 读起，公开和变更的记下、撤下的删去，得到的就是现在公开的全部内容；"
        "以后带着 last 再来，只读新的。读过的序号后面不会再插进别的。",
        parameters=[OpenApiParameter("after", exclude=True)],
        responses={200: OpenApiResponse(ChangeSerializer(many=True), "一页变动"), 400: WRONG, 429: TOO_MANY},
    )
)
@extend_schema(tags=["变动"])
class Changes(OpenList):
    """The ledger in its own order: what was published, changed and taken down, without a word of it."""

    reads = ("publication_publication", "directory_organisation", "publication_ledgerentry")
    serializer_class = ChangeSerializer
    filterset_class = ChangeFilters
    pagination_class = ChangePages

    def get_queryset(self):
        return (
            LedgerEntry.objects.public(withdrawn=True)
            .select_related("publication", "organisation")
            .order_by("id")
        )


def head() -> int:
    """The last number of the ledger."""
    return LedgerEntry.objects.public(withdrawn=True).aggregate(head=Max("pk"))["head"] or 0
