import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_pulses"),
    ]

    operations = [
        migrations.AddField(
            model_name="accessrecord",
            name="address",
            field=models.GenericIPAddressField(
                blank=True, null=True, verbose_name="alamat jaringan"
            ),
        ),
        migrations.AddField(
            model_name="accessrecord",
            name="request",
            field=models.CharField(
                blank=True, db_default="", max_length=64, verbose_name="permintaan"
            ),
        ),
        migrations.AddIndex(
            model_name="accessrecord",
            index=models.Index(fields=["at"], name="access_at"),
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="waktu"
                    ),
                ),
                ("user_email", models.CharField(max_length=254, verbose_name="pengguna")),
                (
                    "kind",
                    models.CharField(
                        choices=[("in", "masuk"), ("out", "keluar"), ("failed", "gagal masuk")],
                        max_length=6,
                        verbose_name="kejadian",
                    ),
                ),
                (
                    "address",
                    models.GenericIPAddressField(
                        blank=True, null=True, verbose_name="alamat jaringan"
                    ),
                ),
                ("agent", models.CharField(blank=True, max_length=200, verbose_name="peramban")),
            ],
            options={
                "verbose_name": "catatan masuk",
                "verbose_name_plural": "catatan masuk",
                "ordering": ["-at"],
                "indexes": [models.Index(fields=["user_email", "-at"], name="sign_in_user")],
            },
        ),
    ]
