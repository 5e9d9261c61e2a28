"""Rules of rounds, applications, panels, notices and awards hold against raw SQL."""

from tests.audit.rules import append_only, never_removed, twin

CYCLE, APPLICATION = "UPDATE evaluation_cycle SET", "UPDATE evaluation_application SET"
ITEM, EVIDENCE = "UPDATE evaluation_selfitem SET", "UPDATE evaluation_selfevidence SET"
SEAT, SCORE = "UPDATE evaluation_seat SET", "UPDATE evaluation_panelscore SET"
NOTICE, OBJECTION = "UPDATE evaluation_candidatenotice SET", "UPDATE evaluation_noticeobjection SET"
AWARD = "UPDATE evaluation_award SET"


def each(update, row, **columns):
    """One attempt for every column: its new value in this row."""
    return [f"{update} {column} = {value} WHERE id = %({row})s" for column, value in columns.items()]


def cycle_like(row, **changes):
    return twin("evaluation_cycle", f"%({row})s", **changes)


def application_like(row, **changes):
    return twin("evaluation_application", f"%({row})s", **changes)


def objection_like(row, **changes):
    unique = {"number": "'YY2026999999'", "code_hash": "repeat('a', 64)", "form_hash": "repeat('b', 64)"}
    return twin("evaluation_noticeobjection", f"%({row})s", **unique | changes)


def award_like(row, **changes):
    fresh = {"publication_id": "NULL::int", "code": "''", "state": "'draft'"}
    return twin("evaluation_award", f"%({row})s", **fresh | changes)


def discarded_award(**changes):
    """A copy that was thrown away, under an application without an award: its rules of publicity do not apply."""
    plain = {
        "state": "'discarded'",
        "form": "'benchmark'",
        "plaque": "''",
        "publication_id": "NULL::int",
        "application_id": "%(own_application)s",
    }
    if changes.get("number"):
        plain |= {"awarded_on": "NULL::date", "valid_until": "NULL::date"}
    return twin("evaluation_award", "%(award)s", **plain | changes)


def disclosed(update, thing, table, shown, draft):
    """What a notice and an award share with everything an office publishes."""
    return {
        f"{table}_is_out_only_when_published": each(update, draft, publication_id="%(publication)s"),
        f"{table}_withdrawal_has_a_reason": [
            f"{update} state = 'withdrawing', withdraw_reason = '' WHERE id = %({shown})s"
        ],
        f"{thing}_keeps_its_code": each(update, shown, code="'GS-990100-2026-900009'"),
        f"{thing}_keeps_its_publication": each(update, shown, publication_id="%(publication)s"),
        f"{thing}_keeps_its_unit": each(
            update, shown, organisation_id="%(street)s", created_by_id="%(clerk)s"
        ),
        **never_removed(f"evaluation_{table}", f"%({shown})s"),
    }


# A set of the frozen year, and a round under it.
IN_THE_FROZEN_YEAR = cycle_like(
    "own_round", year_id="%(frozen_year)s", state="'draft'", level="'window'", set_id="%(e_frozen_set)s"
)
# An entry of the post itself, picked after its application was submitted.
AFTER_SUBMISSION = twin(
    "evaluation_selfevidence", "%(own_evidence)s", item_id="%(sent_item)s", file_id="NULL::int",
    entry_id="(SELECT max(e.id) FROM audit_entry e WHERE e.object_kind = 'evaluation.application'"
    " AND e.object_id = %(sent_application)s::text)",
)  # fmt: skip

ATTEMPTS = {
    "evaluation.cycle": {
        "one_running_cycle_per_level": [cycle_like("own_round"), cycle_like("own_round", state="'draft'")],
        "cycle_dates_follow_each_other": each(
            CYCLE, "round_draft", assess_until="apply_until - 1", panel_until="assess_until - 1",
            publicity_on="panel_until - 1",
        ),
        "approval_has_body_number_and_day": each(CYCLE, "round_draft", approval_number="'9号'", approval_body="'市政府'"),
        "outlier_is_a_share": each(CYCLE, "round_draft", outlier_percent="0") + each(CYCLE, "round_draft", outlier_percent="101"),
        "cycle_fits_its_set": each(CYCLE, "round_draft", set_id="(SELECT set_id FROM evaluation_cycle WHERE id = %(own_round)s)"),
        "open_cycle_keeps_its_terms": each(
            CYCLE, "own_round", title="'示范街道命名'", apply_until="apply_until - 1", panel_until="panel_until + 90",
            outlier_percent="90", created_by_id="%(clerk)s",
        ),
        "cycle_keeps_its_approval": each(CYCLE, "round_approved", approval_number="'10号'", approval_body="'县政府'"),
        "cycle_keeps_its_facts": each(CYCLE, "round_approved", snapshot_id="NULL"),
        "frozen_year_stays": [IN_THE_FROZEN_YEAR],
        **never_removed("evaluation_cycle", "%(own_round)s"),
    },
    "evaluation.application": {
        "one_application_per_unit": [application_like("own_application")],
        "application_is_checked_by_others": each(
            APPLICATION, "sent_application", street_by_id="created_by_id", district_by_id="created_by_id"
        ) + each(APPLICATION, "sent_application", district_by_id="street_by_id"),
        "only_a_candidate_by_grade_is_chosen": each(APPLICATION, "sent_application", state="'candidate'")
        + [f"{APPLICATION} state = 'candidate', grade = 'passed', total = 8500 WHERE id = %(sent_application)s"],
        "publicity_has_its_notice": [
            f"{APPLICATION} state = 'awarded', grade = 'candidate', total = 9500 WHERE id = %(sent_application)s"
        ],
        "application_fits_its_level": [application_like("own_application", organisation_id="%(community)s")],
        "application_keeps_its_place": each(
            APPLICATION, "own_application", cycle_id="%(round_draft)s", organisation_id="%(other_street)s",
            created_by_id="%(reviewer)s", copied_from_id="%(sent_application)s",
        ),
        "application_changes_only_as_draft": each(APPLICATION, "sent_application", reason="'别的'"),
        "application_is_graded_once": each(APPLICATION, "publicised", total="9999", grade="'passed'"),
        "shown_candidate_stays_in_its_notice": each(
            APPLICATION, "publicised", notice_id="NULL") + each(APPLICATION, "publicised", notice_id="%(candidates_draft)s"),
        **never_removed("evaluation_application", "%(own_application)s"),
    },
    "evaluation.selfitem": {
        "one_self_item_per_indicator": [twin("evaluation_selfitem", "%(own_item)s")],
        "scores_are_never_carried_over": each(ITEM, "own_item", carried="TRUE"),
        "self_item_fits_its_indicator": each(ITEM, "own_item", points="10001"),
        "self_item_keeps_its_place": each(
            ITEM, "own_item", application_id="%(sent_application)s",
            indicator_id="(SELECT indicator_id FROM evaluation_selfitem WHERE application_id = %(own_application)s ORDER BY id DESC LIMIT 1)",
        )[1:],
        "submitted_self_assessment_stays": each(ITEM, "sent_item", points="1", text="'别的'"),
        **never_removed("evaluation_selfitem", "%(own_item)s"),
    },
    "evaluation.selfevidence": {
        "self_evidence_is_one_thing": [twin("evaluation_selfevidence", "%(own_evidence)s", file_id="NULL::int")],
        "self_evidence_is_picked_once": [twin("evaluation_selfevidence", "%(own_evidence)s")],
        "submitted_evidence_stays": [AFTER_SUBMISSION],
        "self_evidence_is_of_the_unit": [
            twin("evaluation_selfevidence", "%(own_evidence)s", file_id="NULL::int",
                 publication_id="(SELECT publication_id FROM evaluation_candidatenotice WHERE id = %(candidates_shown)s)")
        ],
        "self_evidence_keeps_what_it_is": each(EVIDENCE, "own_evidence", by_id="%(reviewer)s", at="at - interval '1 day'"),
    },
    "evaluation.seat": {
        "one_seat_per_reviewer": [twin("evaluation_seat", "%(seat)s")],
        "sent_seat_says_when": each(SEAT, "seat", sent_at="now()", state="'sent'")[:1],
        "nobody_scores_the_own_unit": [
            twin("evaluation_seat", "%(seat)s", reviewer_id="%(clerk)s"),
            twin("evaluation_seat", "%(seat)s", reviewer_id="%(other_clerk)s", organisation_id="%(other_street)s"),
        ],
        "seat_is_sent_with_every_score": [f"{SEAT} state = 'sent', sent_at = now() WHERE id = %(seat)s"],
        "seat_keeps_its_place": each(SEAT, "seat", assigned_by_id="%(clerk)s"),
        "sent_seat_stays": [f"{SEAT} state = 'assigned', sent_at = NULL WHERE id = %(seat_sent)s"],
        **never_removed("evaluation_seat", "%(seat)s"),
    },
    "evaluation.panelscore": {
        "one_score_per_seat_and_indicator": [twin("evaluation_panelscore", "%(panel_score)s")],
        "panel_judges_what_people_judge": each(SCORE, "panel_score", points="2001"),
        "score_keeps_its_place": each(SCORE, "panel_score", seat_id="%(seat_sent)s"),
        "sent_scores_stay": each(SCORE, "panel_score_sent", points="1", note="'别的'"),
        **never_removed("evaluation_panelscore", "%(panel_score)s"),
    },
    "evaluation.sitevisit": {
        "visit_says_what_was_seen": [
            twin("evaluation_sitevisit", "%(site_visit)s", text="''"),
            twin("evaluation_sitevisit", "%(site_visit)s", seen="'fine'"),
        ],
        **append_only("evaluation_sitevisit", "%(site_visit)s", "text"),
    },
    "evaluation.candidatenotice": {
        "candidatenotice_code_is_unique": [
            twin("evaluation_candidatenotice", "%(candidates_shown)s", publication_id="NULL::int", state="'draft'", until="NULL::date")
        ],
        "shown_notice_says_until_when": each(NOTICE, "candidates_draft", until="'2026-12-31'"),
        "candidate_notice_changes_only_by_new_version": each(
            NOTICE, "candidates_shown", title="'别的'", text="'别的'", contact="'0'"
        ),
        "candidate_notice_keeps_its_days": each(
            NOTICE, "candidates_shown", until="until + 30", cycle_id="%(own_round)s"
        ),
        **disclosed(NOTICE, "candidate_notice", "candidatenotice", "candidates_shown", "candidates_draft"),
    },
    "evaluation.noticeobjection": {
        "notice_objection_is_sealed": [
            objection_like("objected", words="'看得见的话'"),
            objection_like("objected", identity="'张三'"),
            objection_like("objected", code_hash="'短'"),
        ],
        "notice_objection_is_decided_by_two": each(OBJECTION, "objected", state="'decided'"),
        "objection_is_to_a_shown_candidate": [
            objection_like("objected", application_id="%(sent_application)s"),
            objection_like("objected", filed_on="'2099-01-01'"),
        ],
        "no_judge_handles_the_objection": each(OBJECTION, "objected", handler_id="%(reviewer)s"),
        "notice_objection_keeps_what_was_said": each(
            OBJECTION, "objected", words="'1:别的'", filed_on="filed_on - 1", number="'YY1'"
        ),
        "decided_objection_stays": each(OBJECTION, "objected_decided", finding="'upheld'", reply="'1:别的'"),
        **never_removed("evaluation_noticeobjection", "%(objected)s"),
    },
    "evaluation.award": {
        "award_code_is_unique": [discarded_award(number="''")],
        "award_number_is_unique": [discarded_award(code="''")],
        "award_has_number_code_and_days": each(AWARD, "award_draft", number="'示范〔2026〕9999'"),
        "only_a_named_unit_has_a_plaque": each(AWARD, "award_draft", plaque="'诚信示范窗口'"),
        "award_says_why": each(AWARD, "award_draft", reason="''"),
        "only_an_approved_cycle_names": [
            f"{AWARD} form = 'named', plaque = '诚信示范岗' WHERE id = %(award_draft)s"
        ],
        "one_award_per_application": [
            award_like("award", number="''", awarded_on="NULL::date", valid_until="NULL::date")
        ],
        "no_award_before_publicity_is_over": [
            award_like("award_draft", state="'published'", application_id="%(publicised)s", awarded_on="'2099-01-01'"),
            award_like("award_draft", state="'published'", application_id="%(sent_application)s"),
            award_like("award_draft", state="'published'", awarded_on="'2020-01-01'"),
        ],
        "award_changes_only_by_new_version": each(AWARD, "award", reason="'别的'"),
        "award_keeps_its_certificate": each(
            AWARD, "award", number="'对标〔2026〕9999'", check_code="'AAAAAAAAAAAA'", valid_until="valid_until + 400"
        ),
        **disclosed(AWARD, "award", "award", "award", "award_draft"),
    },
    "evaluation.recheck": {
        "one_recheck_each_time": [twin("evaluation_recheck", "%(award_recheck)s")],
        "recheck_says_what_was_found": [twin("evaluation_recheck", "%(award_recheck)s", number="9", text="''")],
        **append_only("evaluation_recheck", "%(award_recheck)s", "text"),
    },
}  # fmt: skip
