"""Notices, the catalogue and its coverage, scenes."""

from tests.url_table.people import (
    DISTRICT,
    ELSEWHERE,
    EVERYBODY,
    HANDLES,
    SIGNED_IN,
    WORK,
    WRITERS,
    Address,
    ours,
)

TABLE = {
    "disclosure:list": Address("GET", SIGNED_IN),
    "disclosure:new": Address("GET POST", WRITERS | ELSEWHERE),
    "disclosure:page": ours("GET", "notice_draft", WORK),
    "disclosure:edit": ours("GET POST", "notice_draft", WRITERS),
    "disclosure:step": ours("GET POST", "notice_draft discard", WRITERS, told=DISTRICT),
    "disclosure:revise": ours("GET POST", "notice_public", WRITERS),
    "disclosure:revision_edit": ours("GET POST", "notice_revision", WRITERS),
    "disclosure:revision_step": ours("GET POST", "notice_revision discard", WRITERS, told=DISTRICT),
    # coverage of the catalogue: the board, the self-inspection, and the catalogue that its office keeps
    "public_coverage:overview": Address("GET", EVERYBODY),
    "coverage:board": Address("GET", SIGNED_IN),
    "coverage:export": Address("GET", WORK | ELSEWHERE, logged=True),
    "coverage:cell": ours("GET", "duty", WORK),
    "coverage:remind": ours("POST", "duty", HANDLES),
    "coverage:inspection": Address("GET", WORK | ELSEWHERE),
    "coverage:inspection_export": Address("GET", WORK | ELSEWHERE, logged=True),
    "coverage:catalogue": Address("GET", WORK | ELSEWHERE),
    "coverage:topic_new": Address("GET POST", frozenset({"office"})),
    "coverage:topic_edit": ours("GET POST", "topic", frozenset({"office"})),
    "coverage:topic_retire": ours("GET POST", "topic", frozenset({"office"})),
    # scenes of credit+: whoever works on the unit reads them, the unit writes them and their months
    "scenes:list": Address("GET", SIGNED_IN),
    "scenes:new": Address("GET POST", WRITERS | ELSEWHERE),
    "scenes:page": ours("GET", "scene", WORK),
    "scenes:edit": ours("GET POST", "scene_draft", WRITERS),
    "scenes:step": ours("GET POST", "scene_draft discard", WRITERS, told=DISTRICT),
    "scenes:revise": ours("GET POST", "scene", WRITERS),
    "scenes:revision_edit": ours("GET POST", "scene_revision", WRITERS),
    "scenes:revision_step": ours("GET POST", "scene_revision discard", WRITERS, told=DISTRICT),
    "scenes:month": ours("GET POST", "scene", WRITERS),
    "scenes:month_edit": ours("GET POST", "scene_month", WRITERS),
    "scenes:month_correct": ours("GET POST", "scene_told", WRITERS),
    "scenes:month_step": ours("GET POST", "scene_month discard", WRITERS, told=DISTRICT),
}
