"""What stands in the way of terms: sense, cover, seats taken, participants who cannot stay.

Staff learn names, a liaison only how many. The batch is locked by whoever asks.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from accounts.refusals import NotAllowed
from training import eligibility, rules
from training.models import Batch, Enrolment
from training.services.eligible import facts_for, terms_of


def check_terms(batch, *, seats, starts_on, ends_on, respond_by):
    """Raise `NotAllowed` with field errors for terms that make no sense or have no ground."""
    problems = rules.problems_of_terms(
        seats=seats, starts_on=starts_on, ends_on=ends_on, respond_by=respond_by
    )
    cover = rules.problem_of_cover(batch.agreement, batch.exception, starts_on, ends_on)
    if cover:
        problems.setdefault("starts_on", cover)
    if problems:
        raise NotAllowed({field: ValidationError(text) for field, text in problems.items()})


def check_seats_kept(batch, seats, by):
    """Raise `NotAllowed` when so many seats in all are fewer than those taken."""
    lost = batch.seats_taken - seats
    if lost <= 0:
        return
    if by.is_liaison:
        raise NotAllowed(_("%(count)s peserta akan kehilangan kursi.") % {"count": lost})
    asked = batch.seat_offers.holding().select_related("candidate__inmate")
    people = [offer.candidate.inmate for offer in asked.order_by("-candidate__rank")[:lost]]
    last = batch.enrolments.blocking().select_related("inmate").order_by("-candidate__rank")
    people += [enrolment.inmate for enrolment in last[: lost - len(people)]]
    raise NotAllowed(
        _("Kursi di bawah jumlah peserta; yang akan kehilangan kursi: %(names)s.")
        % {"names": ", ".join(map(str, people))},
        people=people,
    )


def check_no_clash(batch, starts_on, ends_on, by):
    """Raise `NotAllowed` when participants take part elsewhere on one of these days."""
    others = (
        Enrolment.objects.blocking()
        .filter(
            inmate_id__in=batch.enrolments.blocking().values("inmate_id"),
            period__overlap=DateRange(starts_on, ends_on, "[]"),
        )
        .exclude(batch=batch)
        .select_related("inmate", "batch")
    )
    clashes = list(others)
    if not clashes:
        return
    if by.is_liaison:
        raise NotAllowed(_("%(count)s peserta bentrok jadwal.") % {"count": len(clashes)})
    raise NotAllowed(
        _("Bentrok jadwal: %(names)s.")
        % {"names": ", ".join(f"{clash.inmate} ({clash.batch})" for clash in clashes)},
        people=[clash.inmate for clash in clashes],
    )


def check_still_here(batch, starts_on, ends_on, by):
    """Raise `NotAllowed` when new dates last longer than participants are in the prison.

    Whose term was too short for the stored dates already was let in, or kept, although it was.
    """
    stored = Batch.objects.select_related("course__trade", "facility").get(pk=batch.pk)
    if (stored.starts_on, stored.ends_on) == (starts_on, ends_on):
        return
    participants = list(stored.enrolments.blocking().select_related("inmate"))
    known = _leaving(stored, participants, ("remaining_term",))
    stored.starts_on, stored.ends_on = starts_on, ends_on
    leaving = _leaving(stored, participants, ("custody", "remaining_term"))
    leaving = {person: text for person, text in leaving.items() if person not in known}
    if not leaving:
        return
    if by.is_liaison:
        raise NotAllowed(
            _("%(count)s peserta tidak berada di lapas sampai tanggal selesai itu.")
            % {"count": len(leaving)}
        )
    raise NotAllowed(
        [f"{person}: {text}" for person, text in leaving.items()], people=list(leaving)
    )


def _leaving(batch, participants, asked):
    """`{person: sentence}` of those who fail one of these rules on the batch's dates."""
    people = [row.inmate for row in participants]
    terms = terms_of(batch)
    facts = facts_for(batch, people, terms)
    found = {}
    for person in people:
        failures = eligibility.failures(eligibility.check(facts[person.pk], terms))
        texts = [result.text for result in failures if result.rule in asked]
        if texts:
            found[person] = texts[0]
    return found
