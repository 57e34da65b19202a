"""What became of those who left: asked by the prison, by Disnaker, by a probation officer's form.

Those whom `work_placed` gave work are followed since its first day; here the others, some for
most of a year.
"""

from datetime import timedelta

import pghistory
from django.core.files.base import ContentFile

from inmates.services import consents
from inmates.states import ConsentPurpose
from placements.employment import ContactChannel, FollowUpOutcome, FollowUpOwner, PayBand
from placements.models import FollowUp
from placements.services import (
    follow_up_answers,
    follow_up_links,
    follow_up_owners,
    follow_ups,
)
from reports.demo.acting import day, did
from reports.demo.scans import scan

PHONE = "0812-0000-{:04d}"
STEEL = "PT Baja Cilegon"
BY_PHONE = {"channel": ContactChannel.CALL}
BY_FAMILY = {"channel": ContactChannel.FAMILY}


def create(office, people, disnaker, liaison):
    """`people` of the first prison, those released last first; `disnaker` and its liaison."""
    officer = office["officer"]
    for person in people:
        did(follow_ups.start, by=officer, inmate=person)
    agreeing = people[::2]
    paper = scan("SURAT PERSETUJUAN PEMANTAUAN", "contoh").read()
    for number, person in enumerate(agreeing, 1):
        _agree(office, person, paper)
        _reach(officer, person, PHONE.format(number))
    lately, long_ago = people[:4], people[4:]
    _try_in_vain(officer, lately)
    _hand_over(officer, liaison, disnaker, agreeing)
    _ask_probation(officer, lately[-1])
    _tell(officer, long_ago)


def _agree(office, person, paper):
    did(
        consents.give,
        by=office["officer"],
        inmate=person,
        facility=office.prison.facility,
        purpose=ConsentPurpose.FOLLOW_UP,
        signed_on=person.custodies.latest("until").until,
        scan=ContentFile(paper, name="persetujuan.pdf"),
    )


def _reach(officer, person, contact):
    first = _planned(person).first()
    if first:
        did(
            follow_up_owners.assign,
            by=officer,
            follow_up=first,
            owner=FollowUpOwner.PRISON,
            contact=contact,
        )


def _planned(person):
    return FollowUp.objects.planned().filter(inmate=person).order_by("months")


def _record(by, row, outcome, *, after=3, **told):
    """What was learned so many days after it was due, not later than today."""
    told = {"channel": ContactChannel.PROBATION, **told}
    return did(
        follow_up_answers.record,
        by=by,
        follow_up=row,
        outcome=outcome,
        done_on=min(row.due_on + timedelta(days=after), day()),
        **told,
    )


def _try_in_vain(officer, people):
    """Called twice without an answer; it stays due."""
    due = FollowUp.objects.due().with_consent().filter(inmate__in=people).first()
    if due:
        for back in (4, 1):
            tried = max(day(-back), due.counted_from)
            did(
                follow_up_answers.record,
                by=officer,
                follow_up=due,
                outcome=FollowUpOutcome.NOT_REACHED,
                done_on=tried,
                **BY_PHONE,
            )


def _hand_over(officer, liaison, disnaker, people):
    """Two people are asked by Disnaker, which knows something of one of them already."""
    for person in people[-2:]:
        first = _planned(person).first()
        did(
            follow_up_owners.assign,
            by=officer,
            follow_up=first,
            owner=FollowUpOwner.AGENCY,
            agency=disnaker,
        )
    known = _planned(people[-1]).filter(due_on__lte=day()).first()
    if known:
        work = {"employer": "CV Karya Teknik", "pay_band": PayBand.AROUND}
        _record(liaison, known, FollowUpOutcome.FORMAL, **BY_PHONE, **work)


def _ask_probation(officer, person):
    """A form that waits for its answer, and another that brought one."""
    row = _planned(person).first()
    did(
        follow_up_owners.assign,
        by=officer,
        follow_up=row,
        owner=FollowUpOwner.PROBATION,
        contact="PK Bapas Serang",
    )
    did(follow_up_links.create, by=officer, follow_up=row, sent_to="Pak Hendra, Bapas Serang")


def _tell(officer, people):
    """Those who left long ago: work that lasted and work that did not, news, a new detention."""
    stories = (
        (
            (FollowUpOutcome.INFORMAL, "Bengkel Pak Udin"),
            (FollowUpOutcome.FORMAL, "PT Baja Cilegon"),
        ),
        ((FollowUpOutcome.SELF_EMPLOYED, "Jasa las panggilan"),),
        ((FollowUpOutcome.NO_WORK, ""), (FollowUpOutcome.INFORMAL, "Proyek perumahan")),
        ((FollowUpOutcome.APPRENTICE, "CV Logam Jaya"), (FollowUpOutcome.NO_WORK, "")),
        ((FollowUpOutcome.DETAINED, ""),),
        ((FollowUpOutcome.TRAINING, ""),),
        (),
    )
    for person, story in zip(people, stories, strict=False):
        due = _planned(person).filter(due_on__lte=day(), owner=FollowUpOwner.PRISON)
        for row, (outcome, employer) in zip(list(due), story, strict=False):
            if outcome == FollowUpOutcome.DETAINED:
                _by_link(officer, row, outcome)
            else:
                work = {"employer": employer, "pay_band": PayBand.BELOW} if employer else {}
                need = {} if employer else {"help_needed": "Modal kerja dan KTP baru"}
                _record(officer, row, outcome, **work, **need)
    if people:
        did(
            follow_up_answers.tell_news,
            by=officer,
            inmate=people[0],
            facility=people[0].custodies.latest("until").facility,
            outcome=FollowUpOutcome.FORMAL,
            done_on=day(-6),
            employer=STEEL,
            is_same_job=True,
            **BY_FAMILY,
        )


def _by_link(officer, row, outcome):
    name = "Bu Ratna, Bapas Serang"
    url = did(follow_up_links.create, by=officer, follow_up=row, sent_to=name)
    token = url.rstrip("/").rpartition("/")[2]
    with pghistory.context(user=None, name=name):
        follow_up_links.answer(token=token, name=name, outcome=outcome, done_on=day())
