import pghistory
import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Record
from accounts.privacy import words
from accounts.reads import introduced

FROZEN = ["code", "kind", "number", "issued_on", "public", "valid_until"]


@pghistory.track()
class Verification(Record):
    """What the public may read of a paper by its code, and nothing else.

    Written and revoked by the service of the app that owns the paper. `public` holds the few
    further facts that the page shows, label keys to texts: never a prison, a full name or a list.
    """

    code = models.CharField(_("kode"), max_length=24, unique=True)
    kind = models.CharField(_("jenis"), max_length=40)
    number = models.CharField(_("nomor"), max_length=80)
    issued_on = models.DateField(_("tanggal terbit"))
    public = models.JSONField(_("keterangan"), default=dict)
    valid_until = models.DateField(_("berlaku sampai"), null=True)
    revoked_at = models.DateTimeField(_("dicabut pada"), null=True)

    privacy = words(keep="code kind number issued_on valid_until revoked_at", mask="public")
    liaison_reads = introduced().showing("code kind number issued_on public valid_until revoked_at")

    class Meta:
        verbose_name = _("verifikasi")
        verbose_name_plural = _("verifikasi")
        triggers = [
            pgtrigger.Trigger(
                name="verification_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF {" OR ".join(f"NEW.{f} IS DISTINCT FROM OLD.{f}" for f in FROZEN)}
                       OR (OLD.revoked_at IS NOT NULL
                           AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) THEN
                        RAISE EXCEPTION 'a verification is frozen'
                        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'verification_frozen';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def is_expired(self):
        return self.valid_until is not None and self.valid_until < timezone.localdate()
