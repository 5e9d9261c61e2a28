"""Every address of the portal by name: what stands in it, which methods it takes, who may open it."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

from django.urls import URLResolver, get_resolver

from evaluation import facts
from longsha_credit.deadlines.ways import renew_calendar, token_of
from longsha_credit.home.api import TABLES
from longsha_credit.home.packages import current, nightly
from longsha_credit.programme.services import load_plan
from records import opinions
from records.opinions import Subject
from tests import make
from tests.api.calling import key_of
from tests.commitments import ledger, owed
from tests.commitments.handover import making as handing
from tests.deadlines import clocks
from tests.disclosure import making as publishing
from tests.disclosure.catalogue import making as proposing
from tests.disclosure.coverage import owing
from tests.disclosure.scenes import making as scenes
from tests.evaluation.annual import making as annual
from tests.evaluation.demonstration import making as demonstrating
from tests.evaluation.importing import making as importing
from tests.evaluation.standards import making as evaluating
from tests.evaluation.summary import making as reporting
from tests.exchange import working
from tests.exchange.imports import making as bringing
from tests.exchange.official import making as official
from tests.programme.contests import making as contests
from tests.programme.education import making as teaching
from tests.programme.inspections import making as inspecting
from tests.programme.tasking import making as tasking
from tests.records import making
from tests.supervision import filing

# People of the cast (tests/make.py). The things in the addresses belong to the first street.
WRITERS = frozenset({"clerk", "lead", "district_lead"})
DISTRICT = frozenset({"reviewer", "reviewer2", "secrecy", "office", "supervisor"})
WORK = WRITERS | DISTRICT
NO_WORK = frozenset({"panel", "auditor", "sysadmin", "official", "outsider"})
ELSEWHERE = frozenset({"other_clerk", "other_lead", "community_clerk"})
SIGNED_IN = WORK | NO_WORK | ELSEWHERE
EVERYBODY = SIGNED_IN | {"stranger"}
ADMIN = frozenset({"sysadmin"})
KEEPERS = frozenset({"clerk", "lead"})  # of the hours of their unit's people
LEADS = frozenset({"lead", "district_lead"})
ABOVE = frozenset({"district_lead", "office"})
OFFICE = frozenset({"reviewer", "reviewer2", "office"})
FILERS = WRITERS | {"office"}
# Who may look into what is asked about a record: the district's reviewers without the one who confirmed it.
UNTOUCHED = frozenset({"reviewer2", "office"})
# Residents' cases about a community of the street: its own people and the district's, not the secrecy reviewer.
CASES = frozenset({"clerk", "lead", "district_lead", "reviewer", "reviewer2", "office", "supervisor"})
HANDLERS = CASES - {"supervisor"}
SLIPS = frozenset({"clerk", "lead", "district_lead"}) | DISTRICT | {"community_clerk"}
HANDLES = WRITERS | OFFICE
UPPER = OFFICE | {"district_lead"}
READS_FILES = LEADS | OFFICE | {"official"}
INSIDE = DISTRICT | {"district_lead"}
INSPECTORS = frozenset({"office", "reviewer"})
NOBODY: frozenset[str] = frozenset()
DRAFTS = ("commitments", "records", "notices")
KEEPS_ROUNDS = frozenset({"office"})
ROUNDS = WORK | ELSEWHERE | {"panel"}  # a round binds every unit of the district


@dataclass(frozen=True)
class Address:
    """`opens`: who gets the page; `told`: who is sent back with a sentence why not; for all others it is 404.

    `args` names what stands in the address: attributes of `things()`, or the word itself. An address with a thing
    of the first street in it is `scoped`: for the other street it does not exist. A GET that only `leads_on` to
    another page shows nothing itself. What opens `by_token` opens to no session: the answer is 401. What is `logged` leaves an entry, even of being refused.
    """

    methods: str
    opens: frozenset[str]
    args: str = ""
    told: frozenset[str] = NOBODY
    scoped: bool = False
    leads_on: bool = False
    logged: bool = False
    by_token: bool = False


def ours(
    methods: str, args: str, opens: frozenset[str], told: frozenset[str] = NOBODY, logged: bool = False
) -> Address:
    return Address(methods, opens, args, told, scoped=True, logged=logged)


TABLE = {
    # public
    "front": Address("GET", EVERYBODY),
    "units": Address("GET", EVERYBODY),
    "unit": Address("GET", EVERYBODY, "street"),
    "mode": Address("GET", EVERYBODY, "elder", leads_on=True),
    "healthz": Address("GET", EVERYBODY),
    "corrections": Address("GET", EVERYBODY),
    "search": Address("GET", EVERYBODY),
    "feed": Address("GET", EVERYBODY),
    "feed_unit": Address("GET", EVERYBODY, "street"),
    "feed_field": Address("GET", EVERYBODY, "elderly-care"),
    "feed_rss": Address("GET", EVERYBODY),
    "feed_unit_rss": Address("GET", EVERYBODY, "street"),
    "feed_field_rss": Address("GET", EVERYBODY, "elderly-care"),
    "site_map": Address("GET", EVERYBODY),
    "help": Address("GET", EVERYBODY),
    "accessibility": Address("GET", EVERYBODY),
    "subscribe": Address("GET", EVERYBODY),
    "sitemap": Address("GET", EVERYBODY),
    "sitemap_section": Address("GET", EVERYBODY, "publications"),
    "robots": Address("GET", EVERYBODY),
    "arrangements": Address("GET", EVERYBODY),
    "public_file": Address("GET", EVERYBODY, "token"),
    "public_commitments:list": Address("GET", EVERYBODY),
    "public_commitments:page": Address("GET", EVERYBODY, "code"),
    "public_commitments:letter": Address("GET", EVERYBODY, "code"),
    "public_commitments:letter_file": Address("GET", EVERYBODY, "code"),
    "public_commitments:version": Address("GET", EVERYBODY, "code 1"),
    "public_records:list": Address("GET", EVERYBODY),
    "public_records:catalogue": Address("GET", EVERYBODY),
    "public_records:page": Address("GET", EVERYBODY, "number"),
    "public_records:version": Address("GET", EVERYBODY, "number 1"),
    "public_records:verify_opinion": Address("GET", EVERYBODY),
    # residents' supervision: without an account; what they send has forms of its own
    "public_supervision:start": Address("GET", EVERYBODY),
    "public_supervision:begin": Address("GET", EVERYBODY, "code"),
    "public_supervision:file": Address("GET POST", EVERYBODY, "code complaint"),
    "public_supervision:rate": Address("GET POST", EVERYBODY, "code"),
    "public_supervision:track": Address("GET POST", EVERYBODY),
    "public_supervision:answer": Address("POST", EVERYBODY),
    "public_rectification:list": Address("GET", EVERYBODY),
    "public_rectification:page": Address("GET", EVERYBODY, "ledger_number"),
    "public_rectification:version": Address("GET", EVERYBODY, "ledger_number 1"),
    "public_disclosure:home": Address("GET", EVERYBODY),
    "public_disclosure:topic": Address("GET", EVERYBODY, "elderly-care"),
    "public_disclosure:feed_topic": Address("GET", EVERYBODY, "elderly-care"),
    "public_disclosure:feed_topic_rss": Address("GET", EVERYBODY, "elderly-care"),
    "public_disclosure:catalogue": Address("GET", EVERYBODY),
    "public_disclosure:catalogue_csv": Address("GET", EVERYBODY),
    "public_disclosure:catalogue_xlsx": Address("GET", EVERYBODY),
    "public_disclosure:list": Address("GET", EVERYBODY),
    "public_disclosure:page": Address("GET", EVERYBODY, "notice_code"),
    "public_disclosure:version": Address("GET", EVERYBODY, "notice_code 1"),
    "public_contests:list": Address("GET", EVERYBODY),
    "public_contests:page": Address("GET", EVERYBODY, "contest_code"),
    "public_contests:version": Address("GET", EVERYBODY, "contest_code 1"),
    "public_contests:results": Address("GET", EVERYBODY, "contest_told_code"),
    "public_contests:paper": Address("GET", EVERYBODY, "contest_told_code"),
    "public_contests:certificate_search": Address("GET", EVERYBODY),
    "public_contests:certificate_check": Address("GET", EVERYBODY, "certificate_number"),
    "public_contests:start": Address("GET POST", EVERYBODY, "contest_code"),
    "public_contests:go_on": Address("GET POST", EVERYBODY, "contest_code"),
    # who has not begun is led to the beginning
    "public_contests:answer": Address("GET POST", EVERYBODY, "contest_code 1", leads_on=True),
    "public_contests:hand_in": Address("GET POST", EVERYBODY, "contest_code", leads_on=True),
    "public_contests:mine": Address("GET", EVERYBODY, "contest_code", leads_on=True),
    "public_contests:certificate": Address("GET POST", EVERYBODY, "contest_code", leads_on=True),
    "public_demonstration:list": Address("GET", EVERYBODY),
    "public_demonstration:verify": Address("GET", EVERYBODY),
    "public_demonstration:track": Address("GET POST", EVERYBODY),
    "public_demonstration:notice": Address("GET", EVERYBODY, "candidates_code"),
    "public_demonstration:object": Address("GET POST", EVERYBODY, "candidates_code"),
    "public_demonstration:award": Address("GET", EVERYBODY, "award_code"),
    "public_scenes:list": Address("GET", EVERYBODY),
    "public_scenes:feed": Address("GET", EVERYBODY),
    "public_scenes:page": Address("GET", EVERYBODY, "scene_code"),
    "public_scenes:version": Address("GET", EVERYBODY, "scene_code 1"),
    "public_education:home": Address("GET", EVERYBODY),
    "public_education:feed": Address("GET", EVERYBODY),
    "public_education:activities": Address("GET", EVERYBODY),
    "public_education:materials": Address("GET", EVERYBODY),
    "public_education:activity": Address("GET", EVERYBODY, "activity_code"),
    "public_education:activity_version": Address("GET", EVERYBODY, "activity_code 1"),
    "public_education:material": Address("GET", EVERYBODY, "material_code"),
    "public_education:material_version": Address("GET", EVERYBODY, "material_code 1"),
    # open data
    "api:organisations-list": Address("GET", EVERYBODY),
    "api:organisations-detail": Address("GET", EVERYBODY, "street"),
    "api:commitments-list": Address("GET", EVERYBODY),
    "api:commitments-detail": Address("GET", EVERYBODY, "code"),
    "api:figures-list": Address("GET", EVERYBODY),
    "api:figures-detail": Address("GET", EVERYBODY, "street"),
    "api:terms-list": Address("GET", EVERYBODY),
    "api:coverage-list": Address("GET", EVERYBODY),
    "api:coverage-detail": Address("GET", EVERYBODY, "street"),
    "api:records-list": Address("GET", EVERYBODY),
    "api:records-detail": Address("GET", EVERYBODY, "number"),
    "api:notices-list": Address("GET", EVERYBODY),
    "api:notices-detail": Address("GET", EVERYBODY, "notice_code"),
    "api:topics-list": Address("GET", EVERYBODY),
    "api:topics-detail": Address("GET", EVERYBODY, "elderly-care"),
    "api:scenes-list": Address("GET", EVERYBODY),
    "api:scenes-detail": Address("GET", EVERYBODY, "scene_code"),
    "api:activities-list": Address("GET", EVERYBODY),
    "api:activities-detail": Address("GET", EVERYBODY, "activity_code"),
    "api:contests-list": Address("GET", EVERYBODY),
    "api:contests-detail": Address("GET", EVERYBODY, "contest_code"),
    "api:record-items-list": Address("GET", EVERYBODY),
    "api:record-items-detail": Address("GET", EVERYBODY, "X06"),
    "api:rectifications-list": Address("GET", EVERYBODY),
    "api:rectifications-detail": Address("GET", EVERYBODY, "ledger_number"),
    "api:materials-list": Address("GET", EVERYBODY),
    "api:materials-detail": Address("GET", EVERYBODY, "material_code"),
    "api:awards-list": Address("GET", EVERYBODY),
    "api:awards-detail": Address("GET", EVERYBODY, "award_code"),
    "api:candidate-notices-list": Address("GET", EVERYBODY),
    "api:candidate-notices-detail": Address("GET", EVERYBODY, "candidates_code"),
    "api:standards-list": Address("GET", EVERYBODY),
    "api:standards-detail": Address("GET", EVERYBODY, "set_in_force"),
    "api:years-list": Address("GET", EVERYBODY),
    "api:years-detail": Address("GET", EVERYBODY, "2026"),
    "api:corrections-list": Address("GET", EVERYBODY),
    "api:changes-list": Address("GET", EVERYBODY),
    **{
        f"api:{resource}-{kind}": Address("GET", EVERYBODY)
        for resource in TABLES
        for kind in ("csv", "xlsx", "json", "jsonl")
    },
    "api:draft-units-list": Address("GET", NOBODY, by_token=True),
    **{f"api:draft-{kind}-list": Address("GET POST", NOBODY, by_token=True) for kind in DRAFTS},
    **{f"api:draft-{kind}-detail": Address("GET", NOBODY, "1", by_token=True) for kind in DRAFTS},
    "packages": Address("GET", EVERYBODY),
    "package_file": Address("GET", EVERYBODY, "package_file"),
    "tokens:list": Address("GET POST", WORK | ELSEWHERE),
    "tokens:revoke": ours("POST", "api_token", frozenset({"clerk", "office"})),
    "api:schema": Address("GET", EVERYBODY),
    "api:docs": Address("GET", EVERYBODY),
    "api:try": Address("GET", EVERYBODY),
    # signing in and out; Django's form views take PUT for POST
    "login": Address("GET POST PUT", EVERYBODY),
    "logout": Address("GET POST", EVERYBODY, leads_on=True),
    "password": Address("GET POST PUT", SIGNED_IN),
    # desk: lists show what the reader may see, to some of them nothing
    "desk": Address("GET", SIGNED_IN),
    "find": Address("GET", SIGNED_IN),
    "list_file": Address("GET", SIGNED_IN, "commitments", logged=True),
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
    "proposals:file": Address("GET", WORK | ELSEWHERE, logged=True),
    "proposals:disclosed": Address("GET", WORK | ELSEWHERE, logged=True),
    "proposals:list": Address("GET", frozenset({"office"})),
    "proposals:page": Address("GET", frozenset({"office"}), "topic_proposal"),
    "proposals:step": Address("GET POST", frozenset({"office"}), "topic_proposal drop"),
    "coverage:topic_retire": ours("GET POST", "topic", frozenset({"office"})),
    "disclosure:list": Address("GET", SIGNED_IN),
    "disclosure:new": Address("GET POST", WRITERS | ELSEWHERE),
    "disclosure:page": ours("GET", "notice_draft", WORK),
    "disclosure:edit": ours("GET POST", "notice_draft", WRITERS),
    "disclosure:step": ours("GET POST", "notice_draft discard", WRITERS, told=DISTRICT),
    "disclosure:revise": ours("GET POST", "notice_public", WRITERS),
    "disclosure:revision_edit": ours("GET POST", "notice_revision", WRITERS),
    "disclosure:revision_step": ours("GET POST", "notice_revision discard", WRITERS, told=DISTRICT),
    "commitments:list": Address("GET", SIGNED_IN),
    "reviews:list": Address("GET", SIGNED_IN),
    "organisations:list": Address("GET", SIGNED_IN),
    "accounts:list": Address("GET", ADMIN),
    "audit:list": Address("GET", frozenset({"auditor"})),
    # commitments
    "commitments:new": Address("GET POST", WRITERS | ELSEWHERE),
    "commitments:page": ours("GET", "promise", WORK),
    "commitments:edit": ours("GET POST", "draft", WRITERS),
    "commitments:step": ours("GET POST", "draft discard", WRITERS, told=DISTRICT),
    "commitments:contract": ours("GET POST", "contract", WRITERS),
    "commitments:national": Address("GET", OFFICE),
    "commitments:national_file": Address("GET", OFFICE, leads_on=True, logged=True),
    "checking:check": Address("GET POST", HANDLES | ELSEWHERE, "national"),
    "checking:template": Address("GET", HANDLES | ELSEWHERE, "national"),
    "commitments:national_report": Address("GET", OFFICE, logged=True),
    "commitments:amend": ours("GET POST", "plain", WRITERS),
    "commitments:progress": ours("GET POST", "promise", WRITERS),
    "commitments:amendment_edit": ours("GET POST", "amendment", WRITERS),
    "commitments:amendment_step": ours("GET POST", "amendment discard", WRITERS, told=DISTRICT),
    "commitments:progress_edit": ours("GET POST", "report", WRITERS),
    "commitments:progress_step": ours("GET POST", "report discard", WRITERS, told=DISTRICT),
    "commitments:result": ours("GET POST", "plain", WRITERS | OFFICE),
    "commitments:verify": ours("GET POST", "waiting", OFFICE),
    "commitments:result_edit": ours("GET POST", "result", WRITERS | OFFICE),
    "commitments:result_step": ours(
        "GET POST", "result discard", WRITERS, told=OFFICE | {"secrecy", "supervisor"}
    ),
    "commitments:verdict_edit": ours("GET POST", "verdict", OFFICE),
    "commitments:verdict_step": ours(
        "GET POST", "verdict discard", OFFICE, told=frozenset({"district_lead", "secrecy", "supervisor"})
    ),
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
    # cases: a community's are its street's, and for the community they do not exist; the slip reaches it
    "supervision:list": Address("GET", SIGNED_IN),
    "supervision:page": ours("GET", "case", CASES),
    "supervision:words": ours("POST", "case", HANDLERS),
    "supervision:step": ours("GET POST", "case accept", HANDLERS, told=CASES - HANDLERS),
    "supervision:send_slip": ours("GET POST", "going_case", HANDLERS),
    "supervision:identity": ours("GET POST", "going_case", HANDLERS),
    "supervision:opening_step": ours(
        "GET POST",
        "opening grant",
        HANDLERS - {"clerk", "lead"},
        told=frozenset({"clerk", "lead", "supervisor"}),
    ),
    "supervision:slips": Address("GET", SIGNED_IN),
    "supervision:slip": ours("GET", "slip", SLIPS),
    "supervision:slip_recall": ours("POST", "slip", HANDLERS),
    "supervision:slip_step": ours(
        "GET POST", "slip answer", SLIPS - DISTRICT - {"clerk"}, told=DISTRICT | {"clerk"}
    ),
    # the ledger: the unit plans, tells and asks to close; its superiors check, approve, accept and write to it
    "rectification:list": Address("GET", SIGNED_IN),
    "rectification:export": Address("GET", SIGNED_IN, logged=True),
    "rectification:new": Address("GET POST", HANDLES | ELSEWHERE),
    "rectification:from_obligation": ours("GET POST", "overdue", HANDLES),
    "rectification:from_case": ours("GET POST", "found_case", HANDLES - WRITERS | {"district_lead"}),
    "rectification:from_sweep": ours("GET POST", "sweep", WRITERS),
    "rectification:from_finding": ours("GET POST", "finding_open", HANDLES),
    "rectification:sweeps": Address("GET", SIGNED_IN),
    "rectification:sweep": ours("GET", "sweep", WORK),
    "rectification:sweep_step": ours("GET POST", "sweep hand_in", WRITERS, told=WORK - WRITERS),
    "rectification:slip": ours("GET", "ledger_slip", WORK),
    "rectification:slip_word": ours("GET", "ledger_slip", WORK),
    "rectification:page": ours("GET", "ledger_item", WORK),
    "rectification:edit": ours("GET POST", "clue", HANDLES - {"lead"}),
    "rectification:plan": ours("GET POST", "found", WRITERS),
    "rectification:closing": ours("GET POST", "ledger_item", WRITERS),
    "rectification:progress": ours("GET POST", "ledger_item", WRITERS),
    "rectification:sheet": ours("GET POST", "ledger_item", HANDLES),
    "rectification:slip_new": ours("GET POST", "ledger_item", OFFICE | {"district_lead"}),
    "rectification:postpone": ours("GET POST", "ledger_item", WRITERS),
    "rectification:step": ours("GET POST", "clue take_up", UPPER, told=WORK - UPPER),
    "rectification:progress_edit": ours("GET POST", "ledger_progress", WRITERS),
    "rectification:progress_step": ours("GET POST", "ledger_progress discard", WRITERS, told=WORK - WRITERS),
    "rectification:sheet_edit": ours("GET POST", "ledger_sheet", HANDLES),
    "rectification:sheet_step": ours("GET POST", "ledger_sheet discard", OFFICE, told=WORK - OFFICE),
    "rectification:postponement_step": ours("GET POST", "postponement approve", UPPER, told=WORK - UPPER),
    # contests and their questions: whoever works on the unit reads them, the unit and the office write them
    "contests:list": Address("GET", SIGNED_IN),
    "contests:new": Address("GET POST", FILERS | ELSEWHERE),
    "contests:page": ours("GET", "contest", WORK),
    "contests:edit": ours("GET POST", "contest_draft", FILERS),
    "contests:step": ours("GET POST", "contest_draft discard", FILERS, told=DISTRICT - {"office"}),
    "contests:amend": ours("GET POST", "contest_ahead", FILERS),
    "contests:revision_edit": ours("GET POST", "contest_revision", FILERS),
    "contests:revision_step": ours(
        "GET POST", "contest_revision discard", FILERS, told=DISTRICT - {"office"}
    ),
    "contests:count": ours("POST", "contest_over", FILERS),
    "contests:result_edit": ours("GET POST", "contest_result", FILERS),
    "contests:result_step": ours("GET POST", "contest_result discard", FILERS, told=DISTRICT - {"office"}),
    "contests:questions": Address("GET", SIGNED_IN),
    "contests:question_new": Address("GET POST", FILERS | ELSEWHERE),
    "contests:question_confirm": Address("POST", SIGNED_IN),
    "contests:question": ours("GET", "question", WORK),
    "contests:question_edit": ours("GET POST", "question_draft", FILERS),
    "contests:question_version": ours("GET POST", "question", FILERS),
    "contests:question_step": ours("GET POST", "question_draft discard", FILERS, told=DISTRICT - {"office"}),
    "contests:tests": Address("GET", SIGNED_IN),
    # an official takes part, signed in, and sees the own answers alone
    "contests:begin": ours("POST", "contest_code", frozenset({"official"})),
    "contests:answer": ours("GET POST", "contest_code 1", frozenset({"official"})),
    "contests:hand_in": ours("GET POST", "contest_code", frozenset({"official"})),
    "contests:mine": ours("GET", "contest_code", frozenset({"official"})),
    "contests:certificate": Address(
        "GET POST", frozenset({"official"}), "contest_code", scoped=True, leads_on=True
    ),
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
    # education: activities and materials like other publications; hours by name only for those who keep them
    "education:list": Address("GET", SIGNED_IN),
    "education:new": Address("GET POST", WRITERS | ELSEWHERE),
    "education:page": ours("GET", "activity", WORK),
    "education:edit": ours("GET POST", "activity", WRITERS),
    "education:summary": ours("GET POST", "activity_held", WRITERS),
    "education:step": ours("GET POST", "activity cancel", WRITERS, told=DISTRICT),
    "education:sheet": ours("GET POST", "activity", WRITERS),
    "education:sheet_edit": ours("GET POST", "activity_sheet", WRITERS),
    "education:sheet_step": ours("GET POST", "activity_sheet discard", WRITERS, told=DISTRICT),
    "education:statistics": Address("GET", SIGNED_IN),
    "education:statistics_export": Address("GET", WORK | ELSEWHERE),
    "education:hours": Address("GET", SIGNED_IN),
    "education:mine": Address("GET", SIGNED_IN),
    "education:person": ours("GET", "learner", KEEPERS, logged=True),
    "education:sources": Address("GET", WRITERS | ELSEWHERE),
    "education:enter_activity": ours("GET POST", "activity_held", WRITERS | {"community_clerk"}),
    "education:enter_course": Address("GET POST", WRITERS | ELSEWHERE),
    "education:enter_outside": Address("GET POST", WRITERS | ELSEWHERE),
    "education:hours_confirm": Address("POST", WRITERS | ELSEWHERE),
    "education:hours_export": Address("GET", WRITERS | ELSEWHERE, logged=True),
    "education:hours_step": ours("GET POST", "hours_entered send_back", KEEPERS),
    "education:courses": Address("GET", SIGNED_IN),
    "education:course_new": Address("GET POST", OFFICE),
    "education:course_edit": ours("GET POST", "course", OFFICE),
    "education:course_retire": ours("GET POST", "course", OFFICE),
    "education:minimum": ours("GET POST", "this_year", OFFICE),
    "education:materials": Address("GET", SIGNED_IN),
    "education:material_new": Address("GET POST", WRITERS | ELSEWHERE),
    "education:material": ours("GET", "material", WORK | {"official", "community_clerk"}),
    "education:material_revise": ours("GET POST", "material", WRITERS),
    "education:edition_edit": ours("GET POST", "edition_draft", WRITERS),
    "education:edition_step": ours("GET POST", "edition_draft discard", WRITERS, told=DISTRICT),
    "public_terms:unit": Address("GET", EVERYBODY, "street"),
    # handovers: all who work on the unit read them; the lead and those above register, the superior witnesses
    "handovers:list": Address("GET", SIGNED_IN),
    "handovers:start": ours("GET POST", "staying", LEADS | {"office"}),
    "handovers:page": ours("GET", "handover", WORK),
    "handovers:confirm": ours("POST", "handover", WORK),
    "handovers:incoming": ours("GET POST", "handover", LEADS | ABOVE, told=WORK - LEADS - ABOVE),
    "handovers:paper": ours("GET POST", "handover", ABOVE, told=WORK - ABOVE),
    "handovers:sheet": ours("GET", "handover", WORK),
    "handovers:document": ours("GET", "handover", WORK),
    "handovers:step": ours("GET POST", "handover cancel", frozenset({"office"}), told=WORK - {"office"}),
    "handovers:paper_step": ours("GET POST", "signed refuse", OFFICE, told=WORK - OFFICE),
    "handovers:dispute": ours("GET POST", "handover_item", ABOVE, told=WORK - ABOVE),
    "handovers:settle": ours("GET POST", "handover_note", ABOVE, told=WORK - ABOVE),
    "handovers:terms": ours("GET", "street", LEADS | OFFICE | {"supervisor"}),
    "handovers:merge": ours("GET POST", "street", frozenset({"office"})),
    "handovers:rename": ours("GET POST", "street", frozenset({"office"})),
    "figures:figure": Address("GET", EVERYBODY, "street kept-rate"),
    # deadlines: those who work on a unit read its clocks; who owes asks for more time, who stands above decides
    "deadlines:list": Address("GET", SIGNED_IN),
    "deadlines:page": ours("GET", "clock", WORK),
    "deadlines:suspend": ours("GET POST", "clock", ABOVE, told=WORK - ABOVE),
    "deadlines:resume": ours("POST", "stopped_clock", ABOVE, told=WORK - ABOVE),
    "deadlines:extend": ours("GET POST", "clock", WRITERS, told=WORK - WRITERS),
    "deadlines:extension_step": ours("GET POST", "asked_clock approve", ABOVE, told=WORK - ABOVE),
    "deadlines:notifications": Address("GET", SIGNED_IN),
    "deadlines:read_all": Address("POST", SIGNED_IN),
    "deadlines:read": ours("POST", "notice", frozenset({"clerk"})),
    "deadlines:ways": Address("GET POST", SIGNED_IN),
    "deadlines:calendar_renew": Address("POST", SIGNED_IN),
    "deadlines:calendar_stop": Address("POST", SIGNED_IN),
    "deadlines:robot": ours("GET POST", "street", LEADS | {"office"}),
    "deadlines:robot_try": ours("POST", "street", LEADS | {"office"}),
    "deadlines:robot_remove": ours("POST", "street", LEADS | {"office"}),
    "calendar_file": Address("GET", EVERYBODY, "clerk calendar_token"),
    "month": Address("GET", WORK | ELSEWHERE),
    "deadlines:working_days": Address("GET", WORK | ELSEWHERE),
    "deadlines:add_day": Address("GET POST", frozenset({"office"})),
    "deadlines:paste_days": Address("GET POST", frozenset({"office"})),
    "deadlines:remove_day": ours("POST", "holiday", frozenset({"office"})),
    # long work: those who work on the unit see it, who began it and the lead and office above steer it
    # documents: whoever reads the thing reads the draft and what was issued, the issuing unit issues
    "documents:list": Address("GET", SIGNED_IN),
    "documents:export": Address("GET", SIGNED_IN, logged=True),
    "documents:page": ours("GET", "official_document", WORK),
    "documents:file": ours("GET", "official_document", WORK),
    "documents:draft": ours("GET", "slip_kind documented_slip", WORK),
    "documents:draft_word": ours("GET", "slip_kind documented_slip", WORK),
    "documents:issue": ours("GET POST", "slip_kind fresh_slip", OFFICE | {"district_lead"}),
    "documents:words": Address("GET", LEADS | {"office", "other_lead"}),
    "documents:word": ours("GET POST", "street slip_kind", LEADS | {"office"}),
    "documents:templates": Address("GET", OFFICE),
    "documents:template": Address("GET", OFFICE, "official_template"),
    "documents:template_file": Address("GET", OFFICE, "official_template"),
    "documents:trial": Address("GET", OFFICE, "official_template"),
    "documents:template_step": Address("GET POST", OFFICE, "official_template drop"),
    "documents:kind": Address("GET", OFFICE, "slip_kind"),
    "documents:ours": Address("GET", OFFICE, "slip_kind"),
    "documents:upload": Address("GET POST", OFFICE, "slip_kind"),
    "imports:list": Address("GET", SIGNED_IN),
    "imports:choose": Address("GET", FILERS | ELSEWHERE),
    "imports:new": Address("GET POST", FILERS | ELSEWHERE, "records"),
    "imports:template": Address("GET", FILERS | ELSEWHERE, "records"),
    "imports:export": Address("GET POST", FILERS | ELSEWHERE, "records", logged=True),
    "imports:page": ours("GET", "brought_file", WORK),
    "imports:confirm": ours("POST", "brought_file", frozenset({"clerk"})),
    "imports:recheck": ours("POST", "brought_file", frozenset({"clerk"})),
    "imports:annotated": ours("GET", "brought_file", frozenset({"clerk", "office"})),
    "jobs:list": Address("GET", SIGNED_IN),
    "jobs:page": ours("GET", "job", WORK),
    "jobs:step": ours("GET POST", "job cancel", WRITERS | {"office"}, told=WORK - WRITERS - {"office"}),
    # the gate: clerks read the review of their own work, its steps are others'
    "reviews:page": ours("GET", "review", WORK),
    "reviews:justify": Address(
        "GET POST", LEADS, "found_review", told=WORK - LEADS, scoped=True, leads_on=True
    ),
    "reviews:check": ours("GET", "commitments.obligation draft", WORK),
    "reviews:mask": Address(
        "GET POST", WRITERS, "commitments.obligation told_draft", told=DISTRICT, scoped=True, leads_on=True
    ),
    "reviews:step": Address(
        "GET POST", LEADS, "review pass_first", told=WORK - LEADS, scoped=True, leads_on=True
    ),
    # units and accounts
    "organisations:page": ours("GET", "street", WORK | ADMIN),
    "organisations:edit": ours("GET POST", "street", ADMIN | LEADS, told=WORK - LEADS),
    "organisations:add": ours("GET POST", "street", ADMIN | {"office"}, told=WORK - {"office"}),
    "organisations:posts": ours("GET", "street", WORK),
    "organisations:official_new": ours("GET POST", "street", LEADS | ABOVE),
    "organisations:posting_new": ours("GET POST", "street", LEADS | ABOVE),
    "accounts:official": ours("GET POST", "clerk", ADMIN),
    "accounts:new": Address("GET POST", ADMIN),
    "accounts:page": ours("GET", "clerk", ADMIN),
    "accounts:grant": ours("GET POST", "clerk", ADMIN),
    "accounts:end": ours("POST", "clerk membership", ADMIN),
    "accounts:password": ours("POST", "clerk", ADMIN),
    "accounts:active": ours("POST", "clerk", ADMIN),
    # the years of the programme: everybody who works in the district reads them, its office keeps them
    "programme:list": Address("GET", SIGNED_IN),
    "programme:edit": ours("GET POST", "year", frozenset({"office"})),
    "programme:copy": ours("GET POST", "year", frozenset({"office"})),
    "programme:step": ours(
        "GET POST", "year ask_freeze", frozenset({"office"}), told=DISTRICT - {"office"} | {"district_lead"}
    ),
    # tasks: the office keeps the list and hands it down, the unit works, its superiors decide
    "tasks:list": Address("GET", SIGNED_IN),
    "tasks:export": Address("GET", WORK | ELSEWHERE, logged=True),
    "tasks:board": Address("GET", WORK | ELSEWHERE),
    "tasks:board_export": Address("GET", WORK | ELSEWHERE, logged=True),
    "tasks:owners": Address("GET POST", SIGNED_IN, leads_on=True),
    "tasks:page": ours("GET", "task", WORK),
    "tasks:note": ours("GET POST", "task measures", WRITERS),
    "tasks:owner": ours("GET POST", "task", LEADS),
    "tasks:evidence": ours("GET POST", "task", WRITERS),
    "tasks:evidence_drop": ours("POST", "task task_evidence", WRITERS),
    "tasks:step": ours("GET POST", "task withdraw", frozenset({"office"}), told=WORK - {"office"}),
    "tasks:standards": Address("GET", WORK | ELSEWHERE),
    "tasks:load_list": ours("POST", "task_year", frozenset({"office"})),
    "tasks:standard_new": ours("GET POST", "task_year", frozenset({"office"})),
    "tasks:issue": ours("GET POST", "task_year", frozenset({"office"})),
    "tasks:standard": ours("GET", "task_standard", DISTRICT | {"district_lead"}),
    "tasks:standard_edit": ours("GET POST", "task_standard", frozenset({"office"})),
    "tasks:standard_retire": ours("POST", "task_standard", frozenset({"office"})),
    # facts from outside: the district's office brings them in, a unit reads its own
    "imported:list": Address("GET", SIGNED_IN),
    "imported:new": Address("GET POST", frozenset({"office"})),
    "imported:page": ours("GET", "imported_fact", WORK),
    "imported:correct": ours("GET POST", "imported_fact", frozenset({"office"})),
    # inspections: their organiser plans, sends out and looks again; the unit reads its own and puts it right
    "inspections:list": Address("GET", SIGNED_IN),
    "inspections:visits": Address("GET", SIGNED_IN),
    "inspections:findings": Address("GET", SIGNED_IN),
    "inspections:figures": Address("GET", SIGNED_IN),
    "inspections:export": Address("GET", SIGNED_IN, logged=True),
    "inspections:new": Address("GET POST", HANDLES | {"other_clerk", "other_lead"}),
    "inspections:page": ours("GET", "inspection", WORK),
    "inspections:edit": ours("GET POST", "inspection", HANDLES),
    "inspections:people": ours("GET POST", "inspection_going", LEADS | {"office"}),
    "inspections:step": ours(
        "GET POST", "inspection announce", LEADS | {"office"}, told=WORK - LEADS - {"office"}
    ),
    "inspections:visit": ours("GET", "visit_signed", WORK),
    "inspections:visit_step": ours("GET POST", "visit_planned begin", INSPECTORS, told=WORK - INSPECTORS),
    "inspections:point": ours("POST", "visit_begun 1", INSPECTORS),
    "inspections:send_notice": ours("POST", "visit_signed", UPPER),
    "inspections:notice": ours("GET", "inspection_notice", WORK),
    "inspections:notice_word": ours("GET", "inspection_notice", WORK),
    "inspections:finding": ours("GET", "finding_open", WORK),
    "inspections:finding_edit": ours("GET POST", "finding_draft", UPPER),
    "inspections:report": ours("GET POST", "finding_open", WRITERS),
    "inspections:finding_step": ours(
        "GET POST", "finding_reported fail", UPPER - {"reviewer"}, told=WORK - UPPER | {"reviewer"}
    ),
    # the standards and what units were given by them: the district keeps and decides, a unit reads its own
    "standards:list": Address("GET", SIGNED_IN),
    "standards:page": ours("GET", "set_draft", INSIDE),
    "standards:compare": ours("GET", "set_draft", INSIDE),
    "standards:edit": ours("GET POST", "set_draft", OFFICE),
    "standards:copy": ours("GET POST", "set_in_force", OFFICE),
    "standards:try": ours("GET", "set_draft", OFFICE),
    "standards:step": ours("GET POST", "set_draft put_in_force", OFFICE),
    "standards:add": ours("GET POST", "set_draft indicator", OFFICE),
    "standards:part": ours("GET POST", "set_draft indicator set_indicator", OFFICE),
    "standards:remove": ours("POST", "set_draft indicator set_indicator", OFFICE),
    "public_standards:list": Address("GET", EVERYBODY),
    "public_standards:page": Address("GET", EVERYBODY, "set_in_force"),
    "evaluation:results": Address("GET", SIGNED_IN),
    "evaluation:result": ours("GET", "unit_result", WORK),
    "evaluation:fact": ours("GET", "unit_result kept-rate", WORK),
    "evaluation:mark": ours("GET POST", "unit_result judged_indicator", OFFICE),
    "evaluation:rulings": Address("GET", SIGNED_IN),
    "evaluation:ruling": ours("GET", "ruling", WORK),
    "evaluation:ruling_step": ours(
        "GET POST", "ruling agree", OFFICE - {"office"}, told=WORK - OFFICE | {"office"}
    ),
    "evaluation:propose_out": Address("GET POST", OFFICE),
    "evaluation:propose_bonus": Address("GET POST", OFFICE),
    # facts: the district's office takes them, the district reads them, a unit reads its own figures
    "facts:list": Address("GET", SIGNED_IN),
    "facts:begin": Address("POST", frozenset({"office"})),
    "facts:page": ours("GET", "snapshot", DISTRICT | {"district_lead"}),
    "facts:check": ours("GET", "snapshot", DISTRICT | {"district_lead"}),
    "facts:check_again": ours("POST", "snapshot", frozenset({"office"})),
    "facts:step": ours(
        "GET POST", "snapshot drop", frozenset({"office"}), told=DISTRICT - {"office"} | {"district_lead"}
    ),
    "facts:figure": ours("GET", "street kept-rate", WORK),
    # summary reports: the street writes, its lead sends, the district takes them in
    "summaries:list": Address("GET", SIGNED_IN),
    "summaries:export": Address("GET", WORK | ELSEWHERE, told=NO_WORK, logged=True),
    "summaries:begin": ours("POST", "2026 street", WRITERS),
    "summaries:page": ours("GET", "summary", WORK),
    "summaries:section": ours("GET POST", "summary problems", WRITERS),
    "summaries:draw": ours("GET POST", "summary", WRITERS),
    "summaries:paper": ours("GET", "summary", WORK),
    "summaries:word": ours("GET", "summary", WORK),
    "summaries:step": ours("GET POST", "summary_sent accept", OFFICE, told=WORK - OFFICE),
    "summaries:receipt": ours("GET", "summary_receipt", WORK),
    "summaries:receipt_word": ours("GET", "summary_receipt", WORK),
    # annual evaluation: everybody reads by what they are measured, a unit its own outcome, the district what it proposes
    "annual:list": Address("GET", SIGNED_IN),
    "annual:open": Address("POST", frozenset({"office"}), "2026"),
    "annual:page": Address("GET", WORK | ELSEWHERE, "annual"),
    "annual:tell": Address("POST", OFFICE, "annual"),
    "annual:step": Address("GET POST", NOBODY, "annual close", told=WORK | ELSEWHERE),
    "annual:league": Address("GET", WORK | ELSEWHERE, "annual"),
    "annual:exports": Address("GET", WORK | ELSEWHERE, "annual"),
    "annual:export": Address("GET", WORK | ELSEWHERE, "annual performance", logged=True),
    "annual:outcome": ours("GET", "outcome", WORK),
    "annual:outcome_step": ours("GET POST", "outcome defend", frozenset({"lead"}), told=WORK - {"lead"}),
    "annual:take_anew": ours("POST", "outcome", OFFICE),
    "annual:paper": ours("GET", "outcome", WORK),
    "annual:word": ours("GET", "outcome", WORK),
    "annual:officials": ours("GET POST", "outcome", LEADS | OFFICE),
    "annual:proposal_new": ours("GET POST", "outcome_heard", OFFICE),
    "annual:proposal": ours("GET", "proposal", DISTRICT | {"district_lead"}),
    "annual:proposal_edit": ours("GET POST", "proposal", OFFICE),
    "annual:proposal_step": ours(
        "GET POST", "proposal drop", OFFICE, told=(DISTRICT | {"district_lead"}) - OFFICE
    ),
    "annual:proposal_word": ours("GET", "proposal", DISTRICT | {"district_lead"}),
    # demonstration: the district keeps the rounds, units apply, the street and the district check, a panel scores
    "demonstration:list": Address("GET", SIGNED_IN),
    "demonstration:cycle": Address("GET", ROUNDS, "own_round"),
    "demonstration:cycle_new": Address("GET POST", OFFICE),
    "demonstration:cycle_edit": ours("GET POST", "round_draft", OFFICE),
    "demonstration:cycle_step": ours("GET POST", "round_draft drop", OFFICE),
    "demonstration:apply": Address("GET POST", WRITERS | ELSEWHERE, "own_round"),
    "demonstration:approval": ours("GET POST", "own_round", KEEPS_ROUNDS),
    "demonstration:facts": ours("POST", "own_round", KEEPS_ROUNDS),
    "demonstration:panel": ours("GET POST", "own_round", KEEPS_ROUNDS),
    "demonstration:scores": ours("GET", "own_round", OFFICE, logged=True),
    "demonstration:notice_new": ours("GET POST", "own_round", KEEPS_ROUNDS),
    "demonstration:page": ours("GET", "own_application", WORK),
    "demonstration:reason": ours("GET POST", "own_application", WRITERS),
    "demonstration:item": ours("GET POST", "own_item", WRITERS),
    "demonstration:visit": ours("GET POST", "own_application", OFFICE),
    "demonstration:step": ours("GET POST", "own_application withdraw", WRITERS, told=DISTRICT),
    "demonstration:award_new": ours("GET POST", "publicised", KEEPS_ROUNDS),
    "demonstration:seat": ours("GET POST", "seat", frozenset({"panel"})),
    "demonstration:seat_step": ours("GET POST", "seat recuse", frozenset({"panel"}), told=OFFICE),
    "demonstration:explain": ours("GET POST", "panel_score", frozenset({"panel"})),
    "demonstration:notice": ours("GET", "candidates_shown", DISTRICT | {"district_lead"}),
    "demonstration:object": Address("GET POST", WRITERS | ELSEWHERE, "candidates_shown"),
    "demonstration:notice_edit": ours("GET POST", "candidates_draft", KEEPS_ROUNDS),
    "demonstration:notice_step": ours(
        "GET POST", "candidates_draft discard", KEEPS_ROUNDS, told=DISTRICT - KEEPS_ROUNDS | {"district_lead"}
    ),
    "demonstration:objection": ours("GET", "objected", OFFICE),
    "demonstration:objection_read": ours("POST", "objected", OFFICE, logged=True),
    "demonstration:objection_step": ours(
        "GET POST", "objected accept", UNTOUCHED, told=frozenset({"reviewer"})
    ),
    "demonstration:award": ours("GET", "award", WORK),
    "demonstration:award_edit": ours("GET POST", "award_draft", KEEPS_ROUNDS),
    "demonstration:recheck": ours("GET POST", "award", OFFICE),
    "demonstration:paper": ours("GET", "award", WORK),
    "demonstration:paper_word": ours("GET", "award", WORK),
    "demonstration:award_step": ours(
        "GET POST", "award_draft discard", KEEPS_ROUNDS, told=WORK - KEEPS_ROUNDS
    ),
    # files are read by those who work on what they belong to
    "file": ours("GET", "file", WORK),
}


def things(c: SimpleNamespace) -> SimpleNamespace:
    """What the addresses are about: one thing of each kind, of the first street."""
    c.promise = make.in_force(c)
    c.plain = make.in_force(c, title="没有变更的承诺")
    c.draft = make.draft(c)
    c.contract = owed.contract_draft(c)
    c.amendment = make.amendment(c, c.promise)
    c.report = make.progress(c, c.promise)
    c.result = make.result(c, make.in_force(c))
    c.waiting = make.in_force(c, title="等待核验的承诺")
    make.reported(c, c.waiting)
    verifying = make.in_force(c, title="正在写核验结论的承诺")
    make.reported(c, verifying)
    c.verdict = make.verification(c, verifying)
    c.review = make.review_of(make.submitted(c))
    c.found_review = make.review_of(make.submitted(c, liability="电话13804520001。"))
    c.told_draft = make.draft(c, liability="电话13804520001。")
    c.file = c.report.files.get()
    c.year = load_plan(c.district)
    c.snapshot = facts.opened(c.year, "trial", by=c.office, today=contests.timezone.localdate())
    c.membership = c.clerk.memberships.get()
    vars(c).update(clocks.of_every_kind(c))
    c.code = c.promise.code
    _records(c)
    c.case, c.going_case = filing.case(c), filing.accepted(c)
    c.opening = filing.opening(c, filing.accepted(c), by=c.lead)
    c.slip = filing.slip(c, filing.accepted(c))
    _ledger(c)
    c.token = make.published_progress(c, c.promise).publication.ledger.get().files.get().token
    _handovers(c)
    c.notice_draft, c.notice_public = publishing.notice(c), publishing.published(c)
    c.notice_code = c.notice_public.code
    c.notice_revision = publishing.revision(c, publishing.published(c))
    owing.all_duties()
    c.duty, c.topic = owing.duty(c.street), publishing.topic()
    c.topic_proposal = proposing.proposal(c, by=c.office)
    _scenes(c)
    c.job = working.started(c)
    vars(c).update(official.of_every_kind(c))
    c.slip_kind, c.fresh_slip = official.KIND, ledger.slip(c, ledger.rectifying(c))
    c.brought_file = bringing.uploaded(c)
    c.calendar_token = token_of(renew_calendar(c.clerk))
    _tasks(c)
    _contests(c)
    _education(c)
    c.imported_fact = importing.brought(c, c.street, "messages-in-time", 9, 10)
    _evaluation(c)
    vars(c).update(demonstrating.world(c))
    c.candidates_code, c.award_code = c.candidates_shown.code, c.award.code
    key_of(c.clerk)
    c.api_token = c.clerk.tokens.get()
    nightly()
    c.package_file = current().files.first()
    return c


def _evaluation(c: SimpleNamespace) -> None:
    """A report that is written and one that was sent; an outcome that was told, one that was heard, a proposal."""
    c.summary = reporting.begun(c)
    last_year = reporting.year(c, 2025)
    c.summary_sent = reporting.sent(c, of=last_year)
    c.summary_receipt = c.summary_sent.receipts.get()
    c.annual, c.outcome = annual.opened(c), annual.told(c)
    c.outcome_heard = annual.defended(c, annual.told(c, annual.outcome(c, of=last_year)))
    c.proposal = annual.proposal(c, c.outcome_heard)


def _tasks(c: SimpleNamespace) -> None:
    """A year with its list, one task of the first street that its clerk works on, and one that nobody was given."""
    c.task_year = tasking.year(c)
    c.task = tasking.working(c, tasking.task(c, of=c.task_year))
    c.task_evidence = tasking.picked(c, c.task)
    c.task_standard = tasking.standards(c.task_year, "window")[0]

    _inspections(c)
    return c


def _inspections(c: SimpleNamespace) -> None:
    """One the street plans for its community; the district's are about the street."""
    c.unit_result = evaluating.result(c)
    c.set_in_force, c.set_draft = c.unit_result.set, evaluating.draft(c, "community")
    c.set_indicator = evaluating.indicator(c.set_draft, "6.3")
    c.judged_indicator = evaluating.indicator(c.set_in_force, "6.3")
    c.ruling = evaluating.ruling(c)
    c.inspection = inspecting.of_the_street(c)
    c.inspection_going = inspecting.going(c, inspecting.of_the_street(c))
    c.visit_planned, c.visit_begun, c.visit_signed = (
        inspecting.planned(c),
        inspecting.begun(c),
        inspecting.signed(c),
    )
    c.finding_reported = inspecting.reported(c)
    c.finding_draft, c.finding_open = inspecting.found(c), inspecting.noticed(c)
    c.inspection_notice = inspecting.notice_of(c.finding_open)


def _handovers(c: SimpleNamespace) -> None:
    """Somebody leaves a post of the street, who has no account: the district's lead brings a signed paper."""
    handing.post_change(c)
    c.staying = handing.holding(c, "窗口岗", "401")
    c.handover_item = c.handover.items.first()
    c.handover_note = handing.dispute(c, c.handover, party="witness", by=c.office)
    c.signed = handing.paper(c, c.handover)


def _education(c: SimpleNamespace) -> None:
    """A plan, one that was held, a draft of its text, a public one, a material and a draft, somebody's hours."""
    c.this_year = teaching.year(c)
    c.activity, c.activity_held = teaching.planned(c), teaching.held(c)
    c.activity_sheet = teaching.sheet(c, teaching.summarised(c))
    c.activity_code = teaching.reported(c).activity.code
    edition = teaching.public_edition(c)
    c.material, c.material_code, c.edition_draft = (
        edition.material,
        edition.material.code,
        teaching.edition(c),
    )
    c.learner, c.course = teaching.official(c), teaching.course(c)
    c.hours_entered = teaching.entered(c, c.learner, activity=c.activity_held)


def _scenes(c: SimpleNamespace) -> None:
    """A public scene with a published month, a draft of each, and a revision of another."""
    c.scene = scenes.long_public(c)
    c.scene_code = c.scene.code
    c.scene_draft, c.scene_revision = scenes.draft(c), scenes.revision(c, scenes.public(c))
    c.scene_told = scenes.published_month(c, c.scene)
    c.scene_month = scenes.month(c, c.scene, month=scenes.BEFORE)


def _contests(c: SimpleNamespace) -> None:
    """A contest that goes on, in which the official has begun; one that is over, one with a result, drafts of each."""
    c.question, c.question_draft = contests.bank(c)[0], contests.question(c, text="草稿题？")
    told = contests.public(c, title="结果公布了的竞赛", pass_percent=1)
    winner = contests.resident(told)
    contests.sat(told, winner)
    c.certificate_number = contests.taking.certificate_of(winner, told, now=contests.timezone.now()).number
    c.contest_told_code = contests.published_result(c, told).contest.code
    c.contest = contests.public(c)
    c.contest_code, c.contest_draft = c.contest.code, contests.draft(c)
    contests.begun(contests.taking.enter_official(c.contest, c.official, now=contests.timezone.now()))
    c.contest_ahead = contests.public(c, title="可以更正的竞赛")
    c.contest_revision = contests.revision(c, contests.public(c, title="在更正的竞赛"))
    c.contest_over = contests.over(contests.public(c, title="结束了的竞赛"))
    c.contest_result = contests.result(c, contests.public(c, title="等结果的竞赛"))


def _records(c: SimpleNamespace) -> None:
    """A record in effect for half a year with its notice in review, a draft, and what was asked about others."""
    c.person, c.item = c.official.official, making.item("X06")
    long_ago = {"effective_from": making.LAST_YEAR, "decided_on": making.LAST_YEAR}
    c.record = making.confirmed(c, **long_ago)
    c.record_notice = c.record.notices.get()
    c.record_draft = making.draft(c)
    c.number = making.public(c, title="公示中的记录").number
    c.opinion = opinions.issue(
        [Subject(c.street)], by=c.office, today=making.TODAY, purpose="honour", note="先进街道评选"
    )[0]
    c.objection = making.objection(c, making.confirmed(c, title="有异议的记录"))
    c.answered = making.objected(c, making.confirmed(c, title="异议办结的记录"), "upheld")
    c.repair = making.repair(c, making.confirmed(c, title="申请修复的记录", **long_ago))
    c.granted = making.repaired(c, making.confirmed(c, title="已修复的记录", **long_ago))


def _ledger(c: SimpleNamespace) -> None:
    """A clue, one found true, one being put right with all that stands under it, a public one, a sweep, a case."""
    c.clue, c.found = ledger.clue(c), ledger.found(c)
    c.overdue = make.ended(c, make.in_force(c, title="没有全部履行的承诺"), "partly")
    c.found_case = ledger.case(c)
    c.ledger_item = ledger.rectifying(c)
    c.ledger_progress = ledger.progress(c, c.ledger_item)
    c.ledger_sheet = ledger.sheet(c, c.ledger_item, reason="")
    c.ledger_slip = ledger.slip(c, c.ledger_item)
    c.postponement = ledger.asked_for_time(c)
    c.sweep = ledger.sweep(c)
    c.ledger_number = ledger.shown(c).number


def values(address: Address, c: SimpleNamespace) -> list:
    """The parts of the address: an id, a text of a thing, or the word itself."""
    named = [getattr(c, word, word) for word in address.args.split()]
    return [getattr(value, "pk", value) for value in named]


def names(urlconf: str | None = None) -> Iterator[str]:
    """The name of every pattern; one without a name by its text, which no table has."""
    yield from _below(get_resolver(urlconf), "")


def _below(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _below(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            yield f"{prefix}{pattern.name}" if pattern.name else f"{prefix}{pattern.pattern} (no name)"
