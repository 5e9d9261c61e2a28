from django.db import migrations, models

from longsha_credit.audit.marks import NOTE
from longsha_credit.audit.migrating import QuietMigration


class Migration(QuietMigration):
    dependencies = [
        ("audit", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="TableChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table_name", models.CharField(max_length=63, verbose_name="表")),
                ("number", models.BigIntegerField(verbose_name="数")),
            ],
            options={
                "verbose_name": "表的改动",
                "indexes": [models.Index(fields=["table_name"], include=("number",), name="change_by_table")],
            },
        ),
        migrations.RunSQL([NOTE], ["DROP FUNCTION audit_note_change"]),
    ]
