"""A person's open deadlines as an iCalendar file (RFC 5545), for the calendar of their phone.

An entry keeps its UID for as long as its deadline lives, so a moved date moves the entry. Words
are those of the notices: titles, codes and links, no person's name.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Q
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from correspondence import deadlines, kinds, sources
from correspondence.models import Notice
from correspondence.states import NoticeState

BEHIND, AHEAD = timedelta(days=60), timedelta(days=730)
SUBJECTS = ("title", "agreement", "batch", "agency")  # what an entry is about, first found
REFRESH = "PT6H"

OWN = """
WITH {given},
source (object_id, due, facility_id, agency_id, owner_role, data, link) AS ({source}),
audience (key, key_id, word, user_id) AS MATERIALIZED (
    SELECT * FROM ({people}) AS people (key, key_id, word, user_id) WHERE user_id = %s
),
ruled AS ({ruled})
SELECT DISTINCT ON (ruled.object_id)
       ruled.object_id, ruled.object_type, ruled.due, ruled.data::text, ruled.link
  FROM {to_people}
 WHERE cardinality(ruled.offsets) > 0
   AND (audience.word = ANY (ruled.words)
        OR EXISTS (SELECT FROM correspondence_notice notice
                    WHERE notice.state = 'live' AND notice.recipient_id = audience.user_id
                      AND notice.kind = ruled.kind AND notice.object_type = ruled.object_type
                      AND notice.object_id = ruled.object_id AND notice.due = ruled.due))
   AND ruled.due BETWEEN %s AND %s
 ORDER BY ruled.object_id
"""


@dataclass(frozen=True)
class Deadline:
    """An open deadline of which the person is, or will be, told."""

    kind: str
    object_type: str
    object_id: int
    due: date
    data: dict
    link: str

    @property
    def uid(self):
        name = f"{settings.SITE_URL}/{self.kind}/{self.object_type}/{self.object_id}"
        return f"{uuid.uuid5(uuid.NAMESPACE_URL, name)}@lapasprog"

    @property
    def summary(self):
        about = next((self.data[name] for name in SUBJECTS if self.data.get(name)), "")
        label = str(kinds.get(self.kind).label)
        return f"{label}: {about}" if about else label


def deadlines_of(user, today):
    """The person's open deadlines from two months ago to two years ahead; one query a source."""
    people = deadlines.people(today)
    return [
        row for source in sources.all_sources() for row in _of_source(source, user, today, people)
    ]


def _of_source(source, user, today, asked_people):
    given, given_values = deadlines.given(today, source)
    opened, source_values = deadlines.opened(source, today)
    people, people_values = asked_people
    statement = OWN.format(
        given=given,
        source=opened,
        people=people,
        ruled=deadlines.RULED,
        to_people=deadlines.TO_PEOPLE.format(rows="ruled"),
    )
    values = [*given_values, *source_values, *people_values, user.pk]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, today - BEHIND, today + AHEAD])
        for object_id, object_type, due, data, link in cursor.fetchall():
            yield Deadline(source.kind, object_type, object_id, due, json.loads(data), link)


def calendar_of(feed, today):
    """`(bytes, last modified)` of the feed's calendar; the same as long as nothing changed."""
    user = feed.user
    changes = _changes(user)
    first = feed.created_at
    newest = first
    with translation.override(user.language):
        calendar = Calendar()
        calendar.add("prodid", "-//lapasprog//tenggat//ID")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("x-wr-calname", _("Tenggat lapasprog"))
        calendar.add("x-wr-timezone", settings.TIME_ZONE)
        calendar.add("x-published-ttl", REFRESH)
        for deadline in deadlines_of(user, today):
            key = (deadline.kind, deadline.object_type, deadline.object_id)
            moved, changed = changes.get(key, (0, first))
            changed = max(changed, first)
            newest = max(newest, changed)
            calendar.add_component(_entry(deadline, moved, changed))
    return calendar.to_ical(), newest


def _entry(deadline, moved, changed):
    url = settings.SITE_URL + deadline.link
    event = Event()
    event.add("uid", deadline.uid)
    event.add("dtstamp", _second(changed))
    event.add("last-modified", _second(changed))
    event.add("sequence", moved)
    event.add("dtstart", deadline.due)
    event.add("dtend", deadline.due + timedelta(days=1))
    event.add("summary", deadline.summary)
    sentence = kinds.words_of(deadline.kind, deadline.due, deadline.data)
    event.add("description", f"{sentence}\n{url}")
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    return event


def _changes(user):
    """`{(kind, type, id): (how often a told date was taken back, when last told)}`."""
    rows = (
        Notice.objects.visible_to(user)
        .order_by()
        .values_list("kind", "object_type", "object_id")
        .annotate(moved=Count("pk", filter=~Q(state=NoticeState.LIVE)), told=Max("created_at"))
    )
    return {tuple(row[:3]): row[3:] for row in rows}


def _second(moment: datetime):
    return moment.astimezone(UTC).replace(microsecond=0)
