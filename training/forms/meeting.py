"""Meetings one by one, and the weekly times from which they are made."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import READ_OUTSIDE, day, helper
from training.models import Instructor, Room
from training.services.schedule import Slot
from training.teaching import Weekday

JP_MOST = 16
SPARE_LINES = 2
FEWEST_LINES = 5


class TimeInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


def lesson_hours(**kwargs):
    return forms.IntegerField(label=_("JP"), min_value=1, max_value=JP_MOST, **kwargs)


def _rooms(batch, user):
    return Room.objects.visible_to(user).filter(facility=batch.facility_id, is_active=True)


def _instructors(batch, user):
    return Instructor.objects.visible_to(user).teaching_for(batch.agency).filter(is_active=True)


class PlaceForm(forms.Form):
    """When and where, and who teaches."""

    day = day(label=_("Tanggal"))
    starts_at = forms.TimeField(label=_("Mulai pukul"), widget=TimeInput)
    jp = lesson_hours()
    room = forms.ModelChoiceField(label=_("Ruang"), queryset=Room.objects.none(), required=False)
    instructor = forms.ModelChoiceField(
        label=_("Instruktur"), queryset=Instructor.objects.none(), required=False
    )

    layout = (
        Row(Column("day"), Column("starts_at"), Column("jp")),
        Row(Column("room"), Column("instructor")),
    )

    def __init__(self, *args, batch, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = _rooms(batch, user)
        self.fields["instructor"].queryset = _instructors(batch, user)
        self.helper = helper(*self.layout)


class AddForm(PlaceForm):
    topic = forms.CharField(label=_("Materi"), max_length=200, required=False)
    companions = forms.CharField(
        label=_("Ikut masuk"),
        max_length=250,
        required=False,
        help_text=_("Asisten, pengantar, kendaraan: untuk daftar harian pengamanan."),
    )
    layout = (*PlaceForm.layout, "topic", "companions")


class MoveForm(PlaceForm):
    reason = forms.CharField(label=_("Alasan"), max_length=250, help_text=READ_OUTSIDE)
    layout = (*PlaceForm.layout, "reason")


class DescribeForm(forms.Form):
    topic = forms.CharField(label=_("Materi"), max_length=200, required=False)
    companions = forms.CharField(
        label=_("Ikut masuk"),
        max_length=250,
        required=False,
        help_text=_("Asisten, pengantar, kendaraan: untuk daftar harian pengamanan."),
    )
    helper = helper("topic", "companions")


class SlotForm(forms.Form):
    """One weekly time; a line without a day is left out."""

    weekday = forms.TypedChoiceField(
        label=_("Hari"),
        choices=[("", "—"), *Weekday.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    starts_at = forms.TimeField(label=_("Mulai pukul"), widget=TimeInput, required=False)
    jp = lesson_hours(required=False)
    room = forms.ModelChoiceField(label=_("Ruang"), queryset=Room.objects.none(), required=False)
    instructor = forms.ModelChoiceField(
        label=_("Instruktur"), queryset=Instructor.objects.none(), required=False
    )

    def __init__(self, *args, rooms, instructors, **kwargs):
        super().__init__(*args, **kwargs)
        for name, rows in (("room", rooms), ("instructor", instructors)):
            self.fields[name].queryset = rows
            self.fields[name].widget.choices = [("", "—"), *((row.pk, str(row)) for row in rows)]
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    def clean(self):
        typed = super().clean()
        if typed.get("weekday"):
            for name in ("starts_at", "jp"):
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, _("Isi."))
        elif typed.get("starts_at") or typed.get("jp"):
            self.add_error("weekday", _("Pilih harinya."))
        return typed


class SlotLines(forms.BaseFormSet):
    """The weekly times of a batch, one a line, with some empty lines below."""

    def slots(self):
        return [
            Slot(**form.cleaned_data) for form in self.forms if form.cleaned_data.get("weekday")
        ]

    @property
    def fields(self):
        """So that a refusal of the service stands above the lines (`perform`)."""
        return {}

    def add_error(self, _field, error):
        self.non_form_errors().extend(error.messages)

    @property
    def errors(self):
        return super().errors or self.non_form_errors()

    @property
    def summary(self):
        return self.non_form_errors() if self.is_bound else []


def slot_lines(batch, user, data=None):
    """The formset of a batch's weekly times."""
    rows = list(batch.weekly_slots.values("weekday", "starts_at", "jp", "room", "instructor"))
    lines = max(len(rows) + SPARE_LINES, FEWEST_LINES) - len(rows)
    made = forms.formset_factory(SlotForm, formset=SlotLines, extra=lines, max_num=14)
    offered = {"rooms": _rooms(batch, user), "instructors": _instructors(batch, user)}
    return made(data, initial=rows, form_kwargs=offered, prefix="slot")


class InstructorForm(forms.Form):
    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=None)
    name = forms.CharField(label=_("Nama"), max_length=120)
    expertise = forms.CharField(label=_("Keahlian"), max_length=120, required=False)
    identity_number = forms.CharField(
        label=_("Nomor identitas"),
        max_length=40,
        required=False,
        help_text=_("Diperiksa di pintu: KTP, SIM atau kartu pegawai."),
    )
    phone = forms.CharField(label=_("Nomor telepon"), max_length=30, required=False)
    is_active = forms.BooleanField(label=_("Masih mengajar"), required=False, initial=True)

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        if self.initial.get("name"):
            del self.fields["agency"]
        else:
            del self.fields["is_active"]
        self.helper = helper(*self.fields)


class RoomForm(forms.Form):
    name = forms.CharField(label=_("Ruang"), max_length=80)
    capacity = forms.IntegerField(
        label=_("Daya tampung"), min_value=1, max_value=1000, required=False
    )
    is_active = forms.BooleanField(label=_("Masih dipakai"), required=False, initial=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.initial.get("name"):
            del self.fields["is_active"]
        self.helper = helper(*self.fields)
