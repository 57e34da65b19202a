from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper
from inmates.models import Inmate
from inmates.states import RegisterClass
from training.eligibility import Outcome
from training.ranking import NAME, PRIORITY, RELEASE, Wanted

PLACES_MOST = 999
ALL = ("", _("Semua"))
YES_NO = (("yes", _("Ya")), ("no", _("Bukan")))
# How the list calls what all rules together say of a person.
OUTCOMES = (
    (Outcome.PASS.value, _("Memenuhi")),
    (Outcome.WARN.value, _("Dengan catatan")),
    (Outcome.FAIL.value, _("Belum memenuhi")),
)
SORTS = (
    (PRIORITY, _("Prioritas")),
    (RELEASE, _("Perkiraan bebas")),
    (NAME, _("Nama")),
)


class ProposeForm(forms.Form):
    """People picked from the list; the template draws the boxes beside each person's results."""

    people = forms.ModelMultipleChoiceField(
        label=_("Warga Binaan"),
        queryset=Inmate.objects.none(),
        to_field_name="public_id",
        error_messages={
            "required": _("Pilih paling sedikit satu orang."),
            "invalid_choice": _("Ada orang yang tidak bisa Anda usulkan."),
        },
    )
    override_reason = forms.CharField(
        label=_("Alasan pengecualian"),
        max_length=250,
        required=False,
        help_text=_("Hanya bila mengusulkan orang yang belum memenuhi syarat; alasan tersimpan."),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.fields["people"].queryset = Inmate.objects.visible_to(user)

    def in_order(self):
        """The picked people in the order of the page: their rank as candidates."""
        places = {public_id: place for place, public_id in enumerate(self.data.getlist("people"))}
        people = self.cleaned_data["people"]
        return sorted(people, key=lambda person: places.get(str(person.public_id), 0))

    def picked(self):
        """Ids of the boxes that were ticked, also when the form came back with an error."""
        return set(self.data.getlist("people")) if self.is_bound else set()


class WantedForm(forms.Form):
    """Which people of the prison the list shows; what makes no sense is as if not asked."""

    q = forms.CharField(label=_("Cari nama"), required=False)
    outcome = forms.ChoiceField(label=_("Syarat"), required=False, choices=[ALL, *OUTCOMES])
    resident = forms.ChoiceField(label=_("Warga kota"), required=False, choices=[ALL, *YES_NO])
    register_class = forms.ChoiceField(
        label=_("Golongan"),
        required=False,
        choices=[ALL, *((kind.value, kind.value) for kind in RegisterClass if kind)],
    )
    waiting = forms.BooleanField(label=_("Hanya dari daftar tunggu"), required=False)
    interested = forms.BooleanField(label=_("Hanya yang berminat atau disarankan"), required=False)
    sort = forms.ChoiceField(label=_("Urutan"), required=False, choices=SORTS)

    def wanted(self):
        """The filters as `ranking.Wanted`."""
        self.is_valid()
        typed = self.cleaned_data
        return Wanted(
            search=typed.get("q", "").replace("\x00", ""),
            outcome=typed.get("outcome", ""),
            resident=typed.get("resident", ""),
            register_class=typed.get("register_class", ""),
            is_waiting=typed.get("waiting", False),
            is_interested=typed.get("interested", False),
            sort=typed.get("sort") or PRIORITY,
        )


class OrderForm(forms.Form):
    """The place of each candidate, typed as numbers; equal ones keep the order that they had."""

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        for place, candidate in enumerate(candidates, start=1):
            self.fields[f"place-{candidate.public_id.hex}"] = forms.IntegerField(
                label=_("Urutan %(name)s") % {"name": candidate.inmate.name},
                min_value=1,
                max_value=PLACES_MOST,
                initial=place,
                widget=forms.NumberInput(attrs={"class": "form-control form-control-sm"}),
            )

    def lines(self):
        """Pairs of a candidate and the field of their place."""
        return [
            (candidate, self[f"place-{candidate.public_id.hex}"]) for candidate in self.candidates
        ]

    def in_order(self):
        places = self.cleaned_data
        return sorted(self.candidates, key=lambda row: places[f"place-{row.public_id.hex}"])


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Alasan mundur"), max_length=250)
    helper = helper("reason")
