"""Who an address opens to, and what is said of it."""

from dataclasses import dataclass

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
