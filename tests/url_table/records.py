"""Integrity records."""

from tests.url_table.people import (
    ELSEWHERE,
    FILERS,
    LEADS,
    OFFICE,
    READS_FILES,
    SIGNED_IN,
    UNTOUCHED,
    WORK,
    Address,
    ours,
)

TABLE = {
    # integrity records: of units all who work there read; of persons few, and the file of one for a purpose
    "records:list": Address("GET", SIGNED_IN),
    "records:export": Address("GET", SIGNED_IN, logged=True),
    "records:new": Address("GET POST", FILERS | ELSEWHERE),
    "records:catalogue": Address("GET", SIGNED_IN),
    "records:item_new": Address("GET POST", frozenset({"office"})),
    "records:item_edit": ours("GET POST", "item", frozenset({"office"})),
    "records:file": ours("GET", "street", WORK),
    "records:official_file": ours("GET POST", "person", READS_FILES, logged=True),
    "records:official_export": ours("POST", "person", READS_FILES, logged=True),
    "records:opinions": Address("GET", OFFICE),
    "records:opinion_new": Address("GET POST", OFFICE),
    "records:opinion": ours("GET", "opinion", OFFICE),
    "records:page": ours("GET", "record", WORK),
    "records:reveal": ours("POST", "record", WORK),
    "records:edit": ours("GET POST", "record_draft", FILERS),
    "records:correct": ours("GET POST", "record", FILERS),
    "records:step": ours("GET POST", "record_draft discard", FILERS, told=WORK - FILERS),
    "records:object": ours("GET POST", "record", LEADS),
    "records:ask_repair": ours("GET POST", "record", LEADS),
    "records:notice_step": ours(
        "GET POST", "record_notice recall", frozenset({"office"}), told=WORK - {"office"}
    ),
    "records:objection_step": ours("GET POST", "objection accept", UNTOUCHED, told=WORK - UNTOUCHED),
    "records:objection_letter": ours("GET", "answered", WORK),
    "records:repair_step": ours("GET POST", "repair accept", UNTOUCHED, told=WORK - UNTOUCHED),
    "records:repair_letter": ours("GET", "granted", WORK),
}
