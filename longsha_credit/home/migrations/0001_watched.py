"""What open data are read from has its changes noted, so that an ETag can be told from it (audit/marks.py)."""

from django.db import migrations

from longsha_credit.audit.marks import watch


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_table_changes"),
        ("directory", "0003_api_tokens"),
        ("deadlines", "0004_given_extension"),
        ("publication", "0007_packages"),
        ("programme", "0006_contest_revisions"),
        ("records", "0001_records"),
        ("commitments", "0006_national_exchange"),
        ("disclosure", "0001_disclosure"),
        ("evaluation", "0006_retaken"),
    ]

    operations = [
        watch(
            "commitments_obligation",
            "commitments_part",
            "commitments_rectification",
            "commitments_rectificationprogress",
            "commitments_rectificationsheet",
            "deadlines_deadline",
            "deadlines_rule",
            "directory_organisation",
            "directory_posting",
            "disclosure_duty",
            "disclosure_notice",
            "disclosure_scene",
            "disclosure_scenemonth",
            "disclosure_topic",
            "evaluation_application",
            "evaluation_award",
            "evaluation_candidatenotice",
            "evaluation_cycle",
            "evaluation_heading",
            "evaluation_indicator",
            "evaluation_indicatorset",
            "programme_activity",
            "programme_activitysheet",
            "programme_contest",
            "programme_contestdraw",
            "programme_contestpaper",
            "programme_contestresult",
            "programme_contestunit",
            "programme_material",
            "programme_materialedition",
            "programme_stage",
            "programme_year",
            "publication_correction",
            "publication_ledgercontent",
            "publication_ledgerentry",
            "publication_publication",
            "publication_servicefield",
            "records_catalogueitem",
            "records_notice",
            "records_objection",
            "records_record",
            "records_repair",
        ),
    ]
