"""File fields that are judged by their content."""

from django import forms
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
