"""The prison that answers for a person: the one that holds them, or else held them last.

Papers for work are kept up after release, too, as long as somebody works on them.
"""

from django.utils.translation import gettext as _

from accounts.permissions import may, require
from accounts.refusals import NotAllowed
from inmates.models import Custody, Inmate
from inmates.services import people
from inmates.states import CustodyEnd


def of(inmate):
    """The id of that prison, None for who was never in custody."""
    inmate = inmate.merged_into or inmate
    if inmate.prison_id:
        return inmate.prison_id
    stays = Custody.objects.filter(inmate__in=Inmate.objects.records_of(inmate))
    last = stays.exclude(ended_how=CustodyEnd.DUPLICATE).order_by("until", "pk").last()
    return last and last.facility_id


def acts(user, inmate, act_name):
    """Whether the user may do the act there."""
    prison = of(inmate)
    return prison is not None and may(user, act_name, prison)


def locked(inmate, by, act_name):
    """The record that is used now, locked, and the prison's id, if `by` may do the act there."""
    inmate = people.locked(inmate)
    if inmate.anonymised_on:
        raise NotAllowed(_("Data orang ini sudah dianonimkan."))
    prison = of(inmate)
    if prison is None:
        raise NotAllowed(_("Orang ini tidak pernah ditempatkan di lapas mana pun."))
    require(by, act_name, prison)
    return inmate, prison
