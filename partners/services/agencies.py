"""Which agencies there are, and which of them a prison works with."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models.functions import Lower
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import Facility
from accounts.permissions import may, require
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from partners.models import Agency, Partnership

FACTS = ("name", "kind", "parent", "city", "address", "phone", "email")
ALIKE = 0.4  # similarity of names from which on two may be the same agency
NEAR = 5
DEEPEST = 3  # a ministry's unit under an agency's unit: as far down as a liaison reads


def require_partner(facility, agency):
    """Raise `NotAllowed` at the field `agency` unless the two are partners."""
    if not Partnership.objects.filter(facility=facility, agency=agency).exists():
        raise NotAllowed({"agency": _("Instansi ini belum menjadi mitra lapas.")})


def near(name):
    """Agencies of the whole country whose names are much like this one, the likest first."""
    return (
        Agency.objects.annotate(likeness=TrigramSimilarity(Lower("name"), name.lower()))
        .filter(likeness__gte=ALIKE)
        .select_related("parent")
        .order_by("-likeness", "name", "pk")[:NEAR]
    )


def prison_of(user, agency, act_name):
    """The prison for which the user may do the act with this partner of it, or None."""
    prisons = Facility.objects.filter(partnerships__agency=agency).order_by("pk")
    return next((each for each in prisons if may(user, act_name, each.pk)), None)


@act
def add_partner(*, facility, by, agency=None, is_another=False, **facts):
    """Make an agency a partner of the prison: one that is known (`agency`), or a new one.

    A new one has `FACTS`. Raises `NotAllowed` at `name` while agencies with a name like it are
    known, unless the caller looked at them and says that it `is_another`.
    """
    require(by, "manage_agencies", facility.pk)
    if agency is None:
        agency = _new(facts, is_another, by)
    partnership, made = Partnership.objects.get_or_create(
        facility=facility, agency=agency, defaults={"created_by": by}
    )
    if not made and partnership.created_by_id != by.pk:
        raise AlreadyDone(
            _("%(agency)s sudah menjadi mitra sejak %(when)s, dicatat oleh %(who)s.")
            % {
                "agency": agency,
                "when": formats.date_format(timezone.localdate(partnership.created_at)),
                "who": partnership.created_by or _("sistem"),
            }
        )
    return agency


@act
def edit(*, agency, by, **facts):
    """Correct the facts of a partner.

    What stands above an agency decides who reads its agreements: with partners of other prisons
    in play, only the admin moves it.
    """
    if prison_of(by, agency, "manage_agencies") is None:
        raise Forbidden(_("Tugas ini bukan wewenang jabatan Anda."))
    agency = Agency.objects.select_for_update(no_key=True, of=["self"]).get(pk=agency.pk)
    if facts["parent"] != agency.parent:
        _check_parent(agency, facts["parent"])
        others = Partnership.objects.filter(agency=agency).exclude(facility__in=by.facility_ids)
        if others.exists():
            raise NotAllowed(
                {"parent": _("Instansi ini juga mitra lapas lain; induknya diubah oleh admin.")}
            )
    for name in FACTS:
        setattr(agency, name, facts[name])
    agency.save(update_fields=FACTS)
    return agency


def _new(facts, is_another, by):
    if Agency.objects.filter(name__iexact=facts["name"], city__iexact=facts["city"]).exists():
        raise NotAllowed({"name": _("Instansi ini sudah terdaftar; pilih dari daftar di bawah.")})
    if not is_another and near(facts["name"]):
        raise NotAllowed(
            {"name": _("Ada instansi dengan nama mirip; periksa dulu daftar di bawah.")}
        )
    if facts["parent"]:
        _check_parent(None, facts["parent"])
    return Agency.objects.create(created_by=by, **{name: facts[name] for name in FACTS})


def _check_parent(agency, parent):
    """No agency stands under itself, nor deeper than a liaison of the top one reads."""
    above, step = [], parent
    while step is not None:
        if step == agency:
            raise NotAllowed({"parent": _("Sebuah instansi tidak bisa berada di bawah dirinya.")})
        above.append(step)
        step = step.parent
    below = 0
    if agency is not None and agency.units.exists():
        below = 2 if Agency.objects.filter(parent__parent=agency).exists() else 1
    if len(above) + 1 + below > DEEPEST:
        raise NotAllowed({"parent": _("Susunan instansi paling dalam tiga tingkat.")})
