"""What one user did in a time: from every history, a line for each request; and how they signed in.

One statement reads all histories, whatever their number; a further one per kind of thing on the
page asks which of them the reader may see, because only those are named.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.apps import apps
from django.db import connection
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from pghistory.models import Event

from accounts import privacy
from accounts.models import Posting, SignIn, User
from inmates.models import Inmate

SIGN_INS_MOST = 50
FILE_MOST = 10_000  # requests that a file tells
WORDS = {"insert": _("dicatat"), "update": _("diubah"), "delete": _("dihapus")}

ONE = """
SELECT '{label}' AS kind, pgh_obj_id, pgh_created_at, pgh_label, pgh_context, pgh_context_id
  FROM {table} WHERE pgh_created_at >= %(since)s AND pgh_created_at < %(until)s
   AND pgh_context ->> 'user' = %(user)s"""
ACTS = """
WITH event AS ({histories}), counted AS (
  SELECT coalesce(pgh_context ->> 'request', pgh_context_id::text) AS request, kind, pgh_label,
         count(*) AS number, min(pgh_obj_id) AS pk, min(pgh_created_at) AS at,
         max(pgh_context ->> 'url') AS url, max(pgh_context ->> 'reason') AS reason
    FROM event GROUP BY 1, 2, 3)
SELECT min(at) AS at, coalesce(max(url), ''), coalesce(max(reason), ''), count(*) OVER (),
       json_agg(json_build_array(kind, pgh_label, number, pk) ORDER BY kind, pgh_label)
  FROM counted GROUP BY request ORDER BY at DESC, request OFFSET %(offset)s LIMIT %(limit)s"""


@dataclass
class Changed:
    """So many rows of one kind of thing; `thing` is one of them, if the reader may see it."""

    model: type
    how: str
    number: int
    pk: int
    thing: object = None
    person: str = ""  # whom the thing is about

    @property
    def words(self):
        what = capfirst(str(self.model._meta.verbose_name))
        how = WORDS.get(self.how, self.how)
        return f"{what} {how}" if self.number == 1 else f"{self.number} x {what} {how}"

    @property
    def url(self):
        address = getattr(self.thing, "get_absolute_url", None)
        return address() if address else ""


@dataclass
class Act:
    at: datetime
    path: str
    reason: str
    changed: list = field(default_factory=list)

    @property
    def is_seen(self):
        """Whether the reader may see what it was about: else the reason is none of theirs."""
        scoped = [each.thing for each in self.changed if _is_scoped(each.model)]
        return bool(scoped) and all(scoped)


@dataclass(frozen=True)
class Page:
    acts: list
    total: int
    people: list


def users_of(prisons):
    """Accounts of those who hold or held a post at the prisons, or stand for a partner of them.

    None is every account.
    """
    if prisons is None:
        return User.objects.all()
    held = User.objects.filter(postings__facility__in=prisons)
    outside = User.objects.filter(liaisons__agency__partnerships__facility__in=prisons)
    return User.objects.filter(Q(pk__in=held.values("pk")) | Q(pk__in=outside.values("pk")))


def posts_of(user, prisons):
    """Postings of the account at the prisons (None is all), past ones too."""
    rows = Posting.objects.filter(user=user).select_related("facility").order_by("starts", "pk")
    return list(rows if prisons is None else rows.filter(facility__in=prisons))


def sign_ins(user, since, until):
    """The latest `SignIn`s of the account in the time, and how many there are."""
    rows = SignIn.objects.filter(user_email=user.email, at__gte=since, at__lt=until)
    return list(rows[:SIGN_INS_MOST]), rows.count()


def acts_of(user, since, until, *, reader, offset=0, limit=None):
    """The `Page` of what the user changed, the newest first; `people` are those it names."""
    values = {"since": since, "until": until, "user": str(user.pk)}
    with connection.cursor() as cursor:
        cursor.execute(_statement(), values | {"offset": offset, "limit": limit})
        rows = cursor.fetchall()
    acts = [
        Act(at, path, reason, [Changed(apps.get_model(kind), *rest) for kind, *rest in things])
        for at, path, reason, _total, things in rows
    ]
    people = _name([each for act in acts for each in act.changed], reader)
    return Page(acts, rows[0][3] if rows else 0, people)


@cache
def _statement():
    histories = [
        ONE.format(label=model.pgh_tracked_model._meta.label, table=model._meta.db_table)
        for model in apps.get_models()
        if issubclass(model, Event) and hasattr(model, "pgh_tracked_model")
    ]
    return ACTS.format(histories=" UNION ALL ".join(histories))


def _name(changed, reader):
    """Give each its thing; returns the people whom these are about."""
    by_model, people = {}, {}
    for each in changed:
        by_model.setdefault(each.model, []).append(each)
    for model, rows in by_model.items():
        if not _is_scoped(model):
            continue
        seen = model._default_manager.visible_to(reader).filter(pk__in={each.pk for each in rows})
        things = {thing.pk: thing for thing in seen}
        for each in rows:
            each.thing = things.get(each.pk)
        people |= _people_of(model, things)
        names = _names_of(model, things)
        for each in rows:
            each.person = names.get(each.pk, "")
    return list(people.values())


def _is_scoped(model):
    return hasattr(model._default_manager.all(), "visible_to")


def _people_of(model, things):
    paths = ("pk",) if model is Inmate else ABOUT_PEOPLE.get(model, ())
    found = {}
    for path in paths:
        ids = model._base_manager.filter(pk__in=things).values(path)
        found |= {person.pk: person for person in Inmate.objects.filter(pk__in=ids)}
    return found


def _names_of(model, things):
    """`{id of a thing: name of the person whom it is about}`."""
    rows, paths = model._base_manager.filter(pk__in=things), ABOUT_PEOPLE.get(model, ())[:1]
    return {pk: name for path in paths for pk, name in rows.values_list("pk", f"{path}__name")}


ABOUT_PEOPLE = privacy.hanging_on(Inmate)
