"""A liaison row belongs only to a user of kind liaison: a composite foreign key."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE partners_liaison ADD CONSTRAINT liaison_user_kind "
            "FOREIGN KEY (user_id, user_kind) REFERENCES accounts_user (id, kind) "
            "DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE partners_liaison DROP CONSTRAINT liaison_user_kind",
            hints={"schema": True},
        )
    ]
