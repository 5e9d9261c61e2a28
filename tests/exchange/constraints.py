"""Rules of long work hold against raw SQL."""

from tests.audit.rules import never_removed, twin

JOB = "UPDATE exchange_job SET"
END = "ended_at = now()"


def job(of="job", **changes):
    return twin("exchange_job", f"%({of})s", **changes)


ATTEMPTS = {
    "exchange.job": {
        "one_job_per_key": [job()],
        "job_has_a_key": [job(key="''")],
        "job_does_no_more_than_all": [f"{JOB} total = 3, done = 4 WHERE id = %(job_running)s"],
        "failed_job_says_why": [
            f"{JOB} state = 'failed', {END} WHERE id = %(job_running)s",
            f"{JOB} state = 'failed', {END}, error = 'x' WHERE id = %(job_running)s",
            f"{JOB} state = 'failed', {END}, error = 'x', failed_in = 'done' WHERE id = %(job_running)s",
            f"{JOB} error = 'x' WHERE id = %(job_running)s",
        ],
        "stopped_job_has_its_end": [
            f"{JOB} state = 'done' WHERE id = %(job_running)s",
            f"{JOB} {END} WHERE id = %(job_running)s",
        ],
        "job_begins_in_the_queue": [job(key="'x'", state="'running'"), job(key="'x'", done="1")],
        "job_moves_along_its_arrows": [
            f"{JOB} state = 'done', {END} WHERE id = %(job)s",
            f"{JOB} state = 'undoing' WHERE id = %(job_running)s",
            f"{JOB} state = 'running', ended_at = NULL WHERE id = %(job_done)s",
            f"{JOB} state = 'running', ended_at = NULL WHERE id = %(job_cancelled)s",
            f"{JOB} state = 'undone' WHERE id = %(job_done)s",
            f"{JOB} state = 'lost', {END} WHERE id = %(job_running)s",
        ],
        "job_keeps_what_it_is": [
            f"{JOB} {change} WHERE id = %(job_running)s"
            for change in (
                "kind = 'x'", "title = 'x'", "key = 'x'", "arguments = '{}'", "by_id = %(lead)s",
                "organisation_id = %(other_street)s", "created_at = now() + interval '1 day'",
            )
        ],
        "job_goes_on_only_at_work": [
            f"{JOB} {change} WHERE id = %(job_done)s"
            for change in ("position = '{}'", "done = 1", "total = 99", "result = '{}'")
        ],
        **never_removed("exchange_job", "%(job)s"),
    },
}  # fmt: skip
