"""What a person needs before work, and what of it is there: read from where it stands.

Identity card, diploma and photo are there when such a document was seen, the CV when its person
approved one; the rest is written down (`ReadinessItem`), which also holds days and what is not
needed. A list is open from `REFERRAL_BEGINS_MONTHS` before the expected release.
"""

import functools
import operator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from accounts.once import looked_up, worked_out_for_few
from accounts.prepared import OneOf
from inmates import rules
from inmates.models import Consent, Document, Inmate
from inmates.rules import release_in_sql
from inmates.states import ConsentPurpose, DocumentKind
from placements.employment import PlacementKind, Readiness, ReadinessStanding
from placements.models import (
    CurriculumVitae,
    JobSeekerCard,
    Placement,
    ReadinessItem,
    Referral,
)
from training.models import Certificate, Enrolment
from training.states import EnrolmentState

DOCUMENTS = {
    Readiness.IDENTITY: DocumentKind.IDENTITY,
    Readiness.DIPLOMA: DocumentKind.DIPLOMA,
    Readiness.PHOTO: DocumentKind.PHOTO,
}
KEYS = ArrayField(BigIntegerField())
KIND_OF_DOCUMENT = {str(paper): kind for kind, paper in DOCUMENTS.items()}


@dataclass(frozen=True)
class Item:
    """One thing on the list of a person, to be there by `due`: the usual day, or its own."""

    kind: Readiness
    standing: ReadinessStanding
    since: date | None = None
    due: date | None = None
    has_own_day: bool = False
    note: str = ""
    is_written: bool = False  # a CV that its person has not approved yet

    @property
    def label(self):
        return self.kind.label

    @property
    def is_missing(self):
        return self.standing == ReadinessStanding.MISSING

    @property
    def is_late(self):
        return self.is_missing and self.due is not None and self.due < timezone.localdate()

    @property
    def tone(self):
        """The colour of its badge: red only for a day of its own that has passed."""
        if self.is_missing:
            return "bad" if self.has_own_day and self.is_late else "wait"
        return "good" if self.standing == ReadinessStanding.THERE else "quiet"

    @property
    def is_document(self):
        return self.kind in DOCUMENTS

    @property
    def is_cv(self):
        return self.kind == Readiness.CV

    @property
    def version(self):
        """What stands there now, in one word: it tells whether somebody changed it meanwhile."""
        return f"{self.standing}:{self.since or self.due or ''}"

    def get_standing_display(self):
        return self.standing.label


def read(people):
    """These people (with `expected_release`) with all that `items_of` tells of each."""
    records = _records()
    documents = Document.objects.filter(inmate__in=records, kind__in=DOCUMENTS.values())
    items = ReadinessItem.objects.filter(inmate__in=records)
    cvs = CurriculumVitae.objects.filter(inmate__in=records)
    cards = JobSeekerCard.objects.open().filter(inmate__in=records)
    return people.annotate(
        papers_seen=ArraySubquery(
            documents.order_by("pk").values(fact=JSONObject(kind="kind", on="seen_on"))
        ),
        items_written=ArraySubquery(
            items.order_by("pk").values(
                fact=JSONObject(
                    kind="kind", on="done_on", due="due_on", waived="is_waived", note="note"
                )
            )
        ),
        cvs_written=ArraySubquery(cvs.order_by("pk").values(fact=JSONObject(on="approved_on"))),
        card_expires_on=Subquery(cards.order_by("-pk").values("expires_on")[:1]),
        card_public_id=Subquery(cards.order_by("-pk").values("public_id")[:1]),
        is_certified=Exists(_certificates(records)),
        is_trained=Exists(_completed(records)),
    )


def items_of(person):
    """The six `Item`s of somebody from `read`, in order."""
    papers = {KIND_OF_DOCUMENT[fact["kind"]]: _day(fact["on"]) for fact in person.papers_seen}
    facts = sorted(person.items_written, key=lambda fact: (bool(fact["on"]), fact["waived"]))
    written = {fact["kind"]: fact for fact in facts}
    approved = [_day(fact["on"]) for fact in person.cvs_written if fact["on"]]
    if approved:
        papers[Readiness.CV] = min(approved)
    usual = due_day(person.expected_release)
    return [
        _item(kind, papers, written.get(kind, {}), usual, bool(person.cvs_written))
        for kind in Readiness
    ]


def due_day(release):
    """The day by which all should be there: when referrals are sent; None without a release."""
    return release and rules.months_later(release, -settings.REFERRAL_SENT_MONTHS)


def opens_on(release):
    """The day from which the list of somebody is open; None without a release."""
    return release and rules.months_later(release, -settings.REFERRAL_BEGINS_MONTHS)


def is_open(person):
    """Whether somebody with `expected_release` leaves so soon that the list is open."""
    opened_on = opens_on(person.expected_release)
    return opened_on is not None and opened_on <= timezone.localdate()


def of(inmate):
    """The person with what `items_of` tells, as a row of its own; one query."""
    people = Inmate.objects.filter(pk=(inmate.merged_into or inmate).pk)
    return read(people.with_expected_release()).get()


def open_lists(today, *conditions):
    """People in custody whose list is open on a day, with `expected_release` and `due_on`.

    The estimate of the release is today's; `today` may be an expression (see deadline sources).
    Further `conditions` cost more than the days: they are asked of those alone whose list is open.
    """
    return _with_days().filter(_one_after_the_other(_is_open(today), conditions))


def lists_to_complete(today, *conditions):
    """Those of `open_lists` on which something is missing, with `missing`: how many things."""
    is_open = _is_open(today)
    asked = is_open & looked_up(Q(*conditions)) if conditions else is_open
    merged = Inmate.objects.filter(merged_into=OuterRef("pk")).order_by().values("pk")
    records = Func(F("pk"), ArraySubquery(merged), function="ARRAY_PREPEND", output_field=KEYS)
    people = worked_out_for_few(
        _with_days().filter(is_open), records=Case(When(asked, then=records), output_field=KEYS)
    )
    missing = Case(When(records__isnull=False, then=_missing()), output_field=IntegerField())
    return worked_out_for_few(people, missing=missing).filter(missing__gt=0)


def _with_days():
    people = Inmate.objects.canonical().filter(prison__isnull=False).by_expected_release()
    release = F("expected_release")
    return people.annotate(
        due_on=release_in_sql.months_later(release, -settings.REFERRAL_SENT_MONTHS),
        opened_on=release_in_sql.months_later(release, -settings.REFERRAL_BEGINS_MONTHS),
    )


def _is_open(today):
    return Q(expected_release__gte=today, opened_on__lte=today)


def _one_after_the_other(first, conditions):
    if not conditions:
        return first
    cases = When(first, then=looked_up(Q(*conditions)))
    return Q(Case(cases, default=False, output_field=BooleanField()))


def _missing():
    """How many things are not there and needed, for people with their `records`: of each table all
    that is there is read at once."""
    written = Q(done_on__isnull=False) & ~Q(kind__in=[*DOCUMENTS, Readiness.CV])
    items = ReadinessItem.objects.filter(Q(is_waived=True) | written)
    documents = Document.objects.filter(kind__in=DOCUMENTS.values())
    kinds = (When(kind=paper, then=Value(str(kind))) for kind, paper in DOCUMENTS.items())
    there = (
        (items, F("kind")),
        (documents, Case(*kinds)),
        (CurriculumVitae.objects.approved(), Value(str(Readiness.CV))),
    )
    arrays = [
        ArraySubquery(
            rows.filter(OneOf(F("inmate"), OuterRef("records")))
            .order_by()
            .values(there=Cast(kind, TextField()))
        )
        for rows, kind in there
    ]
    return Value(len(Readiness)) - Func(
        *arrays,
        template="(SELECT COUNT(DISTINCT kind)::int FROM UNNEST(%(expressions)s) AS there (kind))",
        arg_joiner=" || ",
        output_field=IntegerField(),
    )


def lacking(people, *kinds):
    """Those of these people for whom one of the kinds (all, if none is named) is missing."""
    return people.filter(is_lacking(*kinds))


def is_lacking(*kinds):
    """A condition on people: one of the kinds (all, if none is named) is missing."""
    return functools.reduce(operator.or_, (~is_there(kind) for kind in kinds or Readiness))


def complete(people):
    """Those of these people for whom nothing is missing."""
    for kind in Readiness:
        people = people.filter(is_there(kind))
    return people


def is_there(kind):
    """A condition on people: the thing is there, or not needed."""
    items = ReadinessItem.objects.filter(kind=kind)
    waived = _has(items.filter(is_waived=True))
    if kind in DOCUMENTS:
        return waived | _has(Document.objects.filter(kind=DOCUMENTS[kind]))
    if kind == Readiness.CV:
        return waived | _has(CurriculumVitae.objects.approved())
    return waived | _has(items.filter(done_on__isnull=False))


def certified():
    """A condition on people: they hold a certificate that is valid today."""
    return _has(Certificate.objects.valid().certified())


def trained():
    """A condition on people: they completed a training."""
    return _has(Enrolment.objects.filter(state=EnrolmentState.COMPLETED))


def referable(today):
    """A condition on people: trained, certified, or agreed to be referred on the day."""
    consents = Consent.objects.in_force(today, purpose=ConsentPurpose.REFERRAL)
    return certified() | trained() | _has(consents)


def to_refer(today):
    """Of `open_lists`: certified, agreed to be referred, neither referred nor at work."""
    consents = Consent.objects.in_force(today, purpose=ConsentPurpose.REFERRAL)
    work = Placement.objects.running().exclude(kind=PlacementKind.WORK_RELEASE)
    return open_lists(
        today, certified(), _has(consents), ~_has(Referral.objects.not_over()), ~_has(work)
    )


def with_card():
    """A condition on people: they have a job-seeker card that has not ended."""
    return _has(JobSeekerCard.objects.open())


def _has(rows):
    """A condition on people: one of the rows is of a record of theirs.

    Two look-ups rather than one among all records: each has its index.
    """
    merged = rows.filter(inmate__merged_into=OuterRef("pk"))
    return Q(Exists(rows.filter(inmate=OuterRef("pk")))) | Q(Exists(merged))


def _records():
    """Ids of all records of the person in the outer query."""
    person = OuterRef(OuterRef("pk"))
    return Inmate.objects.filter(Q(pk=person) | Q(merged_into=person)).order_by().values("pk")


def _certificates(records):
    return Certificate.objects.valid().certified().filter(inmate__in=records)


def _completed(records):
    return Enrolment.objects.filter(inmate__in=records, state=EnrolmentState.COMPLETED)


def _item(kind, papers, fact, usual, cv_is_written):
    since = papers.get(kind) or (None if kind in DOCUMENTS else _day(fact.get("on")))
    if since:
        standing = ReadinessStanding.THERE
    else:
        standing = ReadinessStanding.WAIVED if fact.get("waived") else ReadinessStanding.MISSING
    return Item(
        kind=kind,
        standing=standing,
        since=since,
        due=_day(fact.get("due")) or usual,
        has_own_day=bool(fact.get("due")),
        note=fact.get("note", ""),
        is_written=kind == Readiness.CV and cv_is_written and not since,
    )


def _day(text):
    return date.fromisoformat(text) if text else None
