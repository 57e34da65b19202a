"""What is known of the person beside a row, for querysets of rows with an `inmate`."""

from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from inmates.states import ConsentPurpose


class KnowsPerson:
    def with_register_number(self):
        """Each row with `register_number` of the person's open custody, empty without one."""
        stays = self._beside_person("custodies").open()
        newest = stays.filter(inmate=OuterRef("inmate")).order_by("-starts", "-pk")
        number = Subquery(newest.values("register_number")[:1])
        return self.annotate(register_number=Coalesce(number, Value("")))

    def with_consent(self):
        """Each row with `has_consent`: the person's to training is in force, whichever record of
        the person it was given on."""
        given = self._beside_person("consents").in_force(purpose=ConsentPurpose.TRAINING)
        own = given.filter(inmate=OuterRef("root"))
        merged = given.filter(inmate__merged_into=OuterRef("root"))
        return self.alias(root=Coalesce("inmate__merged_into_id", "inmate_id")).annotate(
            has_consent=Exists(own) | Exists(merged)
        )

    def _beside_person(self, name):
        people = self.model._meta.get_field("inmate").related_model
        return people._meta.get_field(name).related_model.objects
