from partners.querysets.scope import OfAgreement


class ExtensionQuerySet(OfAgreement):
    def standing(self):
        return self.filter(voided_at__isnull=True)
