"""Who teaches for an agency: kept by the prisons that work with it, and by its own liaisons."""

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext as _

from accounts.permissions import acts_of, may
from accounts.refusals import Forbidden, NotAllowed, act
from partners.models import Agency
from partners.rules import is_liaison_of
from training.models import Instructor

FIELDS = ("name", "expertise", "identity_number", "phone")


def agencies_of(user):
    """The agencies whose instructors the user may write down: partners where one plans batches."""
    if user.is_liaison:
        own = user.liaisons.filter(until__isnull=True)
        return Agency.objects.filter(pk__in=own.values("agency_id"))
    prisons = [facility for facility, name in acts_of(user) if name == "plan_batch"]
    partners = Agency.objects.filter(partnerships__facility_id__in=prisons)
    return Agency.objects.filter(pk__in=partners.values("pk"))


def listed(user):
    """The instructors that the user sees, each with `is_kept`: as `may_keep` says."""
    is_kept = ExpressionWrapper(Q(agency__in=agencies_of(user)), BooleanField())
    return Instructor.objects.visible_to(user).annotate(is_kept=is_kept)


def reads_phones(user):
    """Whether the user calls instructors or checks them at the gate; others read names only."""
    return user.is_liaison or may(user, "plan_batch") or may(user, "check_tools")


def may_keep(user, instructor):
    """Whether the user may change what is written about the instructor."""
    if user.is_liaison:
        return is_liaison_of(user, instructor.agency_id)
    return agencies_of(user).filter(pk=instructor.agency_id).exists()


@act
def add(*, agency, name, by, expertise="", identity_number="", phone=""):
    """Somebody who teaches for the agency. The same person twice is once."""
    if not agencies_of(by).filter(pk=agency.pk).exists():
        raise Forbidden(_("Instansi ini bukan wewenang Anda."))
    Agency.objects.select_for_update(no_key=True, of=["self"]).get(pk=agency.pk)
    typed = dict(zip(FIELDS, (name, expertise, identity_number, phone), strict=True))
    known = agency.instructors.filter(name__iexact=name, is_active=True).first()
    if known and all(getattr(known, field) == value for field, value in typed.items()):
        return known
    if known and known.identity_number == identity_number:
        raise NotAllowed({"name": ValidationError(_("Instruktur ini sudah tercatat."))})
    return Instructor.objects.create(agency=agency, created_by=by, **typed)


@act
def change(*, instructor, by, **typed):
    """Correct what is written; whoever no longer teaches stays at the meetings that they taught."""
    if not may_keep(by, instructor):
        raise Forbidden(_("Instruktur ini bukan wewenang Anda."))
    instructor = Instructor.objects.select_for_update(no_key=True, of=["self"]).get(
        pk=instructor.pk
    )
    changed = [name for name, value in typed.items() if getattr(instructor, name) != value]
    for name in changed:
        setattr(instructor, name, typed[name])
    if changed:
        instructor.save(update_fields=changed)
    return instructor
