"""Two records of one person: one goes out of use, nothing moves, and it can be undone."""

from datetime import date

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates import nik
from inmates.models import Absence, Custody, Distinct, ImportRun, Inmate, Merge, Transfer
from inmates.states import CustodyEnd
from placements.services import merges
from reports import integrity
from tests.factories.accounts import FacilityFactory, PostingFactory, staff
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at
from tests.factories.partners import today
from tests.factories.training import CandidateFactory, CourseFactory, confirmed_batch, enrolled
from tests.races import race
from training.models import WaitingEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(facility):
    return inmate_at(facility, name="ABDUL RAHMAN", search_name="abdul rahman", education="SMP")


@pytest.fixture
def other(facility):
    return inmate_at(
        facility,
        name="ABD. RAHMAN",
        search_name="abd rahman",
        education="SMA",
        city="Cilegon",
        birth_date=date(1991, 2, 3),
    )


def former(facility, **fields):
    inmate = InmateFactory(**fields)
    CustodyFactory(
        inmate=inmate, facility=facility, until=date(2024, 6, 1), ended_how=CustodyEnd.RELEASED
    )
    return inmate


def merge(winner, loser, by, *chosen):
    return merges.merge(winner=winner, loser=loser, chosen=chosen, by=by)


def now(record):
    return Inmate.objects.get(pk=record.pk)


def assert_sound():
    broken = {check: ids for check, ids in integrity.differences() if ids}
    assert not [check for check in broken if "merged" in check or "custody" in check]


def test_the_loser_points_to_the_winner_and_its_stay_ends_as_a_double_entry(
    kept, other, registrar, facility
):
    done = merge(kept, other, registrar)

    assert now(other).merged_into == kept
    stay = Custody.objects.get(inmate=other)
    assert (stay.until, stay.ended_how) == (today(), CustodyEnd.DUPLICATE)
    assert Custody.objects.open().filter(inmate=kept).exists()
    assert (done.facility, done.created_by) == (facility, registrar)
    assert set(Inmate.objects.in_prisons([facility.pk])) == {kept}
    assert_sound()


def test_chosen_fields_go_to_the_winner_and_no_others(kept, other, registrar):
    merge(kept, other, registrar, "name", "education", "birth_date")

    record = now(kept)
    assert (record.name, record.search_name) == ("ABD. RAHMAN", "abd rahman")
    assert (record.education, record.birth_date) == ("SMA", date(1991, 2, 3))
    assert record.city == ""
    assert record.person_key == kept.person_key


def test_undo_restores_everything(kept, other, registrar):
    before = [now(kept), now(other)]
    done = merge(kept, other, registrar, "name", "education", "birth_date")
    merges.undo(merge=done, by=registrar)

    for was in before:
        is_now = now(was)
        for field in Inmate._meta.concrete_fields:
            assert getattr(is_now, field.attname) == getattr(was, field.attname), field.name
    assert Custody.objects.open().filter(inmate=other).exists()
    assert_sound()


def test_undo_leaves_what_was_changed_after_the_merge(kept, other, registrar):
    done = merge(kept, other, registrar, "education", "city")
    Inmate.objects.filter(pk=kept.pk).update(education="S1")
    merges.undo(merge=done, by=registrar)

    assert (now(kept).education, now(kept).city) == ("S1", "")


def test_the_head_may_undo_and_an_officer_may_not(kept, other, registrar, head, officer):
    done = merge(kept, other, registrar)

    with pytest.raises(Forbidden):
        merges.undo(merge=done, by=officer)
    merges.undo(merge=done, by=head)
    assert now(other).merged_into is None


def test_only_the_registrar_merges(kept, other, head, officer, outsider):
    for user in (head, officer, outsider):
        with pytest.raises(Forbidden):
            merge(kept, other, user)


def test_a_missing_nik_is_taken_over_and_given_back(kept, registrar, facility):
    sealed = nik.seal("3672011508900001")
    other = inmate_at(
        facility,
        nik_cipher=sealed["cipher"].encode(),
        nik_key=sealed["key"],
        nik_digest=sealed["digest"],
        nik_last4=sealed["last4"],
    )
    done = merge(kept, other, registrar, "nik")

    assert nik.reveal(now(kept).nik_cipher) == "3672011508900001"
    assert "3672011508900001" not in str(done.before)
    merges.undo(merge=done, by=registrar)
    assert (now(kept).nik_cipher, now(kept).nik_digest, now(kept).nik_last4) == (None, "", "")


def test_a_nik_never_replaces_another(kept, other, registrar):
    Inmate.objects.filter(pk=kept.pk).update(nik_digest=nik.digest("3672011508900001"))
    Inmate.objects.filter(pk=other.pk).update(nik_digest=nik.digest("3672011508900002"))

    with pytest.raises(NotAllowed) as refusal:
        merge(kept, other, registrar, "nik")
    assert set(refusal.value.error_dict) == {"nik"}
    merge(kept, other, registrar)


# --- Refused ---------------------------------------------------------------------------------


def test_whoever_alone_is_still_held_is_the_one_to_keep(kept, registrar, facility):
    gone = former(facility)

    with pytest.raises(NotAllowed, match="Pertahankan ABDUL RAHMAN"):
        merge(gone, kept, registrar)
    merge(kept, gone, registrar)
    assert now(gone).merged_into == kept


def test_held_by_two_prisons_is_a_matter_of_a_transfer(kept, registrar, facility, outsider):
    elsewhere = former(facility)
    CustodyFactory(inmate=elsewhere, facility=outsider.facility, starts=date(2024, 7, 1))

    for winner, loser in ((kept, elsewhere), (elsewhere, kept)):
        with pytest.raises(NotAllowed, match="lapas lain"):
            merge(winner, loser, registrar)


def test_a_stranger_to_this_prison_is_no_match(kept, registrar, outsider):
    with pytest.raises(Forbidden):
        merge(kept, inmate_at(outsider.facility), registrar)


@pytest.fixture(params=["candidate", "participant", "waiting", "transfer", "elsewhere"])
def held_open(request, other, facility, agency, outsider):
    """What the record to give up still holds, and a word of the sentence that says so."""
    if request.param == "candidate":
        batch = confirmed_batch(facility, agency, name="Angkatan Mawar")
        CandidateFactory(batch=batch, inmate=other)
        return "calon peserta .* Angkatan Mawar"
    if request.param == "participant":
        enrolled(confirmed_batch(facility, agency, name="Angkatan Melati"), other)
        return "peserta .* Angkatan Melati"
    if request.param == "waiting":
        WaitingEntry.objects.create(
            facility=facility, inmate=other, course=CourseFactory(name="Barista"), asked_on=today()
        )
        return "daftar tunggu Barista"
    if request.param == "transfer":
        Transfer.objects.create(
            inmate=other, origin=facility, destination=outsider.facility, moved_on=today()
        )
        return "mutasi"
    WaitingEntry.objects.create(
        facility=outsider.facility, inmate=other, course=CourseFactory(), asked_on=today()
    )
    return "sesuatu di lapas lain"


def test_the_loser_must_hold_nothing_open(kept, other, registrar, held_open):
    with pytest.raises(NotAllowed, match=held_open) as refusal:
        merge(kept, other, registrar)
    assert "ABD. RAHMAN" in str(refusal.value)
    assert now(other).merged_into is None
    merge(other, kept, registrar)  # the other way round nothing stands in the way
    assert_sound()


def test_a_pair_judged_different_is_not_merged(kept, other, registrar):
    merges.distinguish(first=other, second=kept, by=registrar)

    with pytest.raises(NotAllowed, match="bukan orang yang sama"):
        merge(kept, other, registrar)
    merges.reconsider(first=kept, second=other, by=registrar)
    merge(kept, other, registrar)


def test_one_record_alone_is_no_pair(kept, registrar):
    for act in (
        lambda: merge(kept, kept, registrar),
        lambda: merges.distinguish(first=kept, second=kept, by=registrar),
    ):
        with pytest.raises(NotAllowed, match="dua data yang berbeda"):
            act()


@pytest.mark.parametrize("name", ["person_key", "prison_id", "merged_into", "education"])
def test_of_a_former_person_only_the_name_may_be_taken(kept, registrar, facility, name):
    gone = former(facility, name="ABDURAHMAN", education="SD")

    with pytest.raises(NotAllowed) as refusal:
        merge(kept, gone, registrar, name)
    assert set(refusal.value.error_dict) == {name}
    merge(kept, gone, registrar, "name")
    assert now(kept).name == "ABDURAHMAN"


# --- Twice, and in chains --------------------------------------------------------------------


def test_the_same_again_is_the_same_merge(kept, other, registrar):
    done = merge(kept, other, registrar, "city")

    assert merge(kept, other, registrar, "city") == done
    assert merges.undo(merge=done, by=registrar) == merges.undo(merge=done, by=registrar)


def test_by_another_or_the_other_way_round_names_who_did_it(kept, other, registrar, facility):
    done = merge(kept, other, registrar)
    colleague = staff(facility, "registrar")

    for winner, loser, by in (
        (kept, other, colleague),
        (other, kept, registrar),
        (inmate_at(facility), other, registrar),
    ):
        with pytest.raises(AlreadyDone, match="Petugas Register"):
            merge(winner, loser, by)
    merges.undo(merge=done, by=colleague)
    with pytest.raises(AlreadyDone, match=str(colleague)):
        merges.undo(merge=done, by=registrar)


def test_whoever_pointed_to_the_loser_points_to_the_winner(kept, other, registrar, facility):
    third = inmate_at(facility)
    first = merge(other, third, registrar)
    second = merge(kept, other, registrar)

    assert now(third).merged_into == kept
    for record in (kept, other, third):
        assert set(Inmate.objects.records_of(now(record))) == {kept.pk, other.pk, third.pk}
    assert_sound()
    with pytest.raises(NotAllowed, match="Batalkan dulu"):
        merges.undo(merge=first, by=registrar)
    merges.undo(merge=second, by=registrar)
    assert (now(third).merged_into, now(other).merged_into) == (other, None)
    assert_sound()
    merges.undo(merge=first, by=registrar)
    assert now(third).merged_into is None
    assert_sound()


def test_after_an_undo_the_pair_can_be_merged_again(kept, other, registrar):
    merges.undo(merge=merge(kept, other, registrar), by=registrar)
    merge(other, kept, registrar)

    assert now(kept).merged_into == other
    assert_sound()


def test_undo_is_refused_when_the_stay_was_changed(kept, other, registrar):
    done = merge(kept, other, registrar)
    Custody.objects.filter(inmate=other).update(ended_how=CustodyEnd.RELEASED)

    with pytest.raises(NotAllowed, match="Masa penempatan"):
        merges.undo(merge=done, by=registrar)


def test_who_vanished_from_the_register_under_one_key_stands_in_it_under_the_other(
    kept, other, registrar, facility
):
    run = ImportRun.objects.create(facility=facility, file_name="r.xlsx", as_of=today())
    absence = Absence.objects.create(run=run, facility=facility, inmate=other)
    done = merge(kept, other, registrar)

    absence.refresh_from_db()
    assert (absence.decision, absence.decided_by) == ("back", registrar)
    merges.undo(merge=done, by=registrar)
    absence.refresh_from_db()
    assert (absence.decision, absence.decided_at) == ("", None)


def test_history_tells_of_the_merge_on_both_records(kept, other, registrar):
    merge(kept, other, registrar, "education")

    assert other.events.order_by("-pgh_id").first().merged_into_id == kept.pk
    assert kept.events.order_by("-pgh_id").first().education == "SMA"
    assert Merge.objects.get().events.count() == 1


def test_judged_different_once_whoever_says_it(kept, other, registrar):
    first = merges.distinguish(first=kept, second=other, by=registrar)

    assert merges.distinguish(first=other, second=kept, by=registrar) == first
    assert Distinct.objects.count() == 1


def test_a_merged_pair_is_not_judged_different(kept, other, registrar):
    merge(kept, other, registrar)

    with pytest.raises(AlreadyDone):
        merges.distinguish(first=kept, second=other, by=registrar)


def test_the_prison_is_that_of_the_open_stay(kept, registrar, facility):
    second = FacilityFactory()
    PostingFactory(user=registrar, facility=second, role_id="registrar")
    here, there = former(second), former(second)

    assert merge(here, there, registrar).facility == second
    assert merge(kept, here, registrar).facility == facility


# --- At the same moment ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("both_ways", [True, False])
def test_two_registrars_merge_the_same_pair_at_once(kept, other, registrar, facility, both_ways):
    colleague = staff(facility, "registrar")
    pair = (other, kept) if both_ways else (kept, other)
    outcomes = race(
        lambda: merge(kept, other, registrar),
        lambda: merge(*pair, colleague),
    )

    assert {type(outcome) for outcome in outcomes} == {Merge, AlreadyDone}
    assert Inmate.objects.filter(merged_into__isnull=False).count() == 1
    assert_sound()
