"""Rules of activities, their public texts, materials, courses and hours hold against raw SQL."""

from tests.audit.rules import never_removed, twin

ACTIVITY = "UPDATE programme_activity SET"
SHEET = "UPDATE programme_activitysheet SET"
MATERIAL = "UPDATE programme_material SET"
EDITION = "UPDATE programme_materialedition SET"
MINIMUM = "UPDATE programme_hoursminimum SET"
COURSE = "UPDATE programme_course SET"
HOURS = "UPDATE programme_traininghours SET"


def each(update, row, *columns):
    """One attempt for every change of this row."""
    return [f"{update} {column} WHERE id = %({row})s" for column in columns]


def activity_like(row, **changes):
    return twin("programme_activity", f"%({row})s", code="'JY-990100-2026-900001'", **changes)


def sheet_like(row, **changes):
    return twin("programme_activitysheet", f"%({row})s", **changes)


def edition_like(row, **changes):
    return twin("programme_materialedition", f"%({row})s", **changes)


def course_like(row, **changes):
    return twin("programme_course", f"%({row})s", **changes)


def hours_like(row, **changes):
    return twin("programme_traininghours", f"%({row})s", **changes)


OTHER_PLAN = (
    "kind = 'other'", "title = '别的'", "theme = 'other'", "audiences = ARRAY['companies']", "place = '别处'",
    "planned_on = planned_on - 1", "starts_at = '08:00'", "expected = 1", "speaker = '别人'", "hours = 9",
    "about = '别的'", "year_id = %(frozen_year)s",
)  # fmt: skip
FROZEN_DAY = {"planned_on": "'2021-05-01'", "year_id": "%(frozen_year)s", "starts_at": "NULL::int"}
RETURNED = {"state": "'returned'", "why": "'重了'"}


def edition_rules(thing, like, update, draft, shown, withdrawing):
    """The rules every version of a text shares."""
    return {
        f"shown_{thing}_has_its_publication": each(update, draft, "state = 'published'"),
        f"unsent_{thing}_has_no_publication": each(update, draft, "publication_id = %(publication)s"),
        f"one_{thing}_on_its_way": [like(draft)],
        f"one_{thing}_stands": [like(shown)],
        f"{thing}_withdrawal_has_a_reason": each(
            update, withdrawing, "withdraw_reason = ''", "withdraw_asked_by_id = NULL", "state = 'ended', withdraw_reason = ''"
        ),
        f"{thing}_keeps_what_it_is": each(
            update, draft, "organisation_id = %(other_street)s", "created_by_id = %(lead)s"
        ),
        f"{thing}_keeps_its_publication": each(update, shown, "publication_id = %(publication)s"),
    }  # fmt: skip


ATTEMPTS = {
    "programme.activity": {
        "activity_is_for_somebody": each(
            ACTIVITY, "ed_planned", "audiences = ARRAY[]::varchar[]", "audiences = ARRAY['cats']", "expected = 0"
        ),
        "activity_counts_some_hours": each(ACTIVITY, "ed_planned", "hours = 0", "hours = 101"),
        "held_activity_says_when_and_how_many": each(
            ACTIVITY, "ed_planned", "state = 'held'", "held_on = planned_on", "attendance = 3"
        )
        + each(ACTIVITY, "ed_held", "held_on = NULL", "attendance = NULL"),
        "told_activity_says_what_came_of_it": each(ACTIVITY, "ed_held", "state = 'summarised'", "state = 'filed'"),
        "cancelled_activity_says_why": each(
            ACTIVITY, "ed_planned", "state = 'cancelled'", "cancel_why = 'venue'", "state = 'cancelled', cancel_why = '因为'"
        ),
        "activity_lies_in_its_year": each(
            ACTIVITY, "ed_planned", "planned_on = '2022-01-01'", "year_id = %(third_year)s"
        )
        + each(ACTIVITY, "ed_held", "held_on = '2022-01-01'"),
        "plan_changes_only_as_plan": each(ACTIVITY, "ed_held", *OTHER_PLAN[:-1]),
        "told_outcome_stays": each(
            ACTIVITY, "ed_told", "held_on = held_on - 1", "attendance = 1", "summary = '别的'", "outcome = '别的'"
        ),
        "activity_keeps_what_it_is": each(
            ACTIVITY, "ed_planned", "organisation_id = %(other_street)s", "created_by_id = %(lead)s", "code = 'JY-9'"
        ),
        "cancelled_activity_stays": each(ACTIVITY, "ed_cancelled", "state = 'planned', cancel_why = ''"),
        "frozen_year_stays": [activity_like("ed_planned", **FROZEN_DAY)]
        + each(ACTIVITY, "ed_planned", "planned_on = '2021-05-01', year_id = %(frozen_year)s"),
        **never_removed("programme_activity", "%(ed_planned)s"),
    },
    "programme.activitysheet": {
        **edition_rules("activity_sheet", sheet_like, SHEET, "ed_sheet", "ed_shown", "ed_withdrawing"),
        "only_a_report_tells_how_many": each(
            SHEET, "ed_announced", "attendance = 5", "outcome = '好'", "stage = 'report'"
        )
        + each(SHEET, "ed_sheet", "attendance = NULL", "stage = 'announcement'", "stage = '别的'"),
        "activity_sheet_changes_only_as_draft": each(
            SHEET, "ed_shown", "title = '别的'", "day = day - 1", "time = '08:00'", "place = '别处'", "speaker = '别人'",
            "text = '别的'", "outcome = '别的'", "attendance = 9", "reason = '别的'", "stage = 'announcement'",
        ),
        "activity_sheet_keeps_what_it_is": each(
            SHEET, "ed_sheet", "activity_id = %(ed_held)s", "organisation_id = %(other_street)s", "created_by_id = %(lead)s"
        ),
        "report_is_of_an_activity_that_was_summed_up": [
            sheet_like("ed_sheet", activity_id="%(ed_held)s", state="'in_review'")
        ],
        **never_removed("programme_activitysheet", "%(ed_sheet)s"),
    },
    "programme.material": {
        "material_keeps_what_it_is": each(
            MATERIAL, "ed_material", "organisation_id = %(other_street)s", "code = 'ZL-9'", "created_by_id = %(lead)s"
        ),
        **never_removed("programme_material", "%(ed_material)s"),
    },
    "programme.materialedition": {
        **edition_rules(
            "material_edition", edition_like, EDITION, "ed_draft", "ed_public", "ed_material_withdrawing"
        ),
        "material_is_for_somebody": each(
            EDITION, "ed_draft", "audiences = ARRAY[]::varchar[]", "audiences = ARRAY['cats']"
        ),
        "internal_material_is_issued_by_another": each(EDITION, "ed_draft", "state = 'internal'", "state = 'retired'")
        + each(EDITION, "ed_internal", "issued_by_id = created_by_id", "issued_by_id = NULL", "issued_on = NULL"),
        "material_edition_changes_only_as_draft": each(
            EDITION, "ed_public", "title = '别的'", "theme = 'other'", "audiences = ARRAY['officials']", "summary = '别的'",
            "body = '别的'", "source = '别的'", "reason = '别的'",
        )
        + each(EDITION, "ed_internal", "body = '别的'"),
        "material_edition_keeps_what_it_is": each(
            EDITION, "ed_draft", "material_id = %(ed_material)s", "organisation_id = %(other_street)s"
        ),
        **never_removed("programme_materialedition", "%(ed_draft)s"),
    },
    "programme.hoursminimum": {
        "minimum_is_some_hours": each(MINIMUM, "ed_minimum", "hours = 0", "hours = 201", "basis = ''"),
        "minimum_is_of_one_year": each(
            MINIMUM, "ed_minimum", "year_id = %(third_year)s", "organisation_id = %(street)s"
        ),
        "frozen_year_stays": [twin("programme_hoursminimum", "%(ed_minimum)s", year_id="%(frozen_year)s")],
        **never_removed("programme_hoursminimum", "%(ed_minimum)s"),
    },
    "programme.course": {
        "course_has_hours_and_a_basis": each(
            COURSE, "ed_course", "hours = 0", "hours = 101", "basis = ''", "title = ''"
        ),
        "course_is_for_known_levels": each(COURSE, "ed_course", "levels = ARRAY['post']"),
        "one_course_of_a_name_in_a_year": [course_like("ed_course")],
        "course_is_of_one_year": each(
            COURSE, "ed_course", "year_id = %(third_year)s", "organisation_id = %(street)s", "created_by_id = %(lead)s"
        ),
        "retired_course_stays": each(COURSE, "ed_course_old", "retired_on = NULL", "retired_on = '2026-01-01'"),
        "frozen_year_stays": [course_like("ed_course", year_id="%(frozen_year)s")],
        **never_removed("programme_course", "%(ed_course)s"),
    },
    "programme.traininghours": {
        "hours_have_one_source": [
            hours_like("ed_hours_entered", activity_id="NULL::int"),
            hours_like("ed_hours_entered", course_id="%(ed_course)s"),
            hours_like("ed_hours_entered", outside="'党校'"),
            hours_like("ed_hours_outside", certificate_id="NULL::int"),
            hours_like("ed_hours_outside", outside="''"),
            hours_like("ed_hours_course", outside="'党校'"),
        ],
        "hours_are_some": [
            hours_like("ed_hours_outside", hours=value) for value in ("'0'", "'-1'", "'101'")
        ],
        "hours_are_confirmed_by_another": each(
            HOURS, "ed_hours_entered", "state = 'confirmed'", "confirmed_by_id = %(lead)s",
            "state = 'confirmed', confirmed_by_id = created_by_id, confirmed_at = now()",
        )
        + each(HOURS, "ed_hours", "confirmed_by_id = NULL", "confirmed_by_id = created_by_id", "confirmed_at = NULL"),
        "hours_taken_back_say_why": each(HOURS, "ed_hours_entered", "state = 'returned'", "why = '重了'")
        + each(HOURS, "ed_hours_returned", "why = ''"),
        "an_activity_counts_once": [hours_like("ed_hours_entered")],
        "a_course_counts_once": [hours_like("ed_hours_course")],
        "hours_lie_in_their_year": [
            hours_like("ed_hours_outside", day="'2022-05-01'"),
            hours_like("ed_hours_outside", year_id="%(third_year)s"),
        ],
        "hours_stay_as_entered": each(
            HOURS, "ed_hours", "official_id = %(person)s", "organisation_id = %(other_street)s",
            "activity_id = %(ed_held)s", "activity_id = NULL, course_id = %(ed_course)s", "day = day - 1", "hours = 9",
            "created_by_id = %(office)s",
        )
        + each(HOURS, "ed_hours_outside", "outside = '别的'", "certificate_id = %(file)s"),
        "confirmed_hours_only_revoked": each(HOURS, "ed_hours", "state = 'entered', confirmed_by_id = NULL, confirmed_at = NULL")
        + each(HOURS, "ed_hours_returned", "state = 'entered', why = ''"),
        "nobody_confirms_the_own_hours": each(
            HOURS, "ed_hours_own", "state = 'confirmed', confirmed_by_id = %(official)s, confirmed_at = now()"
        ),
        "hours_fit_their_source": [
            hours_like("ed_hours_entered", activity_id="%(ed_planned)s", **RETURNED),
            hours_like("ed_hours_entered", activity_id="%(ed_cancelled)s", **RETURNED),
            hours_like("ed_hours_course", year_id="%(third_year)s", day="'2023-05-01'", **RETURNED),
        ],
        "frozen_year_stays": [
            hours_like("ed_hours_outside", year_id="%(frozen_year)s", day="'2021-05-01'")
        ],
        **never_removed("programme_traininghours", "%(ed_hours)s"),
    },
}  # fmt: skip
