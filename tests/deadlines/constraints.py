"""Rules of deadlines hold against raw SQL."""

from tests.audit.rules import (
    append_only,
    never_removed,
    twin,
)

CLOCK, WHERE = "UPDATE deadlines_deadline SET", "WHERE id = %(clock)s"
MET = "UPDATE deadlines_deadline SET met_on = due_on WHERE id = %(clock)s;"
STOP, ASKED, SENT = (
    "UPDATE deadlines_suspension SET",
    "UPDATE deadlines_extension SET",
    "UPDATE deadlines_reminder SET",
)
NOTICE, MAIL = "UPDATE deadlines_notification SET", "UPDATE deadlines_digest SET"
ROBOT, CHAT = "UPDATE deadlines_chatrobot SET", "UPDATE deadlines_chatmessage SET"
DECIDED = "decided_by_id = %(office)s, decided_at = now()"


def rule(**changes):
    return twin("deadlines_rule", "%(rule)s", version="99", **changes)


def clock(**changes):
    return twin("deadlines_deadline", "%(clock)s", object_id="-1", **changes)


def stop(**changes):
    return twin("deadlines_suspension", "%(suspension)s", **changes)


def asked(**changes):
    return twin("deadlines_extension", "%(extension)s", deadline_id="%(clock)s", **changes)


ATTEMPTS = {
    "deadlines.rule": {
        "rule_has_one_row_per_version": [twin("deadlines_rule", "%(rule)s")],
        "rule_amount_fits_its_unit": [
            rule(amount="NULL::int"),
            rule(amount="0"),
            rule(month="11"),
            rule(unit="'date'"),
            rule(unit="'date'", amount="NULL::int", month="13", day="1", may_suspend="FALSE", extend_amount="0"),
            rule(unit="'date'", amount="NULL::int", day="1", may_suspend="FALSE", extend_amount="0"),
            rule(unit="'date'", amount="NULL::int", month="1", may_suspend="FALSE", extend_amount="0"),
            rule(unit="'given'", may_suspend="FALSE"),
        ],
        "rule_rolls_only_days_and_months": [rule(roll="TRUE")],
        "rule_suspends_only_what_is_counted": [
            rule(suspend_basis="''"),
            rule(unit="'given'", amount="NULL::int", extend_amount="0"),
        ],
        **append_only("deadlines_rule", "%(rule)s", "amount"),
    },
    "deadlines.deadline": {
        "one_newest_clock_per_rule": [
            twin("deadlines_deadline", "%(clock)s"),
            f"{MET} {twin('deadlines_deadline', '%(clock)s')}; {CLOCK} newest = TRUE {WHERE}"
        ],
        "newer_clock_takes_the_place": [clock(newest="FALSE")],
        "clock_is_the_newest_until_the_next": [f"{CLOCK} newest = FALSE {WHERE}"],
        "deadline_is_met_or_cancelled": [
            f"{CLOCK} met_on = due_on, cancelled_at = now(), cancel_reason = '撤下' {WHERE}"
        ],
        "cancelled_deadline_says_why": [
            f"{CLOCK} cancelled_at = now() {WHERE}",
            f"{CLOCK} cancel_reason = '撤下' {WHERE}",
        ],
        "deadline_is_due_after_it_starts": [f"{CLOCK} due_on = starts_on - 1 {WHERE}"],
        "deadline_extended_as_the_rule_allows": [
            f"{CLOCK} extended_by = extend_limit + 1 {WHERE}",
            f"{CLOCK} extended_by = 1 {WHERE}",
        ],
        "closed_deadline_is_not_suspended": [f"{CLOCK} met_on = due_on WHERE id = %(stopped_clock)s"],
        "deadline_copies_its_rule": [clock(rule_key="'handover'"), clock(extend_limit="200")],
        "deadline_keeps_what_it_is": [
            f"{CLOCK} {column} = {value} {WHERE}"
            for column, value in {
                "object_kind": "'x'", "object_id": "-1", "organisation_id": "%(other_street)s",
                "apart_from_id": "%(other_street)s", "rule_id": "rule_id + 1",
                "rule_key": "'x'", "original_due_on": "due_on + 1", "extend_limit": "200",
            }.items()
        ],
        "closed_deadline_stays_closed": [
            f"{MET} {CLOCK} {change} {WHERE}"
            for change in (
                "met_on = NULL", "met_on = met_on - 1", "due_on = due_on + 1", "extended_by = extend_limit",
                "cancelled_at = now()", "cancel_reason = 'x'", "starts_on = starts_on - 1", "given_on = due_on",
            )
        ],
        "suspended_while_a_suspension_is_open": [
            f"{CLOCK} suspended = TRUE {WHERE}",
            f"{CLOCK} suspended = FALSE WHERE id = %(stopped_clock)s",
        ],
        **never_removed("deadlines_deadline", "%(clock)s"),
    },
    "deadlines.suspension": {
        "suspension_ends_after_it_begins": [f"{STOP} until_on = from_on - 1 WHERE id = %(suspension)s"],
        "suspension_says_why": [stop(reason="''", deadline_id="%(asked_clock)s")],
        "suspensions_do_not_overlap": [stop(), stop(until_on="o.from_on"), stop(from_on="o.from_on + 30")],
        "suspension_where_the_rule_allows": [stop(deadline_id="%(plain_clock)s")],
        "suspension_keeps_its_start": [
            f"{STOP} {change} WHERE id = %(suspension)s"
            for change in ("from_on = from_on - 1", "reason = 'x'", "by_id = %(clerk)s", "deadline_id = %(clock)s")
        ],
        "suspension_ends_once": [
            f"{STOP} until_on = until_on + 1 WHERE id = %(ended_suspension)s",
            f"{STOP} until_on = NULL WHERE id = %(ended_suspension)s",
        ],
        "open_suspension_marks_its_deadline": [
            stop(deadline_id="%(clock)s"),
            f"{STOP} until_on = from_on WHERE id = %(suspension)s",
        ],
        **never_removed("deadlines_suspension", "%(suspension)s"),
    },
    "deadlines.extension": {
        "extension_asked_before_it_is_due": [asked(asked_on="o.due_then + 1")],
        "extension_decided_by_another": [
            f"{ASKED} state = 'approved', decided_by_id = asked_by_id, decided_at = now() WHERE id = %(extension)s"
        ],
        "extension_decision_has_a_person": [
            f"{ASKED} state = 'approved' WHERE id = %(extension)s",
            f"{ASKED} {DECIDED} WHERE id = %(extension)s",
            f"{ASKED} state = 'maybe', {DECIDED} WHERE id = %(extension)s",
        ],
        "extension_says_why": [asked(reason="''")],
        "extended_only_once": [
            f"{ASKED} state = 'approved', {DECIDED} WHERE id = %(extension)s;"
            + twin("deadlines_extension", "%(extension)s")
        ],
        "one_extension_asked_at_a_time": [twin("deadlines_extension", "%(extension)s")],
        "extension_copies_the_due_day": [asked(due_then="o.due_then + 30")],
        "extension_keeps_what_was_asked": [
            f"{ASKED} {change} WHERE id = %(extension)s"
            for change in (
                "reason = 'x'", "asked_on = asked_on - 1", "due_then = due_then + 1", "asked_by_id = %(lead)s",
                "organisation_id = %(street)s", "deadline_id = %(clock)s",
            )
        ],
        "extension_is_decided_once": [
            f"{ASKED} state = 'refused', {DECIDED} WHERE id = %(extension)s; {ASKED} {change} WHERE id = %(extension)s"
            for change in ("state = 'approved'", "decided_by_id = %(lead)s", "decided_at = now() + interval '1 day'")
        ],
        **never_removed("deadlines_extension", "%(extension)s"),
    },
    "deadlines.deadlinechange": append_only("deadlines_deadlinechange", "%(moved)s", "why"),
    "deadlines.reminder": {
        "one_reminder_per_day_and_role": [twin("deadlines_reminder", "%(planned_reminder)s")],
        "sent_reminder_counts_who_got_it": [
            f"{SENT} sent_at = now() WHERE id = %(planned_reminder)s",
            f"{SENT} recipients = 1 WHERE id = %(planned_reminder)s",
        ],
        "slip_only_when_overdue": [
            f"{SENT} slip = 'red' WHERE id = %(planned_reminder)s",
            f"{SENT} kind = 'overdue', days_before = NULL WHERE id = %(planned_reminder)s",
            f"{SENT} kind = 'overdue', slip = 'green', days_before = NULL WHERE id = %(planned_reminder)s",
            f"{SENT} days_before = NULL WHERE id = %(planned_reminder)s",
        ],
        "sent_reminder_stays": [
            f"{SENT} sent_at = NULL, recipients = NULL WHERE id = %(sent_reminder)s",
            f"{SENT} recipients = 99 WHERE id = %(sent_reminder)s",
            "DELETE FROM deadlines_reminder WHERE id = %(sent_reminder)s",
        ],
        "never_truncated": ["TRUNCATE deadlines_reminder CASCADE"],
    },
    "deadlines.notification": {
        "one_notification_per_reminder": [twin("deadlines_notification", "%(told)s")],
        "notification_keeps_its_words": [
            f"{NOTICE} {change} WHERE id = %(notice)s"
            for change in (
                "title = 'x'", "text = 'x'", "path = 'x'", "slip = 'red'", "at = now() - interval '1 day'",
                "user_id = %(lead)s", "organisation_id = %(other_street)s", "reminder_id = %(sent_reminder)s",
            )
        ],
        "notification_is_mailed_once": [
            f"{NOTICE} digest_id = %(digest)s WHERE id = %(told)s; {NOTICE} digest_id = NULL WHERE id = %(told)s"
        ],
        **never_removed("deadlines_notification", "%(notice)s"),
    },
    "deadlines.digest": {
        "one_digest_per_person_and_day": [twin("deadlines_digest", "%(digest)s")],
        "one_red_mail_waits_at_a_time": [twin("deadlines_digest", "%(red_digest)s", day="o.day + 1")],
        "digest_is_of_a_known_kind": [f"{MAIL} kind = 'blue' WHERE id = %(digest)s"],
        "digest_is_sent_once": [
            f"{MAIL} sent_at = now() WHERE id = %(digest)s; {MAIL} {change} WHERE id = %(digest)s"
            for change in ("sent_at = NULL", "day = day + 1", "user_id = %(lead)s", "kind = 'red'")
        ],
        **never_removed("deadlines_digest", "%(digest)s"),
    },
    "deadlines.preference": {
        "mail_goes_in_office_hours": [
            f"UPDATE deadlines_preference SET mail_hour = {hour} WHERE id = %(preference)s" for hour in (7, 19)
        ],
        **never_removed("deadlines_preference", "%(preference)s"),
    },
    "deadlines.calendarfeed": {
        "calendar_address_never_comes_back": ["UPDATE deadlines_calendarfeed SET serial = 0 WHERE id = %(feed)s"],
        **never_removed("deadlines_calendarfeed", "%(feed)s"),
    },
    "deadlines.chatrobot": {
        "one_robot_per_unit": [twin("deadlines_chatrobot", "%(robot)s")],
        "robot_is_of_a_known_house": [
            twin("deadlines_chatrobot", "%(robot)s", provider="'telegram'", organisation_id="%(window)s")
        ],
        "ended_robot_keeps_no_address": [
            f"{ROBOT} sealed = '' WHERE id = %(robot)s",
            twin("deadlines_chatrobot", "%(robot)s", ended_at="now()"),
        ],
        "robot_keeps_what_it_is": [
            f"{ROBOT} {change} WHERE id = %(robot)s"
            for change in (
                "organisation_id = %(other_street)s", "provider = 'feishu'", "by_id = %(clerk)s",
                "created_at = now() + interval '1 day'",
            )
        ],
        "robot_ends_once": [
            f"{ROBOT} sealed = 'x' WHERE id = %(robot)s",
            f"{ROBOT} ended_at = now() WHERE id = %(robot)s",
            f"{ROBOT} ended_at = NULL, sealed = 'x' WHERE id = %(old_robot)s",
            f"{ROBOT} ended_at = now() + interval '1 day' WHERE id = %(old_robot)s",
        ],
        **never_removed("deadlines_chatrobot", "%(robot)s"),
    },
    "deadlines.chatmessage": {
        "one_waiting_message_per_robot": [twin("deadlines_chatmessage", "%(chat_waiting)s")],
        "chat_message_ends_one_way": [f"{CHAT} sent_at = now(), unsure_at = now() WHERE id = %(chat_waiting)s"],
        "chat_message_goes_once": [
            f"{CHAT} {change} WHERE id = %(chat_sent)s"
            for change in (
                "sent_at = NULL", "unsure_at = now()", "dropped_at = now()", "claimed_at = now()", "text = 'x'",
                "is_test = TRUE", "robot_id = %(old_robot)s",
            )
        ],
        **never_removed("deadlines_chatmessage", "%(chat_waiting)s"),
    },
    "deadlines.chatline": {
        "chat_line_stays_where_it_is": [
            f"UPDATE deadlines_chatline SET {change} WHERE id = %(chat_line)s"
            for change in ("message_id = %(chat_sent)s", "reminder_id = %(planned_reminder)s")
        ],
        **never_removed("deadlines_chatline", "%(chat_line)s"),
    },
}  # fmt: skip
