"""Rules of the list, of tasks and of what stands under them hold against raw SQL."""

from tests.audit.rules import append_only, never_removed, twin

LISTED, TASK = "UPDATE programme_standardtask SET", "UPDATE programme_task SET"
EVIDENCE = "UPDATE programme_taskevidence SET"
OF_THE_DISTRICT = """(SELECT min(e.id) FROM audit_entry e JOIN directory_organisation d ON d.path = e.organisation_path
  WHERE d.level = 'district')"""


def listed(of="t_free", **changes):
    return twin("programme_standardtask", f"%({of})s", **changes)


def task(of="t_issued", **changes):
    return twin("programme_task", f"%({of})s", **changes)


def note(**changes):
    return twin("programme_tasknote", "%(t_note)s", **changes)


def evidence(**changes):
    return twin("programme_taskevidence", "%(t_evidence)s", **changes)


NOT_WORKED_ON = ("t_issued", "t_reported", "t_done", "t_frozen")

ATTEMPTS = {
    "programme.standardtask": {
        "one_standard_task_per_number": [listed()],
        "one_summary_report_per_level": [listed("t_summary", number="99")],
        "main_task_is_of_the_plan": [
            f"{LISTED} main = 10 WHERE id = %(t_free)s",
            listed(number="99", main="0"),
        ],
        "standard_task_is_in_a_stage": [f"{LISTED} stage = 'fourth' WHERE id = %(t_free)s"],
        "standard_task_runs_under_its_rule": [f"{LISTED} rule_key = 'handover' WHERE id = %(t_free)s"],
        "frozen_year_stays": [
            f"{LISTED} saved_at = now() WHERE id = %(t_frozen_standard)s",
            listed("t_frozen_standard", number="99"),
        ],
        "standard_task_is_due_in_its_year": [
            f"{LISTED} due_on = '2023-01-01' WHERE id = %(t_free)s",
            listed(number="99", due_on="'2021-12-31'::date"),
        ],
        "standard_task_keeps_its_year": [
            f"{LISTED} year_id = %(third_year)s, due_on = '2023-05-01' WHERE id = %(t_free)s"
        ],
        "issued_standard_task_keeps_its_words": [
            f"{LISTED} {change} WHERE id = %(t_standard)s"
            for change in (
                *(
                    "title = '别的'",
                    "work = '别的'",
                    "evidence = '别的'",
                    "basis = '别的'",
                    "due_on = '2022-12-01'",
                ),
                *("level = 'window', number = 99", "main = 9", "stage = 'conclude'"),
            )
        ],
        **never_removed("programme_standardtask", "%(t_free)s"),
    },
    "programme.task": {
        "one_task_per_standard_and_unit": [task()],
        "task_is_decided_by_another": [
            f"{TASK} state = 'done', decided_by_id = reported_by_id, decided_on = reported_on WHERE id = %(t_reported)s"
        ],
        "task_state_has_its_people": [
            f"{TASK} state = 'reported' WHERE id = %(t_working)s",
            f"{TASK} state = 'done' WHERE id = %(t_working)s",
            f"{TASK} state = 'done' WHERE id = %(t_reported)s",
            f"{TASK} state = 'issued' WHERE id = %(t_reported)s",
            f"{TASK} state = 'lost' WHERE id = %(t_working)s",
            f"{TASK} report = '' WHERE id = %(t_reported)s",
            f"{TASK} decided_on = NULL WHERE id = %(t_returned)s",
        ],
        "task_has_one_owner": [
            f"{TASK} owner_id = %(clerk)s, owner_post_id = %(post)s WHERE id = %(t_working)s"
        ],
        "frozen_year_takes_no_task": [task("t_frozen", standard_id="%(t_frozen_standard)s")],
        "task_fits_its_standard": [
            task(organisation_id="%(community)s"),
            task(standard_id="%(t_free)s", year_id="%(third_year)s", due_on="'2023-05-01'::date"),
            task(organisation_id="%(other_street)s", standard_id="%(t_free)s", due_on="'2023-05-01'::date"),
        ],
        "frozen_year_stays": [
            f"{TASK} {change} WHERE id = %(t_frozen)s"
            for change in ("saved_at = now()", "state = 'withdrawn'", "owner_id = %(clerk)s")
        ],
        "task_keeps_what_it_is": [
            f"{TASK} {change} WHERE id = %(t_issued)s"
            for change in (
                *("due_on = '2022-12-01'", "issued_on = '2022-01-01'", "organisation_id = %(other_street)s"),
                *("standard_id = %(t_free)s", "year_id = %(third_year)s", "job_id = %(job)s"),
            )
        ],
        "finished_task_stays": [
            f"{TASK} state = 'returned' WHERE id = %(t_done)s",
            f"{TASK} opinion = '别的' WHERE id = %(t_done)s",
            f"{TASK} report = '别的' WHERE id = %(t_done)s",
            f"{TASK} decided_by_id = %(reviewer)s WHERE id = %(t_done)s",
            f"{TASK} state = 'issued' WHERE id = %(t_withdrawn)s",
        ],
        "owner_is_of_the_unit": [
            f"{TASK} owner_id = %(other_clerk)s WHERE id = %(t_working)s",
            f"{TASK} owner_id = %(outsider)s WHERE id = %(t_working)s",
            f"{TASK} owner_post_id = %(other_post)s WHERE id = %(t_working)s",
            f"{TASK} owner_post_id = %(street)s WHERE id = %(t_working)s",
        ],
        **never_removed("programme_task", "%(t_issued)s"),
    },
    "programme.tasknote": {
        "task_note_says_something": [note(text="''")],
        "task_note_is_of_a_kind": [note(kind="'poem'")],
        "note_of_an_open_task": [note(task_id=f"%({of})s") for of in NOT_WORKED_ON],
        **append_only("programme_tasknote", "%(t_note)s", "text"),
    },
    "programme.taskevidence": {
        "evidence_is_one_thing": [
            evidence(entry_id="NULL::bigint"),
            evidence(publication_id="%(t_publication)s"),
        ],
        "evidence_is_picked_once": [evidence()],
        "evidence_of_an_open_task": [evidence(task_id=f"%({of})s") for of in NOT_WORKED_ON],
        "evidence_stays_with_the_report": [
            f"DELETE FROM programme_taskevidence WHERE id = %({of})s"
            for of in ("t_evidence_reported", "t_evidence_frozen")
        ],
        "evidence_is_of_the_unit": [
            evidence(entry_id=OF_THE_DISTRICT),
            evidence(task_id="%(t_elsewhere)s"),
        ],
        "evidence_keeps_what_it_is": [
            f"{EVIDENCE} {change} WHERE id = %(t_evidence)s"
            for change in ("by_id = %(lead)s", "task_id = %(t_returned)s", "at = now()")
        ],
    },
}
