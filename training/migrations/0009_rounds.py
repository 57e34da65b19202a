from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('accounts', '0009_sign_ins'),
        ('partners', '0006_search'),
        ('training', '0008_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='slotproposal',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['facility', 'side', 'respond_by'], name='proposal_open_facility'),
        ),
        AddIndexConcurrently(
            model_name='slotproposal',
            index=models.Index(condition=models.Q(('state', 'open'), _negated=True), fields=['facility', '-answered_at'], name='proposal_answered_facility'),
        ),
        AddIndexConcurrently(
            model_name='slotproposal',
            index=models.Index(condition=models.Q(('state', 'open'), _negated=True), fields=['agency', '-answered_at'], name='proposal_answered_agency'),
        ),
    ]
