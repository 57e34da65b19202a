"""Who may be referred: for the pages that begin a referral. Reads only."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce

from accounts import wall
from accounts.permissions import may
from accounts.prepared import among, asked_often
from inmates.models import Consent, Custody, Inmate
from inmates.states import ConsentPurpose, CustodyEnd
from placements.models import Referral
from training.models import Certificate

ROOT = Coalesce("inmate__merged_into", "inmate")


def prison_of(inmate, user):
    """The id of the prison that holds or released the person, None unless the user refers there."""
    stays = Custody.objects.filter(inmate__in=Inmate.objects.records_of(inmate))
    stay = stays.open().first() or stays.order_by("until", "pk").last()
    if stay is None or (stay.until and stay.ended_how != CustodyEnd.RELEASED):
        return None
    return stay.facility_id if may(user, "refer", stay.facility_id) else None


@dataclass(frozen=True)
class Behind:
    """Who is behind some referrals, in keys alone: `roots` maps a referral to the record that its
    person is known by now, `records` each record of these people to that one. `resting` are the
    referrals whose person an employer has accepted elsewhere."""

    roots: dict
    records: dict
    resting: frozenset


@wall.outside()
def behind(rows):
    """`Behind` of these referrals.

    Wherever somebody was accepted, also for a liaison: the answer names nobody.
    """
    roots, own, merged, accepted = _behind([row.pk for row in rows])
    roots, people = dict(roots), dict(accepted)
    return Behind(
        roots,
        dict([*own, *merged]),
        frozenset(pk for pk, root in roots.items() if people.get(root, pk) != pk),
    )


@asked_often
def _behind(referrals):
    """Pairs of these referrals and their people, of records and their people (the records that are
    used now, and those merged into them), and of people and where they were accepted."""
    rows = Referral.objects.filter(among("pk", referrals)).order_by().annotate(root=ROOT)
    people, every = rows.values("root"), Inmate.objects.order_by()
    accepted = Referral.objects.to_place().order_by().annotate(root=ROOT)
    there = accepted.filter(inmate__in=Inmate.objects.records_of_all(people))
    return (
        rows.values_list("pk", "root"),
        every.filter(pk__in=people).values_list("pk", F("pk")),
        every.filter(merged_into__in=people).values_list("pk", "merged_into"),
        there.values_list("root", "pk"),
    )


def with_consent(user, vacancy):
    """People of the reader's prisons whom a consent lets be referred, not yet to this vacancy.

    Those with a certificate that is valid come first.
    """
    prisons = [pk for pk in user.facility_ids if may(user, "refer", pk)]
    consents = Consent.objects.in_force(purpose=ConsentPurpose.REFERRAL)
    referred = Referral.objects.open().filter(vacancy=vacancy)
    papers = Certificate.objects.valid().filter(inmate=OuterRef("pk"))
    return (
        Inmate.objects.visible_to(user)
        .canonical()
        .in_prisons(prisons)
        .filter(pk__in=consents.values("inmate"))
        .exclude(pk__in=referred.values("inmate"))
        .order_by(Exists(papers).desc(), "name", "pk")
    )


def with_papers(people):
    """These people as a list, each with `papers`: what they are certified in today."""
    people = list(people)
    found = {}
    papers = Certificate.objects.valid().filter(inmate__in=people).select_related("course")
    for paper in papers.order_by("-issued_on", "-pk"):
        found.setdefault(paper.inmate_id, []).append(paper)
    for person in people:
        person.papers = found.get(person.pk, [])
    return people
