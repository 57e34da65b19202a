"""Batches of today and tomorrow, each brought to its state by the people whose acts these are."""

import itertools
from dataclasses import dataclass, field

from django.conf import settings

from accounts.models import User
from partners.models import Agreement
from partners.services import extensions
from reports.demo.accounts import Prison
from reports.demo.acting import day, did
from reports.demo.scans import scan
from training.models import Course
from training.services import (
    batches,
    candidates,
    decrees,
    eligible,
    enrolments,
    hearings,
    seat_offers,
    slots,
)
from training.states import CandidateState, Channel, LeaveCause

APPROVED, REJECTED, DEFERRED = (
    CandidateState.APPROVED,
    CandidateState.REJECTED,
    CandidateState.DEFERRED,
)
MEMBERS = "Kepala KPLP\nKepala Seksi Kegiatan Kerja\nDokter Lapas"
WORKSHOP = "Bengkel kerja lapas"


@dataclass
class Office:
    """A prison with its catalogue, its agreements and the liaisons of their agencies, by key."""

    prison: Prison
    courses: dict[str, Course]
    agreements: dict[str, Agreement]
    liaisons: dict[str, User]
    taken: set = field(default_factory=set)  # ids of people who are in a batch already

    def __getitem__(self, role):
        return self.prison.staff[role]


def create(office):
    """The first prison's batches: planned, negotiating, confirmed, running, cancelled."""
    _plan(office)
    _negotiate(office)
    _wait_for_hearing(office)
    _wait_for_decree(office)
    _decree_returned(office)
    _change_a_confirmed_one(office)
    _enrol(office)
    _start_today(office)
    _cancel(office)
    _uncover(office)


def create_elsewhere(office):
    """The second prison's: one planned, one asked, one confirmed."""
    planned(office, "KOPI-BAR", "Barista I", 120, 145)
    asked(office, planned(office, "GAR-JAHIT", "Jahit I", 50, 85), 16, 9)
    batch = planned(office, "BOGA-ROTI", "Roti I", 30, 50)
    did(slots.accept, by=office.liaisons["blk"], proposal=asked(office, batch, 12, 5))
    _propose(office, batch, 6)


def planned(office, course, name, starts, ends, partner="blk", **fields):
    """A batch on the plan; days count from today."""
    agreement = office.agreements[partner]
    return did(
        batches.plan,
        by=office["officer"],
        facility=office.prison.facility,
        course=office.courses[course],
        agency=agreement.agency,
        agreement=agreement,
        name=name,
        starts_on=day(starts),
        ends_on=day(ends),
        **{"place": WORKSHOP, **fields},
    )


def asked(office, batch, seats, reply_days, **terms):
    """The round in which the prison asks for seats, on the batch's own dates."""
    return did(
        slots.propose,
        by=office["officer"],
        batch=batch,
        seats=seats,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        respond_by=day(reply_days),
        **terms,
    )


def _plan(office):
    planned(office, "LAS-SMAW", "Las III", 120, 165)
    planned(office, "AGR-HIDRO", "Hidroponik I", 150, 165, place="Kebun SAE")
    declined = planned(office, "BGN-KAYU", "Mebel I", 75, 100)
    did(
        slots.decline,
        by=office.liaisons["blk"],
        proposal=asked(office, declined, 20, 14),
        reason="Instruktur kayu baru tersedia triwulan depan",
    )


def _negotiate(office):
    asked(
        office,
        planned(office, "RAC-AC", "AC II", 45, 80),
        16,
        10,
        message="Mohon instruktur datang ke lapas, alat praktik tersedia untuk 16 orang.",
    )
    batch = planned(office, "OTO-MOTOR", "Motor II", 55, 90)
    did(
        slots.counter,
        by=office.liaisons["blk"],
        proposal=asked(office, batch, 20, 12),
        seats=16,
        starts_on=day(62),
        ends_on=day(97),
        respond_by=day(6),
        reason="Alat tune-up hanya cukup untuk 16 orang",
    )


def _wait_for_hearing(office):
    batch = _confirmed(office, planned(office, "GAR-JAHIT", "Jahit II", 28, 63), 16)
    _propose(office, batch, 14)
    hearing = did(hearings.schedule, by=office["officer"], batch=batch, held_on=day(3))
    did(hearings.cancel, by=office["head"], hearing=hearing, reason="Anggota TPP tidak kuorum")
    hearing = did(hearings.schedule, by=office["officer"], batch=batch, held_on=day(4))
    did(
        hearings.move,
        by=office["officer"],
        hearing=hearing,
        held_on=day(5),
        reason="Ruang sidang dipakai kunjungan Kanwil",
    )


def _wait_for_decree(office):
    """An agency without a liaison: its answer came by WhatsApp."""
    batch = planned(office, "KOPI-BAR", "Barista I", 21, 42, partner="lpk", place="Kafe lapas")
    said = slots.Recorded(channel=Channel.WHATSAPP, on=day(-1), said_by="Ketua LPK")
    did(slots.accept, by=office["officer"], proposal=asked(office, batch, 10, 5), recorded=said)
    heard = _heard(office, batch, 13, "BA-12/TPP", {11: REJECTED, 12: DEFERRED})
    _prepared(office, batch, heard)


def _decree_returned(office):
    batch = planned(office, "JASA-SABLON", "Sablon I", 24, 34, partner="lpk")
    said = slots.Recorded(channel=Channel.LETTER, on=day(-2), said_by="Ketua LPK")
    did(slots.accept, by=office["officer"], proposal=asked(office, batch, 8, 5), recorded=said)
    decree = _prepared(office, batch, _heard(office, batch, 8, "BA-13/TPP"))
    did(
        decrees.send_back,
        by=office["warden"],
        decree=decree,
        reason="Lengkapi dahulu izin masuk instruktur",
    )


def _change_a_confirmed_one(office):
    """Confirmed, and the prison asks for later dates: the round is open."""
    batch = _confirmed(office, planned(office, "LIS-INST", "Listrik I", 70, 105), 16)
    did(
        slots.propose,
        by=office["officer"],
        batch=batch,
        seats=20,
        starts_on=day(77),
        ends_on=day(112),
        respond_by=day(15),
        message="Empat orang lagi berminat; ruang kelas baru siap seminggu kemudian.",
    )


def _enrol(office):
    batch = _confirmed(office, planned(office, "BOGA-ROTI", "Roti II", 14, 36), 12)
    decree = _prepared(office, batch, _heard(office, batch, 16, "BA-10/TPP"))
    did(decrees.issue, by=office["warden"], decree=decree)
    _free_seats(office, batch)


def _free_seats(office, batch):
    """Two drop out: the first reserve says no, the second yes, the third has not answered."""
    by = office["officer"]
    for gone in batch.enrolments.order_by("candidate__rank")[:2]:
        did(
            enrolments.drop,
            by=by,
            enrolment=gone,
            dropped_on=day(),
            cause=LeaveCause.OWN_WISH,
            reason="Mengundurkan diri sebelum mulai",
        )
    first = batch.seat_offers.open().order_by("pk").first()
    did(seat_offers.refuse, by=by, offer=first, reason="Menunggu sidang PB")
    second = batch.seat_offers.open().order_by("pk").first()
    did(seat_offers.take, by=by, offer=second)


def _start_today(office):
    batch = _confirmed(office, planned(office, "TIK-KANTOR", "Perkantoran I", 0, 28), 10)
    decree = _prepared(office, batch, _heard(office, batch, 9, "BA-11/TPP"))
    did(decrees.issue, by=office["warden"], decree=decree)
    did(batches.start, by=office["officer"], batch=batch)


def _cancel(office):
    batch = planned(office, "BGN-PAVING", "Paving II", 35, 42)
    asked(office, batch, 15, 8)
    did(
        batches.cancel,
        by=office["head"],
        batch=batch,
        reason="Bahan baku belum dianggarkan",
    )


def _uncover(office):
    """A batch planned into an extension that was then voided: nothing covers its last weeks."""
    agreement = office.agreements["lsp"]
    agreement.refresh_from_db()
    extension = did(
        extensions.extend,
        by=office["head"],
        agreement=agreement,
        old_end=agreement.ends_on,
        new_end=day(150),
        signed_on=day(-3),
        number="AD-2",
        reason="Uji kompetensi angkatan las",
        scan=scan(f"Adendum {agreement.title}", "AD-2"),
    )
    agreement.refresh_from_db()
    planned(office, "LAS-SMAW", "Las IV", 45, 80, partner="lsp")
    did(
        extensions.void,
        by=office["head"],
        extension=extension,
        reason="Adendum ditandatangani pejabat yang salah",
    )


def _confirmed(office, batch, seats):
    did(slots.accept, by=office.liaisons["blk"], proposal=asked(office, batch, seats, 0))
    batch.refresh_from_db()
    return batch


def _propose(office, batch, count):
    """Candidates: the first who meet every rule and are in no other batch of the demo."""
    batch.refresh_from_db()
    inmates = list(itertools.islice(_free_people(office, batch), count))
    answer = did(candidates.propose, by=office["officer"], batch=batch, inmates=inmates)
    office.taken.update(inmate.pk for inmate in inmates)
    return answer.proposed


def _free_people(office, batch):
    for person in eligible.first(batch, office["officer"], settings.SEATS_MAX):
        if person.pk not in office.taken:
            yield person


def _heard(office, batch, count, number, others=None):
    """Propose so many, hear them today; all are approved but `others` {place: result}."""
    proposed = _propose(office, batch, count)
    hearing = did(hearings.schedule, by=office["officer"], batch=batch, held_on=day())
    others = others or {}
    results = {
        candidate: (others.get(place, APPROVED), "", False)
        for place, candidate in enumerate(proposed)
    }
    return did(
        hearings.record,
        by=office["registrar"],
        hearing=hearing,
        number=number,
        chair="Kepala Seksi Binadik",
        members=MEMBERS,
        results=results,
    )


def _prepared(office, batch, hearing):
    approved = batch.candidates.approved_without_seat().regular()
    return did(
        decrees.prepare, by=office["head"], batch=batch, hearing=hearing, candidates=approved
    )


def leave_class(office, batch):
    """In a running batch one participant is kept from class and one drops out."""
    paused, gone = batch.enrolments.order_by("candidate__rank")[:2]
    did(
        enrolments.suspend,
        by=office["officer"],
        enrolment=paused,
        reason="Dirawat di klinik",
        cause=LeaveCause.SICK,
    )
    did(
        enrolments.drop,
        by=office["officer"],
        enrolment=gone,
        dropped_on=day(-4),
        cause=LeaveCause.OWN_WISH,
        reason="Mengundurkan diri",
    )
