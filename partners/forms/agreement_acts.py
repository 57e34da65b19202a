"""What one types to move an agreement: to send it, end it, extend it, link it, take it back."""

from datetime import timedelta

from crispy_forms.layout import Column, Row
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import READ_OUTSIDE, day, helper, text
from partners.forms.uploads import pdf_field, scan_field
from partners.models import Agreement
from partners.states import DocumentKind, TerminationGround


def usual_answer_day():
    """The day by which an answer to a text is usually awaited."""
    return timezone.localdate() + timedelta(days=settings.AGREEMENT_ANSWER_DAYS)


class AnswerForm(forms.Form):
    answer_by = day(
        label=_("Tanggapan ditunggu sampai"),
        required=False,
        initial=usual_answer_day,
        help_text=_("Sesudah tanggal ini kedua pihak diingatkan."),
    )
    helper = helper("answer_by")


class TerminateForm(forms.Form):
    ground = forms.ChoiceField(label=_("Dasar penghentian"), choices=TerminationGround.choices)
    told_on = day(
        label=_("Diberitahukan pada"),
        required=False,
        help_text=_("Tanggal surat pemberitahuan kepada pihak lain."),
    )
    terminated_on = day(
        label=_("Dihentikan per"),
        help_text=_("Hari pertama tanpa perjanjian ini."),
        initial=timezone.localdate,
    )
    reason = forms.CharField(label=_("Alasan penghentian"), max_length=250, help_text=READ_OUTSIDE)
    helper = helper("ground", "told_on", "terminated_on", "reason")


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pembatalan"), max_length=250, help_text=READ_OUTSIDE)
    helper = helper("reason")


class UndoForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pembetulan"), max_length=250, help_text=READ_OUTSIDE)
    helper = helper("reason")


class ExtendForm(forms.Form):
    """An addendum. `old_end` is the end that the writer saw, to notice who was faster."""

    old_end = forms.DateField(widget=forms.HiddenInput)
    new_end = day(label=_("Menjadi berlaku sampai"))
    number = forms.CharField(label=_("Nomor adendum"), max_length=80, required=False)
    signed_on = day(
        label=_("Ditandatangani pada"),
        initial=timezone.localdate,
        help_text=_("Paling lambat hari terakhir perjanjian berlaku."),
    )
    reason = forms.CharField(label=_("Alasan perpanjangan"), max_length=250, help_text=READ_OUTSIDE)
    scan = scan_field(label=_("Pindaian adendum yang ditandatangani"))

    helper = helper(
        "old_end",
        Row(Column("new_end"), Column("signed_on")),
        "number",
        "reason",
        "scan",
    )


class LinkForm(forms.Form):
    """Which agreement this one continues."""

    predecessor = forms.ModelChoiceField(
        label=_("Melanjutkan perjanjian"), queryset=Agreement.objects.none()
    )
    reason = forms.CharField(
        label=_("Alasan"), max_length=250, help_text=_("Tertulis dalam riwayat.")
    )
    helper = helper("predecessor", "reason")

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["predecessor"].queryset = Agreement.objects.before(agreement)
        self.fields["predecessor"].to_field_name = "public_id"


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Jenis naskah"),
        choices=DocumentKind.choices,
        help_text=_("Jenis “Lainnya” hanya dibaca lapas; yang lain juga dibaca instansi."),
    )
    file = pdf_field(label=_("Berkas"))
    note = forms.CharField(
        label=_("Keterangan"),
        max_length=200,
        required=False,
        help_text=_("Apa yang berubah pada versi ini."),
    )
    helper = helper("kind", "file", "note")


class ReviewForm(forms.Form):
    """A monev. `due` is the one that the writer saw as next."""

    due = forms.DateField(widget=forms.HiddenInput)
    held_on = day(label=_("Dilaksanakan pada"), initial=timezone.localdate)
    result = text(rows=5, label=_("Hasil"), max_length=5000)
    helper = helper("due", "held_on", "result")
