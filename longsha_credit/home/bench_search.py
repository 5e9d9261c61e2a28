"""Search measured among made-up notices: how far from the bare index query, and whether the right one comes first."""

import statistics
import time
from types import SimpleNamespace
from typing import Any

from django.db import connection

from longsha_credit.directory.models import Organisation
from longsha_credit.home import bench_texts as texts
from longsha_credit.home.bench_tables import Say, enough_disk, shadowed, tell
from longsha_credit.publication import search, words
from longsha_credit.publication.models import ServiceField

BYTES_PER_NOTICE = 5_000  # with its indexes

STAGE = "CREATE TEMP TABLE bench_{0} (n integer PRIMARY KEY, text text, words tsvector)"
UNITS = """
    INSERT INTO pg_temp.directory_organisation (id, level, name, parent_id, path, division_code, uscc, supervision_phone,
      address, office_hours, is_lead_post, taking_part, is_demo, valid_from)
    SELECT 1 + n, CASE WHEN n = 0 THEN 'district' WHEN n <= 10 THEN 'street' ELSE 'community' END, text,
      CASE WHEN n = 0 THEN NULL WHEN n <= 10 THEN 1 ELSE 2 + (n - 11) / 10 END,
      CASE WHEN n = 0 THEN '/1/' WHEN n <= 10 THEN '/1/' || 1 + n || '/'
           ELSE '/1/' || 2 + (n - 11) / 10 || '/' || 1 + n || '/' END,
      '', '', '', '', '', FALSE, TRUE, FALSE, '2019-01-01'
    FROM bench_unit"""
PUT = """
    INSERT INTO pg_temp.publication_publication (id, kind, kind_label, object_id, organisation_id, title, text, path, reference,
      version, first_published_at, published_at, search)"""
# Multipliers without a common factor with the numbers of titles and paragraphs spread both over all units and days.
NOISE = f"""{PUT}
    SELECT made.n, 'notice', '公告', made.n, unit.n + 1, title.text, a.text || b.text || c.text || d.text, 'notices/' || made.n || '/',
      issuer.text || number || '号', 1, at, at,
      title.words || unit.words || issuer.words || format('%%s:1B 号:2B', number)::tsvector
        || a.words || b.words || c.words || d.words
    FROM (SELECT n, 100 + n / %(issuers)s AS number, now() - (%(rows)s - n) * interval '20 minutes' AS at
          FROM generate_series(%(wanted)s + 1, %(rows)s) n) made
    JOIN bench_unit unit ON unit.n = made.n * 13 %% %(units)s
    JOIN bench_title title ON title.n = made.n::bigint * 7919 %% %(titles)s
    JOIN bench_issuer issuer ON issuer.n = made.n %% %(issuers)s
    JOIN bench_paragraph a ON a.n = made.n::bigint * 7907 %% %(paragraphs)s
    JOIN bench_paragraph b ON b.n = made.n::bigint * 6007 %% %(paragraphs)s
    JOIN bench_paragraph c ON c.n = made.n::bigint * 4001 %% %(paragraphs)s
    JOIN bench_paragraph d ON d.n = made.n::bigint * 3001 %% %(paragraphs)s"""
ISSUERS = [
    f"{who}〔{year}〕"
    for who in ("龙政发", "龙政办规", "齐信用办发", "向街办发")
    for year in range(2019, 2025)
]
BARE = """
    SELECT id FROM publication_publication WHERE withdrawn_at IS NULL AND search @@ %s::tsquery
    ORDER BY published_at DESC, id DESC LIMIT 20"""


def find(*, rows: int, rounds: int, say: Say) -> float:
    """Every kept question among `rows` notices, against the bare index query; gives the ratio of medians.

    Says how many of them had the right notice first.
    """
    enough_disk(rows * BYTES_PER_NOTICE, say)
    tables = ["directory_organisation", "publication_publication"]
    with connection.cursor() as cursor, shadowed(cursor, tables):
        fill(cursor, max(rows, 10 * len(texts.WANTED)))
        units, fields = list(Organisation.objects.public()), list(ServiceField.objects.public())
        portal: list[float] = []
        bare: list[float] = []
        missed = set()
        for number in range(rounds):
            for q, *_, title, _ in texts.WANTED:
                pair = [
                    (portal, lambda q=q: _first(q, units, fields)),
                    (bare, lambda q=q: _bare(cursor, q, units)),
                ]
                for times, action in pair if number % 2 else reversed(pair):
                    began = time.perf_counter()
                    first = action()
                    times.append(time.perf_counter() - began)
                    if times is portal and first != title:
                        missed.add(f"{q}（先出：{first}）")
    kept = len(texts.WANTED)
    say(f"公开内容 {rows} 件，问题 {kept} 个，应排第一的排第一的 {kept - len(missed)} 个。")
    for line in sorted(missed):
        say(f"没有排第一：{line}")
    p95 = [statistics.quantiles(times, n=20)[-1] for times in (portal, bare)]
    say(f"每次查找（95%）：本系统 {p95[0] * 1000:.1f} 毫秒，只有 SQL {p95[1] * 1000:.1f} 毫秒。")
    return tell(1, statistics.median(portal), statistics.median(bare), say)


def fill(cursor: Any, rows: int) -> None:
    """The wanted notices first, so that they are the oldest, then the others up to `rows`."""
    lists = {"title": (texts.titles(), "title"), "paragraph": (texts.paragraphs(), "text"),
             "unit": (texts.units(), "keywords"), "issuer": (ISSUERS, "keywords")}  # fmt: skip
    for name, (lines, part) in lists.items():
        cursor.execute(STAGE.format(name))
        cursor.executemany(
            f"INSERT INTO bench_{name} VALUES (%s, %s, %s::tsvector)",
            [
                (n, line, _words(**{part: [line] if part == "keywords" else line}))
                for n, line in enumerate(lines)
            ],
        )
    cursor.execute(UNITS)
    names = texts.units()
    wanted = {it[3]: it for it in reversed(texts.WANTED)}
    for n, (_, unit, reference, title, text) in enumerate(wanted.values(), 1):
        cursor.execute(
            f"""{PUT} VALUES (%s, 'notice', '公告', %s, %s, %s, %s, %s, %s, 1, '2019-06-01', '2019-06-01', %s)""",
            [n, n, 1 + names.index(unit), title, text, f"notices/{n}/", reference,
             words.index(title=title, keywords=[unit, reference, ""], text=text)],
        )  # fmt: skip
    sizes = {f"{name}s": len(lines) for name, (lines, _) in lists.items()}
    cursor.execute(NOISE, sizes | {"rows": rows, "wanted": len(wanted)})
    for table in ("publication_publication", "directory_organisation"):
        cursor.execute(f"VACUUM ANALYZE pg_temp.{table}")


def _words(title: str = "", keywords: Any = (), text: str = "") -> str:
    return words.index(title=title, keywords=keywords, text=text)


def _first(q: str, units: list, fields: list) -> str | None:
    """What the page of results shows first."""
    found = search.results(SimpleNamespace(GET={}), search.asked({"q": q}, units, fields))
    return next((row.title for row in found.page), None)


def _bare(cursor: Any, q: str, units: list) -> None:
    cursor.execute(BARE, [words.question(q, search.names_of(units)).every])
    cursor.fetchall()
