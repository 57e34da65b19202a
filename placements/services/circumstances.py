"""What follows from a change of circumstances: by the prison's policy, or by a post's decision.

A circumstance is written by whoever changes something (`inmates.services.circumstances`). Here it
is settled: whatever hangs on the person at that prison ends, pauses, stays, or waits for a post.
Locked are the people, their circumstances, then the legs (`placements.services.legs`).
"""

import logging
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models import Q
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence.services import notices
from inmates.models import Circumstance, Inmate, Restriction
from inmates.states import LEAVES, CircumstanceDecision, CircumstanceKind
from placements.models import CircumstancePolicy
from placements.services import circumstance_news as tell
from placements.services import legs, touched
from placements.states import Effect

logger = logging.getLogger(__name__)

BY_EFFECT = {
    Effect.END: CircumstanceDecision.ENDED,
    Effect.SUSPEND: CircumstanceDecision.SUSPENDED,
    Effect.IGNORE: CircumstanceDecision.KEPT,
}
DECIDED = (
    CircumstanceDecision.KEPT,
    CircumstanceDecision.SUSPENDED,
    CircumstanceDecision.ENDED,
)
CHUNK = 50  # people locked at once by the sweep


@act
def settle(*, circumstances, by=None):
    """Do at once what the prison's policy says of these changes; returns those it looked at.

    Closed are those that touch nothing, and those whose policy ends, suspends or ignores; the
    others wait for a post, which is told. Skipped are those settled before and those whose day
    has not come. `by` is whoever changed the circumstance, and need not be told.
    """
    return _settle(circumstances, by)


def settle_all(*, today=None):
    """Settle all that no policy has been asked about; what another worker holds is left to it.

    Returns how many were looked at. What fails is logged and does not stop the others.
    """
    rows = list(
        Circumstance.objects.unsettled(today).select_related("inmate").order_by("inmate_id", "pk")
    )
    done = 0
    for chunk in (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)):
        try:
            done += len(_settle_unclaimed(circumstances=chunk))
        except OperationalError:
            raise  # the database went away: the next sweep tries again
        except Exception:
            done += sum(map(_settle_alone, chunk))
    return done


@act
def decide(*, circumstance, decision, reason, by):
    """A post says what becomes of all that the change touches: kept, suspended or ended.

    For the end of a restriction, *kept* means back to class. Who has left the prison can only be
    ended. When nothing is touched any more, the change is closed as such.
    """
    require(by, "decide_circumstance", circumstance.facility_id)
    reason = reason.strip()
    circumstance, people = _locked(circumstance)
    if circumstance.decision:
        if (circumstance.handled_by, circumstance.reason) == (by, reason) and (
            circumstance.decision in (decision, CircumstanceDecision.NOTHING)
        ):
            return circumstance
        raise already(circumstance)
    hit = _left(circumstance, legs.locked(people, [circumstance.facility_id]))
    if decision not in decisions_for(circumstance.kind, hit):
        raise NotAllowed({"decision": ValidationError(_("Pilihan ini tidak tersedia di sini."))})
    if not reason:
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    if decision == CircumstanceDecision.KEPT and circumstance.kind == CircumstanceKind.LIFTED:
        _check_unrestricted(circumstance, hit, people)
    _do_all(circumstance, dict.fromkeys(hit, decision), by=by, reason=reason)
    _close(circumstance, decision if hit else CircumstanceDecision.NOTHING, by=by, reason=reason)
    return circumstance


@act
def undo(*, circumstance, reason, by):
    """Take a wrong decision back: it waits again, and whom it suspended is back in class.

    What was ended cannot return this way: the person is proposed anew.
    """
    require(by, "correct_state", circumstance.facility_id)
    reason = reason.strip()
    circumstance, people = _locked(circumstance)
    if not circumstance.decision:
        if circumstance.reason == reason:
            return circumstance
        raise NotAllowed(_("Perubahan ini belum diputuskan."))
    if not reason:
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    if not may_be_undone(circumstance):
        raise NotAllowed(
            _("Yang sudah dihentikan tidak bisa dikembalikan dari sini; usulkan orangnya lagi.")
        )
    changed = {
        line["row"]: line["was"] for line in circumstance.outcome if line["was"] != line["to"]
    }
    running = legs.locked(people, [circumstance.facility_id])
    for each in running:
        was = changed.get(str(each.row.public_id))
        if was is None:
            continue
        if each.is_paused:
            each.resume()
            tell.back(each)
        else:
            each.pause(reason=in_words(circumstance), kind=circumstance.kind)
            tell.paused(each)
    _reopen(circumstance, reason, {str(each.row.public_id) for each in running})
    return circumstance


def decisions_for(kind, hit):
    """What a post may choose for this kind of change and the legs that it touches."""
    if kind in LEAVES and not (hit and all(each.may_stay(kind) for each in hit)):
        return (CircumstanceDecision.ENDED,)
    if hit and not any(each.can_pause for each in hit):
        return (CircumstanceDecision.KEPT, CircumstanceDecision.ENDED)
    return DECIDED


def may_be_undone(circumstance):
    """Whether a decision can be taken back: nobody has lost a seat by it."""
    return circumstance.decision in (CircumstanceDecision.KEPT, CircumstanceDecision.SUSPENDED)


def touches(circumstance):
    """The legs that an open change touches now, to be shown (`placements.services.legs.Leg`)."""
    people = Inmate.objects.records_of(circumstance.inmate)
    return _left(circumstance, legs.read(people, [circumstance.facility_id]))


def in_words(circumstance):
    """The change as a reason that is stored: in the office's language, with its day."""
    with translation.override("id"):
        return _("%(what)s per %(day)s") % {
            "what": circumstance.get_kind_display(),
            "day": formats.date_format(circumstance.effective),
        }


def already(circumstance):
    return AlreadyDone(
        _("Sudah diputuskan (%(decision)s) oleh %(who)s pada %(when)s.")
        % {
            "decision": circumstance.get_decision_display().lower(),
            "who": circumstance.handled_by or _("sistem"),
            "when": formats.date_format(
                timezone.localtime(circumstance.handled_at), "DATETIME_FORMAT"
            ),
        }
    )


def _settle(circumstances, by, *, unclaimed_only=False):
    records = _locked_people([row.inmate_id for row in circumstances], unclaimed_only)
    rows = list(
        Circumstance.objects.unsettled()
        .filter(pk__in=[row.pk for row in circumstances], inmate__in=records)
        .select_related("inmate", "facility")
        .select_for_update(no_key=True, of=["self"])
        .order_by("pk")
    )
    if not rows:
        return []
    prisons = {row.facility_id for row in rows}
    policies = {prison: CircumstancePolicy.objects.of(prison) for prison in prisons}
    everybody = {pk for row in rows for pk in records[row.inmate_id]}
    by_person = defaultdict(list)
    for each in legs.locked(everybody, prisons):
        by_person[each.row.inmate_id, each.row.facility_id].append(each)
    for row in rows:
        of_person = [
            each for pk in sorted(records[row.inmate_id]) for each in by_person[pk, row.facility_id]
        ]
        _settle_one(row, policies[row.facility_id].get(row.kind, Effect.ASK), of_person, by)
    return rows


@act
def _settle_unclaimed(*, circumstances):
    return _settle(circumstances, None, unclaimed_only=True)


def _settle_alone(circumstance):
    try:
        return len(_settle_unclaimed(circumstances=[circumstance]))
    except OperationalError:
        raise
    except Exception:
        logger.exception("could not settle circumstance %s", circumstance.pk)
        return 0


def _settle_one(circumstance, effect, of_person, by):
    """What the policy says is done; of what it leaves open a post is told."""
    for each in of_person:
        each.follow(circumstance)
    hit = touched.by(circumstance, of_person)
    effects = {each: each.effect_of(circumstance.kind, effect) for each in hit}
    asked = [each for each in hit if effects[each] not in BY_EFFECT]
    settled = {each: _by_policy(circumstance, effects[each]) for each in hit if each not in asked}
    if not asked:
        decision = _strongest(settled.values()) or CircumstanceDecision.NOTHING
        _do_all(circumstance, settled)
        _close(circumstance, decision)
        if set(settled) and effect != Effect.IGNORE:
            tell.settled(circumstance, len(hit), by)
        return
    _do_all(circumstance, settled)
    circumstance.asked_at = timezone.now()
    circumstance.save(update_fields=["asked_at", "outcome"])
    tell.waiting(circumstance, by)


def _by_policy(circumstance, effect):
    """Whoever was kept from class still is, where the end of a restriction is ignored."""
    if circumstance.kind == CircumstanceKind.LIFTED and effect == Effect.IGNORE:
        return CircumstanceDecision.SUSPENDED
    return BY_EFFECT[effect]


def _strongest(decisions):
    found = set(decisions)
    return next((each for each in reversed(DECIDED) if each in found), None)


def _left(circumstance, of_person):
    """The legs that the change touches and about which nothing was done yet."""
    done = {line["row"] for line in circumstance.outcome}
    hit = touched.by(circumstance, of_person)
    return [each for each in hit if str(each.row.public_id) not in done]


def _do_all(circumstance, decisions, *, by=None, reason=""):
    """Do to every leg what was decided about it, and write down what became of each."""
    words = f"{in_words(circumstance)}: {reason}" if reason else in_words(circumstance)
    day = min(circumstance.effective, timezone.localdate())
    for each, decision in decisions.items():
        was = each.state
        _do(each, circumstance.kind, decision, reason=words[:250], day=day, by=by)
        line = {
            "what": each.what,
            "row": str(each.row.public_id),
            "batch": each.name,
            "code": each.code,
            "was": str(was),
            "to": str(each.state),
        }
        circumstance.outcome = [*circumstance.outcome, line]


def _close(circumstance, decision, *, by=None, reason=""):
    circumstance.decision, circumstance.reason = decision, reason
    circumstance.handled_at, circumstance.handled_by = timezone.now(), by
    circumstance.save(update_fields=["decision", "outcome", "reason", "handled_at", "handled_by"])
    notices.close_for(circumstance, "circumstance_waiting")


def _do(each, kind, decision, *, reason, day, by):
    was_paused = each.is_paused
    if decision == CircumstanceDecision.ENDED:
        each.end(reason=reason, day=day, by=by, kind=kind)
        tell.left(each)
    elif decision == CircumstanceDecision.SUSPENDED:
        each.pause(reason=reason, kind=kind)
        if each.is_paused and not was_paused:
            tell.paused(each)
    elif kind == CircumstanceKind.LIFTED and was_paused:
        each.resume()
        tell.back(each)


def _check_unrestricted(circumstance, hit, people):
    """Nobody returns while another restriction holds; the one that ends today is over for this."""
    others = (
        Restriction.objects.in_force()
        .keeping_out()
        .filter(inmate__in=people)
        .exclude(kind=circumstance.old, until__lte=timezone.localdate())
    )
    kinds = sorted({row.get_kind_display() for row in others}) if hit else []
    if kinds:
        raise NotAllowed(
            _("Belum bisa kembali: masih ada pembatasan lain (%(kinds)s).")
            % {"kinds": ", ".join(kinds)}
        )


def _reopen(circumstance, reason, running):
    """It waits again, for all that still runs; what ended stays told."""
    ended = [line for line in circumstance.outcome if line["row"] not in running]
    circumstance.decision, circumstance.outcome, circumstance.reason = "", ended, reason
    circumstance.handled_at, circumstance.handled_by = None, None
    circumstance.asked_at = timezone.now()
    circumstance.save(
        update_fields=["decision", "outcome", "reason", "handled_at", "handled_by", "asked_at"]
    )


def _locked(circumstance):
    """The circumstance, with its person locked first: (circumstance, ids of all their records)."""
    records = _locked_people([circumstance.inmate_id])
    circumstance = (
        Circumstance.objects.select_for_update(no_key=True, of=["self"])
        .select_related("inmate", "facility", "handled_by")
        .get(pk=circumstance.pk)
    )
    return circumstance, records[circumstance.inmate_id]


def _locked_people(ids, unclaimed_only=False):
    """`{id: ids of all records of that person}`, all locked, in the order of their keys.

    With `unclaimed_only`, without the people of whom somebody else holds a record.
    """
    roots = {
        pk: merged_into or pk
        for pk, merged_into in Inmate.objects.filter(pk__in=ids).values_list("pk", "merged_into")
    }
    records = defaultdict(set)
    of_them = Inmate.objects.filter(Q(pk__in=roots.values()) | Q(merged_into__in=roots.values()))
    for pk, merged_into in of_them.values_list("pk", "merged_into"):
        records[merged_into or pk].add(pk)
    free = set(
        Inmate.objects.filter(pk__in=set().union(*records.values()))
        .order_by("pk")
        .select_for_update(no_key=True, skip_locked=unclaimed_only)
        .values_list("pk", flat=True)
    )
    return {pk: records[root] for pk, root in roots.items() if records[root] <= free}
