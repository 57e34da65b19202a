"""Which kinds of data a page shows at most, so that a notification can say what was disclosed.

By the words of `placements.documents.PAGES`: a page without an entry here fails a test.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

NAME = _("nama dan Nomor Induk, atau kode peserta (bahwa seseorang terpidana)")
REGISTER = _("data register: nomor registrasi, masa penempatan, tanggal pidana")
NIK = _("NIK")
HOME = _("tempat dan tanggal lahir, alamat")
JUDGED = _("catatan pembatasan: disiplin, keamanan, kelaikan kesehatan")
ABLE = _("keterampilan, minat, asesmen")
PAPERS = _("dokumen dan persetujuan dengan pindaiannya")
TRAINED = _("pencalonan, pelatihan, kehadiran, hasil, sertifikat")
WORKED = _("rujukan, penempatan kerja, pemantauan sesudah bebas")
CONTACT = _("nomor dan cara menghubungi")
SEEN = _("siapa yang melihat datanya")

EVERYTHING = (NAME, REGISTER, NIK, HOME, JUDGED, ABLE, PAPERS, TRAINED, WORKED, CONTACT, SEEN)
OF_PAGES = {
    "reports:home": (NAME, TRAINED, WORKED),
    "reports:search": (NAME, REGISTER),
    "reports:participant": (NAME, TRAINED, WORKED),
    "reports:candidacy": (NAME, TRAINED),
    "reports:breach": (NAME, SEEN),
    "reports:user": (NAME, SEEN),
    "reports:history": (NAME, REGISTER, JUDGED, ABLE, PAPERS, TRAINED, WORKED),
    "inmates:inmate": (NAME, REGISTER, HOME),
    "inmates:import": (NAME, REGISTER, HOME),
    "inmates:nik": (NAME, REGISTER, NIK),
    "placements:person": (NAME, REGISTER, HOME, JUDGED, ABLE, PAPERS, TRAINED, WORKED),
    "placements:vacancy": (NAME, REGISTER, ABLE, TRAINED),
    "placements:subject": EVERYTHING,
    "placements:access": (NAME, SEEN),
    "placements:retention": (NAME, REGISTER),
    "placements:circumstance": (NAME, REGISTER, JUDGED),
    "placements:restriction": (NAME, JUDGED),
    "placements:limit": (NAME,),
    "placements:assessment": (NAME, ABLE),
    "placements:consent": (NAME, PAPERS),
    "placements:document": (NAME, PAPERS),
    "placements:transfer": (NAME, REGISTER),
    "placements:departure": (NAME, REGISTER),
    "placements:absence": (NAME, REGISTER),
    "placements:referral": (NAME, NIK, ABLE, TRAINED, WORKED),
    "placements:placement": (NAME, WORKED, PAPERS),
    "placements:gate": (NAME, WORKED),
    "placements:follow": (NAME, WORKED, CONTACT),
    "placements:merge": (NAME, REGISTER, HOME),
    "placements:card": (NAME, WORKED, PAPERS),
    "placements:readiness": (NAME, WORKED),
    "placements:cv": (NAME, ABLE, TRAINED, WORKED, CONTACT),
    "placements:duplicate": (NAME, REGISTER, HOME),
    "training:batch": (NAME, REGISTER, TRAINED),
    "training:candidate": (NAME, REGISTER, JUDGED, ABLE, TRAINED),
    "training:participant": (NAME, NIK, HOME, TRAINED),
    "training:attendance": (NAME, TRAINED),
    "training:meeting": (NAME, TRAINED),
    "training:enrolment": (NAME, TRAINED),
    "training:waiting": (NAME, TRAINED),
    "training:day": (NAME, REGISTER, TRAINED),
    "training:plan": (NAME, TRAINED),
    "training:seat": (NAME, TRAINED),
    "training:hearing": (NAME, REGISTER, TRAINED),
    "training:decree": (NAME, REGISTER, TRAINED),
    "training:old": (NAME, TRAINED),
    "training:person": (NAME, TRAINED),
    "training:certificate": (NAME, TRAINED),
    "correspondence:letter": (NAME, REGISTER, TRAINED, WORKED),
    "admin": EVERYTHING,
}


@dataclass(frozen=True)
class Kind:
    """A kind of data, on which pages it was shown, and in how many responses at most."""

    label: str
    pages: list
    responses: int


def kinds_of(pages):
    """`Kind`s that these pages show, in the order of `EVERYTHING`.

    `pages` are `(noun, words, responses)`; what nobody knows may have shown everything.
    """
    found = {kind: ([], 0) for kind in EVERYTHING}
    for noun, words, responses in pages:
        for kind in OF_PAGES.get(noun, EVERYTHING):
            named, number = found[kind]
            found[kind] = ([*named, words], number + responses)
    return [Kind(str(kind), named, number) for kind, (named, number) in found.items() if number]
