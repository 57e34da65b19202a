"""What the prison types about referrals: whom to recommend where, and why one goes back."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper, text
from inmates.models import Inmate
from partners.models import Agency
from partners.states import AgencyKind
from placements.employment import Openness
from placements.models import Employer, Referral, Vacancy

REASON_LENGTH = 250
MOST = 100  # people that an address may name to be referred together
MESSAGE_HELP = _("Dibaca Disnaker. Jangan menulis perkara, pidana, blok atau tanggal bebas.")


def agencies_for(user, facility_id):
    """The Disnaker that a prison works with."""
    return (
        Agency.objects.visible_to(user)
        .filter(kind=AgencyKind.DISNAKER, partnerships__facility=facility_id)
        .order_by("name")
    )


class _AddressedForm(forms.Form):
    """To which Disnaker, with which words."""

    agency = forms.ModelChoiceField(
        label=_("Disnaker"), queryset=Agency.objects.none(), to_field_name="public_id"
    )
    message = text(
        label=_("Pesan untuk Disnaker"), required=False, max_length=2000, help_text=MESSAGE_HELP
    )

    def __init__(self, *args, user, facility_id, **kwargs):
        super().__init__(*args, **kwargs)
        agencies = agencies_for(user, facility_id)
        self.fields["agency"].queryset = agencies
        if len(agencies) == 1:
            self.fields["agency"].initial = agencies[0].public_id


def _despite():
    return forms.CharField(
        label=_("Alasan tetap merujuk ke sana"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=_("Hanya bila pemberi kerja menyatakan tidak menerima mantan warga binaan."),
    )


class ReferForm(_AddressedForm):
    """One person, for a vacancy, an employer, or for Disnaker to find one."""

    vacancy = forms.ModelChoiceField(
        label=_("Lowongan"),
        queryset=Vacancy.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("— tanpa lowongan tertentu —"),
    )
    employer = forms.ModelChoiceField(
        label=_("Pemberi kerja"),
        queryset=Employer.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("— menurut lowongan, atau dicarikan Disnaker —"),
    )
    despite = _despite()
    helper = helper("agency", Row(Column("vacancy"), Column("employer")), "message", "despite")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        vacancies = Vacancy.objects.visible_to(user).open().select_related("employer")
        self.fields["vacancy"].queryset = vacancies.order_by("title", "pk")
        self.fields["vacancy"].label_from_instance = _vacancy_in_words
        employers = Employer.objects.visible_to(user).filter(is_active=True)
        self.fields["employer"].queryset = employers.order_by("name", "pk")


class ReferManyForm(_AddressedForm):
    """Several people for one vacancy; the template draws the boxes."""

    people = forms.ModelMultipleChoiceField(
        label=_("Warga Binaan"),
        queryset=Inmate.objects.none(),
        to_field_name="public_id",
        error_messages={
            "required": _("Pilih paling sedikit satu orang."),
            "invalid_choice": _("Ada orang yang tidak bisa Anda rujuk."),
        },
    )
    despite = _despite()

    def __init__(self, *args, user, vacancy, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["people"].queryset = Inmate.objects.visible_to(user)
        if vacancy.employer.openness != Openness.NO:
            del self.fields["despite"]

    @property
    def helper(self):
        return helper("agency", "message", *(["despite"] if "despite" in self.fields else []))

    def picked(self):
        """Ids of the boxes that were ticked, also when the form came back with an error."""
        return set(self.data.getlist("people")) if self.is_bound else set()


def _vacancy_in_words(vacancy):
    return f"{vacancy.title} – {vacancy.employer}"


class PickForm(forms.Form):
    """Referrals picked on a list, to be submitted or sent together."""

    referrals = forms.ModelMultipleChoiceField(
        label=_("Rujukan"),
        queryset=Referral.objects.none(),
        to_field_name="public_id",
        error_messages={
            "required": _("Pilih paling sedikit satu rujukan."),
            "invalid_choice": _("Ada rujukan yang tidak bisa Anda pilih."),
        },
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["referrals"].queryset = Referral.objects.visible_to(user)


class ApprovalForm(forms.Form):
    """The warden's queue: who is ticked is approved, who has a reason goes back with it."""

    def __init__(self, data=None, *, waiting):
        super().__init__(data)
        self.waiting = waiting
        for referral in waiting:
            self.fields[f"approve-{referral.public_id}"] = forms.BooleanField(
                label=str(referral), required=False, initial=True
            )
            self.fields[f"reason-{referral.public_id}"] = forms.CharField(
                label=_("Alasan mengembalikan"), max_length=REASON_LENGTH, required=False
            )

    def lines(self):
        """Triples of a referral, its box and the field of its reason."""
        return [
            (row, self[f"approve-{row.public_id}"], self[f"reason-{row.public_id}"])
            for row in self.waiting
        ]

    def returned(self):
        """Pairs of a referral and the reason why it goes back."""
        reasons = [(row, self.cleaned_data[f"reason-{row.public_id}"]) for row in self.waiting]
        return [(row, reason) for row, reason in reasons if reason]

    def approved(self):
        back = {row.pk for row, _reason in self.returned()}
        return [
            row
            for row in self.waiting
            if row.pk not in back and self.cleaned_data[f"approve-{row.public_id}"]
        ]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.approved() and not self.returned():
            raise forms.ValidationError(_("Centang yang disetujui, atau isi alasan mengembalikan."))
        return cleaned


class ChangeForm(_AddressedForm):
    """What a draft says, and through whom it goes."""

    helper = helper("agency", "message")


class AnswerByForm(forms.Form):
    """Until when the agency is to answer."""

    answer_by = day(label=_("Dijawab paling lambat"))
    helper = helper("answer_by")


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan membatalkan"),
        max_length=REASON_LENGTH,
        help_text=_("Untuk salah klik; kedua pihak diberi tahu."),
    )
    helper = helper("reason")


class SendBackForm(forms.Form):
    reason = forms.CharField(label=_("Alasan mengembalikan"), max_length=REASON_LENGTH)
    helper = helper("reason")


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan menarik"),
        max_length=REASON_LENGTH,
        help_text=_("Tidak dibaca Disnaker; mereka hanya diberi tahu bahwa rujukan ditarik."),
    )
    helper = helper("reason")
