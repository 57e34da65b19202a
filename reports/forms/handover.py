from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper, text
from accounts.models import User
from accounts.models.posting import Acting


class EndPostingForm(forms.Form):
    """Last day, and who takes over: somebody known here, or any officer by e-mail address."""

    last_day = day(label=_("Hari terakhir"), initial=timezone.localdate)
    successor = forms.ModelChoiceField(
        label=_("Penerus"),
        queryset=User.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Belum ada: pekerjaan naik ke atasan"),
    )
    successor_email = forms.EmailField(
        label=_("atau e-mail penerus dari lapas lain"),
        required=False,
        help_text=_("Untuk petugas yang akunnya ada tetapi belum pernah bertugas di sini."),
    )
    acting = forms.ChoiceField(label=_("Penerus sebagai"), choices=Acting.choices, required=False)
    note = text(
        rows=4,
        label=_("Catatan serah terima"),
        required=False,
        help_text=_(
            "Yang perlu diketahui penerus: janji lisan, tempat berkas, orang yang ditemui."
        ),
    )

    def __init__(self, *args, posting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = User.objects.who_may_succeed(posting)
        if posting.until:
            self.fields["last_day"].initial = posting.until
        self.helper = helper(
            "last_day",
            Row(Column("successor", css_class="col-md-6"), Column("successor_email")),
            "acting",
            "note",
        )

    def clean_successor_email(self):
        email = self.cleaned_data["successor_email"]
        if not email:
            return None
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise forms.ValidationError(
                _("Belum ada akun dengan alamat ini. Minta admin membuatkannya dulu.")
            )
        return user

    def clean(self):
        cleaned = super().clean()
        named = cleaned.pop("successor_email", None)
        if named and cleaned.get("successor") and named != cleaned["successor"]:
            self.add_error("successor_email", _("Pilih satu penerus saja."))
        cleaned["successor"] = cleaned.get("successor") or named
        return cleaned
