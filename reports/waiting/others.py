"""What waits for the warden, the registrar, security, and everybody who owns a promise."""

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import roles
from inmates.models import ImportRun, Transfer
from inmates.states import ImportState
from partners.models import ActionItem
from placements import duplicates
from reports.waiting.kinds import Task, decrees, few, first, name_of, task, waits
from training.documents import hours_of
from training.models import Meeting, ToolCheck
from training.states import DecreeState
from training.teaching import MeetingState


@waits(post=roles.WARDEN, act="issue_decree", more="training:batch-list")
def decrees_to_issue(user, prisons):
    for row in decrees(user, prisons, DecreeState.PREPARED):
        people = ngettext("%(n)d orang", "%(n)d orang", row.people) % {"n": row.people}
        yield task(
            row,
            _("Tetapkan SK peserta"),
            *(name_of(row.batch), people),
            due=row.batch.starts_on,
            since=row.created_at,
        )


@waits(post=roles.SECURITY, act="release_gate", more="training:day-list")
def gates_closed(user, prisons):
    rows = ToolCheck.objects.visible_to(user).short().select_related("meeting__batch__course")
    for row in first(rows, prisons, "in_at"):
        yield task(
            row,
            _("Cari alat yang kurang atau buka pintu"),
            f"{row.missing} {row}",
            name_of(row.meeting.batch),
            since=row.in_at,
        )


@waits(post=roles.SECURITY, act="check_tools", more="training:day-list")
def meetings_today(user, prisons):
    today = timezone.localdate()
    rows = Meeting.objects.visible_to(user).on(today).filter(state=MeetingState.PLANNED)
    for row in first(rows.select_related("batch__course", "room"), prisons, "during"):
        yield task(
            row,
            _("Kawal pertemuan pukul %(hours)s") % {"hours": hours_of(row)},
            name_of(row.batch),
            row.room or row.batch.place,
            due=today,
            url=reverse("training:meeting-tools", args=[row.public_id]),
        )


@waits(post=roles.OFFICER, act="check_tools", more="training:day-list")
@waits(post=roles.SECURITY, act="check_tools", more="training:day-list")
def tools_to_count(user, prisons):
    """Meetings that are over while tools of theirs are still out."""
    out = ToolCheck.objects.filter(meeting=OuterRef("pk"), quantity_in=None)
    rows = Meeting.objects.visible_to(user).filter(
        Exists(out), during__endswith__lte=timezone.now()
    )
    for row in first(rows.select_related("batch__course"), prisons, "during"):
        yield task(
            row,
            _("Hitung kembali alat"),
            name_of(row.batch),
            _("pertemuan ke-%(number)s") % {"number": row.number},
            since=row.during.upper,
            url=reverse("training:meeting-tools", args=[row.public_id]),
        )


@waits(post=roles.REGISTRAR, act="import_register", more="inmates:import-list")
def imports_to_apply(user, prisons):
    rows = ImportRun.objects.visible_to(user).filter(state=ImportState.READY)
    for row in first(rows, prisons, "created_at"):
        yield task(row, _("Terapkan impor register"), row.file_name, since=row.created_at)


@waits(post=roles.REGISTRAR, act="answer_transfer", more="placements:transfer-list")
def transfers_to_answer(user, prisons):
    rows = Transfer.objects.visible_to(user).awaiting_origin().filter(origin__in=prisons)
    for row in few(rows.select_related("destination").order_by("created_at", "pk")):
        yield task(row, _("Jawab permintaan mutasi"), row.destination, since=row.created_at)


@waits(post=roles.REGISTRAR, act="import_register", more="placements:absence-list")
def absences_to_decide(user, prisons):
    gone = Count("absences", filter=Q(absences__decision=""))
    rows = ImportRun.objects.visible_to(user).annotate(gone=gone).filter(gone__gt=0)
    for row in first(rows, prisons, "created_at"):
        yield task(
            row,
            ngettext(
                "Tentukan %(count)d orang yang tidak tercantum lagi",
                "Tentukan %(count)d orang yang tidak tercantum lagi",
                row.gone,
            )
            % {"count": row.gone},
            row.file_name,
            since=row.applied_at,
            url=reverse("placements:absence-list"),
        )


@waits(post=roles.REGISTRAR, act="import_register", more="placements:duplicate-list")
def duplicates_to_judge(user, prisons):
    count = len(duplicates.pairs(prisons))
    if count:
        words = ngettext("%(count)d pasang data mirip", "%(count)d pasang data mirip", count)
        yield Task(
            _("Tinjau data ganda"),
            words % {"count": count},
            reverse("placements:duplicate-list"),
            key=("duplicates", tuple(sorted(prisons))),
        )


def own_promises(user, vacant):
    """What was promised at a visit and is owned by the reader's post or by the reader by name."""
    rows = ActionItem.objects.visible_to(user).open().owned_by(user, vacant)
    for row in first(rows.select_related("engagement", "agency"), user.facility_ids, "due"):
        about = _("dijanjikan kepada %(agency)s") % {"agency": row.agency}
        yield task(row, row.what, about, due=row.due, url=row.engagement.get_absolute_url())
