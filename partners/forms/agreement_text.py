"""What one types for the text of an agreement."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper, text


class StandardTextForm(forms.Form):
    text = text(
        label=_("Pasal-pasal"),
        rows=30,
        max_length=60_000,
        help_text=_(
            "Tiap pasal diawali baris “# JUDUL”; nomornya diberi sendiri. Ayat ditulis (1), huruf "
            "ditulis a. dengan dua spasi di depannya."
        ),
    )
    helper = helper("text")


class DraftTextForm(forms.Form):
    """Who signs where and when, on which bases, with which work plan."""

    signed_on = day(
        label=_("Hari penandatanganan"),
        required=False,
        help_text=_("Kosongkan bila belum pasti; naskahnya bertitik-titik."),
    )
    place = forms.CharField(label=_("Bertempat di"), max_length=120, required=False)
    our_name = forms.CharField(label=_("Penanda tangan lapas"), max_length=120, required=False)
    our_title = forms.CharField(label=_("Jabatannya"), max_length=150, required=False)
    our_decree = forms.CharField(
        label=_("Diangkat berdasarkan"),
        max_length=250,
        required=False,
        help_text=_("Misalnya: Keputusan Menteri Nomor … Tahun …"),
    )
    their_name = forms.CharField(label=_("Penanda tangan instansi"), max_length=120, required=False)
    their_title = forms.CharField(label=_("Jabatannya"), max_length=150, required=False)
    their_decree = forms.CharField(label=_("Diangkat berdasarkan"), max_length=250, required=False)
    legal_bases = text(
        label=_("Dasar hukum"), required=False, max_length=4000, help_text=_("Satu per baris.")
    )
    plan = text(
        label=_("Rencana kerja (lampiran)"),
        rows=5,
        required=False,
        max_length=8000,
        help_text=_("Satu kegiatan per baris: kegiatan | sasaran | waktu | penanggung jawab."),
    )
    note = forms.CharField(label=_("Keterangan versi ini"), max_length=200, required=False)

    helper = helper(
        Row(Column("signed_on"), Column("place")),
        Row(Column("our_name"), Column("our_title")),
        "our_decree",
        Row(Column("their_name"), Column("their_title")),
        "their_decree",
        "legal_bases",
        "plan",
        "note",
    )
