"""Which agencies a prison works with."""

from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed
from partners.models import Partnership


def require_partner(facility, agency):
    """Raise `NotAllowed` at the field `agency` unless the two are partners."""
    if not Partnership.objects.filter(facility=facility, agency=agency).exists():
        raise NotAllowed({"agency": _("Instansi ini belum menjadi mitra lapas.")})
