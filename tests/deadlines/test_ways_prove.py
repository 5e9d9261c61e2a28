"""Three days without a beat, then two beats at once and workers that are killed in the middle of mails and messages."""

import asyncio
import datetime
import threading
import time

import pytest
from aiosmtpd.controller import Controller
from django.db.models import Count, Sum
from django.utils import timezone

from longsha_credit.deadlines import ways
from longsha_credit.deadlines.models import ChatLine, ChatMessage, Digest, Notification, Reminder
from tests import make
from tests.browser.conftest import free_port
from tests.deadlines.clocks import WECOM, start
from tests.deadlines.test_chat import houses  # noqa: F401 - a fixture
from tests.deadlines.test_digests import Letters
from tests.exchange.processes import empty_queue, kill, office, wait_until

pytestmark = pytest.mark.prove
PEOPLE, CLOCKS = 12, 25


class SlowLetters(Letters):
    """A server that takes its time, so that a worker can be killed while it waits for the answer."""

    async def handle_DATA(self, server, session, envelope):
        await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.3)
        return "250 OK"


@pytest.fixture
def letters():
    found = SlowLetters()
    server = Controller(found, hostname="127.0.0.1", port=free_port())
    server.start()
    found.port = server.port
    yield found
    server.stop()


def three_days_of_reminders(c):
    """Clocks of the street, of which reminders and slips fell due on each of the last days, and nobody sent them."""
    today = timezone.localdate()
    before = today - datetime.timedelta(days=25)
    units = [make.organisation("window", f"窗口{n}", c.street) for n in range(CLOCKS)]
    for number, unit in enumerate(units):
        due = today - datetime.timedelta(days=number % 20 - 3)
        start(
            unit, "commitment_due", on=str(before), due=str(due), title=f"第{number}件事", today=str(before)
        )
        if number % 5 == 0:  # and something that is red by now
            on = today - datetime.timedelta(days=16)
            start(unit, "result_report", on=str(on), title=f"第{number}份报告", today=str(on))
    Reminder.objects.filter(send_on__lt=today - datetime.timedelta(days=3)).delete()


def one_more_for_the_group(c):
    today = timezone.localdate()
    unit = make.organisation("window", "新窗口", c.street)
    clock = start(
        unit, "commitment_due", on=str(today), due=str(today + datetime.timedelta(days=60)), title="新的一件"
    )
    clock.reminders.create(send_on=today, kind="before", role="lead", days_before=60)


@pytest.mark.django_db(transaction=True)
def test_everything_due_is_sent_and_nothing_twice(cast, letters, houses):  # noqa: F811
    for n in range(PEOPLE):
        make.user(f"c{n}", "clerk", cast.street, email=f"c{n}@example.cn")
    ways.set_preference(make.User.objects.get(username="c0"), mail_hour=8, red_at_once=True)
    ways.set_robot(cast.street, address=WECOM, by=cast.lead)
    three_days_of_reminders(cast)
    empty_queue()
    houses.mood = "slow"
    env = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(letters.port), "MAIL_FROM": "portal@example.gov.cn"}
    env["CHAT_BASE"] = f"http://127.0.0.1:{houses.server_port}"
    begun = time.monotonic()
    with office(beats=2, **env) as worker:
        for stage in ("the mails", "more mails"):
            process, before = worker(), len(letters.taken)
            wait_until(lambda before=before: len(letters.taken) > before + 1, stage)
            kill(process)
            empty_queue()
        worker(), worker()
        wait_until(lambda: all_over(), "the end")
        houses.mood = "well"
        one_more_for_the_group(cast)
        wait_until(lambda: ChatMessage.objects.exclude(sent_at=None).exists(), "the group to hear again")
        time.sleep(5)  # for what would come twice
    due = Reminder.objects.filter(send_on__lte=timezone.localdate())
    assert due.count() >= CLOCKS
    assert not due.filter(sent_at=None).exists()
    assert Notification.objects.count() == due.aggregate(n=Sum("recipients"))["n"]
    assert (
        not Notification.objects.values("reminder", "user").annotate(n=Count("pk")).filter(n__gt=1).exists()
    )
    first: dict[str, set[str]] = {}
    for _, message in letters.taken:
        told = {line for line in message.get_content().splitlines() if line.startswith("   ")}
        assert told <= first.setdefault(message["Message-ID"], told), "the same number brings nothing new"
    assert len(first) == Digest.objects.exclude(sent_at=None).count()
    assert len({(to, message["Message-ID"]) for (to,), message in letters.taken}) >= PEOPLE
    texts = [body["text"]["content"] for _, body in houses.taken]
    assert len(texts) == len(set(texts)) == ChatMessage.objects.exclude(sent_at=None, unsure_at=None).count()
    assert ChatLine.objects.count() == due.count()
    again, unsure = len(letters.taken) - len(first), ChatMessage.objects.exclude(unsure_at=None).count()
    print(
        f"{due.count()} reminders, {Notification.objects.count()} notifications, {len(first)} mails "
        f"({again} handed to the server again under their number), {len(texts)} messages ({unsure} unsure); "
        f"2 beats, 2 workers killed, the queue emptied twice; {time.monotonic() - begun:.0f} s, "
        f"{threading.active_count()} threads here"
    )


def all_over():
    unmailed = Notification.objects.filter(digest=None, user__username__startswith="c").exclude(
        user__email=""
    )
    waiting = ChatMessage.objects.waiting().exists() or not ChatMessage.objects.exists()
    unsaid = Reminder.objects.filter(send_on__lte=timezone.localdate(), sent_at__isnull=False, chat_line=None)
    return not (unmailed.exists() or waiting or unsaid.exists() or Reminder.objects.filter(
        send_on__lte=timezone.localdate(), sent_at=None).exists())  # fmt: skip
