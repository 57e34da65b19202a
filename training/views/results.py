"""What assessors found, on one page for all or one unit at a time; and who completed."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, reason_in, show
from training import rules, sections
from training.forms.result import CORRECT, FILL, MODES, OutcomesForm, ResultsForm
from training.models import Batch, Enrolment
from training.services import assessments, outcomes, results
from training.services.outcomes import SETTLED
from training.states import BatchState, EnrolmentState
from training.views.selection import need_names

BATCHES = Batch.objects.select_related("course", "agency", "facility")
MOST_CELLS = 400  # of one request: beyond that, one part at a time


def sheet(request, public_id):
    """Participants down, the evaluation and the units across. `?part=` shows one of them.

    `?mode=` opens empty cells, those found BK for a further attempt, or one's own fresh entries.
    """
    batch = find(BATCHES, request.user, public_id)
    if not request.user.is_liaison:
        need_names(request, batch.facility_id)
    may_record = rules.may_record_results(request.user, batch)
    if request.method == "POST" and not may_record:
        raise PermissionDenied
    asked = request.GET.get("mode")
    mode = asked if asked in MODES else FILL
    parts, lines = results.parts_of(batch), results.lines_of(batch, request.user)
    chosen = next((part for part in parts if _code(part) == request.GET.get("part")), None)
    if chosen is None and len(parts) * len(lines) > MOST_CELLS:
        chosen = parts[0]
    is_open = may_record and batch.state in assessments.OPEN
    form = ResultsForm(
        request.POST if request.method == "POST" else None,
        lines=lines,
        parts=[chosen] if chosen else parts,
        mode=mode if is_open else FILL,
        user=request.user,
    )
    if form.is_valid():
        written = _write(form, batch, mode, request.user)
        if written is not None:
            return done(request, written, request.get_full_path())
    access.record(request, access.VIEW, [line for line in form.lines if line.public_id])
    return show(
        request,
        "training/result_sheet.html",
        {
            "batch": batch,
            "parts": [(part, _code(part), _count(part, lines)) for part in parts],
            "chosen": chosen,
            "chosen_code": chosen and _code(chosen),
            "mode": mode,
            "modes": MODES.items(),
            "is_open": is_open,
            "is_correction": mode == CORRECT,
            "people": len(lines),
        },
        form=form,
    )


def outcome_list(request, public_id):
    """Who completed: what attendance and results speak for, and the decision for each."""
    batch = find(BATCHES, request.user, public_id)
    need_names(request, batch.facility_id)
    may_decide = may(request.user, "propose_candidates", batch.facility_id)
    if request.method == "POST" and not may_decide:
        raise PermissionDenied
    waiting = outcomes.suggestions(batch)
    settled = list(
        Enrolment.objects.visible_to(request.user)
        .filter(batch=batch, state__in=SETTLED)
        .select_related("inmate")
        .order_by("participant_code")
    )
    form = OutcomesForm(
        request.POST if request.method == "POST" else None,
        suggestions=waiting,
        labels={each.enrolment.pk: each.enrolment.inmate.name for each in waiting},
    )
    if form.is_valid():
        decided = perform(
            form, outcomes.complete, batch=batch, outcomes=form.outcomes(), by=request.user
        )
        if decided is not None:
            return done(request, _decided(len(decided)), "training:batch-outcomes", public_id)
    people = [each.enrolment.inmate for each in waiting] + [row.inmate for row in settled]
    access.record(request, access.VIEW, people)
    return show(
        request,
        "training/result_outcomes.html",
        {
            "batch": batch,
            "waiting": waiting,
            "enough": sum(each.is_enough for each in waiting),
            "settled": settled,
            "is_finished": batch.state == BatchState.FINISHED,
            "may_decide": may_decide and batch.state == BatchState.FINISHED,
            "may_undo": may(request.user, "correct_state", batch.facility_id),
        },
        form=form,
    )


@require_POST
def complete_suggested(request, public_id):
    batch = find(BATCHES, request.user, public_id)
    decided = outcomes.complete_suggested(batch=batch, by=request.user)
    return done(request, _decided(len(decided)), "training:batch-outcomes", public_id)


@require_POST
def undo_outcome(request, public_id):
    enrolment = find(Enrolment.objects.select_related("batch"), request.user, public_id)
    outcomes.undo(enrolment=enrolment, reason=reason_in(request), by=request.user)
    return done(
        request,
        _("Hasil akhir dibatalkan; putuskan lagi."),
        "training:batch-outcomes",
        enrolment.batch.public_id,
    )


@sections.register(order=sections.RESULTS)
def section(batch, user, rows):
    """Results, outcomes and papers of the batch, in figures; none before it runs."""
    if batch.state not in assessments.OPEN:
        return None
    states = [row.state for row in rows.enrolled]
    context = {
        **rows.figures,
        "participants": len(states) - states.count(EnrolmentState.DROPPED),
        "completed": states.count(EnrolmentState.COMPLETED),
        "not_completed": states.count(EnrolmentState.NOT_COMPLETED),
        "papers": len(rows.papers),
        "may_record": rules.may_record_results(user, batch),
        "may_certify": rules.may_certify(user, batch.facility_id, batch.agency_id),
        "sees_people": user.is_liaison or may(user, "see_people", batch.facility_id),
        "decides": not user.is_liaison and may(user, "see_people", batch.facility_id),
    }
    return "training/_batch_results.html", context


def _write(form, batch, mode, user):
    """What the form asks for, done; the sentence about it, or None if it was refused."""
    entries = form.entries()
    if mode == CORRECT:
        count = perform(
            form,
            assessments.correct,
            batch=batch,
            entries=entries,
            assessor=form.cleaned_data["assessor"],
            assessed_on=form.cleaned_data["assessed_on"],
            by=user,
        )
        told = ngettext("%(count)s hasil dibetulkan.", "%(count)s hasil dibetulkan.", count or 0)
        return None if count is None else told % {"count": count}
    rows = perform(
        form,
        assessments.record,
        batch=batch,
        entries=entries,
        assessor=form.cleaned_data["assessor"],
        assessed_on=form.cleaned_data["assessed_on"],
        by=user,
    )
    if rows is None:
        return None
    told = ngettext("%(count)s hasil dicatat.", "%(count)s hasil dicatat.", len(rows))
    return told % {"count": len(rows)}


def _code(part):
    """How a part is called in an address."""
    return part.unit.code if part.unit else part.key


def _count(part, lines):
    return sum(part.key in line.results.by_part for line in lines)


def _decided(count):
    return ngettext("%(count)s hasil akhir dicatat.", "%(count)s hasil akhir dicatat.", count) % {
        "count": count
    }
