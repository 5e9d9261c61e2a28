"""Rules of summary reports hold against raw SQL: sent as it was, receipts for ever, accepted by another."""

from tests.audit.rules import append_only, never_removed, twin

REPORT, PART = "UPDATE evaluation_summaryreport SET", "UPDATE evaluation_summarysection SET"
RECEIPT = "evaluation_summaryreceipt"


def at(row: str) -> str:
    return f"WHERE id = %({row})s"


def of_a_frozen_year(table: str, row: str, year: str) -> list[str]:
    """The row is of a year that is frozen in the same transaction, whatever freezing asks for."""
    return [
        f"UPDATE programme_year SET state = 'frozen', closing_by_id = %(office)s, closing_reason = '年度结束', "
        f"frozen_by_id = %(reviewer)s, frozen_at = now() WHERE id = %({year})s; "
        f"UPDATE {table} SET saved_at = now() WHERE id = %({row})s"
    ]


ATTEMPTS = {
    "evaluation.summaryreport": {
        "one_summary_per_unit_and_year": [twin("evaluation_summaryreport", "%(sr_draft)s")],
        "sent_summary_has_its_sender": [
            f"{REPORT} state = 'submitted' {at('sr_draft')}",
            f"{REPORT} submitted_by_id = %(clerk)s {at('sr_draft')}",
            f"{REPORT} submitted_on = NULL {at('sr_sent')}",
        ],
        "returned_summary_says_why": [
            f"{REPORT} state = 'returned' {at('sr_sent')}",
            f"{REPORT} state = 'returned', return_reason = '没写完' {at('sr_sent')}",
        ],
        "summary_is_accepted_by_another": [
            f"{REPORT} state = 'accepted' {at('sr_sent')}",
            f"{REPORT} state = 'accepted', accepted_on = current_date, accepted_by_id = submitted_by_id {at('sr_sent')}",
            f"{REPORT} accepted_by_id = %(office)s {at('sr_sent')}",
        ],
        "frozen_year_stays": of_a_frozen_year("evaluation_summaryreport", "sr_draft", "sr_year"),
        "summary_keeps_its_place": [
            f"{REPORT} organisation_id = %(community)s {at('sr_draft')}",
            f"{REPORT} created_by_id = %(lead)s {at('sr_draft')}",
        ],
        "sent_figures_stay": [
            f"{REPORT} figures = '{{}}' {at('sr_sent')}",
            f"{REPORT} drawn_on = drawn_on - 1 {at('sr_sent')}",
        ],
        "accepted_summary_stays": [
            f"{REPORT} state = 'submitted', accepted_by_id = NULL, accepted_on = NULL {at('sr_accepted')}",
            f"{REPORT} submitted_on = submitted_on - 1 {at('sr_accepted')}",
        ],
        "sent_summary_has_a_receipt": [f"{REPORT} round = 9 {at('sr_sent')}"],
        **never_removed("evaluation_summaryreport", "%(sr_draft)s"),
    },
    "evaluation.summarysection": {
        "one_section_per_key": [twin("evaluation_summarysection", "%(sr_part)s")],
        "section_is_of_the_outline": [twin("evaluation_summarysection", "%(sr_part)s", key="'sixth'")],
        "sent_text_stays": [
            f"{PART} text = '别的' {at('sr_part_sent')}",
            twin("evaluation_summarysection", "%(sr_part_sent)s", key="'sixth'"),
        ],
        "section_keeps_its_place": [f"{PART} report_id = %(sr_sent)s {at('sr_part')}"],
        **never_removed("evaluation_summarysection", "%(sr_part)s"),
    },
    "evaluation.summaryreceipt": {
        "one_receipt_a_round": [twin(RECEIPT, "%(sr_receipt)s", number="'x'")],
        "receipt_number_is_given_once": [twin(RECEIPT, "%(sr_receipt)s", round="9")],
        "receipt_has_a_hash": [
            twin(RECEIPT, "%(sr_receipt)s", round="9", number="'x'", content_hash="'abc'")
        ],
        **append_only(RECEIPT, "%(sr_receipt)s", "number"),
    },
}
