from django.utils import timezone

from partners.querysets.scope import OfAgreement


class ObligationQuerySet(OfAgreement):
    def standing(self):
        return self.filter(dropped_at__isnull=True)

    def open(self):
        return self.filter(done_on__isnull=True, dropped_at__isnull=True)

    def late(self, on=None):
        return self.open().filter(due__lt=on or timezone.localdate())
