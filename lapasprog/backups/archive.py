"""The archive: a tar, sealed with age when keys are given, that appears whole or not at all.

`manifest.json` comes first, then `database.dump` and `files/…`, and last `checksums.jsonl`, one
line a member with its size and SHA-256. Without that last member an archive is incomplete.
"""

import errno
import hashlib
import io
import json
import os
import re
import tarfile
import threading
from contextlib import contextmanager
from pathlib import Path

import pyrage
from django.utils._os import safe_join

from lapasprog.backups import BackupFailed

MANIFEST, DUMP, CHECKSUMS = "manifest.json", "database.dump", "checksums.jsonl"
FILES = "files/"
SEALED = b"age-encryption.org/"
CHUNK = 1 << 20
PRIVATE = 0o600


class Writer:
    """Members one after the other, into an open tar; `sums` takes the list of checksums."""

    def __init__(self, tar, sums):
        self.tar, self.sums = tar, sums

    def add_json(self, name, content):
        raw = json.dumps(content, indent=1, sort_keys=True).encode()
        self._member(name, len(raw), io.BytesIO(raw))

    def add(self, name, path):
        """A file; returns its SHA-256."""
        with path.open("rb") as content:
            return self._member(name, os.fstat(content.fileno()).st_size, content)

    def finish(self):
        size = self.sums.tell()
        self.sums.seek(0)
        self.tar.addfile(_entry(CHECKSUMS, size), self.sums)

    def _member(self, name, size, content):
        counted = _Summed(content)
        self.tar.addfile(_entry(name, size), counted)
        self.tar.members = []  # or a million files are remembered to the end
        self.sums.write(_line(name, size, counted.sha256) + b"\n")
        return counted.sha256


@contextmanager
def written(target, recipients, scratch):
    """A `Writer` to `target`, which appears with mode 0600 when the block ends well."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as out:
            with (
                _sealed(out, recipients) as stream,
                tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar,
                (scratch / CHECKSUMS).open("w+b") as sums,
            ):
                writer = Writer(tar, sums)
                yield writer
                writer.finish()
            out.flush()
            os.fsync(out.fileno())
        part.rename(target)
        _sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _sealed(out, recipients):
    """A stream whose bytes arrive in `out`, encrypted on their way when there are recipients."""
    if not recipients:
        yield out
        return
    keys = [_recipient(text) for text in recipients]
    read, write = os.pipe()
    failure = []

    def seal():
        with os.fdopen(read, "rb") as source:
            try:
                pyrage.encrypt_io(source, out, keys)
            except Exception as error:  # told where the archive is written
                failure.append(error)

    thread = threading.Thread(target=seal, daemon=True)
    thread.start()
    try:
        with os.fdopen(write, "wb") as stream:
            yield stream
    except BrokenPipeError as error:
        thread.join()
        raise OSError(*_reason(failure or [error])) from error
    finally:
        thread.join()
    if failure:
        raise OSError(*_reason(failure))


def _reason(failure):
    """age tells what the system said as text: `OSError: [Errno 28] No space left on device`."""
    number = re.search(r"Errno (\d+)", str(failure[0]))
    return (int(number[1]) if number else errno.EIO), str(failure[0])


def _recipient(text):
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BackupFailed(f"BACKUP_KEY holds no public key (age1...): {error}") from error


def _identities(texts):
    try:
        return [pyrage.x25519.Identity.from_str(text) for text in texts]
    except pyrage.IdentityError as error:
        raise BackupFailed(f"That is no secret key (AGE-SECRET-KEY-1...): {error}") from error


def new_key():
    """(public key, secret key): who has the first can seal, only who has the second can open."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def unpacked(archive, identities, folder, on_manifest):
    """Everything into `folder`, checked byte for byte; returns (manifest, members, bytes).

    `on_manifest` is told the manifest before anything else is read; it may refuse by raising.
    """
    with archive.open("rb") as source:
        is_sealed = source.read(len(SEALED)) == SEALED
        source.seek(0)
        if is_sealed and not identities:
            raise BackupFailed("The archive is sealed: give its secret key (--key-file).")
        with _opened(source, _identities(identities) if is_sealed else None) as stream:
            try:
                return _unpack(stream, folder, on_manifest)
            except tarfile.TarError as error:
                raise BackupFailed(f"The archive is damaged or cut short: {error}") from error


@contextmanager
def _opened(source, identities):
    if identities is None:
        yield source
        return
    read, write = os.pipe()
    failure = []

    def unseal():
        with os.fdopen(write, "wb") as target:
            try:
                pyrage.decrypt_io(source, target, identities)
            except Exception as error:  # told where the archive is read
                failure.append(error)

    thread = threading.Thread(target=unseal, daemon=True)
    thread.start()
    try:
        with os.fdopen(read, "rb") as stream:
            yield stream
            while stream.read(CHUNK):  # to the end, whose seal tells that nothing was cut off
                pass
    except BackupFailed as error:
        thread.join()
        if failure and not isinstance(failure[0], BrokenPipeError):
            raise BackupFailed(_why_not_opened(failure[0])) from error
        raise
    thread.join()
    if failure:
        raise BackupFailed(_why_not_opened(failure[0]))


def _why_not_opened(error):
    return f"The archive does not open: wrong key, damaged or cut short ({error})."


def _unpack(stream, folder, on_manifest):
    manifest, members, size = None, 0, 0
    with (folder / "seen").open("w+b") as seen, tarfile.open(fileobj=stream, mode="r|") as tar:
        for entry in tar:
            tar.members = []
            if not entry.isreg():
                raise BackupFailed(f"The archive holds what no backup makes: {entry.name!r}.")
            target = Path(safe_join(folder, entry.name))
            target.parent.mkdir(parents=True, exist_ok=True)
            sha256 = _copy(tar.extractfile(entry), target)
            if entry.name == CHECKSUMS:
                seen.seek(0)
                _compare(target, seen)
                if manifest is None:
                    break
                return manifest, members, size
            if manifest is None:
                if entry.name != MANIFEST:
                    break
                manifest = json.loads(target.read_text())
                on_manifest(manifest)
            members, size = members + 1, size + entry.size
            seen.write(_line(entry.name, entry.size, sha256) + b"\n")
    raise BackupFailed("This is no complete backup: its list of checksums is missing.")


def _compare(listed, seen):
    with listed.open("rb") as lines:
        for line in lines:
            found = seen.readline()
            if line != found:
                name = json.loads(line)["name"]
                raise BackupFailed(f"{name} in the archive is not what was backed up.")
    if seen.readline():
        raise BackupFailed("The archive holds more than its list of checksums.")


def _copy(content, target):
    counted = _Summed(content)
    with target.open("wb") as out:
        while block := counted.read(CHUNK):
            out.write(block)
    return counted.sha256


def _line(name, size, sha256):
    return json.dumps({"name": name, "size": size, "sha256": sha256}).encode()


def _entry(name, size):
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, PRIVATE
    return entry


def _sync_folder(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Summed:
    """A file that is read once, and its SHA-256."""

    def __init__(self, content):
        self.content = content
        self.digest = hashlib.sha256()

    def read(self, size=-1):
        block = self.content.read(size)
        self.digest.update(block)
        return block

    @property
    def sha256(self):
        return self.digest.hexdigest()
