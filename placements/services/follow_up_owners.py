"""Who asks: the prison's officer, Disnaker, or the probation officer; and how to reach somebody.

An agency is given nobody who has not agreed to it: what it asks about is the person's consent.
"""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from partners.models import Partnership
from partners.states import AgencyKind
from placements.employment import FollowUpOwner, FollowUpState
from placements.models import FollowUp
from placements.services import follow_up_news as tell
from placements.services import follow_up_rows as rows_of


@dataclass
class Assigned:
    """What became of several: given, and refused with the sentences why."""

    given: list = field(default_factory=list)
    refused: list = field(default_factory=list)


@act
def assign(*, follow_up, owner, by, agency=None, contact=None, with_rest=True):
    """Say who asks, and how to reach the person (`contact`, None: as it was).

    `with_rest` gives the later months of the series along. Returns what was changed, the
    follow-up first; the agency's liaisons are told once.
    """
    given = _assign(follow_up, owner, by, agency, contact, with_rest)
    _tell(given, by)
    return given


@act
def assign_many(*, follow_ups, owner, by, agency=None):
    """As `assign`, each for itself and without the rest of its series; returns `Assigned`."""
    answer, changed = Assigned(), []
    for row in sorted(follow_ups, key=lambda row: (row.inmate_id, row.pk)):
        try:
            changed += _assign(row, owner, by, agency, None, False)
        except NotAllowed as refusal:
            answer.refused.append((row, refusal.messages))
        else:
            answer.given.append(row)
    _tell(changed, by)
    return answer


def _assign(follow_up, owner, by, agency, contact, with_rest):
    require(by, "follow_up", follow_up.facility_id)
    row = rows_of.locked_one(follow_up)
    if row.state != FollowUpState.DUE:
        raise NotAllowed(_("Pemantauan ini tidak lagi menunggu siapa pun."))
    agency = _checked(row, owner, agency)
    rest = FollowUp.objects.none()
    if with_rest:
        rest = FollowUp.objects.planned().filter(
            inmate=row.inmate_id, counted_from=row.counted_from, months__gt=row.months
        )
    changed = []
    for each in [row, *rows_of.locked(rest)]:
        was = (each.owner, each.agency_id, each.contact)
        each.owner, each.agency = owner, agency
        each.contact = each.contact if contact is None else contact.strip()
        if (each.owner, each.agency_id, each.contact) != was:
            each.save(update_fields=["owner", "agency", "contact"])
            each.is_handed_over = was[:2] != (each.owner, each.agency_id)
            if each.is_handed_over:
                rows_of.close(each)
            changed.append(each)
    return changed


def _checked(row, owner, agency):
    """The agency to be stored with the owner; `NotAllowed` by field if it may not be."""
    if owner not in FollowUpOwner.values:
        raise _problem("owner", _("Pilih salah satu."))
    if owner != FollowUpOwner.AGENCY:
        return None
    if agency is None:
        raise _problem("agency", _("Pilih instansinya."))
    if not Partnership.objects.filter(facility=row.facility_id, agency=agency).exists():
        raise _problem("agency", _("Instansi ini bukan mitra lapas."))
    if agency.kind != AgencyKind.DISNAKER:
        raise _problem("agency", _("Pemantauan hanya diserahkan kepada Disnaker."))
    if not FollowUp.objects.with_consent().filter(pk=row.pk).exists():
        raise _problem(
            "owner", _("Orang ini belum menyetujui pemantauan; tidak bisa diserahkan ke instansi.")
        )
    return agency


def _tell(changed, by):
    given = [row for row in changed if row.is_handed_over and row.owner == FollowUpOwner.AGENCY]
    tell.handed_over(given, by)


def _problem(name, sentence):
    return NotAllowed({name: ValidationError(sentence)})
