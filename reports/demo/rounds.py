"""What the agency begins, and what happens to batches on their way: put off, more seats, closed."""

from reports.demo.acting import day, did
from reports.demo.batches import WORKSHOP, asked, planned
from training.models import Batch
from training.services import batches, closing, slots
from training.states import BatchState


def create(office):
    _offered(office)
    _asked_for_a_change(office)
    _put_off(office)
    _more_seats(office)
    _closed(office)


def _offer(office, course, name, starts, ends, seats, reply_days, **words):
    agreement = office.agreements["blk"]
    return did(
        slots.offer,
        by=office.liaisons["blk"],
        facility=office.prison.facility,
        agency=agreement.agency,
        course=office.courses[course],
        name=name,
        starts_on=day(starts),
        ends_on=day(ends),
        seats=seats,
        respond_by=day(reply_days),
        place=WORKSHOP,
        **words,
    )


def _offered(office):
    """Two offers of the agency: one waits for the prison, one was answered with fewer seats."""
    _offer(
        office,
        "RAC-AC",
        "AC III",
        95,
        130,
        16,
        9,
        message="Paket APBD-P: instruktur dan bahan dari kami.",
    )
    offer = _offer(office, "JASA-SABLON", "Sablon II", 80, 92, 20, 11)
    did(
        slots.counter,
        by=office["officer"],
        proposal=offer,
        seats=14,
        starts_on=day(84),
        ends_on=day(96),
        respond_by=day(7),
        reason="Ruang sablon hanya muat 14 orang",
    )


def _asked_for_a_change(office):
    """The agency asks to begin a confirmed batch later."""
    batch = _confirmed(office, planned(office, "LIS-INST", "Listrik II", 60, 95), 16)
    did(
        slots.propose,
        by=office.liaisons["blk"],
        batch=batch,
        seats=16,
        starts_on=day(67),
        ends_on=day(102),
        respond_by=day(8),
        message="Instruktur dipakai uji kompetensi pada minggu pertama.",
    )


def _put_off(office):
    """Confirmed, then put off; another one was taken up again and waits for the agency."""
    batch = _confirmed(office, planned(office, "BGN-KAYU", "Mebel II", 40, 65), 12)
    did(batches.postpone, by=office["officer"], batch=batch, reason="Kayu belum tersedia")
    again = _confirmed(office, planned(office, "AGR-HIDRO", "Hidroponik II", 20, 34), 10)
    did(batches.postpone, by=office["officer"], batch=again, reason="Greenhouse diperbaiki")
    did(
        batches.resume,
        by=office["officer"],
        batch=again,
        starts_on=day(50),
        ends_on=day(64),
        agreement=again.agreement,
    )
    again.refresh_from_db()
    asked(office, again, 10, 10, message="Greenhouse selesai bulan depan.")


def _more_seats(office):
    """A running batch with named extra seats; one that starts soon with too few people."""
    running = _called(office, "Perkantoran I")
    did(
        batches.grant_extra_seats,
        by=office["head"],
        batch=running,
        seats=2,
        reason="Dua peserta tambahan atas permintaan wali pemasyarakatan",
    )
    near = _called(office, "Roti II")
    did(
        batches.edit,
        by=office["officer"],
        batch=near,
        minimum_seats=12,
        fund="city",
        cost=48_000_000,
    )


def _closed(office):
    """A finished batch with nothing lacking is closed with its report."""
    finished = Batch.objects.filter(
        facility=office.prison.facility, state=BatchState.FINISHED
    ).order_by("ends_on")
    ready = next((batch for batch in finished if not closing.lacking(batch)), None)
    if ready:
        did(
            closing.close,
            by=office["officer"],
            batch=ready,
            cost=51_750_000,
            obstacles="Listrik bengkel padam dua kali\nBahan praktik datang terlambat seminggu",
        )


def _confirmed(office, batch, seats):
    did(slots.accept, by=office.liaisons["blk"], proposal=asked(office, batch, seats, 0))
    batch.refresh_from_db()
    return batch


def _called(office, name):
    return Batch.objects.get(facility=office.prison.facility, name=name)
