"""One mail per person and day, through a real mail server that may be down; nothing is lost and nothing mailed twice."""

import datetime
import socket
import threading
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from longsha_credit.deadlines.digests import send_digests
from longsha_credit.deadlines.models import Digest, Notification
from longsha_credit.deadlines.sending import send_due
from tests import make
from tests.deadlines.clocks import day, start

CHINA = datetime.timezone(datetime.timedelta(hours=8))


def at(text, hour=9):
    return datetime.datetime.fromisoformat(f"{text}T{hour:02}:00:00").replace(tzinfo=CHINA)


class Letters:
    """What a mail server took in; it turns away the addresses in `refused`, hangs up when `busy`."""

    def __init__(self):
        self.taken, self.refused, self.busy = [], set(), False

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.busy:
            return "421 too busy, closing"
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append((envelope.rcpt_tos, message))
        return "250 OK"

    def to(self, address):
        return [message for people, message in self.taken if people == [address]]


@pytest.fixture
def post(settings):
    """The settings of a mail server on a free port, with a switch to start and stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.DEFAULT_FROM_EMAIL = "诚信门户 <portal@example.gov.cn>"
    letters = Letters()
    server = Controller(letters, hostname="127.0.0.1", port=port)
    running = []

    def switch(on):
        if on and not running:
            server.start()
            running.append(server)
        elif not on and running:
            running.pop().stop()
        return letters

    yield switch
    switch(False)


def with_mail(cast):
    for person in (cast.clerk, cast.lead):
        person.email = f"{person.username}@example.cn"
        person.save()


def remind(cast, on="2026-12-04", number=2):
    for n in range(number):
        unit = make.organisation("window", f"窗口{on}{n}", cast.street)
        start(unit, "result_report", on="2026-11-30", title=f"第{n}件事")
    send_due(today=day(on))


def test_each_person_gets_one_mail_a_day_with_everything(cast, post):
    with_mail(cast)
    remind(cast)
    letters = post(True)
    assert send_digests(now=at("2026-12-04")) == 2
    assert send_digests(now=at("2026-12-04", 10)) == 0
    (mail,) = letters.to("clerk@example.cn")
    assert mail["Subject"].strip() == "诚信街道社区：2条期限通知（2026-12-04）"
    text = mail.get_content()
    assert [f"第{n}件事" in text for n in range(3)] == [True, True, False]
    assert "还有3天，2026-12-07 到期。" in text
    assert "督办单" not in text
    assert not Notification.objects.filter(digest=None).exists()
    # what comes later in the day waits for tomorrow's
    remind(cast, number=1)
    assert send_digests(now=at("2026-12-04", 16)) == 0
    assert send_digests(now=at("2026-12-05")) == 2
    assert len(letters.to("clerk@example.cn")) == 2


def test_after_a_day_without_a_mail_server_one_mail_brings_everything(cast, post):
    with_mail(cast)
    remind(cast, "2026-12-04", 2)
    for hour in (9, 12, 17):
        assert send_digests(now=at("2026-12-04", hour)) == 0
    failed = Digest.objects.get(user=cast.clerk)
    assert (failed.attempts, failed.sent_at) == (3, None)
    assert "Connection refused" in failed.last_error
    send_due(today=day("2026-12-06"))
    assert send_digests(now=at("2026-12-05")) == 0
    letters = post(True)
    assert send_digests(now=at("2026-12-06")) == 2
    assert send_digests(now=at("2026-12-06", 10)) == 0
    (mail,) = letters.to("clerk@example.cn")
    assert mail["Subject"].strip() == "诚信街道社区：4条期限通知（2026-12-06）"
    assert not Notification.objects.filter(digest=None).exists()


def test_the_server_comes_back_the_same_day_and_the_mail_keeps_its_number(cast, post):
    with_mail(cast)
    remind(cast)
    send_digests(now=at("2026-12-04", 9))
    letters = post(True)
    assert send_digests(now=at("2026-12-04", 10)) == 2
    digest = Digest.objects.get(user=cast.clerk)
    assert (digest.attempts, digest.last_error) == (2, "")
    (mail,) = letters.to("clerk@example.cn")
    last = digest.notifications.order_by("-pk")[0]
    assert mail["Message-ID"] == f"<digest-{digest.pk}-{last.pk}@example.gov.cn>"


def test_a_slip_says_its_colour_in_the_mail(cast, post):
    with_mail(cast)
    start(cast.street, "result_report", on="2026-11-30", today="2026-12-08")
    send_due(today=day("2026-12-08"))
    letters = post(True)
    send_digests(now=at("2026-12-08"))
    assert (
        "【黄色督办单】向阳街道：报告承诺履行结果，2026-12-07 到期，已超期1天"
        in letters.to("clerk@example.cn")[0].get_content()
    )


def test_an_address_that_does_not_exist_stops_nobody_else(cast, post):
    with_mail(cast)
    remind(cast)
    letters = post(True)
    letters.refused.add("clerk@example.cn")
    assert send_digests(now=at("2026-12-04")) == 1
    assert len(letters.to("lead@example.cn")) == 1
    assert "no such mailbox" in Digest.objects.get(user=cast.clerk).last_error


def test_a_server_that_hangs_up_half_way_is_left_alone_until_the_next_run(cast, post):
    with_mail(cast)
    remind(cast)
    letters = post(True)
    letters.busy = True
    assert send_digests(now=at("2026-12-04")) == 0
    assert sorted(Digest.objects.values_list("attempts", flat=True)) == [1, 1]
    letters.busy = False
    assert send_digests(now=at("2026-12-04", 10)) == 2
    assert len(letters.taken) == 2


def test_nobody_without_address_or_account_is_mailed(cast, post):
    with_mail(cast)
    remind(cast)
    cast.clerk.is_active = False
    cast.clerk.save()
    cast.lead.email = ""
    cast.lead.save()
    letters = post(True)
    assert send_digests(now=at("2026-12-04")) == 0
    assert (letters.taken, Digest.objects.count()) == ([], 0)


def test_without_a_mail_server_in_the_settings_nothing_is_tried(cast, settings):
    with_mail(cast)
    remind(cast)
    assert settings.EMAIL_HOST == ""
    assert send_digests(now=at("2026-12-04")) == 0
    assert not Digest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_mail_each_digest_once(cast, post):
    people = [cast.clerk]
    for n in range(20):
        people.append(make.user(f"c{n}", "clerk", cast.street, email=f"c{n}@example.cn"))
    with_mail(cast)
    remind(cast, number=1)
    letters, outcomes, gun = post(True), [], threading.Barrier(2)

    def work():
        try:
            connection.ensure_connection()
            gun.wait(timeout=20)
            outcomes.append(send_digests(now=at("2026-12-04")))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(outcomes) == len(people) + 1
    addresses = [to for (to,), _ in letters.taken]
    assert len(addresses) == len(set(addresses)) == len(people) + 1
