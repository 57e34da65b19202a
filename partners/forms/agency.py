from crispy_forms.layout import Column, Row
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper
from partners.models import Agency
from partners.states import AgencyKind


class AgencyForm(forms.Form):
    name = forms.CharField(label=_("Nama instansi"), max_length=150)
    kind = forms.ChoiceField(label=_("Jenis"), choices=AgencyKind.choices)
    parent = forms.ModelChoiceField(
        label=_("Instansi induk"),
        queryset=Agency.objects.none(),
        to_field_name="public_id",
        required=False,
        help_text=_("Misalnya dinas di atas sebuah BLK. Narahubung induk membaca milik unitnya."),
    )
    city = forms.CharField(label=_("Kota"), max_length=80, required=False)
    address = forms.CharField(label=_("Alamat"), max_length=250, required=False)
    phone = forms.CharField(label=_("Telepon"), max_length=20, required=False)
    email = forms.EmailField(label=_("Alamat e-mail"), required=False)

    helper = helper(
        "name",
        Row(Column("kind"), Column("city")),
        "parent",
        "address",
        Row(Column("phone"), Column("email")),
    )

    def __init__(self, *args, user, agency=None, **kwargs):
        super().__init__(*args, **kwargs)
        parents = Agency.objects.visible_to(user)
        if agency is not None:  # its present parent stays, even if it is no partner
            known = Q(pk__in=parents.values("pk")) | Q(pk=agency.parent_id)
            parents = Agency.objects.filter(known).exclude(pk=agency.pk)
        self.fields["parent"].queryset = parents


class NewAgencyForm(AgencyForm):
    is_another = forms.BooleanField(
        label=_("Ini instansi lain, bukan salah satu yang mirip di bawah."), required=False
    )

    helper = helper(*AgencyForm.helper.layout.fields, "is_another")

    def __init__(self, *args, asks=False, **kwargs):
        """`asks`: agencies with a name like it are known, so the box is shown."""
        super().__init__(*args, **kwargs)
        if not asks:
            self.fields["is_another"].widget = forms.HiddenInput()


class KnownAgencyForm(forms.Form):
    """An agency that is registered in the country, to become a partner of the prison."""

    agency = forms.ModelChoiceField(queryset=Agency.objects.all(), to_field_name="public_id")
