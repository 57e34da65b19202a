"""What a person needs before work: that it is there, is not needed, or is to be done by a day."""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates.models import Inmate
from inmates.services import documents
from inmates.services.people import held
from placements import checklist
from placements.checklist import DOCUMENTS
from placements.employment import Readiness, ReadinessStanding
from placements.models import ReadinessItem


@act
def record(*, inmate, kind, standing, by, on=None, note="", seen=""):
    """Write down how one thing of the list stands; returns its `checklist.Item`.

    There: since the day `on` (of an identity card, a diploma or a photo the document is noted as
    seen that day). Not needed: `note` says why. Missing: `on` is the day by which it should be
    there, None for the usual one. The CV is there once its person approved it, not by this.
    `seen` is the item's `version` that the writer saw: changed by another meanwhile is
    `AlreadyDone`.
    """
    inmate = held(inmate, by, "record_readiness")
    kind, standing = Readiness(kind), ReadinessStanding(standing)
    rows = _locked(inmate, kind)
    now = _now(inmate, kind)
    if _says(now, rows, standing, on, note):
        return now
    if seen and seen != now.version:
        raise AlreadyDone(_changed_meanwhile(now, rows))
    _check(now, standing, on, note)
    if standing == ReadinessStanding.THERE and kind in DOCUMENTS:
        documents.note(inmate=inmate, kind=DOCUMENTS[kind], seen_on=on, by=by)
    is_there = standing == ReadinessStanding.THERE
    values = {
        "is_waived": standing == ReadinessStanding.WAIVED,
        "done_on": on if is_there and kind not in DOCUMENTS else None,
        "note": note.strip(),
    }
    if standing == ReadinessStanding.MISSING:
        values["due_on"] = on
    if not rows:
        ReadinessItem.objects.create(
            facility_id=inmate.prison_id, inmate=inmate, kind=kind, created_by=by, **values
        )
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
    return _now(inmate, kind)


def item_of(inmate, kind):
    """The `checklist.Item` of one kind as it stands now."""
    return _now(inmate, Readiness(kind))


def history_of(inmate):
    """Rows that were ever written on the list of a person, for `accounts.history.timeline_of`."""
    return ReadinessItem.pgh_event_model.objects.filter(
        inmate__in=Inmate.objects.records_of(inmate)
    )


def _locked(inmate, kind):
    rows = ReadinessItem.objects.filter(inmate__in=Inmate.objects.records_of(inmate), kind=kind)
    return list(rows.select_for_update(no_key=True, of=["self"]).order_by("pk"))


def _now(inmate, kind):
    return next(item for item in checklist.items_of(checklist.of(inmate)) if item.kind == kind)


def _says(now, rows, standing, on, note):
    """Whether all of it stands there already."""
    if now.standing != standing or now.note != note.strip():
        return False
    if standing == ReadinessStanding.WAIVED:
        return True
    if standing == ReadinessStanding.THERE:
        return on in (None, now.since)
    return bool(rows) and all(row.due_on == on for row in rows)


def _check(now, standing, on, note):
    problems = {}
    if standing == ReadinessStanding.THERE:
        if now.is_cv:
            told = _("Daftar riwayat hidup ada sesudah ditulis dan disetujui orangnya.")
            raise NotAllowed({"standing": ValidationError(told)})
        if on is None:
            problems["on"] = _("Isi tanggalnya.")
        elif on > timezone.localdate():
            problems["on"] = _("Tanggal ini belum lewat.")
    elif now.standing == ReadinessStanding.THERE and (now.is_document or now.is_cv):
        raise NotAllowed({"standing": ValidationError(_where_to_take_back(now))})
    if standing == ReadinessStanding.WAIVED and not note.strip():
        problems["note"] = _("Sebutkan mengapa tidak diperlukan.")
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})


def _where_to_take_back(now):
    if now.is_cv:
        return _("Daftar riwayat hidupnya sudah disetujui; hapus dari halamannya bila keliru.")
    return _("Dokumen ini sudah dilihat; hapus dari halaman orangnya bila keliru.")


def _changed_meanwhile(now, rows):
    last = rows[-1].events.order_by("pgh_id").last() if rows else None
    said = {
        "state": now.standing.label.lower(),
        "who": ((last and last.pgh_context) or {}).get("name") or _("orang lain"),
    }
    if last is None:
        return (
            _(
                "Sementara itu ini sudah diubah (%(state)s). Periksa, lalu simpan lagi bila isian "
                "ini yang benar."
            )
            % said
        )
    when = formats.date_format(timezone.localtime(last.pgh_created_at), "DATETIME_FORMAT")
    return _(
        "Sementara itu ini sudah diubah oleh %(who)s pada %(when)s (%(state)s). Periksa, lalu "
        "simpan lagi bila isian ini yang benar."
    ) % (said | {"when": when})
