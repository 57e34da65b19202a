from django.utils import timezone

from accounts.prepared import among
from partners.querysets.scope import OfAgreement


class ObligationQuerySet(OfAgreement):
    def under(self, keys):
        """Those of the agreements with these ids."""
        return self.filter(among("agreement", keys))

    def standing(self):
        return self.filter(dropped_at__isnull=True)

    def open(self):
        return self.filter(done_on__isnull=True, dropped_at__isnull=True)

    def late(self, on=None):
        return self.open().filter(due__lt=on or timezone.localdate())
