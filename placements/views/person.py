"""One person's page: all that the app holds on them, and who was shown is written down."""

from accounts.services import access
from accounts.views.pages import find, show
from inmates.models import Custody, Inmate, Restriction


def detail(request, public_id):
    """One person. After custody here has ended: name, key, and the stays at this prison."""
    inmate = find(Inmate.objects.select_related("sentence"), request.user, public_id)
    custodies = Custody.objects.visible_to(request.user).filter(inmate=inmate)
    current = custodies.open().select_related("facility").first()
    restrictions = Restriction.objects.visible_to(request.user).in_force().filter(inmate=inmate)
    access.record(request, access.VIEW, [inmate])
    return show(
        request,
        "placements/person.html",
        {
            "inmate": inmate,
            "current": current,
            "sentence": getattr(inmate, "sentence", None) if current else None,
            "custodies": custodies.select_related("facility"),
            "restrictions": restrictions if current else [],
        },
    )
