"""Rules of the catalogue, records, notices, objections and repairs hold against raw SQL."""

from tests.audit.rules import (
    append_only,
    never_removed,
    twin,
)

RECORD = "UPDATE records_record SET"
NOTICE = "UPDATE records_notice SET"
DRAFT, SENT, STANDING = (
    f"WHERE id = %({row})s" for row in ("record_draft", "record_submitted", "record_standing")
)
OTHER_NUMBER = "'JL2099999999'"
# What no way through the triggers reaches: the CHECK stands behind them.
PAST_TRIGGERS = "SET LOCAL session_replication_role = replica;"
WITH_TRIGGERS = "SET LOCAL session_replication_role = DEFAULT;"
CONFIRMED = "state = 'confirmed', confirmed_on = '2026-01-01'"
NEW_CONTENT = {
    "item_id": "%(item_person)s",
    "organisation_id": "%(other_street)s",
    "official_id": "%(person)s",
    "subject_kind": "'community'",
    "subject_name": "'别处'",
    "part": "'involved'",
    "title": "'别的'",
    "facts": "'别的'",
    "document_number": "'别的'",
    "issuing_body": "'别的'",
    "decided_on": "'2020-01-01'",
    "disclosure": "'internal'",
    "effect_max_months": "99",
    "repairable": "FALSE",
    "repair_min_months": "0",
    "corrects_id": "%(record_draft)s",
    "correction_kind": "'clerical'",
    "correction_reason": "'别的'",
    "created_by_id": "%(lead)s",
    "submitted_by_id": "%(lead)s",
}


def item(of="item", **changes):
    return twin("records_catalogueitem", f"%({of})s", version="99", **changes)


def record(**changes):
    """Another record like the one that stands, under a number of its own."""
    return twin("records_record", "%(record_standing)s", **{"number": OTHER_NUMBER} | changes)


def notice(of, **changes):
    return twin("records_notice", f"%({of})s", **changes)


def request(word, **changes):
    return twin(f"records_{word}", f"%({word})s", number="'另一份'", **changes)


def of_requests(word, **columns):
    """What holds for objections and repairs alike: the one under way waits for its decision, the other has it."""
    table = f"UPDATE records_{word} SET"
    here, there = f"WHERE id = %({word})s", f"WHERE id = %({word}_decided)s"
    decided = "state = 'decided', decided_on = '2026-01-01'"
    said = {
        "record_id": "%(record_draft)s",
        "organisation_id": "%(other_street)s",
        "number": "'别的'",
        "reason": "'别的'",
        "filed_by_id": "%(office)s",
        "filed_on": "'2020-01-01'",
        **columns,
    }
    return {
        f"one_open_{word}_per_record": [
            request(word),
            request(word, state="'filed'", handler_id="NULL", outcome="''"),
        ],
        f"{word}_decided_by_another": [
            f"{table} {decided}, decided_by_id = handler_id {here}",
            f"{table} {decided}, decided_by_id = filed_by_id {here}",
            f"{table} {decided}, decided_by_id = %(office)s, handler_id = NULL {here}",
        ],
        f"{word}_not_handled_by_its_applicant": [f"{table} handler_id = filed_by_id {here}"],
        f"{word}_decision_is_whole": [
            f"{table} {change} {here}"
            for change in (
                decided,
                "state = 'decided', decided_by_id = %(office)s",
                f"{decided}, decided_by_id = %(office)s, outcome = ''",
                f"{decided}, decided_by_id = %(office)s, finding = ''",
                "outcome = ''",
                "finding = ''",
                "decided_by_id = %(office)s",
                "state = 'filed', decided_on = '2026-01-01'",
                "state = 'quietly'",
            )
        ],
        f"{word}_handled_independently": [
            f"{table} {change} {here}"
            for change in (
                "handler_id = %(clerk)s",
                "handler_id = %(reviewer)s",
                f"{decided}, decided_by_id = %(clerk)s",
                f"{decided}, decided_by_id = %(reviewer)s",
            )
        ],
        f"{word}_keeps_what_was_said": [
            f"{table} {column} = {value} {which}" for column, value in said.items() for which in (here, there)
        ],
        f"decided_{word}_stays": [
            f"{table} {change} {there}"
            for change in (
                "state = 'handling'",
                "outcome = 'other'",
                "finding = '别的'",
                "handler_id = %(office)s",
                "decided_by_id = %(reviewer2)s",
                "decided_on = '2020-01-01'",
            )
        ],
        **never_removed(f"records_{word}", f"%({word})s"),
    }


def of_request_files(word):
    """The files of the one under way and of the decided one; the file of a draft is nobody's proof."""
    table = f"records_{word}_files"
    row = f"(SELECT id FROM {table} WHERE {word}_id = %({word}{{}})s)"
    return {
        f"{word}_files_come_with_it": [
            f"INSERT INTO {table} ({word}_id, storedfile_id) VALUES (%({word}{which})s, %(file)s)"
            for which in ("", "_decided")
        ],
        "append_only": [
            f"{change} WHERE id = {row.format(which)}"
            for change in (f"UPDATE {table} SET storedfile_id = %(file)s", f"DELETE FROM {table}")
            for which in ("", "_decided")
        ],
        "never_truncated": [f"TRUNCATE {table}"],
    }


RECORD_FILES = "records_record_files"
KEEPS_ITS_FILES = (
    "record_submitted",
    "record_standing",
    "record_pending",
    "record_revoking",
    "record_revoked",
)


ATTEMPTS = {
    "records.catalogueitem": {
        "catalogue_item_has_one_row_per_version": [twin("records_catalogueitem", "%(item)s")],
        "catalogue_item_has_basis_and_evidence": [
            item(**{column: "''"}) for column in ("basis", "evidence", "effect_basis")
        ],
        "catalogue_item_fits_its_kind": [
            item(severity="''"),
            item(source="'annual'"),
            item(kind="'trust'"),
            item(kind="'other'"),
            item("item_person", severity="'minor'"),
            item("item_person", source="'penalty'"),
            item("item_person", repairable="TRUE"),
            item("item_person", repair_min_months="1"),
            item("item_person", kind="'breach'"),
        ],
        "records_on_persons_stay_internal": [
            item("item_person", disclosure="'public'"),
            item(subjects="ARRAY['street', 'post']"),
        ],
        "repair_comes_before_the_effect_ends": [
            item(repair_min_months="13"),
            item(effect_months="0", repair_min_months="0"),
        ],
        **append_only("records_catalogueitem", "%(item)s", "title"),
    },
    "records.record": {
        "record_number_and_version_are_unique": [twin("records_record", "%(record_standing)s")],
        "one_correction_of_a_version": [twin("records_record", "%(record_correction)s")],
        "record_number_is_jl_and_10_digits": [
            f"{RECORD} number = '{number}' {DRAFT}" for number in ("JL123", "XX2026000001", "JL20260000X1")
        ],
        "nobody_confirms_his_own_record": [
            f"{RECORD} {CONFIRMED}, confirmed_by_id = created_by_id {SENT}",
            f"{RECORD} {CONFIRMED}, confirmed_by_id = submitted_by_id {SENT}",
            record(confirmed_by_id="%(clerk)s"),
            record(submitted_by_id="%(reviewer)s"),
            record(submitted_by_id="NULL"),
        ],
        "confirmed_record_has_its_basis": [
            f"{RECORD} {CONFIRMED} {SENT}",
            f"{RECORD} state = 'confirmed', confirmed_by_id = %(reviewer)s {SENT}",
            f"{RECORD} state = 'effective' {SENT}",
            f"{RECORD} state = 'expired' {DRAFT}",
            f"{RECORD} state = 'quietly' {STANDING}",
            record(number="''"),
            record(document_number="''"),
            record(issuing_body="''"),
            record(decided_on="NULL::date"),
            record(effective_from="NULL::date", effective_until="NULL::date"),
        ],
        "effect_within_catalogue_maximum": [
            f"{RECORD} effective_until = effective_until + 1 {DRAFT}",
            f"{RECORD} effective_until = effective_until + 1 WHERE id = %(record_pending)s",
            f"{RECORD} effective_from = effective_from - 1 {DRAFT}",
            record(effective_until="'2099-01-01'"),
        ],
        "effect_ends_after_it_begins": [
            f"{RECORD} effective_until = effective_from {DRAFT}",
            f"{RECORD} effective_from = NULL {DRAFT}",
        ],
        "only_final_decisions_take_effect": [
            record(finality="'pending'"),
            f"{RECORD} state = 'effective' WHERE id = %(record_pending)s",
            f"{RECORD} state = 'repaired' WHERE id = %(record_pending)s",
        ],
        "pending_decision_is_checked_again": [
            f"{RECORD} next_check_on = NULL WHERE id = %(record_pending)s",
        ],
        "record_on_a_person_is_not_public": [
            f"{PAST_TRIGGERS} {RECORD} disclosure = 'public' WHERE id = %(record_person)s",
            f"{PAST_TRIGGERS} {RECORD} subject_kind = 'post' {STANDING}",
        ],
        "official_is_named_where_he_is_the_subject": [
            f"{RECORD} official_id = %(person)s {DRAFT}",
            f"{PAST_TRIGGERS} {RECORD} official_id = NULL WHERE id = %(record_person)s",
        ],
        "correction_says_what_and_why": [
            *(
                f"{RECORD} {change} {DRAFT}"
                for change in ("correction_kind = 'clerical'", "correction_reason = '为什么'", "version = 2")
            ),
            *(
                f"{RECORD} {change} WHERE id = %(record_correction)s"
                for change in (
                    "correction_kind = ''",
                    "correction_kind = 'other'",
                    "correction_reason = ''",
                    "version = 1",
                )
            ),
        ],
        "revocation_says_why_and_who_asked": [
            f"{RECORD} state = 'revoking' {STANDING}",
            f"{RECORD} state = 'revoked', revoke_asked_by_id = %(clerk)s {STANDING}",
            f"{RECORD} revoke_reason = '' WHERE id = %(record_revoking)s",
            f"{RECORD} revoke_asked_by_id = NULL WHERE id = %(record_revoked)s",
        ],
        "record_copies_its_catalogue_item": [
            f"{RECORD} {change} {DRAFT}"
            for change in (
                "disclosure = 'internal'",
                "effect_max_months = 99",
                "repairable = NOT repairable",
                "repair_min_months = 0",
                "subject_kind = 'official'",
                "item_id = %(item_person)s",
            )
        ]
        + [record(effect_max_months="99", effective_until="'2031-01-01'"), record(disclosure="'internal'")],
        "record_subject_fits_its_kind": [
            f"{RECORD} organisation_id = %(community)s {DRAFT}",
            f"{RECORD} subject_kind = 'community' {DRAFT}",
            f"{RECORD} official_id = NULL WHERE id = %(record_person_draft)s",
            twin("records_record", "%(record_person_draft)s", organisation_id="%(other_street)s"),
        ],
        "record_changes_only_as_draft": [
            *(f"{RECORD} {column} = {value} {STANDING}" for column, value in NEW_CONTENT.items()),
            f"{RECORD} facts = '别的' {SENT}",
            f"{RECORD} facts = '别的' WHERE id = %(record_pending)s",
            f"{RECORD} facts = '别的' WHERE id = %(record_revoked)s",
        ],
        "period_is_settled_before_it_takes_effect": [
            f"{RECORD} {change} WHERE id = %({row})s"
            for change in (
                "effective_from = effective_from + 1",
                "effective_until = effective_until - 1",
                "finality = 'pending'",
                "next_check_on = '2027-01-01'",
            )
            for row in ("record_standing", "record_submitted", "record_revoked")
        ],
        "record_keeps_its_number": [
            f"{RECORD} number = {OTHER_NUMBER} {STANDING}",
            f"{RECORD} number = '' {STANDING}",
            f"{RECORD} version = 2 {STANDING}",
            f"{RECORD} number = {OTHER_NUMBER} {SENT}",
        ],
        "record_keeps_who_confirmed_it": [
            f"{RECORD} confirmed_by_id = %(reviewer2)s {STANDING}",
            f"{RECORD} confirmed_on = '2020-01-01' {STANDING}",
            f"{RECORD} confirmed_by_id = NULL {STANDING}",
            f"{RECORD} confirmed_by_id = %(reviewer)s {DRAFT}",
        ],
        "record_ends_once": [
            f"{RECORD} state = '{state}' WHERE id = %({row})s"
            for row, states in (
                ("record_revoked", ("effective", "expired")),
                # nobody objected, or the objection was not right
                ("record_expired", ("effective", "revoked")),
                ("record_expired_upheld", ("effective", "revoked", "repaired")),
            )
            for state in states
        ],
        "confirmed_record_has_evidence": [
            record(),
            f"{PAST_TRIGGERS} DELETE FROM {RECORD_FILES} WHERE record_id = %(record_standing)s;"
            f"{WITH_TRIGGERS} {RECORD} saved_at = now() {STANDING}",
            f"{PAST_TRIGGERS} DELETE FROM {RECORD_FILES} WHERE record_id = %(record_submitted)s;"
            f"{WITH_TRIGGERS} {RECORD} {CONFIRMED}, confirmed_by_id = %(reviewer)s {SENT}",
        ],
        **never_removed("records_record", "%(record_draft)s"),
    },
    "records.recordfile": {
        "evidence_changes_only_as_draft": [
            sql.format(row=f"%({row})s")
            for row in KEEPS_ITS_FILES
            for sql in (
                f"INSERT INTO {RECORD_FILES} (record_id, storedfile_id) VALUES ({{row}}, %(file)s)",
                f"UPDATE {RECORD_FILES} SET storedfile_id = %(file)s WHERE record_id = {{row}}",
                f"UPDATE {RECORD_FILES} SET record_id = {{row}} WHERE record_id = %(record_draft)s",
                f"UPDATE {RECORD_FILES} SET record_id = %(record_draft)s WHERE record_id = {{row}}",
                f"DELETE FROM {RECORD_FILES} WHERE record_id = {{row}}",
            )
        ],
        "never_truncated": [f"TRUNCATE {RECORD_FILES}"],
    },
    "records.objectionfile": of_request_files("objection"),
    "records.repairfile": of_request_files("repair"),
    "records.notice": {
        "published_notice_has_its_publication": [
            f"{NOTICE} state = 'published' WHERE id = %(notice_in_review)s",
            f"{NOTICE} publication_id = %(gone_publication)s WHERE id = %(notice_in_review)s",
            f"{NOTICE} state = 'quietly' WHERE id = %(notice_in_review)s",
            f"{NOTICE} state = 'draft' WHERE id = %(record_notice)s",
            f"{NOTICE} state = 'discarded' WHERE id = %(record_notice)s",
        ],
        "one_notice_of_a_record_at_a_time": [
            notice("notice_in_review"),
            notice("notice_in_review", state="'draft'"),
            notice("record_notice", state="'draft'", publication_id="NULL"),
        ],
        "one_notice_shows_a_publication": [notice("record_notice", record_id="%(record_revoked)s")],
        "only_public_records_are_noticed": [
            notice("notice_in_review", record_id="%(record_person)s"),
            notice("notice_in_review", record_id="%(record_submitted)s"),
            notice("notice_in_review", organisation_id="%(other_street)s"),
        ],
        "notice_keeps_its_record": [
            f"{NOTICE} {column} = {value} WHERE id = %({row})s"
            for column, value in (
                ("record_id", "%(record_revoked)s"),
                ("organisation_id", "%(other_street)s"),
                ("created_by_id", "%(lead)s"),
            )
            for row in ("record_notice", "notice_in_review")
        ],
        "notice_keeps_its_publication": [
            f"{NOTICE} publication_id = {other} WHERE id = %(record_notice)s"
            for other in ("NULL", "%(gone_publication)s")
        ],
        **never_removed("records_notice", "%(record_notice)s"),
    },
    "records.opinion": {
        "opinion_has_a_code_of_12": [
            twin("records_opinion", "%(opinion)s", number="'另一份'", code=code)
            for code in ("'ABC'", "'ABCDEFGH2340'", "'abcdefgh2345'")
        ],
        "opinion_has_its_hash": [
            twin("records_opinion", "%(opinion)s", number="'另一份'", **change)
            for change in ({"content_hash": "''"}, {"content_hash": "repeat('Z', 64)"}, {"text": "''"})
        ],
        "opinion_finds_one_of_three": [
            twin("records_opinion", "%(opinion)s", number="'另一份'", finding="'good'")
        ],
        **append_only("records_opinion", "%(opinion)s", "text"),
    },
    "records.objection": of_requests("objection", wanted="'corrected'"),
    "records.repair": of_requests("repair", letter_id="%(file)s")
    | {
        "repair_after_its_minimum_period": [
            request("repair", filed_on="'2026-01-02'::date - 300"),
            request("repair", record_id="%(record_person)s"),
            request("repair", record_id="%(record_pending)s"),
            request("repair", record_id="%(record_revoking)s"),
        ],
    },
}
