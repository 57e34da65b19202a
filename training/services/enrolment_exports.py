"""What an agency needs to register the participants of a batch: the only place with their NIK."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.refusals import Forbidden, NotAllowed
from inmates import nik
from partners.rules import is_liaison_of
from training.models import Batch, Enrolment
from training.services import enrolments
from training.states import TAUGHT


@dataclass(frozen=True)
class Registrant:
    """A participant as an agency's registration asks: no register number, offence or block."""

    public_id: UUID
    code: str
    name: str
    nik: str
    sex: str
    birth_place: str
    birth_date: date | None
    education: str


@dataclass(frozen=True)
class Export:
    """`withheld` are codes of those who took their consent back, `unconsented` of those without a
    consent in force: they are listed without NIK. `decrees` are their numbers.
    """

    batch: Batch
    people: list
    withheld: list
    unconsented: list
    decrees: list
    on: date

    @property
    def without_nik(self):
        return [person.code for person in self.people if not person.nik]


def may_export(batch, user):
    """A liaison of exactly the batch's agency, and who proposes its candidates."""
    return is_liaison_of(user, batch.agency_id) or (
        may(user, "propose_candidates", batch.facility_id)
        and may(user, "see_people", batch.facility_id)
    )


def is_time_for(batch, user):
    """Whether the batch is to be registered: an agency takes no NIK of batches long over."""
    return batch.state in TAUGHT or not user.is_liaison


def gather(*, batch, by):
    """The `Export` of a batch. Raises `Forbidden`, and `NotAllowed` before a decree named anybody.

    Whoever took the consent back is left out, as in the roster, and so is who left. A NIK is given
    only of those whose consent to training is in force; to an agency only until the batch closes.
    """
    if not may_export(batch, by):
        raise Forbidden(_("Daftar pendaftaran angkatan ini bukan untuk Anda."))
    if not is_time_for(batch, by):
        raise NotAllowed(
            _("Daftar pendaftaran tidak dibagikan lagi: angkatan ini %(state)s.")
            % {"state": batch.get_state_display().lower()}
        )
    roster = enrolments.roster(batch, by)
    if not roster:
        raise NotAllowed(_("Peserta belum ditetapkan dengan SK."))
    named = [person.code for person in roster if person.is_named]
    rows = list(
        Enrolment.objects.visible_to(by)
        .filter(batch=batch, participant_code__in=named)
        .select_related("inmate__merged_into", "decree__letter")
        .order_by("participant_code")
    )
    consenting = enrolments.with_consent(rows)
    people, decrees = [], {}
    for row in rows:
        people.append(_registrant(row, row.inmate_id in consenting))
        if row.decree.letter:
            decrees[row.decree.letter.number] = None
    return Export(
        batch=batch,
        people=people,
        withheld=[person.code for person in roster if not person.is_named],
        unconsented=[row.participant_code for row in rows if row.inmate_id not in consenting],
        decrees=list(decrees),
        on=timezone.localdate(),
    )


def _registrant(row, has_consented):
    inmate = row.inmate.merged_into or row.inmate
    return Registrant(
        public_id=inmate.public_id,
        code=row.participant_code,
        name=inmate.name,
        nik=_nik_of(inmate) if has_consented else "",
        sex=inmate.get_sex_display(),
        birth_place=inmate.birth_place,
        birth_date=inmate.birth_date,
        education=inmate.education,
    )


def _nik_of(inmate):
    """The NIK in the clear; empty when none is known, or no configured key opens it."""
    if not inmate.nik_cipher:
        return ""
    try:
        return nik.reveal(inmate.nik_cipher)
    except nik.UnknownKey:
        return ""
