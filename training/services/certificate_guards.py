"""What stands between a participant and a paper, and what a paper may tell the public."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.refusals import NotAllowed
from correspondence.services.verifications import initials_of
from partners.sheet.columns import bare
from training.attended import Attended
from training.models import Enrolment
from training.states import BatchState
from training.teaching import OF_THE_COURSE, AssessmentKind, CertificateKind, Verdict

OVER = (BatchState.FINISHED, BatchState.CLOSED)


def problem(enrolment, kind, attended=None):
    """Why the participant gets no such paper without a reason, as a sentence; None if nothing.

    Of a batch that was entered afterwards without attendance nothing is asked. `attended` is what
    was counted of the person, if the caller counted it already.
    """
    if kind == CertificateKind.COMPETENCY:
        return _not_competent(enrolment)
    if attended is None:
        attended = Attended.of(Enrolment.objects.with_attendance().get(pk=enrolment.pk))
    return too_little(attended, enrolment.batch)


def too_little(attended, batch):
    """What is wrong with somebody's attendance of a batch, as a sentence, or None."""
    if attended.percent is None:
        return None if batch.entered_afterwards else _("Kehadiran belum dicatat.")
    if attended.is_enough:
        return None
    return _("Kehadiran %(percent)s%%, paling sedikit %(least)s%%.") % {
        "percent": attended.percent,
        "least": attended.minimum,
    }


def need(enrolment, kind, override_reason, by, attended=None):
    """The reason to keep with the paper: empty when no guard is in the way.

    Raises `NotAllowed` when one is and the head gave no reason.
    """
    found = problem(enrolment, kind, attended)
    if found is None:
        return ""
    reason = override_reason.strip()
    if reason and may(by, "certify", enrolment.facility_id):
        return reason
    if may(by, "certify", enrolment.facility_id):
        told = _("%(problem)s Sebutkan alasan pengecualian bila tetap diterbitkan.")
        raise NotAllowed({"override_reason": ValidationError(told % {"problem": found})})
    told = _("%(problem)s Minta Kepala Seksi di lapas mencatatnya dengan alasan.")
    raise NotAllowed(told % {"problem": found})


def is_neutral(text):
    """Whether a text that strangers read says nothing of a prison."""
    words = "|".join(map(re.escape, settings.PRISON_WORDS))
    return not re.search(rf"(?<![a-z])(?:{words})(?![a-z])", text, re.IGNORECASE)


def too_early(batch, kind):
    """Why a batch has no such papers yet, as a sentence, or None: attendance counts at its end."""
    if kind not in OF_THE_COURSE or batch.state in OVER:
        return None
    return _("%(kind)s baru bisa sesudah pelatihan dinyatakan selesai; angkatan ini %(state)s.") % {
        "kind": CertificateKind(kind).label,
        "state": batch.get_state_display().lower(),
    }


def check_over(batch, kind):
    """Raise `NotAllowed` where `too_early` finds something."""
    if early := too_early(batch, kind):
        raise NotAllowed(early)


def issuer_of_own(facility):
    """The name under which the prison issues: one that does not brand the holder."""
    return facility.issuer_name or f"Penyelenggara Pelatihan Kerja {facility.city}"


def problems_of_issuer(facility, kind, issuer, by):
    """What is wrong with a paper from outside: `{field: sentence}`.

    The prison's own papers are issued, never written down, and a letter of participation from an
    agency is for the head to write down.
    """
    found = {}
    if bare(issuer) == bare(issuer_of_own(facility)):
        found["issuer"] = _("Sertifikat atas nama ini diterbitkan oleh lapas, bukan dicatat.")
    if by.is_liaison and kind == CertificateKind.PARTICIPATION:
        found["kind"] = _("Surat keterangan mengikuti pelatihan dicatat oleh lapas.")
    return found


def check_issuer(facility, kind, issuer, by):
    """Raise `NotAllowed` with what `problems_of_issuer` finds."""
    if found := problems_of_issuer(facility, kind, issuer, by):
        raise NotAllowed({name: ValidationError(text) for name, text in found.items()})


def may_be_checked(certificate, by):
    """Whether the public may check a paper: its number names no prison, and it is vouched for.

    A liaison vouches for the own agency; what another issued needs its scan.
    """
    if not is_neutral(certificate.number):
        return False
    if not by.is_liaison or certificate.scan:
        return True
    return bare(certificate.issuer) == bare(certificate.agency.name)


def public_facts(certificate, name):
    """What anybody with the code may read; whatever names a prison is left out."""
    facts = {
        "course": certificate.title,
        "scheme": certificate.scheme,
        "issuer": certificate.issuer,
        "holder": initials_of(name),
    }
    return {key: text for key, text in facts.items() if text and is_neutral(text)}


def _not_competent(enrolment):
    rows = enrolment.assessments.newest().filter(kind=AssessmentKind.COMPETENCY)
    verdicts = set(rows.values_list("result", flat=True))
    if verdicts and Verdict.COMPETENT not in verdicts:
        return _("Uji kompetensi: belum kompeten.")
    return None
