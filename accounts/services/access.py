"""Who saw or exported which named people: one record per response (UU 27/2022)."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import QuerySet

from accounts import wall
from accounts.models import AccessRecord

VIEW, EXPORT = "view", "export"


def record(request, act, people):
    """Write down that this response names `people` (anything with a `public_id`).

    Call it before the response leaves; no people, no record. The path is kept without its query.
    """
    subjects = list(dict.fromkeys(_ids(act, people)))
    if not subjects:
        return None
    with wall.outside():
        return AccessRecord.objects.create(
            user_email=request.user.email,
            act=act,
            path=request.path[:200],
            subjects=subjects,
            address=address_of(request),
            request=getattr(request, "id", "")[:64],
        )


def _ids(act, people):
    if act == EXPORT and isinstance(people, QuerySet):  # it may be long, and is only asked here
        return people.values_list("public_id", flat=True).iterator(chunk_size=2_000)
    return [person.public_id for person in people]


def address_of(request):
    """The network address that asked, None where it is not known (a socket, a wrong proxy)."""
    try:
        return get_adapter(request).get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):
        return None
