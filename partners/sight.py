"""Of which agencies a liaison sees something: for the second wall, and for who stands in."""

from accounts import stand_ins, wall
from partners.models import Agency


def sight_of(user):
    """What a liaison sees: the own agency and the units below it."""
    return wall.Sight(Agency.objects.ids_under(user), user.pk)


@stand_ins.scope
def of_liaison(user):
    """By which ids a liaison's rows are found, as `Agency.objects` remembers them on the user."""
    if not user.is_liaison:
        return {}
    own, below = Agency.objects.own_ids(user), Agency.objects.ids_under(user)
    return {"_own_agency_ids": own, "_agency_ids": below}
