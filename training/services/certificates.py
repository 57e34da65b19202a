"""Papers of what somebody learned: those of an agency are recorded, the prison issues its own.

A training certificate, a letter of participation and a competency certificate never stand for
each other. The prison issues a training certificate only while it is registered as LPK, a letter
of participation otherwise. What is wrong is revoked, with its reason, and entered anew.
"""

from dataclasses import dataclass, field
from datetime import MAXYEAR

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.files import checked_scan
from accounts.permissions import require
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from correspondence.services import letter_numbers, letters, notices, verifications
from partners.services import liaisons
from training import documents, rules
from training.models import Batch, Certificate, Enrolment
from training.services import certificate_guards as guards
from training.services.results import results_of_people
from training.states import EnrolmentState
from training.teaching import OF_THE_COURSE, CertificateKind, CertificateState

LETTER_KIND = "certificate_{kind}"
TEMPLATE = "certificate_v1"
GONE = (EnrolmentState.DROPPED, EnrolmentState.NOT_COMPLETED)


@dataclass
class Issued:
    """What came of issuing for many: papers, and pairs of an enrolment and why it got none."""

    certificates: list = field(default_factory=list)
    refused: list = field(default_factory=list)


@act
def record(
    *,
    enrolment,
    kind,
    number,
    issued_on,
    by,
    issuer="",
    registration_number="",
    scheme="",
    valid_until=None,
    scan=None,
    override_reason="",
):
    """Write down a paper that somebody else issued to a participant.

    By a liaison of exactly the agency, or the head. `issuer` is the name on the paper, the agency's
    if empty; a liaison's paper of another issuer can be checked in public only with its scan. A
    competency certificate needs its scheme, and ends after `COMPETENCY_VALID_YEARS` unless told.
    `override_reason` (head only) lifts the attendance guard. The same person again with the same
    paper gets the row. Raises `NotAllowed` with field errors, `AlreadyDone` naming who wrote such
    a paper down before.
    """
    if not rules.may_certify(by, enrolment.facility_id, enrolment.agency_id):
        raise Forbidden(_("Sertifikat angkatan ini bukan untuk Anda catat."))
    enrolment = _locked(enrolment)
    content = {
        "kind": kind,
        "issuer": _plain(issuer) or enrolment.agency.name,
        "number": _plain(number),
        "registration_number": _plain(registration_number),
        "scheme": _plain(scheme),
        "issued_on": issued_on,
        "valid_until": end_of(kind, issued_on, valid_until),
    }
    if same := _recorded(enrolment, content, by):
        return same
    _check_content(enrolment, content)
    guards.check_issuer(enrolment.facility, kind, content["issuer"], by)
    _check_first(enrolment, kind, content["scheme"])
    guards.check_over(enrolment.batch, kind)
    if scan is not None:
        try:
            checked_scan(scan)
        except ValidationError as error:
            raise NotAllowed({"scan": error}) from error
    reason = guards.need(enrolment, kind, override_reason, by)
    certificate = _create(enrolment, by, **content, override_reason=reason, scan=scan or "")
    if by.is_liaison:
        _tell_recorded(certificate, by)
    return certificate


@act
def issue(*, enrolment, by, override_reason=""):
    """The prison's own paper for somebody who completed: numbered, signed and frozen at once.

    The same person again gets the paper that is there. Raises `NotAllowed` when the attendance is
    too low and no reason is given, or the training was not completed.
    """
    require(by, "certify", enrolment.facility_id)
    return _issue(_locked(enrolment), by, override_reason)


@act
def issue_all(*, batch, by):
    """The prison's own papers for all of a batch who completed and have none: an `Issued`.

    Who does not meet a guard gets none and is named with the reason.
    """
    require(by, "certify", batch.facility_id)
    issued = Issued()
    _lock(batch.pk)
    for enrolment in _waiting_in(batch):
        try:
            with transaction.atomic():
                issued.certificates.append(_issue(enrolment, by, ""))
        except NotAllowed as refusal:
            issued.refused.append((enrolment, " ".join(refusal.messages)))
    return issued


@act
def revoke(*, certificate, reason, by):
    """The paper is worth nothing any more; its letter and its verification say so too.

    The prison's own is revoked by the head, an agency's by the head or its liaison.
    """
    agency = None if certificate.letter_id else certificate.agency_id
    if not rules.may_certify(by, certificate.facility_id, agency):
        raise Forbidden(_("Sertifikat ini bukan untuk Anda cabut."))
    reason = reason.strip()
    if not reason:
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasan pencabutan."))})
    certificate = (
        Certificate.objects.select_for_update(no_key=True, of=["self"])
        .select_related("letter", "verification", "state_by", "course")
        .get(pk=certificate.pk)
    )
    if certificate.state == CertificateState.REVOKED:
        if (certificate.state_by, certificate.reason) == (by, reason):
            return certificate
        raise AlreadyDone(
            _("Sertifikat ini sudah dicabut oleh %(who)s pada %(when)s.")
            % {"who": certificate.state_by or "—", "when": _clock(certificate.state_at)}
        )
    certificate.state, certificate.reason = CertificateState.REVOKED, reason
    certificate.state_at, certificate.state_by = timezone.now(), by
    certificate.save(update_fields=["state", "reason", "state_at", "state_by"])
    if certificate.verification:
        verifications.revoke(verification=certificate.verification)
    if certificate.letter:
        letters.annul(letter=certificate.letter, reason=reason, by=by)
    notices.close_for(certificate)
    _tell_revoked(certificate, by)
    return certificate


def may_revoke(user, certificate):
    """Whether the user may revoke this paper now."""
    agency = None if certificate.letter_id else certificate.agency_id
    return certificate.state == CertificateState.ISSUED and rules.may_certify(
        user, certificate.facility_id, agency
    )


def kinds_to_record(user, batch):
    """Kinds of papers that the user may write down of participants of the batch as it is now."""
    kinds = [kind for kind in CertificateKind if guards.too_early(batch, kind) is None]
    if user.is_liaison:
        kinds = [kind for kind in kinds if kind != CertificateKind.PARTICIPATION]
    return kinds


def kind_of_own(facility, on=None):
    """What the prison itself may issue on a day (default today)."""
    is_lpk = facility.is_lpk_on(on or timezone.localdate())
    return CertificateKind.TRAINING if is_lpk else CertificateKind.PARTICIPATION


def _issue(enrolment, by, override_reason):
    own = enrolment.certificates.issued().filter(kind__in=OF_THE_COURSE).first()
    if own and own.letter_id and own.created_by == by:
        return own
    facility, today = enrolment.facility, timezone.localdate()
    kind = kind_of_own(facility, today)
    _check_first(enrolment, kind, "")
    if enrolment.state != EnrolmentState.COMPLETED:
        raise NotAllowed(
            _("Tidak bisa: peserta ini %(state)s. Catat dulu bahwa ia menyelesaikan pelatihan.")
            % {"state": enrolment.get_state_display().lower()}
        )
    guards.check_over(enrolment.batch, kind)
    reason = guards.need(enrolment, kind, override_reason, by)
    code = verifications.new_code()
    issuer = guards.issuer_of_own(facility)
    (results,) = results_of_people([enrolment]).values()
    letter = letters.issue(
        facility=facility,
        kind=LETTER_KIND.format(kind=kind),
        subject=f"{kind.label} {enrolment.batch.course.name}"[:200],
        template=TEMPLATE,
        data=documents.certificate(enrolment, kind, issuer, results, verifications.printed(code)),
        people=[enrolment.inmate],
        signatory=letter_numbers.holder_of(facility.pk, roles.WARDEN, today),
        by=by,
        dated=today,
    )
    if not guards.is_neutral(letter.number):
        raise NotAllowed(
            _("Nomor %(number)s menyebut lapas: minta admin membetulkan pola nomornya.")
            % {"number": letter.number}
        )
    return _create(
        enrolment,
        by,
        kind=kind,
        issuer=issuer,
        number=letter.number,
        issued_on=today,
        override_reason=reason,
        letter=letter,
        code=code,
    )


def _create(enrolment, by, *, code="", **content):
    course = enrolment.batch.course
    certificate = Certificate(
        facility_id=enrolment.facility_id,
        agency_id=enrolment.agency_id,
        inmate_id=enrolment.inmate_id,
        enrolment=enrolment,
        course=course,
        title=course.name,
        jp=course.jp,
        state_by=by,
        created_by=by,
        **content,
    )
    if guards.may_be_checked(certificate, by):
        certificate.verification = verifications.write(
            kind=LETTER_KIND.format(kind=certificate.kind),
            number=certificate.number,
            issued_on=certificate.issued_on,
            valid_until=certificate.valid_until,
            public=guards.public_facts(certificate, enrolment.inmate.name),
            code=code,
            by=by,
        )
    certificate.save()
    return certificate


def _lock(batch_id):
    Batch.objects.select_for_update(no_key=True, of=["self"]).get(pk=batch_id)


def _locked(enrolment):
    _lock(enrolment.batch_id)
    return _with_all(Enrolment.objects.filter(pk=enrolment.pk)).get()


def _waiting_in(batch):
    """Those who completed and have no paper of the course, locked in primary-key order."""
    papers = Certificate.objects.issued().filter(enrolment__batch=batch, kind__in=OF_THE_COURSE)
    rows = Enrolment.objects.filter(batch=batch, state=EnrolmentState.COMPLETED)
    return list(_with_all(rows.exclude(pk__in=papers.values("enrolment"))).order_by("pk"))


def _with_all(rows):
    return rows.select_for_update(no_key=True, of=["self"]).select_related(
        "batch__course", "batch__agency", "facility", "agency", "inmate"
    )


def end_of(kind, issued_on, valid_until):
    """The last day of a paper: of a competency certificate there is one even if nobody told it."""
    if valid_until is None and kind == CertificateKind.COMPETENCY:
        years = min(settings.COMPETENCY_VALID_YEARS, MAXYEAR - issued_on.year)
        return issued_on + relativedelta(years=years)
    return valid_until


def _recorded(enrolment, content, by):
    """The row of the same paper, if the same person wrote it down before."""
    return enrolment.certificates.issued().filter(created_by=by, letter=None, **content).first()


def _check_content(enrolment, content):
    problems = {}
    batch, kind, issued_on = enrolment.batch, content["kind"], content["issued_on"]
    if not content["number"]:
        problems["number"] = _("Isi nomor sertifikat.")
    elif Certificate.objects.issued().filter(
        kind=kind, issuer__iexact=content["issuer"], number__iexact=content["number"]
    ):
        problems["number"] = _("Nomor sertifikat ini sudah dipakai penerbit itu.")
    if issued_on > timezone.localdate():
        problems["issued_on"] = _("Tanggal terbit di masa depan.")
    elif issued_on < batch.starts_on:
        problems["issued_on"] = _("Terbit sebelum angkatan ini dimulai.")
    if kind == CertificateKind.COMPETENCY and not content["scheme"]:
        problems["scheme"] = _("Sertifikat kompetensi menyebut skemanya.")
    if content["valid_until"] and content["valid_until"] < issued_on:
        problems["valid_until"] = _("Masa berlaku berakhir sebelum tanggal terbit.")
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})
    if enrolment.state in GONE:
        raise NotAllowed(
            _("Tidak bisa: peserta ini %(state)s.")
            % {"state": enrolment.get_state_display().lower()}
        )


def _check_first(enrolment, kind, scheme):
    """One paper of the course each, and one competency certificate of a scheme."""
    there = enrolment.certificates.issued()
    if kind in OF_THE_COURSE:
        there = there.filter(kind__in=OF_THE_COURSE)
    else:
        there = there.filter(kind=kind, scheme=scheme)
    if first := there.select_related("created_by").first():
        raise AlreadyDone(
            _("Peserta ini sudah punya %(kind)s nomor %(number)s, dicatat oleh %(who)s.")
            % {
                "kind": first.get_kind_display().lower(),
                "number": first.number,
                "who": first.created_by or "—",
            }
        )


def _tell_recorded(certificate, by):
    batch = certificate.enrolment.batch
    notices.tell(
        kind="certificates_recorded",
        obj=batch,
        recipients=notices.holders(batch.facility_id, roles.OFFICER, roles.HEAD),
        data={"batch": f"{batch.course.name} – {batch.name}", "by": batch.agency.name},
        link=batch.get_absolute_url(),
        facility_id=batch.facility_id,
    )


def _tell_revoked(certificate, by):
    people = [*notices.holders(certificate.facility_id, roles.OFFICER, roles.HEAD)]
    if certificate.agency_id:
        people += liaisons.of(certificate.agency_id)
    notices.tell(
        kind="certificate_revoked",
        obj=certificate,
        recipients=[person for person in people if person != by],
        data={"number": certificate.number, "course": certificate.title},
        link=certificate.get_absolute_url(),
        facility_id=certificate.facility_id,
    )


def _plain(text):
    """Without blanks that only the eye tells apart."""
    return " ".join(text.split())


def _clock(moment):
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
