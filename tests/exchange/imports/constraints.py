"""Rules of imports hold against raw SQL."""

from tests.audit.rules import append_only, never_removed, twin

IMPORT = "UPDATE exchange_import SET"
DONE, WAITING = "%(import_done)s", "%(import_waiting)s"
ATTEMPTS = {
    "exchange.import": {
        "import_makes_no_more_than_is_good": [
            f"{IMPORT} faulty = 2 WHERE id = {WAITING}",
            f"{IMPORT} known = 1, faulty = 1 WHERE id = {WAITING}",
            f"{IMPORT} rows = 0 WHERE id = {DONE}",
        ],
        "what_was_made_has_its_moment": [
            f"{IMPORT} made = 1 WHERE id = {WAITING}",
            f"{IMPORT} made_at = now() WHERE id = {WAITING}",
        ],
        "import_keeps_what_it_is": [
            f"{IMPORT} {change} WHERE id = {WAITING}"
            for change in (
                "kind = 'x'", "organisation_id = %(other_street)s", "file_id = %(file)s", "by_id = %(lead)s",
                "created_at = now() + interval '1 day'", """given = '{"x": 1}'""",
            )
        ],
        "import_makes_once": [f"{IMPORT} made = 0 WHERE id = {DONE}", f"{IMPORT} made_at = now() + interval '1 day' WHERE id = {DONE}"],
        **never_removed("exchange_import", WAITING),
    },
    "exchange.importrow": {"import_has_a_row_once": [twin("exchange_importrow", "%(import_row)s")]},
    "exchange.imported": {
        "row_is_made_once": [twin("exchange_imported", "%(import_made)s")],
        **append_only("exchange_imported", "%(import_made)s", "number"),
    },
}  # fmt: skip
