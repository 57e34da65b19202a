"""Agencies and their liaisons, visits with promises, agreements in every state."""

from dateutil.relativedelta import relativedelta

from accounts.states import UserKind
from partners.models import ActionItem, Agency, Liaison, Partnership
from partners.services import action_items, agreements, contacts, engagements, register
from partners.states import AgencyKind, AgreementKind, EngagementKind
from reports.demo.accounts import create_user
from reports.demo.acting import acting, day, did
from reports.demo.agreements import write_texts
from reports.demo.scans import scan

# Key: name, kind, key of the parent, city, prisons it works with.
AGENCIES = {
    "disnaker": ("Disnaker Kota Cilegon", AgencyKind.DISNAKER, None, "Cilegon", ["CLG"]),
    "blk": ("BLK Cilegon", AgencyKind.BLK, "disnaker", "Cilegon", ["CLG"]),
    "lsp": ("LSP Karya Kompeten Banten", AgencyKind.LSP, None, "Serang", ["CLG"]),
    "bapas": ("Bapas Kelas I Serang", AgencyKind.BAPAS, None, "Serang", ["CLG", "SRG"]),
    "province": ("Disnakertrans Provinsi Banten", AgencyKind.PROVINCE, None, "Serang", ["CLG"]),
    "lpk": ("LPK Mandiri Terampil", AgencyKind.LPK, None, "Cilegon", ["CLG"]),
    "company": ("PT Cakra Baja Sejahtera", AgencyKind.COMPANY, None, "Cilegon", ["CLG"]),
    "blk_serang": ("BLK Serang", AgencyKind.BLK, None, "Serang", ["SRG"]),
}
# E-mail: name, title, key of the agency.
LIAISONS = {
    "blk@kota.test": ("Tri Handoko", "Kepala UPT Latihan Kerja", "blk"),
    "disnaker@kota.test": ("Lilis Suryani", "Pengantar Kerja Ahli Muda", "disnaker"),
    "blk@serang.test": ("Yanto Prasetyo", "Kepala Seksi Pelatihan", "blk_serang"),
}
LIAISON_SINCE = -600


def create(prisons):
    """The agencies by key, and their liaisons' users by the same key."""
    by = prisons["CLG"].staff["head"]
    found, speakers = {}, {}
    with acting(by):
        for key, (name, kind, parent, city, partners) in AGENCIES.items():
            found[key] = Agency.objects.create(
                name=name, kind=kind, parent=found.get(parent), city=city, created_by=by
            )
            Partnership.objects.bulk_create(
                Partnership(facility=prisons[code].facility, agency=found[key], created_by=by)
                for code in partners
            )
        for email, (name, title, key) in LIAISONS.items():
            phone = f"0812-0000-01{len(speakers):02}"
            speakers[key] = create_user(email, name, kind=UserKind.LIAISON, phone=phone)
            Liaison.objects.create(
                user=speakers[key], agency=found[key], title=title, starts=day(LIAISON_SINCE)
            )
    return found, speakers


def visit(prison, found):
    """The log of visits; returns the one from which an agreement is being explored."""
    facility, officer = prison.facility, prison.staff["officer"]
    us = "Kepala Seksi Kegiatan Kerja\nKasubsi Bimbingan Kerja"
    first = did(
        engagements.record,
        by=officer,
        facility=facility,
        agency=found["blk"],
        held_on=day(-730),
        delegation=us,
        hosts="Kepala UPT Latihan Kerja",
        purpose="Menjajaki pelatihan berbasis kompetensi di dalam lapas",
        result="BLK bersedia mengirim instruktur; naskah PKS disusun bersama.",
        action_items=[_promise("Kirim konsep PKS ke BLK", "officer", -700)],
    )
    did(action_items.finish, by=officer, item=first.action_items.get())
    did(
        engagements.attach,
        by=officer,
        engagement=first,
        files=[("Daftar hadir audiensi.pdf", scan("Daftar hadir audiensi", "Lapas", "BLK"))],
    )
    _calls(prison, found)
    did(
        engagements.record,
        by=officer,
        facility=facility,
        agency=found["blk"],
        kind=EngagementKind.CALL,
        held_on=day(-6),
        delegation="Kasubsi Bimbingan Kerja",
        hosts="Kepala UPT Latihan Kerja",
        purpose="Membahas jadwal instruktur triwulan depan",
        result="Jadwal menunggu kepastian kuota.",
        action_items=[
            _promise("Kirim daftar kebutuhan pelatihan tahun depan", "officer", 3),
            _promise("Siapkan izin masuk instruktur", "security", 10),
        ],
    )
    did(
        engagements.record,
        by=officer,
        facility=facility,
        agency=found["disnaker"],
        kind=EngagementKind.MEETING,
        held_on=day(-21),
        delegation=us,
        hosts="Kepala Dinas Tenaga Kerja\nPengantar Kerja",
        purpose="Rekomendasi penempatan bagi Warga Binaan yang akan bebas",
        result="Disnaker meminta data lulusan per bulan.",
        action_items=[
            _promise("Usulkan perpanjangan PKS penempatan kerja", "head", 1),
            _promise("Kirim rekap lulusan pelatihan tahun ini", "officer", -2),
        ],
    )
    _move_and_reopen(prison, ActionItem.objects.filter(facility=facility).open())
    return did(
        engagements.record,
        by=officer,
        facility=facility,
        agency=found["company"],
        held_on=day(-12),
        delegation="Kasubsi Bimbingan Kerja",
        hosts="Manajer SDM",
        purpose="Menjajaki kerja sama pelatihan las dan penempatan",
        result="Perusahaan tertarik, menunggu contoh PKS.",
        action_items=[_promise("Kirim contoh naskah PKS", "officer", 7)],
    )


def _move_and_reopen(prison, items):
    """A promise of a named person whose date was moved, and one that was ticked off wrongly."""
    officer, head = prison.staff["officer"], prison.staff["head"]
    moved = items.get(what="Kirim daftar kebutuhan pelatihan tahun depan")
    did(
        action_items.change,
        by=head,
        item=moved,
        what=moved.what,
        owner_role="officer",
        owner=officer,
        due=day(5),
        reason="Menunggu daftar kejuruan dari BLK",
    )
    wrong = items.get(what="Kirim rekap lulusan pelatihan tahun ini")
    did(action_items.finish, by=officer, item=wrong)
    did(action_items.reopen, by=officer, item=wrong, reason="Yang terkirim rekap tahun lalu")


def _calls(prison, found):
    """Whom one calls at the agencies."""
    officer = prison.staff["officer"]
    people = (
        ("blk", "Sri Wahyuni", "Kasi Pelatihan", "0812-5550-1001", "Jadwal instruktur"),
        ("blk", "Joko Susilo", "Tata Usaha BLK", "(0254) 555010", "Surat-menyurat"),
        ("disnaker", "Maya Puspita", "Kabid Penempatan", "0813-5550-1002", "Lowongan dan AK-1"),
    )
    for key, name, title, phone, note in people:
        did(
            contacts.add,
            by=officer,
            agency=found[key],
            name=name,
            title=title,
            phone=phone,
            email="",
            note=note,
        )


def agree(prison, found, *, explored):
    """Agreements of the first prison in each state; those in force are returned by key."""
    umbrella = _existing(
        prison,
        found["disnaker"],
        "Nota Kesepakatan Sinergi Pelatihan Kerja",
        number=3,
        ends=day(330),
        years=3,
        kind=AgreementKind.ACCORD,
    )
    in_force = {
        "blk": _existing(
            prison,
            found["blk"],
            "PKS Pelatihan Berbasis Kompetensi bagi Warga Binaan",
            number=7,
            ends=day(400),
            years=3,
            seats_per_year=96,
            parent=umbrella,
        ),
        "lpk": _existing(
            prison,
            found["lpk"],
            "PKS Pelatihan Keterampilan Barista dan Sablon",
            number=21,
            ends=day(250),
            years=2,
            seats_per_year=40,
        ),
        "disnaker": _existing(
            prison,
            found["disnaker"],
            "PKS Rekomendasi dan Penempatan Kerja",
            number=9,
            ends=day(25),
            years=2,
        ),
        "lsp": _existing(
            prison,
            found["lsp"],
            "PKS Uji Kompetensi",
            number=14,
            ends=day(62),
            years=1,
        ),
    }
    in_force["company"] = _existing(
        prison,
        found["company"],
        "PKS Asimilasi Kerja pada Produksi Paving Block",
        number=23,
        ends=day(24),
        years=1,
    )
    mou = {"kind": AgreementKind.MOU, "years": 2}
    _existing(
        prison, found["province"], "Nota Kesepahaman Pelatihan", number=2, ends=day(-140), **mou
    )
    ended_early = _existing(
        prison,
        found["company"],
        "PKS Produksi Paving Block",
        number=17,
        ends=day(190),
        years=2,
    )
    did(
        agreements.terminate,
        by=prison.staff["head"],
        agreement=ended_early,
        terminated_on=day(-45),
        told_on=day(-80),
        reason="Perusahaan memindahkan tempat produksi",
    )
    _unsigned(prison, found, explored)
    _describe(prison, in_force["blk"])
    return in_force


def _describe(prison, agreement):
    """One running agreement has all that supervision asks for; the others still lack it."""
    did(
        register.describe,
        by=prison.staff["officer"],
        agreement=agreement,
        background="Warga Binaan yang akan bebas belum memiliki keterampilan bersertifikat, "
        "sedangkan industri di Cilegon membutuhkan tenaga las dan teknisi AC.",
        implementation="Empat angkatan setahun di bengkel kerja lapas; instruktur dan alat uji "
        "dari BLK, bahan praktik dari DIPA lapas.",
        benefit="Lulusan memegang sertifikat pelatihan dan masuk daftar pencari kerja Disnaker "
        "sebelum bebas.",
    )


def agree_elsewhere(prison, found):
    """The second prison's own agreement, in force."""
    return _existing(
        prison,
        found["blk_serang"],
        "PKS Pelatihan Kerja Lapas Serang",
        number=4,
        ends=day(330),
        years=2,
        seats_per_year=32,
    )


def _unsigned(prison, found, explored):
    _draft(
        prison,
        explored.agency,
        "PKS Pelatihan Las dan Penempatan",
        engagement=explored,
        exploring=True,
    )
    _draft(prison, found["bapas"], "PKS Pendampingan Kerja Pascabebas")
    in_review = _draft(
        prison, found["blk"], "PKS Uji Kompetensi Teknisi AC", starts_on=day(30), ends_on=day(759)
    )
    write_texts(prison, in_review)
    did(agreements.send_for_review, by=prison.staff["officer"], agreement=in_review)
    ready = _draft(
        prison,
        found["province"],
        "PKS Pelatihan Keliling",
        starts_on=day(20),
        ends_on=day(749),
        our_number="WP.11.PAS.CLG-HH.05.05-31",
    )
    for step in (agreements.send_for_review, agreements.mark_ready):
        did(step, by=prison.staff["officer"], agreement=ready)
    given_up = _draft(prison, found["lsp"], "PKS Pelatihan Operator Forklift")
    did(
        agreements.cancel,
        by=prison.staff["head"],
        agreement=given_up,
        reason="Tidak ada tempat praktik di dalam lapas",
    )
    signed = _draft(prison, found["bapas"], "PKS Pembinaan Klien Terampil")
    numbers = "WP.11.PAS.CLG-HH.05.05-28", "560/28/BAPAS"
    did(
        agreements.sign,
        by=prison.staff["head"],
        agreement=signed,
        signed_on=day(-1),
        starts_on=day(14),
        ends_on=day(14) + relativedelta(years=2, days=-1),
        our_number=numbers[0],
        their_number=numbers[1],
        signed_scan=scan(signed.title, *numbers),
    )


def _existing(prison, agency, title, *, number, ends, years, **terms):
    starts = ends - relativedelta(years=years) + relativedelta(days=1)
    ours = f"WP.11.PAS.{prison.facility.code}-HH.05.05-{number}"
    theirs = f"560/{number}/{starts.year}"
    return did(
        agreements.record_existing,
        by=prison.staff["head"],
        facility=prison.facility,
        agency=agency,
        title=title,
        scope="Pelatihan, uji kompetensi dan tindak lanjut bagi Warga Binaan.",
        our_number=ours,
        their_number=theirs,
        signed_on=starts,
        starts_on=starts,
        ends_on=ends,
        signed_scan=scan(title, ours, theirs),
        **terms,
    )


def _draft(prison, agency, title, **terms):
    return did(
        agreements.draft,
        by=prison.staff["officer"],
        facility=prison.facility,
        agency=agency,
        title=title,
        **terms,
    )


def _promise(what, role, due):
    return {"what": what, "owner_role": role, "due": day(due)}
