"""Tools go out of the store for a meeting, are counted back, and keep its gate closed if short.

The batch is locked before the meeting, so that a shortage at one meeting and tools going out for
the next are decided one after the other. A gate is closed while a check is `short`: fewer came
back than went out, and security has not released it with a reason.
"""

import pghistory
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence.services import notices
from training.models import Batch, Meeting, ToolCheck
from training.teaching import MeetingState

TOLD = (roles.SECURITY, roles.OFFICER, roles.HEAD)
QUANTITY_MOST = 999
NAME_LENGTH = ToolCheck._meta.get_field("name").max_length


@act
def take_out(*, meeting, items, by):
    """Write down what leaves the store for a meeting: pairs of a tool's name and how many.

    More tools may follow later. Returns all checks of the meeting. Raises `AlreadyDone` for a
    tool that is out already, `NotAllowed` while tools of another meeting of the batch are missing
    or not counted yet.
    """
    require(by, "check_tools", meeting.facility_id)
    wanted = _tidied(items)
    meeting = _locked(meeting)
    known = {check.name.casefold(): check for check in _checks(meeting)}
    twice = [known[name.casefold()] for name, _count in wanted if name.casefold() in known]
    if twice:
        same = {(check.name, check.quantity_out) for check in twice if check.created_by == by}
        if same == set(wanted):
            return list(known.values())
        raise _already_out(twice[0])
    _check_may_leave(meeting)
    now = timezone.now()
    ToolCheck.objects.bulk_create(
        ToolCheck(
            facility_id=meeting.facility_id,
            meeting=meeting,
            name=name,
            quantity_out=count,
            out_at=now,
            created_by=by,
        )
        for name, count in wanted
    )
    return list(_checks(meeting))


@act
def bring_back(*, check, quantity, by, note=""):
    """Count one kind of tool back in; fewer than went out closes the gate and alarms security."""
    return bring_back_all(meeting=check.meeting, counts={check: quantity}, by=by, note=note)[0]


@act
def bring_back_all(*, meeting, counts, by, note=""):
    """Count several kinds of tools back at once: `{check: how many}`.

    Raises `AlreadyDone` when somebody else counted one of them first, `NotAllowed` with a dict
    by the check's public id for a number that cannot be.
    """
    require(by, "check_tools", meeting.facility_id)
    meeting = _locked(meeting)
    stored = {check.pk: check for check in _checks(meeting)}
    counted, problems = [], {}
    for check, quantity in counts.items():
        known = stored[check.pk]
        if known.quantity_in is not None:
            if (known.quantity_in, known.in_by_id) != (quantity, by.pk):
                raise _already_counted(known)
        elif not 0 <= quantity <= known.quantity_out:
            problems[str(known.public_id)] = ValidationError(
                _("Yang keluar %(out)s; yang kembali antara 0 dan %(out)s.")
                % {"out": known.quantity_out}
            )
        else:
            counted.append((known, quantity))
    if problems:
        raise NotAllowed(problems)
    for known, quantity in counted:
        known.quantity_in, known.in_at, known.in_by = quantity, timezone.now(), by
        known.note = note
        known.save(update_fields=["quantity_in", "in_at", "in_by", "note"])
    if any(known.missing for known, _quantity in counted):
        _alarm(meeting)
    return [stored[check.pk] for check in counts]


@act
def change_out(*, check, quantity, reason, by):
    """Set right how many went out, as long as nobody has counted them back; with a reason."""
    require(by, "check_tools", check.facility_id)
    _need_reason(reason)
    check = _locked_check(check)
    if not 1 <= quantity <= QUANTITY_MOST:
        raise NotAllowed({"quantity": ValidationError(_("Jumlah paling sedikit 1."))})
    if check.quantity_in is not None:
        raise _already_counted(check)
    if check.quantity_out != quantity:
        check.quantity_out, check.note = quantity, reason
        with pghistory.context(reason=reason):
            check.save(update_fields=["quantity_out", "note"])
    return check


@act
def recount(*, check, quantity, reason, by):
    """Correct a count: a tool was found, or was never there. With a reason, kept in the history.

    All back opens the gate, and those who were alarmed are told; fewer than before closes it
    again, also after a release.
    """
    require(by, "check_tools", check.facility_id)
    _need_reason(reason)
    check = _locked_check(check)
    if check.quantity_in is None:
        raise NotAllowed(_("Alat ini belum dihitung kembali."))
    if check.quantity_in == quantity:
        return check
    if not 0 <= quantity <= check.quantity_out:
        raise NotAllowed(
            {
                "quantity": ValidationError(
                    _("Yang keluar %(out)s; yang kembali antara 0 dan %(out)s.")
                    % {"out": check.quantity_out}
                )
            }
        )
    was_closed, fewer = check.keeps_gate_closed, quantity < check.quantity_in
    check.quantity_in, check.in_at, check.in_by, check.note = quantity, timezone.now(), by, reason
    if fewer or quantity == check.quantity_out:
        check.released_at = check.released_by = None
        check.released_why = ""
    with pghistory.context(reason=reason):
        check.save(
            update_fields=[
                *("quantity_in", "in_at", "in_by", "note"),
                *("released_at", "released_by", "released_why"),
            ]
        )
    if check.keeps_gate_closed:
        _alarm(check.meeting)
    elif was_closed:
        _tell_opened("tools_found", check)
    return check


@act
def release_gate(*, check, reason, by):
    """Security lets the meeting go on although the tool is missing, and says why."""
    require(by, "release_gate", check.facility_id)
    _need_reason(reason)
    check = _locked_check(check)
    if check.released_at:
        if (check.released_by_id, check.released_why) == (by.pk, reason):
            return check
        raise AlreadyDone(
            _("Pintu sudah dibuka oleh %(who)s pada %(when)s.")
            % {"who": check.released_by or _("sistem"), "when": _clock(check.released_at)}
        )
    if not check.keeps_gate_closed:
        raise NotAllowed(_("Alat ini tidak kurang; pintunya tidak tertutup."))
    check.released_at, check.released_by, check.released_why = timezone.now(), by, reason
    check.save(update_fields=["released_at", "released_by", "released_why"])
    _tell_opened("gate_released", check)
    return check


def problem_of_gate(meeting):
    """Why the meeting cannot be called held or closed because of its tools; None when it can."""
    return _problem(list(_checks(meeting)))


def problem_of_leaving(meeting):
    """Why no tools may go out for the meeting now; None when they may."""
    if meeting.state != MeetingState.PLANNED:
        return _("Alat hanya keluar untuk pertemuan yang masih dijadwalkan.")
    if timezone.localdate(meeting.during.lower) > timezone.localdate():
        return _("Alat baru bisa keluar pada hari pertemuan.")
    rows = ToolCheck.objects.filter(meeting__batch=meeting.batch_id).unsettled()
    rows = rows.exclude(meeting=meeting, quantity_in=None)
    waiting = rows.select_related("meeting").order_by("meeting__during").first()
    if waiting is None:
        return None
    sentence = (
        _("Pintu pertemuan ke-%(number)s (%(day)s) masih tertutup karena alat kurang.")
        if waiting.missing
        else _("Alat pertemuan ke-%(number)s (%(day)s) belum dihitung kembali.")
    )
    day = formats.date_format(timezone.localdate(waiting.meeting.during.lower))
    return sentence % {"number": waiting.meeting.number, "day": day}


def usual_of(meeting):
    """What usually goes out: the tools of the batch's last meeting with any, else the course's.

    Pairs of a name and how many.
    """
    before = (
        ToolCheck.objects.filter(
            meeting__batch=meeting.batch_id, meeting__during__startswith__lt=meeting.during.lower
        )
        .order_by("-meeting__during", "name")
        .values_list("meeting_id", "name", "quantity_out")
    )
    rows = list(before[:100])
    if rows:
        return [(name, count) for of, name, count in rows if of == rows[0][0]]
    return list(meeting.batch.course.tools.values_list("name", "quantity"))


def in_words(checks):
    """The tools that are missing: `1 palu, 2 obeng`."""
    return ", ".join(f"{check.missing} {check.name}" for check in checks if check.missing)


def _problem(checks):
    out = [check.name for check in checks if check.quantity_in is None]
    if out:
        return _("Alat belum dihitung kembali: %(tools)s.") % {"tools": ", ".join(out)}
    short = [check for check in checks if check.keeps_gate_closed]
    if short:
        return _("Alat kurang: %(tools)s. Pintu tertutup sampai dibuka Kesatuan Pengamanan.") % {
            "tools": in_words(short)
        }
    return None


def _checks(meeting):
    return ToolCheck.objects.filter(meeting=meeting).select_related(
        "created_by", "in_by", "released_by"
    )


def _locked(meeting):
    Batch.objects.select_for_update(no_key=True).get(pk=meeting.batch_id)
    return (
        Meeting.objects.select_for_update(no_key=True, of=["self"])
        .select_related("batch__course")
        .get(pk=meeting.pk)
    )


def _locked_check(check):
    meeting = _locked(check.meeting)
    found = _checks(meeting).get(pk=check.pk)
    found.meeting = meeting
    return found


def _check_may_leave(meeting):
    problem = problem_of_leaving(meeting)
    if problem:
        raise NotAllowed(problem)


def _tidied(items):
    wanted, seen = [], set()
    for name, count in items:
        name = " ".join(name.split())
        if not name or len(name) > NAME_LENGTH:
            raise NotAllowed(_("Tulis nama setiap alat, paling panjang %s huruf.") % NAME_LENGTH)
        if not 1 <= count <= QUANTITY_MOST:
            raise NotAllowed(
                _("Jumlah %(tool)s antara 1 dan %(most)s.") % {"tool": name, "most": QUANTITY_MOST}
            )
        if name.casefold() in seen:
            raise NotAllowed(_("%(tool)s tertulis dua kali.") % {"tool": name})
        seen.add(name.casefold())
        wanted.append((name, count))
    if not wanted:
        raise NotAllowed(_("Tulis sedikitnya satu alat."))
    return wanted


def _need_reason(reason):
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})


def _alarm(meeting):
    """Tell all that is missing at the meeting now; what was told before of it is overtaken."""
    notices.close_for(meeting, "tools_short", "tools_found", "gate_released")
    short = [check for check in _checks(meeting) if check.keeps_gate_closed]
    _tell("tools_short", meeting, short)


def _tell_opened(kind, check):
    """The gate moved: what is still missing is told anew, else that it is open."""
    meeting = check.meeting
    short = [each for each in _checks(meeting) if each.keeps_gate_closed]
    notices.close_for(meeting, "tools_short", "tools_found", "gate_released")
    _tell("tools_short" if short else kind, meeting, short or [check])


def _tell(kind, meeting, checks):
    batch = meeting.batch
    notices.tell(
        kind=kind,
        obj=meeting,
        facility_id=meeting.facility_id,
        recipients=notices.holders(meeting.facility_id, *TOLD),
        data={
            "batch": f"{batch.course.name} – {batch.name}",
            "number": meeting.number,
            "tools": in_words(checks) or ", ".join(check.name for check in checks),
        },
        link=reverse("training:meeting-tools", args=[meeting.public_id]),
    )


def _already_out(check):
    return AlreadyDone(
        _("%(tool)s sudah dicatat keluar (%(count)s) oleh %(who)s pada %(when)s.")
        % {
            "tool": check.name,
            "count": check.quantity_out,
            "who": check.created_by or _("sistem"),
            "when": _clock(check.created_at),
        }
    )


def _already_counted(check):
    return AlreadyDone(
        _("%(tool)s sudah dihitung kembali (%(count)s) oleh %(who)s pada %(when)s.")
        % {
            "tool": check.name,
            "count": check.quantity_in,
            "who": check.in_by or _("sistem"),
            "when": _clock(check.in_at),
        }
    )


def _clock(moment):
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
