"""The texts of an agreement, version by version (PDF). A version is never replaced or removed."""

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.files import checked_pdf
from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from partners.models import AgreementDocument
from partners.services.moves import already_by, impossible_for, locked
from partners.states import UNSIGNED, AgreementState, DocumentKind


@act
def add(*, agreement, kind, file, by, note=""):
    """Keep a PDF as the next version of its kind; versions are counted per kind, from 1.

    The very same file again, by the same person, is the version that it already is.
    """
    require(by, "draft_agreement", agreement.facility_id)
    try:
        checked_pdf(file)
    except ValidationError as error:
        raise NotAllowed({"file": error}) from None
    agreement = locked(agreement)
    if agreement.state == AgreementState.CANCELLED:
        raise impossible_for(agreement)
    if kind == DocumentKind.DRAFT and agreement.state not in UNSIGNED:
        raise NotAllowed({"kind": _("Perjanjian ini sudah ditandatangani; tidak ada draf lagi.")})
    versions = AgreementDocument.objects.filter(agreement=agreement, kind=kind)
    newest = versions.select_related("created_by").order_by("-version").first()
    if newest and _same(newest.file, file):
        if (newest.created_by_id, newest.note) == (by.pk, note):
            return newest
        raise already_by(
            _("Berkas ini sudah diunggah oleh %(who)s pada %(when)s."),
            newest.created_by,
            newest.created_at,
        )
    number = (versions.aggregate(most=Max("version"))["most"] or 0) + 1
    return AgreementDocument.objects.create(
        agreement=agreement, kind=kind, version=number, file=file, note=note, created_by=by
    )


def mark_sent(agreement):
    """Remember the newest version of the text as the one on the table (inside its act)."""
    _mark(agreement, "sent_at", DocumentKind.FINAL, DocumentKind.DRAFT)


def mark_signed(agreement):
    """Remember the newest final text, else the newest draft, as the one signed."""
    _mark(agreement, "signed_at", DocumentKind.FINAL, DocumentKind.DRAFT)


def _mark(agreement, field, *kinds):
    for kind in kinds:
        newest = agreement.documents.filter(kind=kind).order_by("-version").first()
        if newest:
            setattr(newest, field, timezone.now())
            newest.save(update_fields=[field])
            return


def _same(stored, file):
    if not stored.storage.exists(stored.name) or stored.size != file.size:
        return False
    file.seek(0)
    with stored.open("rb") as known:
        same = all(a == b for a, b in zip(known.chunks(), file.chunks(), strict=False))
    file.seek(0)
    return same
