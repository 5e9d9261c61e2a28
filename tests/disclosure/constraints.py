"""Rules of topics, notices and their revisions hold against raw SQL."""

from tests.audit.rules import append_only, never_removed, twin

TOPIC = "UPDATE disclosure_topic SET"
NOTICE = "UPDATE disclosure_notice SET"
REVISION = "UPDATE disclosure_noticerevision SET"
DRAFT, OUT = "WHERE id = %(n_draft)s", "WHERE id = %(n_public)s"

# What every text of a notice has to hold to, as a draft of a notice and of a revision.
OF_THE_TEXT = {
    "publicity_hears_objections": [
        "kind = 'publicity'",
        "hearing_from = '2026-11-01', hearing_until = '2026-11-30', hearing_channel = '电话'",
        "kind = 'publicity', hearing_from = '2026-11-30', hearing_until = '2026-11-01', hearing_channel = '电话'",
        "kind = 'circular', hearing_from = '2026-11-01', hearing_until = '2026-11-30'",
        "kind = 'circular', hearing_channel = '电话'",
    ],
    "normative_was_reviewed_for_law": [
        "kind = 'normative'",
        "kind = 'normative', document_number = '示政发1号', legal_review_number = '1号'",
        "kind = 'normative', legal_review_on = '2026-11-01', legal_review_number = '1号', document_number = ''",
        "legal_review_number = '1号'",
    ],
    "power_has_its_kind": ["kind = 'power'", "power_kind = 'service'", "kind = 'power', power_kind = '别的'"],
    "is_valid_in_order": ["valid_from = '2026-11-02', valid_until = '2026-11-01'"],
    "says_something": ["body = ''", "title = ''"],
}


def _of_the_text(thing: str, update: str, where: str) -> dict[str, list[str]]:
    return {
        f"{thing}_{rule}": [f"{update} {change} {where}" for change in changes]
        for rule, changes in OF_THE_TEXT.items()
    }


DUTY = "UPDATE disclosure_duty SET"

ATTEMPTS = {
    "disclosure.duty": {
        "one_duty_per_unit_and_topic": [twin("disclosure_duty", "%(duty)s")],
        "duty_ends_after_it_begins": [f"{DUTY} ended_on = since - 1 WHERE id = %(duty)s"],
        "duty_keeps_what_it_is": [
            f"{DUTY} organisation_id = %(other_street)s WHERE id = %(duty)s",
            f"{DUTY} topic_id = (SELECT max(id) FROM disclosure_topic) WHERE id = %(duty)s",
            f"{DUTY} since = since - 1 WHERE id = %(duty)s",
        ],
        "duty_ends_once": [
            f"{DUTY} ended_on = ended_on + 1 WHERE id = %(duty_ended)s",
            f"{DUTY} ended_on = NULL WHERE id = %(duty_ended)s",
        ],
        **never_removed("disclosure_duty", "%(duty)s"),
    },
    "disclosure.topic": {
        "service_topic_has_its_field": [
            f"{TOPIC} service_field_id = NULL, version = 2 WHERE id = %(topic)s",
            f"{TOPIC} \"group\" = 'finance', version = 2 WHERE id = %(topic)s",
        ],
        "topic_is_whole": [
            f"{TOPIC} {column} = '', version = 2 WHERE id = %(topic)s"
            for column in ("content", "basis", "publisher", "channels")
        ],
        "topic_has_a_level": [f"{TOPIC} levels = '{{}}', version = 2 WHERE id = %(topic)s"],
        "topic_keeps_its_key": [f"{TOPIC} key = 'other', version = 2 WHERE id = %(topic)s"],
        "catalogue_changes_by_version": [
            f"{TOPIC} name = '别的' WHERE id = %(topic)s",
            f"{TOPIC} content = '少公开一些', version = 3 WHERE id = %(topic)s",
            f"{TOPIC} frequency = '', version = 0 WHERE id = %(topic)s",
        ],
        "catalogue_changes_are_told": [f"{TOPIC} content = '少公开一些', version = 2 WHERE id = %(topic)s"],
        **never_removed("disclosure_topic", "%(topic)s"),
    },
    "disclosure.cataloguechange": {
        "one_change_per_version_of_a_topic": [twin("disclosure_cataloguechange", "%(topic_change)s")],
        "catalogue_change_has_a_reason": [
            twin("disclosure_cataloguechange", "%(topic_change)s", version="9", reason="''")
        ],
        **append_only("disclosure_cataloguechange", "%(topic_change)s", "reason"),
    },
    "disclosure.notice": {
        **_of_the_text("notice", NOTICE, DRAFT),
        "notice_code_is_unique": [
            f"{NOTICE} code = (SELECT code FROM disclosure_notice {OUT}) {DRAFT}",
        ],
        "notice_is_out_only_when_published": [
            f"{NOTICE} state = 'published' {DRAFT}",
            f"{NOTICE} publication_id = %(publication)s {DRAFT}",
            f"{NOTICE} state = 'draft' {OUT}",
        ],
        "notice_withdrawal_has_a_reason": [
            f"{NOTICE} state = 'withdrawing' {OUT}",
            f"{NOTICE} state = 'withdrawing', withdraw_reason = '有误' {OUT}",
        ],
        "notice_does_not_supersede_itself": [f"{NOTICE} supersedes_id = id {DRAFT}"],
        "notice_changes_only_by_new_version": [
            f"{NOTICE} body = '<p>改过</p>' {OUT}",
            f"{NOTICE} title = '别的', version = version + 2 {OUT}",
            f"{NOTICE} formed_on = '2020-01-01' WHERE id = %(n_in_review)s",
        ],
        "notice_keeps_its_code": [f"{NOTICE} code = 'GK-0' {OUT}"],
        "notice_keeps_its_publication": [f"{NOTICE} publication_id = %(gone_publication)s {OUT}"],
        "notice_keeps_its_unit": [
            f"{NOTICE} organisation_id = %(other_street)s {OUT}",
            f"{NOTICE} created_by_id = %(lead)s {OUT}",
        ],
        **never_removed("disclosure_notice", "%(n_draft)s"),
    },
    "disclosure.noticerevision": {
        **_of_the_text("noticerevision", REVISION, "WHERE id = %(n_revision)s"),
        "one_open_noticerevision": [twin("disclosure_noticerevision", "%(n_revision)s")],
        "noticerevision_has_a_reason": [f"{REVISION} reason = '' WHERE id = %(n_revision)s"],
        "notice_revision_changes_only_as_draft": [
            f"{REVISION} {change} WHERE id = %(n_adopted)s"
            for change in ("body = '<p>改过</p>'", "reason = '别的'", "topic_id = topic_id + 1")
        ],
        "adopted_notice_revision_stays": [
            f"{REVISION} state = 'draft' WHERE id = %(n_adopted)s",
            f"{REVISION} of_id = %(n_draft)s WHERE id = %(n_adopted)s",
        ],
        **never_removed("disclosure_noticerevision", "%(n_revision)s"),
    },
}
