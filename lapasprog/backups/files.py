"""Uploaded files and letters on disk: those that a snapshot of the database names.

A file is written before the row that names it is committed and never written again, so the files
of a snapshot are complete. One that is deleted meanwhile (retention, a scan put right) stays
readable for the backup by a hard link of its own.
"""

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils._os import safe_join
from pghistory.models import Event

from correspondence.models import LetterFile
from lapasprog.backups.database import OWNER

PINNED = ".backup-"  # folders of links inside MEDIA_ROOT; no upload has such a name
CHUNK = 2000


@dataclass(frozen=True)
class Named:
    """A file that a row names; `sha256` is what the row itself says of its content, if it does."""

    name: str
    sha256: str = ""


class Pinned:
    """The files of a snapshot, held fast in `folder`; `gone` are named but not there.

    Their names stand in a file of their own: there may be millions.
    """

    def __init__(self, folder):
        self.folder, self.listing = folder, folder / ".names"
        self.number = self.letters = 0
        self.gone = []

    def fill(self, root):
        with self.listing.open("w") as listing:
            for file in named():
                try:
                    _link(Path(safe_join(root, file.name)), self.folder / file.name)
                except FileExistsError:
                    continue  # two rows name it
                except FileNotFoundError:
                    self.gone.append(file.name)
                else:
                    listing.write(json.dumps([file.name, file.sha256]) + "\n")
                    self.number += 1
                    self.letters += bool(file.sha256)

    def __iter__(self):
        with self.listing.open() as listing:
            for line in listing:
                yield Named(*json.loads(line))


def named():
    """Each file that a row of the running transaction names, once for each row."""
    for model in apps.get_models():
        if issubclass(model, Event) or model._meta.proxy or not model._meta.managed:
            continue
        for each in model._meta.local_fields:
            if isinstance(each, models.FileField):
                yield from _named_by(model, each.attname)


def _named_by(model, column):
    rows = model._base_manager.using(OWNER).exclude(**{column: ""}).exclude(**{column: None})
    sums = "sha256" if model is LetterFile else column
    for name, sha256 in rows.order_by("pk").values_list(column, sums).iterator(CHUNK):
        yield Named(name, sha256 if model is LetterFile else "")


@contextmanager
def pinned():
    """Links to all named files for the length of the block."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    forget_pinned()
    folder = Path(tempfile.mkdtemp(prefix=PINNED, dir=root))
    try:
        held = Pinned(folder)
        held.fill(root)
        yield held
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _link(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except (FileNotFoundError, FileExistsError):
        raise
    except OSError:  # a file system without hard links, or another one below a folder
        shutil.copyfile(source, target)


def forget_pinned():
    """What a killed backup left; only one runs at a time."""
    for left in Path(settings.MEDIA_ROOT).glob(f"{PINNED}*"):
        shutil.rmtree(left, ignore_errors=True)


def present():
    """Whether the upload folder holds anything."""
    root = Path(settings.MEDIA_ROOT)
    return root.exists() and any(path.is_file() for path in root.rglob("*"))
