"""A unit's chat group hears of its deadlines: only from three houses, only titles and dates, each once."""

import datetime
import http.server
import json
import threading
import time

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import chat, robots, services, ways
from longsha_credit.deadlines.chat import send_to_groups
from longsha_credit.deadlines.models import ChatLine, ChatMessage, ChatRobot
from longsha_credit.deadlines.reference import OPEN_TITLES, RULES
from longsha_credit.deadlines.sending import send_due
from tests import make
from tests.deadlines.clocks import WECOM, start

DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=abcdefgh12345678"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/1f2e3d4c-aaaa-bbbb"


class Houses(http.server.BaseHTTPRequestHandler):
    """Plays the three houses on this machine; `mood` is what it answers."""

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        self.server.taken.append((self.path, body))
        mood = self.server.mood
        if mood == "silent":
            self.close_connection = True
            self.connection.close()
            return
        if mood == "slow":
            time.sleep(1)
        status, number = {"broken": (500, 0), "refuses": (200, 310000)}.get(mood, (200, 0))
        answer = json.dumps({"errcode": number, "errmsg": "keywords not in content"}).encode()
        if mood == "elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/")
        else:
            self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


@pytest.fixture
def houses(settings):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Houses)
    server.taken, server.mood = [], "well"
    settings.CHAT_BASE = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


TODAY = timezone.localdate()


def texts(houses):
    return [
        body.get("text", body.get("content")).get("content") or body["content"]["text"]
        for _, body in houses.taken
    ]


def due(unit, days=3, title="办事指南", key="commitment_due"):
    """A clock of the unit of which was reminded just now."""
    on = TODAY - datetime.timedelta(days=30)
    clock = start(
        unit, key, on=str(on), due=str(TODAY + datetime.timedelta(days=days)), title=title, today=str(TODAY)
    )
    clock.reminders.filter(sent_at=None).delete()
    clock.reminders.create(send_on=TODAY, kind="before", role="clerk", days_before=3)
    clock.reminders.create(send_on=TODAY, kind="before", role="lead", days_before=3)
    send_due(today=TODAY)
    return clock


def test_the_group_hears_one_line_for_each_clock_and_no_more(cast, houses):
    ways.set_robot(cast.street, address=WECOM, by=cast.lead)
    due(cast.street)
    due(cast.window, title="窗口的承诺", days=1)
    assert send_to_groups(today=TODAY) == 1
    assert send_to_groups(today=TODAY) == 0
    ((path, body),) = houses.taken
    assert path == "/cgi-bin/webhook/send?key=11112222-3333-4444"
    assert body["text"]["content"].split("\n") == [
        f"诚信街道社区期限提醒（{TODAY}）",
        f"1. 综合窗口：窗口的承诺（承诺完成期限），{TODAY + datetime.timedelta(days=1)} 到期，还有1天",
        f"2. 办事指南（承诺完成期限），{TODAY + datetime.timedelta(days=3)} 到期，还有3天",
        "请登录工作台办理。",
    ]


def test_other_units_and_what_is_confidential_are_not_heard(cast, houses):
    ways.set_robot(cast.street, address=WECOM, by=cast.lead)
    due(cast.other_street, title="临江街道的事")
    on = TODAY - datetime.timedelta(days=2)
    for key in ("complaint_accept", "complaint_slip", "objection_own", "handover", "disclosure_publish"):
        start(cast.street, key, on=str(on), title=f"不能说的{key}", today=str(on))
    services.start(
        cast.post, "result_report", organisation=cast.street, title="须回避的", path="desk/",
        starts_on=TODAY - datetime.timedelta(days=2), today=TODAY, apart_from=cast.community,
    )  # fmt: skip
    send_due(today=TODAY + datetime.timedelta(days=30))
    assert send_to_groups(today=TODAY) == 0
    assert houses.taken == []
    assert not ChatLine.objects.exists()


def test_the_districts_group_hears_of_the_streets_only_red_slips(cast, houses):
    ways.set_robot(cast.district, address=FEISHU, by=cast.office)
    clock = due(cast.street)
    assert send_to_groups(today=TODAY) == 0
    clock.reminders.create(send_on=TODAY, kind="overdue", slip="red", role="lead", place="above")
    send_due(today=TODAY)
    assert send_to_groups(today=TODAY) == 1
    ((path, body),) = houses.taken
    assert path == "/open-apis/bot/v2/hook/1f2e3d4c-aaaa-bbbb"
    assert "【红色督办单】向阳街道：办事指南" in body["content"]["text"]


def test_an_outage_loses_nothing_and_what_was_dealt_with_meanwhile_is_not_said(cast, houses):
    robot = ways.set_robot(cast.street, address=DINGTALK, by=cast.lead)
    met = due(cast.window, title="办完的")
    houses.mood = "broken"
    assert send_to_groups(today=TODAY) == 0
    due(cast.street, title="第二件")
    houses.mood = "refuses"
    assert send_to_groups(today=TODAY) == 0
    waiting = ChatMessage.objects.get()
    assert (waiting.attempts, waiting.sent_at) == (2, None)
    assert waiting.last_error == "对方拒收（310000）：keywords not in content"
    services.meet(cast.window, "commitment_due", on=TODAY)
    houses.mood, houses.taken[:] = "well", []
    assert send_to_groups(today=TODAY) == 1
    assert ("第二件" in texts(houses)[0], met.title in texts(houses)[0]) == (True, False)
    assert ChatMessage.objects.get(robot=robot).last_error == ""


def test_what_was_all_dealt_with_is_not_said_at_all(cast, houses):
    ways.set_robot(cast.street, address=WECOM, by=cast.lead)
    due(cast.street)
    houses.mood = "broken"
    send_to_groups(today=TODAY)
    services.cancel(cast.street, why="撤下")
    houses.mood, houses.taken[:] = "well", []
    assert send_to_groups(today=TODAY) == 0
    assert houses.taken == []
    assert ChatMessage.objects.get().dropped_at


@pytest.mark.parametrize("how", ["silent", "killed"])
def test_of_what_nobody_knows_whether_it_arrived_it_is_not_said_twice(cast, houses, how, monkeypatch):
    ways.set_robot(cast.street, address=WECOM, by=cast.lead)
    due(cast.street)
    houses.mood = how
    if how == "killed":
        with monkeypatch.context() as patch:
            patch.setattr(chat, "settle", lambda *args: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                send_to_groups(today=TODAY)
        assert send_to_groups(today=TODAY) == 0, "another worker may still wait for the answer"
    send_to_groups(today=TODAY, now=timezone.now() + datetime.timedelta(minutes=3))
    assert ChatMessage.objects.get().unsure_at
    assert len(houses.taken) == 1
    due(cast.window, title="新的一件")
    houses.mood = "well"
    assert send_to_groups(today=TODAY) == 1
    assert ("新的一件" in texts(houses)[1], "办事指南" in texts(houses)[1]) == (True, False)


def test_a_long_list_fits_into_one_message_and_says_how_many_more(cast, houses):
    ways.set_robot(cast.street, address=WECOM, by=cast.lead)
    for n in range(40):
        due(make.organisation("window", f"窗口{n}", cast.street), title="很长的事项" * 8)
    send_to_groups(today=TODAY)
    (text,) = texts(houses)
    assert len(text.encode()) <= 2048
    said = len([line for line in text.split("\n") if line[0].isdigit()])
    assert f"另有 {40 - said} 件。" in text


@pytest.mark.django_db(transaction=True)
def test_three_workers_say_it_once(cast, houses):
    ways.set_robot(cast.street, address=WECOM, by=cast.lead)
    due(cast.street)
    houses.mood, gun = "slow", threading.Barrier(3)

    def work():
        try:
            connection.ensure_connection()
            gun.wait(timeout=20)
            send_to_groups(today=TODAY)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(houses.taken) == 1
    assert ChatMessage.objects.get().sent_at


# Addresses

WRONG = [
    "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=11112222-3333",
    "https://qyapi.weixin.qq.com.evil.cn/cgi-bin/webhook/send?key=11112222-3333",
    "https://qyapi.weixin.qq.com@evil.cn/cgi-bin/webhook/send?key=11112222-3333",
    "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=11112222-3333",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=../../x",
    "https://qyapi.weixin.qq.com/other?key=11112222-3333",
    "https://open.feishu.cn/open-apis/bot/v2/hook/../../../x",
    "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXX",
    "https://127.0.0.1/cgi-bin/webhook/send?key=11112222-3333",
    "mailto://user:pass@example.cn", "json://127.0.0.1", "file:///etc/passwd", "https://[", "", "群机器人",
]  # fmt: skip


@pytest.mark.parametrize("address", WRONG)
def test_any_other_address_is_refused(cast, address):
    with pytest.raises(Refused, match="只能填企业微信、钉钉、飞书群机器人的完整地址"):
        ways.set_robot(cast.street, address=address, by=cast.lead)
    assert not ChatRobot.objects.exists()


def test_the_three_houses_are_known_and_their_addresses_sealed(cast):
    for address, house in ((WECOM, "wecom"), (DINGTALK, "dingtalk"), (FEISHU, "feishu")):
        robot = ways.set_robot(cast.street, address=f" {address}\n", by=cast.lead)
        assert robot.provider == house
        token = robots.read_address(address)[1]
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM deadlines_chatrobot r WHERE r::text LIKE %s", [f"%{token}%"])
            assert cursor.fetchone() == (0,)
    assert ChatRobot.objects.exclude(ended_at=None).count() == 2
    assert set(ChatRobot.objects.exclude(ended_at=None).values_list("sealed", flat=True)) == {""}


def test_a_signed_message_carries_its_signature(cast, houses):
    for address in (DINGTALK, FEISHU):
        robot = ways.set_robot(cast.street, address=address, secret="SEC0123456789abcdef", by=cast.lead)
        assert ways.try_robot(robot, by=cast.lead).what == "sent"
    (path, _), (_, body) = houses.taken
    assert "&timestamp=" in path
    assert "&sign=" in path
    assert body["sign"]
    # printf '1700000000000\nSEC000' | openssl dgst -sha256 -hmac SEC000 -binary | base64
    assert (
        robots._signature("SEC000", "1700000000000\nSEC000") == "ltBBey5eZrWKh1cPzFIdz3v3xpkc4Tjx4lLsPSHqdtA="
    )


def test_a_redirect_is_not_followed(cast, houses):
    robot = ways.set_robot(cast.street, address=WECOM, by=cast.lead)
    houses.mood = "elsewhere"
    outcome = ways.try_robot(robot, by=cast.lead)
    assert (outcome.what, len(houses.taken)) == ("refused", 1)
    assert "302" in outcome.sentence


def test_the_page_takes_an_address_tries_it_and_never_shows_it(cast, signed_in, houses):
    browser, page = signed_in(cast.lead), reverse("deadlines:robot", args=[cast.street.pk])
    wrong = browser.post(page, {"address": "https://example.cn/hook"})
    assert wrong.status_code == 422
    assert "只能填企业微信、钉钉、飞书" in wrong.content.decode()
    assert "example.cn/hook" not in wrong.content.decode()
    browser.post(page, {"address": WECOM})
    shown = browser.post(reverse("deadlines:robot_try", args=[cast.street.pk]), follow=True).content.decode()
    assert "试发成功" in shown
    assert "企业微信" in shown
    houses.mood = "refuses"
    failed = browser.post(reverse("deadlines:robot_try", args=[cast.street.pk]), follow=True).content.decode()
    assert "没有发成。对方拒收（310000）" in failed
    for text in (shown, failed, browser.get(page).content.decode()):
        assert "11112222-3333-4444" not in text
    browser.post(reverse("deadlines:robot_remove", args=[cast.street.pk]))
    assert not ChatRobot.objects.in_use().exists()
    assert "11112222" not in str(list(ChatRobot.objects.values()))


def test_a_lost_key_is_said_in_words(cast, settings):
    robot = ways.set_robot(cast.street, address=WECOM, by=cast.lead)
    settings.VAULT_KEY = "n" * 60
    outcome = ways.try_robot(robot, by=cast.lead)
    assert (outcome.what, "重新登记群机器人" in outcome.sentence) == ("refused", True)


def test_a_run_costs_as_many_queries_for_many_clocks_as_for_one(cast, houses, django_assert_num_queries):
    ways.set_robot(cast.street, address=WECOM, by=cast.lead)
    due(cast.street)
    with django_assert_num_queries(12):
        send_to_groups(today=TODAY)
    for n in range(20):
        due(make.organisation("window", f"窗口{n}", cast.street))
    with django_assert_num_queries(12):
        assert send_to_groups(today=TODAY) == 1


def test_every_rule_whose_titles_may_go_out_is_a_rule():
    assert {rule["key"] for rule in RULES} >= OPEN_TITLES
