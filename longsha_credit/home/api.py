"""The open data as tables for a spreadsheet; its schema, written from the resources, and the pages for people."""

import functools
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.views.decorators.http import conditional_page
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from commitments.api import Commitments
from commitments.handover.api import Terms
from commitments.rectification.api import Rectifications
from disclosure.api import Notices, Topics
from disclosure.coverage.api import Coverage
from disclosure.scenes.api import Scenes
from evaluation.api import Figures
from evaluation.demonstration.api import Awards, CandidateNotices
from evaluation.standards.api import Standards
from longsha_credit.directory.api import Open, OpenList, Organisations
from longsha_credit.exchange.sheets import KINDS, download
from longsha_credit.home import api_examples
from longsha_credit.programme.api import Years
from longsha_credit.programme.contests.api import Contests
from longsha_credit.programme.education.api import Activities, Materials
from longsha_credit.publication.api import Changes, Corrections
from records.api import RecordItems, Records

ADDRESS = "https://本站地址"
WORDS = {"string": "文字", "integer": "整数", "date": "日期", "date-time": "时间", "uri": "网址"}
LINES = {"json": "application/json; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}
TABLE_KINDS = (*KINDS, *LINES)
TABLE_WORDS = {"csv": "CSV", "xlsx": "Excel", "json": "JSON", "jsonl": "JSON Lines"}
MOST_ROWS = 5000  # of one table; anybody may ask for it, and whoever wants everything has the nightly package
CHUNK = 500
FIRST_WORDS = re.compile("[^，；：]+")
TOO_LONG = "地址超过 8190 个字节，由网站服务器直接回答，不是 JSON"
LISTED = re.compile("/api/v1/([a-z-]+)/$")
OPTION = re.compile(r"^\* `(.+)` - (.+)$", re.MULTILINE)


@functools.cache
def schema() -> dict[str, Any]:
    """The OpenAPI document; it changes only with the code."""
    found: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    for verbs in found["paths"].values():
        for described in verbs.values():
            described["responses"]["414"] = {"description": TOO_LONG}
    return found


@functools.cache
def operations() -> list[dict[str, Any]]:
    """What can be done, for the page: address, parameters and fields of each operation in words."""
    return [
        _operation(path, verb, described)
        for path, verbs in schema()["paths"].items()
        for verb, described in verbs.items()
    ]


def _operation(path: str, verb: str, described: dict[str, Any]) -> dict[str, Any]:
    answers = described["responses"]
    body = described.get("requestBody")
    return {
        "verb": verb.upper(),
        "body": _body(body["content"]["application/json"]["schema"]) if body else [],
        "curl": _curl(path, verb, described),
        "id": described["operationId"],
        "resource": LISTED.match(path)[1] if verb == "get" and LISTED.match(path) else "",
        "path": settings.PREFIX.rstrip("/") + path,
        "summary": described["summary"],
        "description": described["description"],
        "parameters": [
            _named(p["name"], p["schema"], p["description"]) for p in described.get("parameters", [])
        ],
        "fields": _fields(answers["200"]["content"]["application/json"]["schema"]),
        "answers": [(code, answer["description"]) for code, answer in answers.items()],
    }


def _fields(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an answer with their kinds."""
    component = _component(answer)
    return [_named(name, kind, kind["description"]) for name, kind in component["properties"].items()]


def _body(sent: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields one may send: what the portal gives itself is left out."""
    component = _component(sent)
    own = {name for name, kind in component["properties"].items() if kind.get("readOnly")}
    needed = component.get("required", [])
    return [
        _named(name, kind, ("必填。" if name in needed else "") + kind["description"])
        for name, kind in component["properties"].items()
        if name not in own
    ]


def _curl(path: str, verb: str, described: dict[str, Any]) -> str:
    """A call to copy; what is in braces is to be filled in."""
    token = " -H 'Authorization: Bearer 令牌'" if any(described.get("security", [])) else ""
    if verb == "get":
        return f"curl{token} '{ADDRESS}{path}'"
    sent = " -H 'Content-Type: application/json' -H 'Idempotency-Key: 自己编的键' --data @draft.json"
    return f"curl{token}{sent} '{ADDRESS}{path}'"


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
    return WORDS.get(kind.get("format", ""), WORDS.get(kind.get("type", ""), "文字"))


class Table(Open):
    """The rows of a resource as one table, by the same filters as its list; `resource` is its view."""

    resource: type[OpenList] = OpenList
    label = ""

    @property
    def reads(self):
        return self.resource.reads

    def moment(self):
        return self.resource(request=self.request).moment()

    @extend_schema(exclude=True)
    def get(self, request, kind):
        view = self.resource(request=request, action="list", detail=False, format_kwarg=None, kwargs={})
        for name in {"cursor", "page_size"} & set(request.query_params):
            raise exceptions.ValidationError({name: ["下载的表格不分页，请去掉这个参数。"]})
        rows = view.filter_queryset(view.get_queryset())
        number = rows.order_by()[: MOST_ROWS + 1].count()
        if number > MOST_ROWS:
            said = f"超过 {MOST_ROWS} 条，请加条件分几次下载；要全部的，用每晚做好的整包。"
            raise exceptions.ValidationError({"below": [said]})
        if kind in LINES:
            return _as_json(kind, self.label, values_of(view, rows))
        lines = (cells(values) for values in values_of(view, rows))
        return download(kind, self.label, heads_of(view), lines, number=number)


# Every public resource by its address. Leak tests, tables, packages and the docs go through this list.
OPEN = {
    "organisations": Organisations,
    "commitments": Commitments,
    "figures": Figures,
    "terms": Terms,
    "records": Records,
    "record-items": RecordItems,
    "rectifications": Rectifications,
    "notices": Notices,
    "topics": Topics,
    "coverage": Coverage,
    "scenes": Scenes,
    "activities": Activities,
    "materials": Materials,
    "contests": Contests,
    "awards": Awards,
    "candidate-notices": CandidateNotices,
    "standards": Standards,
    "years": Years,
    "corrections": Corrections,
    "changes": Changes,
}

# What can be taken along as a table: its address, its name.
TABLES = {
    "organisations": "单位",
    "commitments": "承诺",
    "figures": "各单位的数字",
    "terms": "任期台账",
    "records": "诚信记录",
    "record-items": "诚信记录清单",
    "rectifications": "治理进展",
    "notices": "公开内容",
    "topics": "公开目录",
    "coverage": "公开得怎样",
    "scenes": "信用+场景",
    "activities": "诚信教育活动",
    "materials": "学习资料",
    "contests": "知识竞赛",
    "awards": "示范和试点单位",
    "candidate-notices": "评定公示",
    "standards": "创建指标",
    "years": "年度安排",
    "corrections": "更正与撤下",
}


def _as_json(kind: str, name: str, rows: Iterator[dict[str, Any]]) -> StreamingHttpResponse:
    """One object a line, or all of them as one list; row by row either way."""
    response = StreamingHttpResponse(json_parts(kind, rows), content_type=LINES[kind])
    filename = f"{name}-{timezone.localtime():%Y%m%d%H%M}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, filename)
    return response


def json_parts(kind: str, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """The text of a list of objects, piece by piece."""
    before = "[\n" if kind == "json" else ""
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False, cls=JSONEncoder)
        before = ",\n" if kind == "json" else "\n"
    yield ("]\n" if before == ",\n" else "[]\n") if kind == "json" else before.removeprefix("[")


def heads_of(view: OpenList) -> list[str]:
    return [heading(field.help_text) for field in view.get_serializer().fields.values()]


def values_of(view: OpenList, rows: Any) -> Iterator[dict[str, Any]]:
    """Every row as the list has it, read in chunks."""
    serializer = view.get_serializer()
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := view.prepared(list(itertools.islice(found, CHUNK))):
        yield from map(serializer.to_representation, chunk)


def kind_of(serializer: type, name: str) -> str:
    """The kind of a field in words, as the schema has it."""
    component = serializer.__name__.removesuffix("Serializer")
    return _kind(schema()["components"]["schemas"][component]["properties"][name])


def cells(values: dict[str, Any]) -> list[str]:
    return [_cell(value) for value in values.values()]


def heading(help_text: Any) -> str:
    """What a field is called: the first words of what is said about it."""
    found = FIRST_WORDS.match(str(help_text))
    return found[0] if found else str(help_text)


def _cell(value: Any) -> str:
    """A value of the JSON as a cell: of something named the name, of several each on its line."""
    if isinstance(value, dict):
        return str(value["name"]) if "name" in value else " ".join(_cell(part) for part in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(_cell(part) for part in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


class Schema(Open):
    """OpenAPI 3, for programs; it changes with the code alone."""

    reads = ()

    @extend_schema(exclude=True)
    def get(self, request):
        return Response(schema())


@method_decorator([login_not_required, conditional_page], name="dispatch")
class Docs(TemplateView):
    """The schema for people; it needs no script."""

    http_method_names = ["get", "head"]
    template_name = "api/docs.html"

    def get_context_data(self, **kwargs):
        rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
        here = self.request.build_absolute_uri(settings.PREFIX).rstrip("/")  # so that what is copied runs
        context = {
            "section": "api",
            "operations": [{**it, "curl": it["curl"].replace(ADDRESS, here)} for it in operations()],
            "tables": TABLES,
            "table_kinds": TABLE_WORDS.items(),
            "most_rows": MOST_ROWS,
            "licence": settings.OPEN_DATA_LICENCE,
            "rate_open": rates["open_data"].partition("/")[0],
            "rate_token": rates["token"].partition("/")[0],
            **{f"example_{name}": text.replace(ADDRESS, here) for name, text in api_examples.ALL.items()},
        }
        return super().get_context_data(**context, **kwargs)


@method_decorator([login_not_required, conditional_page], name="dispatch")
class Try(TemplateView):
    """Requests tried out in the browser, by Swagger UI from our own static files."""

    http_method_names = ["get", "head"]
    template_name = "api/try.html"
