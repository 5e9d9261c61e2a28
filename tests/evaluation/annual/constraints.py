"""Rules of the annual evaluation hold against raw SQL: heard before decided and proposed, decided by another, for good."""

from tests.audit.rules import append_only, never_removed, twin
from tests.evaluation.summary.constraints import at, of_a_frozen_year

EVALUATION, OUTCOME = "evaluation_annualevaluation", "evaluation_annualoutcome"
DEFENCE, PROPOSAL = "evaluation_defence", "evaluation_annualproposal"
DECIDED = "state = 'decided', decided_by_id = %(office)s, total = 1, grade = 'below', opinion = '维持'"

ATTEMPTS = {
    "evaluation.annualevaluation": {
        "closed_evaluation_has_its_day": [
            f"UPDATE {EVALUATION} SET state = 'closed' {at('a_evaluation')}",
            f"UPDATE {EVALUATION} SET closed_on = current_date {at('a_evaluation')}",
        ],
        "frozen_year_stays": of_a_frozen_year(EVALUATION, "a_evaluation", "a_year"),
        "evaluation_rests_on_its_snapshot": [
            twin(EVALUATION, "%(a_evaluation)s", **changes)
            for changes in (
                {"snapshot_id": "%(a_trial)s"},
                {"snapshot_id": "%(a_last_snapshot)s"},
                {"street_set_id": "%(a_last_set)s"},
                {"street_set_id": "%(a_community_set)s"},
                {"community_set_id": "street_set_id"},
            )
        ],
        "evaluation_keeps_its_ground": [
            f"UPDATE {EVALUATION} SET {change} {at('a_evaluation')}"
            for change in ("snapshot_id = %(a_last_snapshot)s", "street_set_id = %(a_last_set)s")
        ],
        "closed_evaluation_stays": [
            f"UPDATE {EVALUATION} SET state = 'open', closed_on = NULL {at('a_closed')}"
        ],
        **never_removed(EVALUATION, "%(a_evaluation)s"),
    },
    "evaluation.annualoutcome": {
        "one_outcome_per_unit": [twin(OUTCOME, "%(a_pending)s")],
        "told_outcome_says_what_until_when": [
            f"UPDATE {OUTCOME} SET state = 'told' {at('a_pending')}",
            f"UPDATE {OUTCOME} SET told_by_id = %(office)s {at('a_pending')}",
        ],
        "outcome_is_decided_by_another": [
            f"UPDATE {OUTCOME} SET state = 'decided', decided_on = current_date {at('a_defended')}",
            f"UPDATE {OUTCOME} SET {DECIDED}, decided_on = current_date, grade = '' {at('a_defended')}".replace(
                "grade = 'below', ", ""
            ),
            f"UPDATE {OUTCOME} SET state = 'decided', decided_by_id = told_by_id, decided_on = current_date, "
            f"total = 1, grade = 'below', opinion = '维持' {at('a_defended')}",
            f"UPDATE {OUTCOME} SET total = 1 {at('a_defended')}",
        ],
        "frozen_year_stays": of_a_frozen_year(OUTCOME, "a_pending", "a_year"),
        "outcome_is_of_its_evaluation": [
            twin(OUTCOME, "%(a_pending)s", organisation_id="%(district)s"),
            twin(OUTCOME, "%(a_pending)s", result_id="%(a_other_result)s"),
            twin(OUTCOME, "%(a_pending)s", evaluation_id="%(a_closed)s"),
        ],
        "outcome_keeps_its_place": [
            f"UPDATE {OUTCOME} SET organisation_id = %(district)s {at('a_pending')}",
        ],
        "outcome_takes_its_own_result_anew": [
            f"UPDATE {OUTCOME} SET result_id = %(a_other_result)s {at('a_pending')}",
            f"UPDATE {OUTCOME} SET result_id = %(a_result)s {at('a_told')}",
            f"UPDATE {OUTCOME} SET result_id = %(a_fewer)s {at('a_told')}",
            f"UPDATE {OUTCOME} SET result_id = %(a_later)s {at('a_decided')}",
        ],
        "told_outcome_stays_told": [
            f"UPDATE {OUTCOME} SET {change} {at('a_told')}"
            for change in ("defence_until = defence_until + 1", "told_total = 1", "told_grade = 'below'")
        ],
        "decided_outcome_stays": [
            f"UPDATE {OUTCOME} SET {change} {at('a_decided')}"
            for change in (
                "total = 1",
                "opinion = '别的'",
                "state = 'defended', decided_by_id = NULL, decided_on = NULL, total = NULL, grade = ''",
            )
        ],
        "no_decision_before_the_defence": [
            f"UPDATE {OUTCOME} SET {DECIDED}, decided_on = current_date {at('a_told')}",
            f"UPDATE {OUTCOME} SET {DECIDED}, decided_on = current_date + 400 {at('a_told')}",
        ],
        **never_removed(OUTCOME, "%(a_pending)s"),
    },
    "evaluation.defence": {
        "one_defence_per_outcome": [twin(DEFENCE, "%(a_defence)s")],
        "defence_says_something": [
            twin(DEFENCE, "%(a_defence)s", outcome_id="%(a_told)s", agrees="FALSE", text="''")
        ],
        "defence_comes_within_its_days": [
            twin(DEFENCE, "%(a_defence)s", outcome_id="%(a_pending)s"),
            twin(DEFENCE, "%(a_defence)s", outcome_id="%(a_past_told)s"),
            twin(DEFENCE, "%(a_defence)s", outcome_id="%(a_decided)s"),
        ],
        **append_only(DEFENCE, "%(a_defence)s", "text"),
    },
    "evaluation.annualproposal": {
        "one_open_proposal_of_a_kind": [twin(PROPOSAL, "%(a_draft)s")],
        "proposal_gives_facts_and_basis": [
            f"UPDATE {PROPOSAL} SET {change} {at('a_draft')}"
            for change in ("facts = ''", "basis = ''", "asked = ''")
        ],
        "proposal_is_decided_by_another": [
            f"UPDATE {PROPOSAL} SET state = 'approved' {at('a_proposed')}",
            f"UPDATE {PROPOSAL} SET state = 'approved', decided_by_id = created_by_id, decided_on = current_date {at('a_proposed')}",
            f"UPDATE {PROPOSAL} SET decided_by_id = %(office)s {at('a_proposed')}",
        ],
        "no_proposal_before_the_defence": [
            twin(PROPOSAL, "%(a_draft)s", outcome_id="%(a_told)s", organisation_id="%(other_street)s"),
            twin(PROPOSAL, "%(a_draft)s", outcome_id="%(a_pending)s", organisation_id="%(community)s"),
            twin(PROPOSAL, "%(a_draft)s", organisation_id="%(other_street)s"),
            twin(PROPOSAL, "%(a_draft)s", outcome_id="%(a_past_told)s", drafted_on="current_date + 2"),
        ],
        "proposal_keeps_its_place": [
            f"UPDATE {PROPOSAL} SET kind = 'accountability' {at('a_draft')}",
            f"UPDATE {PROPOSAL} SET created_by_id = %(office)s {at('a_draft')}",
        ],
        "proposed_text_stays": [
            f"UPDATE {PROPOSAL} SET {change} {at('a_proposed')}"
            for change in ("facts = '别的'", "asked = '别的'")
        ],
        "decided_proposal_stays": [
            f"UPDATE {PROPOSAL} SET {change} {at('a_refused')}"
            for change in ("opinion = '别的'", "state = 'proposed', decided_by_id = NULL, decided_on = NULL")
        ],
        **never_removed(PROPOSAL, "%(a_draft)s"),
    },
}
# A rule about what was decided here, on the results themselves.
OF_RESULTS = {"settled_result_stays": ["UPDATE evaluation_result SET total = 1 WHERE id = %(a_settled)s"]}
