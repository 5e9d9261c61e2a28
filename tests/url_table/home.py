"""Signing in, the desk, its lists, the gate, files."""

from tests.url_table.people import ADMIN, DISTRICT, EVERYBODY, LEADS, SIGNED_IN, WORK, WRITERS, Address, ours

TABLE = {
    # signing in and out; Django's form views take PUT for POST
    "login": Address("GET POST PUT", EVERYBODY),
    "logout": Address("GET POST", EVERYBODY, leads_on=True),
    "password": Address("GET POST PUT", SIGNED_IN),
    # desk: lists show what the reader may see, to some of them nothing
    "desk": Address("GET", SIGNED_IN),
    "find": Address("GET", SIGNED_IN),
    "list_file": Address("GET", SIGNED_IN, "commitments", logged=True),
    "commitments:list": Address("GET", SIGNED_IN),
    "reviews:list": Address("GET", SIGNED_IN),
    "organisations:list": Address("GET", SIGNED_IN),
    "accounts:list": Address("GET", ADMIN),
    "audit:list": Address("GET", frozenset({"auditor"})),
    # the gate: clerks read the review of their own work, its steps are others'
    "reviews:page": ours("GET", "review", WORK),
    "reviews:justify": Address(
        "GET POST", LEADS, "found_review", told=WORK - LEADS, scoped=True, leads_on=True
    ),
    "reviews:check": ours("GET", "commitments.obligation draft", WORK),
    "reviews:mask": Address(
        "GET POST", WRITERS, "commitments.obligation told_draft", told=DISTRICT, scoped=True, leads_on=True
    ),
    "reviews:step": Address(
        "GET POST", LEADS, "review pass_first", told=WORK - LEADS, scoped=True, leads_on=True
    ),
    # files are read by those who work on what they belong to
    "file": ours("GET", "file", WORK),
}
