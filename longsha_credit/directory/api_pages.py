"""Pages of a list that stay sound while rows come and go: each goes on after the last row of the one before.

A page by number moves when something is published between two pages: a row is read twice or never. Here the address of
the next page carries the place of the last row in the list's order, signed, so that nobody makes one up.
"""

import datetime
import re
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
LONGEST_CURSOR = 1000  # bytes; a place is told in about three hundred
SALT = "open-data-cursor"
WRONG_CURSOR = "这个位置认不出来。请用上一页给出的 next，不要自己写，也不要换排列和条件。"


def whole_number(request: Any, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not WHOLE_NUMBER.fullmatch(text):
        raise exceptions.ValidationError({name: ["要写大于 0 的整数，例如 1。"]})
    return int(text)


class Pages(BasePagination):
    """Rows after a place in the list's own order; the order names columns that are never empty and ends in a unique one.

    `count` is taken once, with the first page, and goes along: counting again for each page is the dear part.
    """

    page_size = 25
    max_page_size = 100

    def paginate_queryset(self, queryset: QuerySet, request: Any, view: Any = None) -> list[Any]:
        self.request = request
        size = min(whole_number(request, "page_size", self.page_size), self.max_page_size)
        order = [str(name) for name in queryset.query.order_by]
        cursor = request.query_params.get("cursor", "")
        if cursor:
            self.count, place = _opened(cursor, order)
            queryset = queryset.filter(_after(order, place))
        else:
            self.count = queryset.order_by().count()
        rows = list(queryset[: size + 1])
        self.next = self._address(rows[size - 1], order) if len(rows) > size else None
        return rows[:size]

    def _address(self, last: Any, order: list[str]) -> str:
        place = [_plain(_value(last, name)) for name in order]
        cursor = signing.dumps([order, self.count, place], salt=SALT, compress=True)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response(self, data: Any) -> Response:
        link = {"Link": f'<{self.next}>; rel="next"'} if self.next else {}
        return Response({"count": self.count, "next": self.next, "results": data}, headers=link)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        count = {"type": "integer", "description": "一共多少条，读第一页的时候数的", "example": 123}
        return {
            "type": "object",
            "required": ["count", "next", "results"],
            "properties": {
                "count": count,
                "next": {
                    "type": "string",
                    "format": "uri",
                    "nullable": True,
                    "description": "下一页的地址，原样使用；没有下一页为空",
                },
                "results": schema | {"description": "这一页"},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": 999_999_999, "default": self.page_size}
        return [
            _parameter(
                "cursor",
                {"type": "string", "maxLength": LONGEST_CURSOR},
                "读到哪里了：用上一页的 next，第一页不写。",
            ),
            _parameter(
                "page_size",
                size,
                f"每页多少条，默认 {self.page_size}，最多 {self.max_page_size}，再大也按最多给。",
            ),
        ]


def _parameter(name: str, kind: dict[str, Any], words: str) -> dict[str, Any]:
    return {"name": name, "required": False, "in": "query", "description": words, "schema": kind}


def _opened(cursor: str, order: list[str]) -> tuple[int, list[Any]]:
    """The count and the place a cursor carries; a made-up one, or one of another order, is told."""
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise signing.BadSignature
        known, count, place = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        known = None
    if known != order:
        raise exceptions.ValidationError({"cursor": [WRONG_CURSOR]})
    return count, place


def _after(order: list[str], place: list[Any]) -> Q:
    """The condition of standing behind `place`: equal in the first columns, further on in the next."""
    behind, same = Q(pk__in=[]), Q()
    for name, value in zip(order, place, strict=True):
        column, further = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        behind |= same & Q(**{f"{column}__{further}": value})
        same &= Q(**{column: value})
    return behind


def _value(row: Any, name: str) -> Any:
    for part in name.removeprefix("-").split("__"):
        row = getattr(row, part)
    return row


def _plain(value: Any) -> Any:
    """A moment to the last microsecond: Django's own JSON cuts it."""
    return value.isoformat() if isinstance(value, datetime.date) else value
