"""How the tests of public pages read them: a page, its words, and what only the database owner could change."""

import datetime
import html
import re

from django.db import connection
from django.utils import timezone


def page(client, obligation, **kwargs):
    return client.get(f"/commitments/{obligation.code}/", **kwargs)


def version(client, obligation, number):
    return client.get(f"/commitments/{obligation.code}/versions/{number}/")


def words(response) -> str:
    """The text a reader sees, without tags; runs of blanks are one."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", text)))


def body_of(response) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode("utf-8", "replace")
    return response.content.decode("utf-8", "replace")


def past_triggers(sql, *params):
    """What only someone with the database's own password could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET session_replication_role = DEFAULT")


def fall_due(obligation, days_ago):
    """Let the promised day lie in the past, in the row and in what was published."""
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    past_triggers("UPDATE commitments_obligation SET due_on = %s WHERE id = %s", day, obligation.pk)
    return day
