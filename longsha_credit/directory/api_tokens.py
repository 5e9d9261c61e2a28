"""Who calls the API with a token: in a header only, never by a session, within the token's scopes."""

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.throttling import SimpleRateThrottle

from longsha_credit.audit.middleware import client_ip
from longsha_credit.directory import tokens
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.web.limits import wait_of

UNKNOWN = "接口令牌不对、已到期或已停用。请在工作台“接口令牌”里核对，或者新建一个。"
SCHEME = "接口令牌要写成 Authorization: Bearer 令牌。"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; wrong ones are counted by address."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        header = request.headers.get("Authorization", "").split()
        if not header:
            return None
        if len(header) != 2 or header[0].lower() != "bearer":
            raise exceptions.AuthenticationFailed(SCHEME)
        token = tokens.find(header[1], today=timezone.localdate())
        if token is None:
            if wait := wait_of("api_wrong", client_ip(request)):
                raise exceptions.Throttled(wait)
            raise exceptions.AuthenticationFailed(UNKNOWN)
        return token.owner, token

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="api"'


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        words = "工作台“接口令牌”里建立，只显示一次；放在请求头 Authorization: Bearer 后面，不要写在地址里。"
        return {"type": "http", "scheme": "bearer", "description": words}


class WithinScopes(BasePermission):
    """The token may do this, and its owner still works here: rights are looked up anew with each call."""

    def has_permission(self, request: Any, view: Any) -> bool:
        token = request.auth
        if token is None:
            return False
        if not token.owner.holds(*SEES_WORK):
            raise exceptions.PermissionDenied("这个账号现在没有办理业务的任用资格，令牌不能用。")
        scope, words = (
            ("may_read", "读取本人的草稿") if request.method in ("GET", "HEAD") else ("may_file", "填报草稿")
        )
        if not getattr(token, scope) and not getattr(view, "any_scope", False):
            raise exceptions.PermissionDenied(f"这个令牌没有“{words}”的范围，请用有这个范围的令牌。")
        return True


class ByToken(SimpleRateThrottle):
    """So many requests a minute with one token; the rate stands in the settings."""

    scope = "token"

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        return f"throttle:token:{request.auth.pk}" if request.auth else None
