"""What every page does: find (scoped), ask (form), do (service), show."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render

from accounts import stand_ins
from accounts.files import FileMissing
from accounts.refusals import NotAllowed
from accounts.services import access

REASON_LENGTH = 250


def find(queryset, user, public_id):
    """The one row with this `public_id` inside the user's scope; anything else is a 404.

    `queryset` may be a manager; it needs `visible_to`.
    """
    for row in stand_ins.known_by(queryset, user, public_id):
        return row
    raise Http404


def opened(file):
    """A stored file, open to be read: before its reader is on record. 404 where none was stored,
    or where only a backup has it."""
    if not file:
        raise Http404
    try:
        return file.open("rb")
    except FileMissing as error:
        raise Http404 from error


def perform(form, service, **arguments):
    """Call a service for a valid form. Its refusal is shown in the form; None is returned then."""
    try:
        return service(**arguments)
    except NotAllowed as refusal:
        _add_errors(form, refusal)
        form.named = refusal.people
        return None


def _add_errors(form, refusal):
    if hasattr(refusal, "error_dict"):
        for field, errors in refusal.error_dict.items():
            form.add_error(field if field in form.fields else None, ValidationError(errors))
    else:
        form.add_error(None, refusal)


def reason_in(request):
    """Why, as typed into the one field of a button's own panel (`confirm_form.html`)."""
    return request.POST.get("reason", "").replace("\0", "").strip()[:REASON_LENGTH]


def done(request, sentence, to, *args, people=()):
    """A green sentence, and on to the next page (`to` is anything `redirect` takes).

    `people` are those whom the sentence names.
    """
    access.record(request, access.VIEW, people)
    messages.success(request, sentence)
    return redirect(to, *args)


def show(request, template, context=None, *, form=None):
    """Render a page; a form that came back with errors answers 422, so that nothing caches it.

    Whom a refusal names, shown in the form, is on record.
    """
    access.record(request, access.VIEW, getattr(form, "named", ()))
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **(context or {})}, status=status)


def unseen(response):
    """For a page whose address is a key: no search engine, no referrer and no log may learn it.

    The referrer policy is not `no-referrer`, because the browser would then send the form with
    the origin `null`, which the CSRF check refuses.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "strict-origin"
    response._has_been_logged = True  # or Django logs the path of every 4xx
    return response
