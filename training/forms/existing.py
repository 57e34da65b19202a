"""A batch that exists already: on one page, or many from a sheet with scans of their decrees."""

from crispy_forms.layout import Column, Row
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.layout import day, helper
from accounts.refusals import NotAllowed
from partners.forms.uploads import FilesField, scan_field
from partners.models import Agency, Agreement
from training.models import Course
from training.services import existing_people
from training.services.existing_batches import EXISTING, Paper
from training.services.existing_people import Took
from training.sheet import batches, outcomes

SHEET_MOST_BYTES = 5_000_000
PEOPLE_MOST = 6_000  # letters of the pasted list
STATES = [("", gettext_lazy("Pilih keadaannya")), *((s.value, s.label) for s in EXISTING)]
PAPER = ("number", "dated", "signed_by", "scan", "hearing_number", "heard_on")


class BatchForm(forms.Form):
    course = forms.ModelChoiceField(label=gettext_lazy("Program"), queryset=Course.objects.none())
    name = forms.CharField(
        label=gettext_lazy("Nama angkatan"),
        max_length=120,
        help_text=gettext_lazy("Misalnya: Angkatan I 2024."),
    )
    agency = forms.ModelChoiceField(
        label=gettext_lazy("Instansi pelatih"), queryset=Agency.objects.none()
    )
    agreement = forms.ModelChoiceField(
        label=gettext_lazy("Perjanjian"),
        queryset=Agreement.objects.none(),
        required=False,
        help_text=gettext_lazy("Yang berlaku pada masa pelatihan."),
    )
    exception = forms.CharField(
        label=gettext_lazy("Dasar tanpa perjanjian"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("Hanya bila tidak ada perjanjian: kontrak DIPA, surat tugas."),
    )
    starts_on = day(label=gettext_lazy("Mulai"))
    ends_on = day(label=gettext_lazy("Selesai"))
    place = forms.CharField(label=gettext_lazy("Tempat"), max_length=150, required=False)
    state = forms.ChoiceField(label=gettext_lazy("Keadaan sekarang"), choices=STATES)
    seats = forms.IntegerField(
        label=gettext_lazy("Kursi yang dikonfirmasi"),
        min_value=1,
        max_value=settings.SEATS_MAX,
        required=False,
        help_text=gettext_lazy("Kosong berarti sebanyak peserta."),
    )
    hearing_number = forms.CharField(label=gettext_lazy("Nomor berita acara TPP"), max_length=80)
    heard_on = day(label=gettext_lazy("Tanggal sidang TPP"))
    number = forms.CharField(
        label=gettext_lazy("Nomor SK"),
        max_length=80,
        help_text=gettext_lazy("Seperti di buku agenda."),
    )
    dated = day(label=gettext_lazy("Tanggal SK"))
    signed_by = forms.CharField(label=gettext_lazy("Ditetapkan oleh"), max_length=120)
    scan = scan_field(label=gettext_lazy("Pindaian SK"))
    people = forms.CharField(
        label=gettext_lazy("Peserta"),
        max_length=PEOPLE_MOST,
        widget=forms.Textarea(attrs={"rows": 10, "class": "form-control", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Satu orang per baris: nomor registrasi atau Nomor Induk. Bila hasilnya lain dari "
            "biasanya, tulis sesudah titik koma: hasil; tanggal keluar; sebab; keterangan."
        ),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.facility = user.facility
        self.fields["course"].queryset = Course.objects.visible_to(user)
        self.fields["agency"].queryset = Agency.objects.visible_to(user).order_by("name")
        self.fields["agreement"].queryset = (
            Agreement.objects.visible_to(user).exclude(our_number="").order_by("-starts_on")
        )
        self.helper = helper(
            "course",
            Row(Column("name"), Column("state")),
            "agency",
            Row(Column("agreement"), Column("exception")),
            Row(Column("starts_on"), Column("ends_on")),
            Row(Column("place"), Column("seats")),
        )
        self.paper_helper = helper(
            Row(Column("hearing_number"), Column("heard_on")),
            Row(Column("number"), Column("dated")),
            Row(Column("signed_by"), Column("scan")),
        )
        for each in (self.helper, self.paper_helper):
            each.render_unmentioned_fields = False

    def clean_people(self):
        """The list as `Took`s; each line that means nobody is told with its number."""
        lines = outcomes.lines(self.cleaned_data["people"])
        persons = existing_people.found(self.facility, [line.who for line in lines])
        problems, took = [], []
        for line in lines:
            person = persons.get(line.who)
            problem = line.problem or (person if isinstance(person, str) else "")
            if problem:
                problems.append(_("Baris %(row)s: %(why)s") % {"row": line.number, "why": problem})
                continue
            took.append(
                Took(
                    inmate=person,
                    outcome=line.outcome,
                    left_on=line.left_on,
                    cause=line.cause,
                    reason=line.reason,
                )
            )
        if problems:
            raise ValidationError(problems)
        return took

    def facts(self):
        """The arguments of `existing_batches.record`."""
        typed = dict(self.cleaned_data)
        typed["paper"] = Paper(**{name: typed.pop(name) for name in PAPER})
        return typed


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label=gettext_lazy("Lembar angkatan"),
        help_text=gettext_lazy("XLSX, ODS atau CSV; satu baris untuk setiap peserta."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )
    scans = FilesField(
        label=gettext_lazy("Pindaian SK"),
        most=settings.UPLOAD_MOST_FILES,
        required=False,
        help_text=gettext_lazy("Pilih semua berkas sekaligus."),
    )
    helper = helper("sheet", "scans")

    def clean_sheet(self):
        """The rows of the sheet."""
        file = self.cleaned_data["sheet"]
        if file.size > SHEET_MOST_BYTES:
            raise ValidationError(
                _("Berkas terlalu besar: paling besar %(most)s MB.")
                % {"most": SHEET_MOST_BYTES // 1_000_000}
            )
        try:
            return batches.read(file.file)
        except NotAllowed as refusal:
            raise ValidationError(refusal.messages) from refusal
