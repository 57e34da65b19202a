"""A backup holds one moment, whatever happens meanwhile; a damaged or foreign one is refused."""

import json
import os
import tarfile
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from correspondence.models import Notice
from lapasprog.backups import BackupFailed, archive, keeping, restoring, taking
from lapasprog.models import BackupRun
from partners.models import Attachment, Engagement
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR_DIR, settings.BACKUP_DIR = tmp_path / "var", str(tmp_path / "kept")
    settings.BACKUP_KEY = []
    return tmp_path


@pytest.fixture
def visit(facility, agency, officer):
    return Engagement.objects.create(
        facility=facility,
        agency=agency,
        kind="visit",
        held_on=timezone.localdate(),
        purpose="Audiensi",
        created_by=officer,
    )


def attach(visit, words):
    return Attachment.objects.create(
        engagement=visit, name="a.pdf", file=ContentFile(b"%PDF-" + words, name=f"{words[:4]}.pdf")
    )


def test_what_comes_and_goes_meanwhile_is_in_both_or_in_none(visit, folder):
    kept, gone = attach(visit, b"kept"), attach(visit, b"gone")
    scratch = folder / "scratch"
    scratch.mkdir()
    with taking._snapshot() as (snapshot, held):
        gone.delete()
        default_storage.delete(gone.file.name)
        late = attach(visit, b"late")
        taken = taking._write(folder / "a.tar", [], scratch, snapshot, held, timezone.now(), 0)
    assert taken.missing == taken.changed == []
    with tarfile.open(taken.path) as tar:
        files = {name.removeprefix("files/") for name in tar.getnames() if "files/" in name}
        manifest = json.load(tar.extractfile("manifest.json"))
    assert files == {kept.file.name, gone.file.name}
    assert late.file.name not in files
    assert manifest["rows"]["partners_attachment"] == 2
    assert Attachment.objects.count() == 2
    assert not list(Path(default_storage.location).glob(".backup-*"))


def test_a_file_that_nobody_has_does_not_stop_the_backup_and_is_named(visit, settings):
    lost = attach(visit, b"lost")
    default_storage.delete(lost.file.name)
    taken = keeping.run()
    assert taken.missing == [lost.file.name]
    assert lost.file.name in BackupRun.objects.get().failure


def test_a_sealed_archive_opens_with_its_key_only_and_whole_only(visit, folder):
    attach(visit, b"secret words")
    public, secret = archive.new_key()
    taken = taking.take(keys=[public])
    assert taken.path.stat().st_mode & 0o777 == 0o600
    content = taken.path.read_bytes()
    assert b"secret words" not in content
    assert restoring.check(taken.path, identities=[secret])["rows"]["partners_attachment"] == 1

    with pytest.raises(BackupFailed, match="secret key"):
        restoring.check(taken.path)
    with pytest.raises(BackupFailed, match="does not open"):
        restoring.check(taken.path, identities=[archive.new_key()[1]])
    flipped = content[:9000] + bytes([content[9000] ^ 1]) + content[9001:]
    for damaged in (content[:-5000], flipped, content[:300]):
        taken.path.write_bytes(damaged)
        with pytest.raises(BackupFailed):
            restoring.check(taken.path, identities=[secret])


def test_an_archive_that_was_changed_or_is_newer_is_refused(visit, folder):
    attach(visit, b"words of a scan")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('x', '9_new', now())"
        )
    try:
        newer = taking.take(folder / "newer.tar")
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'x'")
    with pytest.raises(BackupFailed, match=r"newer lapasprog.*x\.9_new"):
        restoring.check(newer.path)
    taken = taking.take(folder / "a.tar")
    content = taken.path.read_bytes()
    for changed in (content.replace(b"words of a scan", b"words of a scam"), content[:-20_000]):
        taken.path.write_bytes(changed)
        with pytest.raises(BackupFailed):
            restoring.check(taken.path)
    taken.path.write_bytes(content)
    restoring.check(taken.path)
    with pytest.raises(CommandError, match=r"not empty|stop web"):
        call_command("restore", taken.path)


def test_nightly_backups_are_taken_once_kept_in_number_and_missed_aloud(settings):
    settings.BACKUP_KEEP = 2
    admin = UserFactory(kind="admin")
    night = timezone.make_aware(datetime(2026, 3, 2, 3, 0))
    assert keeping.is_overdue()
    assert keeping.keep(night)
    BackupRun.objects.update(at=night)
    assert keeping.keep(night) is None
    assert keeping.state() is not True  # months ago by now
    keeping.watch(night)
    assert not Notice.objects.live().filter(kind="backup_overdue").exists()
    keeping.watch()
    assert Notice.objects.live().filter(recipient=admin, kind="backup_overdue").count() == 1
    for name in ("lapasprog-20200101T000000Z.tar", "lapasprog-20200102T000000Z.tar"):
        (taking.folder() / name).touch()
    left = taking.folder() / ".lapasprog-20200103T000000Z.tar.part"
    (taking.work() / "killed").mkdir()
    left.touch()
    for each in (left, taking.work() / "killed"):
        os.utime(each, (0, 0))
    keeping.run()
    assert not list(taking.work().iterdir())
    assert len(list(taking.folder().iterdir())) == 2
    assert keeping.state() is True

    settings.BACKUP_KEY = ["no key"]
    with pytest.raises(CommandError, match="BACKUP_KEY"):
        call_command("backup")
    assert not BackupRun.objects.first().ok
    assert Notice.objects.live().filter(recipient=admin, kind="backup_failed").count() == 1
    settings.BACKUP_KEY = []
    keeping.run()
    assert not Notice.objects.live().filter(kind="backup_failed").exists()
