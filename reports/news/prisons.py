"""What the prison decided, recorded and learned."""

from django.db.models import FilteredRelation, Q
from django.utils.translation import ngettext_lazy

from accounts import roles
from correspondence.models import Letter
from correspondence.states import LetterState
from inmates.models import Circumstance, ImportRun, Restriction, Transfer
from inmates.states import RestrictionKind, TransferState
from placements.employment import FollowUpState
from placements.models import FollowUp, Placement
from reports.lines import Lines
from reports.news.agencies import HANDLERS
from reports.news.kinds import LIAISONS, MOVED_HERE, SECTION, news
from training.models import Batch, Certificate, Decree
from training.reminders import BATCH, TITLE
from training.states import SELECTING, BatchState, DecreeState

MOVED = (
    BatchState.RUNNING,
    BatchState.FINISHED,
    BatchState.CLOSED,
    BatchState.POSTPONED,
    BatchState.CANCELLED,
)


@news(
    ngettext_lazy("%(n)d SK peserta ditetapkan", "%(n)d SK peserta ditetapkan", "n"),
    readers=(*SECTION, roles.REGISTRAR, roles.SECURITY, roles.SECRETARIAT),
)
def decrees_issued(since):
    return Lines(
        Decree.objects.issued().filter(letter__signed_at__gte=since, entered_afterwards=False),
        since="letter__signed_at",
        data={"batch": BATCH},
        page="training:batch-detail",
        of="batch__public_id",
    )


@news(
    ngettext_lazy("Peserta %(n)d angkatan ditetapkan", "Peserta %(n)d angkatan ditetapkan", "n"),
    readers=LIAISONS,
)
def lists_of_participants(since):
    """An agency reads no decree, but may take its participants from now on.

    A decree is issued while people may join: the many batches that ended before are not asked.
    """
    signed = Q(decrees__state=DecreeState.ISSUED, decrees__entered_afterwards=False)
    joined = Batch.objects.filter(Q(state__in=SELECTING) | Q(state_at__gte=since))
    return Lines(
        joined.alias(signed=FilteredRelation("decrees", condition=signed)).filter(
            signed__letter__signed_at__gte=since
        ),
        since="signed__letter__signed_at",
        data={"batch": TITLE, "prison": "facility__name"},
        page="training:participant-list",
    )


@news(
    ngettext_lazy("%(n)d angkatan berubah keadaan", "%(n)d angkatan berubah keadaan", "n"),
    readers=(*SECTION, roles.SECURITY, *LIAISONS),
)
def batches_moved(since):
    return Lines(
        Batch.objects.filter(MOVED_HERE, state__in=MOVED, state_at__gte=since),
        since="state_at",
        data={"batch": TITLE, "state": "state"},
        words=lambda row: (row["batch"], BatchState(row["state"]).label),
        page="training:batch-detail",
    )


@news(
    ngettext_lazy("%(n)d sertifikat dicatat", "%(n)d sertifikat dicatat", "n"),
    readers=(*HANDLERS, *LIAISONS),
    to="training:certificate-list?recorded=SINCE",
    together=True,
)
def certificates_recorded(since):
    return Lines(
        Certificate.objects.filter(created_at__gte=since),
        since="created_at",
        page="training:certificate-detail",
    )


@news(
    ngettext_lazy("%(n)d penempatan kerja dicatat", "%(n)d penempatan kerja dicatat", "n"),
    readers=HANDLERS,
    to="placements:placement-list?recorded=SINCE",
    together=True,
)
def placements_recorded(since):
    return Lines(
        Placement.objects.counted().filter(created_at__gte=since),
        since="created_at",
        page="placements:placement-detail",
    )


@news(
    ngettext_lazy("%(n)d kabar lulusan dicatat", "%(n)d kabar lulusan dicatat", "n"),
    readers=HANDLERS,
    to="placements:follow-up-list?when=done&recorded=SINCE",
    together=True,
)
def follow_ups_recorded(since):
    return Lines(
        FollowUp.objects.filter(state=FollowUpState.DONE, state_at__gte=since),
        since="state_at",
        page="placements:follow-up-detail",
    )


@news(
    ngettext_lazy(
        "%(n)d perubahan keadaan Warga Binaan", "%(n)d perubahan keadaan Warga Binaan", "n"
    ),
    readers=(roles.OFFICER, roles.HEAD, roles.REGISTRAR),
    to="placements:circumstance-list?decision=all&recorded=SINCE",
    together=True,
)
def circumstances_noted(since):
    return Lines(
        Circumstance.objects.filter(created_at__gte=since),
        since="created_at",
        page="placements:circumstance-detail",
    )


@news(
    ngettext_lazy("%(n)d catatan pembatasan baru", "%(n)d catatan pembatasan baru", "n"),
    readers=(roles.SECURITY,),
    together=True,
)
def restrictions_set(since):
    return _restrictions(Restriction.objects.keeping_out(), since)


@news(
    ngettext_lazy("%(n)d pemeriksaan klinik dicatat", "%(n)d pemeriksaan klinik dicatat", "n"),
    readers=(roles.CLINIC,),
    together=True,
)
def examinations(since):
    kinds = (RestrictionKind.FIT, RestrictionKind.UNFIT)
    return _restrictions(Restriction.objects.filter(kind__in=kinds), since)


@news(
    ngettext_lazy("%(n)d impor register diterapkan", "%(n)d impor register diterapkan", "n"),
    readers=(roles.REGISTRAR,),
)
def imports_applied(since):
    return Lines(
        ImportRun.objects.filter(applied_at__gte=since),
        since="applied_at",
        data={"name": "file_name"},
        page="inmates:import-detail",
    )


@news(
    ngettext_lazy("%(n)d mutasi dijawab", "%(n)d mutasi dijawab", "n"),
    readers=(roles.REGISTRAR,),
    place="",
)
def transfers_answered(since):
    answers = (TransferState.ACCEPTED, TransferState.REFUSED)
    return Lines(
        Transfer.objects.filter(state__in=answers, state_at__gte=since),
        since="state_at",
        data={"origin": "origin__name", "destination": "destination__name", "state": "state"},
        words=lambda row: (
            f"{row['origin']} → {row['destination']}",
            TransferState(row["state"]).label,
        ),
        page="placements:transfer-detail",
    )


@news(
    ngettext_lazy(
        "%(n)d surat ditandatangani atau dikirim", "%(n)d surat ditandatangani atau dikirim", "n"
    ),
    readers=(roles.SECRETARIAT, roles.OFFICER),
)
def letters_signed(since):
    done = (LetterState.SIGNED, LetterState.SENT)
    return Lines(
        Letter.objects.ordinary().filter(state__in=done, state_at__gte=since),
        since="state_at",
        data={"number": "number", "subject": "subject", "state": "state"},
        words=lambda row: (row["number"], row["subject"], LetterState(row["state"]).label),
        page="correspondence:letter-detail",
    )


def _restrictions(rows, since):
    return Lines(
        rows.filter(created_at__gte=since),
        since="created_at",
        page="placements:person-detail",
        of="inmate__public_id",
    )
