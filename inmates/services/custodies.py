"""Stays at a prison: one ends, one begins, and an ending entered wrongly is taken back.

The person is locked before the stays. Whatever ends a stay notes the circumstance in the same
transaction; what hangs on it is ended elsewhere (`placements.services.departures`).
"""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import may, require
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from inmates.models import Circumstance, Custody, Inmate, Transfer
from inmates.services import circumstances
from inmates.states import LEAVES, CircumstanceDecision, CircumstanceKind, CustodyEnd


@act
def end(*, inmate, facility, how, on, by, moved_to=""):
    """The person has left this prison on day `on`; returns the stay that ended.

    `how` is one of `LEAVES`. For a transfer `moved_to` names the prison, if known; to one that
    works with the app people go by `transfers.send`.
    """
    require(by, "import_register", facility.pk)
    custody = locked_stay(inmate)
    if custody is None or custody.facility_id != facility.pk:
        return _ended_by(inmate, facility, by, how=how, on=on, moved_to=moved_to)
    if how not in LEAVES:
        raise NotAllowed({"how": ValidationError(_("Pilih cara keluarnya."))})
    check_day(custody, on)
    if how == CustodyEnd.TRANSFERRED:
        check_not_asked_for(inmate)
    _close(custody, how, on, by, moved_to=moved_to, source="custody")
    return custody


@act
def begin(*, inmate, facility, starts, by, register_number="", register_class=""):
    """Somebody known who is in no custody now is here (again) since a day; returns the stay."""
    require(by, "import_register", facility.pk)
    custody = locked_stay(inmate)
    said = (facility.pk, starts, register_number, register_class)
    if custody:
        is_so = (
            custody.facility_id,
            custody.starts,
            custody.register_number,
            custody.register_class,
        )
        if is_so == said and custody.created_by == by:
            return custody
        raise NotAllowed(_where(custody, facility.pk))
    if starts > timezone.localdate():
        raise NotAllowed({"starts": ValidationError(_("Tanggal tidak boleh di masa depan."))})
    last = inmate.custodies.order_by("starts", "pk").last()
    if last and starts < last.until:
        raise NotAllowed(
            {
                "starts": ValidationError(
                    _("Masa penempatan sebelumnya baru berakhir pada %(day)s.")
                    % {"day": formats.date_format(last.until)}
                )
            }
        )
    return _open(inmate, facility, starts, by, register_number, register_class)


@act
def reopen(*, custody, reason, by):
    """The ending was entered wrongly: the stay goes on as if it had never ended.

    Only somebody's last stay, and only while they are in custody nowhere. What was ended because of
    it does not come back by itself.
    """
    facility = custody.facility_id
    if not (may(by, "import_register", facility) or may(by, "correct_state", facility)):
        raise Forbidden(_("Tugas ini bukan wewenang jabatan Anda."))
    reason = reason.strip()
    if not reason:
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    current = locked_stay(custody.inmate)
    custody = Custody.objects.select_for_update(no_key=True, of=["self"]).get(pk=custody.pk)
    if custody.until is None:
        if custody.reopened_why == reason:
            return custody
        raise AlreadyDone(_("Masa penempatan ini masih berjalan."))
    if custody.ended_how == CustodyEnd.DUPLICATE:
        raise NotAllowed(_("Batalkan penggabungan datanya, bukan masa penempatannya."))
    if current:
        raise NotAllowed(_where(current, facility))
    if custody.inmate.custodies.order_by("starts", "pk").last() != custody:
        raise NotAllowed(_("Hanya masa penempatan terakhir yang bisa dibuka kembali."))
    custody.until, custody.ended_how, custody.moved_to = None, "", ""
    custody.reopened_why = reason
    custody.save(update_fields=["until", "ended_how", "moved_to", "reopened_why"])
    Circumstance.objects.open().filter(
        inmate=custody.inmate_id, facility=facility, kind__in=LEAVES
    ).update(
        decision=CircumstanceDecision.NOTHING,
        reason=reason,
        handled_at=timezone.now(),
        handled_by=by,
    )
    return custody


def hand_over(*, custody, destination, on, by, register_number, register_class):
    """End a stay and begin the next at another prison, for a caller who holds the locks."""
    _close(custody, CustodyEnd.TRANSFERRED, on, by, moved_to=destination.name, source="transfer")
    return take_in(
        last=custody,
        destination=destination,
        starts=on,
        by=by,
        register_number=register_number,
        register_class=register_class,
    )


def take_in(*, last, destination, starts, by, register_number, register_class):
    """Begin the stay that follows an ended one, for a caller who holds the locks."""
    return _open(
        last.inmate, destination, starts, by, register_number, register_class or last.register_class
    )


def locked_stay(inmate):
    """Lock the person, then their open stay wherever it is; the stay, or None.

    Raises `NotAllowed` for somebody who became anonymous: they cannot be known again.
    """
    person = Inmate.objects.select_for_update(no_key=True, of=["self"]).get(pk=inmate.pk)
    if person.anonymised_on:
        raise NotAllowed(
            _("Data orang ini sudah dianonimkan; bila ia masuk lagi, datanya dimulai baru.")
        )
    return (
        Custody.objects.open()
        .filter(inmate=inmate)
        .select_for_update(no_key=True, of=["self"])
        .select_related("inmate", "facility", "created_by")
        .first()
    )


def check_day(custody, on, field="on"):
    """Raise `NotAllowed` unless the stay may have ended on that day."""
    problem = ""
    if on > timezone.localdate():
        problem = _("Tanggal tidak boleh di masa depan.")
    elif on < custody.starts:
        problem = _("Orang ini baru masuk pada %(day)s.") % {
            "day": formats.date_format(custody.starts)
        }
    if problem:
        raise NotAllowed({field: ValidationError(problem)})


def check_not_asked_for(inmate):
    """Raise `NotAllowed` while another prison waits for an answer about the person."""
    waiting = Transfer.objects.awaiting_origin().filter(inmate=inmate).select_related("destination")
    transfer = waiting.first()
    if transfer:
        raise NotAllowed(
            _("%(facility)s sudah meminta orang ini; jawab dulu permintaannya di halaman Mutasi.")
            % {"facility": transfer.destination.name}
        )


def _close(custody, how, on, by, *, moved_to, source):
    moved_to = moved_to.strip() if how == CustodyEnd.TRANSFERRED else ""
    custody.until, custody.ended_how, custody.moved_to = on, how, moved_to[:60]
    custody.save(update_fields=["until", "ended_how", "moved_to"])
    is_move = how == CustodyEnd.TRANSFERRED
    circumstances.note(
        inmate=custody.inmate,
        facility_id=custody.facility_id,
        kind=CircumstanceKind(how),
        effective=on,
        source=source,
        by=by,
        old=custody.facility.name if is_move else "",
        new=moved_to,
    )


def _open(inmate, facility, starts, by, register_number, register_class):
    if inmate.merged_into_id:
        raise NotAllowed(_("Data ini sudah digabungkan dengan data lain."))
    return Custody.objects.create(
        inmate=inmate,
        facility=facility,
        starts=starts,
        register_number=register_number,
        register_class=register_class,
        created_by=by,
    )


def _where(custody, facility_id):
    if custody.facility_id == facility_id:
        return _("Orang ini tercatat di lapas ini sejak %(day)s.") % {
            "day": formats.date_format(custody.starts)
        }
    return _("Orang ini sudah tercatat di lapas lain.")


def _ended_by(inmate, facility, by, *, how, on, moved_to):
    """The stay that this user has just ended in the same way; else a refusal that says who did."""
    last = Custody.objects.filter(inmate=inmate, facility=facility).order_by("starts", "pk").last()
    if last is None:
        raise NotAllowed(_("Orang ini tidak tercatat di lapas ini."))
    noted = (
        Circumstance.objects.filter(
            inmate=inmate, facility=facility, kind=last.ended_how, effective=last.until
        )
        .select_related("created_by")
        .first()
    )
    who = noted and noted.created_by
    if who == by and (last.ended_how, last.until, last.moved_to) == (how, on, moved_to.strip()):
        return last
    raise AlreadyDone(
        _("Sudah dicatat %(how)s pada %(day)s oleh %(who)s.")
        % {
            "how": last.get_ended_how_display().lower(),
            "day": formats.date_format(last.until),
            "who": who or "—",
        }
    )
