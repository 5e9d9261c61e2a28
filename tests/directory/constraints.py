"""Rules of the tokens of programs hold against raw SQL."""

from tests.audit.rules import append_only, never_removed, twin

TOKEN, THIS = "UPDATE directory_apitoken SET", "WHERE id = %(token)s"
REVOKED = f"{TOKEN} revoked_at = now(), revoked_by_id = %(clerk)s {THIS}"


def made(**changes: str) -> str:
    """A second token of the same owner."""
    return twin("directory_apitoken", "%(token)s", **{"hash": "repeat('a', 64)"} | changes)


ATTEMPTS = {
    "directory.apitoken": {
        "token_lasts_a_year_at_most": [
            made(expires_on="made_on + 366"),
            made(expires_on="made_on"),
            made(made_on="made_on + 400"),
        ],
        "token_is_kept_as_hash": [made(hash="'longsha_secret'"), made(hash="''")],
        "token_may_do_something": [made(may_read="FALSE", may_file="FALSE")],
        "token_says_what_for": [made(name="''")],
        "revoked_token_says_by_whom": [
            f"{TOKEN} revoked_at = now() {THIS}",
            f"{TOKEN} revoked_by_id = %(clerk)s {THIS}",
        ],
        "token_stays_what_it_was_made": [
            f"{TOKEN} owner_id = %(lead)s {THIS}",
            f"{TOKEN} may_file = NOT may_file {THIS}",
            f"{TOKEN} expires_on = expires_on - 1 {THIS}",
            f"{TOKEN} hash = repeat('b', 64) {THIS}",
            f"{TOKEN} name = 'x' {THIS}",
        ],
        "revoked_token_stays_revoked": [
            f"{REVOKED}; {TOKEN} revoked_at = NULL, revoked_by_id = NULL {THIS}",
            f"{REVOKED}; {TOKEN} revoked_at = now() + interval '1 day' {THIS}",
        ],
        **never_removed("directory_apitoken", "%(token)s"),
    },
    "directory.apifiling": {
        "one_filing_per_key": [twin("directory_apifiling", "%(filing)s")],
        "filing_knows_what_was_sent": [
            twin("directory_apifiling", "%(filing)s", key="''"),
            twin("directory_apifiling", "%(filing)s", key="'2'", digest="'x'"),
        ],
        **append_only("directory_apifiling", "%(filing)s", "key"),
    },
}
