"""Rules of inspections hold against raw SQL: two inspectors, whole records, re-checks by another, frozen years closed."""

from tests.audit.rules import append_only, never_removed, twin

PLAN, VISIT = "UPDATE programme_inspection SET", "UPDATE programme_visit SET"
POINT, FINDING = "UPDATE programme_visitpoint SET", "UPDATE programme_finding SET"
ROUND = "programme_findinground"


def at(row: str) -> str:
    return f"WHERE id = %({row})s"


def of_a_frozen_year(table: str, row: str) -> list[str]:
    """The row is of a year that is frozen in the same transaction, whatever freezing asks for."""
    return [
        f"UPDATE programme_year SET state = 'frozen', closing_by_id = %(office)s, closing_reason = '年度结束', "
        f"frozen_by_id = %(reviewer)s, frozen_at = now() WHERE id = %(i_year)s; "
        f"UPDATE {table} SET saved_at = now() WHERE id = %({row})s"
    ]


ATTEMPTS = {
    "programme.inspection": {
        "inspection_ends_after_it_begins": [f"{PLAN} to_on = from_on - 1 {at('i_draft')}"],
        "inspection_says_why_and_how": [
            f"{PLAN} {change} {at('i_draft')}" for change in ("title = ''", "basis = ''", "kind = 'x'")
        ],
        "closed_inspection_has_a_summary": [f"{PLAN} state = 'closed' {at('i_going')}"],
        "frozen_year_stays": of_a_frozen_year("programme_inspection", "i_draft"),
        "inspection_keeps_its_organiser": [
            f"{PLAN} organisation_id = %(street)s {at('i_draft')}",
            f"{PLAN} created_by_id = %(clerk)s {at('i_draft')}",
        ],
        "announced_inspection_stays": [
            f"{PLAN} {change} {at('i_going')}"
            for change in (
                "title = '别的'",
                "basis = '别的'",
                "kind = 'spot'",
                "to_on = to_on + 1",
                "from_on = from_on - 1",
                "points = '[]'",
            )
        ],
        "ended_inspection_stays_ended": [f"{PLAN} state = 'going' {at('i_cancelled')}"],
        "inspection_lies_in_its_year": [
            f"{PLAN} from_on = from_on - 400 {at('i_draft')}",
            f"{PLAN} to_on = to_on + 400 {at('i_draft')}",
        ],
        "inspection_is_made_by_two": [f"{PLAN} state = 'going' {at('i_alone')}"],
        **never_removed("programme_inspection", "%(i_draft)s"),
    },
    "programme.inspector": {
        "inspector_is_named_once": [twin("programme_inspector", "%(i_inspector)s")],
        "inspectors_are_only_added": [
            f"DELETE FROM programme_inspector {at('i_inspector')}",
            f"UPDATE programme_inspector SET user_id = %(clerk)s {at('i_inspector')}",
        ],
    },
    "programme.visit": {
        "unit_is_visited_once_an_inspection": [
            twin("programme_visit", "%(v_planned)s", state="'called_off'")
        ],
        "visit_has_a_day_once_it_begins": [
            f"{VISIT} visited_on = NULL {at('v_on_site')}",
            f"{VISIT} visited_on = current_date {at('v_planned')}",
            f"{VISIT} state = 'lost' {at('v_planned')}",
        ],
        "unit_agrees_or_says_why_not": [
            f"{VISIT} {change} {at('v_signing')}"
            for change in (
                "agrees = FALSE",
                "agrees = NULL",
                "present = ''",
                "answered_by_id = NULL",
            )
        ],
        "visit_is_signed_by_two": [
            f"{VISIT} {change} {at('v_half_signed')}"
            for change in (
                "state = 'signed'",
                "state = 'signed', second_by_id = first_by_id, second_at = now()",
                "state = 'signing'",
                "first_by_id = NULL",
                "second_by_id = %(office)s",
            )
        ],
        "frozen_year_stays": of_a_frozen_year("programme_visit", "v_planned"),
        "visit_goes_to_a_unit_below": [
            twin("programme_visit", "%(v_planned)s", organisation_id="%(district)s"),
            twin(
                "programme_visit", "%(v_planned)s", inspection_id="%(i_street)s", organisation_id="%(street)s"
            ),
            twin(
                "programme_visit",
                "%(v_planned)s",
                inspection_id="%(i_street)s",
                organisation_id="%(other_street)s",
            ),
        ],
        "visit_keeps_its_place": [
            f"{VISIT} organisation_id = %(community)s {at('v_planned')}",
            f"{VISIT} inspection_id = %(i_draft)s {at('v_planned')}",
        ],
        "signed_visit_stays": [
            f"{VISIT} {change} {at('v_signed')}"
            for change in (
                "state = 'on_site', first_by_id = NULL, first_at = NULL, second_by_id = NULL, second_at = NULL",
                "words = '别的'",
                "visited_on = visited_on - 1",
                "second_at = now() + interval '1 day'",
            )
        ],
        "record_of_the_visit_is_whole": [
            f"{VISIT} state = 'answering' {at('v_on_site')}",
            f"{VISIT} state = 'answering' {at('v_bare')}",
        ],
        **never_removed("programme_visit", "%(v_planned)s"),
    },
    "programme.visitpoint": {
        "point_has_its_place": [twin("programme_visitpoint", "%(p_open)s")],
        "answered_point_has_its_writer": [
            f"{POINT} result = 'yes' {at('p_open')}",
            f"{POINT} result = 'so', saved_by_id = %(office)s {at('p_open')}",
        ],
        "point_is_of_the_nine_tasks": [
            twin("programme_visitpoint", "%(p_open)s", position="99", heading="'tenth'"),
            twin("programme_visitpoint", "%(p_open)s", position="99", text="''"),
        ],
        "frozen_year_stays": of_a_frozen_year("programme_visitpoint", "p_open"),
        "points_are_written_on_the_spot": [
            f"{POINT} note = '补写' {at('p_signed')}",
            twin("programme_visitpoint", "%(p_signed)s", position="99"),
            twin("programme_visitpoint", "%(p_open)s", position="99", organisation_id="%(other_street)s"),
        ],
        "point_keeps_what_is_asked": [
            f"{POINT} text = '别的' {at('p_open')}",
            f"{POINT} heading = 'duty' {at('p_open')}",
            f"{POINT} position = 99 {at('p_open')}",
        ],
        **never_removed("programme_visitpoint", "%(p_open)s"),
    },
    "programme.finding": {
        "noticed_finding_says_what_by_when": [
            f"{FINDING} asked = '' {at('f_open')}",
            f"{FINDING} due_on = NULL {at('f_open')}",
            f"{FINDING} state = 'lost' {at('f_open')}",
        ],
        "finding_says_what_is_wrong": [
            f"{FINDING} facts = '' {at('f_draft')}",
            f"{FINDING} term = 'never' {at('f_draft')}",
        ],
        "reported_finding_says_what_was_done": [
            f"{FINDING} state = 'reported' {at('f_open')}",
            f"{FINDING} state = 'reported', reported_by_id = %(clerk)s, reported_on = current_date {at('f_open')}",
        ],
        "closed_finding_has_its_day": [f"{FINDING} closed_on = current_date {at('f_open')}"],
        "dropped_finding_says_why": [
            f"{FINDING} state = 'dropped' {at('f_draft')}",
            f"{FINDING} drop_reason = '不发了' {at('f_open')}",
        ],
        "finding_comes_from_a_point_that_fails": [
            twin("programme_finding", "%(f_draft)s", point_id="%(p_good)s"),
            twin("programme_finding", "%(f_draft)s", organisation_id="%(other_street)s"),
            twin("programme_finding", "%(f_draft)s", noted_by_id="%(clerk)s"),
            twin("programme_finding", "%(f_draft)s", heading="'duty'"),
        ],
        "finding_keeps_its_source": [
            f"{FINDING} {change} {at('f_draft')}"
            for change in (
                "organisation_id = %(other_street)s",
                "noted_by_id = %(clerk)s",
                "heading = 'duty'",
                "point_id = %(p_good)s",
            )
        ],
        "noticed_finding_keeps_its_facts": [f"{FINDING} facts = '别的' {at('f_open')}"],
        "reported_finding_waits_as_it_is": [
            f"{FINDING} {change} {at('f_reported')}"
            for change in (
                "report = '别的'",
                "reported_by_id = %(lead)s",
                "due_on = due_on + 1",
                "asked = '别的'",
            )
        ],
        "ended_finding_stays_ended": [
            f"{FINDING} state = 'open', closed_on = NULL {at('f_closed')}",
            f"{FINDING} closed_on = closed_on - 1 {at('f_closed')}",
            f"{FINDING} state = 'draft', drop_reason = '' {at('f_dropped')}",
        ],
        "finding_is_closed_by_a_recheck": [
            f"{FINDING} state = 'closed', closed_on = current_date {at('f_reported')}"
        ],
        **never_removed("programme_finding", "%(f_draft)s"),
    },
    "programme.findinground": {
        "one_recheck_a_round": [twin(ROUND, "%(r_passed)s")],
        "recheck_is_by_another": [
            twin(ROUND, "%(r_passed)s", round="9", by_id="reported_by_id"),
            twin(ROUND, "%(r_passed)s", round="9", by_id="noted_by_id"),
        ],
        "recheck_says_what_was_seen": [
            twin(ROUND, "%(r_passed)s", round="9", words="''"),
            twin(ROUND, "%(r_passed)s", round="9", report="''"),
        ],
        "recheck_is_about_what_was_reported": [
            twin(ROUND, "%(r_passed)s", round="9", reported_by_id="%(lead)s"),
            twin(ROUND, "%(r_passed)s", round="9", noted_by_id="%(lead)s"),
            twin(ROUND, "%(r_passed)s", round="9", finding_id="%(f_open)s"),
        ],
        **append_only(ROUND, "%(r_passed)s", "words"),
    },
    "programme.inspectionnotice": {
        "no_unit_is_noticed_by_itself": [
            twin("programme_inspectionnotice", "%(i_notice)s", number="'x'", issued_for_id="organisation_id")
        ],
        "notice_lists_a_finding": [
            twin("programme_inspectionnotice", "%(i_notice)s", number="'x'", lines="'[]'::jsonb")
        ],
        **append_only("programme_inspectionnotice", "%(i_notice)s", "number"),
    },
}
