"""A prison full of people of every kind and vacancies of every kind, made by chance."""

from datetime import timedelta

from inmates.models import Custody, Document, Inmate, Restriction, SkillProfile
from inmates.states import ConsentPurpose, DocumentKind, RestrictionKind
from placements.employment import PlacementKind, Readiness, ReferralState
from placements.models import Placement, ReadinessItem, Referral
from tests.factories.inmates import InmateFactory, inmate_at
from tests.factories.partners import today
from tests.factories.placements import (
    EmployerFactory,
    VacancyFactory,
    consent_of,
    job_seeker_card,
    placement_of,
    referral_of,
)
from tests.factories.results import attended
from tests.factories.training import CourseFactory, MeetingFactory, confirmed_batch, enrolled
from tests.placements.matching_oracle import SCHOOLS, TOWNS
from training.models import Assessment, Certificate, CompetencyUnit
from training.states import BatchState, EnrolmentState
from training.teaching import CertificateKind, MeetingState

REGIONS = ("", "36", "36.72", "36.72.01", "36.72.01.1002", "36.04", "32.73")


class World:
    def __init__(self, chance, facility, other, agency):
        self.chance, self.facility, self.other, self.agency = chance, facility, other, agency
        self.courses = [CourseFactory() for _n in range(3)]
        self.units = [
            CompetencyUnit.objects.create(code=f"U.{n}", name=f"Unit {n}") for n in range(5)
        ]
        for course in self.courses:
            for position, unit in enumerate(chance.sample(self.units, 2), start=1):
                course.units.create(unit=unit, position=position)
        self.batches = [self._batch(course) for course in self.courses]
        self.employers = [
            EmployerFactory(facility=facility, openness=openness) for openness in ("yes", "no")
        ]

    def _batch(self, course):
        batch = confirmed_batch(
            self.facility,
            self.agency,
            course=course,
            starts_on=today(-90),
            ends_on=today(-40),
            state=BatchState.FINISHED,
        )
        for number in range(3):
            MeetingFactory(
                batch=batch, number=number, jp=8, state=MeetingState.HELD, entered_afterwards=True
            )
        return batch

    def sometimes(self, share):
        return self.chance.random() < share

    def day(self, low, high, *, missing=0.1):
        return None if self.sometimes(missing) else today(self.chance.randint(low, high))

    # --- Vacancies ---------------------------------------------------------------------------
    def vacancy(self):
        chance = self.chance
        course = chance.choice([*self.courses, None])
        ages = sorted(chance.choices((None, 18, 25, 32, 40), k=2), key=lambda age: age or 0)
        ages = ages if self.sometimes(0.4) else (None, None)
        return VacancyFactory(
            employer=chance.choices(self.employers, (9, 1))[0],
            title=f"Kerja {chance.randint(1, 5)}",
            trade=course and course.trade,
            units=[unit.code for unit in chance.sample(self.units, chance.randint(0, 3))],
            region_code=chance.choice(REGIONS),
            education=chance.choice(list(SCHOOLS)) if self.sometimes(0.4) else "",
            sex=chance.choice(("", "", "", "", "L", "P")),
            age_from=ages[0],
            age_to=ages[1],
            starts_on=self.day(-20, 500, missing=0.5),
            closes_on=self.day(0, 90, missing=0),
        )

    # --- People ------------------------------------------------------------------------------
    def person(self):
        chance = self.chance
        person = inmate_at(
            self.facility if self.sometimes(0.9) else self.other,
            name=f"ORANG {chance.randint(1, 9)}",
            birth_date=self.day(-50 * 365, -18 * 365),
            sex=chance.choice(("L", "L", "P", "")),
            education=chance.choice(list(SCHOOLS)),
            city=chance.choice(list(TOWNS)),
            return_city=chance.choice(["", *TOWNS]),
            domicile_code=chance.choice(("", "36.72.01.1002", "36.72.02", "36.04", "32.73.01")),
            sentence={
                "detained_since": self.day(-2000, -10),
                "two_thirds": self.day(-200, 400),
                "expires": self.day(-30, 1200),
                "years": chance.randint(0, 6),
            },
        )
        records = [person]
        if self.sometimes(0.2):
            records.append(InmateFactory(merged_into=person))
        for record in chance.choices(records, k=3):
            self._tell_of(record)
        if self.sometimes(0.85):
            consent_of(chance.choice(records), self.facility, **self._consent())
        if self.sometimes(0.3):
            self._release(person)
        return person

    def _consent(self):
        if self.sometimes(0.8):
            return {}
        return self.chance.choice(
            (
                {"until": today(-1), "signed_on": today(-9)},
                {"withdrawn_on": today()},
                {"purpose": ConsentPurpose.TRAINING},
                {"until": today()},
            )
        )

    def _release(self, person):
        custody = person.custodies.get()
        custody.until, custody.ended_how = today(-10), self.chance.choice(("released", "escaped"))
        custody.save()
        if self.sometimes(0.7):
            consent_of(person, self.facility, purpose=ConsentPurpose.FOLLOW_UP)
        if self.sometimes(0.2):
            later = {"starts": today(-9), "until": self.chance.choice((None, today(-5)))}
            how = "released" if later["until"] else ""
            Custody.objects.create(inmate=person, facility=self.other, ended_how=how, **later)

    def _tell_of(self, record):
        chance, own = self.chance, {"inmate": record, "facility": self.facility}
        for _each in range(2):
            if self.sometimes(0.7):
                self._train(record)
        if self.sometimes(0.2):
            self._paper(record, None, chance.choice([*self.courses, None]))
        if self.sometimes(0.3):
            trade = chance.choice(self.courses).trade.name.upper()
            SkillProfile.objects.get_or_create(inmate=record, defaults={"interests": [trade, "x"]})
        if self.sometimes(0.15):
            starts = today(chance.randint(-40, 5))
            Restriction.objects.create(
                kind=chance.choice((RestrictionKind.SECURITY, RestrictionKind.UNFIT)),
                starts=starts,
                until=chance.choice((None, starts + timedelta(days=chance.randint(0, 60)))),
                **own,
            )
        if self.sometimes(0.4):
            ended = {"ended_on": today(), "ended_why": "other"} if self.sometimes(0.3) else {}
            if not record.job_seeker_cards.exists():
                expires = today(chance.choice((-1, 0, 400)))
                job_seeker_card(record, self.facility, self.agency, expires_on=expires, **ended)
        for kind in chance.sample(Readiness.values, 2):
            done = chance.choice(({}, {"done_on": today()}, {"is_waived": True}))
            ReadinessItem.objects.get_or_create(inmate=record, kind=kind, defaults=done | own)
        if self.sometimes(0.3):
            kind = chance.choice(DocumentKind.values)
            Document.objects.get_or_create(kind=kind, defaults={"seen_on": today()}, **own)

    def _train(self, record):
        batch = self.chance.choice(self.batches)
        if batch.candidates.filter(inmate=record).exists() or _is_busy(record):
            return
        state = self.chance.choices(
            (EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED), (4, 1)
        )[0]
        row = enrolled(batch, record, state=state, entered_afterwards=True)
        for meeting in batch.meetings.all():
            if self.sometimes(0.9):
                attended(meeting, row, self.chance.choices("HTADK", (8, 1, 1, 1, 1))[0])
        if self.sometimes(0.7):
            self._paper(record, row, batch.course)

    def _paper(self, record, enrolment, course):
        chance, kind = self.chance, self.chance.choice(CertificateKind.values)
        revoked = {"state": "revoked", "reason": "X", "entered_afterwards": True}
        Certificate.objects.create(
            facility=self.facility,
            inmate=record,
            enrolment=enrolment,
            course=course,
            kind=kind,
            title="Sertifikat",
            issuer="BLK",
            number=f"N-{Certificate.objects.count()}",
            issued_on=today(-30),
            valid_until=chance.choice((None, None, today(-1), today(), today(300))),
            **(revoked if self.sometimes(0.1) else {}),
        )
        if enrolment and kind == CertificateKind.COMPETENCY and self.sometimes(0.6):
            self._examine(enrolment)

    def _examine(self, enrolment):
        for unit in self.chance.sample(self.units, 2):
            for attempt in range(1, self.chance.randint(2, 3)):
                Assessment.objects.create(
                    facility=self.facility,
                    agency=self.agency,
                    enrolment=enrolment,
                    kind="competency",
                    unit=unit,
                    attempt=attempt,
                    result=self.chance.choice(("K", "BK")),
                    assessor="Asesor",
                    assessed_on=today(-20),
                )

    # --- What became of them -----------------------------------------------------------------
    def refer(self, person, vacancy):
        if not self.sometimes(0.15):
            return
        state = self.chance.choice(ReferralState.values)
        consent = person.consents.in_force(purpose=ConsentPurpose.REFERRAL).first()
        if consent is None or Referral.objects.filter(inmate=person).exists():
            return
        more = {"decline_reason": "skill"} if state == ReferralState.DECLINED else {}
        more |= {"employer": vacancy.employer, "vacancy": vacancy}
        referral_of(person, self.facility, self.agency, state=state, **more)
        if self.sometimes(0.2):
            consent.withdrawn_on = today()
            consent.save()

    def place(self, person):
        if not self.sometimes(0.1) or Placement.objects.filter(inmate=person).exists():
            return
        kind = self.chance.choice((PlacementKind.AFTER_RELEASE, PlacementKind.SELF_EMPLOYED))
        ended = {"state": "ended", "ended_on": today(), "reason": "X", "entered_afterwards": True}
        placement_of(person, self.facility, kind=kind, **(ended if self.sometimes(0.3) else {}))


def _is_busy(record):
    """One batch a record: the trainings of this world all run at the same time."""
    return Inmate.objects.filter(pk=record.pk, enrolments__isnull=False).exists()
