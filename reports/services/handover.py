"""A posting ends: its open work goes to the successor, or up, and is written down (design 1).

Work belongs to the post, so most of it moves by itself with the next holder; what names a person
is moved here, once the last day has passed. The successor is reminded by the next sweep after
taking office.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import Posting, User
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from accounts.states import UserKind
from correspondence import typesetting
from correspondence.services import leaving, notices
from partners.models import ActionItem
from reports import documents, work
from reports.models import Handover

AHEAD_MOST = timedelta(days=366)
UPWARD = {roles.HEAD: roles.WARDEN}  # whose work goes up further than to the head


@act
def end(*, posting, last_day, by, successor=None, acting="", note=""):
    """End a posting on its last day and hand its open work over; returns the `Handover`.

    `successor` gets a posting of the same role from the next day on (`acting`: Plt., Plh. or
    nothing), unless there is one already; without a successor the work goes up to the head, or
    to the warden. Nobody takes over another's post by an act of their own, and only the warden
    names the next warden. Raises `NotAllowed` with field errors, `AlreadyDone` naming who ended it.
    """
    require(by, "end_posting", posting.facility_id)
    posting = _locked(posting)
    done = Handover.objects.select_related("created_by", "successor").filter(posting=posting)
    if earlier := done.first():
        return _same_or_refuse(earlier, posting, last_day, by, successor, note)
    _check(posting, last_day, successor, by)
    sections = work.open_work(posting, by)
    following = _opened(posting, last_day + timedelta(days=1), successor, acting, by)
    receiver = following or above(posting)
    witness = _holder(posting.facility_id, roles.WARDEN)
    if witness in (posting, receiver):
        witness = None
    handover = Handover.objects.create(
        posting=posting,
        facility=posting.facility,
        successor=following,
        note=note,
        created_by=by,
        data=documents.handover(
            posting=posting,
            last_day=last_day,
            sections=sections,
            receiver=documents.Party.of(receiver) if receiver else documents.Party(),
            is_successor=following is not None,
            witness=documents.Party.of(witness) if witness else None,
            note=note,
        ),
    )
    posting.until = last_day
    posting.save(update_fields=["until"])
    if last_day < timezone.localdate():
        _move_promises(handover)
    leaving.close_for_former_holders()
    if following:
        _tell(handover, following)
    return handover


def move_promises(*, today=None):
    """Promises that name somebody whose last day has passed name the next holder. Returns how many.

    Safe to repeat: a clock calls it, so that a last day in the future needs nobody. Who succeeded
    and has left since hands them on, the earliest hand-over first.
    """
    left = ActionItem.objects.open().filter(
        owner=OuterRef("posting__user"), facility=OuterRef("facility")
    )
    over = Handover.objects.over(today).filter(Exists(left))
    rows = over.select_related("posting__user", "successor__user")
    return sum(_move_promises(handover, today) for handover in rows)


def above(posting):
    """The posting to which the work goes when nobody succeeds: the head's, else the warden's."""
    role = UPWARD.get(posting.role_id, roles.HEAD)
    chain = (role, roles.WARDEN) if posting.role_id != roles.WARDEN else (roles.HEAD,)
    for each in chain:
        if found := _holder(posting.facility_id, each, without=posting):
            return found
    return None


def paper(handover):
    """The memori serah terima jabatan as PDF bytes, the same each time."""
    data = dict(handover.data)
    data.pop("made_at")
    return typesetting.pdf("handover_v1", data, made_at=handover.created_at)


def _locked(posting):
    return (
        Posting.objects.select_for_update(no_key=True, of=["self"])
        .select_related("user", "facility")
        .get(pk=posting.pk)
    )


def _same_or_refuse(earlier, posting, last_day, by, successor, note):
    taken_by = earlier.successor.user_id if earlier.successor else None
    asked = (last_day, by.pk, successor.pk if successor else None, note)
    if (posting.until, earlier.created_by_id, taken_by, earlier.note) == asked:
        return earlier
    raise AlreadyDone(
        _("Penugasan ini sudah diakhiri oleh %(who)s pada %(when)s.")
        % {
            "who": earlier.created_by or _("sistem"),
            "when": formats.date_format(timezone.localtime(earlier.created_at), "DATETIME_FORMAT"),
        }
    )


def _check(posting, last_day, successor, by):
    problems = {}
    if last_day < posting.starts:
        problems["last_day"] = _("Hari terakhir tidak boleh sebelum penugasan dimulai, %(day)s.")
        problems["last_day"] %= {"day": formats.date_format(posting.starts)}
    elif posting.until and last_day > posting.until:
        problems["last_day"] = _("Penugasan ini hanya sampai %(day)s.") % {
            "day": formats.date_format(posting.until)
        }
    elif last_day > timezone.localdate() + AHEAD_MOST:
        problems["last_day"] = _("Tanggalnya terlalu jauh di depan.")
    if successor:
        if successor.pk == posting.user_id:
            problems["successor"] = _("Penerusnya harus orang lain.")
        elif successor.pk == by.pk:
            problems["successor"] = _("Jabatan lain tidak bisa Anda serahkan kepada diri sendiri.")
        elif posting.role_id == roles.WARDEN and posting.user_id != by.pk:
            problems["successor"] = _("Kepala Lapas yang baru didaftarkan oleh admin.")
        elif successor.kind != UserKind.STAFF or not successor.is_active:
            problems["successor"] = _("Penerusnya harus petugas dengan akun aktif.")
    if problems:
        raise NotAllowed(problems)


def _opened(posting, starts, successor, acting, by):
    """The successor's posting: the open one of that role, else a new one from that day on."""
    if successor is None:
        return None
    held = successor.postings.filter(
        facility=posting.facility, role=posting.role_id, until=None
    ).select_related("user")
    return held.first() or Posting.objects.create(
        user=successor,
        facility=posting.facility,
        role_id=posting.role_id,
        title=posting.title,
        acting=acting,
        starts=starts,
        created_by=by,
    )


def _holder(facility_id, role, without=None):
    rows = Posting.objects.current().filter(facility=facility_id, role=role, user__is_active=True)
    if without:
        rows = rows.exclude(user=without.user_id)
    return rows.select_related("user").first()


@act
def _move_promises(handover, today=None):
    """Open promises that name the former holder name who has the work now; returns how many."""
    posting = handover.posting
    receiver = handover.successor or above(posting)
    here = Posting.objects.current(today).filter(user=posting.user_id, facility=posting.facility_id)
    kept = here.exclude(pk=posting.pk).values_list("role_id", flat=True)
    items = ActionItem.objects.open().filter(owner=posting.user_id, facility=posting.facility_id)
    if kept:  # the other posts keep theirs
        items = items.filter(owner_role=posting.role_id).exclude(owner_role__in=kept)
    locked = items.select_for_update(no_key=True, of=["self"]).order_by("pk")
    return ActionItem.objects.filter(pk__in=[item.pk for item in locked]).update(
        owner=receiver.user if receiver else None
    )


def _tell(handover, following):
    notices.tell(
        kind="post_taken_over",
        obj=handover,
        facility_id=handover.facility_id,
        recipients=User.objects.filter(pk=following.user_id),
        data={
            "post": handover.data["post"],
            "facility": handover.facility.name,
            "starts": handover.taken_on.isoformat(),
        },
        link=handover.get_absolute_url(),
    )
