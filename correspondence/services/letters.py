"""Letters of the prison's own series: numbered without gaps, frozen, printed once.

The number is taken in the transaction that issues the letter, under the lock of the series' row,
which is always the last lock: a rollback gives the number back. The PDF is made after commit, by
the worker or by the first reader, and stored once.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed, act
from accounts.roles import ROLE_LABELS
from correspondence import typesetting
from correspondence.enqueue import after_commit
from correspondence.models import Letter, LetterFile, LetterSeries
from correspondence.states import LetterState, SeriesMode

UNPRINTED = ("template", "subjects")


@dataclass(frozen=True)
class Subject:
    """A person whom a letter names."""

    public_id: UUID


@act
def issue(*, facility, kind, subject, template, data, signatory, by, people=(), dated=None):
    """Number and sign a letter of the prison's own series; call it last in the issuing act.

    `template` names the Typst file with its version; it is frozen with the `data` and with whom
    the letter names (`people`). The permission is the caller's business. Raises `NotAllowed` when
    the prison has no series for the kind.
    """
    dated = dated or timezone.localdate()
    letter = Letter(
        facility=facility,
        kind=kind,
        subject=subject,
        data={**data, "template": template, "subjects": [str(p.public_id) for p in people]},
        signatory=signatory,
        dated=dated,
        created_by=by,
    )
    letter.save()
    _number(letter)
    letter.state, letter.signed_at, letter.signed_by = LetterState.SIGNED, timezone.now(), by
    letter.save(update_fields=["state", "signed_at", "signed_by"])
    after_commit("correspondence.render_letter", letter.pk)
    return letter


def signatory_of(user, facility_id, *preferred_roles):
    """Name, NIP, title and Plt./Plh. of whoever signs, as they are today."""
    postings = [p for p in user.current_postings if p.facility_id == facility_id]
    postings.sort(key=lambda posting: posting.role_id not in preferred_roles)
    posting = postings[0]
    return {
        "name": user.name,
        "nip": user.nip,
        "title": posting.title or str(ROLE_LABELS.get(posting.role_id, posting.role_id)),
        "acting": posting.acting,
    }


def subjects_of(letter):
    """Whom the letter names, for the record of who read it."""
    return [Subject(UUID(public_id)) for public_id in letter.data.get("subjects", ())]


def print_one(pk):
    """Print the letter with this id, if that has not been done. The worker's way in."""
    return file_of(Letter.objects.get(pk=pk))


def file_of(letter):
    """The letter's `LetterFile`; printed now if nobody has printed it yet.

    Two readers at once: one file is stored, and both get it.
    """
    stored = LetterFile.objects.filter(letter=letter).first()
    if stored:
        return stored
    if letter.state == LetterState.DRAFT:
        raise NotAllowed(_("Surat ini belum bernomor."))
    if "template" not in letter.data:
        raise NotAllowed(_("Surat lama ini tidak dibuat di aplikasi."))
    content = render(letter)
    printed = LetterFile(letter=letter, sha256=hashlib.sha256(content).hexdigest())
    printed.pdf.save(f"{letter.public_id}.pdf", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            printed.save()
    except IntegrityError:
        printed.pdf.delete(save=False)
        return LetterFile.objects.get(letter=letter)
    return printed


def render(letter):
    """The letter as PDF bytes, from its frozen content alone."""
    data = {key: value for key, value in letter.data.items() if key not in UNPRINTED}
    with translation.override("id"):
        dated = formats.date_format(letter.dated, "j F Y")
    data |= {
        "number": letter.number,
        "dated": dated,
        "subject": letter.subject,
        "signatory": letter.signatory,
    }
    return typesetting.pdf(letter.data["template"], data, made_at=letter.signed_at)


def _number(letter):
    series = (
        LetterSeries.objects.select_for_update(no_key=True)
        .filter(facility=letter.facility_id, kind=letter.kind)
        .first()
    )
    if series is None or series.mode != SeriesMode.OWN:
        raise NotAllowed(
            _("Nomor surat belum diatur: minta admin membuat seri nomor untuk surat ini.")
        )
    year = letter.dated.year
    if series.counter_year != year:
        series.counter_year, series.counter = year, 0
    series.counter += 1
    series.save(update_fields=["counter_year", "counter"])
    try:
        number = series.pattern.format(
            number=series.counter, year=year, month=letter.dated.strftime("%m")
        )
    except (LookupError, ValueError, AttributeError) as error:
        raise NotAllowed(
            _("Pola nomor surat salah: minta admin membetulkan seri nomornya.")
        ) from error
    letter.series, letter.number = series, number
    letter.sequence, letter.year = series.counter, year
    letter.state = LetterState.NUMBERED
    letter.save(update_fields=["series", "number", "sequence", "year", "state"])
