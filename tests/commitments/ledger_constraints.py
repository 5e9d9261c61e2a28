"""Rules of the rectification ledger hold against raw SQL."""

from tests.audit.rules import (
    append_only,
    never_removed,
    twin,
)

ITEM = "UPDATE commitments_rectification SET"
POSTPONEMENT = "UPDATE commitments_postponement SET"
SHEET = "UPDATE commitments_rectificationsheet SET"
STEP = "UPDATE commitments_rectificationprogress SET"
SWEEP = "UPDATE commitments_sweep SET"


def each(update, row, **columns):
    """One attempt for every column: its new value in this row."""
    return [f"{update} {column} = {value} WHERE id = %({row})s" for column, value in columns.items()]


def item_like(row, number="'TZ-990100-2026-9001'", **changes):
    return twin("commitments_rectification", f"%({row})s", number=number, **changes)


def postponement_like(row, **changes):
    return twin("commitments_postponement", f"%({row})s", **changes)


OTHER = {
    "title": "'别的'",
    "problem": "'policy'",
    "domain": "'other'",
    "holder_kind": "'public'",
    "holder_label": "'别人'",
    "formed_on": "'2020-01-01'",
    "found_on": "'2020-01-01'",
    "instrument": "'别的'",
}
REPORTED = "state = 'reported', submitted_by_id = %(clerk)s, submitted_on = '2026-01-01'"

ATTEMPTS = {
    "commitments.rectification": {
        "one_open_item_per_obligation": [item_like("l_owed")],
        "one_open_item_per_case": [item_like("l_of_case")],
        "ledger_number_is_tz_district_year_serial": [
            item_like("l_clue", number=f"'{number}'") for number in ("TZ-1-2026-0001", "", "JL2026000001")
        ],
        "right_holder_is_never_identified": each(ITEM, "l_clue", holder_label="'电话13912345678'")
        + each(ITEM, "l_clue", holder_label="'证号１１０１０５'"),
        "settled_is_part_of_the_amount": each(ITEM, "l_rect", settled="999999")
        + each(ITEM, "l_rect", settled="-1")
        + [f"{ITEM} amount = NULL, settled = 1 WHERE id = %(l_rect)s"],
        "source_says_where_it_stands": [
            item_like("l_of_case", source="'petition'"),
            item_like("l_clue", source="'sweep'"),
            item_like("l_clue", source="'overdue'"),
            item_like("l_clue", source="'petition'", inspected_id="%(f_open)s"),
            item_like("l_swept", source="'petition'"),
        ],
        "finding_is_whole_and_not_the_registrars": each(ITEM, "l_clue", state="'found'")
        + each(ITEM, "l_found", finding="''", checked_on="NULL", checker_id="created_by_id"),
        "nobody_checks_his_own_unit": each(ITEM, "l_found", checked_by_id="organisation_id"),
        "work_follows_an_approved_plan": each(ITEM, "l_found", state="'rectifying'")
        + each(ITEM, "l_rect", plan_approved_by_id="NULL", planned_by_id="NULL"),
        "plan_is_approved_by_another": each(ITEM, "l_rect", plan_approved_by_id="planned_by_id"),
        "closing_has_its_grounds": each(ITEM, "l_rect", state="'closing'")
        + each(ITEM, "l_accepting", close_asked_on="NULL", close_asked_by_id="NULL"),
        "nobody_accepts_his_own_work": each(ITEM, "l_accepting", own_accepted_by_id="close_asked_by_id")
        + each(ITEM, "l_closed", accepted_by_id="own_accepted_by_id")
        + each(ITEM, "l_closed", accepted_by_id="close_asked_by_id"),
        "closed_was_accepted": each(
            ITEM, "l_closed", accepted_by_id="NULL", own_accepted_by_id="NULL", closed_on="NULL", recheck="''"
        )
        + each(ITEM, "l_accepting", state="'closed'")
        + each(ITEM, "l_rect", closed_on="'2026-01-01'"),
        "follow_up_says_what_was_found": each(
            ITEM, "l_closed", state="'followed'", followed_on="'2026-01-01'", follow_up="'好'"
        )
        + each(ITEM, "l_followed", follow_up="''", followed_on="NULL", followed_by_id="close_asked_by_id"),
        "refusal_is_decided_by_two_with_a_reason": each(
            ITEM, "l_refused", refused_by_id="refusal_asked_by_id", record_id="NULL", refusal_reason="''"
        )
        + each(ITEM, "l_refusing", state="'refused'", refusal_reason="''", refusal_asked_by_id="NULL")
        + each(ITEM, "l_rect", refused_on="'2026-01-01'"),
        "refusal_comes_after_written_notice": [
            f"{ITEM} state = 'refusing', refusal_from = 'rectifying', refusal_reason = '不办', "
            "refusal_asked_by_id = %(reviewer)s WHERE id = %(l_rect)s"
        ],
        "clue_keeps_where_it_came_from": each(
            ITEM,
            "l_clue",
            source="'audit'",
            case_id="%(l_case)s",
            obligation_id="%(in_force)s",
            sweep_id="%(l_sweep_due)s",
            inspected_id="%(f_open)s",
            organisation_id="%(other_street)s",
            created_by_id="%(lead)s",
            number="'TZ-990100-2026-9001'",
            registered_on="'2026-01-01'",
        ),
        "matter_is_settled_by_the_finding": each(ITEM, "l_found", **OTHER),
        "plan_changes_only_before_its_approval": each(
            ITEM, "l_rect", measures="'别的'", lead_post="'别的'", partners="'别的'"
        ),
        "due_day_moves_by_plan_or_extension": each(ITEM, "l_rect", due_on="'2030-01-01'")
        + each(ITEM, "l_closed", due_on="'2030-01-01'")
        + each(ITEM, "l_rect", due_on="NULL"),
        "closing_changes_only_while_put_right": each(
            ITEM,
            "l_accepting",
            settlement="'agreed'",
            settlement_note="'别的'",
            confirmation="'told'",
            no_confirmation="'别的'",
            done_text="'别的'",
            confirmation_file_id="NULL",
        ),
        "relapse_reopens_what_was_closed": each(ITEM, "l_rect", round="2")
        + each(ITEM, "l_closed", round="2")
        + [f"{ITEM} round = 3, state = 'found' WHERE id = %(l_closed)s"],
        "only_open_sweeps_find_items": [
            item_like("l_swept", sweep_id="%(l_sweep_reported)s", organisation_id="%(street)s"),
            item_like("l_swept", organisation_id="%(street)s"),
        ],
        **never_removed("commitments_rectification", "%(l_clue)s"),
    },
    "commitments.rectificationslip": {
        "slip_says_something": [twin("commitments_rectificationslip", "%(l_slip)s", number="'x'", text="''")],
        "only_slips_of_supervision_have_a_colour": [
            twin("commitments_rectificationslip", "%(l_slip)s", number="'x'", colour="''"),
            twin("commitments_rectificationslip", "%(l_slip)s", number="'x'", kind="'talk'"),
        ],
        "no_unit_writes_to_itself": [
            twin(
                "commitments_rectificationslip", "%(l_slip)s", number="'x'", issued_for_id="o.organisation_id"
            )
        ],
        **append_only("commitments_rectificationslip", "%(l_slip)s", "text"),
    },
    "commitments.postponement": {
        "one_postponement_a_round": [postponement_like("l_asked"), postponement_like("l_granted")],
        "postponed_before_it_was_due": [
            postponement_like("l_asked", round="7", **change)
            for change in ({"to_day": "o.from_day"}, {"asked_on": "o.from_day + 1"}, {"reason": "''"})
        ],
        "postponement_is_decided_by_another": [
            f"{POSTPONEMENT} state = '{state}', decided_by_id = {who}, decided_on = '2026-01-01' "
            "WHERE id = %(l_asked)s"
            for state, who in (
                ("approved", "created_by_id"),
                ("approved", "NULL"),
                ("refused", "created_by_id"),
            )
        ],
        "postponement_keeps_what_was_asked": each(
            POSTPONEMENT,
            "l_asked",
            rectification_id="%(l_clue)s",
            organisation_id="%(other_street)s",
            round="2",
            from_day="'2026-01-01'",
            to_day="'2030-01-01'",
            reason="'别的'",
            asked_on="'2026-01-01'",
            created_by_id="%(lead)s",
        ),
        "postponement_is_decided_once": each(
            POSTPONEMENT,
            "l_granted",
            state="'refused'",
            decided_by_id="%(office)s",
            decided_on="'2026-01-01'",
        ),
        **never_removed("commitments_postponement", "%(l_asked)s"),
    },
    "commitments.relapse": {
        "one_relapse_a_round": [twin("commitments_relapse", "%(l_relapse)s")],
        "relapse_follows_its_closing": [
            twin("commitments_relapse", "%(l_relapse)s", round="7", **change)
            for change in (
                {"closed_on": 'o."on" + 1'},
                {"reason": "''"},
                {"close_asked_on": "o.closed_on + 1"},
            )
        ],
        **append_only("commitments_relapse", "%(l_relapse)s", "reason"),
    },
    "commitments.rectificationsheet": {
        "published_sheet_has_its_publication": each(
            SHEET, "l_sheet_draft", state="'published'", publication_id="%(gone_publication)s"
        ),
        "one_sheet_on_its_way": [twin("commitments_rectificationsheet", "%(l_sheet_draft)s")],
        "one_sheet_is_shown": [twin("commitments_rectificationsheet", "%(l_sheet)s")],
        "sheet_withdrawal_has_a_reason": each(SHEET, "l_sheet", state="'withdrawing'"),
        "sheet_changes_only_as_draft": each(
            SHEET,
            "l_sheet",
            title="'别的'",
            text="'别的'",
            measures="'别的'",
            reason="'别的'",
            rectification_id="%(l_found)s",
            created_by_id="%(lead)s",
        ),
        "sheet_keeps_its_publication": each(SHEET, "l_sheet", publication_id="%(gone_publication)s"),
        "only_what_is_found_true_is_shown": each(SHEET, "l_sheet_early", state="'in_review'"),
        **never_removed("commitments_rectificationsheet", "%(l_sheet_draft)s"),
    },
    "commitments.rectificationprogress": {
        "published_step_has_its_publication": each(
            STEP, "l_step_draft", state="'published'", publication_id="%(gone_publication)s"
        ),
        "rectification_progress_changes_only_as_draft": each(
            STEP,
            "l_step",
            as_of="'2026-01-01'",
            text="'别的'",
            rectification_id="%(l_clue)s",
            organisation_id="%(other_street)s",
        ),
        "published_step_stays": each(STEP, "l_step", state="'draft'"),
        "step_keeps_its_publication": each(STEP, "l_step", publication_id="NULL"),
        **never_removed("commitments_rectificationprogress", "%(l_step_draft)s"),
    },
    "commitments.sweep": {
        "one_sweep_per_unit_and_quarter": [twin("commitments_sweep", "%(l_sweep_due)s")],
        "quarter_is_one_to_four": [
            twin("commitments_sweep", "%(l_sweep_due)s", quarter="5"),
            twin("commitments_sweep", "%(l_sweep_due)s", year="2020"),
        ],
        "reported_sweep_says_who_and_how": each(SWEEP, "l_sweep_empty", state="'reported'", zero="TRUE")
        + [f"{SWEEP} {REPORTED}, zero = TRUE, text = '' WHERE id = %(l_sweep_empty)s"],
        "reported_sweep_stays": each(
            SWEEP,
            "l_sweep_reported",
            zero="FALSE",
            text="'别的'",
            state="'due'",
            submitted_by_id="%(lead)s",
            submitted_on="'2026-01-01'",
        ),
        "sweep_keeps_its_quarter": each(
            SWEEP, "l_sweep_due", organisation_id="%(street)s", year="2022", quarter="4"
        ),
        "zero_report_found_nothing": [
            f"{SWEEP} {REPORTED}, text = '查了', zero = {zero} WHERE id = %({row})s"
            for zero, row in (("TRUE", "l_sweep_due"), ("FALSE", "l_sweep_empty"))
        ],
        **never_removed("commitments_sweep", "%(l_sweep_due)s"),
    },
}
