"""What 0001 to 0004 make of an empty database, in one step; older databases go the long way."""

import accounts.models.base
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from accounts.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_retention'),
        ('accounts', '0003_access_lookups'),
        ('accounts', '0004_outside'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        django.contrib.postgres.operations.BtreeGinExtension(
        ),
        django.contrib.postgres.operations.TrigramExtension(
        ),
        CreateModels(
            [
                migrations.CreateModel(
                    name='AccessRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='waktu')),
                        ('user_email', models.CharField(max_length=254, verbose_name='pengguna')),
                        ('act', models.CharField(max_length=20, verbose_name='tindakan')),
                        ('path', models.CharField(max_length=200, verbose_name='halaman')),
                        ('subjects', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='warga binaan')),
                    ],
                    options={
                        'verbose_name': 'catatan akses',
                        'verbose_name_plural': 'catatan akses',
                        'ordering': ['-at'],
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['subjects'], name='access_subjects'), models.Index(fields=['user_email', '-at'], name='access_user')],
                    },
                ),
                migrations.CreateModel(
                    name='Holiday',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(unique=True, verbose_name='tanggal')),
                        ('name', models.CharField(max_length=120, verbose_name='nama')),
                    ],
                    options={
                        'verbose_name': 'hari libur',
                        'verbose_name_plural': 'hari libur',
                        'ordering': ['day'],
                    },
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('public_id', models.UUIDField(db_default=accounts.models.base.RandomUUID(), editable=False, unique=True)),
                        ('email', models.EmailField(max_length=254, unique=True, verbose_name='alamat e-mail')),
                        ('name', models.CharField(max_length=150, verbose_name='nama')),
                        ('nip', models.CharField(blank=True, max_length=18, verbose_name='NIP')),
                        ('phone', models.CharField(blank=True, max_length=20, verbose_name='nomor telepon')),
                        ('kind', models.CharField(choices=[('staff', 'Petugas lapas'), ('liaison', 'Narahubung instansi'), ('observer', 'Pemantau'), ('admin', 'Admin sistem')], default='staff', max_length=10, verbose_name='jenis')),
                        ('language', models.CharField(default='id', max_length=2, verbose_name='bahasa')),
                        ('is_staff', models.BooleanField(default=False, verbose_name='boleh masuk admin')),
                        ('is_active', models.BooleanField(default=True, verbose_name='aktif')),
                        ('date_joined', models.DateTimeField(auto_now_add=True, verbose_name='terdaftar sejak')),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': 'pengguna',
                        'verbose_name_plural': 'pengguna',
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_once', violation_error_message='Alamat e-mail ini sudah dipakai.'), models.UniqueConstraint(fields=('id', 'kind'), name='user_id_kind')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("date_joined", "email", "id", "is_active", "is_staff", "is_superuser", "kind", "language", "name", "nip", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "public_id") VALUES (NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."kind", NEW."language", NEW."name", NEW."nip", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."phone", NEW."public_id"); RETURN NULL;', hash='181417b4336fc6dc504c87776c502aa8a1748536', operation='INSERT', pgid='pgtrigger_insert_insert_3867c', table='accounts_user', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."nip" IS DISTINCT FROM (NEW."nip") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id"))', func='INSERT INTO "accounts_userevent" ("date_joined", "email", "id", "is_active", "is_staff", "is_superuser", "kind", "language", "name", "nip", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "public_id") VALUES (NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."kind", NEW."language", NEW."name", NEW."nip", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."phone", NEW."public_id"); RETURN NULL;', hash='3772fb64e4e4c5e1991d1e9631acedc3f31e649f', operation='UPDATE', pgid='pgtrigger_update_update_0e890', table='accounts_user', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("date_joined", "email", "id", "is_active", "is_staff", "is_superuser", "kind", "language", "name", "nip", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "public_id") VALUES (OLD."date_joined", OLD."email", OLD."id", OLD."is_active", OLD."is_staff", OLD."is_superuser", OLD."kind", OLD."language", OLD."name", OLD."nip", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."phone", OLD."public_id"); RETURN NULL;', hash='34cb71178562b1abef8b033c781a865a27e7242f', operation='DELETE', pgid='pgtrigger_delete_delete_19f14', table='accounts_user', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Facility',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='dibuat pada')),
                        ('public_id', models.UUIDField(db_default=accounts.models.base.RandomUUID(), editable=False, unique=True)),
                        ('code', models.CharField(max_length=10, unique=True, verbose_name='kode')),
                        ('name', models.CharField(max_length=120, verbose_name='nama')),
                        ('city', models.CharField(max_length=80, verbose_name='kota')),
                        ('residence_code', models.CharField(blank=True, help_text='Kode Kemendagri kota/kabupaten yang warganya didahulukan, mis. 36.72.', max_length=13, verbose_name='kode wilayah kota')),
                        ('letterhead', models.JSONField(blank=True, default=list, help_text='Dari atas ke bawah.', verbose_name='baris kop surat')),
                        ('address', models.CharField(blank=True, max_length=250, verbose_name='alamat')),
                        ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dibuat oleh')),
                        ('retention_months', models.PositiveSmallIntegerField(blank=True, help_text='Sesudah itu data diri dianonimkan; angka statistik tetap. Kosong: umum.', null=True, verbose_name='masa simpan data sesudah bebas (bulan)')),
                    ],
                    options={
                        'verbose_name': 'lapas',
                        'verbose_name_plural': 'lapas',
                        'ordering': ['name'],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_facilityevent" ("address", "city", "code", "created_at", "created_by_id", "id", "letterhead", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "residence_code", "retention_months") VALUES (NEW."address", NEW."city", NEW."code", NEW."created_at", NEW."created_by_id", NEW."id", NEW."letterhead", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."residence_code", NEW."retention_months"); RETURN NULL;', hash='0ddb0a64d486ee7ab66366490d0504f56deef4d9', operation='INSERT', pgid='pgtrigger_insert_insert_bc6db', table='accounts_facility', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_facilityevent" ("address", "city", "code", "created_at", "created_by_id", "id", "letterhead", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "residence_code", "retention_months") VALUES (NEW."address", NEW."city", NEW."code", NEW."created_at", NEW."created_by_id", NEW."id", NEW."letterhead", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."residence_code", NEW."retention_months"); RETURN NULL;', hash='f61bfd6f0775afb4145ed3d9aefecb3f3d23f6e4', operation='UPDATE', pgid='pgtrigger_update_update_1d5e8', table='accounts_facility', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_facilityevent" ("address", "city", "code", "created_at", "created_by_id", "id", "letterhead", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "residence_code", "retention_months") VALUES (OLD."address", OLD."city", OLD."code", OLD."created_at", OLD."created_by_id", OLD."id", OLD."letterhead", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."residence_code", OLD."retention_months"); RETURN NULL;', hash='654615bf2dd5af46633e2c0030dd1ed62210cce9', operation='DELETE', pgid='pgtrigger_delete_delete_28991', table='accounts_facility', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='UserEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('public_id', models.UUIDField(db_default=accounts.models.base.RandomUUID(), editable=False)),
                        ('email', models.EmailField(max_length=254, verbose_name='alamat e-mail')),
                        ('name', models.CharField(max_length=150, verbose_name='nama')),
                        ('nip', models.CharField(blank=True, max_length=18, verbose_name='NIP')),
                        ('phone', models.CharField(blank=True, max_length=20, verbose_name='nomor telepon')),
                        ('kind', models.CharField(choices=[('staff', 'Petugas lapas'), ('liaison', 'Narahubung instansi'), ('observer', 'Pemantau'), ('admin', 'Admin sistem')], default='staff', max_length=10, verbose_name='jenis')),
                        ('language', models.CharField(default='id', max_length=2, verbose_name='bahasa')),
                        ('is_staff', models.BooleanField(default=False, verbose_name='boleh masuk admin')),
                        ('is_active', models.BooleanField(default=True, verbose_name='aktif')),
                        ('date_joined', models.DateTimeField(auto_now_add=True, verbose_name='terdaftar sejak')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9e9498e73f6fbdf2642fb33fa14189f1ad2382c8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_45b21', table='accounts_userevent', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='ActionLink',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='dibuat pada')),
                        ('public_id', models.UUIDField(db_default=accounts.models.base.RandomUUID(), editable=False, unique=True)),
                        ('token_hash', models.CharField(max_length=64, unique=True)),
                        ('act', models.CharField(max_length=40, verbose_name='tindakan')),
                        ('object_type', models.CharField(max_length=40)),
                        ('object_id', models.BigIntegerField()),
                        ('expires_at', models.DateTimeField(verbose_name='berlaku sampai')),
                        ('used_at', models.DateTimeField(null=True, verbose_name='dipakai pada')),
                        ('revoked_at', models.DateTimeField(null=True, verbose_name='dicabut pada')),
                        ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dibuat oleh')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='action_links', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'tautan tindakan',
                        'verbose_name_plural': 'tautan tindakan',
                        'indexes': [models.Index(fields=['object_type', 'object_id', 'act'], name='action_link_object')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='action_link_lasts')],
                    },
                ),
                migrations.CreateModel(
                    name='FacilityEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='dibuat pada')),
                        ('public_id', models.UUIDField(db_default=accounts.models.base.RandomUUID(), editable=False)),
                        ('code', models.CharField(max_length=10, verbose_name='kode')),
                        ('name', models.CharField(max_length=120, verbose_name='nama')),
                        ('city', models.CharField(max_length=80, verbose_name='kota')),
                        ('residence_code', models.CharField(blank=True, help_text='Kode Kemendagri kota/kabupaten yang warganya didahulukan, mis. 36.72.', max_length=13, verbose_name='kode wilayah kota')),
                        ('letterhead', models.JSONField(blank=True, default=list, help_text='Dari atas ke bawah.', verbose_name='baris kop surat')),
                        ('address', models.CharField(blank=True, max_length=250, verbose_name='alamat')),
                        ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dibuat oleh')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.facility')),
                        ('retention_months', models.PositiveSmallIntegerField(blank=True, help_text='Sesudah itu data diri dianonimkan; angka statistik tetap. Kosong: umum.', null=True, verbose_name='masa simpan data sesudah bebas (bulan)')),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='73d6475c7b387e954573dd1e0bddb84515c18e87', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_86774', table='accounts_facilityevent', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='Posting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='dibuat pada')),
                        ('title', models.CharField(blank=True, max_length=120, verbose_name='nama jabatan')),
                        ('acting', models.CharField(blank=True, choices=[('', 'definitif'), ('Plt.', 'Plt. (pelaksana tugas)'), ('Plh.', 'Plh. (pelaksana harian)')], max_length=4, verbose_name='Plt./Plh.')),
                        ('starts', models.DateField(verbose_name='mulai')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='sampai')),
                        ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dibuat oleh')),
                        ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='accounts.facility')),
                        ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='auth.group', to_field='name')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'penugasan',
                        'verbose_name_plural': 'penugasan',
                        'ordering': ['starts', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('starts')), _connector='OR'), name='posting_ends_after_start', violation_error_message='Penugasan tidak bisa berakhir sebelum dimulai.'), models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('user', 'facility', 'role'), name='posting_open_once', violation_error_message='Orang ini sudah memegang jabatan itu.')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_postingevent" ("acting", "created_at", "created_by_id", "facility_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "starts", "title", "until", "user_id") VALUES (NEW."acting", NEW."created_at", NEW."created_by_id", NEW."facility_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."role_id", NEW."starts", NEW."title", NEW."until", NEW."user_id"); RETURN NULL;', hash='65c78df8702285703ffc11c3d547acd146b19073', operation='INSERT', pgid='pgtrigger_insert_insert_b77f2', table='accounts_posting', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_postingevent" ("acting", "created_at", "created_by_id", "facility_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "starts", "title", "until", "user_id") VALUES (NEW."acting", NEW."created_at", NEW."created_by_id", NEW."facility_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."role_id", NEW."starts", NEW."title", NEW."until", NEW."user_id"); RETURN NULL;', hash='514f1b65cdedc664214f004d7e9a54eb13bbcd9b', operation='UPDATE', pgid='pgtrigger_update_update_0f4ef', table='accounts_posting', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_postingevent" ("acting", "created_at", "created_by_id", "facility_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "starts", "title", "until", "user_id") VALUES (OLD."acting", OLD."created_at", OLD."created_by_id", OLD."facility_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."role_id", OLD."starts", OLD."title", OLD."until", OLD."user_id"); RETURN NULL;', hash='801fa02c953fd72b4e0fea32a149d5ee050b5357', operation='DELETE', pgid='pgtrigger_delete_delete_37497', table='accounts_posting', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='PostingEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='dibuat pada')),
                        ('title', models.CharField(blank=True, max_length=120, verbose_name='nama jabatan')),
                        ('acting', models.CharField(blank=True, choices=[('', 'definitif'), ('Plt.', 'Plt. (pelaksana tugas)'), ('Plh.', 'Plh. (pelaksana harian)')], max_length=4, verbose_name='Plt./Plh.')),
                        ('starts', models.DateField(verbose_name='mulai')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='sampai')),
                        ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dibuat oleh')),
                        ('facility', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.facility')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.posting')),
                        ('role', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group', to_field='name')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='67a9d43a1aa45558559ab82ecf3267bc803e78cf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a2702', table='accounts_postingevent', when='BEFORE'))],
                    },
                ),
            ]
        ),
    ]
