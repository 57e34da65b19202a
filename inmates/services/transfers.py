"""Moves between prisons: the new prison asks and the prison of origin answers, or it sends.

The person is locked before the stay, the stay before the transfer. Until the origin says yes, the
asking prison learns no more than that the person is registered at another one.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.permissions import may, require
from accounts.refusals import AlreadyDone, NotAllowed, act
from accounts.states import allows
from correspondence.models import Notice
from correspondence.services import notices
from inmates.models import Custody, Inmate, Transfer
from inmates.rules import person_key_of
from inmates.services import custodies
from inmates.states import TRANSFER_TRANSITIONS, CustodyEnd, TransferState

TOLD = (roles.REGISTRAR, roles.HEAD)


@act
def propose(*, destination, person_key, moved_on, by, register_number="", register_class=""):
    """The prison where the person is asks for the record by its SDP key; returns the transfer."""
    require(by, "import_register", destination.pk)
    inmate = Inmate.objects.canonical().filter(person_key=person_key_of(person_key)).first()
    custody = inmate and custodies.locked_stay(inmate)
    if custody is None:
        raise _problem(
            "person_key",
            _("Orang ini tidak tercatat di lapas lain; masukkan lewat impor register."),
        )
    if custody.facility_id == destination.pk:
        raise _problem("person_key", _("Orang ini sudah tercatat di lapas ini."))
    if moved_on > timezone.localdate():
        raise _problem("moved_on", _("Tanggal tidak boleh di masa depan."))
    waiting = Transfer.objects.awaiting_origin().filter(inmate=inmate).first()
    if waiting:
        said = (moved_on, register_number, register_class, by)
        if said == (
            waiting.moved_on,
            waiting.register_number,
            waiting.register_class,
            waiting.created_by,
        ):
            return waiting
        raise AlreadyDone(_("Mutasi orang ini sudah diusulkan."))
    (transfer,) = propose_many(
        destination=destination,
        people=[
            {
                "inmate": inmate,
                "origin_id": custody.facility_id,
                "moved_on": moved_on,
                "register_number": register_number,
                "register_class": register_class,
            }
        ],
        by=by,
    )
    return transfer


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
    stays = _locked_stays(asked)
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
        and pk in stays
        and stays[pk].facility_id == one["origin_id"] != destination.pk
    )
    by_origin = defaultdict(list)
    for transfer in made:
        by_origin[transfer.origin_id].append(transfer)
    for transfers in by_origin.values():
        _tell_origin(transfers)
    return made


@act
def accept(*, transfer, by, moved_on=None):
    """The origin lets the person go: the stay there ends, the next begins at the new prison.

    `moved_on` corrects the day that the asking prison named.
    """
    require(by, "answer_transfer", transfer.origin_id)
    custody = custodies.locked_stay(transfer.inmate)
    transfer = _locked(transfer)
    moved_on = moved_on or transfer.moved_on
    if _is_repeated(transfer, TransferState.ACCEPTED, by, moved_on=moved_on):
        return transfer
    _hand_over(transfer, custody, moved_on, by)
    _move(transfer, TransferState.ACCEPTED, by, moved_on=moved_on)
    _tell_destination("transfer_answered", transfer)
    return transfer


@act
def refuse(*, transfer, reason, by):
    """The origin says no, with a reason that the asking prison reads."""
    require(by, "answer_transfer", transfer.origin_id)
    reason = reason.strip()
    transfer = _locked(transfer)
    if _is_repeated(transfer, TransferState.REFUSED, by, reason=reason):
        return transfer
    if not reason:
        raise _problem("reason", _("Sebutkan alasannya."))
    _move(transfer, TransferState.REFUSED, by, reason=reason)
    _tell_destination("transfer_answered", transfer)
    return transfer


@act
def withdraw(*, transfer, by):
    """The asking prison takes its question back."""
    require(by, "import_register", transfer.destination_id)
    transfer = _locked(transfer)
    if not _is_repeated(transfer, TransferState.WITHDRAWN, by):
        _move(transfer, TransferState.WITHDRAWN, by)
    return transfer


@act
def send(*, inmate, origin, destination, moved_on, by, register_number="", register_class=""):
    """The prison of origin sends a person to another prison of the app; done at once.

    The new prison's register number is often not known yet: its next import brings it.
    """
    require(by, "import_register", origin.pk)
    custody = custodies.locked_stay(inmate)
    if custody is None or custody.facility_id != origin.pk:
        return _sent_before(inmate, origin, destination, moved_on, by)
    if destination == origin:
        raise _problem("destination", _("Lapas asal dan tujuan harus berbeda."))
    custodies.check_not_asked_for(inmate)
    custodies.check_day(custody, moved_on, field="moved_on")
    transfer = Transfer.objects.create(
        inmate=inmate,
        origin=origin,
        destination=destination,
        moved_on=moved_on,
        register_number=register_number,
        register_class=register_class,
        state=TransferState.ACCEPTED,
        state_by=by,
        created_by=by,
    )
    _hand_over(transfer, custody, moved_on, by)
    _tell_destination("transfer_arrived", transfer)
    return transfer


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


def _locked_stays(inmates):
    """Open stays by person, both locked, the people first."""
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
        recipients=notices.holders(first.origin_id, *TOLD),
        facility_id=first.origin_id,
        data={"facility": first.destination.name, "count": len(transfers)},
        link=reverse("placements:transfer-list") if others else first.get_absolute_url(),
    )


def _locked(transfer):
    return (
        Transfer.objects.select_for_update(no_key=True, of=["self"])
        .select_related("inmate", "origin", "destination", "state_by")
        .get(pk=transfer.pk)
    )


def _is_repeated(transfer, state, by, **content):
    """Whether this user has given this very answer; raises `AlreadyDone` after any other one."""
    if allows(TRANSFER_TRANSITIONS, transfer.state, state):
        return False
    is_same = all(getattr(transfer, name) == value for name, value in content.items())
    if (transfer.state, transfer.state_by) == (state, by) and is_same:
        return True
    when = timezone.localtime(transfer.state_at)
    is_hidden = (transfer.state, state) == (TransferState.REFUSED, TransferState.WITHDRAWN)
    raise AlreadyDone(
        _("Mutasi ini sudah %(state)s oleh %(who)s pada %(when)s.")
        % {
            "state": transfer.get_state_display().lower(),
            "who": _("lapas asal") if is_hidden else transfer.state_by or _("sistem"),
            "when": formats.date_format(when, "DATETIME_FORMAT"),
        }
    )


def _move(transfer, state, by, **fields):
    fields |= {"state": state, "state_at": timezone.now(), "state_by": by}
    for name, value in fields.items():
        setattr(transfer, name, value)
    transfer.save(update_fields=list(fields))
    _close_notices(transfer)


def _hand_over(transfer, custody, moved_on, by):
    """Move the person, wherever the books stand: here, gone from here already, or there already."""
    book = {
        "destination": transfer.destination,
        "by": by,
        "register_number": transfer.register_number,
        "register_class": transfer.register_class,
    }
    if custody and custody.facility_id == transfer.origin_id:
        custodies.check_day(custody, moved_on, field="moved_on")
        custodies.hand_over(custody=custody, on=moved_on, **book)
    elif custody is None:
        last = transfer.inmate.custodies.select_related("inmate").order_by("starts", "pk").last()
        if last.facility_id != transfer.origin_id or last.ended_how != CustodyEnd.TRANSFERRED:
            raise NotAllowed(
                _("Orang ini sudah tercatat %(how)s pada %(day)s; betulkan dulu bila keliru.")
                % {
                    "how": last.get_ended_how_display().lower(),
                    "day": formats.date_format(last.until),
                }
            )
        custodies.take_in(last=last, starts=max(moved_on, last.until), **book)
    elif custody.facility_id != transfer.destination_id:
        raise NotAllowed(_("Orang ini sudah tercatat di lapas lain."))


def _sent_before(inmate, origin, destination, moved_on, by):
    sent = (
        Transfer.objects.filter(inmate=inmate, origin=origin, state=TransferState.ACCEPTED)
        .select_related("destination", "state_by")
        .order_by("state_at")
        .last()
    )
    if sent is None:
        raise NotAllowed(_("Orang ini tidak tercatat di lapas ini."))
    content = {"destination": destination, "moved_on": moved_on}
    _is_repeated(sent, TransferState.ACCEPTED, by, **content)
    return sent


def _tell_destination(kind, transfer):
    notices.tell(
        kind=kind,
        obj=transfer,
        recipients=notices.holders(transfer.destination_id, *TOLD),
        facility_id=transfer.destination_id,
        data={"facility": transfer.origin.name, "moved": transfer.moved_on.isoformat()},
        link=transfer.get_absolute_url(),
    )


def _close_notices(transfer):
    """The origin's notice goes when the asking prison waits for no answer of it any more."""
    pair = Transfer.objects.filter(origin=transfer.origin_id, destination=transfer.destination_id)
    if pair.awaiting_origin().exists():
        return
    told = Notice.objects.live().filter(
        object_type=Transfer._meta.label_lower, kind="transfer_proposed"
    )
    for asked in pair.filter(pk__in=told.values("object_id")):
        notices.close_for(asked, "transfer_proposed")


def _problem(field, sentence):
    return NotAllowed({field: ValidationError(sentence)})
