"""Open data, packages, and what a token opens."""

from longsha_credit.home.api import TABLES
from tests.url_table.people import DRAFTS, ELSEWHERE, EVERYBODY, NOBODY, WORK, Address, ours

TABLE = {
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
}
