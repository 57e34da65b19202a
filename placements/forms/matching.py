"""What one asks of the ranked lists, and whom one refers from there."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import text
from accounts.prepared import Prepared
from accounts.stand_ins import asked_often
from inmates.models import Inmate
from partners.models import Agency
from partners.states import AgencyKind
from placements.forms.referral import MESSAGE_HELP
from placements.matching import FITS, KEPT_OUT, Wanted, homes
from placements.models import Vacancy
from training.models import Trade

MOST_POINTS = 999
NEAR = (
    ("", _("Di mana saja")),
    (homes.PROVINCE, _("Provinsi yang sama")),
    (homes.CITY, _("Kota/kabupaten yang sama")),
    (homes.DISTRICT, _("Kecamatan yang sama")),
)
TRADES = Prepared(lambda: Trade.objects.values_list("pk", "name"))
SHOWN = ((FITS, _("Cocok")), (KEPT_OUT, _("Tidak bisa dirujuk")))


class WantedForm(forms.Form):
    """Which matches the list shows; what makes no sense is as if not asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trade"].choices = [("", _("Semua")), *TRADES.rows()]

    trade = forms.ModelChoiceField(
        label=_("Kejuruan"), required=False, queryset=Trade.objects.all(), empty_label=_("Semua")
    )
    near = forms.TypedChoiceField(
        label=_("Wilayah"), required=False, choices=NEAR, coerce=int, empty_value=0
    )
    minimum = forms.IntegerField(
        label=_("Poin paling sedikit"), required=False, min_value=0, max_value=MOST_POINTS
    )
    in_time = forms.BooleanField(label=_("Hanya yang tersedia tepat waktu"), required=False)

    def wanted(self):
        """The filters as `matching.Wanted`, with what the pills above the list choose."""
        self.is_valid()
        typed = self.cleaned_data
        trade = typed.get("trade")
        return Wanted(
            show=KEPT_OUT if self.data.get("show") == KEPT_OUT else FITS,
            search=typed.get("q", "").replace("\x00", ""),
            minimum=typed.get("minimum") or 0,
            near=typed.get("near") or 0,
            trade=trade and trade.pk,
            in_time=typed.get("in_time", False),
        )

    def after(self):
        """The id after which the page begins, None for none."""
        try:
            return UUID(self.data.get("after", ""))
        except ValueError:
            return None


class WantedPeopleForm(WantedForm):
    q = forms.CharField(label=_("Cari nama"), required=False, max_length=150)
    field_order = ("q", "trade", "near", "minimum", "in_time")


class _ReferForm(forms.Form):
    """Through which Disnaker, with which words."""

    agency = forms.ModelChoiceField(
        label=_("Disnaker"), queryset=Agency.objects.none(), to_field_name="public_id"
    )
    message = text(
        label=_("Pesan untuk Disnaker"), required=False, max_length=2000, help_text=MESSAGE_HELP
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        field.queryset = _offices_of(user)
        self.agencies = _offices(user)
        field.choices = [("", field.empty_label), *self.agencies]
        if len(self.agencies) == 1:
            field.initial = self.agencies[0][0]


def _offices_of(user):
    return Agency.objects.visible_to(user).filter(kind=AgencyKind.DISNAKER).order_by("name")


@asked_often
def _offices(user):
    return _offices_of(user).values_list("public_id", "name")


class ReferPeopleForm(_ReferForm):
    """People picked from a vacancy's list; the template draws the boxes."""

    people = forms.ModelMultipleChoiceField(
        label=_("Warga Binaan"),
        queryset=Inmate.objects.none(),
        to_field_name="public_id",
        error_messages={
            "required": _("Pilih paling sedikit satu orang."),
            "invalid_choice": _("Ada orang yang tidak bisa Anda rujuk."),
        },
    )

    def __init__(self, data=None, *, user):
        super().__init__(data, user=user)
        self.fields["people"].queryset = Inmate.objects.visible_to(user)

    def in_order(self):
        """The picked people in the order of the page."""
        places = {public_id: place for place, public_id in enumerate(self.data.getlist("people"))}
        people = self.cleaned_data["people"]
        return sorted(people, key=lambda person: places.get(str(person.public_id), 0))

    def picked(self):
        """Ids of the boxes that were ticked, also when the form came back with an error."""
        return set(self.data.getlist("people")) if self.is_bound else set()


class ReferThereForm(_ReferForm):
    """One vacancy of a person's list."""

    vacancy = forms.ModelChoiceField(
        label=_("Lowongan"),
        queryset=Vacancy.objects.none(),
        to_field_name="public_id",
        error_messages={"invalid_choice": _("Lowongan ini tidak ada lagi di daftar.")},
    )

    def __init__(self, data=None, *, user):
        super().__init__(data, user=user)
        vacancies = Vacancy.objects.visible_to(user).open()
        self.fields["vacancy"].queryset = vacancies.select_related("employer", "trade")
