"""Drafts filed by programs: a token's owner, the form and the service of the desk, one draft for one key."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.cache import patch_cache_control
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory import tokens
from longsha_credit.directory.api import (
    MISSING,
    TOO_MANY,
    WRONG,
    Filters,
    OpenFilterSet,
    RefusedSerializer,
    Said,
)
from longsha_credit.directory.api_pages import Pages
from longsha_credit.directory.api_tokens import ByToken, TokenAuthentication, WithinScopes
from longsha_credit.files.checks import Unacceptable
from longsha_credit.publication.models import ServiceField

MOST_BYTES = 1_000_000  # the longest notice is a tenth of it
MOST_ROWS = 30  # of one table in a form
KEY = "Idempotency-Key"
KEY_WORDS = "幂等键，1 至 80 个字母、数字、横线。同一个键再发同样的内容，得到原来那一份，不会填两份；网络不稳时请一定带上。"
BAD_KEY = "Idempotency-Key 要写 1 至 80 个英文字母、数字、横线或下划线。"
USED_KEY = "这个 Idempotency-Key 已经用来填过别的内容。要填新的，请换一个键。"
TOO_LONG = f"内容太长，一次最多 {MOST_BYTES // 1000} KB。"
NOT_JSON = "发来的不是 JSON 对象，文字要用 UTF-8，请对照接口说明核对。"


class SmallJson(BaseParser):
    """One JSON object of bounded size, whose texts the database can hold."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> dict[str, Any]:
        data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Said(TOO_LONG, 413)
        try:
            found = json.loads(data.decode(), parse_constant=_no_number)
            json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as problem:
            raise Said(NOT_JSON, 400) from problem
        if not isinstance(found, dict):
            raise Said(NOT_JSON, 400)
        return found


def _no_number(word: str) -> None:
    raise ValueError(word)


class JsonOnly(BaseContentNegotiation):
    """JSON in and out; another kind of body is told."""

    def select_parser(self, request: Any, parsers: list[Any]) -> Any:
        sent = (request.content_type or "").partition(";")[0].strip().lower()
        return parsers[0] if sent == "application/json" else None

    def select_renderer(self, request: Any, renderers: list[Any], format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class DraftFilters(OpenFilterSet):
    """A list of drafts is not narrowed: one person has few."""


class FaultySerializer(serializers.Serializer):
    """为什么没有填成；没有填成的什么也不保存。"""

    detail = serializers.CharField(help_text="一句话说明，以及可以怎样做")
    fields = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text="有误的栏目和原因；表格里的写成 parts[0].title",
    )


FAULTY = OpenApiResponse(FaultySerializer, "内容有误，fields 里写明是哪些栏目；什么也没有保存")
NO_TOKEN = OpenApiResponse(RefusedSerializer, "没有令牌，或令牌不对、已到期、已停用")
NOT_ALLOWED = OpenApiResponse(RefusedSerializer, "令牌没有这个范围，或账号现在没有任用资格")
CONFLICT = OpenApiResponse(RefusedSerializer, "这个幂等键已经填过别的内容，或这时不能这样填")
TOO_BIG = OpenApiResponse(RefusedSerializer, "内容太长")
NOT_JSON_SENT = OpenApiResponse(RefusedSerializer, "不是 JSON，请求头要写 Content-Type: application/json")


class TokenCalls(APIView):
    """What a token opens; a session opens none of it, and neither does a page of another site."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [WithinScopes]
    throttle_classes = [ByToken]
    content_negotiation_class = JsonOnly
    parser_classes = [SmallJson]
    pagination_class = Pages
    filter_backends = [Filters]
    filterset_class = DraftFilters

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """What one account may see stays in no cache."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response


class Drafts(TokenCalls, ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """The drafts of one kind that a token's owner wrote and may still see; filing makes one more, and no step.

    `sections` names what stands in a body (`serializer_class` describes it), `tables` the tables of the form among
    them. `drafts_of(user)` is what may be read; `form_of(body, data)` makes the desk's form over `data`, `save(form)` is
    the desk's service.
    """

    http_method_names = ["get", "head", "post"]
    lookup_value_regex = "[0-9]{1,18}"

    tables: tuple[str, ...] = ()
    desk_page = ""

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return ServiceField.objects.public().none()  # the schema is written for nobody in particular
        return self.drafts_of(self.request.user)

    def drafts_of(self, user: Any) -> Any:
        raise NotImplementedError

    def form_of(self, body: dict[str, Any], data: QueryDict) -> Any:
        raise NotImplementedError

    def save(self, form: Any) -> Any:
        raise NotImplementedError

    def translated(self, name: str, value: Any) -> Any:
        """What the form takes for a value of the body: where readers use a key, the form has the row's id."""
        return value

    # --- filing ---

    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        key = self._key()
        body = request.data
        digest = hashlib.sha256(_canonical([self.basename, body]).encode()).hexdigest()
        if key and (before := self._filed(key, digest)):
            return self._answer(before, 200)
        form = self._form(body)
        if not form.is_valid():
            raise Faulty(_faults(form))
        try:
            saved = self._saved(form, key, digest)
        except IntegrityError:
            # the same key at the same moment: the other one was first
            before = self._filed(key, digest) if key else None
            if before is None:
                raise
            return self._answer(before, 200)
        return self._answer(self.get_queryset().get(pk=saved.pk), 201)

    @transaction.atomic
    def _saved(self, form: Any, key: str, digest: str) -> Any:
        token = self.request.auth
        try:
            saved = self.save(form)
        except Refused as refusal:
            raise Said(str(refusal), 409) from refusal
        except Unacceptable as fault:
            raise Said(str(fault), 400) from fault
        record(saved, step="api", label="由接口填报", by=token.owner, reason=f"{token}（{token.start}…）")
        if key:
            tokens.note_filing(token, key=key, digest=digest, of=saved)
        return saved

    def _key(self) -> str:
        key = self.request.headers.get(KEY, "")
        if key and not (
            len(key) <= 80 and key.isascii() and key.replace("-", "a").replace("_", "a").isalnum()
        ):
            raise Said(BAD_KEY, 400)
        return key

    def _filed(self, key: str, digest: str) -> Any:
        """The draft that was filed under this key with the same content, or None. Raises Said for another content."""
        filing = tokens.filing_of(self.request.auth, key)
        if filing is None:
            return None
        if filing.digest != digest:
            raise Said(USED_KEY, 409)
        row = self.get_queryset().filter(pk=filing.object_id).first()
        if row is None:
            raise Said(
                "用这个 Idempotency-Key 填的那一份已经不是您的草稿：可能已经提交或作废，请到工作台看。", 409
            )
        return row

    def _answer(self, row: Any, status: int) -> Response:
        where = self.request.build_absolute_uri(reverse(f"api:{self.basename}-detail", args=[row.pk]))
        return Response(self.get_serializer(row).data, status=status, headers={"Location": where})

    def _form(self, body: dict[str, Any]) -> Any:
        """The desk's form over what was sent. Raises Faulty for what no form could take."""
        names = self.get_serializer().fields
        known = {name for name, field in names.items() if not field.read_only}
        faults = {
            name[:60]: "没有这个栏目，可以写：" + "、".join(sorted(known)) + "。"
            for name in list(body.keys() - known)[:5]
        }
        data = QueryDict(mutable=True)
        for name in known & body.keys():
            try:
                if name in self.tables:
                    _put_rows(data, name, body[name], names[name].child.fields)
                else:
                    _put(data, name, self.translated(name, body[name]))
            except ValueError as problem:
                faults[name] = str(problem)
        if faults:
            raise Faulty(faults)
        return self.form_of(body, data)


class Faulty(Said):
    """What was sent is not saved; `fields` says per field why, "" stands for what is of no field."""

    def __init__(self, fields: dict[str, str]):
        sentence = "".join(f"{name}：{said}" if name else said for name, said in fields.items())
        super().__init__(sentence, 400, {name: said for name, said in fields.items() if name})


def _put(data: QueryDict, name: str, value: Any) -> None:
    """One value as a form gets it. Raises ValueError for an object or a list of them."""
    if value is None or value is False:
        return
    if isinstance(value, list):
        data.setlist(name, [_text(one) for one in value])
    else:
        data[name] = _text(value)


def _text(value: Any) -> str:
    if value is True:
        return "on"
    if isinstance(value, dict | list):
        raise ValueError("要写文字或数字，不能写对象。")
    return str(value)


def _put_rows(data: QueryDict, name: str, rows: Any, columns: Any) -> None:
    if rows is None:
        return
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("要写成对象的列表，一行一个。")
    if len(rows) > MOST_ROWS:
        raise ValueError(f"最多 {MOST_ROWS} 行。")
    for index, row in enumerate(rows):
        for column, value in row.items():
            if column not in columns:
                raise ValueError(
                    f"第 {index + 1} 行里没有“{column[:40]}”，可以写：" + "、".join(columns) + "。"
                )
            _put(data, f"{name}-{index}-{column}", value)


def _faults(form: Any) -> dict[str, str]:
    """The sentences of a form by the names of the body; what is of no field stands under ""."""
    found = {}
    for name, sentences in form.errors.items():
        parts = name.split("-")
        shown = f"{parts[0]}[{parts[1]}].{parts[2]}" if len(parts) == 3 else name
        found["" if name == "__all__" else shown] = "".join(sentences)
    return found


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def by_key(rows: Any, column: str, value: Any, missing: str) -> Any:
    """The id of the row with this key, for a form that takes ids; None stays None. Raises ValueError."""
    if value in (None, ""):
        return None
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(missing)
    pk = rows.filter(**{column: value}).values_list("pk", flat=True).first()
    if pk is None:
        raise ValueError(missing)
    return pk


def filing(noun: str, serializer: Any, words: str) -> dict[str, Callable[[Any], Any]]:
    """What the schema says of the three operations of one kind of draft."""
    refused = {401: NO_TOKEN, 403: NOT_ALLOWED, 429: TOO_MANY}
    where = [OpenApiParameter("id", int, OpenApiParameter.PATH, description="草稿的编号")]
    key = [OpenApiParameter(KEY, str, OpenApiParameter.HEADER, description=KEY_WORDS)]
    filed = {
        200: OpenApiResponse(serializer, "这个幂等键填过的那一份"),
        201: OpenApiResponse(serializer, "填好的草稿，Location 是它的地址"),
        400: FAULTY,
        409: CONFLICT,
        413: TOO_BIG,
        415: NOT_JSON_SENT,
    }
    listed = {200: OpenApiResponse(serializer(many=True), "一页草稿"), 400: WRONG}
    one = {200: OpenApiResponse(serializer, "这份草稿"), 404: MISSING}
    return {
        "list": extend_schema(
            summary=f"本人的{noun}草稿", description=f"令牌所属账号写的、还是草稿的{noun}，新的在前。", responses=listed | refused
        ),
        "retrieve": extend_schema(
            summary=f"一份{noun}草稿", description="按编号读取。提交以后就不再是草稿，在这里读不到。",
            parameters=where, responses=one | refused,
        ),
        "create": extend_schema(
            summary=f"填报{noun}草稿", description=words, parameters=key, request=serializer, responses=filed | refused
        ),
    }  # fmt: skip


def desk_address(serializer: Any, name: str, pk: int) -> str:
    """Where a person goes on with a draft."""
    return serializer.context["request"].build_absolute_uri(reverse(name, args=[pk]))


def in_words(choices: Any) -> str:
    """The words a field takes, each with its name: where it may also stay empty, a list in the schema would forbid that."""
    return "、".join(f"{key}（{name}）" for key, name in choices)
