import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_lpk"),
        ("reports", "0003_report"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CityEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="dibuat pada",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="tahun mulai")),
                ("as_of", models.DateField(verbose_name="per tanggal")),
                ("data", models.JSONField(verbose_name="isi")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="dibuat oleh",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="city_editions",
                        to="accounts.facility",
                    ),
                ),
            ],
            options={
                "verbose_name": "angka untuk kota",
                "verbose_name_plural": "angka untuk kota",
                "ordering": ["-as_of"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facility", "year", "as_of"), name="city_edition_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__range", (1900, 2100))),
                        name="city_edition_of_a_year",
                    ),
                ],
            },
        ),
    ]
