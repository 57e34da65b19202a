"""Stating the NIK of a person who had none. How they get a newer key: `nik_keys`."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates import nik as box
from inmates import rules
from inmates.models import Inmate

LOCK = 7_246_002  # advisory lock: one NIK is given to one person, however many ask at once


@dataclass
class Stated:
    """The person with the NIK, and sentences about what it contradicts: to be looked at."""

    inmate: Inmate
    warnings: list = field(default_factory=list)


@act
def state(*, inmate, nik, by):
    """Write down the NIK of a person who has none; returns `Stated`.

    Stating the same again is no error. Raises `AlreadyDone` when another is there, `NotAllowed`
    with field errors for a wrong shape or somebody else's NIK.
    """
    require(by, "import_register", inmate.prison_id)
    given = rules.nik_of(nik)
    if not given or rules.nik_problem(given):
        raise NotAllowed(
            {"nik": ValidationError(_("NIK terdiri dari 16 angka yang memuat tanggal lahir."))}
        )
    inmate = Inmate.objects.select_for_update(no_key=True, of=["self"]).get(pk=inmate.pk)
    require(by, "import_register", inmate.prison_id)
    if inmate.merged_into_id:
        raise NotAllowed(_("Data ini sudah digabungkan dengan data lain."))
    stated = Stated(inmate, _contradictions(given, inmate))
    if inmate.nik_digest == box.digest(given):
        return stated
    if inmate.nik_digest:
        raise AlreadyDone(
            _("NIK %(nik)s sudah tercatat; bila keliru, betulkan pada data dirinya.")
            % {"nik": inmate.masked_nik}
        )
    check_free(inmate=inmate, nik=given, by=by)
    sealed = box.seal(given)
    inmate.nik_cipher, inmate.nik_key = sealed["cipher"].encode(), sealed["key"]
    inmate.nik_digest, inmate.nik_last4 = sealed["digest"], sealed["last4"]
    inmate.save(update_fields=["nik_cipher", "nik_key", "nik_digest", "nik_last4"])
    return stated


def check_free(*, inmate, nik, by):
    """Raise `NotAllowed` if another person has this NIK; holds until the transaction ends.

    Another is named only to whoever may see them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    others = Inmate.objects.filter(nik_digest=box.digest(nik)).exclude(
        pk__in=Inmate.objects.records_of(inmate)
    )
    if not others.exists():
        return
    seen = others.visible_to(by).first()
    sentence = _("NIK ini sudah tercatat untuk orang lain.")
    if seen:
        sentence = _("NIK ini sudah tercatat untuk %(name)s (Nomor Induk %(key)s).") % {
            "name": seen.name,
            "key": seen.person_key,
        }
    raise NotAllowed({"nik": ValidationError(sentence)})


def _contradictions(nik, inmate):
    sentences = {
        "sex": _("NIK tidak cocok dengan jenis kelamin yang tercatat; periksa keduanya."),
        "birth": _("NIK tidak cocok dengan tanggal lahir yang tercatat; periksa keduanya."),
    }
    found = rules.nik_mismatches(nik, sex=inmate.sex, birth_date=inmate.birth_date)
    return [sentences[what] for what in found]
