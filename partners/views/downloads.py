"""A kept file as a download; whoever calls this has found its row inside the reader's scope."""

from pathlib import PurePath

from django.http import FileResponse
from django.utils.text import slugify

from accounts.views.pages import opened


def download(file, name):
    """The file under a readable name with its true suffix; 404 when there is none."""
    return FileResponse(
        opened(file),
        as_attachment=True,
        filename=f"{slugify(name)[:80] or 'berkas'}{PurePath(file.name).suffix}",
    )
