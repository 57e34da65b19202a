"""Forms of the job-seeker card (AK-1)."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from placements.forms.person import ReasonForm, scan_field
from placements.lists.job_seekers import issuers
from placements.models import JobSeekerCard
from placements.services.job_seekers import ENDINGS

NUMBER = JobSeekerCard._meta.get_field("number").max_length


class _OfAgency(forms.Form):
    """Offers the reader's Disnaker, and the one that stands in the card already."""

    agency = forms.ModelChoiceField(
        label=_("Disnaker penerbit"),
        queryset=None,
        to_field_name="public_id",
        help_text=_(
            "Disnaker kota sesuai KTP. Bila belum ada di daftar, minta Kepala Seksi "
            "mendaftarkannya sebagai instansi mitra."
        ),
    )
    number = forms.CharField(label=_("Nomor pendaftaran"), max_length=NUMBER)

    def __init__(self, *args, reader, standing=None, **kwargs):
        super().__init__(*args, **kwargs)
        offered = issuers(reader)
        if standing:
            offered = offered | type(standing).objects.filter(pk=standing.pk)
        self.fields["agency"].queryset = offered.distinct()
        only = list(offered[:2])
        if not self.is_bound and len(only) == 1:
            self.fields["agency"].initial = only[0]


class RegisterForm(_OfAgency):
    issued_on = day(label=_("Tanggal terbit"), initial=timezone.localdate)
    expires_on = day(
        label=_("Berlaku sampai"),
        required=False,
        help_text=_("Kosong: menurut masa berlaku umum sejak terbit."),
    )
    reported_on = day(
        label=_("Lapor terakhir"),
        required=False,
        help_text=_("Bila sudah pernah lapor sejak terbit."),
    )
    scan = scan_field(
        label=_("Pindaian kartu"),
        required=False,
        help_text=_("PDF, JPEG atau PNG; boleh menyusul."),
    )
    helper = helper(
        Row(Column("agency"), Column("number")),
        Row(Column("issued_on"), Column("expires_on"), Column("reported_on")),
        "scan",
    )


class RenewForm(_OfAgency):
    issued_on = day(label=_("Tanggal terbit"), initial=timezone.localdate)
    expires_on = RegisterForm.base_fields["expires_on"]
    scan = RegisterForm.base_fields["scan"]
    helper = helper(
        Row(Column("agency"), Column("number")),
        Row(Column("issued_on"), Column("expires_on")),
        "scan",
    )


class CorrectForm(_OfAgency):
    issued_on = day(label=_("Tanggal terbit"))
    expires_on = day(label=_("Berlaku sampai"))
    reported_on = day(label=_("Lapor terakhir"), required=False)
    report_by = day(
        label=_("Lapor paling lambat"),
        required=False,
        help_text=_("Kosong: tidak perlu lapor lagi sampai kartu berakhir."),
    )
    scan = scan_field(
        label=_("Pindaian kartu"),
        required=False,
        help_text=_("PDF, JPEG atau PNG; menggantikan yang lama."),
    )
    reason = ReasonForm.base_fields["reason"]
    helper = helper(
        Row(Column("agency"), Column("number")),
        Row(Column("issued_on"), Column("expires_on")),
        Row(Column("reported_on"), Column("report_by")),
        "scan",
        "reason",
    )

    def __init__(self, *args, card, **kwargs):
        names = ("number", "issued_on", "expires_on", "reported_on", "report_by")
        initial = {name: getattr(card, name) for name in names} | {"agency": card.agency}
        super().__init__(*args, initial=initial, standing=card.agency, **kwargs)

    def changes(self):
        """What the card should say, for the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class ReportForm(forms.Form):
    on = day(label=_("Lapor pada"), initial=timezone.localdate)
    helper = helper("on")


class EndForm(forms.Form):
    on = day(label=_("Berakhir pada"), initial=timezone.localdate)
    why = forms.ChoiceField(label=_("Sebab"), choices=[(each, each.label) for each in ENDINGS])
    helper = helper(Row(Column("on"), Column("why")))
