"""Rules of parts, contracts and payments hold against raw SQL."""

from tests.audit.rules import (
    never_removed,
    twin,
)

PART = "UPDATE commitments_part SET"
PROPOSED = "UPDATE commitments_proposedpart SET"
CONTRACT = "UPDATE commitments_contract SET"
PAYMENT = "UPDATE commitments_payment SET"
DRAFT, STANDING = "WHERE id = %(part_draft)s", "WHERE id = %(part)s"
UNMEASURED = (
    "title = ''", "number = 0", "target = 5", "unit = '处'", "target = 0, unit = '处'", "weight = 0", "weight = -1",
)  # fmt: skip

ATTEMPTS = {
    "commitments.part": {
        "part_is_named_and_measured": [
            f"{PART} {change} {DRAFT}" for change in UNMEASURED if "number" not in change
        ]
        + [twin("commitments_part", "%(part_draft)s", number="0")],
        "part_number_is_unique": [twin("commitments_part", "%(part_draft)s")],
        "parts_change_only_with_the_terms": [
            *(
                f"{PART} {change} {STANDING}"
                for change in (
                    "title = '别的'",
                    "due_on = '2030-01-01'",
                    "weight = 3",
                    "is_dropped = TRUE",
                    "title = '别的', version = version + 1",
                    "title = '别的', version = 0",
                )
            ),
            f"{PART} number = 9 {DRAFT}",
            f"{PART} obligation_id = %(draft)s {DRAFT}",
            f"{PART} version = 1 {DRAFT}",
            f"DELETE FROM commitments_part {STANDING}",
            twin("commitments_part", "%(part)s", number="9", version="0"),
        ],
        "obligation_has_the_parts_it_counts": [
            twin("commitments_part", "%(part_draft)s", number="9"),
            twin("commitments_part", "%(part)s", number="9"),
            f"{PART} is_dropped = TRUE {DRAFT}",
        ],
    },
    "commitments.proposedpart": {
        "proposedpart_is_named_and_measured": [
            f"{PROPOSED} {change} WHERE id = %(proposed)s" for change in UNMEASURED
        ],
        "proposed_part_number_is_unique": [twin("commitments_proposedpart", "%(proposed)s")],
        "proposed_parts_change_only_as_draft": [
            f"{PROPOSED} title = '别的' WHERE id = %(proposed_adopted)s",
            "DELETE FROM commitments_proposedpart WHERE id = %(proposed_adopted)s",
            twin("commitments_proposedpart", "%(proposed_adopted)s", number="9"),
            f"{PROPOSED} amendment_id = %(adopted)s WHERE id = %(proposed)s",
        ],
    },
    "commitments.contract": {
        "contract_names_its_counterparty": [
            f"{CONTRACT} {change} WHERE id = %(contract)s"
            for change in ("counterparty = ''", "amount = 0", "amount = -1")
        ],
        "contract_keeps_its_obligation": [f"{CONTRACT} obligation_id = %(in_force)s WHERE id = %(contract)s"],
        "contract_belongs_to_a_contract": [
            twin("commitments_contract", "%(contract)s", obligation_id=which)
            for which in ("%(in_force)s", "%(policy_draft)s")
        ],
        **never_removed("commitments_contract", "%(contract)s"),
    },
    "commitments.payment": {
        "payment_number_is_unique": [twin("commitments_payment", "%(payment)s")],
        "payment_is_of_something": [f"{PAYMENT} amount = 0 WHERE id = %(payment)s"],
        "payment_made_has_day_and_amount": [
            f"{PAYMENT} {change} WHERE id = %(payment)s"
            for change in (
                "paid_on = '2026-02-01'",
                "paid_amount = 5",
                "paid_on = '2026-02-01', paid_amount = 0",
                "paid_on = '2026-02-01', paid_amount = amount + 1",
            )
        ],
        "payment_made_is_not_cancelled": [f"{PAYMENT} is_cancelled = TRUE WHERE id = %(payment_made)s"],
        "payment_is_agreed_within_the_law": [
            f"{PAYMENT} due_on = latest_on + 1 WHERE id = %(payment)s",
            f"{PAYMENT} latest_on = due_on - 1 WHERE id = %(payment)s",
        ],
        "payment_keeps_its_contract": [
            f"{PAYMENT} number = 9 WHERE id = %(payment)s",
            f"{PAYMENT} contract_id = (SELECT id FROM commitments_contract WHERE obligation_id = %(contract_draft)s) "
            "WHERE id = %(payment)s",
        ],
        **never_removed("commitments_payment", "%(payment)s"),
    },
}
