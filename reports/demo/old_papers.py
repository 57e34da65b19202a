"""Certificates that people brought with them: from other agencies, or from before the program."""

from inmates.models import Inmate
from reports.demo.acting import day, did
from reports.demo.scans import scan
from training.services import old_certificates
from training.teaching import CertificateKind

TRAINING, COMPETENCY = CertificateKind.TRAINING, CertificateKind.COMPETENCY
# kind, title, issuer, number, scheme, days ago, days until the end, JP
PAPERS = (
    (TRAINING, "Menjahit pakaian dengan mesin", "UPTD BLK Kabupaten Serang",
     "560/118/BLK-SRG", "", 1900, None, 240),
    (COMPETENCY, "Welder SMAW 3G", "LSP Logam dan Mesin Contoh",
     "24130 7212 4 0000451", "Welder 3G", 1000, 80, None),
    (COMPETENCY, "Barista", "LSP Kopi Contoh",
     "56301 3323 1 0000087", "Barista muda", 1600, -500, None),
    (TRAINING, "Operator forklift", "Lembaga Pelatihan Kerja Contoh Bahari",
     "LPKB-2021/034", "", 2100, None, 80),
)  # fmt: skip


def create(office):
    """One paper each for a few sentenced people, written down by the head."""
    people = Inmate.objects.in_custody(office.prison.facility.pk).filter(
        custodies__register_class__startswith="B", enrolments=None
    )
    for inmate, paper in zip(people.order_by("pk"), PAPERS, strict=False):
        kind, title, issuer, number, scheme, ago, until, jp = paper
        did(
            old_certificates.record_existing,
            by=office["head"],
            facility=office.prison.facility,
            inmate=inmate,
            kind=kind,
            title=title,
            issuer=issuer,
            number=number,
            scheme=scheme,
            issued_on=day(-ago),
            valid_until=None if until is None else day(until),
            jp=jp,
            scan=scan(title, number, heading=str(kind.label).upper()),
        )
