"""Who saw or exported which named people: one record per response (UU 27/2022)."""

from accounts import wall
from accounts.models import AccessRecord

VIEW, EXPORT = "view", "export"


def record(request, act, people):
    """Write down that this response names `people` (anything with a `public_id`).

    Call it before the response leaves; no people, no record. The path is kept without its query.
    """
    subjects = list(dict.fromkeys(person.public_id for person in people))
    if not subjects:
        return None
    with wall.outside():
        return AccessRecord.objects.create(
            user_email=request.user.email, act=act, path=request.path[:200], subjects=subjects
        )
