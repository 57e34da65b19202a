"""What stands between a participant and a paper, and what a paper may tell the public."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.refusals import NotAllowed
from correspondence.services.verifications import initials_of
from training.attended import Attended
from training.models import Enrolment
from training.teaching import AssessmentKind, CertificateKind, Verdict


def problem(enrolment, kind):
    """Why the participant gets no such paper without a reason, as a sentence; None if nothing.

    Of a batch that was entered afterwards without attendance nothing is asked.
    """
    if kind == CertificateKind.COMPETENCY:
        return _not_competent(enrolment)
    counted = Attended.of(Enrolment.objects.with_attendance().get(pk=enrolment.pk))
    return too_little(counted, enrolment.batch)


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


def need(enrolment, kind, override_reason, by):
    """The reason to keep with the paper: empty when no guard is in the way.

    Raises `NotAllowed` when one is and the head gave no reason.
    """
    found = problem(enrolment, kind)
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
    return not re.search(rf"(?<!\w)(?:{words})(?!\w)", text, re.IGNORECASE)


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
