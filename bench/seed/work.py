"""From a certificate to work: employers, vacancies, referrals, placements, follow-ups."""

from bench.seed.load import Rows
from bench.seed.words import FILE, REGIONS, ago, chance, pick

MONTHS = (1, 3, 6, 12)
BECAME = "formal informal self_employed no_work not_reached"
TRADE = "(SELECT min(id) FROM training_trade) + i % 20"
DUE = "(current_date - remains + make_interval(months => month))::date"
ASKED = f"({DUE} < current_date - 20)"
SENT = "state NOT IN ('draft', 'submitted', 'approved', 'withdrawn')"


def rows(inmates):
    yield from _jobs()
    yield from _ready()
    yield from _referred(inmates)
    yield from _placed()
    yield from _followed()


def _jobs():
    yield Rows(
        "placements.Employer",
        "FROM bench.employer",
        id="id",
        facility="facility_id",
        kind="'company'",
        name="'PT Uji ' || id",
        region_code="'36.72'",
        openness="'yes'",
    )
    taken = (
        "(SELECT count(*) FROM bench.referral r WHERE r.vacancy_id = v.i AND r.state = 'accepted')"
    )
    yield Rows(
        "placements.Vacancy",
        "FROM bench.vacancy v",
        id="i",
        created_at=ago("CASE WHEN is_open THEN 20 ELSE 90 + i % 900 END"),
        facility="facility_id",
        employer="employer_id",
        title="'Pekerjaan ' || i",
        trade=TRADE,
        units="CASE WHEN i % 3 = 0 THEN '{}' ELSE (SELECT array_agg(u.code ORDER BY u.code)"
        "  FROM training_course c JOIN training_courseunit cu ON cu.course_id = c.id"
        "  JOIN training_competencyunit u ON u.id = cu.unit_id"
        f" WHERE c.trade_id = {TRADE} AND cu.position <= 3) END",
        places=f"5 + {taken}",
        places_filled=taken,
        region_code=pick(REGIONS, 38),
        education="CASE WHEN i % 2 = 0 THEN 'SMP' ELSE '' END",
        age_from="CASE WHEN i % 4 = 0 THEN 18 END",
        age_to="CASE WHEN i % 4 = 0 THEN 40 END",
        starts_on="CASE WHEN is_open AND i % 2 = 0 THEN current_date + 90 + (i % 200)::int END",
        closes_on="CASE WHEN is_open THEN current_date + 10 + (i % 50)::int"
        " ELSE current_date - 30 - (i % 900)::int END",
        report_number="'LAP-' || i",
        state="CASE WHEN is_open THEN 'open' ELSE 'closed' END",
        state_at=ago("CASE WHEN is_open THEN 20 ELSE 30 + i % 900 END"),
    )


def _ready():
    yield Rows(
        "placements.JobSeekerCard",
        f"FROM bench.lot l JOIN bench.prison p USING (n) WHERE l.inside AND {chance(35)} < 0.2",
        facility="facility_id",
        agency="disnaker",
        inmate="i",
        number="'AK-' || i",
        issued_on="current_date - 30",
        expires_on="current_date + 700",
        report_by="current_date + 150",
    )
    yield Rows(
        "placements.ReadinessItem",
        "FROM bench.lot, unnest(ARRAY['identity', 'diploma', 'bank', 'photo']) kind"
        f" WHERE inside AND {chance(36)} < 0.4",
        facility="facility_id",
        inmate="i",
        kind="kind",
        done_on="current_date - 9",
    )
    yield Rows(
        "placements.CurriculumVitae",
        f"FROM bench.lot WHERE inside AND {chance(37)} < 0.05",
        facility="facility_id",
        inmate="i",
        language="'id'",
        summary="'Saya siap bekerja.'",
        written_at=ago(40),
    )


def _referred(inmates):
    answered = "state IN ('forwarded', 'interview', 'accepted')"
    yield Rows(
        "placements.Referral",
        "FROM bench.referral",
        id="i",
        created_at=ago("days"),
        facility="facility_id",
        agency="agency_id",
        inmate="i",
        employer="employer_id",
        vacancy="vacancy_id",
        consent=f"i + {inmates}",
        person_code="'R-' || i",
        available_from="date_trunc('month', current_date + 60)::date",
        answer_by=f"CASE WHEN {SENT} THEN current_date + 14 END",
        letter=f"CASE WHEN {SENT} THEN i + {inmates} END",
        approved_at=f"CASE WHEN {SENT} OR state = 'approved' THEN {ago('days - 5')} END",
        sent_at=f"CASE WHEN {SENT} THEN {ago('days - 6')} END",
        interview_at="CASE WHEN state = 'interview' THEN now() + interval '3 days' END",
        introduction_number=f"CASE WHEN {answered} THEN 'SP-' || i ELSE '' END",
        introduced_on=f"CASE WHEN {answered} THEN current_date - days + 20 END",
        is_placed="is_placed",
        decline_reason="CASE state WHEN 'declined' THEN 'filled' ELSE '' END",
        state="state",
        state_at=ago("days - 30"),
        reason="CASE WHEN state IN ('withdrawn', 'declined') THEN 'Uji' ELSE '' END",
    )


def _placed():
    outside = "kind = 'work_release'"
    ended = "state = 'ended'"
    yield Rows(
        "placements.Placement",
        "FROM bench.placement p JOIN (SELECT id, n FROM bench.agreement WHERE nth = 1) a USING (n)",
        id="i",
        created_at=ago("current_date - starts_on"),
        facility="facility_id",
        inmate="i",
        kind="kind",
        referral="referral_id",
        employer="employer_id",
        job="'Bengkel'",
        starts_on="starts_on",
        ended_on=f"CASE WHEN {ended} THEN starts_on END",
        reason=f"CASE WHEN {ended} THEN 'Kontrak selesai' ELSE '' END",
        decree_number=f"CASE WHEN {outside} THEN 'SK-AS-' || i ELSE '' END",
        decree_on=f"CASE WHEN {outside} THEN starts_on - 3 END",
        decree_until=f"CASE WHEN {outside} THEN starts_on + 300 END",
        decree_scan=f"CASE WHEN {outside} THEN {FILE} ELSE '' END",
        family_guarantee=f"CASE WHEN {outside} THEN {FILE} ELSE '' END",
        institution_guarantee=f"CASE WHEN {outside} THEN {FILE} ELSE '' END",
        agreement=f"CASE WHEN {outside} THEN a.id END",
        leaves_at=f"CASE WHEN {outside} THEN time '07:30' END",
        returns_at=f"CASE WHEN {outside} THEN time '16:30' END",
        weekdays=f"CASE WHEN {outside} THEN '{{1,2,3,4,5}}'::smallint[] ELSE '{{}}' END",
        state="state",
        state_at=ago("current_date - starts_on"),
    )
    out = "(current_date - day) + time '00:30'"
    yield Rows(
        "placements.WorkDay",
        f"FROM bench.placement, generate_series(1, 28) day WHERE {outside}"
        " AND extract(isodow FROM current_date - day) < 6",
        facility="facility_id",
        placement="i",
        day="current_date - day",
        out_at=out,
        due_back_at=f"{out} + interval '9 hours'",
        back_at=f"{out} + interval '8 hours 50 minutes'",
    )


def _followed():
    cancelled = f"({chance(48)} < 0.05)"
    done = f"({ASKED} AND NOT {cancelled})"
    of_month = f"array_position(ARRAY{list(MONTHS)}, month)"
    yield Rows(
        "placements.FollowUp",
        f"FROM bench.lot, unnest(ARRAY{list(MONTHS)}) month"
        f" WHERE NOT inside AND {chance(53)} < 0.25",
        id=f"{len(MONTHS)} * i + {of_month}",
        created_at=ago("remains"),
        facility="facility_id",
        inmate="i",
        owner="'prison'",
        months="month",
        counted_from="current_date - remains",
        due_on=DUE,
        channel=f"CASE WHEN {done} THEN 'call' ELSE '' END",
        done_on=f"CASE WHEN {done} THEN {DUE} + 5 END",
        done_by=f"CASE WHEN {done} THEN 'Petugas Uji' ELSE '' END",
        outcome=f"CASE WHEN {done} THEN {pick(BECAME, 49)} ELSE '' END",
        pay_band=f"CASE WHEN {done} THEN 'around' ELSE '' END",
        state=f"CASE WHEN NOT {ASKED} THEN 'due' WHEN {cancelled} THEN 'cancelled' ELSE 'done' END",
        state_at=ago(f"greatest(0, current_date - {DUE} - 5)"),
    )
    yield Rows(
        "placements.FollowUpAttempt",
        f"FROM bench.lot, unnest(ARRAY{list(MONTHS)}) month"
        f" WHERE NOT inside AND {chance(53)} < 0.25 AND {done} AND {chance(50)} < 0.3",
        follow_up=f"{len(MONTHS)} * i + {of_month}",
        tried_on=DUE,
        channel="'whatsapp'",
    )
