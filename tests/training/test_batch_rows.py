"""Who is chosen for a batch, on its page: what each row says, and what may be done with each."""

import pytest
from django.utils.translation import override

from accounts.models import User
from inmates.models import Inmate
from training.models import Candidate, Enrolment
from training.states import CandidateState, EnrolmentState
from training.templatetags.chosen import candidate_rows


def candidate(*, taken=None, **fields):
    row = Candidate(rank=3, **({"state": CandidateState.PROPOSED} | fields))
    row.inmate, row.register_number = Inmate(name="O'NEIL <A>"), "B.I 1/2026"
    row.participation = taken and Enrolment(**taken)
    return row


def told(row, *, may_propose=True):
    with override("id"):
        return candidate_rows([row], may_propose)


def test_a_name_and_a_note_are_escaped():
    page = told(candidate(note="<b>"))
    assert "O&#x27;NEIL &lt;A&gt;" in page
    assert '<td class="small">&lt;b&gt;</td>' in page
    assert "<td>3</td>" in page
    assert '<td class="nowrap">B.I 1/2026</td>' in page


@pytest.mark.parametrize(
    ("row", "acts"),
    [
        (candidate(), ["Tarik"]),
        (candidate(state=CandidateState.REJECTED), []),
        (candidate(taken={"state": EnrolmentState.ENROLLED}), ["Tangguhkan", "Keluarkan"]),
        (candidate(taken={"state": EnrolmentState.SUSPENDED}), ["Kembali ikut", "Keluarkan"]),
        (candidate(taken={"state": EnrolmentState.DROPPED}), []),
    ],
)
def test_what_may_be_done_follows_the_state(row, acts):
    page = told(row)
    assert page.count("<a ") == len(acts)
    assert all(f'>{act}<span class="visually-hidden"> O&#x27;NEIL' in page for act in acts)
    assert "<a " not in told(row, may_propose=False)


def test_a_participant_is_told_by_the_participation_and_its_cause():
    taken = {"state": EnrolmentState.DROPPED, "cause": "moved", "reason": "ke <Serang>"}
    page = told(candidate(taken=taken, is_reserve=True))
    words = Enrolment(**taken)
    with override("id"):
        assert f"{words.get_cause_display()}: ke &lt;Serang&gt;" in page
        assert words.get_state_display() in page
        assert "Cadangan" not in page
        assert "Cadangan" in told(candidate(is_reserve=True))


def test_why_somebody_was_let_through_is_told_with_who_did_it():
    row = candidate(override_reason="<izin>")
    assert "Pengecualian: &lt;izin&gt;</span>" in told(row)
    row.override_by = User(name="Budi & Ani")
    assert "Pengecualian: &lt;izin&gt; (Budi &amp; Ani)</span>" in told(row)
