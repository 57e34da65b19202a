"""What 0001 to 0002 make of an empty database, in one step; older databases go the long way."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from accounts.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('placements', '0001_initial'),
        ('placements', '0002_retention_run'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0002_retention'),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='CircumstancePolicy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='dibuat pada')),
                        ('kind', models.CharField(choices=[('transferred', 'Pindah lapas'), ('released', 'Bebas'), ('died', 'Meninggal'), ('escaped', 'Melarikan diri'), ('discipline', 'Masuk Register F'), ('security', 'Keberatan keamanan'), ('unfit', 'Belum laik kesehatan'), ('lifted', 'Pembatasan berakhir'), ('dates', 'Tanggal bebas berubah'), ('register', 'Golongan registrasi berubah'), ('consent', 'Persetujuan ditarik')], max_length=12, verbose_name='perubahan')),
                        ('effect', models.CharField(choices=[('end', 'Dihentikan otomatis'), ('suspend', 'Ditangguhkan otomatis'), ('ask', 'Menunggu keputusan petugas'), ('ignore', 'Tidak berpengaruh')], max_length=8, verbose_name='akibat')),
                        ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dibuat oleh')),
                        ('facility', models.ForeignKey(blank=True, help_text='Kosong: berlaku di semua lapas yang tidak punya aturan sendiri.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.facility', verbose_name='lapas')),
                    ],
                    options={
                        'verbose_name': 'aturan perubahan keadaan',
                        'verbose_name_plural': 'aturan perubahan keadaan',
                        'ordering': ['kind', 'facility'],
                        'constraints': [models.UniqueConstraint(fields=('facility', 'kind'), name='circumstance_policy_once', nulls_distinct=False, violation_error_message='Aturan untuk perubahan ini sudah ada.'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('transferred', 'released', 'died', 'escaped')), _negated=True), ('effect', 'end'), _connector='OR'), name='circumstance_policy_leaving_ends', violation_error_message='Siapa yang sudah keluar tidak bisa melanjutkan.')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_circumstancepolicyevent" ("created_at", "created_by_id", "effect", "facility_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."created_by_id", NEW."effect", NEW."facility_id", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='d663c25a9db41aa54e3e5300b1341761fe567f69', operation='INSERT', pgid='pgtrigger_insert_insert_4ed49', table='placements_circumstancepolicy', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "placements_circumstancepolicyevent" ("created_at", "created_by_id", "effect", "facility_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."created_by_id", NEW."effect", NEW."facility_id", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='56cf6fc278bb8a363f4f04f75fe3c8cca9f43877', operation='UPDATE', pgid='pgtrigger_update_update_27c45', table='placements_circumstancepolicy', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_circumstancepolicyevent" ("created_at", "created_by_id", "effect", "facility_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."created_at", OLD."created_by_id", OLD."effect", OLD."facility_id", OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='2fda675973dfa421a83624f05693685420b8cde9', operation='DELETE', pgid='pgtrigger_delete_delete_32c8a', table='placements_circumstancepolicy', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='RetentionRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='dimulai')),
                        ('today', models.DateField(verbose_name='untuk tanggal')),
                        ('ran_by', models.CharField(max_length=100, verbose_name='dijalankan oleh')),
                        ('people', models.PositiveIntegerField(default=0, verbose_name='orang dianonimkan')),
                        ('import_rows', models.PositiveIntegerField(default=0, verbose_name='baris impor dikosongkan')),
                        ('files', models.PositiveIntegerField(default=0, verbose_name='berkas dihapus')),
                        ('files_pending', models.JSONField(default=list)),
                        ('finished_at', models.DateTimeField(null=True, verbose_name='selesai')),
                    ],
                    options={
                        'verbose_name': 'penerapan masa simpan',
                        'verbose_name_plural': 'penerapan masa simpan',
                        'ordering': ['-at', '-id'],
                    },
                ),
                migrations.CreateModel(
                    name='CircumstancePolicyEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='dibuat pada')),
                        ('kind', models.CharField(choices=[('transferred', 'Pindah lapas'), ('released', 'Bebas'), ('died', 'Meninggal'), ('escaped', 'Melarikan diri'), ('discipline', 'Masuk Register F'), ('security', 'Keberatan keamanan'), ('unfit', 'Belum laik kesehatan'), ('lifted', 'Pembatasan berakhir'), ('dates', 'Tanggal bebas berubah'), ('register', 'Golongan registrasi berubah'), ('consent', 'Persetujuan ditarik')], max_length=12, verbose_name='perubahan')),
                        ('effect', models.CharField(choices=[('end', 'Dihentikan otomatis'), ('suspend', 'Ditangguhkan otomatis'), ('ask', 'Menunggu keputusan petugas'), ('ignore', 'Tidak berpengaruh')], max_length=8, verbose_name='akibat')),
                        ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dibuat oleh')),
                        ('facility', models.ForeignKey(blank=True, db_constraint=False, help_text='Kosong: berlaku di semua lapas yang tidak punya aturan sendiri.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.facility', verbose_name='lapas')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='placements.circumstancepolicy')),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a624254964cc2e46e4548127aa6ce77bc6bd0b08', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_03c50', table='placements_circumstancepolicyevent', when='BEFORE'))],
                    },
                ),
            ]
        ),
    ]
