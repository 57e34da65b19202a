"""What waits for the warden, the registrar, security and the clinic."""

from django.db.models import F
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.stand_ins import NOW
from inmates.models import Absence, ImportRun, Transfer
from inmates.states import ImportState
from reports.lines import Lines
from reports.waiting.head import with_decree
from reports.waiting.kinds import hour, waits
from training.models import Candidate, Meeting
from training.reminders import BATCH
from training.states import BatchNeed, DecreeState

DAYS = "training:day-list"
OUT = "training:meeting-list?tools=out"


@waits(
    gettext_lazy("Tetapkan SK peserta"),
    post=roles.WARDEN,
    act="issue_decree",
    to="training:batch-list?needs=signature",
)
def decrees_to_issue():
    return with_decree(BatchNeed.SIGNATURE, DecreeState.PREPARED)


@waits(gettext_lazy("Kawal pertemuan hari ini"), post=roles.SECURITY, act="check_tools", to=DAYS)
def meetings_today():
    today = timezone.localdate()
    return Lines(
        Meeting.objects.on(today).standing(),
        due=TruncDate("during__startswith"),
        since=None,
        data={
            "batch": BATCH,
            "place": Coalesce("room__name", "batch__place"),
            "starts": F("during__startswith"),
            "ends": F("during__endswith"),
        },
        words=lambda row: (
            f"{hour(row['starts'])}–{hour(row['ends'])}",
            row["batch"],
            row["place"],
        ),
        page="training:meeting-tools",
    )


@waits(gettext_lazy("Hitung kembali alat"), post=roles.OFFICER, act="check_tools", to=OUT)
@waits(gettext_lazy("Hitung kembali alat"), post=roles.SECURITY, act="check_tools", to=OUT)
def tools_to_count():
    """Meetings that are over while tools of theirs are still out."""
    return Lines(
        Meeting.objects.with_tools_out(NOW),
        since=F("during__endswith"),
        data={"batch": BATCH, "number": "number"},
        words=lambda row: (row["batch"], _("pertemuan ke-%(number)s") % row),
        page="training:meeting-tools",
    )


@waits(
    gettext_lazy("Periksa calon peserta"),
    post=roles.CLINIC,
    act="set_fitness",
    to="reports:candidacy-list?clinic=waiting",
    together=True,
)
def people_to_examine():
    """Candidates of courses that ask for the clinic's word; the list has their names."""
    return Lines(
        Candidate.objects.awaiting_clinic(),
        due="batch__starts_on",
        since="created_at",
        page="training:batch-detail",
        of="batch__public_id",
    )


@waits(
    gettext_lazy("Terapkan impor register"),
    post=roles.REGISTRAR,
    act="import_register",
    to="inmates:import-list?state=ready",
)
def imports_to_apply():
    return Lines(
        ImportRun.objects.filter(state=ImportState.READY),
        since="created_at",
        data={"name": "file_name"},
        page="inmates:import-detail",
    )


@waits(
    gettext_lazy("Jawab permintaan mutasi"),
    post=roles.REGISTRAR,
    act="answer_transfer",
    to="placements:transfer-list?state=proposed&way=out",
    place="origin",
)
def transfers_to_answer():
    return Lines(
        Transfer.objects.awaiting_origin(),
        since="created_at",
        data={"to": "destination__name"},
        page="placements:transfer-detail",
    )


@waits(
    gettext_lazy("Tentukan orang yang tidak tercantum lagi"),
    post=roles.REGISTRAR,
    act="import_register",
    to="placements:absence-list",
    together=True,
)
def absences_to_decide():
    """Whom a complete register does not list any more; the list has their names."""
    return Lines(
        Absence.objects.open(),
        since="run__applied_at",
        page="inmates:import-detail",
        of="run__public_id",
    )
