"""A kept file as a download; whoever calls this has found its row inside the reader's scope."""

from pathlib import PurePath

from django.http import FileResponse, Http404
from django.utils.text import slugify


def download(file, name):
    """The file under a readable name with its true suffix; 404 when there is none."""
    if not file or not file.storage.exists(file.name):
        raise Http404
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=f"{slugify(name)[:80] or 'berkas'}{PurePath(file.name).suffix}",
    )
