"""Steps of tests about follow-ups."""

from django.urls import reverse

from inmates.models import Custody, Sentence
from inmates.states import ConsentPurpose, CustodyEnd
from placements.models import FollowUp
from placements.services import departures, follow_up_answers
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.placements import consent_of, follow_up_of
from tests.factories.training import confirmed_batch, enrolled
from training.states import BatchState, EnrolmentState


def trained_at(facility, agency, *, batch=None, **fields):
    """Somebody in custody who completed a training of a past batch."""
    batch = batch or confirmed_batch(
        facility, agency, state=BatchState.FINISHED, starts_on=today(-400), ends_on=today(-350)
    )
    inmate = inmate_at(facility, **fields)
    enrolled(batch, inmate, state=EnrolmentState.COMPLETED, entered_afterwards=True)
    return inmate


def freed(facility, agency, by, *, days_ago=40, **fields):
    """Somebody trained who was released so many days ago; their series is planned."""
    inmate = trained_at(facility, agency, **fields)
    departures.leave(
        inmate=inmate, facility=facility, how=CustodyEnd.RELEASED, on=today(-days_ago), by=by
    )
    return inmate


def agrees(inmate, facility, **given):
    """A consent to being asked afterwards."""
    return consent_of(inmate, facility, ConsentPurpose.FOLLOW_UP, **given)


def sentence_over(inmate, days_ago=1):
    Sentence.objects.filter(inmate=inmate).update(expires=today(-days_ago))


def series_of(inmate):
    """The follow-ups of somebody, in order of their due days."""
    return list(FollowUp.objects.filter(inmate=inmate).order_by("due_on", "pk"))


def states_of(inmate):
    return [(row.months, str(row.state)) for row in series_of(inmate)]


def free_follow_up(facility, **given):
    """A follow-up of somebody who left 40 days ago; due ten days ago."""
    inmate = given.pop("inmate", None) or inmate_at(facility, **given.pop("person", {}))
    Custody.objects.filter(inmate=inmate).update(until=today(-40), ended_how=CustodyEnd.RELEASED)
    values = {"counted_from": today(-40), "due_on": today(-10)}
    row = follow_up_of(inmate, facility, **(values | given))
    row.refresh_from_db()
    return row


def told(**changed):
    """What a call brought: works formally."""
    usual = {
        "outcome": "formal",
        "channel": "call",
        "done_on": today(),
        "employer": "PT Contoh Karya",
        "pay_band": "around",
        "is_same_job": True,
        "help_needed": "",
    }
    return usual | changed


def out_of_work(**changed):
    nothing = {"outcome": "no_work", "employer": "", "pay_band": "", "is_same_job": None}
    return told(**(nothing | changed))


def recorded(row, by, **changed):
    return follow_up_answers.record(follow_up=row, by=by, **told(**changed))


def again(row):
    """The follow-up as it is stored now."""
    return FollowUp.objects.select_related("inmate", "agency").get(pk=row.pk)


def given_to(agency, facility, **given):
    """A follow-up that the agency asks; the person agrees."""
    row = free_follow_up(facility, owner="agency", agency=agency, **given)
    agrees(row.inmate, facility)
    return row


# --- Pages ------------------------------------------------------------------------------------
LIST = "/follow-ups/"


def text(answer):
    return answer.content.decode()


def at(name, row):
    return reverse(f"placements:follow-up-{name}", args=[row.public_id])


def sent(**changed):
    """What the form of a record sends: works formally, in the same job."""
    words = told(**{"is_same_job": "yes", **changed})
    return {**words, "done_on": words["done_on"].isoformat()}
