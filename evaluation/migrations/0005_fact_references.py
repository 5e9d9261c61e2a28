"""Facts without references that are checked row by row, and with one index."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_former_names'),
        ('evaluation', '0004_demonstration'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='fact',
            options={'ordering': ['snapshot_id', 'organisation_id', 'metric'], 'verbose_name': '事实'},
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='fact',
            name='facts_of_a_taken_snapshot_stay',
        ),
        # Django changes no table to such a key by itself.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE evaluation_fact DROP CONSTRAINT one_fact_per_metric, DROP COLUMN id,"
                    " ADD CONSTRAINT one_fact_per_metric PRIMARY KEY (snapshot_id, organisation_id, metric)"
                )
            ],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name='fact',
                    name='one_fact_per_metric',
                ),
                migrations.RemoveField(
                    model_name='fact',
                    name='id',
                ),
                migrations.AddField(
                    model_name='fact',
                    name='pk',
                    field=models.CompositePrimaryKey('snapshot_id', 'organisation_id', 'metric', blank=True, editable=False, primary_key=True, serialize=False),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='fact',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='单位'),
        ),
        migrations.AlterField(
            model_name='fact',
            name='snapshot',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='evaluation.snapshot', verbose_name='取数'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fact',
            trigger=pgtrigger.compiler.Trigger(name='facts_of_a_taken_snapshot_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF EXISTS (SELECT FROM (SELECT DISTINCT snapshot_id FROM added) a\n                           LEFT JOIN evaluation_snapshot s ON s.id = a.snapshot_id\n                           LEFT JOIN programme_year y ON y.id = s.year_id\n                           WHERE (s.state = 'taking' AND y.state <> 'frozen') IS NOT TRUE) THEN\n                  RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'facts_of_a_taken_snapshot_stay', MESSAGE = 'facts_of_a_taken_snapshot_stay: only a snapshot being taken is added to';\n                END IF;\n                RETURN NULL;\n                ", hash='a6fcc69e740fd0dbcaf703ac0ba2548415065186', level='STATEMENT', operation='INSERT', pgid='pgtrigger_facts_of_a_taken_snapshot_stay_beeb0', referencing='REFERENCING NEW TABLE AS added ', table='evaluation_fact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fact',
            trigger=pgtrigger.compiler.Trigger(name='fact_is_of_a_known_unit', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF EXISTS (SELECT FROM added a LEFT JOIN directory_organisation o ON o.id = a.organisation_id\n                           WHERE o.id IS NULL) THEN\n                  RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_is_of_a_known_unit', MESSAGE = 'fact_is_of_a_known_unit: a fact belongs to a unit that exists';\n                END IF;\n                RETURN NULL;\n                ", hash='72b0a1906037b27614708e22c650c495962536c6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_fact_is_of_a_known_unit_106bb', referencing='REFERENCING NEW TABLE AS added ', table='evaluation_fact', when='AFTER')),
        ),
    ]
