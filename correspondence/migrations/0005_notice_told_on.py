from django.db import migrations, models


def escalate(apps, schema_editor):
    """The national rules for the end of agreements get their escalation where none was said."""
    policies = apps.get_model("correspondence", "ReminderPolicy")
    policies.objects.using(schema_editor.connection.alias).filter(
        facility=None, kind__in=["agreement_end", "agreement_notice"], escalate_after=None
    ).update(escalate_after=7, escalation=["officer", "head", "warden"])


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0004_letterheads_of_prisons")]

    operations = [
        migrations.AddField(model_name="notice", name="told_on", field=models.DateField(null=True)),
        migrations.RunPython(escalate, migrations.RunPython.noop),
    ]
