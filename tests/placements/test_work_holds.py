"""Work that goes on holds a record: it is neither merged away nor made anonymous."""

import pytest

from placements.services import holdings, placements, retention
from tests.factories.inmates import gone_from
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, placement_of
from tests.placements.out_to_work import goes_out
from tests.placements.work import begin, released_from

pytestmark = pytest.mark.django_db


def holding(person, facility):
    return holdings.of([person.pk], facility.pk)[person.pk]


def test_as_long_as_it_goes_on(facility, officer):
    work = begin(
        released_from(facility), facility, officer, employer=EmployerFactory(facility=facility)
    )
    assert "penempatan kerja" in holding(work.inmate, facility)
    placements.end(placement=work, ended_on=today(), reason="x", by=officer)
    assert "penempatan kerja" not in holding(work.inmate, facility)


def test_work_release_too(facility, officer):
    work = goes_out(facility, officer)
    assert "penempatan kerja" in holding(work.inmate, facility)


def test_another_prison_reads_only_that_there_is_something(facility, officer):
    work = placement_of(released_from(facility), facility)
    assert holdings.of([work.inmate_id], facility.pk + 1)[work.inmate_id] == [
        "sesuatu di lapas lain"
    ]


def test_who_still_works_is_kept_beyond_the_time(facility):
    work = placement_of(gone_from(facility, months=80), facility)
    assert work.inmate not in retention.due(today())
    (held,) = retention.last_left().filter(pk=work.inmate_id)
    assert [str(reason) for reason in retention.held_by(held)] == ["Masih tercatat bekerja"]


def test_work_that_is_over_keeps_nobody(facility):
    work = placement_of(
        gone_from(facility, months=80), facility, state="ended", entered_afterwards=True,
        starts_on=today(-900), ended_on=today(-800), reason="Selesai",
    )  # fmt: skip
    assert work.inmate in retention.due(today())
