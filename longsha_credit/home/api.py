"""The open data as tables for a spreadsheet; its schema, written from the resources, and the pages for people."""

import functools
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from longsha_credit.directory.api import AlwaysJson, ByAddress, OpenData
from longsha_credit.exchange.sheets import KINDS as TABLE_KINDS
from longsha_credit.exchange.sheets import download

KINDS = {"string": "文字", "integer": "整数", "date": "日期", "date-time": "时间", "uri": "网址"}
MOST_ROWS = 5000  # of one table; anybody may ask for it
CHUNK = 500
FIRST_WORDS = re.compile("[^，；：]+")
OPTION = re.compile(r"^\* `(.+)` - (.+)$", re.MULTILINE)


@functools.cache
def schema() -> dict[str, Any]:
    """The OpenAPI document; it changes only with the code."""
    return SchemaGenerator().get_schema(public=True)


@functools.cache
def operations() -> list[dict[str, Any]]:
    """What can be read, for the page: address, parameters and fields of each operation in words."""
    return [_operation(path, verbs["get"]) for path, verbs in schema()["paths"].items()]


def _operation(path: str, described: dict[str, Any]) -> dict[str, Any]:
    answers = described["responses"]
    return {
        "id": described["operationId"],
        "path": settings.PREFIX.rstrip("/") + path,
        "summary": described["summary"],
        "description": described["description"],
        "parameters": [_named(p["name"], p["schema"], p["description"]) for p in described["parameters"]],
        "fields": _fields(answers["200"]["content"]["application/json"]["schema"]),
        "answers": [(code, answer["description"]) for code, answer in answers.items()],
    }


def _fields(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an answer with their kinds."""
    component = _component(answer)
    return [_named(name, kind, kind["description"]) for name, kind in component["properties"].items()]


def _component(reference: dict[str, Any]) -> dict[str, Any]:
    return schema()["components"]["schemas"][reference["$ref"].rsplit("/", 1)[-1]]


def _named(name: str, kind: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "kind": _kind(kind),
        "words": OPTION.sub("", description).strip(),
        "options": OPTION.findall(description),
    }


def _kind(kind: dict[str, Any]) -> str:
    if kind.get("type") == "array":
        return "列表"
    if "allOf" in kind:
        parts = "、".join(_component(kind["allOf"][0]).get("properties", {}))
        return f"对象（{parts}）" if parts else "文字"
    return KINDS.get(kind.get("format", ""), KINDS.get(kind.get("type", ""), "文字"))


class Table(APIView):
    """The rows of a resource as one table, by the same filters as its JSON; `resource` is its view."""

    http_method_names = ["get", "head"]
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [ByAddress]
    content_negotiation_class = AlwaysJson
    resource: type[OpenData] = OpenData
    label = ""

    @extend_schema(exclude=True)
    def get(self, request, kind):
        view = self.resource(request=request, action="list", detail=False, format_kwarg=None, kwargs={})
        for name in {"page", "page_size"} & set(request.query_params):
            raise exceptions.ValidationError({name: ["下载的表格不分页，请去掉这个参数。"]})
        rows = view.filter_queryset(view.get_queryset())
        number = rows.order_by()[: MOST_ROWS + 1].count()
        if number > MOST_ROWS:
            said = f"超过 {MOST_ROWS} 条，请按单位或者别的条件分几次下载。"
            raise exceptions.ValidationError({"below": [said]})
        fields = view.get_serializer().fields
        heads = [_head(field.help_text) for field in fields.values()]
        return download(kind, self.label, heads, _lines(view, rows), number=number)


# What can be taken along as a table: its address, its name.
TABLES = {
    "organisations": "单位",
    "commitments": "承诺",
    "records": "诚信记录",
    "notices": "公开内容",
    "topics": "公开目录",
    "scenes": "信用+场景",
    "activities": "诚信教育活动",
    "contests": "知识竞赛",
}


def _head(help_text: Any) -> str:
    """What a field is called: the first words of what is said about it."""
    found = FIRST_WORDS.match(str(help_text))
    return found[0] if found else str(help_text)


def _lines(view: OpenData, rows: Any) -> Iterator[list[str]]:
    serializer = view.get_serializer()
    for row in rows.iterator(chunk_size=CHUNK):
        yield [_cell(value) for value in serializer.to_representation(row).values()]


def _cell(value: Any) -> str:
    """A value of the JSON as a cell: of something named the name, of several each on its line."""
    if isinstance(value, dict):
        return str(value["name"]) if "name" in value else " ".join(_cell(part) for part in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(_cell(part) for part in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


class Schema(APIView):
    """OpenAPI 3, for programs."""

    http_method_names = ["get", "head"]
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [ByAddress]
    content_negotiation_class = AlwaysJson

    @extend_schema(exclude=True)
    def get(self, request):
        return Response(schema())


@method_decorator([login_not_required, conditional_page], name="dispatch")
class Docs(TemplateView):
    """The schema for people; it needs no script."""

    http_method_names = ["get", "head"]
    template_name = "api/docs.html"

    def get_context_data(self, **kwargs):
        context = {"section": "api", "operations": operations(), "tables": TABLES, "table_kinds": TABLE_KINDS}
        return super().get_context_data(**context, **kwargs)


@method_decorator([login_not_required, conditional_page], name="dispatch")
class Try(TemplateView):
    """Requests tried out in the browser, by Swagger UI from our own static files."""

    http_method_names = ["get", "head"]
    template_name = "api/try.html"
