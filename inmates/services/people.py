"""Correcting what the register says of a person (UU 27/2022 gives three days for it)."""

import pghistory
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from inmates import nik, regions, rules
from inmates.models import Inmate
from inmates.services import nik_claims

CORRECTABLE = (
    *("name", "aliases", "birth_place", "birth_date", "sex", "education", "occupation"),
    *("address", "city", "province", "domicile_code", "domicile_as_of", "is_foreigner"),
    *("return_city", "return_address"),
)
NIK_FIELDS = ("nik_cipher", "nik_key", "nik_digest", "nik_last4")
SHOWN_AS_ONE = {"nik_cipher", "nik_key", "nik_digest"}  # the history names only `nik_last4`


@act
def correct(*, inmate, changes, reason, by):
    """Put right what is held on a person; `changes` is `{field of CORRECTABLE or "nik": value}`.

    What says the same is no change. The next import shows what it would overwrite. The history
    says who, why and which fields; of names, dates and addresses never what they were. Raises
    `NotAllowed` with a dict of field errors.
    """
    inmate = held(inmate, by, "import_register")
    changed = _checked(inmate, changes, reason, by)
    if not changed:
        return inmate
    if changed.get("nik_digest"):
        nik_claims.check_free(inmate=inmate, digest=changed["nik_digest"], by=by)
    for name, value in changed.items():
        setattr(inmate, name, value)
    with because(reason, set(changed) - SHOWN_AS_ONE):
        inmate.save(update_fields=list(changed))
        if not _in_history(changed):
            pghistory.create_event(inmate, label="update")
    return inmate


def held(inmate, by, act_name):
    """The person, locked, if `by` may do the act at the prison where they are now.

    Raises `Forbidden`, or `NotAllowed` for who is in no custody.
    """
    inmate = locked(inmate)
    if inmate.prison_id is None:
        raise NotAllowed(_("Orang ini tidak sedang ditempatkan di lapas mana pun."))
    require(by, act_name, inmate.prison_id)
    return inmate


def locked(inmate):
    """The record that is used now for this person, locked: a merged one stands for its winner."""
    return Inmate.objects.select_for_update(no_key=True, of=["self"]).get(
        pk=inmate.merged_into_id or inmate.pk
    )


def because(reason, fields=()):
    """A context in which the history notes why, and which of the fields it does not keep."""
    return pghistory.context(reason=reason.strip(), fields=sorted(fields))


def need_reason(reason):
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})


def _checked(inmate, changes, reason, by):
    problems, values = {}, {}
    for name, value in changes.items():
        try:
            values |= _nik(value) if name == "nik" else {name: _clean(inmate, name, value)}
        except ValidationError as error:
            problems[name] = error
    if not reason.strip():
        problems["reason"] = ValidationError(_("Sebutkan alasannya."))
    if problems:
        raise NotAllowed(problems)
    if "name" in values:
        values["search_name"] = rules.search_name(values["name"])
    if values.get("domicile_code") and not values.get("domicile_as_of"):
        values["domicile_as_of"] = timezone.localdate()
    if values.get("domicile_code") == "":
        values["domicile_as_of"] = None
    if values.get("nik_digest") == inmate.nik_digest:
        values = {name: value for name, value in values.items() if name not in NIK_FIELDS}
    elif "nik_digest" in values:
        nik_claims.check_free(inmate=inmate, digest=values["nik_digest"], by=by)
    return {name: value for name, value in values.items() if getattr(inmate, name) != value}


def _clean(inmate, name, value):
    if name not in CORRECTABLE:
        raise ValueError(f"{name} is not corrected here")
    if name == "domicile_code":
        value = regions.code_of(value)
        if value and not regions.is_code(value):
            raise ValidationError(
                _("%(code)s bukan kode wilayah Kemendagri yang dikenal.") % {"code": value}
            )
    elif isinstance(value, str):
        value = rules.tidy(value)
    value = Inmate._meta.get_field(name).clean(value, inmate)
    if name == "name" and not rules.search_name(value):
        raise ValidationError(_("Nama harus memuat huruf."))
    if name in ("birth_date", "domicile_as_of") and value and value > timezone.localdate():
        raise ValidationError(_("Tanggal ini belum lewat."))
    return value


def _nik(value):
    value = rules.nik_of(value)
    if not value:
        return {}
    if rules.nik_problem(value):
        raise ValidationError(
            _("NIK harus 16 angka, dengan tanggal lahir yang benar dan nomor urut di dalamnya.")
        )
    sealed = nik.seal(value)
    return {
        "nik_cipher": sealed["cipher"].encode(),
        "nik_key": sealed["key"],
        "nik_digest": sealed["digest"],
        "nik_last4": sealed["last4"],
    }


def _in_history(changed):
    """Whether the triggers write a history row for a change of these fields."""
    tracked = {field.name for field in Inmate.pgh_event_model._meta.concrete_fields}
    return bool(tracked & set(changed))
