import ipaddress
from datetime import datetime, time, timedelta

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper
from accounts.models import Facility
from placements.documents import ACTS
from reports.breaches import Asked, people_meant, records_of
from reports.breaches.reach import MOST_MEANT

YEARS = range(2000, 2100)
DAYS = 3  # a notification is due within 3 x 24 hours


class MomentInput(forms.DateTimeInput):
    """The browser's own choice of a day and a time."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def moment(label):
    return forms.DateTimeField(
        label=label, widget=MomentInput, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    )


def check_order(form, cleaned):
    """Refuse times that no record is of, and an end before its beginning."""
    for name in ("since", "until"):
        if (value := cleaned.get(name)) and value.year not in YEARS:
            form.add_error(name, _("Tahun ini di luar catatan."))
    since, until = cleaned.get("since"), cleaned.get("until")
    if since and until and until < since:
        form.add_error("until", _("Sampai tidak bisa sebelum dari."))


class BreachForm(forms.Form):
    """Between which moments, and what narrows it; `asked` is what was understood of it."""

    since = moment(_("Dari"))
    until = moment(_("Sampai"))
    facility = forms.ModelChoiceField(
        label=_("Lapas"),
        queryset=Facility.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Semua"),
    )
    who = forms.CharField(
        label=_("Pengguna"),
        max_length=254,
        required=False,
        help_text=_("Surel atau nama; kosong: semua pengguna."),
    )
    person = forms.CharField(
        label=_("Warga Binaan"),
        max_length=120,
        required=False,
        help_text=_("Nama atau Nomor Induk; kosong: semua orang."),
    )
    address = forms.CharField(
        label=_("Alamat jaringan"),
        max_length=50,
        required=False,
        help_text=_("Mis. 10.4.2.17, atau seluruh jaringan: 10.4.2.0/24."),
    )
    act = forms.ChoiceField(
        label=_("Tindakan"), choices=[("", _("Semua")), *ACTS.items()], required=False
    )

    def __init__(self, *args, prisons, names, **kwargs):
        """`prisons` are ids of those the reader may ask about, None is all.

        `names`: whether the reader may ask for somebody by name.
        """
        super().__init__(*args, **kwargs)
        self.prisons = prisons
        narrows = ["who", "person", "address", "act", "facility"]
        if not names:
            narrows.remove("person")
        if prisons is not None and len(prisons) < 2:
            narrows.remove("facility")
        for name in {"person", "facility"}.difference(narrows):
            self.fields[name].disabled = True
        self.helper = helper(
            Row(Column("since"), Column("until")), Row(*(Column(name) for name in narrows))
        )
        known = Facility.objects.order_by("name")
        self.fields["facility"].queryset = (
            known if prisons is None else known.filter(pk__in=prisons)
        )
        today = datetime.combine(timezone.localdate(), time())
        self.fields["since"].initial = today - timedelta(days=DAYS)
        self.fields["until"].initial = timezone.localtime()

    def clean_address(self):
        typed = self.cleaned_data["address"].strip()
        if not typed:
            return None
        try:
            return ipaddress.ip_network(typed, strict=False)
        except ValueError:
            raise forms.ValidationError(_("Ini bukan alamat jaringan.")) from None

    def clean_person(self):
        typed = self.cleaned_data["person"]
        if not typed:
            return None
        people = people_meant(typed, self.prisons)
        if not people:
            raise forms.ValidationError(_("Tidak ada orang dengan nama atau Nomor Induk ini."))
        if len(people) > MOST_MEANT:
            raise forms.ValidationError(_("Terlalu banyak orang bernama begitu. Perjelas."))
        return people

    def clean(self):
        cleaned = super().clean()
        check_order(self, cleaned)
        return cleaned

    @property
    def asked(self):
        said = self.cleaned_data
        prisons = self.prisons
        if said["facility"]:
            prisons = {said["facility"].pk}
        return Asked(
            since=said["since"],
            until=said["until"] + timedelta(minutes=1),  # its own minute counts
            prisons=None if prisons is None else frozenset(prisons),
            who=said["who"],
            people=tuple(said.get("person") or ()),
            records=tuple(records_of(said.get("person") or ())),
            is_about_people=bool(said.get("person")),
            address=said["address"],
            act=said["act"],
        )

    @property
    def prison(self):
        """The prison that a paper stands for, None for several."""
        if self.cleaned_data["facility"]:
            return self.cleaned_data["facility"]
        found = list(self.fields["facility"].queryset[:2])
        return found[0] if len(found) == 1 else None
