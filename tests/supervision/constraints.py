"""Rules of residents' cases, their secrets, slips, openings and ratings hold against raw SQL."""

from tests.audit.rules import (
    append_only,
    never_removed,
    twin,
)

CASE = "UPDATE commitments_case SET"
SECRET = "UPDATE commitments_casesecret SET"
REPLY = "UPDATE commitments_casereply SET"
SLIP = "UPDATE commitments_transferslip SET"
OPENING = "UPDATE commitments_identityopening SET"
RATING = "commitments_rating"
FILED, GOING = "WHERE id = %(case_filed)s", "WHERE id = %(case_going)s"
REPLIED, AGAIN = "WHERE id = %(case_replied)s", "WHERE id = %(case_again)s"


def case_of(row: str, **changes: str) -> str:
    return twin("commitments_case", row, number="'LJ1'", **changes)


ATTEMPTS = {
    "commitments.case": {
        "case_is_never_handled_by_its_target": [
            # the trigger that wants a superior asks first, so that the target is one: the check stands behind it
            case_of("%(case_filed)s", about_id="organisation_id"),
        ],
        "case_is_handled_above": [
            case_of("%(case_filed)s", organisation_id="%(other_street)s"),
            case_of("%(case_filed)s", organisation_id="%(window)s"),
            case_of("%(case_filed)s", about_id="%(district)s"),
            case_of("%(case_filed)s", about_id="%(other_street)s"),
        ],
        "reply_is_approved_by_another": [
            f"{CASE} approved_by_id = handler_id {REPLIED}",
            f"{CASE} approved_by_id = %(lead)s WHERE id = %(case_filed)s",
        ],
        "case_is_handled_again_by_others": [
            f"{CASE} rehandler_id = handler_id {AGAIN}",
            f"{CASE} rehandler_id = approved_by_id {AGAIN}",
            f"{CASE} reapproved_by_id = rehandler_id WHERE id = %(case_twice)s",
            f"{CASE} reapproved_by_id = handler_id WHERE id = %(case_twice)s",
            f"{CASE} rehandler_id = NULL WHERE id = %(case_twice)s",
        ],
        "accepted_case_has_its_handler": [
            f"{CASE} handler_id = NULL {GOING}",
            f"{CASE} accepted_on = NULL {GOING}",
            f"{CASE} accepted_on = '2026-01-01' {FILED}",
            f"{CASE} state = 'quietly' {FILED}",
        ],
        "replied_case_was_approved": [
            f"{CASE} state = 'replied', finding = 'true', rounds = 1, replied_on = accepted_on {GOING}",
            f"{CASE} rounds = 1 {GOING}",
            f"{CASE} replied_on = NULL {REPLIED}",
            f"{CASE} approved_by_id = NULL {REPLIED}",
        ],
        "case_is_handled_again_only_once": [
            f"{CASE} rounds = 2 {REPLIED}",
            f"{CASE} state = 'rehandling' WHERE id = %(case_twice)s",
        ],
        "complaint_is_found_true_or_not": [
            f"{CASE} finding = '' {REPLIED}",
            f"{CASE} finding = 'perhaps' {REPLIED}",
            f"{CASE} finding = 'true' {GOING}",
            f"{CASE} finding = 'true' WHERE id = %(case_praise)s",
        ],
        "refused_case_says_why": [
            f"{CASE} refusal = '' WHERE id = %(case_refused)s",
            f"{CASE} refusal = 'not_ours' WHERE id = %(case_refused)s",
            f"{CASE} channel = 'petition' WHERE id = %(case_refused)s",
            f"{CASE} refusal = 'repeated' {FILED}",
        ],
        "closed_case_says_how": [
            f"{CASE} closing = '' WHERE id = %(case_closed)s",
            f"{CASE} closed_on = NULL WHERE id = %(case_closed)s",
            f"{CASE} closing = 'satisfied' {REPLIED}",
        ],
        "case_keeps_what_was_filed": [
            f"{CASE} {column} = {value} {FILED}"
            for column, value in {
                "kind": "'praise'",
                "about_id": "%(window)s",
                "obligation_id": "%(in_force)s",
                "organisation_id": "%(district)s",
                "number": "'LJ2'",
                "filed_on": "filed_on - 1",
            }.items()
        ],
        "ended_case_stays": [
            f"{CASE} state = 'replied', closing = '', closed_on = NULL WHERE id = %(case_closed)s",
            f"{CASE} state = 'filed', refusal = '', accepted_on = NULL WHERE id = %(case_refused)s",
        ],
        **never_removed("commitments_case", "%(case_filed)s"),
    },
    "commitments.casesecret": {
        "secret_is_sealed": [
            twin("commitments_casesecret", "%(secret)s", case_id="%(case_bare)s", words="'路灯不亮'",
                 code_hash="repeat('a', 64)", form_hash="repeat('b', 64)"),
            twin("commitments_casesecret", "%(secret)s", case_id="%(case_bare)s", identity="'张三'",
                 code_hash="repeat('a', 64)", form_hash="repeat('b', 64)"),
        ],
        "secret_code_is_hashed": [
            twin("commitments_casesecret", "%(secret)s", case_id="%(case_bare)s", code_hash="'7KQ2M9XFRT4W'"),
            twin("commitments_casesecret", "%(secret)s", case_id="%(case_bare)s", form_hash="'token'"),
        ],
        "secret_never_changes": [
            f"{SECRET} {column} = {value} WHERE id = %(secret)s"
            for column, value in {
                "case_id": "%(case_bare)s",
                "words": "'1:x'",
                "identity": "''",
                "code_hash": "repeat('a', 64)",
                "phrase_hash": "''",
                "form_hash": "repeat('a', 64)",
            }.items()
        ],
        **never_removed("commitments_casesecret", "%(secret)s"),
    },
    "commitments.casereply": {
        "one_reply_each_time": [twin("commitments_casereply", "%(reply)s")],
        "reply_is_sealed": [twin("commitments_casereply", "%(reply)s", number="2", words="'已经修好'")],
        "sent_reply_stays": [
            *(
                f"{REPLY} {change} WHERE id = %(reply)s"
                for change in ("words = '1:x'", "finding = 'untrue'", "sent_on = NULL", "number = 2")
            ),
            f"{REPLY} case_id = %(case_filed)s WHERE id = %(reply_draft)s",
        ],
        **never_removed("commitments_casereply", "%(reply)s"),
    },
    "commitments.transferslip": {
        "answered_slip_has_its_answer": [
            f"{SLIP} state = 'answered' WHERE id = %(slip)s",
            f"{SLIP} answer = '查过了' WHERE id = %(slip)s",
        ],
        "one_open_slip_per_case": [twin("commitments_transferslip", "%(slip)s", number="'转办1'")],
        "slip_goes_to_whom_it_is_about": [
            twin("commitments_transferslip", "%(slip)s", number="'转办1'", organisation_id="%(window)s"),
            twin("commitments_transferslip", "%(slip)s", number="'转办1'", sender_id="%(district)s"),
        ],
        "slip_keeps_what_was_sent": [
            f"{SLIP} {column} = {value} WHERE id = %(slip)s"
            for column, value in {
                "case_id": "%(case_filed)s",
                "organisation_id": "%(window)s",
                "sender_id": "%(district)s",
                "number": "'转办1'",
                "text": "'别的'",
                "sent_by_id": "%(lead)s",
                "sent_on": "sent_on - 1",
            }.items()
        ],
        "answered_slip_stays": [
            f"{SLIP} state = 'sent', answer = '', answered_by_id = NULL, answered_on = NULL "
            "WHERE id = %(slip_answered)s",
            f"{SLIP} answer = '改口' WHERE id = %(slip_answered)s",
        ],
        **never_removed("commitments_transferslip", "%(slip)s"),
    },
    "commitments.identityopening": {
        "identity_opened_with_a_second_person": [
            f"{OPENING} state = 'granted' WHERE id = %(opening)s",
            f"{OPENING} state = 'opened', decided_by_id = asked_by_id WHERE id = %(opening)s",
        ],
        "identity_opened_for_a_reason": [
            twin("commitments_identityopening", "%(opening)s", reason="''"),
        ],
        "opening_keeps_what_was_asked": [
            f"{OPENING} {column} = {value} WHERE id = %(opening)s"
            for column, value in {
                "case_id": "%(case_filed)s",
                "organisation_id": "%(district)s",
                "reason": "'别的'",
                "asked_by_id": "%(lead)s",
                "asked_on": "asked_on - 1",
            }.items()
        ],
        "opening_is_decided_once": [
            f"{OPENING} decided_by_id = %(reviewer)s WHERE id = %(opening_seen)s",
        ],
        "identity_opened_only_once": [f"{OPENING} state = 'granted' WHERE id = %(opening_seen)s"],
        **never_removed("commitments_identityopening", "%(opening)s"),
    },
    "commitments.rating": {
        "one_rating_each_time": [twin(RATING, "%(rating)s")],
        "rating_is_of_a_case_or_open": [
            twin(RATING, "%(rating)s", case_id="NULL::int"),
            twin(RATING, "%(rating)s", number="3"),
            twin(RATING, "%(rating_open)s", number="1", form_hash="'x'"),
            twin(RATING, "%(rating_open)s", form_hash="NULL::text"),
        ],
        "rating_has_a_level": [twin(RATING, "%(rating)s", number="2", level="'superb'")],
        **append_only(RATING, "%(rating)s", "level"),
    },
}  # fmt: skip
