import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models
from longsha_credit.audit.migrating import QuietMigration


class Migration(QuietMigration):

    dependencies = [
        ('publication', '0005_findings'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='publication',
            index=django.contrib.postgres.indexes.GinIndex(models.Func(models.F('search'), models.Value('{a,b}'), function='ts_filter', output_field=django.contrib.postgres.search.SearchVectorField()), name='publication_headings'),
        ),
    ]
