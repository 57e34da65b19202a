"""File fields that are judged by their content."""

from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from accounts.files import checked_pdf, checked_scan


def scan_field(**kwargs):
    """A scan: PDF, JPEG or PNG."""
    return forms.FileField(
        validators=[checked_scan],
        help_text=_("PDF, JPEG atau PNG."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        **kwargs,
    )


def pdf_field(**kwargs):
    """A text that has to be a PDF."""
    return forms.FileField(
        validators=[checked_pdf],
        help_text=_("PDF."),
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        **kwargs,
    )


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to `most` files at once (a setting caps it for all: `UPLOAD_MOST_FILES`); a list."""

    def __init__(self, *, most, accept=".pdf,.jpg,.jpeg,.png", **kwargs):
        self.most = most
        words = format_lazy(_("Paling banyak {most} berkas sekaligus."), most=most)
        attrs = {"accept": accept, "data-most-files": most, "data-too-many": words}
        super().__init__(widget=_FilesInput(attrs=attrs), **kwargs)

    def clean(self, data, initial=None):
        files = [file for file in data or [] if file is not None]
        if not files:
            super().clean(None, initial)
            return []
        if len(files) > self.most:
            raise ValidationError(
                said(
                    "Paling banyak %(most)s berkas sekaligus; yang dipilih %(number)s. "
                    "Pilih lagi lebih sedikit."
                )
                % {"most": self.most, "number": len(files)}
            )
        problems, found = [], []
        for file in files:
            name = PurePath(file.name).name
            try:
                found.append(self.one(super().clean(file, initial)))
            except ValidationError as problem:
                problems += [
                    text if name in text else f"{name}: {text}" for text in problem.messages
                ]
        if problems:
            raise ValidationError(problems)
        return found

    def one(self, file):
        return file


class ScansField(FilesField):
    """Several scans, each PDF, JPEG or PNG: pairs of the name it had and the file."""

    def one(self, file):
        name = PurePath(file.name).name
        checked_scan(file)
        return name, file
