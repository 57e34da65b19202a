"""What came of the demo's trainings: results, outcomes still to decide, and papers of each kind."""

from decimal import Decimal

from reports.demo.acting import day, did
from reports.demo.scans import scan
from training.models import Batch, Certificate, Enrolment
from training.services import assessments, certificate_guards, certificates, results
from training.services.assessments import Entry, mark_of
from training.states import EnrolmentState
from training.teaching import CertificateKind

ASSESSOR = "Ir. Bambang Sutejo"
SCHEME = "Klaster pengelasan pelat SMAW"


def create(office):
    """Las I has papers of the agency, AC I of the prison, Motor I waits for its outcomes."""
    welding, cooling, motor = (_batch(office, name) for name in ("Las I", "AC I", "Motor I"))
    _assess(office, welding, day(-268))
    _assess(office, cooling, day(-70))
    _again(office, cooling, day(-40))
    _evaluate(office, motor, day(-2))
    _papers_of_agency(office, welding)
    _papers_of_prison(office, cooling)


def _batch(office, name):
    rows = Batch.objects.select_related("course", "agency", "facility")
    return rows.get(facility=office.prison.facility, name=name)


def _people(batch, *states):
    rows = Enrolment.objects.filter(batch=batch, state__in=states or list(EnrolmentState))
    return list(
        rows.exclude(state=EnrolmentState.DROPPED)
        .select_related("batch", "agency", "facility")
        .order_by("participant_code")
    )


def _score(number, part):
    return Decimal(58 + (number * 7 + part * 5) % 38)


def _record(office, batch, entries, on):
    did(
        assessments.record,
        by=office.liaisons["blk"],
        batch=batch,
        entries=entries,
        assessor=ASSESSOR,
        assessed_on=on,
    )


def _scored(batch):
    evaluation = results.parts_of(batch)[0]
    return [
        Entry(
            enrolment=person, part=evaluation, knowledge=_score(n, 1), skill=_score(n, 2), field="x"
        )
        for n, person in enumerate(_people(batch))
    ]


def _evaluate(office, batch, on):
    _record(office, batch, _scored(batch), on)


def _assess(office, batch, on):
    """Everybody in every unit; now and then somebody is not yet competent."""
    units = results.parts_of(batch)[1:]
    entries = [
        Entry(
            enrolment=person,
            part=part,
            result="BK" if (number + place) % 9 == 4 else "K",
            field="x",
        )
        for number, person in enumerate(_people(batch))
        for place, part in enumerate(units)
    ]
    _record(office, batch, [*_scored(batch), *entries], on)


def _again(office, batch, on):
    """The first who was not yet competent was assessed again, and passed."""
    found = results.results_of(batch)
    for person in _people(batch):
        for part in results.parts_of(batch)[1:]:
            row = found[person.pk].by_part[part.key]
            if row.result == "BK":
                entry = Entry(enrolment=person, part=part, result="K", seen=mark_of(row), field="x")
                return _record(office, batch, [entry], on)
    return None


def _papers_of_agency(office, batch):
    """Training certificates for most, competency certificates that end at different times."""
    liaison = office.liaisons["blk"]
    enough = [row for row in _people(batch, EnrolmentState.COMPLETED) if _attended(row)]
    for number, person in enumerate(enough, start=1):
        did(
            certificates.record,
            by=liaison,
            enrolment=person,
            kind=CertificateKind.TRAINING,
            number=f"563/{number:03d}/UPTD-LK",
            issued_on=day(-260),
            scan=scan(batch.course.name, f"563/{number:03d}/UPTD-LK", heading="SERTIFIKAT"),
        )
        if number <= 3:
            did(
                certificates.record,
                by=liaison,
                enrolment=person,
                kind=CertificateKind.COMPETENCY,
                issuer="LSP Las Indonesia",
                scan=scan(SCHEME, f"24110 7212 3 {number:07d}", heading="SERTIFIKAT KOMPETENSI"),
                number=f"24110 7212 3 {number:07d}",
                registration_number=f"LAS.0{number}.2026",
                scheme=SCHEME,
                issued_on=day(-250),
                valid_until=day((80, 700, -10)[number - 1]),
            )
    wrong = Certificate.objects.filter(enrolment__in=enough, kind=CertificateKind.TRAINING).last()
    if wrong:
        did(
            certificates.revoke,
            by=liaison,
            certificate=wrong,
            reason="Nama tercetak keliru, diganti yang baru",
        )
    few = [row for row in _people(batch, EnrolmentState.COMPLETED) if not _attended(row)][:1]
    for person in few:
        did(
            certificates.record,
            by=office["head"],
            enrolment=person,
            kind=CertificateKind.TRAINING,
            number="563/099/UPTD-LK",
            issued_on=day(-255),
            override_reason="Dirawat di rumah sakit; materi diganti pada hari lain",
        )


def _papers_of_prison(office, batch):
    enough = [row for row in _people(batch, EnrolmentState.COMPLETED) if _attended(row)]
    for person in enough[:3]:
        did(certificates.issue, by=office["head"], enrolment=person)


def _attended(person):
    return certificate_guards.problem(person, CertificateKind.TRAINING) is None
