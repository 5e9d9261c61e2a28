"""What every measurement shares: tables of its own beside the real ones, and how its figures are told."""

import contextlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DataError, transaction

Say = Callable[[str], Any]


def enough_disk(needed: int, say: Say) -> None:
    free = shutil.disk_usage(settings.VAR_DIR if settings.VAR_DIR.exists() else "/").free
    say(f"大约需要 {needed / 2**30:.1f} GB 临时空间，现有 {free / 2**30:.1f} GB。")
    if not settings.ON_SERVERS and free < 2 * needed:
        raise SystemExit("磁盘空间不够，请用 --rows 减少行数。")


@contextmanager
def shadowed(cursor: Any, tables: Iterable[str]) -> Iterator[None]:
    """Temporary tables of these names stand before the real ones on this connection: the unchanged service works on
    them and no real row is touched."""
    # the first temporary table of a connection settles how much room there is for them
    with contextlib.suppress(DataError), transaction.atomic():
        cursor.execute("SET temp_buffers = '256MB'")
    try:
        for table in tables:
            cursor.execute(f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING ALL)")
            cursor.execute(f"SELECT '{table}'::regclass = 'pg_temp.{table}'::regclass")
            if cursor.fetchone() != (True,):
                raise RuntimeError(f"{table} is not shadowed")
        yield
    finally:
        cursor.execute("DISCARD TEMP")


def tell(rows: int, portal: float, bare: float, say: Say) -> float:
    say(
        f"本系统：{portal:.3f} 秒（每秒 {rows / portal:,.0f} 条）；只有 SQL：{bare:.3f} 秒（每秒 {rows / bare:,.0f} 条）。"
    )
    say(f"比值 {portal / bare:.2f}（中位数）。")
    return portal / bare
