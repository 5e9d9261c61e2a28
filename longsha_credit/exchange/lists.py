"""What the list of long work shows: named views over the rows in the reader's scope."""

from typing import Any

from django.db.models import Count, Q

from longsha_credit.exchange.models import AT_WORK, JobState

VIEWS = (
    ("", "全部", Q()),
    ("work", "进行中", Q(state__in=AT_WORK)),
    ("failed", "没有做完", Q(state=JobState.FAILED)),
)


def filtered(rows: Any, view: str) -> Any:
    """`rows` of one view; an unknown one is the first."""
    return rows.filter({key: condition for key, _, condition in VIEWS}.get(view, Q()))


def views(rows: Any, view: str) -> list[dict]:
    """Every view with its number of rows, counted in one query."""
    numbers = rows.order_by().aggregate(
        **{key or "all": Count("pk", filter=condition) for key, _, condition in VIEWS}
    )
    chosen = view if view in {key for key, _, _ in VIEWS} else ""
    return [
        {"key": key, "label": label, "count": numbers[key or "all"], "current": key == chosen}
        for key, label, _ in VIEWS
    ]
