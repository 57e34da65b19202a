"""Papers of a person that an officer has seen (field notes 2.6, 4.2)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.files import checked_scan
from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates.models import Document, Inmate
from inmates.services.people import because, held, need_reason


@act
def note(*, inmate, kind, seen_on, by, scan=None):
    """A paper was seen; a scan is welcome. Each kind stands once: seen again renews day and scan.

    Raises `AlreadyDone` when the paper was seen on that day or later and nothing is added.
    """
    inmate = held(inmate, by, "record_skills")
    _check(seen_on, scan)
    document = (
        Document.objects.select_for_update(no_key=True, of=["self"])
        .select_related("created_by")
        .filter(inmate__in=Inmate.objects.records_of(inmate), kind=kind)
        .first()
    )
    if document is None:
        return Document.objects.create(
            inmate=inmate,
            facility_id=inmate.prison_id,
            kind=kind,
            seen_on=seen_on,
            scan=scan or "",
            created_by=by,
        )
    if seen_on <= document.seen_on and not scan:
        if (document.created_by_id, document.seen_on) == (by.pk, seen_on):
            return document
        raise AlreadyDone(
            _("Dokumen ini sudah tercatat, dilihat pada %(day)s oleh %(who)s.")
            % {
                "day": formats.date_format(document.seen_on),
                "who": document.created_by or _("sistem"),
            }
        )
    document.seen_on = max(seen_on, document.seen_on)
    if scan:
        _forget(document.scan)
        document.scan = scan
    document.save(update_fields=["seen_on", "scan"])
    return document


@act
def remove(*, document, reason, by):
    """Take away a paper that was noted wrongly, and its scan."""
    held(document.inmate, by, "record_skills")
    need_reason(reason)
    found = (
        Document.objects.select_for_update(no_key=True, of=["self"]).filter(pk=document.pk).first()
    )
    if found is None:
        raise NotAllowed(_("Dokumen ini sudah dihapus."))
    _forget(found.scan)
    with because(reason):
        found.delete()


def _check(seen_on, scan):
    problems = {}
    if seen_on > timezone.localdate():
        problems["seen_on"] = ValidationError(_("Tanggal ini belum lewat."))
    if scan:
        try:
            checked_scan(scan)
        except ValidationError as error:
            problems["scan"] = error
    if problems:
        raise NotAllowed(problems)


def _forget(scan):
    """Delete a stored file once the transaction holds."""
    if scan:
        storage, name = scan.storage, scan.name
        transaction.on_commit(lambda: storage.delete(name))
