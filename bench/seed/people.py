"""People, their stays, sentences, papers and what they agreed to."""

from bench.seed.load import Rows
from bench.seed.words import FILE, FIRST, SECOND, THIRD, TRADES, ago, chance, pick

LOT = "FROM bench.lot"
NAME = f"{pick(FIRST, 5)} || ' ' || {pick(SECOND, 6)} || ' ' || {pick(THIRD, 7)}"
PUBLIC = "md5('person' || {})::uuid"
REFERRED = f"({chance(40)} < 0.08 OR {chance(52)} < 0.65)"
FOLLOWED = f"(NOT inside AND {chance(53)} < 0.25)"
CLASS = (
    f"CASE WHEN {chance(13)} < 0.12 THEN 'A.III' WHEN {chance(13)} < 0.2 THEN 'B.IIa' "
    "ELSE 'B.I' END"
)
CAME = "current_date - served - CASE WHEN inside THEN 0 ELSE remains END"
LEFT = "CASE WHEN inside THEN NULL ELSE current_date - remains END"


def rows(inmates):
    yield from _registered(inmates)
    yield from _agreed(inmates)
    yield from _known()


def _registered(inmates):
    yield Rows(
        "inmates.Inmate",
        LOT,
        id="i",
        public_id=PUBLIC.format("i"),
        created_at=ago("served"),
        person_key="'B' || lpad(i::text, 9, '0')",
        name=f"upper({NAME})",
        search_name=NAME,
        birth_date=f"current_date - 7300 - ({chance(8)} * 14000)::int",
        sex=f"CASE WHEN {chance(9)} < 0.06 THEN 'P' ELSE 'L' END",
        education=pick("SD SMP SMA SMK S1", 10),
        city=f"CASE WHEN {chance(11)} < 0.3 THEN 'Kota Cilegon' ELSE 'Kab. Serang' END",
        domicile_code=f"CASE WHEN {chance(11)} < 0.3 THEN '36.72.01' ELSE '36.04.01' END",
        nik_digest=f"CASE WHEN {chance(12)} < 0.85 THEN md5(i::text) || md5(i::text) ELSE '' END",
        nik_last4=f"CASE WHEN {chance(12)} < 0.85 THEN lpad((i % 9999 + 1)::text, 4, '0') "
        "ELSE '' END",
        prison="CASE WHEN inside THEN facility_id END",
        prisons="CASE WHEN origin_id IS NULL THEN ARRAY[facility_id] ELSE "
        "ARRAY[least(facility_id, origin_id), greatest(facility_id, origin_id)] END",
    )
    yield Rows(
        "inmates.Custody",
        LOT,
        id="i",
        created_at=ago("served"),
        inmate="i",
        facility="facility_id",
        register_number="'B.I ' || i || '/2025'",
        register_class=CLASS,
        starts=CAME,
        until=LEFT,
        ended_how="CASE WHEN inside THEN '' ELSE 'released' END",
    )
    moved = f"{LOT} WHERE origin_id IS NOT NULL"
    yield Rows(
        "inmates.Custody",
        moved,
        id=f"{inmates} + i",
        inmate="i",
        facility="origin_id",
        register_number="'B.I ' || i || '/2024'",
        register_class="'B.I'",
        starts=f"{CAME} - 300",
        until=CAME,
        ended_how="'transferred'",
        moved_to="'Lapas Uji'",
    )
    yield Rows(
        "inmates.Transfer",
        moved,
        inmate="i",
        origin="origin_id",
        destination="facility_id",
        moved_on=CAME,
        register_number="'B.I ' || i || '/2025'",
        register_class="'B.I'",
        state="'accepted'",
        state_at=ago("served"),
    )
    for lot, number in ((LOT, "i"), (moved, f"{inmates} + i")):
        yield Rows(
            "inmates.RegisterEntry",
            lot,
            custody=number,
            register_number=f"'B.I ' || i || '/{2025 if lot == LOT else 2024}'",
            register_class=CLASS if lot == LOT else "'B.I'",
            at=ago("served"),
        )
    since = "current_date - served - CASE WHEN inside THEN 0 ELSE 2 * remains END"
    total = "(served + remains)"
    yield Rows(
        "inmates.Sentence",
        LOT,
        inmate="i",
        as_of="current_date - 3",
        detained_since=since,
        years=f"{total} / 365",
        months=f"({total} % 365) / 30",
        days="0",
        one_third=f"{since} + {total} / 3",
        one_half=f"{since} + {total} / 2",
        two_thirds=f"{since} + {total} * 2 / 3",
        expires=f"{since} + {total}",
    )
    yield Rows(
        "inmates.Restriction",
        f"{LOT} WHERE inside AND {chance(15)} < 0.05",
        inmate="i",
        facility="facility_id",
        kind=pick("discipline security unfit", 14),
        starts="current_date - 20",
    )


def _agreed(inmates):
    for place, (purpose, who) in enumerate(
        (("training", "inside"), ("referral", REFERRED), ("follow_up", FOLLOWED))
    ):
        yield Rows(
            "inmates.Consent",
            f"{LOT} WHERE {who}",
            id=f"i + {place * inmates}",
            created_at=ago(90),
            inmate="i",
            facility="facility_id",
            purpose=f"'{purpose}'",
            signed_on="current_date - 90",
            scan=FILE,
        )


def _known():
    yield Rows(
        "inmates.SkillProfile",
        f"{LOT} WHERE {chance(16)} < CASE WHEN inside THEN 0.4 ELSE 0.1 END",
        inmate="i",
        interests=f"ARRAY[initcap({pick(TRADES, 33)})]",
        languages="ARRAY['Indonesia']",
    )
    yield Rows(
        "inmates.Document",
        f"{LOT}, unnest(ARRAY['identity', 'diploma']) kind WHERE inside AND {chance(17)} < 0.6",
        inmate="i",
        facility="facility_id",
        kind="kind",
        seen_on="current_date - 50",
    )
    yield Rows(
        "inmates.AptitudeAssessment",
        f"{LOT} WHERE inside AND {chance(18)} < 0.1",
        inmate="i",
        facility="facility_id",
        assessed_on="current_date - 45",
        assessor="'Asesor Uji'",
    )
    open_ = f"({chance(20)} < 0.01 AND inside)"
    days = f"({chance(21)} * 700)"
    yield Rows(
        "inmates.Circumstance",
        f"{LOT} WHERE {chance(19)} < 0.1",
        created_at=ago(days),
        inmate="i",
        facility="facility_id",
        kind="'dates'",
        old="'2027-01-01'",
        new="'2027-03-01'",
        effective=f"current_date - {days}::int",
        source="'register'",
        decision=f"CASE WHEN {open_} THEN '' ELSE 'nothing' END",
        asked_at=f"CASE WHEN {open_} THEN {ago(days)} END",
        handled_at=f"CASE WHEN {open_} THEN NULL ELSE {ago(days)} END",
    )
