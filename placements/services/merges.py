"""Two records of one person become one, by a pointer: nothing moves, and it can be undone.

The people are locked in key order, then their stays. What reads a person's training, consents or
restrictions reads all their records (`Inmate.objects.records_of`).
"""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from inmates import rules
from inmates.models import Absence, Custody, DataLimit, Distinct, Inmate, Merge
from inmates.services import people
from inmates.states import AbsenceDecision, CustodyEnd
from placements.services import holdings

NIK = "nik"
NIK_EMPTY = {"nik_cipher": None, "nik_key": "", "nik_digest": "", "nik_last4": ""}
MERGED_FIELDS = (*people.CORRECTABLE, NIK)
OF_THE_FORMER = ("name",)  # of whom a prison no longer holds it knows name and key


@act
def merge(*, winner, loser, chosen, by):
    """Both records are of one person: `winner` stays in use, `loser` points to it.

    `chosen` names the fields (of `MERGED_FIELDS`) whose value the winner takes from the loser. A
    stay of the loser that is open at the same prison ends as a double entry. Raises `AlreadyDone`
    when one of the two was merged already, `NotAllowed` while the loser holds anything open.
    """
    facility_id = prison_of(by, winner, loser)
    winner, loser = _locked(winner, loser)
    chosen = sorted(set(chosen))
    done = _standing(winner, loser)
    if done:
        if (done.winner, done.loser, done.created_by) == (winner, loser, by) and done.before.get(
            "chosen"
        ) == chosen:
            return done
        raise _already_merged(done, by)
    _check_same_person(winner, loser)
    taken = _taken(winner, loser, chosen, facility_id)
    stay = _stay_to_end(winner, loser, facility_id)
    _check_holds_nothing(loser, facility_id)
    before = {
        "chosen": chosen,
        "fields": {name: [_stored(winner, name), _stored(loser, name)] for name in taken},
        "custody": stay and stay.pk,
        "absences": _close_absences(loser, by),
        "pointed": list(loser.merged.order_by("pk").values_list("pk", flat=True)),
    }
    if stay:
        stay.until, stay.ended_how = max(timezone.localdate(), stay.starts), CustodyEnd.DUPLICATE
        stay.save(update_fields=["until", "ended_how"])
    Inmate.objects.filter(pk__in=before["pointed"]).update(merged_into=winner)
    loser.merged_into = winner
    loser.save(update_fields=["merged_into"])
    _take(winner, loser, taken)
    return Merge.objects.create(
        winner=winner, loser=loser, facility_id=facility_id, before=before, created_by=by
    )


@act
def undo(*, merge, by):
    """Two people after all: both records are used again.

    The winner gets back the fields that still hold what the loser gave them, the loser the stay
    that ended with the merge. What was done since then stays with the winner.
    """
    if not may_undo(by, merge):
        raise Forbidden(_("Tugas ini bukan wewenang jabatan Anda."))
    winner, loser = _locked(merge.winner, merge.loser)
    merge = Merge.objects.select_for_update(no_key=True, of=["self"]).get(pk=merge.pk)
    if merge.undone_at:
        if merge.undone_by == by:
            return merge
        raise AlreadyDone(
            _("Penggabungan ini sudah dibatalkan oleh %(who)s pada %(when)s.")
            % {"who": merge.undone_by or "—", "when": _clock(merge.undone_at)}
        )
    _check_undoable(winner, loser)
    loser.merged_into = None
    loser.save(update_fields=["merged_into"])
    Inmate.objects.filter(pk__in=merge.before["pointed"], merged_into=winner).update(
        merged_into=loser
    )
    _give_back(winner, merge.before["fields"])
    _reopen(merge.before["custody"], loser)
    Absence.objects.filter(pk__in=merge.before["absences"], decision=AbsenceDecision.BACK).update(
        decision="", decided_at=None, decided_by=None
    )
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    return merge


@act
def distinguish(*, first, second, by):
    """Two people who only look alike: the pair is asked about no more."""
    prison_of(by, first, second)
    first, second = _locked(*sorted((first, second), key=lambda person: person.pk))
    if first == second:
        raise NotAllowed(_("Pilih dua data yang berbeda."))
    done = _standing(first, second)
    if done:
        raise _already_merged(done, by)
    judged, _is_new = Distinct.objects.get_or_create(
        first=first, second=second, defaults={"created_by": by}
    )
    return judged


@act
def reconsider(*, first, second, by):
    """Take back `distinguish`: whether the two are one person is asked again."""
    prison_of(by, first, second)
    first, second = _locked(*sorted((first, second), key=lambda person: person.pk))
    Distinct.objects.filter(first=first, second=second).delete()


def may_undo(user, merge):
    return any(may(user, act, merge.facility_id) for act in ("import_register", "correct_state"))


def prison_of(by, *records):
    """The id of the registrar's prison from which both records are judged.

    That of an open stay, if there is one; else any where one of them was. Raises `Forbidden`.
    """
    own = [pk for pk in by.facility_ids if may(by, "import_register", pk)]
    keys = {record.pk for record in records}
    stays = Custody.objects.filter(inmate__in=keys, facility__in=own)
    last = stays.order_by(F("until").desc(nulls_first=True), "pk").first()
    if last is None:
        raise Forbidden(_("Tugas ini bukan wewenang jabatan Anda."))
    if Inmate.objects.visible_to(by).filter(pk__in=keys).count() < len(keys):
        raise Forbidden(_("Salah satu data ini bukan dari lapas Anda."))
    return last.facility_id


def fields_told(record, facility_id):
    """The fields that the prison may read of a record and take from it."""
    return MERGED_FIELDS if record.prison_id == facility_id else OF_THE_FORMER


def _locked(*records):
    found = {
        row.pk: row
        for row in Inmate.objects.select_for_update(no_key=True, of=["self"])
        .filter(pk__in=[record.pk for record in records])
        .order_by("pk")
    }
    return [found[record.pk] for record in records]


def _standing(*records):
    """The merge that took one of the records out of use, if any."""
    return (
        Merge.objects.standing()
        .filter(loser__in=records)
        .select_related("winner", "loser", "created_by")
        .first()
    )


def _already_merged(done, by):
    """Who merged it and when; the record that is kept is named to whoever may see it."""
    told = {
        "loser": f"{done.loser} ({done.loser.person_key})",
        "winner": f"{done.winner} ({done.winner.person_key})",
        "who": done.created_by or "—",
        "when": _clock(done.created_at),
    }
    if not Inmate.objects.visible_to(by).filter(pk=done.winner_id).exists():
        return AlreadyDone(
            _("%(loser)s sudah digabungkan di lapas lain pada %(when)s.") % told,
            people=[done.loser],
        )
    return AlreadyDone(
        _("%(loser)s sudah digabungkan ke %(winner)s oleh %(who)s pada %(when)s.") % told,
        people=[done.loser, done.winner],
    )


def _check_same_person(winner, loser):
    if winner == loser:
        raise NotAllowed(_("Pilih dua data yang berbeda."))
    if winner.anonymised_on or loser.anonymised_on:
        raise NotAllowed(_("Data yang sudah dianonimkan tidak bisa digabungkan."))
    if DataLimit.objects.standing().filter(inmate__in=[winner, loser]).exists():
        raise NotAllowed(_("Pemrosesan data salah satunya dibatasi; cabut dulu pembatasan itu."))
    pair = sorted((winner.pk, loser.pk))
    if Distinct.objects.filter(first=pair[0], second=pair[1]).exists():
        raise NotAllowed(
            _("Keduanya sudah dinyatakan bukan orang yang sama; batalkan dulu pernyataan itu.")
        )


def _stay_to_end(winner, loser, facility_id):
    """The loser's open stay, which must be at the same prison as the winner's; None without one."""
    rows = Custody.objects.open().select_for_update(no_key=True, of=["self"])
    stays = {
        stay.inmate_id: stay for stay in rows.filter(inmate__in=[winner, loser]).order_by("pk")
    }
    if any(stay.facility_id != facility_id for stay in stays.values()):
        raise NotAllowed(
            _("Salah satu data masih tercatat di lapas lain; selesaikan dulu mutasinya.")
        )
    if loser.pk in stays and winner.pk not in stays:
        raise NotAllowed(
            {
                "kept": ValidationError(
                    _("Pertahankan %(name)s (%(key)s): hanya data itu yang masih ditempatkan.")
                    % {"name": loser, "key": loser.person_key}
                )
            }
        )
    return stays.get(loser.pk)


def _check_holds_nothing(loser, facility_id):
    held = holdings.of([loser.pk], facility_id)[loser.pk]
    if held:
        raise NotAllowed(
            _("%(name)s (%(key)s) masih memegang %(what)s. Pertahankan data itu atau akhiri dulu.")
            % {"name": loser, "key": loser.person_key, "what": "; ".join(held)}
        )


def _taken(winner, loser, chosen, facility_id):
    """The chosen fields that differ. Raises `NotAllowed` for one that may not be taken."""
    told = set(fields_told(loser, facility_id)) & set(fields_told(winner, facility_id))
    problems = {
        name: ValidationError(_("Isian ini tidak bisa diambil dari data lain."))
        for name in chosen
        if name not in told
    }
    if NIK in chosen and winner.nik_digest and winner.nik_digest != loser.nik_digest:
        problems[NIK] = ValidationError(
            _("NIK-nya berbeda. Pertahankan data yang NIK-nya benar, atau betulkan NIK dulu.")
        )
    if problems:
        raise NotAllowed(problems)
    return [name for name in chosen if _stored(winner, name) != _stored(loser, name)]


def _stored(record, name):
    """A field's value as JSON holds it; of a NIK only its digest."""
    value = record.nik_digest if name == NIK else getattr(record, name)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _columns(names):
    columns = [name for name in names if name != NIK]
    if "name" in columns:
        columns.append("search_name")
    return columns + (list(NIK_EMPTY) if NIK in names else [])


def _take(winner, loser, names):
    for column in _columns(names):
        setattr(winner, column, getattr(loser, column))
    if names:
        winner.save(update_fields=_columns(names))


def _close_absences(loser, by):
    """Whom the register lists under the other key stands in it again; ids of what was closed."""
    rows = Absence.objects.open().filter(inmate=loser)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(decision=AbsenceDecision.BACK, decided_at=timezone.now(), decided_by=by)
    return ids


def _check_undoable(winner, loser):
    if winner.anonymised_on or loser.anonymised_on:
        raise NotAllowed(_("Data yang sudah dianonimkan tidak bisa dipisahkan lagi."))
    later = _standing(winner)
    if later:
        raise NotAllowed(
            _("Batalkan dulu penggabungan sesudahnya: %(loser)s ke %(winner)s.")
            % {"loser": later.loser, "winner": later.winner},
            people=[later.loser, later.winner],
        )
    if loser.merged_into_id != winner.pk:
        raise NotAllowed(_("Data ini sudah tidak menunjuk ke data yang dipertahankan."))


def _give_back(winner, fields):
    """Put the winner's fields back that nobody has changed since the merge."""
    names = [name for name, (_was, now) in fields.items() if _stored(winner, name) == now]
    for name in names:
        if name == NIK:
            vars(winner).update(NIK_EMPTY)
        else:
            field = Inmate._meta.get_field(name)
            setattr(winner, name, field.to_python(fields[name][0]))
        if name == "name":
            winner.search_name = rules.search_name(winner.name)
    if names:
        winner.save(update_fields=_columns(names))


def _reopen(custody_id, loser):
    if custody_id is None:
        return
    stay = Custody.objects.select_for_update(no_key=True, of=["self"]).get(pk=custody_id)
    if stay.ended_how != CustodyEnd.DUPLICATE or loser.custodies.open().exists():
        raise NotAllowed(
            _("Masa penempatan %(name)s sudah diubah sejak digabungkan; betulkan dulu.")
            % {"name": loser}
        )
    stay.until, stay.ended_how = None, ""
    stay.save(update_fields=["until", "ended_how"])


def _clock(moment):
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
