"""Everything that one person's page shows, read in a constant number of queries.

Who holds the person now sees all that moves with them, also from other prisons; a prison that
held them before sees what it did itself.
"""

from functools import cached_property
from operator import attrgetter

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import timeline_of
from accounts.permissions import may
from inmates import regions, rules
from inmates.models import Sentence
from inmates.states import ConsentPurpose, CustodyEnd, TransferState
from placements import checklist, followed, timeline
from placements.person import picture, read
from placements.person.legs import Leg, Planned, buffer_of
from training.models import Enrolment
from training.states import CANDIDATE_OPEN


class Person:
    """One person as the reader may see them today. Nothing is read before it is shown."""

    def __init__(self, inmate, reader):
        self.inmate, self.reader = inmate, reader
        self.today = timezone.localdate()
        self.prisons = {pk for pk in reader.facility_ids if may(reader, "see_people", pk)}
        self.key = inmate.merged_into_id or inmate.pk

    # --- What is read, when something of it is shown ----------------------------------------
    @cached_property
    def _stays(self):
        return read.stays(self.key)

    @property
    def _records(self):
        return self._stays.records

    @cached_property
    def _register(self):
        return read.register(self.key, self._records, *self._sight)

    @cached_property
    def _path(self):
        prison = self.current and self.current.facility_id
        return read.path(self.reader, self._records, *self._sight, prison, self.today)

    # --- Where they are ------------------------------------------------------------------
    @property
    def _custodies(self):
        return self._stays.custodies

    @cached_property
    def current(self):
        """The open custody at a prison of the reader, None for who is not (any more) there."""
        here = (c for c in self._custodies if not c.until and c.facility_id in self.prisons)
        return next(here, None)

    @cached_property
    def stays(self):
        rows = self._custodies
        if not self.current:
            rows = [custody for custody in rows if custody.facility_id in self.prisons]
        return sorted(rows, key=attrgetter("starts", "pk"), reverse=True)

    @property
    def facility(self):
        return self.current and self.current.facility

    @cached_property
    def transfers(self):
        rows = self._register.transfers
        for row in rows:
            row.is_own = bool({row.origin_id, row.destination_id} & self.prisons)
            is_told = row.state == TransferState.ACCEPTED or row.origin_id in self.prisons
            row.origin_seen = row.origin.name if is_told else _("lapas lain")
        return rows

    # --- Who they are --------------------------------------------------------------------
    @property
    def domicile(self):
        code = self.inmate.domicile_code
        return f"{regions.name_of(code)} ({code})" if code else ""

    @cached_property
    def is_resident(self):
        """Whether they are from the city of the prison: by the KTP, else by the register."""
        person, place = self.inmate, self.facility
        return place and regions.is_of(
            place.residence_code, place.city, domicile_code=person.domicile_code, said=person.city
        )

    @property
    def sentence(self):
        return getattr(self.inmate, "sentence", None) if self.current else None

    @cached_property
    def sentence_dates(self):
        """Each date with the day that the app computes, where that is far from SDP's."""
        computed = {each.which: each for each in rules.differences(self.sentence)}
        return [
            (
                Sentence._meta.get_field(name).verbose_name,
                getattr(self.sentence, name),
                computed.get(name),
            )
            for name in ("detained_since", *picture.SERVED, "expires", "released_on")
        ]

    @cached_property
    def release(self):
        return rules.release_of(self.sentence, self.current, self.today)

    @property
    def release_source(self):
        return self.release and self.release.source(self.sentence.as_of)

    # --- What keeps them out, and what changed --------------------------------------------
    @property
    def restrictions(self):
        return self._register.restrictions

    @property
    def restrictions_listed(self):
        """All that the reader may see, also those over and those that were wrong."""
        return self._path.restrictions

    @property
    def circumstances(self):
        return self._register.circumstances

    # --- Training ------------------------------------------------------------------------
    @property
    def _sight(self):
        """Which rows of the person the reader sees: all who holds them, else those of their own
        prisons."""
        return bool(self.current), self.prisons

    @property
    def waiting(self):
        return self._register.waiting

    @cached_property
    def training(self):
        """Candidatures and enrolments, newest first."""
        found = {}
        for row in self._path.verdicts:
            found.setdefault(row.enrolment_id, []).append(row)
        legs = [
            Leg(
                row,
                row.batch.starts_on,
                row.dropped_on or row.batch.ends_on,
                row.facility_id in self.prisons,
                decree=row.decree.letter.number if row.decree.letter else "",
                assessments=tuple(found.get(row.pk, ())),
            )
            for row in self._path.enrolments
        ] + [
            Leg(row, row.batch.starts_on, row.batch.ends_on, row.facility_id in self.prisons)
            for row in self._path.candidates
        ]
        return sorted(legs, key=lambda leg: (leg.starts, leg.row.created_at), reverse=True)

    @property
    def certificates(self):
        """Papers that stand, newest first; merged records and, in custody, other prisons count."""
        return self._path.certificates

    @cached_property
    def planned(self):
        """Batches of this prison that have not begun and that they are not on the way into."""
        if not self.current:
            return []
        inside = {
            leg.batch.pk
            for leg in self.training
            if isinstance(leg.row, Enrolment) or leg.row.state in CANDIDATE_OPEN
        }
        release = self.release and self.release.day
        return [
            Planned(
                batch,
                timeline.fit(batch.ends_on, release, buffer_of(batch.course)),
                next((row for row in self.restrictions if row.keeps_out_of(batch)), None),
            )
            for batch in self._path.planned
            if batch.pk not in inside
        ]

    # --- Work ------------------------------------------------------------------------------
    @property
    def referrals(self):
        """To employers through Disnaker, newest first."""
        return self._path.referrals

    @property
    def work(self):
        """What the person works or worked, newest first."""
        return self._path.work

    @property
    def work_prison(self):
        """The id of the prison that writes their work down: it holds them, or released them."""
        if self.current:
            return self.current.facility_id
        stays = [stay for stay in self._custodies if stay.ended_how != CustodyEnd.DUPLICATE]
        last = max(stays, key=lambda stay: (not stay.until, stay.until, stay.pk), default=None)
        is_free = last and last.ended_how == CustodyEnd.RELEASED
        return last.facility_id if is_free else None

    @cached_property
    def follow_ups(self):
        """What the reader's own prisons asked and are to ask of them, in order of the days."""
        return followed.here(self._path.follow_ups, self.reader)

    @property
    def asked(self):
        """Follow-ups that hold: answered, to be answered, or called off by what became of them."""
        return [each for each in self.follow_ups if not each.is_off]

    @property
    def not_asked(self):
        """Follow-ups that were replaced or belong to nothing any more."""
        return [each for each in self.follow_ups if each.is_off]

    @property
    def may_be_followed(self):
        """Whether there is anybody to ask: released from a prison of the reader's, not back."""
        return not self.current and self.work_prison in self.prisons

    @cached_property
    def agrees_to_be_asked(self):
        return any(
            each.purpose == ConsentPurpose.FOLLOW_UP and each.is_in_force for each in self.consents
        )

    @cached_property
    def readiness(self):
        """What they need before work, as `checklist.Item`s; nothing of who is not here now."""
        return [item for row in self._register.checklists for item in checklist.items_of(row)]

    @cached_property
    def cards(self):
        """Job-seeker cards, the open one first."""
        return sorted(self._register.cards, key=lambda card: card.ended_on is not None)

    @property
    def cvs(self):
        """Their CV, one text a language."""
        return self._register.cvs

    # --- Skills, consents, papers ----------------------------------------------------------
    @cached_property
    def skills(self):
        """The profile of the record that is used now, else that of a merged one."""
        profiles = self._register.profiles
        return min(profiles, key=lambda each: each.inmate_id != self.inmate.pk, default=None)

    @property
    def assessments(self):
        return self._register.assessments

    @property
    def consents(self):
        """Also for a prison of the past: a person may take back there what was given there."""
        return self._register.consents

    @property
    def limit(self):
        """Since when their data are kept only, as they asked; None if they may be used."""
        return next(reversed(self._stays.limits), None)

    @property
    def may_limit(self):
        return self.work_prison is not None and may(self.reader, "limit_data", self.work_prison)

    @property
    def documents(self):
        return self._register.documents

    # --- The picture -----------------------------------------------------------------------
    @cached_property
    def picture(self):
        return timeline.draw(self.spans, self.marks, today=self.today)

    @cached_property
    def marks(self):
        return picture.marks_of(self)

    @cached_property
    def spans(self):
        return picture.spans_of(self)

    # --- What was changed ------------------------------------------------------------------
    @cached_property
    def history(self):
        """What was written about the person here, newest first."""
        if not self.current:
            return []
        found = []
        for model, events in read.history(self._records):
            entries = timeline_of(model, events, self.reader)
            for entry in entries:
                entry.about = str(model._meta.verbose_name)
            found += entries
        return sorted(found, key=attrgetter("at"), reverse=True)
