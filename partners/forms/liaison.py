from crispy_forms.layout import Column, Row
from django import forms
from django.contrib.auth import password_validation
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper

PHONE = RegexValidator(
    r"^\+?[0-9][0-9 ().-]{6,18}$", _("Isi nomor telepon, mis. 0812-3456-7890 atau +62812…")
)


class InviteForm(forms.Form):
    name = forms.CharField(label=_("Nama"), max_length=150)
    email = forms.EmailField(
        label=_("Alamat e-mail"),
        max_length=254,
        help_text=_("Undangan dikirim ke sini, dan ia masuk dengan alamat ini."),
    )
    title = forms.CharField(label=_("Jabatan di instansi"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Nomor telepon/WhatsApp"), max_length=20, required=False, validators=[PHONE]
    )

    helper = helper("name", "email", Row(Column("title"), Column("phone")))


class SuspendForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=200)

    helper = helper("reason")


class EndForm(forms.Form):
    until = day(
        label=_("Hari terakhir"),
        initial=timezone.localdate,
        help_text=_("Hari ini atau sebelumnya; aksesnya berhenti saat disimpan."),
    )

    helper = helper("until")


class JoinForm(forms.Form):
    """The invited person's own password, typed twice."""

    password = forms.CharField(
        label=_("Kata sandi baru"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Paling sedikit 8 huruf atau angka, tidak mirip nama Anda."),
    )
    again = forms.CharField(
        label=_("Kata sandi sekali lagi"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    helper = helper("password", "again")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("password") and cleaned.get("again") not in (None, cleaned["password"]):
            self.add_error("again", _("Kedua kata sandi tidak sama."))
        return cleaned
