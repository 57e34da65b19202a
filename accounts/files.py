"""Uploads are judged by their content, never by their name."""

import errno
import logging
import uuid
from pathlib import Path, PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed

SCANS = {b"%PDF-": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}


def scan_suffix(file):
    """The file's true suffix (.pdf, .jpg, .png) by its first bytes, or None."""
    file.seek(0)
    start = file.read(16)
    file.seek(0)
    return next((suffix for magic, suffix in SCANS.items() if start.startswith(magic)), None)


def checked_scan(file):
    """Form validator for a scan: PDF, JPEG or PNG within `UPLOAD_MAX_BYTES`.

    The file is renamed to a random name with its true suffix, so that no stored name can be
    guessed or lie about its content.
    """
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("Berkas terlalu besar: paling besar %(most)s MB.")
            % {"most": settings.UPLOAD_MAX_BYTES // 1_000_000}
        )
    suffix = scan_suffix(file)
    if suffix is None:
        raise ValidationError(
            _("%(name)s bukan PDF, JPEG atau PNG.") % {"name": PurePath(file.name).name}
        )
    file.name = f"{uuid.uuid4().hex}{suffix}"


def checked_pdf(file):
    """As `checked_scan`, for what has to be a PDF."""
    if scan_suffix(file) != ".pdf":
        raise ValidationError(_("%(name)s bukan PDF.") % {"name": PurePath(file.name).name})
    checked_scan(file)


logger = logging.getLogger(__name__)

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


class StorageFull(NotAllowed):
    """The upload folder takes no more: the act is undone, the form keeps what was typed."""


class FileMissing(FileNotFoundError):
    """A file that the database knows of is not in the upload folder: only a backup has it."""


class Storage(FileSystemStorage):
    """The upload folder. A file is there whole or not at all."""

    def _open(self, name, mode="rb"):
        try:
            return super()._open(name, mode)
        except FileNotFoundError as error:
            logger.exception("stored file is missing: %s", name)
            raise FileMissing(error.errno, error.strerror, name) from error

    def _save(self, name, content):
        known = self.exists(name)
        try:
            return super()._save(name, content)
        except OSError as error:
            if not known:
                Path(self.path(name)).unlink(missing_ok=True)
            if error.errno not in NO_ROOM:
                raise
            raise StorageFull(
                _(
                    "Tempat penyimpanan berkas penuh. Tidak ada yang tersimpan; beri tahu admin "
                    "sistem, lalu kirim lagi."
                )
            ) from error
