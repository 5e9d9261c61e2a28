"""Rules of proposals for the catalogue hold against raw SQL."""

from tests.audit.rules import never_removed, twin

TABLE = "disclosure_topicproposal"
SET, OPEN, OVER = f"UPDATE {TABLE} SET", "WHERE id = %(proposal)s", "WHERE id = %(proposal_dropped)s"


def proposal(**changes):
    return twin(TABLE, "%(proposal)s", **({"name": "'别的事项'"} | changes))


ATTEMPTS = {
    "disclosure.topicproposal": {
        "one_open_proposal_of_a_topic": [twin(TABLE, "%(proposal)s")],
        "proposal_adopted_by_another": [
            f"{SET} state = 'adopted' {OPEN}",
            f"{SET} state = 'adopted', topic_id = %(topic)s, decided_by_id = created_by_id, decided_at = now() {OPEN}",
            f"{SET} state = 'adopted', decided_by_id = %(lead)s, decided_at = now() {OPEN}",
            f"{SET} state = 'dropped' {OPEN}",
            f"{SET} decided_at = now() {OPEN}",
        ],
        "proposal_names_what_it_changes": [
            proposal(topic_version="1"),
            proposal(topic_id="%(topic)s"),
            f"{SET} topic_id = NULL WHERE id = %(proposal_of_change)s",
        ],
        "proposal_is_whole": [
            *(proposal(**{name: "''"}) for name in ("name", "content", "basis", "publisher", "channels", "audience")),
            proposal(reason="''"),
            proposal(levels="'{}'"),
        ],
        "proposal_stays_as_proposed": [
            f"{SET} {change} {OPEN}"
            for change in (
                "name = 'x'", "content = 'x'", "basis = 'x'", "limit_rule = 'x'", "frequency = 'site_news'", "publisher = 'x'",
                "channels = 'x'", "audience = 'x'", "method = 'on_request'", "levels = '{street}'", "reason = 'x'",
                "\"group\" = 'finance'", "created_by_id = %(lead)s", "created_at = now() - interval '1 day'",
                "organisation_id = %(street)s", "topic_version = 9",
            )
        ],
        "decided_proposal_never_changes": [
            f"{SET} {change} {OVER}"
            for change in (
                "state = 'pending', decided_by_id = NULL, decided_at = NULL", "decided_by_id = %(lead)s",
                "decided_at = now() - interval '1 day'",
                "topic_id = %(topic)s",
            )
        ],
        **never_removed(TABLE, "%(proposal)s"),
    },
}  # fmt: skip
