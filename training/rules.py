"""Who may answer a round of slots, which dates and seats make sense, what a course asks."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import may
from inmates.states import DocumentKind
from partners.rules import covers, is_liaison_of
from training.eligibility.rules import SEVERITIES, SOFTENED
from training.states import BATCH_TRANSITIONS, BatchState, ProposalState, Side
from training.teaching import Verdict

POSTPONABLE = (BatchState.PLANNED, BatchState.NEGOTIATING, BatchState.CONFIRMED)
CANCELLABLE = {move.start for move in BATCH_TRANSITIONS if move.end == BatchState.CANCELLED}
STEP_BACK = {
    BatchState.RUNNING: BatchState.CONFIRMED,
    BatchState.FINISHED: BatchState.RUNNING,
}
EXTRA_SEATS_IN = (BatchState.CONFIRMED, BatchState.RUNNING)
AS_AGENCY, AS_PRISON, FOR_AGENCY = "agency", "prison", "for_agency"


def how_may_answer(user, proposal):
    """In whose name the user may answer an open round.

    `AS_AGENCY` (liaison, own side), `AS_PRISON` (staff), `FOR_AGENCY` (staff who write down an
    answer that came by letter or call) or None.
    """
    if proposal.side == Side.AGENCY:
        return AS_PRISON if may(user, "open_slots", proposal.facility_id) else None
    if speaks_for_agency(user, proposal):
        return AS_AGENCY
    if may(user, "record_for_agency", proposal.facility_id):
        return FOR_AGENCY
    return None


def speaks_for_agency(user, proposal):
    """Whether the user is a liaison of exactly the agency of this round."""
    return is_liaison_of(user, proposal.agency_id)


def is_on_side(user, proposal):
    """Whether the user speaks for the side that opened the round."""
    if proposal.side == Side.AGENCY:
        return speaks_for_agency(user, proposal)
    return may(user, "open_slots", proposal.facility_id)


def may_propose(user, batch):
    """Whether the user may open a round now: planned, or confirmed and to be changed."""
    return batch.state in (BatchState.PLANNED, BatchState.CONFIRMED) and may_ask(user, batch)


def may_ask(user, batch):
    """Whether opening rounds of this batch is the user's at all, whatever state it is in."""
    return speaks_for_agency(user, batch) or may(user, "open_slots", batch.facility_id)


def fixed_terms(batch):
    """Names of what cannot be changed by editing: dates and ground are agreed, rounds stand."""
    if batch.state != BatchState.PLANNED:
        return {"course", "agency", "agreement", "exception", "starts_on", "ends_on"}
    return {"course", "agency"} if batch.proposals.exists() or batch.seats_taken else set()


def few_participants(batch, today=None):
    """How many participants are missing for the minimum, shortly before a confirmed batch starts.

    None when enough, or too early to tell.
    """
    if batch.state != BatchState.CONFIRMED or not batch.minimum_seats:
        return None
    near = batch.starts_on - timedelta(days=settings.MINIMUM_SEATS_WARNING_DAYS)
    missing = batch.minimum_seats - batch.seats_taken
    return missing if missing > 0 and (today or timezone.localdate()) >= near else None


def may_start(user, batch):
    """Whether the training can be called begun: confirmed, its first day has come, one may plan."""
    return (
        batch.state == BatchState.CONFIRMED
        and batch.starts_on <= timezone.localdate()
        and may(user, "plan_batch", batch.facility_id)
    )


def may_object(user, proposal):
    """A liaison may object, once, to an answer that the prison wrote down for the agency."""
    return (
        proposal.is_recorded
        and proposal.objected_at is None
        and proposal.state != ProposalState.OPEN
        and speaks_for_agency(user, proposal)
    )


def may_record_results(user, batch):
    """Staff with that act at the prison, and the liaisons of exactly the batch's agency."""
    return may(user, "record_results", batch.facility_id) or is_liaison_of(user, batch.agency_id)


def may_certify(user, facility_id, agency_id):
    """Who writes down or revokes papers of an agency: its own liaisons, and the prison's head."""
    return may(user, "certify", facility_id) or is_liaison_of(user, agency_id)


def verdict_of(knowledge, skill):
    """The result of an evaluation: passed when both scores reach their marks."""
    passed = (
        knowledge >= settings.EVALUATION_PASS_KNOWLEDGE and skill >= settings.EVALUATION_PASS_SKILL
    )
    return Verdict.COMPETENT if passed else Verdict.NOT_YET


def problems_of_terms(*, seats, starts_on, ends_on, respond_by=None, today=None):
    """What is wrong with the terms of a round: a dict of field to sentence, empty when fine."""
    today = today or timezone.localdate()
    problems = {}
    if not 1 <= seats <= settings.SEATS_MAX:
        problems["seats"] = _("Jumlah kursi harus antara 1 dan %(most)s.") % {
            "most": settings.SEATS_MAX
        }
    if starts_on < today:
        problems["starts_on"] = _("Tanggal mulai sudah lewat.")
    if ends_on < starts_on:
        problems["ends_on"] = _("Tanggal selesai tidak boleh sebelum tanggal mulai.")
    if respond_by is not None:
        if respond_by < today:
            problems["respond_by"] = _("Batas jawaban sudah lewat.")
        elif respond_by > starts_on:
            problems["respond_by"] = _("Batas jawaban harus sebelum pelatihan dimulai.")
    return problems


def problem_of_cover(batch_agreement, exception, starts_on, ends_on):
    """A sentence when no agreement covers the span and no exception is named, else None."""
    if exception or (batch_agreement and covers(batch_agreement, starts_on, ends_on)):
        return None
    if batch_agreement is None:
        return _("Pilih perjanjian, atau sebutkan dasar lain.")
    return _("Perjanjian ini tidak berlaku pada seluruh masa pelatihan.")


def last_day_of_replacement(starts_on, ends_on, meetings, *, in_all=0, percent=None, today=None):
    """The last day on which a freed seat may go to a reserve; None when that is over.

    Not more than the configured share of the meetings may have passed (field notes 4.4).
    `meetings` are pairs of a day and whether the meeting was held, in order of time; without
    meetings each day of the training counts as one. `in_all` is how many there will be, when
    not all are planned yet.
    """
    percent = settings.REPLACEMENT_SHARE_PERCENT if percent is None else percent
    today = today or timezone.localdate()
    if not meetings:
        length = (ends_on - starts_on).days + 1
        meetings = [(starts_on + timedelta(days=number), False) for number in range(length)]
    may_pass = max(len(meetings), in_all) * percent // 100
    if sum(day < today or was_held for day, was_held in meetings) > may_pass:
        return None
    return meetings[may_pass][0] if may_pass < len(meetings) else ends_on


def requirements_of(course):
    """What a course asks of those who join, as pairs of a name and a sentence."""
    days = course.buffer_days
    days = settings.REMAINING_TERM_BUFFER_DAYS if days is None else days
    asked = [
        (_("Golongan registrasi"), _("Hanya narapidana (register B).")),
        (_("Usia"), _ages_in_words(course.minimum_age, course.maximum_age)),
        (
            _("1/3 masa pidana"),
            _("Sudah dijalani pada hari pertama.")
            if course.needs_one_third
            else _("Tidak diminta."),
        ),
        (
            _("Masih di lapas"),
            _("Sampai %(days)s hari sesudah pelatihan selesai.") % {"days": days},
        ),
    ]
    numbers = (
        ("latest_release_months", _("Perkiraan bebas"), RELEASE_WITHIN),
        ("minimum_remaining_months", _("Sisa pidana"), REMAINING),
        ("discipline_free_months", _("Register F"), DISCIPLINE_FREE),
        ("retrain_after_months", _("Pernah mengikuti program ini"), AGAIN_AFTER),
        ("fitness_within_months", _("Pemeriksaan klinik"), SEEN_WITHIN),
        ("resident_percent", _("Warga kota"), KEPT_FOR_CITY),
    )
    for name, label, sentence in numbers:
        if getattr(course, name):
            asked.append((label, sentence % {"n": getattr(course, name)}))
    if course.documents:
        papers = ", ".join(str(DocumentKind(kind).label) for kind in course.documents)
        asked.append((_("Dokumen"), papers))
    return asked


RELEASE_WITHIN = gettext_lazy("Paling lama %(n)s bulan sesudah pelatihan.")
REMAINING = gettext_lazy("Paling sedikit %(n)s bulan, dihitung dari hari pertama.")
DISCIPLINE_FREE = gettext_lazy("Bersih dalam %(n)s bulan terakhir.")
AGAIN_AFTER = gettext_lazy("Boleh lagi sesudah %(n)s bulan.")
SEEN_WITHIN = gettext_lazy("Laik kesehatan menurut klinik dalam %(n)s bulan terakhir.")
KEPT_FOR_CITY = gettext_lazy("%(n)s%% kursi disisihkan untuk warga kota.")


def _ages_in_words(youngest, oldest):
    if youngest is None and oldest is None:
        return _("Tidak dibatasi.")
    places = {"youngest": youngest, "oldest": oldest}
    if oldest is None:
        return _("Paling muda %(youngest)s tahun.") % places
    if youngest is None:
        return _("Paling tua %(oldest)s tahun.") % places
    return _("%(youngest)s sampai %(oldest)s tahun.") % places


def softened_in(course):
    """The rules that a course lets only warn or does not ask, as pairs of names."""
    severities = dict(SEVERITIES)
    return [
        (label, severities[course.severities[rule]])
        for rule, label in SOFTENED.items()
        if course.severities.get(rule) in severities
    ]
