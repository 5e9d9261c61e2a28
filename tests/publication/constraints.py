"""Rules of reviews, publications and the ledger hold against raw SQL."""

from tests.audit.rules import (
    append_only,
    never_removed,
    twin,
)

REVIEW = "UPDATE publication_review SET"
PUBLIC = "UPDATE publication_publication SET"
CONTENT = "UPDATE publication_ledgercontent SET"
OPEN, THIS = "WHERE id = %(open_review)s", "WHERE id = %(publication)s"
KEPT = "WHERE id = %(content)s"
SIGNED = "first_by_id = %(lead)s, second_by_id = %(reviewer)s, secrecy_by_id = %(secrecy)s"
NO_ANSWERS = "state_secret = '', trade_secret = '', privacy = ''"

JUSTIFICATION, REASON = "publication_justification", "%(justification)s"

ATTEMPTS = {
    "publication.packagefile": {
        "one_file_per_form": [twin("publication_packagefile", "%(package_file)s")],
        "package_file_has_a_hash": [
            "UPDATE publication_packagefile SET sha256 = upper('f') WHERE id = %(package_file)s"
        ],
    },
    "publication.review": {
        "one_open_review_per_object": [twin("publication_review", "%(open_review)s")],
        "review_by_different_people": [
            f"{REVIEW} first_by_id = %(clerk)s {OPEN}",
            f"{REVIEW} second_by_id = %(clerk)s {OPEN}",
            f"{REVIEW} secrecy_by_id = %(clerk)s {OPEN}",
            f"{REVIEW} first_by_id = %(lead)s, second_by_id = %(lead)s {OPEN}",
            f"{REVIEW} first_by_id = %(lead)s, secrecy_by_id = %(lead)s {OPEN}",
            f"{REVIEW} second_by_id = %(reviewer)s, secrecy_by_id = %(reviewer)s {OPEN}",
            # the author alone, where a colleague submitted
            twin(
                "publication_review", "%(passed_review)s", author_id="%(lead)s", submitted_by_id="%(clerk)s"
            ),
            twin(
                "publication_review", "%(passed_review)s", author_id="%(clerk)s", submitted_by_id="%(lead)s"
            ),
        ],
        "passed_by_all_who_must": [
            f"{REVIEW} state = 'passed' {OPEN}",
            f"{REVIEW} state = 'passed', first_by_id = %(lead)s {OPEN}",
            f"{REVIEW} state = 'passed', {SIGNED}, {NO_ANSWERS} {OPEN}",
            f"{REVIEW} state = 'passed', {SIGNED}, state_secret = 'no', trade_secret = 'no' {OPEN}",
            f"{REVIEW} state = 'passed', second_by_id = %(reviewer)s, secrecy_by_id = %(secrecy)s, "
            f"state_secret = 'no', trade_secret = 'no', privacy = 'no' {OPEN}",
        ],
        "what_was_handled_is_explained": [
            f"{REVIEW} {question} = 'handled' {OPEN}"
            for question in ("state_secret", "trade_secret", "privacy")
        ],
        "review_keeps_what_it_saw": [
            f"{REVIEW} {change} {OPEN}"
            for change in (
                "content_hash = repeat('0', 64)",
                "snapshot = '{}'",
                "kind = 'commitments.amendment'",
                "object_id = %(in_force)s",
                "chain = 'one'",
                "author_id = %(other_clerk)s",
                "submitted_by_id = %(other_clerk)s",
            )
        ]
        + [f"{REVIEW} findings = {gone} WHERE id = %(found_review)s" for gone in ("'[]'", "NULL")],
        "findings_are_justified_before_passing": [
            f"{REVIEW} state = '{state}', {SIGNED}, state_secret = 'no', trade_secret = 'no', privacy = 'no' "
            "WHERE id = %(found_review)s"
            for state in ("second", "secrecy", "passed")
        ]
        + [
            # half of them are not all of them; nor are the reasons of another review
            twin(
                "publication_review",
                "%(passed_review)s",
                object_id="900001",
                findings='\'[{"key": "1"}, {"key": "2"}]\'::jsonb',
            )
        ],
        "review_ends_once": [
            f"{REVIEW} state = '{state}' WHERE id = %(passed_review)s"
            for state in ("first", "returned", "recalled")
        ],
        **never_removed("publication_review", "%(open_review)s"),
    },
    "publication.filescan": {
        "a_file_is_scanned_once_by_each_version": [twin("publication_filescan", "%(file_scan)s")],
        **append_only("publication_filescan", "%(file_scan)s", "hits"),
    },
    "publication.justification": {
        "one_justification_per_finding": [twin(JUSTIFICATION, REASON)],
        "justification_has_a_reason": [twin(JUSTIFICATION, REASON, key="'2'", reason="''")],
        "justified_while_open": [
            twin(JUSTIFICATION, REASON, key="'9'"),
            twin(JUSTIFICATION, REASON, review_id="%(open_review)s"),
            twin(JUSTIFICATION, REASON, review_id="%(passed_review)s"),
        ],
        "justified_by_another": [
            twin(JUSTIFICATION, REASON, key="'2'", by_id="%(clerk)s"),
            # who changed the draft, although a colleague began and submitted it
            twin(JUSTIFICATION, REASON, key="'2'", by_id="%(district_lead)s"),
        ],
        **append_only(JUSTIFICATION, REASON, "reason"),
    },
    "publication.publication": {
        "one_publication_per_object": [twin("publication_publication", "%(publication)s")],
        "published_not_before_first": [
            f"{PUBLIC} version = version + 1, published_at = first_published_at - interval '1 second' {THIS}"
        ],
        "publication_keeps_its_first_day": [
            f"{PUBLIC} {change} {THIS}"
            for change in (
                "first_published_at = first_published_at - interval '1 day'",
                "kind = 'notice'",
                "object_id = 900001",
                "organisation_id = %(other_street)s",
            )
        ],
        "withdrawal_is_final": [
            f"{PUBLIC} withdrawn_at = {moment} WHERE id = %(gone_publication)s"
            for moment in ("NULL", "now() + interval '1 day'")
        ],
        "public_text_changes_only_by_new_version": [
            f"{PUBLIC} {change} {THIS}"
            for change in (
                "title = '别的'",
                "text = '别的'",
                "path = 'x/'",
                "published_at = now() + interval '1 day'",
                "title = '别的', version = version + 2",
            )
        ],
        "every_version_is_in_the_ledger": [
            f"{PUBLIC} version = version + 1 {THIS}",
            f"{PUBLIC} version = version + 1, title = '别的' {THIS}",
            twin("publication_publication", "%(publication)s", object_id="900001"),
        ],
        "withdrawal_is_in_the_log": [f"{PUBLIC} withdrawn_at = now(), search = NULL {THIS}"],
        "what_is_down_is_not_searched": [
            f"{PUBLIC} withdrawn_at = now() {THIS}",
            f"{PUBLIC} search = '坡:1' WHERE id = %(gone_publication)s",
        ],
        **never_removed("publication_publication", "%(publication)s"),
    },
    "publication.ledgerentry": {
        "nothing_public_without_review": [
            twin("publication_ledgerentry", "%(entry)s", version="90", review_id="NULL::int"),
            twin("publication_ledgerentry", "%(entry)s", action="'withdraw'"),
            twin("publication_ledgerentry", "%(entry)s", action="'quietly'"),
        ],
        "one_ledger_entry_per_version": [twin("publication_ledgerentry", "%(entry)s")],
        "ledger_entry_has_a_hash": [
            twin("publication_ledgerentry", "%(entry)s", version="90", content_hash=text)
            for text in ("''", "'abc'", "repeat('X', 64)")
        ],
        "review_must_have_passed": [
            twin("publication_ledgerentry", "%(entry)s", version="90", review_id="%(open_review)s")
        ],
        **append_only("publication_ledgerentry", "%(entry)s", "content_hash"),
    },
    "publication.ledgercontent": {
        "content_is_whole_or_removed_with_reason": [
            f"{CONTENT} text = NULL, salt = NULL {KEPT}",
            f"{CONTENT} text = NULL, salt = NULL, removed_at = now(), removed_by_id = %(reviewer)s {KEPT}",
            f"{CONTENT} text = NULL, salt = NULL, removed_at = now(), removed_reason = '依法' {KEPT}",
            f"{CONTENT} text = NULL, removed_at = now(), removed_reason = '依法', removed_by_id = %(reviewer)s {KEPT}",
        ],
        "ledger_content_only_removed": [
            f"{CONTENT} text = '{{}}' {KEPT}",
            f"{CONTENT} salt = decode('00', 'hex') {KEPT}",
            f"{CONTENT} removed_reason = '另一个理由' WHERE id = %(gone_content)s",
            f"{CONTENT} text = '{{}}', salt = decode('00', 'hex'), removed_at = NULL WHERE id = %(gone_content)s",
        ],
        "content_removal_is_in_the_log": [
            f"{CONTENT} text = NULL, salt = NULL, removed_at = now(), removed_reason = '依法', "
            f"removed_by_id = %(reviewer)s {KEPT}"
        ],
        **never_removed("publication_ledgercontent", "%(content)s"),
    },
    "publication.publicfile": append_only("publication_publicfile", "%(public_file)s", "token"),
    "publication.correction": {
        "correction_four_eyes": [
            twin(
                "publication_correction", "%(correction)s", asked_by_id="%(lead)s", approved_by_id="%(lead)s"
            )
        ],
        "correction_has_a_reason": [twin("publication_correction", "%(correction)s", reason="''")],
        **append_only("publication_correction", "%(correction)s", "reason"),
    },
}
