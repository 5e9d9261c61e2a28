"""Rules of years and stages hold against raw SQL; a frozen year is closed to everybody."""

from tests.audit.rules import (
    never_removed,
    twin,
)

YEAR = "UPDATE programme_year SET"
STAGE = "UPDATE programme_stage SET"
OPEN, FROZEN = "WHERE id = %(open_year)s", "WHERE id = %(frozen_year)s"

ATTEMPTS = {
    "programme.year": {
        "year_is_of_the_programme": [
            twin("programme_year", "%(open_year)s", number="2020", report_on="'2020-11-15'::date"),
            twin("programme_year", "%(open_year)s", number="2101", report_on="'2101-11-15'::date"),
        ],
        "report_day_is_in_its_year": [f"{YEAR} report_on = '2023-11-15' {OPEN}"],
        "year_is_frozen_by_two_people": [
            f"{YEAR} {change} {OPEN}"
            for change in (
                "state = 'frozen'",
                "state = 'closing'",
                "state = 'closing', closing_by_id = %(office)s",
                "state = 'lost'",
                "frozen_at = now()",
                "closing_by_id = %(office)s",
                "state = 'frozen', closing_by_id = %(office)s, closing_reason = '年度结束', frozen_at = now()",
                "state = 'frozen', closing_by_id = %(office)s, closing_reason = '年度结束', frozen_at = now(), "
                "frozen_by_id = %(office)s",
            )
        ],
        "frozen_year_stays": [
            f"{YEAR} {change} {FROZEN}"
            for change in (
                "title = '别的'",
                "basis = '别的'",
                "report_on = '2021-11-16'",
                "state = 'open', closing_by_id = NULL, closing_reason = '', frozen_by_id = NULL, frozen_at = NULL",
                "frozen_at = now()",
                "saved_at = now()",
            )
        ],
        "year_keeps_its_number": [
            f"{YEAR} number = 2023, report_on = '2023-11-15' {OPEN}",
            f"{YEAR} organisation_id = %(street)s {OPEN}",
            f"{YEAR} copied_from_id = NULL {OPEN}",
        ],
        **never_removed("programme_year", "%(open_year)s"),
    },
    "programme.stage": {
        "one_stage_per_key": [
            twin("programme_stage", "%(stage)s", starts_on="'2022-12-01'::date", ends_on="'2022-12-31'::date")
        ],
        "stage_is_of_the_plan": [
            twin(
                "programme_stage",
                "%(stage)s",
                key="'fourth'",
                starts_on="'2022-12-01'::date",
                ends_on="'2022-12-31'::date",
            )
        ],
        "stage_ends_after_it_begins": [f"{STAGE} ends_on = '2022-02-01' WHERE id = %(stage)s"],
        "frozen_year_stays": [
            f"{STAGE} ends_on = '2021-03-30' WHERE id = %(frozen_stage)s",
            f"{STAGE} task = task WHERE id = %(frozen_stage)s",
            f"{STAGE} year_id = %(frozen_year)s WHERE id = %(stage)s",
            twin("programme_stage", "%(frozen_stage)s"),
        ],
        "stage_keeps_its_place": [
            f"{STAGE} year_id = %(third_year)s WHERE id = %(stage)s",
            f"{STAGE} key = 'conclude' WHERE id = %(stage)s",
        ],
        "stage_lies_in_its_year": [
            f"{STAGE} starts_on = '2021-12-31' WHERE id = %(stage)s",
            f"{STAGE} ends_on = '2023-01-01', starts_on = '2022-12-31' WHERE id = %(stage)s",
        ],
        "stages_do_not_overlap": [
            f"{STAGE} ends_on = '2022-04-01' WHERE id = %(stage)s",
            f"{STAGE} starts_on = '2022-05-01', ends_on = '2022-05-02' WHERE id = %(stage)s",
        ],
        **never_removed("programme_stage", "%(frozen_stage)s"),
    },
}
