from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('training', '0009_rounds'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='certificate',
            index=models.Index(condition=models.Q(('state', 'issued'), models.Q(('kind', 'participation'), _negated=True)), fields=['enrolment'], include=('issued_on',), name='certificate_certified'),
        ),
    ]
