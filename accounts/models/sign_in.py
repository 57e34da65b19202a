from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.privacy import words
from accounts.states import SignInKind


class SignIn(models.Model):
    """Somebody signed in, signed out, or tried a wrong password: when, and from where.

    The user stands here as text, as in `AccessRecord`. What was typed for an account that does
    not exist is not kept: it may be anything, also a password.
    """

    append_only = True

    at = models.DateTimeField(_("waktu"), db_default=Now())
    user_email = models.CharField(_("pengguna"), max_length=254)
    kind = models.CharField(_("kejadian"), max_length=6, choices=SignInKind)
    address = models.GenericIPAddressField(_("alamat jaringan"), null=True, blank=True)
    agent = models.CharField(_("peramban"), max_length=200, blank=True)

    privacy = words(keep="id at user_email kind address agent")

    class Meta:
        verbose_name = _("catatan masuk")
        verbose_name_plural = _("catatan masuk")
        ordering = ["-at"]
        indexes = [models.Index(fields=["user_email", "-at"], name="sign_in_user")]

    def __str__(self):
        return f"{self.user_email} {self.get_kind_display()}"
