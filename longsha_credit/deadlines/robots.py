"""The robots of chat groups at three houses and no other host: reading an address, and one message to one robot.

Written here and not left to a library of notifiers: that one takes every answer with status 200 of two of the houses
as sent, while they refuse with 200 and a number in the body, and what was refused would be lost.
"""

import base64
import hashlib
import hmac
import http.client
import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings

from longsha_credit.deadlines.models.ways import Provider

SECONDS = 8
TOKEN, SECRET = re.compile(r"[A-Za-z0-9_-]{8,128}"), re.compile(r"[A-Za-z0-9]{8,128}")
SENT, REFUSED, UNSURE = "sent", "refused", "unsure"


@dataclass(frozen=True)
class House:
    """Where a house takes messages; the token stands in the parameter `parameter` or, without one, ends the path."""

    host: str
    path: str
    parameter: str = ""


HOUSES = {
    Provider.WECOM: House("qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key"),
    Provider.DINGTALK: House("oapi.dingtalk.com", "/robot/send", "access_token"),
    Provider.FEISHU: House("open.feishu.cn", "/open-apis/bot/v2/hook/"),
}
WRONG = "只能填企业微信、钉钉、飞书群机器人的完整地址，以 https:// 开头，请从群机器人的设置里整条复制。"


@dataclass(frozen=True)
class Outcome:
    """What became of a message: sent, refused (it did not arrive), or unsure (it went out and no answer came)."""

    what: str
    sentence: str = ""


def read_address(text: str) -> tuple[str, str]:
    """The house and the token of a robot's address as its settings show it. Raises ValueError with a sentence."""
    try:
        parts = urlsplit(text.strip())
        named = parse_qs(parts.query, strict_parsing=bool(parts.query), max_num_fields=3)
    except ValueError:
        raise ValueError(WRONG) from None
    for provider, house in HOUSES.items():
        if parts.scheme != "https" or parts.netloc != house.host or parts.fragment:
            continue
        token = (named.get(house.parameter) or [""])[0] if house.parameter else parts.path[len(house.path) :]
        path = parts.path if house.parameter else parts.path[: len(house.path)]
        if path == house.path and TOKEN.fullmatch(token):
            return str(provider), token
    raise ValueError(WRONG)


def post(provider: str, token: str, secret: str, text: str) -> Outcome:
    """Send one message, without following where the answer leads; never raises for what the network does."""
    request = urllib.request.Request(  # noqa: S310 - host and path are ours
        _url(provider, token, secret),
        data=json.dumps(_body(provider, secret, text), ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    try:
        with _opener().open(request, timeout=SECONDS) as answer:
            return _read(answer.read(20_000))
    except urllib.error.HTTPError as problem:
        return Outcome(REFUSED, f"对方服务器回答 {problem.code}，没有收下。")
    except urllib.error.URLError as problem:
        return Outcome(REFUSED, f"连不上对方服务器：{problem.reason}"[:200])
    except (OSError, http.client.HTTPException) as problem:
        return Outcome(UNSURE, f"发出以后没有收到回答：{type(problem).__name__}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    """The proxy of the surroundings is used, as everywhere on an office's servers; not for this machine itself."""
    proxies = [urllib.request.ProxyHandler({})] if settings.CHAT_BASE else []
    return urllib.request.build_opener(_NoRedirect, *proxies)


def _url(provider: str, token: str, secret: str) -> str:
    house = HOUSES[Provider(provider)]
    base = settings.CHAT_BASE or f"https://{house.host}"
    if not house.parameter:
        return f"{base}{house.path}{token}"
    named = {house.parameter: token}
    if secret and provider == Provider.DINGTALK:
        stamp = str(round(time.time() * 1000))
        named |= {"timestamp": stamp, "sign": _signature(secret, f"{stamp}\n{secret}")}
    return f"{base}{house.path}?{urlencode(named)}"


def _body(provider: str, secret: str, text: str) -> dict[str, Any]:
    if provider != Provider.FEISHU:
        return {"msgtype": "text", "text": {"content": text}}
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(int(time.time()))
        body |= {"timestamp": stamp, "sign": _signature(f"{stamp}\n{secret}", "")}
    return body


def _signature(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _read(raw: bytes) -> Outcome:
    """All three answer 200 with a number: nought is sent, anything else a refusal in words."""
    try:
        said = json.loads(raw)
        number = next(said[name] for name in ("errcode", "code", "StatusCode") if name in said)
    except (ValueError, TypeError, StopIteration):
        return Outcome(UNSURE, "对方的回答看不懂。")
    if number == 0:
        return Outcome(SENT)
    words = str(said.get("errmsg") or said.get("msg") or said.get("StatusMessage") or "")
    return Outcome(REFUSED, f"对方拒收（{number}）：{words}"[:200])
