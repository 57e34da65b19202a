"""The way into a batch: plans, slots, candidates, hearings, decrees, enrolments, waiting."""

from bench.seed.load import Rows
from bench.seed.lots import SEATS
from bench.seed.words import ago, chance

BATCH = "FROM bench.batch"
SEAT = "FROM bench.seat"
DECIDED = "kind IN ('closed', 'finished', 'running')"
ASKED = "kind <> 'planned'"
OPEN = "kind = 'negotiating'"
STATE = "CASE kind WHEN 'heard' THEN 'confirmed' ELSE kind END"
# When it came to its present state: what lies ahead did so lately.
REACHED = (
    "CASE kind WHEN 'closed' THEN current_date - ends_on - 5 WHEN 'finished' THEN 9"
    " WHEN 'running' THEN 15 ELSE 20 END"
)


def rows(inmates):
    yield from _planned()
    yield from _chosen()
    yield from _enrolled()


def _planned():
    yield Rows(
        "training.PlanLine",
        "FROM bench.prison p, generate_series(1, 8) nth",
        facility="p.id",
        year="extract(year FROM current_date)",
        course="(SELECT min(id) FROM training_course) + nth",
        agency="blk",
        fund="'city'",
        packages_planned="2",
        seats_planned="32",
        packages_requested="2",
        seats_requested="32",
        packages_granted="1",
        seats_granted="16",
    )
    yield Rows(
        "training.Batch",
        BATCH,
        id="id",
        created_at=ago("current_date - starts_on + 60"),
        facility="facility_id",
        agency="agency_id",
        course="course_id",
        agreement="agreement_id",
        name="'Angkatan ' || id",
        starts_on="starts_on",
        ends_on="ends_on",
        place="'Bengkel'",
        seats_confirmed=f"CASE WHEN kind IN ('planned', 'negotiating') THEN 0 ELSE {SEATS} END",
        seats_taken="(SELECT count(*) FROM bench.seat s WHERE s.batch_id = batch.id"
        " AND s.became NOT IN ('', 'dropped'))",
        fund="'city'",
        state=STATE,
        state_at=ago(REACHED),
    )
    yield Rows(
        "training.SlotProposal",
        f"{BATCH} WHERE {ASKED}",
        id="id",
        created_at=ago("greatest(10, current_date - starts_on)"),
        facility="facility_id",
        agency="agency_id",
        batch="id",
        round="1",
        side="'prison'",
        seats=str(SEATS),
        starts_on="starts_on",
        ends_on="ends_on",
        respond_by=f"CASE WHEN {OPEN} THEN current_date + 3 + (nth % 10)::int"
        " ELSE least(starts_on, current_date) - 8 END",
        state=f"CASE WHEN {OPEN} THEN 'open' ELSE 'accepted' END",
        answered_at=f"CASE WHEN {OPEN} THEN NULL ELSE {ago(REACHED)} END",
    )


def _chosen():
    heard = f"{BATCH} WHERE {DECIDED} OR kind = 'heard'"
    yield Rows(
        "training.Candidate",
        SEAT,
        id="id",
        created_at=ago("current_date - starts_on + 30"),
        facility="facility_id",
        batch="batch_id",
        inmate="i",
        rank="rank",
        eligibility="'[]'",
        state="CASE kind WHEN 'heard' THEN 'proposed' ELSE 'approved' END",
        state_at=ago(REACHED),
    )
    yield Rows(
        "training.Hearing",
        heard,
        id="id",
        facility="facility_id",
        batch="id",
        held_on="CASE kind WHEN 'heard' THEN current_date + 5 ELSE starts_on - 10 END",
        number="CASE kind WHEN 'heard' THEN '' ELSE 'BA-' || id END",
        chair="'Ketua Uji'",
        state="CASE kind WHEN 'heard' THEN 'planned' ELSE 'held' END",
    )
    yield Rows(
        "training.Recommendation",
        f"{SEAT} WHERE {DECIDED}",
        hearing="batch_id",
        candidate="id",
        result="'approved'",
        is_reserve="false",
    )
    yield Rows(
        "training.Decree",
        f"{BATCH} WHERE {DECIDED}",
        id="id",
        facility="facility_id",
        batch="id",
        hearing="id",
        letter="id",
        state="'issued'",
    )
    yield Rows(
        "training.DecreeEntry",
        f"{SEAT} WHERE {DECIDED}",
        decree="batch_id",
        candidate="id",
        position="rank",
    )


def _enrolled():
    gone = "became = 'dropped'"
    yield Rows(
        "training.Enrolment",
        f"{SEAT} WHERE {DECIDED}",
        id="id",
        created_at=ago("current_date - starts_on + 7"),
        facility="facility_id",
        agency="agency_id",
        batch="batch_id",
        inmate="i",
        candidate="id",
        decree="batch_id",
        participant_code="'P-' || lpad(id::text, 7, '0')",
        period=f"daterange(starts_on, CASE WHEN {gone} THEN starts_on + 10 ELSE ends_on END, '[]')",
        state="became",
        state_at=ago(f"CASE WHEN {gone} THEN current_date - starts_on - 10 ELSE {REACHED} END"),
        dropped_on=f"CASE WHEN {gone} THEN starts_on + 10 END",
        cause=f"CASE WHEN {gone} THEN 'own_wish' ELSE '' END",
        reason=f"CASE WHEN {gone} THEN 'Permintaan sendiri' ELSE '' END",
    )
    yield Rows(
        "training.WaitingEntry",
        f"FROM bench.lot WHERE inside AND {chance(22)} < 0.3",
        facility="facility_id",
        inmate="i",
        course="(SELECT min(id) FROM training_course) + i % 20",
        asked_on="current_date - (i % 500)::int",
        asked_by="'self'",
        state_at=ago("i % 500"),
    )
