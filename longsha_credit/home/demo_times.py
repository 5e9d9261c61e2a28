"""The times of the demo: each is dated back with the day it was written on."""

import contextlib
import datetime
import functools

import pgtrigger
from django.db import connection
from django.utils import timezone

OPENING, BUSY = datetime.time(8, 0), datetime.time(9, 40)

# What carries a time of its own, and is dated back with the day it was written on.
TIMES = {
    "audit_entry": ["at"],
    "publication_publication": ["first_published_at", "published_at", "withdrawn_at"],
    "publication_ledgerentry": ["at"],
    "publication_ledgercontent": ["removed_at"],
    "publication_correction": ["at"],
    "publication_filescan": ["at"],
    "publication_justification": ["at"],
    "publication_review": ["submitted_at", "first_at", "second_at", "secrecy_at"],
    "commitments_obligation": ["created_at", "saved_at"],
    "commitments_amendment": ["created_at", "saved_at", "adopted_at"],
    "commitments_progressupdate": ["created_at", "saved_at"],
    "commitments_resultreport": ["created_at", "saved_at"],
    "commitments_verification": ["created_at", "saved_at"],
    "commitments_case": ["saved_at"],
    "commitments_transferslip": ["saved_at"],
    "commitments_identityopening": ["saved_at"],
    "commitments_contract": ["saved_at"],
    "commitments_payment": ["saved_at"],
    "commitments_rectification": ["saved_at"],
    "commitments_rectificationsheet": ["created_at", "saved_at"],
    "commitments_rectificationprogress": ["created_at", "saved_at"],
    "commitments_postponement": ["saved_at"],
    "commitments_rectificationslip": ["at"],
    "commitments_relapse": ["at"],
    "commitments_sweep": ["saved_at"],
    "commitments_handover": ["saved_at"],
    "commitments_handoverconfirmation": ["at"],
    "commitments_handovernote": ["at", "settled_at"],
    "commitments_signedpaper": ["saved_at"],
    "directory_apitoken": ["made_at", "revoked_at"],
    "directory_apifiling": ["at"],
    "directory_posting": ["cleared_at"],
    "directory_formername": ["at"],
    "deadlines_deadline": ["cancelled_at", "saved_at"],
    "deadlines_deadlinechange": ["at"],
    "deadlines_suspension": ["saved_at"],
    "deadlines_extension": ["decided_at", "saved_at"],
    "deadlines_holiday": ["saved_at"],
    "deadlines_preference": ["saved_at"],
    "deadlines_calendarfeed": ["saved_at"],
    "deadlines_chatrobot": ["created_at", "ended_at"],
    "deadlines_chatmessage": ["created_at", "claimed_at", "sent_at", "unsure_at", "dropped_at"],
    "exchange_documentword": ["set_at"],
    "exchange_documenttemplate": ["created_at"],
    "exchange_issueddocument": ["issued_at"],
    "exchange_import": ["created_at", "made_at", "emptied_at"],
    "exchange_job": ["created_at", "heartbeat_at", "queued_at", "ended_at"],
    "disclosure_notice": ["created_at", "saved_at"],
    "disclosure_noticerevision": ["created_at", "saved_at", "adopted_at"],
    "records_record": ["created_at", "saved_at"],
    "records_notice": ["created_at", "saved_at"],
    "records_objection": ["saved_at"],
    "records_repair": ["saved_at"],
    "disclosure_topicproposal": ["created_at", "decided_at"],
    "disclosure_scene": ["created_at", "saved_at"],
    "disclosure_scenerevision": ["created_at", "saved_at", "adopted_at"],
    "disclosure_scenemonth": ["created_at", "saved_at"],
    "evaluation_importedfact": ["imported_at", "superseded_at", "withdrawn_at"],
    "programme_year": ["frozen_at", "saved_at"],
    "programme_stage": ["saved_at"],
    "programme_standardtask": ["saved_at"],
    "programme_task": ["saved_at"],
    "programme_tasknote": ["at"],
    "programme_taskevidence": ["at"],
    "programme_question": ["saved_at"],
    "programme_contest": ["created_at", "saved_at"],
    "programme_contestpaper": ["drawn_at"],
    "programme_contestresult": ["created_at", "saved_at"],
    "programme_contestrevision": ["created_at", "saved_at", "adopted_at"],
    "programme_inspection": ["saved_at"],
    "programme_visit": ["first_at", "second_at", "saved_at"],
    "programme_visitpoint": ["saved_at"],
    "programme_finding": ["saved_at"],
    "programme_findinground": ["at"],
    "programme_inspectionnotice": ["at"],
    "programme_activity": ["created_at", "saved_at"],
    "programme_activitysheet": ["created_at", "saved_at"],
    "programme_material": ["created_at", "saved_at"],
    "programme_materialedition": ["created_at", "saved_at"],
    "programme_course": ["saved_at"],
    "programme_hoursminimum": ["saved_at"],
    "programme_traininghours": ["created_at", "confirmed_at", "saved_at"],
    "evaluation_indicatorset": ["frozen_at", "saved_at"],
    "evaluation_snapshot": ["started_at", "taken_at"],
    "evaluation_mark": ["marked_at"],
    "evaluation_ruling": ["proposed_at", "decided_at"],
    "evaluation_summaryreport": ["saved_at"],
    "evaluation_summarysection": ["saved_at"],
    "evaluation_summaryreceipt": ["at"],
    "evaluation_annualevaluation": ["saved_at"],
    "evaluation_annualoutcome": ["saved_at"],
    "evaluation_defence": ["at"],
    "evaluation_annualproposal": ["saved_at"],
    "evaluation_cycle": ["saved_at"],
    "evaluation_application": ["saved_at"],
    "evaluation_selfitem": ["saved_at"],
    "evaluation_selfevidence": ["at"],
    "evaluation_seat": ["sent_at", "saved_at"],
    "evaluation_panelscore": ["saved_at"],
    "evaluation_sitevisit": ["at"],
    "evaluation_candidatenotice": ["created_at", "saved_at"],
    "evaluation_noticeobjection": ["saved_at"],
    "evaluation_award": ["created_at", "saved_at"],
    "evaluation_recheck": ["at"],
    "files_storedfile": ["uploaded_at"],
}
HISTORIES = [
    "evaluation_indicatorsetevent",
    "evaluation_headingevent",
    "evaluation_indicatorevent",
    "evaluation_circumstanceevent",
    "evaluation_cycleevent",
    "evaluation_applicationevent",
    "evaluation_candidatenoticeevent",
    "evaluation_noticeobjectionevent",
    "evaluation_awardevent",
    "commitments_obligationevent",
    "commitments_handoverevent",
    "directory_organisationevent",
    "directory_postingevent",
    "directory_membershipevent",
    "commitments_amendmentevent",
    "commitments_progressupdateevent",
    "commitments_resultreportevent",
    "commitments_verificationevent",
    "commitments_caseevent",
    "commitments_transferslipevent",
    "commitments_identityopeningevent",
    "commitments_partevent",
    "commitments_proposedpartevent",
    "commitments_contractevent",
    "commitments_paymentevent",
    "commitments_rectificationevent",
    "commitments_rectificationsheetevent",
    "commitments_rectificationprogressevent",
    "commitments_postponementevent",
    "commitments_sweepevent",
    "deadlines_deadlineevent",
    "deadlines_suspensionevent",
    "deadlines_extensionevent",
    "deadlines_holidayevent",
    "disclosure_noticeevent",
    "disclosure_noticerevisionevent",
    "records_recordevent",
    "records_objectionevent",
    "records_repairevent",
    "disclosure_sceneevent",
    "disclosure_scenerevisionevent",
    "disclosure_scenemonthevent",
    "programme_yearevent",
    "programme_stageevent",
    "programme_standardtaskevent",
    "programme_questionevent",
    "programme_contestevent",
    "programme_contestresultevent",
    "programme_contestrevisionevent",
    "programme_inspectionevent",
    "programme_visitevent",
    "programme_visitpointevent",
    "programme_findingevent",
    "programme_activityevent",
    "programme_activitysheetevent",
    "programme_materialevent",
    "programme_materialeditionevent",
    "programme_courseevent",
    "programme_hoursminimumevent",
    "programme_traininghoursevent",
    "evaluation_summaryreportevent",
    "evaluation_summarysectionevent",
    "evaluation_annualevaluationevent",
    "evaluation_annualoutcomeevent",
    "evaluation_annualproposalevent",
]


def moment(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """A day's time of day, here."""
    return timezone.make_aware(datetime.datetime.combine(day, time))


# How many rows this transaction wrote so far, by table: the database counts them anyway.
WRITTEN = """
SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
FROM pg_class WHERE relname = ANY (%s)
"""
AGAIN = "SET LOCAL pgtrigger.ignore = '{}'"  # from here on all of them work


@contextlib.contextmanager
def backdated(days: int, known: dict[str, int]):
    """Everything written inside happened `days` ago in office hours: its times are moved, past the triggers.

    The demo is one transaction, whose beginning stands in every history until the day is over and it is moved.
    `known` is how many rows each table had been written when the last day was over, and is brought up to this one.
    """
    began = timezone.now()
    yield
    written = sorted(table for table, number in _rows_written().items() if number > known.get(table, 0))
    if days and written:
        _move(written, began, days)
    known |= _rows_written()


def _move(written: list[str], began: datetime.datetime, days: int) -> None:
    back = began - moment(timezone.localdate(began) - datetime.timedelta(days=days), BUSY)
    since, by = f"timestamptz '{began.isoformat()}'", f"interval '{back.total_seconds():.6f} seconds'"
    with connection.cursor() as cursor:
        cursor.execute("; ".join(_moved(table, since, by) for table in written) + "; " + AGAIN)


def _rows_written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN, [[*TIMES, *HISTORIES]])
        return dict(cursor.fetchall())


def _moved(table: str, since: str, by: str) -> str:
    """The rows of one table, past its own triggers only: each of them looks through the whole list for every row."""
    past = f"SET LOCAL pgtrigger.ignore = '{{{','.join(_triggers_of(table))}}}'"
    if table in HISTORIES:
        return f"{past}; UPDATE {table} SET pgh_created_at = {since} - {by} WHERE pgh_created_at = now()"
    moves = [f"{c} = CASE WHEN {c} >= {since} THEN {c} - {by} ELSE {c} END" for c in TIMES[table]]
    new = " OR ".join(f"{c} >= {since}" for c in TIMES[table])
    return f"{past}; UPDATE {table} SET {', '.join(moves)} WHERE {new}"


@functools.cache
def _triggers_of(table: str) -> list[str]:
    """As `pgtrigger.ignore` writes them; it keeps one list for all statements, which is what costs here."""
    return [
        trigger.get_pgid(model) for model, trigger in pgtrigger.registered() if model._meta.db_table == table
    ]
