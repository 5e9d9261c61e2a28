"""Rows from before the column: what was published then were promises and their reports, whose code stands in the address.

A migration of its own: a table with pending checks of changed rows takes no new index.
"""

from django.db import migrations

FILL = r"""
UPDATE publication_publication SET reference = substring(path from '[0-9]{20}')
WHERE reference = '' AND path ~ '[0-9]{20}'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('publication', '0002_search'),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
