"""A year of the demo prison: agreements and batches in every state, told through the services."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from correspondence.models import Letter
from correspondence.states import LetterState
from partners.services import agreements, engagements
from reports.showcase import people
from training.models import (
    Batch,
    Candidate,
    Decree,
    DecreeEntry,
    Enrolment,
    Hearing,
    Recommendation,
)
from training.services import batches, candidates, decrees, hearings, slots
from training.states import (
    BatchState,
    CandidateState,
    DecreeState,
    EnrolmentState,
    HearingState,
)

SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n"


def day(days):
    return timezone.localdate() + timedelta(days=days)


def scan():
    return ContentFile(SCAN, name="naskah.pdf")


def tell(places):
    """Everything that happened, in an order in which it could have happened."""
    signed = _agreements(places)
    _engagements(places)
    _batches(places, signed["blk"])


def _agreements(places):
    head, officer = places.posts["head"], places.posts["officer"]
    signed = {}
    for key, agency, title, starts, ends in (
        ("blk", "blk", "PKS Pelatihan Berbasis Kompetensi", -335, 760),
        ("disnaker", "disnaker", "PKS Penempatan Tenaga Kerja", -705, 25),
        ("province", "province", "PKS Pelatihan Las Provinsi", -300, 70),
        ("lsp", "lsp", "PKS Uji Kompetensi", -330, 400),
        ("company", "company", "PKS Paving Block", -730, -10),
        ("bapas", "bapas", "PKS Pemantauan Pascabebas", -500, 230),
    ):
        signed[key] = agreements.record_existing(
            facility=places.cilegon,
            agency=places.agencies[agency],
            title=title,
            our_number=f"W12.PAS.CLG-HH.05.05-{len(signed) + 11:04d}",
            their_number=f"560/{len(signed) + 101}/{agency.upper()}",
            signed_on=day(starts - 5),
            starts_on=day(starts),
            ends_on=day(ends),
            signed_scan=scan(),
            scope="Pelatihan, uji kompetensi dan penempatan Warga Binaan.",
            seats_per_year=48 if key == "blk" else None,
            by=head,
        )
    agreements.terminate(
        agreement=signed["bapas"],
        terminated_on=day(-3),
        reason="Diganti kerja sama tingkat kantor wilayah.",
        by=head,
    )
    steps = {
        "PKS Las 4G dengan LPK": (),
        "PKS Barista": ("send_for_review",),
        "PKS Garmen": ("send_for_review", "mark_ready"),
    }
    for title, verbs in steps.items():
        agreement = agreements.draft(
            facility=places.cilegon,
            agency=places.agencies["lpk"],
            title=title,
            starts_on=day(30),
            ends_on=day(394),
            by=officer,
        )
        for verb in verbs:
            getattr(agreements, verb)(agreement=agreement, by=officer)
    agreements.draft(
        facility=places.cilegon,
        agency=places.agencies["company"],
        title="Lanjutan PKS Paving Block",
        exploring=True,
        by=officer,
    )
    dropped = agreements.draft(
        facility=places.cilegon,
        agency=places.agencies["lpk"],
        title="PKS Pelatihan Daring",
        by=officer,
    )
    agreements.cancel(agreement=dropped, reason="Jaringan internet tidak diizinkan.", by=officer)
    return signed


def _engagements(places):
    for held, agency, purpose, what, due in (
        (-40, "blk", "Membahas rencana paket pelatihan tahun depan", "Kirim daftar kebutuhan", 6),
        (-12, "disnaker", "Menjajaki perpanjangan PKS penempatan", "Siapkan usulan perpanjangan", 3),
        (-5, "company", "Menawarkan kelanjutan pelatihan paving block", "", None),
    ):
        items = [{"what": what, "owner_role": "officer", "due": day(due)}] if what else []
        engagements.record(
            facility=places.cilegon,
            agency=places.agencies[agency],
            held_on=day(held),
            delegation="Kepala Seksi Kegiatan Kerja\nKepala Subseksi Bimbingan Kerja",
            hosts="Pimpinan instansi",
            purpose=purpose,
            result="Disepakati untuk ditindaklanjuti.",
            action_items=items,
            by=places.posts["officer"],
        )


def _batches(places, agreement):
    officer, head = places.posts["officer"], places.posts["head"]
    warden, liaison = places.posts["warden"], agreement.agency.liaisons.get().user
    pool = people.eligible(places.cilegon, 74)

    def take(count):
        return [pool.pop() for _n in range(count)]

    def plan(course, name, starts):
        return batches.plan(
            facility=places.cilegon,
            course=places.courses[course],
            agency=agreement.agency,
            agreement=agreement,
            name=name,
            starts_on=day(starts),
            ends_on=day(starts + 40),
            place="Bengkel kerja lapas",
            by=officer,
        )

    def ask(batch, seats, reply=6):
        return slots.propose(
            batch=batch,
            seats=seats,
            starts_on=batch.starts_on,
            ends_on=batch.ends_on,
            respond_by=day(reply),
            message="Mohon konfirmasi jumlah kursi.",
            by=officer,
        )

    def confirmed(course, name, starts, seats):
        batch = plan(course, name, starts)
        slots.accept(proposal=ask(batch, seats), by=liaison)
        batch.refresh_from_db()
        return batch

    def heard(batch, crowd):
        proposed = candidates.propose(batch=batch, inmates=crowd, by=officer).proposed
        hearing = hearings.schedule(batch=batch, held_on=day(0), by=officer)
        results = {row: (CandidateState.APPROVED, "", False) for row in proposed}
        hearings.record(
            hearing=hearing,
            number=f"BA-{batch.pk:02d}/TPP/{day(0).year}",
            chair="Kepala Seksi Binadik",
            members="Kepala Seksi Kegiatan Kerja\nKepala KPLP",
            results=results,
            by=head,
        )
        return hearing, proposed

    plan(5, "Roti angkatan I", 75)
    ask(plan(2, "AC angkatan II", 45), 16)
    countered = ask(plan(3, "Menjahit angkatan I", 50), 20)
    slots.counter(
        proposal=countered,
        seats=16,
        starts_on=countered.starts_on,
        ends_on=countered.ends_on,
        respond_by=day(5),
        reason="Mesin jahit hanya enam belas.",
        by=liaison,
    )
    declined = ask(plan(6, "Barista angkatan I", 60), 16)
    slots.decline(proposal=declined, reason="Instruktur belum tersedia.", by=liaison)

    choosing = confirmed(4, "Motor angkatan I", 35, 12)
    candidates.propose(batch=choosing, inmates=take(8), by=officer)
    hearings.schedule(batch=choosing, held_on=day(4), by=officer)

    deciding = confirmed(7, "Kayu angkatan I", 30, 10)
    hearing, proposed = heard(deciding, take(12))
    decrees.prepare(batch=deciding, hearing=hearing, candidates=proposed[:10], by=head)

    enrolled = confirmed(10, "Listrik angkatan I", 20, 10)
    hearing, proposed = heard(enrolled, take(10))
    decrees.issue(
        decree=decrees.prepare(batch=enrolled, hearing=hearing, candidates=proposed, by=head),
        by=warden,
    )

    _past(places, agreement, places.courses[0], "Las angkatan II", -20, 60, take(12), running=True)
    _past(places, agreement, places.courses[9], "Cukur angkatan I", -150, -100, take(10))
    _past(places, agreement, places.courses[11], "Hidroponik I", -300, -270, take(10), closed=True)
    batches.cancel(
        batch=plan(8, "Perkantoran angkatan I", 90), reason="Ruang komputer dipakai.", by=officer
    )


def _past(places, agreement, course, name, starts, ends, crowd, *, running=False, closed=False):
    """A batch from before the program came, with its hearing and its decree on paper."""
    facility, head, warden = places.cilegon, places.posts["head"], places.posts["warden"]
    past = {"entered_afterwards": True, "created_by": head}
    finished = BatchState.CLOSED if closed else BatchState.FINISHED
    batch = Batch.objects.create(
        facility=facility,
        agency=agreement.agency,
        course=course,
        agreement=agreement,
        name=name,
        starts_on=day(starts),
        ends_on=day(ends),
        seats_confirmed=len(crowd),
        state=BatchState.RUNNING if running else finished,
        place="Bengkel kerja lapas",
        **past,
    )
    hearing = Hearing.objects.create(
        facility=facility,
        batch=batch,
        held_on=day(starts - 14),
        number=f"BA-{batch.pk:02d}/TPP/{day(starts).year}",
        chair="Kepala Seksi Binadik",
        state=HearingState.HELD,
        **past,
    )
    letter = Letter.objects.create(
        facility=facility,
        kind="decree",
        subject=f"Penetapan peserta {course.name}",
        number=f"W12.PAS.CLG-PK.01.04-{batch.pk:03d}/LAMA",
        year=day(starts - 10).year,
        dated=day(starts - 10),
        state=LetterState.SIGNED,
        signed_by=warden,
        signatory={"name": warden.name, "nip": warden.nip, "title": "Kepala", "acting": ""},
        **past,
    )
    decree = Decree.objects.create(
        facility=facility,
        batch=batch,
        hearing=hearing,
        letter=letter,
        state=DecreeState.ISSUED,
        **past,
    )
    for rank, inmate in enumerate(crowd, 1):
        candidate = Candidate.objects.create(
            facility=facility,
            batch=batch,
            inmate=inmate,
            rank=rank,
            state=CandidateState.APPROVED,
            **past,
        )
        Recommendation.objects.create(
            hearing=hearing, candidate=candidate, result=CandidateState.APPROVED
        )
        DecreeEntry.objects.create(decree=decree, candidate=candidate, position=rank)
        Enrolment.objects.create(
            facility=facility,
            agency=agreement.agency,
            batch=batch,
            inmate=inmate,
            candidate=candidate,
            decree=decree,
            participant_code=f"P-{batch.pk:02d}{rank:03d}",
            state=EnrolmentState.ENROLLED if running else _outcome(rank),
            **past,
        )
    return batch


def _outcome(rank):
    return EnrolmentState.NOT_COMPLETED if rank % 9 == 0 else EnrolmentState.COMPLETED
