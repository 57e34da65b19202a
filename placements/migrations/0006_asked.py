import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('placements', '0005_wrong_entries'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='vacancy',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['trade'], name='vacancy_open_trade'),
        ),
        AddIndexConcurrently(
            model_name='vacancy',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('state', 'open')), fields=['units'], name='vacancy_open_units'),
        ),
    ]
