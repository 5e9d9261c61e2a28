"""Rules of questions, contests, attempts and results hold against raw SQL."""

from tests.audit.rules import append_only, never_removed, twin


def each(table, row, **columns):
    """One attempt for every column: its new value in this row."""
    return [
        f"UPDATE programme_{table} SET {column.strip('_')} = {value} WHERE id = %({row})s"
        for column, value in columns.items()
    ]


def sets(table, row, *changes):
    return [f"UPDATE programme_{table} SET {change} WHERE id = %({row})s" for change in changes]


def like(table, row, **changes):
    return twin(f"programme_{table}", f"%({row})s", **changes)


THREE = "ARRAY['一', '二', '三']"
QUESTION = {
    "text": "'别的'",
    "options": "ARRAY['一', '二', '三']",
    '"right"': "'B'",
    "explanation": "'别的'",
    "source": "'别的'",
    "category": "'repair'",
}
RULES = {
    "audience": "'residents'",
    "minutes": "30",
    "attempts": "5",
    "counts": "'first'",
    "ranked_by": "'average'",
    "tie": "'equal'",
    "min_sample": "6",
    "pass_percent": "10",
    "shows_answers": "FALSE",
    "paper_id": "NULL, state = 'discarded', publication_id = NULL",
}
WORDS = {
    "title": "'别的'",
    "about": "'别的'",
    "opens_at": "opens_at - interval '1 day'",
    "closes_at": "closes_at + interval '1 day'",
}
# without the beginning: it only moves with the end, which another rule holds
UNTIMED = {name: value for name, value in WORDS.items() if name != "opens_at"}
LATER = "opens_at = opens_at + interval '1 hour', closes_at = closes_at + interval '1 hour'"
NEW = ", version = version + 1"
SECOND = {"number": "2", "submitted_at": "NULL::timestamptz"}
DRAFT = "WHERE id = %(contest_draft)s"

ATTEMPTS = {
    "programme.question": {
        "question_has_fitting_options": sets("question", "q_draft", "options = ARRAY['一']", "kind = 'truth'")
        + sets("question", "q_truth", "options = ARRAY['错', '对']", "options = ARRAY['对', '错', '不知道']")
        + sets(
            "question",
            "q_multiple",
            "options = ARRAY['一', '二'], \"right\" = 'AB'",
            f"options = {THREE} || {THREE} || {THREE}",
        ),
        "question_has_a_right_answer": sets(
            "question", "q_draft", "\"right\" = ''", "\"right\" = 'AB'", "\"right\" = 'A1'", "kind = 'other'"
        )
        + sets("question", "q_multiple", "\"right\" = 'A'", "\"right\" = 'BA'", "\"right\" = 'AA'")
        + sets("question", "q_truth", "\"right\" = ''"),
        "question_says_why_and_whence": each("question", "q_draft", text="''", explanation="''", source="''"),
        "question_is_checked_by_another": sets(
            "question",
            "q_draft",
            "state = 'ready'",
            "state = 'ready', checked_by_id = created_by_id",
            "checked_by_id = %(lead)s",
        ),
        "new_version_of_a_question_counts_on": [
            like("question", "q_draft", version="2"),
            like("question", "q_newer", version="1"),
        ],
        "one_next_version_of_a_question": [like("question", "q_newer")],
        "question_changes_only_as_draft": each("question", "q_ready", **QUESTION),
        "question_keeps_its_place": each(
            "question",
            "q_ready",
            organisation_id="%(other_street)s",
            version="3",
            replaces_id="%(q_draft)s",
            job_id="%(job)s",
        ),
        "question_in_use_is_never_a_draft_again": sets(
            "question",
            "q_ready",
            "state = 'draft', checked_by_id = NULL",
            "state = 'discarded', checked_by_id = NULL",
        ),
        "right_answer_is_an_option": sets(
            "question", "q_draft", "\"right\" = 'D'", "options = ARRAY['一', '']"
        )
        + sets("question", "q_multiple", "\"right\" = 'AF'"),
        **never_removed("programme_question", "%(q_draft)s"),
    },
    "programme.contest": {
        "contest_code_is_unique": [
            like("contest", "contest_going", state="'draft'", publication_id="NULL::int")
        ],
        "contest_ends_after_it_begins": [f"UPDATE programme_contest SET closes_at = opens_at {DRAFT}"],
        "contest_rules_make_sense": each(
            "contest",
            "contest_draft",
            minutes="0",
            minutes_="181",
            attempts="0",
            attempts_="11",
            pass_percent="0",
            pass_percent_="101",
            audience="'dogs'",
            counts="'last'",
            ranked_by="'names'",
            tie="'dice'",
        ),
        "contest_ranks_no_handful": each("contest", "contest_draft", min_sample="4"),
        "contest_is_out_only_when_published": sets(
            "contest",
            "contest_draft",
            "state = 'published', paper_id = %(paper)s",
            "publication_id = %(publication)s",
        )
        + each("contest", "contest_going", version="0", state="'draft'"),
        "contest_goes_out_with_its_paper": sets("contest", "contest_draft", "state = 'in_review'"),
        "contest_withdrawal_has_a_reason": each(
            "contest", "contest_leaving", withdraw_reason="''", withdraw_asked_by_id="NULL"
        ),
        "contest_changes_only_as_draft": each("contest", "contest_going", **RULES),
        "contest_words_change_only_by_new_version": each("contest", "contest_going", **UNTIMED)
        + each("contest", "contest_leaving", **{name: f"{value}{NEW}" for name, value in UNTIMED.items()})
        + sets("contest", "contest_ahead", f"{LATER}", f"{LATER}, version = version + 2"),
        "announced_time_is_never_cut": sets(
            "contest",
            "contest_going",
            f"closes_at = closes_at - interval '1 minute'{NEW}",
            f"opens_at = opens_at - interval '1 minute'{NEW}",
            f"opens_at = opens_at + interval '1 minute', closes_at = closes_at + interval '1 day'{NEW}",
        )
        + sets(
            "contest",
            "contest_ahead",
            f"opens_at = opens_at - interval '1 minute'{NEW}",
            f"opens_at = opens_at + interval '10 minutes', closes_at = closes_at + interval '9 minutes'{NEW}",
        )
        + [
            "UPDATE programme_contest SET closes_at = closes_at + interval '1 day', version = version + 1, state = 'published' WHERE id = (SELECT contest_id FROM programme_contestresult WHERE id = %(contest_result_draft)s)"
        ],
        "contest_keeps_its_code": each("contest", "contest_going", code="'JS-990100-2026-900001'"),
        "contest_keeps_its_publication": each("contest", "contest_going", publication_id="%(publication)s"),
        "contest_keeps_its_unit": each(
            "contest", "contest_going", organisation_id="%(other_street)s", created_by_id="%(lead)s"
        ),
        **never_removed("programme_contest", "%(contest_draft)s"),
    },
    "programme.contestrevision": {
        "one_open_contest_revision": [like("contestrevision", "contest_revision")],
        "contest_revision_says_what_and_why": each(
            "contestrevision", "contest_revision", reason="''", title="''", about="''", closes_at="opens_at"
        ),
        "adopted_contest_revision_says_when": each("contestrevision", "contest_revision", adopted_at="now()")
        + sets("contestrevision", "contest_revision", "state = 'adopted'"),
        "contest_revision_changes_only_as_draft": each(
            "contestrevision", "contest_revision_done", **WORDS, reason="'别的'"
        ),
        "contest_revision_keeps_what_it_is": each(
            "contestrevision",
            "contest_revision",
            of_id="%(contest_going)s",
            organisation_id="%(other_street)s",
            created_by_id="%(lead)s",
        ),
        "adopted_contest_revision_stays": sets(
            "contestrevision", "contest_revision_done", "state = 'discarded', adopted_at = NULL"
        ),
        **never_removed("programme_contestrevision", "%(contest_revision)s"),
    },
    "programme.contestunit": {
        "unit_takes_part_once": [like("contestunit", "contest_unit", contest_id="%(contest_draft)s")],
        "unit_says_how_many_people": [
            like(
                "contestunit",
                "contest_unit",
                contest_id="%(contest_draft)s",
                organisation_id="%(window)s",
                residents=n,
            )
            for n in ("NULL::int", "0")
        ],
        "units_are_named_in_the_draft": each(
            "contestunit", "contest_unit", residents="5", contest_id="%(contest_draft)s"
        )
        + [
            "DELETE FROM programme_contestunit WHERE id = %(contest_unit)s",
            like("contestunit", "contest_unit", organisation_id="%(window)s"),
        ],
        "never_truncated": ["TRUNCATE programme_contestunit CASCADE"],
    },
    "programme.contestdraw": {
        "one_draw_per_kind_and_category": [
            like("contestdraw", "contest_draw", contest_id="%(contest_draft)s")
        ],
        "draw_is_of_some_questions": [
            like("contestdraw", "contest_draw", contest_id="%(contest_draft)s", category="'law'", **change)
            for change in ({"number": "0"}, {"number": "101"}, {"points": "0"}, {"points": "101"})
        ],
        "draws_are_made_in_the_draft": each("contestdraw", "contest_draw", points="5")
        + [
            "DELETE FROM programme_contestdraw WHERE id = %(contest_draw)s",
            like("contestdraw", "contest_draw", category="'law'"),
        ],
        "never_truncated": ["TRUNCATE programme_contestdraw CASCADE"],
    },
    "programme.contestpaper": {
        "paper_has_its_checksum": [
            like("contestpaper", "paper", sha256="'X'"),
            like("contestpaper", "paper", salt="''"),
        ],
        **append_only("programme_contestpaper", "%(paper)s", "salt"),
    },
    "programme.paperquestion": {
        "one_question_per_position": [like("paperquestion", "left_item", question_id="%(q_unused)s")],
        "no_question_twice_on_a_paper": [like("paperquestion", "left_item", position="99")],
        "paper_question_has_points": [
            like("paperquestion", "left_item", question_id="%(q_unused)s", position="99", points="0"),
            like("paperquestion", "left_item", question_id="%(q_unused)s", position="0"),
        ],
        "announced_paper_gains_no_question": [
            like("paperquestion", "paper_item", position="99", question_id="%(q_unused)s"),
            like("paperquestion", "left_item", position="99", question_id="%(q_draft)s"),
        ],
        **append_only("programme_paperquestion", "%(paper_item)s", "points"),
    },
    "programme.entrant": {
        "resident_is_nobody_in_particular": [
            like("entrant", "entrant", secret="''"),
            like("entrant", "entrant_official", secret="repeat('a', 64)", official_id="%(person)s"),
        ],
        "official_takes_part_once": [like("entrant", "entrant_official")],
        "secret_is_of_one": [like("entrant", "entrant")],
        "entrant_stays_who_it_is": each(
            "entrant",
            "entrant",
            contest_id="%(contest_draft)s",
            unit_id="%(contest_street)s",
            secret="repeat('b', 64)",
        )
        + each("entrant", "entrant_official", official_id="NULL, secret = repeat('b', 64)"),
        "entrant_is_of_a_unit_that_takes_part": [
            like("entrant", "entrant", secret="repeat('b', 64)", unit_id="%(contest_street)s"),
            like("entrant", "entrant", secret="repeat('b', 64)", contest_id="%(contest_draft)s"),
            like("entrant", "entrant_official", unit_id="%(contest_unit)s"),
        ],
        **never_removed("programme_entrant", "%(entrant)s"),
    },
    "programme.attempt": {
        "attempts_are_counted": [like("attempt", "attempt_done")],
        "attempt_takes_time": [
            like(
                "attempt",
                "attempt",
                number="2",
                ends_at="(SELECT started_at FROM programme_attempt WHERE id = %(attempt)s)",
            )
        ],
        "attempt_is_handed_in_in_time": each(
            "attempt", "attempt", submitted_at="ends_at + interval '1 second'"
        ),
        "attempt_stays_as_it_began": each(
            "attempt",
            "attempt",
            entrant_id="%(entrant)s",
            number="2",
            started_at="started_at - interval '1 minute'",
            ends_at="ends_at + interval '1 minute'",
            **{'"order"': "ARRAY[1]"},
        ),
        "attempt_is_handed_in_once": each(
            "attempt", "attempt_done", submitted_at="NULL", submitted_at_="started_at"
        ),
        "attempt_keeps_the_rules": [
            like("attempt", "attempt_done", number="3", submitted_at="NULL::timestamptz"),
            like(
                "attempt",
                "attempt_done",
                **SECOND,
                entrant_id="(SELECT id FROM programme_entrant WHERE id = %(entrant)s)",
                ends_at="now() + interval '21 minutes'",
            ),
            like("attempt", "attempt_done", **SECOND, started_at="now() - interval '3 hours'"),
            like(
                "attempt",
                "attempt_done",
                **SECOND,
                started_at="now() + interval '55 minutes'",
                ends_at="now() + interval '61 minutes'",
            ),
        ],
        **never_removed("programme_attempt", "%(attempt)s"),
    },
    "programme.givenanswer": {
        "one_answer_per_question": [like("givenanswer", "given")],
        "answer_is_of_letters": each("givenanswer", "given", choice="'BA'", choice_="'Z'", choice__="'AA'"),
        "answer_stays_with_its_question": each(
            "givenanswer", "given", attempt_id="%(attempt_other)s", item_id="%(other_item)s"
        ),
        "answer_comes_in_time": each("givenanswer", "given_done", choice="'B'", version="version + 1")
        + [like("givenanswer", "given_done", item_id="%(paper_item)s")],
        "answer_is_to_the_paper": [like("givenanswer", "given", item_id="%(other_item)s")],
        **never_removed("programme_givenanswer", "%(given)s"),
    },
    "programme.contestcertificate": {
        "certificate_has_a_number": [like("contestcertificate", "certificate", number="'abc'")],
        "certificate_was_earned": [
            like("contestcertificate", "certificate", number="'222222222222'", attempt_id="%(attempt)s")
        ],
        **append_only("programme_contestcertificate", "%(certificate)s", "number"),
    },
    "programme.contestresult": {
        "one_result_per_contest": [
            like("contestresult", "contest_result", state="'draft'", publication_id="NULL::int", version="0")
        ],
        "result_is_out_only_when_published": sets(
            "contestresult", "contest_result_draft", "state = 'published'", "publication_id = %(publication)s"
        ),
        "result_changes_only_as_draft": each(
            "contestresult", "contest_result", figures="'{}'", note="'别的'"
        ),
        "result_is_of_one_contest": each(
            "contestresult",
            "contest_result",
            contest_id="%(contest_going)s",
            organisation_id="%(other_street)s",
        ),
        "published_result_stays": each(
            "contestresult",
            "contest_result",
            state="'discarded', publication_id = NULL",
            publication_id="%(publication)s",
        ),
        "result_comes_after_the_end": [
            like("contestresult", "contest_result_draft", contest_id="%(contest_going)s")
        ],
        "frozen_year_stays": [like("contestresult", "contest_result_draft", contest_id="%(contest_old)s")],
        **never_removed("programme_contestresult", "%(contest_result_draft)s"),
    },
}
