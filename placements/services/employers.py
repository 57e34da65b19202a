"""Who employs: entered once, kept by a prison or an agency, and found by whoever comes next.

An employer whose number (NIB or NIK) is known is not entered again: whoever may see it is led
there, whoever may not yet joins those who keep it (`join`).
"""

import re

import pghistory
from django.contrib.postgres.search import TrigramSimilarity
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Facility
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from inmates import regions
from inmates.rules.nik import nik_problem
from partners.models import Agency
from placements import rules
from placements.employment import EmployerKind, Openness
from placements.models import Employer, EmployerKeeper
from placements.services.meanwhile import changes

FACTS = (
    *("kind", "name", "identity_number", "sector", "size", "region_code", "address"),
    *("contact_name", "phone", "email", "openness", "conditions", "partner"),
)
ALIKE = 0.45  # similarity of names from which on two may be the same employer
NEAR = 5
NIB, NIK = 13, 16  # digits
CITY = 5  # letters of a region's code down to the city: 36.72


def side_of(user):
    """For whom the user keeps vacancies: `{"facility": ...}`, `{"agency": ...}` or {}."""
    if user.is_liaison:
        office = Agency.objects.represented_by(user).filter(kind=rules.KEEPS_VACANCIES).first()
        return {"agency": office} if office else {}
    prison = user.facility
    keeps = prison and rules.may_keep(user, facility_id=prison.pk)
    return {"facility": prison} if keeps else {}


def require_side(by, facility, agency):
    """Raise `Forbidden` unless `by` keeps for this prison or, where none is given, this agency."""
    one = {"facility_id": facility.pk} if facility else {"agency_id": agency.pk}
    if not rules.may_keep(by, **one):
        raise Forbidden(_("Tugas ini bukan wewenang jabatan Anda."))


def lock_side(facility, agency):
    """Hold the prison's or the agency's row, so that two entries of one side take turns."""
    model, row = (Facility, facility) if facility else (Agency, agency)
    model.objects.select_for_update(no_key=True, of=["self"]).get(pk=row.pk)


def with_number(identity_number):
    """The employer with this NIB or NIK, whoever keeps it, or None."""
    digits = digits_of(identity_number)
    return Employer.objects.filter(identity_number=digits).first() if digits else None


def alike(name, region_code, by):
    """Employers that the user sees, of a similar name in the same city, the likest first."""
    rows = Employer.objects.visible_to(by)
    if region_code:
        city = region_code[:CITY]
        rows = rows.filter(Q(region_code__startswith=city) | Q(region_code=""))
    return (
        rows.annotate(likeness=TrigramSimilarity(Lower("name"), name.lower()))
        .filter(likeness__gte=ALIKE)
        .order_by("-likeness", "name", "pk")[:NEAR]
    )


def knows(user, employer):
    """Whether the user reads its contacts: the own side or a partner keeps it."""
    return Employer.objects.kept_for(user).filter(pk=employer.pk).exists()


def digits_of(identity_number):
    return re.sub(r"[\s.\-]", "", identity_number or "")


def problems_of(facts):
    """`{field: sentence}` of what no employer can be."""
    found = {}
    digits, kind = facts["identity_number"], facts["kind"]
    if digits and not digits.isdecimal():
        found["identity_number"] = _("NIB dan NIK hanya berisi angka.")
    elif digits and kind == EmployerKind.INDIVIDUAL and nik_problem(digits):
        found["identity_number"] = _("Untuk perorangan isi NIK: 16 angka seperti di KTP.")
    elif digits and kind != EmployerKind.INDIVIDUAL and len(digits) != NIB:
        found["identity_number"] = _("NIB terdiri atas 13 angka.")
    if not facts["name"]:
        found["name"] = _("Wajib diisi.")
    if facts["region_code"] and not regions.is_code(facts["region_code"]):
        found["region_code"] = _("Wilayah ini tidak dikenal.")
    if facts["openness"] == Openness.CONDITIONS and not facts["conditions"]:
        found["conditions"] = _("Sebutkan syaratnya.")
    return found


@act
def register(*, by, facility=None, agency=None, is_another=False, **facts):
    """Enter an employer (`FACTS`) that `by` keeps for the prison or for the agency.

    Raises `NotAllowed` at `identity_number` when the number is known, at `name` while the user
    sees employers of a like name in the same city, unless `is_another` says that it is another.
    """
    require_side(by, facility, agency)
    lock_side(facility, agency)
    facts = _tidied(facts)
    same = Employer.objects.filter(created_by=by, facility=facility, agency=agency, **facts).first()
    if same:
        return same
    _check(problems_of(facts))
    known = with_number(facts["identity_number"])
    if known:
        raise NotAllowed({"identity_number": ValidationError(_taken(known))})
    if not is_another and alike(facts["name"], facts["region_code"], by):
        raise NotAllowed(
            {
                "name": ValidationError(
                    _("Ada pemberi kerja dengan nama mirip; lihat dulu daftarnya.")
                )
            }
        )
    made = Employer.objects.create(facility=facility, agency=agency, created_by=by, **facts)
    made.refresh_from_db(fields=["public_id"])
    return made


@act
def join(*, identity_number, by, facility=None, agency=None):
    """Keep an employer that others entered first, found by its number. Twice is harmless."""
    require_side(by, facility, agency)
    employer = with_number(identity_number)
    if employer is None:
        raise NotAllowed(
            {"identity_number": ValidationError(_("Nomor ini belum dicatat siapa pun."))}
        )
    employer = locked(employer)
    if (facility, agency) not in [
        (row.facility, row.agency) for row in (employer, *employer.keepers.all())
    ]:
        EmployerKeeper.objects.create(
            employer=employer, facility=facility, agency=agency, created_by=by
        )
    return employer


@act
def edit(*, employer, by, seen=None, **facts):
    """Correct the facts; `seen` (`meanwhile.seen_of`) is what stood there when it was asked."""
    _require(by, employer)
    employer = locked(employer)
    facts = {name: getattr(employer, name) for name in FACTS} | facts
    changed = changes(employer, _tidied(facts), seen)
    if not changed:
        return employer
    for name, value in changed.items():
        setattr(employer, name, value)
    _check(problems_of({name: getattr(employer, name) for name in FACTS}))
    known = with_number(changed.get("identity_number"))
    if known and known != employer:
        raise NotAllowed({"identity_number": ValidationError(_taken(known))})
    employer.save(update_fields=list(changed))
    return employer


@act
def deactivate(*, employer, reason, by):
    """It employs no more, for a reason. Refused while a vacancy of it is open."""
    _require(by, employer)
    employer = locked(employer)
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    if not employer.is_active:
        return _already_inactive(employer, reason, by)
    number = employer.vacancies.open().count()
    if number:
        raise NotAllowed(
            ngettext(
                "Masih ada %(number)s lowongan terbuka; tutup dulu.",
                "Masih ada %(number)s lowongan terbuka; tutup dulu.",
                number,
            )
            % {"number": number}
        )
    employer.is_active = False
    with pghistory.context(reason=reason.strip()):
        employer.save(update_fields=["is_active"])
    return employer


@act
def activate(*, employer, by):
    """It employs again."""
    _require(by, employer)
    employer = locked(employer)
    if not employer.is_active:
        employer.is_active = True
        employer.save(update_fields=["is_active"])
    return employer


def _already_inactive(employer, reason, by):
    last = employer.events.order_by("-pgh_id").first()
    said = (last and last.pgh_context) or {}
    if (said.get("user"), said.get("reason")) == (by.pk, reason.strip()):
        return employer
    raise AlreadyDone(
        _("Pemberi kerja ini sudah ditandai tidak aktif oleh %(who)s pada %(when)s.")
        % {
            "who": said.get("name") or _("sistem"),
            "when": formats.date_format(timezone.localtime(last.pgh_created_at), "DATETIME_FORMAT"),
        }
    )


def locked(employer):
    """The employer's row, held until the end of the transaction; before any vacancy of it."""
    return Employer.objects.select_for_update(no_key=True, of=["self"]).get(pk=employer.pk)


def _require(by, employer):
    if not rules.keeps_employer(by, employer):
        raise Forbidden(_("Pemberi kerja ini dicatat oleh pihak lain."))


def _tidied(facts):
    facts = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in facts.items()
    }
    facts["identity_number"] = digits_of(facts.get("identity_number", ""))
    return facts


def _taken(known):
    return _("Nomor ini sudah dicatat atas nama %(name)s.") % {"name": known.name}


def _check(problems):
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})
