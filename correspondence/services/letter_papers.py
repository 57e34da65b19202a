"""Letters on paper: printed once from their number on, as a draft with a mark before.

The PDF is made after commit, by the worker or by the first reader, and stored with its SHA-256.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from accounts import wall
from accounts.refusals import NotAllowed
from correspondence import letter_kinds, paragraphs, typesetting
from correspondence.documents import office
from correspondence.models import Letter, LetterFile
from correspondence.services.letter_numbers import holder_of
from correspondence.states import LETTER_UNNUMBERED

UNPRINTED = ("template", "subjects", "text", "signed_by")
BLANK = "……"
NOBODY = {"name": BLANK, "nip": "", "title": BLANK, "acting": ""}


@dataclass(frozen=True)
class Subject:
    """A person whom a letter names."""

    public_id: UUID


def subjects_of(letter):
    """Whom the letter names, for the record of who read it."""
    return [Subject(UUID(public_id)) for public_id in letter.data.get("subjects", ())]


def print_one(pk):
    """Print the letter with this id, if that has not been done. The worker's way in."""
    return file_of(Letter.objects.get(pk=pk))


def file_of(letter):
    """The letter's `LetterFile`; printed now if nobody has printed it yet.

    Two readers at once: one file is stored, and both get it. A liaison who may read the letter's
    words gets them on paper: it is printed with what an office knows of itself.
    """
    if not wall.stands():
        return _stored_or_printed(letter)
    if letter.data is None:  # known to exist, not to be read
        raise NotAllowed(_("Surat ini bukan untuk Anda."))
    with wall.outside():
        wall.reread(letter)
        return _stored_or_printed(letter)


def _stored_or_printed(letter):
    stored = LetterFile.objects.filter(letter=letter).first()
    if stored:
        return stored
    if letter.state in LETTER_UNNUMBERED:
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
    data = _printed(letter.data) | {
        "number": letter.number,
        "dated": _day(letter.dated),
        "subject": letter.subject,
        "signatory": letter.signatory,
    }
    midnight = datetime.combine(letter.dated, time.min)
    return typesetting.pdf(letter.data["template"], data, made_at=timezone.make_aware(midnight))


def frozen(letter):
    """The data that an ordinary letter keeps from its number on: head and text of its day.

    Raises `NotAllowed` when nobody holds the post that is to know of it.
    """
    return {
        **letter.data,
        **office(letter.facility, letter.dated),
        "blocks": paragraphs.blocks(letter.data["text"]),
        "known_by": _known_by(letter, letter.dated),
    }


def preview(letter):
    """A letter without a number as PDF bytes, marked as a draft, dated today."""
    now = timezone.localtime()
    try:
        signatory = holder_of(letter.facility_id, letter.data["signed_by"], now.date())
    except NotAllowed:
        signatory = NOBODY
    try:
        known_by = _known_by(letter, now.date())
    except NotAllowed:
        known_by = NOBODY
    data = _printed(letter.data) | {
        **office(letter.facility, now.date()),
        "blocks": paragraphs.blocks(letter.data["text"]),
        "number": BLANK,
        "dated": f"{BLANK} {_day(now.date()).partition(' ')[2]}",
        "subject": letter.subject,
        "signatory": signatory,
        "known_by": known_by,
        "draft": True,
    }
    return typesetting.pdf(letter.data["template"], data, made_at=now)


def _known_by(letter, day):
    """Who signs below as knowing of it, None for a kind without."""
    kind = letter_kinds.get(letter.kind)
    return holder_of(letter.facility_id, kind.known_by, day) if kind and kind.known_by else None


def _printed(data):
    return {key: value for key, value in data.items() if key not in UNPRINTED}


def _day(day):
    with translation.override("id"):
        return formats.date_format(day, "j F Y")
