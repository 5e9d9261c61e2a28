"""Rules of scenes, their revisions and their months hold against raw SQL."""

from tests.audit.rules import never_removed, twin

SCENE = "UPDATE disclosure_scene SET"
REVISION = "UPDATE disclosure_scenerevision SET"
MONTH = "UPDATE disclosure_scenemonth SET"


def each(update, row, **columns):
    """One attempt for every column: its new value in this row."""
    return [f"{update} {column} = {value} WHERE id = %({row})s" for column, value in columns.items()]


def scene_like(row, **changes):
    return twin("disclosure_scene", f"%({row})s", publication_id="NULL::int", **changes)


def month_like(row, **changes):
    return twin("disclosure_scenemonth", f"%({row})s", publication_id="NULL::int", **changes)


EMPTY = dict.fromkeys(
    ("title", "service", "incentive", "eligibility", "joining", "place", "phone", "consent", "leaving"), "''"
) | {"data_used": "''", "data_kept": "''", "basis": "''", "needs": "ARRAY[]::varchar[]"}
WRONG = {
    "affects_others": "TRUE",
    "ranks_people": "TRUE",
    "lists_people": "TRUE",
    "punishes_people": "NULL",
    "takes_forbidden_data": "TRUE",
    "costs_money": "TRUE",
    "is_voluntary": "FALSE",
}
UNREVIEWED = {"legal_review_number": "''", "legal_review_on": "NULL", "legal_conclusion": "'unlawful'"}


def of_text(thing, trigger, table, draft, review):
    """The rules of the text, for a scene and for a revision: in drafts, and in what is in review already."""
    update = f"UPDATE {table} SET"
    sent = [f"state = 'in_review', {column} = {value}" for column, value in UNREVIEWED.items()]
    wrong = [f"state = 'in_review', {column} = {value}" for column, value in WRONG.items()]
    return {
        f"{thing}_says_all_a_resident_asks": each(update, draft, **EMPTY),
        f"{thing}_ends_after_it_begins": each(update, draft, ends_on="begins_on - 1"),
        f"{thing}_has_a_target": each(update, draft, monthly_target="0"),
        f"{thing}_was_reviewed_for_law": [f"{update} {change} WHERE id = %({draft})s" for change in sent],
        f"{thing}_only_does_good": [f"{update} {change} WHERE id = %({draft})s" for change in wrong],
        f"{trigger}_needs_are_of_the_fourteen": each(
            update, draft, needs="ARRAY['elderly-care', 'money']", title="'x', needs = ARRAY['']"
        ),
    }


OTHER_TEXT = {
    "title": "'别的'",
    "service": "'别的'",
    "incentive": "'扣分'",
    "needs": "ARRAY['parking']",
    "phone": "'1'",
    "begins_on": "'2020-01-01'",
    "monthly_target": "5",
    "legal_review_number": "'别的'",
    "lists_people": "NULL",
}
NUMBERS = {
    "participations": "99",
    "served": "1",
    "surveyed": "3, satisfied = 3",
    "note": "'别的'",
    "effect": "'别的'",
}

ATTEMPTS = {
    "disclosure.scene": {
        "scene_code_is_unique": [scene_like("scene_shown", state="'draft'")],
        "scene_is_out_only_when_published": each(SCENE, "scene_draft", state="'published'")
        + [
            f"{SCENE} publication_id = %(publication)s WHERE id = %(scene_draft)s",
            scene_like("scene_shown", code="'CJ-990100-2026-900001'"),
            scene_like("scene_ended", code="'CJ-990100-2026-900001'"),
            f"{SCENE} version = 0 WHERE id = %(scene_shown)s",
        ],
        "scene_withdrawal_has_a_reason": each(
            SCENE, "scene_withdrawing", withdraw_reason="''", withdraw_asked_by_id="NULL"
        ),
        **of_text("scene", "scene", "disclosure_scene", "scene_draft", "scene_review"),
        "halted_scene_says_since_when_and_why": each(
            SCENE, "scene_suspended", halted_on="NULL", halt_why="'因为'"
        )
        + each(SCENE, "scene_ended", halt_why="''")
        + each(SCENE, "scene_shown", state="'suspended'", halt_why="'venue'", halted_on="'2026-01-01'"),
        "withdrawal_of_a_scene_knows_where_it_stood": each(
            SCENE, "scene_withdrawing", stood_as="''", halt_why="'', stood_as = 'draft'"
        ),
        "scene_changes_only_by_new_version": each(SCENE, "scene_shown", **OTHER_TEXT)
        + each(SCENE, "scene_ended", title="'别的', version = version + 1"),
        "scene_keeps_its_code": each(SCENE, "scene_shown", code="'CJ-990100-2026-900001'"),
        "scene_keeps_its_publication": each(SCENE, "scene_shown", publication_id="%(publication)s"),
        "scene_keeps_its_unit": each(
            SCENE, "scene_shown", organisation_id="%(other_street)s", created_by_id="%(lead)s"
        ),
        "ended_scene_stays_ended": each(
            SCENE,
            "scene_ended",
            state="'published', halted_on = NULL, halt_why = ''",
            halt_why="'venue', state = 'suspended'",
        ),
        **never_removed("disclosure_scene", "%(scene_draft)s"),
    },
    "disclosure.scenerevision": {
        "one_open_scenerevision": [twin("disclosure_scenerevision", "%(scene_revision)s")],
        "scenerevision_has_a_reason": each(REVISION, "scene_revision", reason="''"),
        **of_text(
            "scenerevision", "scene_revision", "disclosure_scenerevision", "scene_revision", "scene_adopted"
        ),
        "scene_revision_changes_only_as_draft": each(
            REVISION, "scene_adopted", **OTHER_TEXT, reason="'别的'"
        ),
        "adopted_scene_revision_stays": each(
            REVISION, "scene_adopted", state="'draft'", of_id="%(scene_shown)s"
        ),
        **never_removed("disclosure_scenerevision", "%(scene_revision)s"),
    },
    "disclosure.scenemonth": {
        "one_report_per_scene_and_month": [
            month_like("scene_told", state="'draft'", version="0"),
            month_like("scene_month_draft"),
        ],
        "one_open_correction_per_month": [month_like("scene_correction")],
        "month_is_its_first_day": [month_like("scene_month_draft", month="'2020-05-02'")],
        "people_served_took_part": each(MONTH, "scene_month_draft", served="participations + 1"),
        "satisfied_were_asked": each(
            MONTH, "scene_month_draft", surveyed="3", satisfied="3", note="'', surveyed = 3, satisfied = 4"
        ),
        "correction_of_a_month_has_a_reason": each(MONTH, "scene_correction", reason="''")
        + each(MONTH, "scene_month_draft", reason="'为什么'"),
        "published_month_has_its_publication": each(MONTH, "scene_month_draft", state="'published'")
        + each(
            MONTH,
            "scene_month_draft",
            publication_id="%(publication)s",
            state="'published', publication_id = %(publication)s",
        )
        + each(MONTH, "scene_correction", publication_id="%(publication)s"),
        "month_changes_only_by_correction": each(MONTH, "scene_told", **NUMBERS),
        "month_is_of_one_scene": each(
            MONTH,
            "scene_month_draft",
            scene_id="%(scene_ended)s",
            month="'2020-01-01'",
            organisation_id="%(other_street)s",
            corrects_id="%(scene_told)s",
            target="1",
        ),
        "published_month_stays": each(MONTH, "scene_told", state="'discarded'"),
        "month_keeps_its_publication": each(MONTH, "scene_told", publication_id="%(publication)s"),
        "correction_is_of_the_same_month": [
            month_like("scene_correction", month="'2020-01-01'"),
            month_like("scene_correction", scene_id="%(scene_ended)s"),
            month_like("scene_correction", corrects_id="%(scene_correction)s"),
        ],
        **never_removed("disclosure_scenemonth", "%(scene_told)s"),
    },
}
