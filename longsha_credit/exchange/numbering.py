"""Numbers of documents and ledgers: a prefix and a serial, each given once."""

from django.db import connection, models
from django.db.models import Max


def next_number(model: type[models.Model], field: str, prefix: str, digits: int) -> str:
    """The next free number that begins with `prefix`, its serial padded to `digits`; others wait until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [prefix])
    rows = model._base_manager.filter(**{f"{field}__startswith": prefix})
    last = rows.aggregate(last=Max(field))["last"]
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:0{digits}d}"
