"""Who took part in a batch of the past: people found by their numbers, each judged by name."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from inmates.models import Custody, Inmate
from partners.sheet.columns import bare
from training.models import Enrolment
from training.states import BLOCKS_OTHERS, BatchState, EnrolmentState

ALLOWED = {
    BatchState.RUNNING: (
        EnrolmentState.ENROLLED,
        EnrolmentState.SUSPENDED,
        EnrolmentState.DROPPED,
    ),
    BatchState.FINISHED: tuple(EnrolmentState),
    BatchState.CLOSED: (
        EnrolmentState.COMPLETED,
        EnrolmentState.NOT_COMPLETED,
        EnrolmentState.DROPPED,
    ),
}
USUAL = {
    BatchState.RUNNING: EnrolmentState.ENROLLED,
    BatchState.FINISHED: EnrolmentState.COMPLETED,
    BatchState.CLOSED: EnrolmentState.COMPLETED,
}


@dataclass(frozen=True, kw_only=True)
class Took:
    """A participant of the past: the person and what became of them (empty: as is usual)."""

    inmate: Inmate
    outcome: str = ""
    left_on: date | None = None
    cause: str = ""
    reason: str = ""

    def state_in(self, batch_state):
        return self.outcome or USUAL[batch_state]


def found(facility, numbers):
    """`{number as written: person or a sentence}` for register numbers and SDP person keys.

    Only people who are or were at the prison are known here; a merged record counts as the
    person it was merged into.
    """
    wanted = {number: bare(number) for number in numbers}
    stays = Custody.objects.filter(facility=facility).select_related("inmate__merged_into")
    by_number, by_key = defaultdict(set), defaultdict(set)
    for stay in stays.filter(register_bare__in=set(wanted.values()) - {""}):
        by_number[stay.register_bare].add(_root(stay.inmate))
    for stay in stays.filter(inmate__person_key__in=[number.strip() for number in wanted]):
        by_key[stay.inmate.person_key].add(_root(stay.inmate))
    answer = {}
    for number, stripped in wanted.items():
        people = by_key.get(number.strip()) or by_number.get(stripped) or set()
        answer[number] = next(iter(people)) if len(people) == 1 else _nobody(number, people)
    return answer


def problems(*, facility, people, starts_on, ends_on, state):
    """`{place in people: sentence}` of those who cannot have taken part as stated."""
    told = {}
    roots = [took.inmate.pk for took in people]
    stays = _stays(facility, roots)
    busy = _busy(people, state, starts_on, ends_on)
    seen = {}
    for place, took in enumerate(people):
        person = took.inmate
        if person.pk in seen:
            told[place] = _("Orang ini sudah tercantum di baris %(row)s.") % {
                "row": seen[person.pk] + 1
            }
            continue
        seen[person.pk] = place
        told[place] = (
            _problem_of_outcome(took, state, ends_on)
            or _problem_of_stay(took, stays[person.pk], state, starts_on, ends_on)
            or busy.get(person.pk, "")
        )
    return {place: sentence for place, sentence in told.items() if sentence}


def _problem_of_outcome(took, state, ends_on):
    outcome = took.state_in(state)
    if outcome not in ALLOWED[state]:
        return _("Pada angkatan yang %(state)s, peserta tidak bisa “%(outcome)s”.") % {
            "state": BatchState(state).label.lower(),
            "outcome": EnrolmentState(outcome).label,
        }
    if outcome == EnrolmentState.DROPPED:
        if took.left_on is None or not (took.reason or took.cause):
            return _("Sebutkan tanggal dan sebab keluarnya.")
        if took.left_on > ends_on:
            return _("Tanggal keluar sesudah pelatihan selesai.")
    elif took.left_on:
        return _("Tanggal keluar hanya untuk yang berhenti.")
    return ""


def _problem_of_stay(took, stays, state, starts_on, ends_on):
    during = any(
        stay.starts <= ends_on and (stay.until is None or stay.until >= starts_on) for stay in stays
    )
    if not during:
        return _("Tidak tercatat di lapas ini pada masa pelatihan.")
    if took.state_in(state) in BLOCKS_OTHERS and all(stay.until for stay in stays):
        return _("Tidak lagi di lapas ini; tulis hasilnya.")
    return ""


def _stays(facility, people):
    found_stays = defaultdict(list)
    rows = Custody.objects.filter(
        facility=facility, inmate__in=Inmate.objects.records_of_all(people)
    )
    for stay in rows.select_related("inmate"):
        found_stays[stay.inmate.merged_into_id or stay.inmate_id].append(stay)
    return found_stays


def _busy(people, state, starts_on, ends_on):
    """Sentences about those who take part in another batch on some of these days."""
    active = [took.inmate.pk for took in people if took.state_in(state) in BLOCKS_OTHERS]
    clashes = (
        Enrolment.objects.blocking()
        .filter(inmate__in=Inmate.objects.records_of_all(active))
        .filter(period__overlap=DateRange(starts_on, ends_on, "[]"))
        .select_related("batch__course", "inmate")
    )
    return {
        clash.inmate.merged_into_id or clash.inmate_id: _("Ikut %(batch)s pada waktu yang sama.")
        % {"batch": f"{clash.batch.course} – {clash.batch}"}
        for clash in clashes
    }


def _root(person):
    return person.merged_into or person


def _nobody(number, people):
    if people:
        return _("“%(number)s” dipakai beberapa orang; tulis Nomor Induk-nya.") % {
            "number": number[:40]
        }
    return _("“%(number)s” tidak dikenal di lapas ini.") % {"number": number[:40]}
