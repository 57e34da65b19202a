from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('accounts', '0007_lpk'),
        ('correspondence', '0009_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='notice',
            index=models.Index(condition=models.Q(('acknowledged_at__isnull', True), ('state', 'live'), ('told_on__isnull', False)), fields=['due'], name='notice_unnoted'),
        ),
    ]
