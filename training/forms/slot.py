"""What each side types about seats. The services decide; these only read dates and numbers."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.files import checked_scan
from accounts.forms.layout import day, helper
from accounts.models import Facility
from training.models import Course
from training.services.slots import Recorded
from training.states import Channel

SEATS = {"min_value": 1, "max_value": 1000}
ACCEPT, COUNTER, DECLINE = "accept", "counter", "decline"


class TermsForm(forms.Form):
    seats = forms.IntegerField(label=_("Jumlah kursi"), **SEATS)
    starts_on = day(label=_("Mulai"))
    ends_on = day(label=_("Selesai"))
    respond_by = day(label=_("Dijawab paling lambat"))


class ProposeForm(TermsForm):
    place = forms.CharField(label=_("Tempat"), max_length=150, required=False)
    instructor = forms.CharField(label=_("Instruktur"), max_length=120, required=False)
    message = forms.CharField(
        label=_("Pesan"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    helper = helper(
        Row(Column("seats"), Column("respond_by")),
        Row(Column("starts_on"), Column("ends_on")),
        Row(Column("place"), Column("instructor")),
        "message",
    )


class OfferForm(ProposeForm):
    """An agency offers seats in a new batch; `partners` are the prisons it works with."""

    facility = forms.ModelChoiceField(label=_("Lapas"), queryset=Facility.objects.none())
    course = forms.ModelChoiceField(label=_("Program"), queryset=Course.objects.none())
    name = forms.CharField(
        label=_("Nama angkatan"), max_length=120, help_text=_("Misalnya: Angkatan I 2027.")
    )
    exception = forms.CharField(
        label=_("Dasar bila belum ada perjanjian"),
        max_length=250,
        required=False,
        help_text=_("Kosongkan bila perjanjian dengan lapas berlaku pada seluruh tanggal itu."),
    )
    helper = helper(
        "facility",
        "course",
        "name",
        Row(Column("seats"), Column("respond_by")),
        Row(Column("starts_on"), Column("ends_on")),
        Row(Column("place"), Column("instructor")),
        "exception",
        "message",
    )

    def __init__(self, *args, partners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["facility"].queryset = partners
        self.fields["course"].queryset = Course.objects.offered().order_by("name")
        self.fields["respond_by"].label = _("Lapas menjawab paling lambat")
        if len(partners) == 1:
            self.fields["facility"].initial = partners[0]


class AcceptForm(forms.Form):
    """Nothing to fill in: the terms as they stand."""

    helper = helper()


class CounterForm(TermsForm):
    reason = forms.CharField(label=_("Alasan"), max_length=250)
    helper = helper(
        Row(Column("seats"), Column("respond_by")),
        Row(Column("starts_on"), Column("ends_on")),
        "reason",
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Alasan menolak"), max_length=250)
    helper = helper("reason")


class ExtendForm(forms.Form):
    respond_by = day(label=_("Batas jawab yang baru"))
    helper = helper("respond_by")


class ObjectForm(forms.Form):
    objection = forms.CharField(label=_("Keberatan"), max_length=250)
    helper = helper("objection")


class RecordForm(forms.Form):
    """An answer of the agency that came by letter, call or WhatsApp."""

    answer = forms.ChoiceField(
        label=_("Jawaban instansi"),
        choices=[
            (ACCEPT, _("Menerima")),
            (COUNTER, _("Mengusulkan balik")),
            (DECLINE, _("Menolak")),
        ],
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(label=_("Lewat"), choices=Channel.choices)
    recorded_on = day(label=_("Tanggal jawaban"), initial=timezone.localdate)
    said_by = forms.CharField(
        label=_("Disampaikan oleh"), max_length=120, help_text=_("Nama dan jabatan.")
    )
    scan = forms.FileField(
        label=_("Bukti (pindaian atau tangkapan layar)"), required=False, validators=[checked_scan]
    )
    seats = forms.IntegerField(label=_("Jumlah kursi"), required=False, **SEATS)
    starts_on = day(label=_("Mulai"), required=False)
    ends_on = day(label=_("Selesai"), required=False)
    respond_by = day(label=_("Kita jawab paling lambat"), required=False)
    reason = forms.CharField(
        label=_("Alasan instansi"),
        max_length=250,
        required=False,
        help_text=_("Wajib bila mengusulkan balik atau menolak."),
    )
    helper = helper(
        "answer",
        Row(Column("channel"), Column("recorded_on")),
        Row(Column("said_by"), Column("scan")),
        Row(Column("seats"), Column("respond_by")),
        Row(Column("starts_on"), Column("ends_on")),
        "reason",
    )

    def clean(self):
        cleaned = super().clean()
        answer = cleaned.get("answer")
        needed = {COUNTER: ("seats", "starts_on", "ends_on", "respond_by", "reason")}
        for name in needed.get(answer, ("reason",) if answer == DECLINE else ()):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Wajib diisi untuk jawaban ini."))
        return cleaned

    def recorded(self):
        return Recorded(
            channel=self.cleaned_data["channel"],
            on=self.cleaned_data["recorded_on"],
            said_by=self.cleaned_data["said_by"],
            scan=self.cleaned_data["scan"],
        )

    def terms(self):
        return {
            name: self.cleaned_data[name]
            for name in ("seats", "starts_on", "ends_on", "respond_by", "reason")
        }
