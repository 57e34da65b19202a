"""What waits for the head of section, and what the head shares with the registrar."""

from django.db.models import Exists, OuterRef, Q
from django.utils import formats
from django.utils.translation import gettext as _

from accounts import roles
from partners.models import Agreement
from partners.querysets import EXPIRING_DAYS
from partners.rules import notice_deadline
from partners.states import AgreementState
from reports.waiting.kinds import SEATS, batches, decrees, first, name_of, task, waits
from training.models import Candidate, Decree, Hearing, SeatOffer
from training.states import SELECTING, BatchState, DecreeState, HearingState


@waits(post=roles.HEAD, act="record_hearing", more="training:hearing-list")
@waits(post=roles.REGISTRAR, act="record_hearing", more="training:hearing-list")
def hearings_to_record(user, prisons):
    rows = Hearing.objects.visible_to(user).filter(state=HearingState.PLANNED)
    for row in first(rows.select_related("batch__course"), prisons, "held_on"):
        yield task(
            row,
            _("Catat hasil sidang TPP"),
            name_of(row.batch),
            due=row.held_on,
            since=row.created_at,
        )


@waits(post=roles.HEAD, act="prepare_decree", more="training:batch-list")
def batches_without_decree(user, prisons):
    approved = Candidate.objects.approved_without_seat().regular().filter(batch=OuterRef("pk"))
    held = Hearing.objects.filter(batch=OuterRef("pk"), state=HearingState.HELD)
    pending = Decree.objects.filter(
        batch=OuterRef("pk"), state__in=(DecreeState.PREPARED, DecreeState.RETURNED)
    )
    taken = SeatOffer.objects.taken().filter(batch=OuterRef("pk"))
    first_list = Q(Exists(approved), seats_taken__lt=SEATS, state=BatchState.CONFIRMED)
    rows = batches(
        user,
        prisons,
        *(first_list | Q(Exists(taken)), Exists(held), ~Exists(pending)),
        state__in=SELECTING,
    )
    for row in rows:
        yield task(row, _("Siapkan SK peserta"), *(name_of(row), row.agency), due=row.starts_on)


@waits(post=roles.HEAD, act="prepare_decree", more="training:batch-list")
def decrees_returned(user, prisons):
    for row in decrees(user, prisons, DecreeState.RETURNED):
        yield task(
            row,
            _("Perbaiki SK yang dikembalikan"),
            *(name_of(row.batch), row.reason),
            since=row.created_at,
        )


@waits(post=roles.HEAD, act="sign_agreement", more="partners:agreement-list")
def agreements_to_sign(user, prisons):
    rows = Agreement.objects.visible_to(user).filter(state=AgreementState.READY)
    for row in first(rows.select_related("agency"), prisons, "state_at"):
        yield task(row, _("Catat penandatanganan"), row.title, row.agency, since=row.state_at)


@waits(post=roles.HEAD, act="sign_agreement", more="partners:agreement-list")
def agreements_expiring(user, prisons):
    rows = Agreement.objects.visible_to(user).ending_within(EXPIRING_DAYS).not_renewed()
    rows = rows.filter(state=AgreementState.SIGNED).select_related("agency")
    for row in first(rows, prisons, "ends_on"):
        propose_by = formats.date_format(notice_deadline(row))
        yield task(
            row,
            _("Putuskan perpanjangan perjanjian"),
            *(row.title, row.agency),
            _("batas usul perpanjangan %(day)s") % {"day": propose_by},
            due=row.ends_on,
        )
