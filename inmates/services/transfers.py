"""Moves between prisons: the new prison asks and the prison of origin answers, or it sends.

The person is locked before the custody, the custody before the transfer. Until the origin says
yes, the asking prison learns no more than that the person is registered at another one.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.permissions import may, require
from accounts.refusals import act
from correspondence.services import notices
from inmates.models import Custody, Inmate, Transfer
from inmates.states import TransferState

ANSWERING = (roles.REGISTRAR, roles.HEAD)


@act
def propose_many(*, destination, people, by):
    """Ask the prisons of origin for the records of people whom `destination` has in its register.

    `people` are dicts of `inmate`, `origin_id`, `moved_on` (a day to come counts as today),
    `register_number`, `register_class`. Left out are those already asked for, and those not in
    custody at that origin any more. Each origin is told once. Queries grow with the number of
    origins, not of people. `by` None is the operator at the machine's shell. Returns the new
    transfers.
    """
    if by is not None:
        require(by, "import_register", destination.pk)
    today = timezone.localdate()
    asked = {one["inmate"].pk: one for one in people}
    custodies = _locked_custodies(asked)
    waiting = set(
        Transfer.objects.awaiting_origin()
        .filter(inmate__in=asked)
        .values_list("inmate_id", flat=True)
    )
    made = Transfer.objects.bulk_create(
        Transfer(
            inmate_id=pk,
            origin_id=one["origin_id"],
            destination=destination,
            moved_on=min(one["moved_on"] or today, today),
            register_number=one["register_number"],
            register_class=one["register_class"],
            state_by=by,
            created_by=by,
        )
        for pk, one in sorted(asked.items())
        if pk not in waiting
        and pk in custodies
        and custodies[pk].facility_id == one["origin_id"] != destination.pk
    )
    by_origin = defaultdict(list)
    for transfer in made:
        by_origin[transfer.origin_id].append(transfer)
    for transfers in by_origin.values():
        _tell_origin(transfers)
    return made


def _locked_custodies(inmates):
    """Open custodies by person, both locked, the people first."""
    list(
        Inmate.objects.filter(pk__in=inmates)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk")
    )
    rows = Custody.objects.open().filter(inmate__in=inmates).order_by("pk")
    return {row.inmate_id: row for row in rows.select_for_update(no_key=True, of=("self",))}


def _tell_origin(transfers):
    """One notice for all that one prison asks of another at once, about the first of them."""
    first, *others = transfers
    notices.tell(
        kind="transfer_proposed",
        obj=first,
        recipients=notices.holders(first.origin_id, *ANSWERING),
        facility_id=first.origin_id,
        data={"facility": first.destination.name, "count": len(transfers)},
        link=reverse("placements:transfer-list") if others else first.get_absolute_url(),
    )


@dataclass(frozen=True)
class Seen:
    """All that one reader learns of a transfer's person; empty texts are not theirs to see."""

    person_key: str
    name: str
    origin: str
    is_origin: bool
    is_destination: bool


def seen(transfer, user):
    """The transfer as `user` may read it: before a yes, the asking prison sees no name or origin.

    `inmate` and `origin` should be loaded.
    """
    is_origin = may(user, "see_people", transfer.origin_id)
    is_open_to_reader = is_origin or transfer.state == TransferState.ACCEPTED
    return Seen(
        person_key=transfer.inmate.person_key,
        name=transfer.inmate.name if is_open_to_reader else "",
        origin=transfer.origin.name if is_open_to_reader else _("lapas lain"),
        is_origin=is_origin,
        is_destination=may(user, "see_people", transfer.destination_id),
    )
