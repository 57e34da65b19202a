"""One NIK belongs to one person: asked by whoever writes one down by hand."""

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed
from inmates.models import Inmate

LOCK = 7_246_002  # advisory lock: one NIK is given to one person, however many ask at once


def check_free(*, inmate, digest, by):
    """Raise `NotAllowed` if another person has the NIK of this digest.

    Nobody else is given it until the transaction ends. The other person is named only to
    whoever may see them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    others = Inmate.objects.filter(nik_digest=digest).exclude(
        pk__in=Inmate.objects.records_of(inmate)
    )
    if not others.exists():
        return
    seen = others.visible_to(by).first()
    sentence = _("NIK ini sudah tercatat untuk orang lain.")
    if seen:
        sentence = _("NIK ini sudah tercatat untuk %(name)s (Nomor Induk %(key)s).") % {
            "name": seen.name,
            "key": seen.person_key,
        }
    raise NotAllowed({"nik": ValidationError(sentence)}, people=[seen] if seen else ())
