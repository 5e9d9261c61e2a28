"""Rules of facts from outside hold against raw SQL."""

from tests.audit.rules import never_removed, twin

TABLE = "evaluation_importedfact"


def like(row, **changes):
    return twin(TABLE, f"%({row})s", **changes)


def each(row, *columns):
    return [f"UPDATE {TABLE} SET {column} WHERE id = %({row})s" for column in columns]


ATTEMPTS = {
    "evaluation.importedfact": {
        "one_standing_imported_fact": [like("imported")],
        "imported_fact_counts_from_zero": [
            like("imported", metric="'x'", numerator="-1"),
            like("imported", metric="'x'", denominator="-1"),
        ],
        "imported_fact_names_its_source": [like("imported", metric="'x'", source="''")],
        "correction_of_a_fact_has_a_reason": [
            like("imported", metric="'x'", reason="'为什么'"),
            like("imported_new", reason="''"),
        ],
        "correction_takes_the_place_of_its_own": [
            like("imported", corrects_id="%(imported)s", reason="'还没有让位'"),
            like("imported", corrects_id="%(imported_old)s", reason="'别的指标'"),
        ],
        "superseded_fact_has_its_correction": each("imported", "superseded_at = now()"),
        "imported_fact_stays": each(
            "imported",
            *(
                "numerator = 1",
                "denominator = 1",
                "source = '别处'",
                "document_number = '改号'",
                "metric = 'x'",
            ),
            *("document_id = NULL", "corrects_id = %(imported_old)s", "reason = '改'", "by_id = %(lead)s"),
            *("imported_at = now()", "organisation_id = %(other_street)s", "year_id = %(open_year)s"),
        ),
        "imported_fact_is_corrected_once": each(
            "imported_old", "superseded_at = NULL", "superseded_at = now() + interval '1 day'"
        ),
        "only_a_first_fact_is_withdrawn": [
            *each("imported_old", "withdrawn_at = now()"),
            *each("imported_new", "withdrawn_at = now()"),
        ],
        "imported_fact_is_withdrawn_once": each("imported_withdrawn", "withdrawn_at = NULL"),
        "frozen_year_stays": [like("imported", year_id="%(frozen_year)s")],
        **never_removed(TABLE, "%(imported)s"),
    },
}
