"""Letters about referrals: the recommendation of each person, the list on top of several, and
the agency's own letter of introduction. None names an offence, a sentence or a register number.
"""

from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import wall
from accounts.refusals import Forbidden, NotAllowed, act
from correspondence import letter_kinds, typesetting
from correspondence.services import letter_approvals, letters
from correspondence.states import LETTER_UNNUMBERED, LetterState
from partners.rules import is_liaison_of
from partners.services import liaisons
from placements.employment import WITH_AGENCY, ReferralState
from placements.letter_kinds import RECOMMENDATION, REFERRAL_LIST
from placements.models import Referral
from placements.papers import referral as paper
from placements.services import referral_checks as checks

INTRODUCTION = "introduction_v1"
BY_PROGRAM = "lewat lapasprog"


@act
def write(*, referrals, by):
    """Letters of referrals that were approved just now, signed by whoever approved them.

    The last thing of that act: numbers are taken here.
    """
    by_agency = defaultdict(list)
    for referral in referrals:
        by_agency[referral.agency].append(referral)
    for agency, own in by_agency.items():
        cover = None
        if len(own) > 1:
            cover = _signed(REFERRAL_LIST, own[0].facility, agency, by, own, paper.covering(own))
        for referral in own:
            referral.letter = _signed(
                RECOMMENDATION,
                referral.facility,
                agency,
                by,
                [referral],
                paper.recommendation(referral),
            )
            referral.cover_letter = cover
            referral.save(update_fields=["letter", "cover_letter"])


@act
def void(*, referral, reason, by):
    """Letters that were not sent are worth nothing more; the list is void for all who stand on it.

    Each of the others goes with their own letter.
    """
    worthless = [letter for letter in (referral.letter, referral.cover_letter) if letter]
    if referral.cover_letter:
        unsent = Referral.objects.filter(cover_letter=referral.cover_letter, sent_at=None)
        unsent.update(cover_letter=None)
        referral.cover_letter = None
    for letter in worthless:
        if letter.state in LETTER_UNNUMBERED:
            Referral.objects.filter(letter=letter).update(letter=None)
            letter_approvals.drop(letter=letter)
        elif letter.state != LetterState.VOID:
            letters.annul(letter=letter, reason=reason, by=by)


@act
def went_out(*, referrals, by):
    """With referrals that were sent their letters left, where somebody reads them in the program.

    To an agency without a liaison the secretariat sends the paper.
    """
    reading = {pk for pk in {row.agency_id for row in referrals} if liaisons.of(pk).exists()}
    read = [row for row in referrals if row.agency_id in reading]
    papers = {paper for row in read for paper in (row.letter, row.cover_letter) if paper}
    letter_approvals.went_out(letters=papers, how=BY_PROGRAM, by=by)


def readable(referral, user):
    """The letters of the referral that the user may open, as a dict of their names.

    An agency reads them while the referral lies with it under a consent in force; a list only
    while that holds for all who stand on it.
    """
    found = {"letter": referral.letter, "cover_letter": referral.cover_letter}
    found = {name: letter for name, letter in found.items() if letter is not None}
    if not user.is_liaison:
        return found
    if not _may_agency_read([referral]):
        return {}
    if "cover_letter" in found:
        with wall.outside():  # whoever stands on it, not only those whom the reader may see
            listed = Referral.objects.filter(cover_letter=referral.cover_letter)
            if not _may_agency_read(listed.select_related("inmate")):
                del found["cover_letter"]
    return found


def introduction(*, referral, by):
    """The agency's letter of introduction to the employer, as PDF bytes.

    Number and date are those that the agency entered, dotted while they are missing.
    """
    if not is_liaison_of(by, referral.agency_id):
        raise Forbidden(_("Surat pengantar dibuat oleh Disnaker."))
    if referral.employer is None:
        raise NotAllowed(_("Pilih dulu pemberi kerjanya."))
    if not _may_agency_read([referral]):
        raise NotAllowed(_("Persetujuan orang ini untuk dirujuk tidak berlaku lagi."))
    with wall.outside():  # what the person agreed to show stands in a CV the reader never sees
        wall.reread(referral)
        data = paper.introduction(referral)
    return typesetting.pdf(INTRODUCTION, data, made_at=timezone.localtime())


def _may_agency_read(referrals):
    return all(
        referral.state in (*WITH_AGENCY, ReferralState.ACCEPTED)
        and checks.consent_of(referral.inmate)
        for referral in referrals
    )


def _signed(kind, facility, agency, by, referrals, content):
    known = letter_kinds.get(kind)
    return letter_approvals.sign_off(
        facility=facility,
        kind=kind,
        subject=str(content["subject"]),
        addressed_to=agency.name,
        data={
            "classification": known.classification,
            "nature": "Biasa",
            "to": [f"Kepala {agency.name}"],
            "place": agency.city,
            "copies": [],
            **content,
        },
        people=[referral.inmate for referral in referrals],
        by=by,
    )
