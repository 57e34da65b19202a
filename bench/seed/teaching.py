"""What happened in the batches: meetings and attendance of the last year, results, certificates."""

from bench.seed.load import Rows
from bench.seed.words import ago, chance

MEETINGS = 8
TAUGHT = (
    "(b.kind IN ('finished', 'running') OR b.kind = 'closed' AND b.starts_on > current_date - 365)"
)
DAY = "(b.starts_on + 4 * part - 4)"
HELD = f"{DAY} < current_date"
MEETING = f"{MEETINGS} * b.id + part - {MEETINGS}"
PASSED = f"FROM bench.seat WHERE became = 'completed' AND {chance(71)} < 0.95"
KIND = (
    f"CASE WHEN {chance(31)} < 0.3 THEN 'competency' WHEN {chance(31)} < 0.9 THEN 'training' "
    "ELSE 'participation' END"
)
PAPER = {
    "issued_on": "ends_on + 14",
    "valid_until": f"CASE WHEN {chance(31)} < 0.3 THEN ends_on + 1100 END",
}


def rows(inmates):
    yield Rows(
        "training.Room",
        "FROM bench.prison p, generate_series(1, 2) nth",
        facility="p.id",
        name="'Ruang ' || nth",
        capacity="20",
    )
    yield Rows(
        "training.Instructor",
        "FROM bench.prison p, generate_series(1, 2) nth",
        agency="blk",
        name="'Instruktur ' || nth",
    )
    yield Rows(
        "training.Meeting",
        f"FROM bench.batch b, generate_series(1, {MEETINGS}) part WHERE {TAUGHT}",
        id=MEETING,
        created_at=ago("current_date - b.starts_on + 7"),
        facility="b.facility_id",
        agency="b.agency_id",
        batch="b.id",
        number="part",
        during=f"tstzrange({DAY} + time '01:00', {DAY} + time '07:00')",
        jp="6",
        state=f"CASE WHEN {HELD} THEN 'held' ELSE 'planned' END",
        state_at=ago(f"greatest(0, current_date - {DAY})"),
    )
    there = f"{chance(32)} + part * 0.02 > 0.1"
    yield Rows(
        "training.Attendance",
        f"FROM bench.seat b, generate_series(1, {MEETINGS}) part"
        f" WHERE {TAUGHT} AND {HELD} AND b.became <> 'dropped'",
        created_at=ago(f"current_date - {DAY}"),
        facility="b.facility_id",
        agency="b.agency_id",
        meeting=MEETING.replace("b.id", "b.batch_id"),
        enrolment="b.id",
        code=f"CASE WHEN {there} THEN 'H' ELSE 'A' END",
        jp=f"CASE WHEN {there} THEN 6 ELSE 0 END",
        changed_at=ago(f"current_date - {DAY}"),
    )
    yield Rows(
        "training.Assessment",
        "FROM bench.seat WHERE became IN ('completed', 'not_completed')"
        " AND starts_on > current_date - 730",
        facility="facility_id",
        agency="agency_id",
        enrolment="id",
        kind="'evaluation'",
        result="CASE became WHEN 'completed' THEN 'K' ELSE 'BK' END",
        knowledge="80",
        skill="85",
        assessor="'Asesor Uji'",
        assessed_on="ends_on",
    )
    yield Rows(
        "correspondence.Verification",
        PASSED,
        id="id",
        created_at=ago("current_date - ends_on - 14"),
        code="'UJI-' || id",
        kind="'certificate_training'",
        number="'S-' || id",
        **PAPER,
    )
    yield Rows(
        "training.Certificate",
        PASSED,
        id="id",
        created_at=ago("current_date - ends_on - 14"),
        facility="facility_id",
        agency="agency_id",
        inmate="i",
        enrolment="id",
        course="course_id",
        kind=KIND,
        title="'Sertifikat'",
        issuer="'LSP Uji'",
        number="'S-' || id",
        jp="240",
        verification="id",
        state_at=ago("current_date - ends_on - 14"),
        **PAPER,
    )
