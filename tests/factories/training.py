import factory
from factory.django import DjangoModelFactory

from tests.factories.partners import SignedAgreementFactory, today
from training.models import Batch, Course, Trade
from training.states import BatchState


class TradeFactory(DjangoModelFactory):
    class Meta:
        model = Trade

    name = factory.Sequence(lambda n: f"Kejuruan {n}")


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    trade = factory.SubFactory(TradeFactory)
    code = factory.Sequence(lambda n: f"P{n}")
    name = factory.Sequence(lambda n: f"Las SMAW {n}")
    jp = 240


class BatchFactory(DjangoModelFactory):
    """A planned batch under an agreement in force, starting in a month."""

    class Meta:
        model = Batch

    agreement = factory.SubFactory(SignedAgreementFactory)
    facility = factory.SelfAttribute("agreement.facility")
    agency = factory.SelfAttribute("agreement.agency")
    course = factory.SubFactory(CourseFactory)
    name = factory.Sequence(lambda n: f"Angkatan {n}")
    starts_on = factory.LazyFunction(lambda: today(30))
    ends_on = factory.LazyFunction(lambda: today(70))


class ConfirmedBatchFactory(BatchFactory):
    entered_afterwards = True
    state = BatchState.CONFIRMED
    seats_confirmed = 12
