from datetime import date

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from accounts.models import Facility, Posting, User
from accounts.states import UserKind

PASSWORD = "kata-sandi-uji-7"


class FacilityFactory(DjangoModelFactory):
    class Meta:
        model = Facility

    code = factory.Sequence(lambda n: f"L{n}")
    name = factory.LazyAttribute(lambda f: f"Lapas Uji {f.code}")
    city = "Kota Uji"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Pengguna {n}")
    email = factory.Sequence(lambda n: f"pengguna{n}@uji.test")
    kind = UserKind.STAFF
    password = factory.LazyFunction(lambda: make_password(PASSWORD))

    @factory.post_generation
    def sign_in(user, create, extracted, **kwargs):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


class PostingFactory(DjangoModelFactory):
    class Meta:
        model = Posting

    user = factory.SubFactory(UserFactory)
    facility = factory.SubFactory(FacilityFactory)
    role_id = "officer"
    starts = date(2020, 1, 1)


def staff(facility, role, **fields):
    """A user who holds `role` at the facility."""
    user = UserFactory(**fields)
    PostingFactory(user=user, facility=facility, role_id=role)
    return user
