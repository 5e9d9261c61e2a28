"""Rules of sets, snapshots, facts, marks, results and rulings hold against raw SQL."""

from tests.audit.rules import append_only, never_removed, twin
from tests.evaluation.annual import constraints as of_annual

SET, HEADING = "UPDATE evaluation_indicatorset SET", "UPDATE evaluation_heading SET"
INDICATOR, OUT = "UPDATE evaluation_indicator SET", "UPDATE evaluation_circumstance SET"
SNAPSHOT = "UPDATE evaluation_snapshot SET"
RESULT, RULING = "UPDATE evaluation_result SET", "UPDATE evaluation_ruling SET"
FACTS = ("evaluation_fact", "%(e_taken)s", "snapshot_id")
PROPOSED = {"state": "'proposed'", "decided_by_id": "NULL::int", "decided_at": "NULL::text"}
DRAFT, USED = "WHERE id = %(e_draft)s", "WHERE id = %(e_used)s"

ATTEMPTS = {
    "evaluation.indicatorset": {
        "one_set_per_version": [twin("evaluation_indicatorset", "%(e_draft)s")],
        "one_set_in_force_per_level": [
            twin("evaluation_indicatorset", "%(e_draft)s", level="'street'", version="9", state="'in_force'", frozen_at="now()")
        ],
        "set_is_of_a_demonstration_level": [
            twin("evaluation_indicatorset", "%(e_draft)s", level="'district'", version="9")
        ],
        "grade_lines_descend": [
            f"{SET} {change} {DRAFT}"
            for change in ("pass_line = 9000", "nurture_line = 8000", "candidate_line = 10001")
        ],
        "heading_floor_is_a_share": [f"{SET} heading_floor = 10001 {DRAFT}"],
        "set_names_its_basis": [f"{SET} basis = '' {DRAFT}", f"{SET} title = '' {DRAFT}"],
        "set_says_when_it_was_frozen": [
            f"{SET} state = 'in_force' {DRAFT}",
            f"{SET} frozen_at = now() {DRAFT}",
            twin("evaluation_indicatorset", "%(e_draft)s", version="9", state="'lost'", frozen_at="now()"),
        ],
        "frozen_year_stays": [
            twin("evaluation_indicatorset", "%(e_draft)s", year_id="%(frozen_year)s", version="9"),
        ],
        "set_keeps_its_place": [
            f"{SET} {change} {DRAFT}"
            for change in ("level = 'window'", "version = 9", "year_id = %(open_year)s", "copied_from_id = id")
        ],
        "set_in_use_keeps_its_words": [
            f"{SET} {change} {USED}"
            for change in (
                "title = '别的'", "basis = '别的'", "candidate_line = 9100", "pass_line = 8100", "nurture_line = 7100",
                "heading_floor = 5000", "bonus_cap = 600", "bonus_points = '{}'", "lines_basis = '别的'",
                "edited_by_id = %(office)s", "frozen_at = now()",
            )
        ],
        "set_in_use_is_no_draft_again": [f"{SET} state = 'draft' {USED}"],
        "set_in_force_adds_up_to_a_hundred": [
            f"{SET} state = 'in_force', frozen_at = now() WHERE id = %(e_short)s"
        ],
        **never_removed("evaluation_indicatorset", "%(e_draft)s"),
    },
    "evaluation.heading": {
        "one_heading_per_task": [twin("evaluation_heading", "%(e_heading)s")],
        "heading_is_of_the_nine_tasks": [
            f"{HEADING} number = {number} WHERE id = %(e_heading)s" for number in (0, 10)
        ],
        "heading_keeps_its_set": [f"{HEADING} set_id = %(e_short)s WHERE id = %(e_heading)s"],
        "set_in_use_keeps_its_words": [
            f"{HEADING} title = '别的' WHERE id = %(e_used_heading)s",
            "DELETE FROM evaluation_heading WHERE id = %(e_used_heading)s",
            twin("evaluation_heading", "%(e_used_heading)s", number="1"),
        ],
    },
    "evaluation.indicator": {
        "one_indicator_per_number": [twin("evaluation_indicator", "%(e_indicator)s")],
        "indicator_is_worth_something": [
            f"{INDICATOR} points = {points} WHERE id = %(e_indicator)s" for points in (0, 10001)
        ],
        "indicator_is_measured_or_judged": [
            f"{INDICATOR} {change} WHERE id = %(e_indicator)s"
            for change in ("measures = '[1]'", "way = 'auto', scale = '[]'", "way = 'lost', scale = '[]', measures = '[1]'")
        ],
        "only_people_use_a_scale": [
            f"{INDICATOR} way = 'auto', measures = '[1]' WHERE id = %(e_indicator)s"
        ],
        "indicator_keeps_its_heading": [
            f"{INDICATOR} heading_id = %(e_other_heading)s WHERE id = %(e_indicator)s"
        ],
        "set_in_use_keeps_its_words": [
            f"{INDICATOR} title = '别的' WHERE id = %(e_judged)s",
            "DELETE FROM evaluation_indicator WHERE id = %(e_judged)s",
            twin("evaluation_indicator", "%(e_judged)s", number="9"),
        ],
    },
    "evaluation.circumstance": {
        "one_circumstance_per_number": [twin("evaluation_circumstance", "%(e_out)s")],
        "circumstance_names_its_basis": [f"{OUT} basis = '' WHERE id = %(e_out)s"],
        "circumstance_keeps_its_set": [f"{OUT} set_id = %(e_short)s WHERE id = %(e_out)s"],
        "set_in_use_keeps_its_words": [
            f"{OUT} text = '别的' WHERE id = %(e_used_out)s",
            "DELETE FROM evaluation_circumstance WHERE id = %(e_used_out)s",
        ],
    },
    "evaluation.snapshot": {
        "snapshot_says_when_it_was_taken": [
            f"{SNAPSHOT} state = 'taken' WHERE id = %(e_taking)s",
        ],
        "frozen_year_stays": [twin("evaluation_snapshot", "%(e_taking)s", year_id="%(frozen_year)s")],
        "snapshot_keeps_its_day": [
            f"{SNAPSHOT} {change} WHERE id = %(e_taking)s"
            for change in (
                "taken_on = taken_on + 1", "purpose = 'annual'", "by_id = %(reviewer)s", "year_id = %(open_year)s"
            )
        ],
        "taken_snapshot_stays": [
            f"{SNAPSHOT} {change} WHERE id = %(e_taken)s"
            for change in (
                "state = 'taking'", "formulas = '{}'", "taken_at = now()", "state = 'dropped', taken_at = now()"
            )
        ],
        "taken_facts_are_of_known_units": [
            f"{twin(*FACTS, snapshot_id='%(e_taking)s', organisation_id='-organisation_id')};"
            f"{SNAPSHOT} state = 'taken', taken_at = now() WHERE id = %(e_taking)s"
        ],
        **never_removed("evaluation_snapshot", "%(e_taking)s"),
    },
    "evaluation.fact": {
        "fact_counts_from_zero": [twin(*FACTS, snapshot_id="%(e_taking)s", denominator="-1")],
        "facts_of_a_taken_snapshot_stay": [
            twin(*FACTS, metric="metric || '-other'"),
            twin(*FACTS, snapshot_id="0"),
        ],
        **append_only("evaluation_fact", "%(e_taken)s", "metric", found_by="snapshot_id"),
    },
    "evaluation.mark": {
        "mark_has_a_reason": [twin("evaluation_mark", "%(e_mark)s", reason="''")],
        "mark_is_seconded_by_another": [twin("evaluation_mark", "%(e_mark)s", seconded_by_id="%(reviewer)s")],
        "mark_is_within_the_points": [
            twin("evaluation_mark", "%(e_mark)s", indicator_id="%(e_lowered)s", points="10000", seconded_by_id="%(office)s")
        ],
        "mark_is_on_the_scale": [twin("evaluation_mark", "%(e_mark)s", points="7")],
        "measured_mark_has_two_people": [
            twin("evaluation_mark", "%(e_mark)s", indicator_id="%(e_lowered)s", points="1")
        ],
        "frozen_year_keeps_its_marks": [
            "INSERT INTO evaluation_mark (snapshot_id, organisation_id, indicator_id, points, reason, by_id, marked_at)"
            " SELECT %(e_frozen_snapshot)s, organisation_id, indicator_id, points, reason, by_id, now()"
            " FROM evaluation_mark WHERE id = %(e_mark)s"
        ],
        **append_only("evaluation_mark", "%(e_mark)s", "reason"),
    },
    "evaluation.result": {
        "one_result_per_unit": [twin("evaluation_result", "%(e_result)s")],
        "total_is_within_a_hundred": [f"{RESULT} total = 10001 WHERE id = %(e_result)s"],
        "no_grade_while_awaiting": [f"{RESULT} awaiting = 1, grade = 'passed' WHERE id = %(e_result)s"],
        "ruled_out_is_no_candidate": [
            f"{RESULT} awaiting = 0, grade = 'candidate', ruled_out = TRUE WHERE id = %(e_result)s"
        ],
        "result_keeps_its_unit": [
            f"{RESULT} organisation_id = %(community)s WHERE id = %(e_result)s",
            f"{RESULT} set_id = %(e_draft)s WHERE id = %(e_result)s",
            f"{RESULT} snapshot_id = %(e_taking)s WHERE id = %(e_result)s",
        ],
        "frozen_year_gets_no_results": [
            twin(
                "evaluation_result",
                "%(e_result)s",
                snapshot_id="%(e_frozen_snapshot)s",
                organisation_id="%(community)s",
            )
        ],
        "frozen_year_keeps_its_results": [f"{RESULT} total = 1 WHERE id = %(e_frozen_result)s"],
        **of_annual.OF_RESULTS,
        **never_removed("evaluation_result", "%(e_result)s"),
    },
    "evaluation.ruling": {
        "ruling_says_what_its_kind_needs": [
            twin("evaluation_ruling", "%(e_out_ruling)s", organisation_id="%(other_street)s", **changes)
            for changes in (
                {"matter": "'事'"}, {"rank": "'city'"}, {"circumstance_id": "NULL::int"}, {"kind": "'bonus'"},
                {"kind": "'mark'"}, {"kind": "'lost'"},
            )
        ] + [
            twin("evaluation_ruling", "%(e_bonus)s", organisation_id="%(other_street)s", **PROPOSED, **changes)
            for changes in ({"matter": "''"}, {"rank": "''"}, {"rank": "'world'"})
        ],
        "ruling_has_its_document": [
            twin("evaluation_ruling", "%(e_out_ruling)s", organisation_id="%(other_street)s", **changes)
            for changes in ({"document_id": "NULL::int"}, {"document_number": "''"})
        ],
        "ruling_has_its_facts": [
            twin("evaluation_ruling", "%(e_out_ruling)s", organisation_id="%(other_street)s", facts="''")
        ],
        "ruling_is_decided_by_another": [
            f"{RULING} {change} WHERE id = %(e_out_ruling)s"
            for change in (
                "state = 'standing'", "decided_by_id = %(reviewer)s",
                "state = 'standing', decided_by_id = proposed_by_id, decided_at = now()",
                "state = 'lost', decided_by_id = %(reviewer)s, decided_at = now()",
            )
        ],
        "one_open_ruling_per_circumstance": [twin("evaluation_ruling", "%(e_out_ruling)s")],
        "one_open_bonus_per_matter": [
            twin("evaluation_ruling", "%(e_bonus)s", **PROPOSED)
        ],
        "frozen_year_stays": [
            twin("evaluation_ruling", "%(e_bonus)s", year_id="%(frozen_year)s", organisation_id="%(other_street)s")
        ],
        "ruling_is_about_its_level": [
            twin("evaluation_ruling", "%(e_out_ruling)s", organisation_id="%(community)s"),
            twin("evaluation_ruling", "%(e_out_ruling)s", organisation_id="%(other_street)s", circumstance_id="%(e_out)s"),
        ],
        "ruling_begins_as_a_proposal": [
            twin("evaluation_ruling", "%(e_bonus)s", organisation_id="%(other_street)s")
        ],
        "ruling_keeps_its_words": [
            f"{RULING} {change} WHERE id = %(e_bonus)s"
            for change in (
                "matter = '别的'", "rank = 'city'", "facts = '别的'", "document_number = '别的'", "points = 1",
                "organisation_id = %(other_street)s", "proposed_by_id = %(reviewer2)s", "kind = 'out'",
            )
        ],
        "ruling_is_decided_once": [
            f"{RULING} state = 'refused' WHERE id = %(e_bonus)s",
            f"{RULING} state = 'proposed', decided_by_id = NULL, decided_at = NULL WHERE id = %(e_bonus)s",
        ],
        **never_removed("evaluation_ruling", "%(e_bonus)s"),
    },
}  # fmt: skip
