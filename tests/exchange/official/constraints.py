"""Rules of issued documents, their words and templates hold against raw SQL."""

from tests.audit.rules import append_only, never_removed, twin

WORD, TEMPLATE, DOCUMENT = "exchange_documentword", "exchange_documenttemplate", "exchange_issueddocument"
SET = f"UPDATE {TEMPLATE} SET"


def word(**changes):
    return twin(WORD, "%(document_word)s", **changes)


def template(of="official_template", **changes):
    return twin(TEMPLATE, f"%({of})s", **changes)


def document(**changes):
    """The next one of the same kind, year and unit, unless a change makes it something else."""
    new = {"serial": "2", "number": "'x'", "object_id": "900001", "file_id": "%(file)s"}
    return twin(DOCUMENT, "%(official_document)s", **(new | changes))


ATTEMPTS = {
    "exchange.documentword": {
        "one_word_per_kind_of_document": [word(word="'别的字'")],
        "word_of_documents_is_one_unit_s": [word(kind="'x'", organisation_id="%(street)s")],
        "word_of_documents_has_no_brackets": [
            word(kind="'x'", word="'龙〔信'"),
            word(kind="'x'", word="'龙 信'"),
            word(kind="'x'", word="''"),
        ],
        **never_removed(WORD, "%(document_word)s"),
    },
    "exchange.documenttemplate": {
        "template_version_is_given_once": [template()],
        "one_template_in_force": [template("official_template_in_force", version="9")],
        "template_enforced_by_another": [
            f"{SET} state = 'in_force' WHERE id = %(official_template)s",
            f"{SET} state = 'in_force', enforced_by_id = created_by_id, enforced_on = now() WHERE id = %(official_template)s",
            f"{SET} enforced_on = now() WHERE id = %(official_template)s",
        ],
        "template_never_changes": [
            f"{SET} {change} WHERE id = %(official_template)s"
            for change in (
                "kind = 'x'", "version = 9", "note = 'x'", "fields = '[]'", "created_by_id = %(lead)s",
                "organisation_id = %(street)s", "file_id = %(file)s",
            )
        ],
        **never_removed(TEMPLATE, "%(official_template)s"),
    },
    "exchange.issueddocument": {
        "document_number_is_given_once": [document(number="(SELECT number FROM exchange_issueddocument WHERE id = %(official_document)s)")],
        "document_serial_is_given_once": [document(serial="1")],
        "one_first_document_per_thing": [document(object_id="(SELECT object_id FROM exchange_issueddocument WHERE id = %(official_document)s)")],
        "replacing_document_says_why": [document(reason="'x'")],
        "document_has_its_hash": [document(content_hash="''"), document(content_hash="'XYZ'")],
        "document_numbers_have_no_gap": [
            document(serial="3"),
            document(serial="0"),
            document(year="2027"),
            document(year="2027", serial="1"),
        ],
        "document_replaces_one_of_its_own": [
            document(replaces_id="%(official_document)s", reason="'x'"),
            document(replaces_id="%(official_document)s", reason="'x'", kind="'x'", serial="1",
                     object_id="(SELECT object_id FROM exchange_issueddocument WHERE id = %(official_document)s)"),
        ],
        **append_only(DOCUMENT, "%(official_document)s", "title"),
    },
}  # fmt: skip
