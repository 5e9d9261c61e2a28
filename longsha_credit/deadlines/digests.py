"""One mail per person and day with every notification that no mail has carried yet; red slips sooner where asked."""

import datetime
import smtplib
import time
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from longsha_credit.deadlines.models import Digest, DigestKind, Notification, Slip
from longsha_credit.directory.models import User

RUN_SECONDS = 300  # a slow mail server must not keep the workers from sending reminders
SHOWN = 200


def send_digests(*, now: datetime.datetime | None = None, only_red: bool = False) -> int:
    """Mail today's digests that have not gone out to those whose hour has come; gives how many went.

    Red slips go to who wants them at once, at any hour, in a mail of their own; `only_red` sends nothing else.

    Without a mail server nothing is tried. When the server does not answer, the reason is noted, everything waits
    for the next run, and the next day's mail carries what is left over.
    """
    if not settings.EMAIL_HOST:
        return 0
    waiting = _red_mails(timezone.localdate(now))
    if not only_red:
        waiting += _daily_mails(timezone.localdate(now), timezone.localtime(now).hour)
    if not waiting:
        return 0
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as problem:
        _note(waiting, problem)
        return 0
    sent, until = 0, time.monotonic() + RUN_SECONDS
    for pk in waiting:
        sent += _send(pk, server, now or timezone.now())
        if server.connection is None or time.monotonic() > until:
            break  # the server went away or is slow: the rest waits for the next run
    server.close()
    return sent


def _daily_mails(day: datetime.date, hour: int) -> list[int]:
    """Today's digests that are still to go, one for each person with an address and something unmailed."""
    people = _people(Notification.objects.filter(digest=None)).exclude(preference__mail_hour__gt=hour)
    return _mails_to(people, day, Q(day=day, kind=DigestKind.DAILY), DigestKind.DAILY)


def _red_mails(day: datetime.date) -> list[int]:
    red = Notification.objects.filter(digest=None, slip=Slip.RED)
    return _mails_to(
        _people(red).filter(preference__red_at_once=True), day, Q(kind=DigestKind.RED), DigestKind.RED
    )


def _people(unmailed: Any) -> Any:
    return User.objects.filter(pk__in=unmailed.values("user"), is_active=True).exclude(email="")


def _mails_to(people: Any, day: datetime.date, which: Q, kind: str) -> list[int]:
    Digest.objects.bulk_create(
        [Digest(user=person, day=day, kind=kind) for person in people], ignore_conflicts=True
    )
    return list(
        Digest.objects.filter(which, sent_at=None, user__in=people)
        .order_by("attempts", "pk")  # one mail the server chokes on does not hold up the others
        .values_list("pk", flat=True)
    )


@transaction.atomic
def _send(pk: int, server: Any, now: datetime.datetime) -> bool:
    """Mail one digest while its row is held, so that no second worker mails it too."""
    digest = (
        Digest.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .filter(pk=pk, sent_at=None)
        .first()
    )
    if digest is None:
        return False
    unmailed = Notification.objects.filter(user=digest.user, digest=None)
    if digest.kind == DigestKind.RED:
        unmailed = unmailed.filter(slip=Slip.RED)
    notices = list(unmailed.select_related("organisation").order_by("id"))
    if not notices:
        return False
    try:
        server.send_messages([_message(digest, notices, server)])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ValueError) as problem:
        _note([pk], problem)
        return False
    except (OSError, smtplib.SMTPException) as problem:
        server.close()
        _note([pk], problem)
        return False
    Notification.objects.filter(pk__in=[notice.pk for notice in notices]).update(digest=digest)
    digest.sent_at, digest.attempts, digest.last_error = now, digest.attempts + 1, ""
    digest.save()
    return True


def _message(digest: Digest, notices: list[Notification], server: Any) -> EmailMessage:
    """The Message-ID names the digest and its last notice: a mail sent twice by a crash is one mail to the reader's
    program, and one that brings something more is another."""
    site, sender = settings.SITE["name"], settings.DEFAULT_FROM_EMAIL
    domain = parseaddr(sender)[1].partition("@")[2] or "localhost"
    lines = [f"{number}. {n.title}\n   {_slip(n)}{n.text}" for number, n in enumerate(notices[:SHOWN], 1)]
    if len(notices) > SHOWN:
        lines.append(f"另有 {len(notices) - SHOWN} 条，请在工作台的“通知”里看。")
    body = (
        f"{digest.user}，您好：\n\n"
        + "\n\n".join(lines)
        + f"\n\n请登录{site}工作台办理。这封邮件由系统自动发出，不必回复。\n"
    )
    return EmailMessage(
        f"{site}：{len(notices)}{'份红色督办单' if digest.kind == DigestKind.RED else '条期限通知'}（{digest.day}）",
        body,
        sender,
        [digest.user.email],
        connection=server,
        headers={"Message-ID": f"<digest-{digest.pk}-{notices[-1].pk}@{domain}>"},
    )


def _slip(notice: Notification) -> str:
    return f"【{notice.get_slip_display()}】" if notice.slip else ""


def _note(pks: list[int], problem: Exception) -> None:
    for digest in Digest.objects.filter(pk__in=pks, sent_at=None):
        digest.attempts, digest.last_error = digest.attempts + 1, f"{type(problem).__name__}: {problem}"[:300]
        digest.save(update_fields=["attempts", "last_error"])
