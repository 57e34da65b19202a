from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper
from inmates import regions
from partners.models import Agency
from placements.employment import EmployerKind, EmployerSize, Openness
from placements.forms.region import RegionField
from placements.forms.seen import EditForm
from placements.models import Employer
from placements.services.employers import FACTS
from placements.services.meanwhile import seen_of

LENGTHS = {name: Employer._meta.get_field(name).max_length for name in FACTS}


class EmployerForm(EditForm):
    """The facts of an employer; `near` is the code of a region whose cities are offered."""

    kind = forms.ChoiceField(label=_("Jenis"), choices=EmployerKind.choices)
    name = forms.CharField(label=_("Nama"), max_length=LENGTHS["name"])
    identity_number = forms.CharField(
        label=_("NIB atau NIK"),
        required=False,
        max_length=30,
        help_text=_("NIB untuk usaha (13 angka), NIK untuk perorangan (16 angka)."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    sector = forms.CharField(label=_("Bidang usaha"), required=False, max_length=LENGTHS["sector"])
    size = forms.ChoiceField(
        label=_("Skala"), required=False, choices=[("", "---------"), *EmployerSize.choices]
    )
    region_code = RegionField(label=_("Wilayah"), required=False)
    address = forms.CharField(label=_("Alamat"), required=False, max_length=LENGTHS["address"])
    contact_name = forms.CharField(
        label=_("Narahubung"), required=False, max_length=LENGTHS["contact_name"]
    )
    phone = forms.CharField(
        label=_("Nomor telepon"),
        required=False,
        max_length=LENGTHS["phone"],
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    email = forms.EmailField(label=_("Alamat e-mail"), required=False)
    openness = forms.ChoiceField(
        label=_("Menerima mantan warga binaan"),
        choices=Openness.choices,
        initial=Openness.UNKNOWN,
    )
    conditions = forms.CharField(
        label=_("Syarat"),
        required=False,
        max_length=LENGTHS["conditions"],
        help_text=_("Wajib bila menerima dengan syarat."),
    )
    partner = forms.ModelChoiceField(
        label=_("Juga instansi mitra"),
        queryset=Agency.objects.none(),
        to_field_name="public_id",
        required=False,
        help_text=_("Pilih bila pemberi kerja ini sudah terdaftar sebagai mitra."),
    )

    def __init__(self, *args, user, employer=None, near="", **kwargs):
        if employer is not None:
            standing = {name: getattr(employer, name) for name in FACTS}
            standing["partner"] = employer.partner and employer.partner.public_id
            kwargs["initial"] = standing | {"seen": seen_of(employer, FACTS)}
        super().__init__(*args, **kwargs)
        self.fields["region_code"].widget.cities = regions.cities_near(near)
        known = Agency.objects.visible_to(user)
        if employer is not None:  # the present one stays, even if it is no partner of the reader
            ids = Q(pk__in=known.order_by().values("pk")) | Q(pk=employer.partner_id)
            known = Agency.objects.filter(ids)
        self.fields["partner"].queryset = known
        linked = [] if user.is_liaison else ["partner"]
        if user.is_liaison:
            del self.fields["partner"]
        self.helper = helper(
            "seen",
            Row(Column("kind"), Column("name")),
            Row(Column("identity_number"), Column("size")),
            Row(Column("sector"), Column("region_code")),
            "address",
            Fieldset(_("Kontak"), "contact_name", Row(Column("phone"), Column("email"))),
            Fieldset(_("Kesediaan"), Row(Column("openness"), Column("conditions")), *linked),
        )


class NewEmployerForm(EmployerForm):
    is_another = forms.BooleanField(
        label=_("Ini pemberi kerja lain, bukan salah satu yang mirip di atas."), required=False
    )

    def __init__(self, *args, asks=False, **kwargs):
        """`asks`: employers with a name like it are known, so the box is shown."""
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        self.helper.layout.fields[0] = "is_another"
        self.helper.layout.fields.append(self.helper.layout.fields.pop(0))
        if not asks:
            self.fields["is_another"].widget = forms.HiddenInput()


class JoinForm(forms.Form):
    """The number of an employer that others entered, to keep it too."""

    identity_number = forms.CharField(max_length=30)
