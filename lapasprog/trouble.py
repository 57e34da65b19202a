"""What a reader gets when the house itself fails: a calm page that says what to do.

The database away or a disk that is full is no error of a page: it passes, so the answer says that
the page may be asked for again (503 with `Retry-After`, 507). A stored file that is not there (404)
comes back with a backup only.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.views.defaults import page_not_found, server_error
from psycopg2 import DatabaseError
from psycopg2.errors import DiskFull

from accounts.files import NO_ROOM, FileMissing, StorageFull

RETRY_AFTER = "20"  # seconds


def page(request):
    """`handler500`: the page for the error in hand."""
    causes = list(_causes(sys.exc_info()[1]))
    if any(_is_without_room(error) for error in causes):
        return _shown(request, "507.html", 507)
    if any(_is_database_away(error) for error in causes):
        return _shown(request, "503.html", 503)
    if any(isinstance(error, FileMissing) for error in causes):
        return _shown(request, "file_missing.html", 404)
    return server_error(request)


def not_found(request, exception):
    """`handler404`: a file that was stored and is not there is another matter than a wrong link."""
    if isinstance(exception.__cause__, FileMissing):
        return _shown(request, "file_missing.html", 404)
    return page_not_found(request, exception)


def _shown(request, template, status):
    """Without the request: nothing on this page may ask the database."""
    asked = {"again": request.get_full_path() if request.method == "GET" else ""}
    response = render(None, template, asked, status=status)
    if status >= 500:
        response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response


def _is_database_away(error):
    """A connection that breaks in the middle of an answer has no kind of error and no code."""
    return isinstance(error, OperationalError | InterfaceError) or (
        type(error) is DatabaseError and error.pgcode is None
    )


def _is_without_room(error):
    """Of the upload folder, of the machine, or of the database's machine."""
    return isinstance(error, StorageFull | DiskFull) or (
        isinstance(error, OSError) and error.errno in NO_ROOM
    )


def _causes(error):
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
