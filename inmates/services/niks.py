"""Stating the NIK of a person who had none. How they get a newer key: `nik_keys`."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates import nik as box
from inmates import rules
from inmates.models import Inmate
from inmates.services import nik_claims, people


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
    inmate = people.held(inmate, by, "import_register")
    given = rules.nik_of(nik)
    if not given or rules.nik_problem(given):
        raise NotAllowed(
            {"nik": ValidationError(_("NIK terdiri dari 16 angka yang memuat tanggal lahir."))}
        )
    stated = Stated(inmate, _contradictions(given, inmate))
    if inmate.nik_digest == box.digest(given):
        return stated
    if inmate.nik_digest:
        raise AlreadyDone(
            _("NIK %(nik)s sudah tercatat; bila keliru, betulkan pada data dirinya.")
            % {"nik": inmate.masked_nik}
        )
    nik_claims.check_free(inmate=inmate, digest=box.digest(given), by=by)
    sealed = box.seal(given)
    inmate.nik_cipher, inmate.nik_key = sealed["cipher"].encode(), sealed["key"]
    inmate.nik_digest, inmate.nik_last4 = sealed["digest"], sealed["last4"]
    inmate.save(update_fields=["nik_cipher", "nik_key", "nik_digest", "nik_last4"])
    return stated


def _contradictions(nik, inmate):
    sentences = {
        "sex": _("NIK tidak cocok dengan jenis kelamin yang tercatat; periksa keduanya."),
        "birth": _("NIK tidak cocok dengan tanggal lahir yang tercatat; periksa keduanya."),
    }
    found = rules.nik_mismatches(nik, sex=inmate.sex, birth_date=inmate.birth_date)
    return [sentences[what] for what in found]
