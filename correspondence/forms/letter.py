"""What one types for a letter and for each step of its life."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.files import checked_scan
from accounts.forms.layout import day, helper
from accounts.forms.layout import text as lines_of
from accounts.roles import HEAD, ROLE_LABELS, WARDEN
from correspondence import paragraphs
from correspondence.states import LetterNature

SIGNATORIES = [(role, ROLE_LABELS[role]) for role in (WARDEN, HEAD)]
HOW_TO_TYPE = _(
    "Baris kosong memulai alinea baru. Baris yang diawali 1. atau a. atau - menjadi daftar; "
    "“Tempat : Aula” (spasi sebelum titik dua) menjadi rincian; “# Hasil” menjadi judul bagian."
)
CONTENT = ("nature", "attachments", "classification", "place", "text", "signed_by")


def scan_field(**kwargs):
    return forms.FileField(
        label=_("Pindaian surat bertanda tangan"),
        validators=[checked_scan],
        help_text=_("PDF, JPEG atau PNG."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        **kwargs,
    )


class LetterForm(forms.Form):
    """A letter's words. `seen` says from which ones the writer started, to notice another's."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    subject = forms.CharField(label=_("Hal"), max_length=200)
    addressed_to = lines_of(
        label=_("Yth."), rows=2, max_length=400, help_text=_("Jabatan dan instansi, per baris.")
    )
    place = forms.CharField(label=_("di"), max_length=80, required=False)
    nature = forms.ChoiceField(
        label=_("Sifat"), choices=LetterNature.choices, initial=LetterNature.NORMAL
    )
    attachments = forms.CharField(
        label=_("Lampiran"),
        max_length=80,
        required=False,
        help_text=_("Misalnya: 1 (satu) berkas. Kosongkan bila tidak ada."),
    )
    classification = forms.CharField(
        label=_("Kode klasifikasi"), max_length=20, required=False, help_text=_("Misalnya UM.01.01")
    )
    text = lines_of(label=_("Isi surat"), rows=16, max_length=20_000, help_text=HOW_TO_TYPE)
    signed_by = forms.ChoiceField(
        label=_("Ditandatangani oleh"), choices=SIGNATORIES, initial=WARDEN
    )
    copies = lines_of(
        label=_("Tembusan"), rows=3, max_length=1000, required=False, help_text=_("Satu per baris.")
    )

    helper = helper(
        "seen",
        "subject",
        "addressed_to",
        Row(Column("place"), Column("nature")),
        Row(Column("attachments"), Column("classification")),
        "text",
        Row(Column("signed_by"), Column("copies")),
    )

    def content(self):
        """What `letters.draft` and `letters.rewrite` take."""
        typed = self.cleaned_data
        data = {name: typed[name] for name in CONTENT}
        return {
            "subject": typed["subject"],
            "addressed_to": typed["addressed_to"],
            "data": data | {"copies": paragraphs.lines(typed["copies"])},
        }


def typed_of(letter):
    """A letter as it stands in `LetterForm`."""
    return {
        **{name: letter.data.get(name, "") for name in CONTENT},
        "subject": letter.subject,
        "addressed_to": "\n".join(letter.data.get("to", ())),
        "copies": "\n".join(letter.data.get("copies", ())),
        "seen": letter.content_mark,
    }


class NumberForm(forms.Form):
    """`is_book`: the number is typed from the secretariat's register."""

    dated = day(label=_("Tanggal surat"), initial=timezone.localdate)
    number = forms.CharField(label=_("Nomor dari buku agenda"), max_length=80)

    helper = helper("dated", "number")

    def __init__(self, *args, is_book=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_book:
            del self.fields["number"]
            self.helper = helper("dated")


class ScanForm(forms.Form):
    scan = scan_field()
    helper = helper("scan")


class SendForm(forms.Form):
    sent_on = day(label=_("Dikirim pada"), initial=timezone.localdate)
    sent_how = forms.CharField(
        label=_("Dikirim lewat"),
        max_length=80,
        help_text=_("Misalnya: diantar langsung, pos, surel, Srikandi."),
    )
    scan = scan_field(required=False)

    helper = helper(Row(Column("sent_on"), Column("sent_how")), "scan")


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan pembatalan"),
        max_length=250,
        help_text=_("Nomornya tetap tercatat dan tidak dipakai lagi."),
    )
    helper = helper("reason")
