"""People of every kind at a prison, made by chance."""

from datetime import timedelta

from inmates.models import AptitudeAssessment, Document, Restriction, SkillProfile
from inmates.states import DocumentKind, RegisterClass, RestrictionKind
from tests.factories.inmates import InmateFactory, inmate_at
from tests.factories.partners import today
from tests.factories.training import CandidateFactory, confirmed_batch, enrolled
from training.models import Enrolment, WaitingEntry
from training.states import CandidateState, EnrolmentState


class Prison:
    def __init__(self, chance, facility, agency):
        self.chance, self.facility, self.agency = chance, facility, agency
        facility.residence_code = chance.choice(("", "36.72"))
        facility.save()
        self.batch = confirmed_batch(facility, agency, seats_confirmed=chance.randint(1, 9))
        self.others = [
            confirmed_batch(
                facility,
                agency,
                course=chance.choice((self.batch.course, confirmed_batch(facility, agency).course)),
                starts_on=today(starts),
                ends_on=today(starts + chance.randint(0, 60)),
            )
            for starts in (-900, -400, -20, 20, 65, 90)
        ]

    def day(self, low, high, *, missing=0.1):
        return None if self.chance.random() < missing else today(self.chance.randint(low, high))

    def sometimes(self, share):
        return self.chance.random() < share

    def add(self):
        chance, fits = self.chance, self.sometimes(0.5)
        person = inmate_at(
            self.facility,
            register_class=RegisterClass.B1 if fits else chance.choice(RegisterClass.values),
            birth_date=self.day(-70 * 365, -16 * 365),
            city=chance.choice(("", "Kota CILEGON", "Kab. Serang")),
            domicile_code=chance.choice(("", "", "36.72.01", "3604")),
            nik_digest=chance.choice(("", "x")),
            sentence={
                "detained_since": self.day(-2000, -10),
                "one_third": self.day(-300, 60),
                "two_thirds": self.day(-200, 900),
                "expires": self.day(-100, 1500),
                "released_on": self.day(-10, 900, missing=0.9),
                "years": chance.randint(0, 6),
            },
        )
        records = [person]
        if self.sometimes(0.2):
            records.append(InmateFactory(merged_into=person))
        for _each in range(3):
            self.tell_of(chance.choice(records))

    def tell_of(self, record):
        chance, own = self.chance, {"inmate": record, "facility": self.facility}
        if self.sometimes(0.3):
            starts = today(chance.randint(-400, 20))
            until = chance.choice((None, starts + timedelta(days=chance.randint(0, 300))))
            kind = chance.choice(RestrictionKind.values)
            Restriction.objects.create(kind=kind, starts=starts, until=until, **own)
        if self.sometimes(0.2):
            kind = chance.choice(DocumentKind.values)
            Document.objects.get_or_create(kind=kind, defaults={"seen_on": today()}, **own)
        if self.sometimes(0.3):
            WaitingEntry.objects.get_or_create(
                inmate=record,
                course=chance.choice((self.batch.course, self.others[0].course)),
                state="waiting",
                defaults={"facility": self.facility, "asked_on": self.day(-900, 0, missing=0)},
            )
        if self.sometimes(0.3):
            trade = chance.choice((self.batch.course.trade.name.upper(), "Lain"))
            SkillProfile.objects.get_or_create(inmate=record, defaults={"interests": [trade]})
            AptitudeAssessment.objects.create(
                assessed_on=self.day(-90, 0, missing=0), assessor="X", recommended=[trade], **own
            )
        if self.sometimes(0.5):
            self.train(record)

    def train(self, record):
        """A candidature of any state, or a seat and what became of it."""
        batch = self.chance.choice([*self.others, self.batch])
        if batch.candidates.filter(inmate=record).exists():
            return
        if self.sometimes(0.5):
            state = self.chance.choice(CandidateState.values)
            CandidateFactory(batch=batch, inmate=record, state=state, entered_afterwards=True)
        elif not Enrolment.objects.filter(inmate=record).exists() and batch != self.batch:
            state = self.chance.choice(EnrolmentState.values)
            why = {"dropped_on": today(), "reason": "X"} if state == EnrolmentState.DROPPED else {}
            enrolled(batch, record, state=state, entered_afterwards=True, **why)
