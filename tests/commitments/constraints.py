"""Rules of promises, their changes and their progress hold against raw SQL."""

from tests.audit.rules import (
    append_only,
    never_removed,
    twin,
)

PROMISE = "UPDATE commitments_obligation SET"
AMENDMENT = "UPDATE commitments_amendment SET"
PROGRESS = "UPDATE commitments_progressupdate SET"
RESULT = "UPDATE commitments_resultreport SET"
VERDICT = "UPDATE commitments_verification SET"
DRAFT, STANDING = "WHERE id = %(draft)s", "WHERE id = %(in_force)s"
NEW_TERMS = {
    "title": "'别的'",
    "area": "'clean'",
    "service_field_id": "(SELECT min(id) FROM publication_servicefield)",
    "domain": "'other'",
    "content": "'别的'",
    "standard": "'别的'",
    "target": "99",
    "unit": "'户'",
    "due_on": "'2030-01-01'",
    "beneficiaries": "'别人'",
    "liability": "'没有'",
    "post_id": "%(second_post)s",
    "document_number": "'别的'",
    "document_issuer": "'别的'",
    "document_from": "'2026-01-01'",
    "document_until": "'2026-01-01'",
    "part_count": "9",
}
POLICY = "WHERE id = %(policy_draft)s"
NO_DOCUMENT = "document_number = '', document_issuer = '', document_from = NULL, document_until = NULL"
A_DOCUMENT = "document_number = '5号', document_issuer = '某局', document_from = '2026-01-01'"
UNWHOLE = (
    "document_issuer = ''",
    "document_from = NULL",
    "document_number = ''",
    "document_until = '2020-01-01'",
)

ATTEMPTS = {
    "commitments.obligation": {
        "obligation_target_has_a_unit": [
            f"{PROMISE} {change} {DRAFT}"
            for change in ("unit = ''", "target = NULL", "target = 0", "target = -1")
        ],
        "area_fits_the_form": [
            f"{PROMISE} area = '' {DRAFT}",
            f"{PROMISE} area = 'nonsense' {DRAFT}",
            f"{PROMISE} area = 'nonsense' {POLICY}",
            twin("commitments_obligation", "%(draft)s", form="'quietly'"),
        ],
        "policy_names_its_document": [
            f"{PROMISE} {NO_DOCUMENT} {POLICY}",
            f"{PROMISE} {A_DOCUMENT} {DRAFT}",
            f"{PROMISE} {A_DOCUMENT} WHERE id = %(contract_draft)s",
        ],
        "obligation_document_is_whole": [f"{PROMISE} {change} {POLICY}" for change in UNWHOLE],
        "obligation_keeps_its_form": [
            f"{PROMISE} form = '{form}' WHERE id = %({which})s"
            for which, form in (
                ("draft", "contract"),
                ("in_force", "policy"),
                ("contract_standing", "commitment"),
            )
        ],
        "commitment_code_is_unique": [
            twin("commitments_obligation", "%(in_review)s"),
        ],
        "commitment_code_is_20_digits": [
            f"{PROMISE} code = '{code}' {DRAFT}" for code in ("123", "9901002026112300000X", " ")
        ],
        "in_force_only_when_published": [
            f"{PROMISE} state = 'in_force' {DRAFT}",
            f"{PROMISE} state = 'in_force', version = 1 WHERE id = %(in_review)s",
            f"{PROMISE} state = 'discarded' {STANDING}",
            f"{PROMISE} state = 'draft' {STANDING}",
            f"{PROMISE} version = 0 {STANDING}",
            f"{PROMISE} state = 'quietly' {DRAFT}",
        ],
        "withdrawal_has_a_reason": [
            f"{PROMISE} state = 'withdrawing' {STANDING}",
            f"{PROMISE} state = 'withdrawn', withdraw_asked_by_id = %(clerk)s {STANDING}",
            f"{PROMISE} withdraw_reason = '' WHERE id = %(asked)s",
            f"{PROMISE} withdraw_asked_by_id = NULL WHERE id = %(gone)s",
        ],
        "report_has_its_day": [
            f"{PROMISE} state = 'reported', reported_on = '2026-01-01' {STANDING}",
            f"{PROMISE} state = 'reported', reported_in_time = TRUE {STANDING}",
        ],
        "verdict_is_whole": [
            f"{PROMISE} state = 'verified', verdict = 'full' WHERE id = %(reported)s",
            f"{PROMISE} state = 'verified', verdict = 'good', counted_verdict = 'good', verified_on = '2026-01-01' "
            "WHERE id = %(reported)s",
            f"{PROMISE} state = 'reported', verdict = '' WHERE id = %(verified)s",
        ],
        "state_tells_how_far_it_is": [
            f"{PROMISE} state = 'reported' {STANDING}",
            f"{PROMISE} state = 'verified' WHERE id = %(reported)s",
            f"{PROMISE} state = 'reported' WHERE id = %(verified)s",
            f"{PROMISE} state = 'in_force' WHERE id = %(reported)s",
        ],
        "counting_day_follows_version_or_withdrawal": [
            f"{PROMISE} counts_on = {day} WHERE id = %({which})s"
            for day in ("'2030-01-01'", "NULL")
            for which in ("in_force", "reported", "verified", "asked")
        ],
        "verdict_comes_and_goes_by_its_step": [
            f"{PROMISE} verdict = 'none' WHERE id = %(verified)s",
            f"{PROMISE} counted_verdict = 'none' WHERE id = %(verified)s",
            f"{PROMISE} verified_on = '2026-01-01' WHERE id = %(verified)s",
            f"{PROMISE} state = 'withdrawing', verdict = '', counted_verdict = '', verified_on = NULL "
            "WHERE id = %(verified)s",
        ],
        "report_comes_and_goes_by_its_step": [
            f"{PROMISE} reported_on = '2026-01-01' WHERE id = %(reported)s",
            f"{PROMISE} reported_in_time = NOT reported_in_time WHERE id = %(verified)s",
        ],
        "terms_change_only_by_new_version": [
            *(f"{PROMISE} {column} = {value} {STANDING}" for column, value in NEW_TERMS.items()),
            f"{PROMISE} title = '别的', version = version + 2 {STANDING}",
            f"{PROMISE} title = '别的' WHERE id = %(in_review)s",
            f"{PROMISE} title = '别的', version = version + 1 WHERE id = %(in_review)s",
            f"{PROMISE} title = '别的', version = version + 1 WHERE id = %(gone)s",
        ],
        "commitment_keeps_its_code": [
            f"{PROMISE} code = '99010020261123000099' {STANDING}",
            f"{PROMISE} made_on = '2020-01-01' {STANDING}",
        ],
        "commitment_keeps_its_publication": [
            f"{PROMISE} publication_id = {other} {STANDING}" for other in ("NULL", "%(gone_publication)s")
        ],
        "commitment_keeps_its_unit": [
            f"{PROMISE} organisation_id = %(other_street)s WHERE id = %({which})s"
            for which in ("in_review", "in_force", "gone")
        ],
        **never_removed("commitments_obligation", "%(draft)s"),
    },
    "commitments.amendment": {
        "amendment_target_has_a_unit": [
            f"{AMENDMENT} {change} WHERE id = %(amendment)s" for change in ("unit = ''", "target = 0")
        ],
        "amendment_document_is_whole": [
            f"{AMENDMENT} {change} WHERE id = %(amendment)s"
            for change in ("document_number = '5号'", f"{A_DOCUMENT}, document_until = '2020-01-01'")
        ],
        "one_open_amendment": [twin("commitments_amendment", "%(amendment)s")],
        "amendment_has_a_reason": [f"{AMENDMENT} reason = '' WHERE id = %(amendment)s"],
        "amendment_changes_only_as_draft": [
            f"{AMENDMENT} {column} = {value} WHERE id = %(adopted)s"
            for column, value in {**NEW_TERMS, "reason": "'别的'"}.items()
        ],
        "adopted_amendment_stays": [
            f"{AMENDMENT} {change} WHERE id = %(adopted)s"
            for change in ("state = 'draft'", "is_late = NOT is_late")
        ],
        **never_removed("commitments_amendment", "%(amendment)s"),
    },
    "commitments.progressupdate": {
        "progress_is_not_negative": [f"{PROGRESS} done = -0.01 WHERE id = %(progress_draft)s"],
        "progress_of_a_part_says_how_far": [
            f"{PROGRESS} part_state = 'done' WHERE id = %(progress_draft)s",
            twin("commitments_progressupdate", "%(part_report)s", part_state="''", publication_id="NULL"),
            twin("commitments_progressupdate", "%(part_report)s", part_state="'zero'", publication_id="NULL"),
        ],
        "progress_is_of_its_own_part": [
            f"{PROGRESS} part_id = %(part)s, part_state = 'done' WHERE id = %(progress_draft)s",
        ],
        "published_progress_has_its_publication": [
            f"{PROGRESS} state = 'published' WHERE id = %(progress_draft)s",
            f"{PROGRESS} publication_id = %(gone_publication)s WHERE id = %(progress_draft)s",
        ],
        "published_progress_stays": [
            f"{PROGRESS} state = '{state}' WHERE id = %(progress)s" for state in ("draft", "discarded")
        ],
        "progress_keeps_its_publication": [f"{PROGRESS} publication_id = NULL WHERE id = %(progress)s"],
        "progress_changes_only_as_draft": [
            f"{PROGRESS} {change} WHERE id IN (%(progress)s, %(part_report)s)"
            for change in (
                "text = '别的'",
                "done = 24",
                "as_of = '2026-01-01'",
                "obligation_id = %(amended)s",
                "part_id = NULL, part_state = ''",
                "part_state = 'partly'",
            )
        ],
        **never_removed("commitments_progressupdate", "%(progress_draft)s"),
    },
    "commitments.resultreport": {
        "result_says_what_is_missing": [
            f"{RESULT} {change} WHERE id = %(result_draft)s"
            for change in ("fulfilled_on = NULL", "unmet = '还差两处'", "claim = 'partly'", "claim = 'none'")
        ],
        "result_is_not_negative": [f"{RESULT} done = -0.01 WHERE id = %(result_draft)s"],
        "published_result_has_its_publication": [
            f"{RESULT} state = 'published' WHERE id = %(result_draft)s",
            f"{RESULT} state = 'quietly' WHERE id = %(result_draft)s",
            f"{RESULT} state = 'draft' WHERE id = %(result)s",
        ],
        "one_result_at_a_time": [
            twin("commitments_resultreport", "%(result_draft)s"),
            twin("commitments_resultreport", "%(result)s", state="'draft'", publication_id="NULL"),
        ],
        "result_changes_only_as_draft": [
            f"{RESULT} {change} WHERE id = %(result)s"
            for change in (
                "claim = 'none', unmet = '没做'",
                "fulfilled_on = '2026-01-01'",
                "done = 1",
                "text = '别的'",
                "unmet = '别的'",
                "obligation_id = %(amended)s",
                "created_by_id = %(lead)s",
            )
        ],
        "result_keeps_its_publication": [f"{RESULT} publication_id = NULL WHERE id = %(result)s"],
        **never_removed("commitments_resultreport", "%(result_draft)s"),
    },
    "commitments.verification": {
        "verdict_says_what_is_missing": [
            f"{VERDICT} {change} WHERE id = %(verdict_draft)s"
            for change in (
                "fulfilled_on = NULL",
                "unmet = '还差两处'",
                "verdict = 'none', consequence = '公开说明'",
            )
        ],
        "broken_promise_has_its_consequence": [
            f"{VERDICT} verdict = 'none', unmet = '没做' WHERE id = %(verdict_draft)s"
        ],
        "nobody_verifies_his_own_report": [
            f"{VERDICT} created_by_id = reporter_id WHERE id = %(verdict_draft)s",
            f"{VERDICT} reporter_id = created_by_id WHERE id = %(verdict_draft)s",
        ],
        "published_verdict_has_its_publication": [
            f"{VERDICT} state = 'published' WHERE id = %(verdict_draft)s",
            f"{VERDICT} state = 'draft' WHERE id = %(verdict)s",
        ],
        "one_verdict_at_a_time": [
            twin("commitments_verification", "%(verdict_draft)s"),
            twin("commitments_verification", "%(verdict)s", state="'draft'", publication_id="NULL"),
        ],
        "revocation_has_a_reason": [
            f"{VERDICT} state = 'withdrawing' WHERE id = %(verdict)s",
            f"{VERDICT} withdraw_reason = '' WHERE id = %(revoking)s",
            f"{VERDICT} state = 'withdrawn', withdraw_asked_by_id = NULL WHERE id = %(revoking)s",
        ],
        "verdict_changes_only_as_draft": [
            f"{VERDICT} {change} WHERE id = %(verdict)s"
            for change in (
                "verdict = 'none', unmet = '没做', consequence = '公开说明'",
                "counted_verdict = 'none'",
                "fulfilled_on = '2026-01-01'",
                "text = '别的'",
                "unmet = '别的'",
                "consequence = '别的'",
                "obligation_id = %(amended)s",
                "report_id = %(result)s",
                "reporter_id = %(lead)s",
                "created_by_id = %(reviewer2)s",
            )
        ],
        "verdict_keeps_its_publication": [f"{VERDICT} publication_id = NULL WHERE id = %(verdict)s"],
        **never_removed("commitments_verification", "%(verdict_draft)s"),
    },
    "commitments.received": {
        "received_code_is_20_digits": [twin("commitments_received", "%(received)s", code="'12'")],
        **append_only("commitments_received", "%(received)s", "code"),
    },
}
