"""Rules of handovers hold against raw SQL."""

from tests.audit.rules import (
    append_only,
    never_removed,
    twin,
)

HANDOVER = "UPDATE commitments_handover SET"
ITEM = "UPDATE commitments_handoveritem SET"
PAPER = "UPDATE commitments_signedpaper SET"
NOTE = "UPDATE commitments_handovernote SET"
OPEN, DONE = "WHERE id = %(handover_open)s", "WHERE id = %(handover_done)s"
SAYS = (
    "INSERT INTO commitments_handoverconfirmation (item_id, party, by_id, by_name, paper_id, at) "
    "SELECT {item}, '{party}', {by}, '某', {paper}, now()"
)
FREE = "(SELECT max(id) FROM commitments_handoveritem WHERE handover_id = %(handover_open)s)"


def says(party, by, paper="NULL", item=FREE):
    return SAYS.format(item=item, party=party, by=by, paper=paper)


ATTEMPTS = {
    "commitments.handover": {
        "handover_is_of_a_posting_or_a_unit": [
            twin("commitments_handover", "%(handover_open)s", number="'JJ1'", posting_id="NULL"),
            twin(
                "commitments_handover",
                "%(handover_open)s",
                number="'JJ1'",
                posting_id="NULL",
                successor_id="organisation_id",
            ),
            twin("commitments_handover", "%(handover_merger)s", number="'JJ1'", posting_id="%(posting)s"),
        ],
        "one_handover_per_posting": [twin("commitments_handover", "%(handover_open)s", number="'JJ1'")],
        "one_handover_per_ending_unit": [twin("commitments_handover", "%(handover_merger)s", number="'JJ1'")],
        "giver_and_taker_are_two_people": [f"{HANDOVER} incoming_id = outgoing_id {OPEN}"],
        "complete_handover_has_its_taker": [
            f"{HANDOVER} state = 'complete', completed_on = '2026-11-01' WHERE id = %(handover_merger)s"
        ],
        "completed_handover_has_its_day": [
            f"{HANDOVER} state = 'complete' {OPEN}",
            f"{HANDOVER} completed_on = '2026-11-01' {OPEN}",
            f"{HANDOVER} state = 'quietly' {OPEN}",
        ],
        "override_has_a_reason": [
            f"{HANDOVER} state = 'asked' {OPEN}",
            f"{HANDOVER} override_reason = '' WHERE id = %(handover_asked)s",
        ],
        "override_decided_by_another": [
            f"{HANDOVER} state = 'overridden', completed_on = '2026-11-01', "
            "override_decided_by_id = override_asked_by_id WHERE id = %(handover_asked)s",
            f"{HANDOVER} state = 'overridden', completed_on = '2026-11-01' WHERE id = %(handover_asked)s",
        ],
        "handover_complete_when_all_confirmed": [
            f"{HANDOVER} state = 'complete', completed_on = '2026-11-01', incoming_id = %(handover_taker)s {OPEN}"
        ],
        "handover_keeps_what_it_is": [
            f"{HANDOVER} {change} {OPEN}"
            for change in (
                "number = 'JJ1'",
                "outgoing_id = NULL",
                "outgoing_name = '别人'",
                "organisation_id = %(other_street)s",
                "created_on = '2020-01-01'",
            )
        ],
        "ended_handover_stays": [
            f"{HANDOVER} {change} {DONE}"
            for change in (
                "state = 'open', completed_on = NULL",
                "completed_on = '2020-01-01'",
                "leaves_on = '2020-01-01'",
                "override_reason = '别的'",
            )
        ],
        "taker_stays_once_heard": [
            f"{HANDOVER} incoming_id = NULL {DONE}",
            f"{HANDOVER} incoming_name = '别人' {DONE}",
        ],
        **never_removed("commitments_handover", "%(handover_open)s"),
    },
    "commitments.handoveritem": {
        "one_item_per_thing": [twin("commitments_handoveritem", "%(handover_item)s")],
        "item_joins_an_open_handover": [
            twin("commitments_handoveritem", "%(handover_item_done)s", object_id="999999")
        ],
        "item_keeps_what_it_said": [
            f"{ITEM} {change} WHERE id = %(handover_item)s"
            for change in (
                "label = '别的'",
                "due_on = '2030-01-01'",
                "outgoing_name = '别人'",
                "object_id = 7",
                "handover_id = %(handover_asked)s",
            )
        ],
        "item_ends_while_the_handover_is_open": [
            f"{ITEM} ended_on = '2026-01-01' WHERE id = %(handover_item_done)s"
        ],
        "item_keeps_who_took_it": [f"{ITEM} incoming_name = '别人' WHERE id = %(handover_item_done)s"],
        **never_removed("commitments_handoveritem", "%(handover_item)s"),
    },
    "commitments.signedpaper": {
        "paper_stands_for_a_party": [
            twin("commitments_signedpaper", "%(handover_paper)s", party="'witness'"),
        ],
        "paper_says_why": [
            twin("commitments_signedpaper", "%(handover_paper)s", reason="''", party="'taker'")
        ],
        "paper_decided_by_another": [
            f"{PAPER} state = 'approved', decided_on = '2026-11-01', decided_by_id = asked_by_id "
            "WHERE id = %(handover_paper)s",
            f"{PAPER} state = 'approved' WHERE id = %(handover_paper)s",
        ],
        "one_paper_asked_at_a_time": [twin("commitments_signedpaper", "%(handover_paper)s")],
        "paper_comes_while_the_handover_is_open": [
            twin("commitments_signedpaper", "%(handover_paper)s", handover_id="%(handover_done)s")
        ],
        "paper_keeps_what_was_asked": [
            f"{PAPER} {change} WHERE id = %(handover_paper)s"
            for change in ("party = 'taker'", "reason = '别的'", "asked_by_id = %(clerk)s")
        ],
        "paper_is_decided_once": [
            f"{PAPER} state = 'refused' WHERE id = %(handover_paper_approved)s",
            f"{PAPER} decided_by_id = %(reviewer)s WHERE id = %(handover_paper_approved)s",
        ],
        **never_removed("commitments_signedpaper", "%(handover_paper)s"),
    },
    "commitments.handoverconfirmation": {
        "each_party_confirms_once": [
            twin(
                "commitments_handoverconfirmation",
                "(SELECT min(id) FROM commitments_handoverconfirmation WHERE item_id = %(handover_item)s)",
            )
        ],
        "confirmed_while_the_handover_is_open": [
            says("witness", "%(district_lead)s", item="%(handover_item_done)s")
        ],
        "confirmed_by_the_party_itself": [
            says("giver", "%(clerk)s"),
            says("friend", "%(handover_giver)s"),
            says("taker", "%(handover_giver)s"),
            says("witness", "%(handover_giver)s"),
            says("giver", "%(reviewer)s", paper="%(handover_paper)s"),
            says("taker", "%(reviewer)s", paper="%(handover_paper_approved)s"),
        ],
        **append_only(
            "commitments_handoverconfirmation",
            "(SELECT min(id) FROM commitments_handoverconfirmation)",
            "by_name",
        ),
    },
    "commitments.handovernote": {
        "note_says_what": [twin("commitments_handovernote", "%(handover_note)s", text="''")],
        "settled_note_says_how": [
            f"{NOTE} settled = '谈过了' WHERE id = %(handover_note)s",
            f"{NOTE} settled_by_id = by_id, settled_at = now() WHERE id = %(handover_note)s",
        ],
        "note_comes_while_the_handover_is_open": [
            twin("commitments_handovernote", "%(handover_note)s", item_id="%(handover_item_done)s")
        ],
        "note_keeps_what_was_said": [
            f"{NOTE} {change} WHERE id = %(handover_note)s"
            for change in ("text = '别的'", "party = 'giver'", "by_id = %(clerk)s", "at = now()")
        ],
        "note_is_settled_once": [f"{NOTE} settled = '别的' WHERE id = %(handover_note_settled)s"],
        **never_removed("commitments_handovernote", "%(handover_note)s"),
    },
}
