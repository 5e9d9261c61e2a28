"""The schema of the open data, written from the resources themselves, and its two pages for people."""

import functools
import re
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from longsha_credit.directory.api import AlwaysJson, ByAddress

KINDS = {"string": "文字", "integer": "整数", "date": "日期", "date-time": "时间", "uri": "网址"}
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
        return super().get_context_data(section="api", operations=operations(), **kwargs)


@method_decorator([login_not_required, conditional_page], name="dispatch")
class Try(TemplateView):
    """Requests tried out in the browser, by Swagger UI from our own static files."""

    http_method_names = ["get", "head"]
    template_name = "api/try.html"
