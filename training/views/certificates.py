"""Papers of what somebody learned: the list, one of them, those of a batch, and the public code."""

from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, opened, perform, show
from correspondence.services import letter_papers, verifications
from inmates.models import Inmate
from training import rules
from training.filters import CertificateFilter
from training.forms.certificate import IssueForm, RecordForm, RevokeForm
from training.models import Batch, Certificate, Enrolment
from training.services import certificate_guards, certificates, enrolments, results
from training.states import EnrolmentState
from training.tables import CertificateTable
from training.teaching import OF_THE_COURSE, CertificateState
from training.views.selection import need_names

BATCHES = Batch.objects.select_related("course", "agency", "facility")
RELATED = (
    "inmate__merged_into", "course", "agency", "facility", "letter", "verification", "created_by",
    "state_by", "enrolment__batch__course",
)  # fmt: skip


class CertificateList(ScopedListView):
    """Staff read names, a liaison the codes of participants of the own agency."""

    model = Certificate
    table_class = CertificateTable
    filterset_class = CertificateFilter
    title = gettext_lazy("Sertifikat")
    empty_text = gettext_lazy(
        "Belum ada sertifikat. Catat atau terbitkan dari halaman sebuah angkatan."
    )
    actions_template = "training/_certificate_list_actions.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_liaison and not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        rows = super().get_queryset()
        if not self.request.user.is_liaison:
            user = self.request.user
            rows = rows.filter(
                facility__in=[pk for pk in user.facility_ids if may(user, "see_people", pk)]
            )
        return rows.select_related("inmate__merged_into", "course", "enrolment")

    def get_table_kwargs(self):
        return {"exclude": ("inmate",) if self.request.user.is_liaison else ("code",)}

    def render_to_response(self, context, **kwargs):
        if self.request.user.is_liaison:
            return super().render_to_response(context, **kwargs)
        if self.wants_csv:
            people = Inmate.objects.visible_to(self.request.user)
            named = people.filter(pk__in=self.object_list.order_by().values("inmate"))
            access.record(self.request, access.EXPORT, named.only("public_id"))
        else:
            shown = [row.record.inmate for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, shown)
        return super().render_to_response(context, **kwargs)


@require_safe
def detail(request, public_id):
    return _page(request, _find(request, public_id))


@require_POST
def revoke(request, public_id):
    certificate = _find(request, public_id)
    is_standing = certificate.state == CertificateState.ISSUED
    if is_standing and not certificates.may_revoke(request.user, certificate):
        raise PermissionDenied
    form = RevokeForm(request.POST)
    if form.is_valid() and perform(
        form, certificates.revoke, certificate=certificate, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Sertifikat dicabut; pemeriksaan umum menunjukkannya."), certificate)
    return _page(request, certificate, form)


@require_safe
def pdf(request, public_id):
    """The prison's own paper, as it was printed once."""
    certificate = _find(request, public_id)
    holder = _holder(request.user, certificate)
    if holder is None:
        raise PermissionDenied
    if certificate.letter is None:
        raise Http404
    paper = opened(letter_papers.file_of(certificate.letter).pdf)
    access.record(request, access.EXPORT, [certificate.inmate])
    return _file(paper, certificate, as_attachment=False)


@require_safe
def scan(request, public_id):
    certificate = _find(request, public_id)
    if _holder(request.user, certificate) is None:
        raise PermissionDenied
    scan = opened(certificate.scan)
    access.record(request, access.EXPORT, [certificate.inmate])
    return _file(scan, certificate, as_attachment=True)


@require_safe
def of_batch(request, public_id):
    """Each participant of a batch with the papers there are, and what may be done about it."""
    batch = find(BATCHES, request.user, public_id)
    if not request.user.is_liaison:
        need_names(request, batch.facility_id)
    lines = results.lines_of(batch, request.user)
    papers = {}
    rows = Certificate.objects.visible_to(request.user).filter(enrolment__batch=batch)
    for row in rows.order_by("kind", "issued_on"):
        papers.setdefault(row.enrolment_id, []).append(row)
    may_issue = may(request.user, "certify", batch.facility_id)
    may_record = rules.may_certify(request.user, batch.facility_id, batch.agency_id)
    waiting = 0
    for line in lines:
        line.papers = papers.get(line.enrolment.pk, [])
        line.has_own = any(
            row.kind in OF_THE_COURSE and row.state == CertificateState.ISSUED
            for row in line.papers
        )
        line.is_complete = line.enrolment.state == EnrolmentState.COMPLETED
        line.may_issue = may_issue and line.is_complete and not line.has_own
        line.may_record = may_record and line.enrolment.state not in certificates.GONE
        waiting += line.may_issue
    access.record(request, access.VIEW, [line for line in lines if line.public_id])
    return show(
        request,
        "training/certificate_batch.html",
        {
            "batch": batch,
            "lines": lines,
            "waiting": waiting,
            "own_kind": certificates.kind_of_own(batch.facility).label,
            "may_issue": may_issue,
            "may_record": may_record,
        },
    )


@require_POST
def issue_all(request, public_id):
    batch = find(BATCHES, request.user, public_id)
    issued = certificates.issue_all(batch=batch, by=request.user)
    count = len(issued.certificates)
    told = ngettext(
        "%(count)s sertifikat diterbitkan.", "%(count)s sertifikat diterbitkan.", count
    ) % {"count": count}
    refused = [f"{enrolment.participant_code}: {reason}" for enrolment, reason in issued.refused]
    return done(request, " ".join([told, *refused]), "training:batch-papers", public_id)


def record(request, public_id):
    """One paper of the agency about one participant, with its scan."""
    enrolment = _participant(request, public_id)
    if not rules.may_certify(request.user, enrolment.facility_id, enrolment.agency_id):
        raise PermissionDenied
    form = RecordForm(
        request.POST or None,
        request.FILES or None,
        kinds=certificates.kinds_to_record(request.user, enrolment.batch),
        overrides=may(request.user, "certify", enrolment.facility_id),
        initial={"issuer": enrolment.agency.name},
    )
    if form.is_valid():
        certificate = perform(
            form, certificates.record, enrolment=enrolment, by=request.user, **form.cleaned_data
        )
        if certificate:
            return done(request, _("Sertifikat dicatat."), certificate)
    return _about(request, "training/certificate_record.html", enrolment, form)


def issue(request, public_id):
    """The prison's own paper for one participant, also against a guard, with a reason."""
    enrolment = _participant(request, public_id)
    if not may(request.user, "certify", enrolment.facility_id):
        raise PermissionDenied
    form = IssueForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        certificate = perform(
            form, certificates.issue, enrolment=enrolment, by=request.user, **form.cleaned_data
        )
        if certificate:
            told = _("Diterbitkan dengan nomor %(number)s.") % {"number": certificate.number}
            return done(request, told, certificate)
    kind = certificates.kind_of_own(enrolment.facility)
    return _about(
        request,
        "training/certificate_issue.html",
        enrolment,
        form,
        kind=kind.label,
        problem=certificate_guards.problem(enrolment, kind),
    )


def _find(request, public_id):
    certificate = find(Certificate.objects.select_related(*RELATED), request.user, public_id)
    if not request.user.is_liaison:
        need_names(request, certificate.facility_id)
    return certificate


def _participant(request, public_id):
    related = ("batch__course", "batch__agency", "agency", "facility", "inmate")
    enrolment = find(Enrolment.objects.select_related(*related), request.user, public_id)
    if not request.user.is_liaison:
        need_names(request, enrolment.facility_id)
    return enrolment


def _holder(user, certificate):
    """The holder's name as this reader may know it; None for a liaison without the consent."""
    if not user.is_liaison:
        return certificate.inmate.name
    if certificate.enrolment is None:
        return None
    return _name_for_agency(user, certificate.enrolment)


def _name_for_agency(user, enrolment):
    named = (
        each.name
        for each in enrolments.roster(enrolment.batch, user)
        if each.code == enrolment.participant_code and each.is_named
    )
    return next(named, None)


def _page(request, certificate, form=None):
    holder = _holder(request.user, certificate)
    if holder is not None:
        access.record(request, access.VIEW, [certificate.inmate])
    check = certificate.verification
    return show(
        request,
        "training/certificate_detail.html",
        {
            "certificate": certificate,
            "holder": holder,
            "batch": certificate.enrolment and certificate.enrolment.batch,
            "check": check and verifications.grouped(check.code),
            "address": check and verifications.address_of(check.code),
            "qr": check and verifications.qr_of(check.code),
            "may_revoke": certificates.may_revoke(request.user, certificate),
            "revoke_form": form or RevokeForm(),
        },
        form=form,
    )


def _about(request, template, enrolment, form, **context):
    if request.user.is_liaison:
        name = _name_for_agency(request.user, enrolment)
    else:
        name = enrolment.inmate.name
    if name:
        access.record(request, access.VIEW, [enrolment.inmate])
    context |= {"enrolment": enrolment, "batch": enrolment.batch, "holder": name}
    return show(request, template, context, form=form)


def _file(file, certificate, *, as_attachment):
    """Under a name that says nothing of whom it is about."""
    name = f"sertifikat-{str(certificate.public_id)[:8]}{PurePath(file.name).suffix}"
    return FileResponse(file, as_attachment=as_attachment, filename=name)
