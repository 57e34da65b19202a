"""Agreements with their texts, duties, reviews and extensions, and the visits they began with."""

from bench.seed.load import Rows
from bench.seed.words import FILE, ago

ALL = "FROM bench.agreement a"
SIGNED = f"{ALL} WHERE state IN ('signed', 'terminated')"
BEFORE = "current_date - a.starts_on"  # days


def rows(inmates):
    yield Rows(
        "partners.Engagement",
        ALL,
        id="id",
        created_at=ago(f"{BEFORE} + 60"),
        facility="facility_id",
        agency="agency_id",
        held_on="starts_on - 60",
        delegation="'Rombongan Uji'",
        hosts="'Tuan Rumah Uji'",
        purpose="'Penjajakan kerja sama ' || id",
        result="'Disepakati untuk dilanjutkan.'",
    )
    yield Rows(
        "partners.ActionItem",
        ALL,
        engagement="id",
        facility="facility_id",
        agency="agency_id",
        what="'Menyusun naskah'",
        owner_role="'officer'",
        due="starts_on - 30",
        done_at=f"CASE WHEN id % 20 > 0 THEN {ago(f'{BEFORE} + 31')} END",
    )
    signed = "CASE WHEN state IN ('signed', 'terminated') THEN {} END"
    number = "CASE WHEN state IN ('signed', 'terminated') THEN '{}' || id ELSE '' END"
    yield Rows(
        "partners.Agreement",
        ALL,
        id="id",
        created_at=ago(f"{BEFORE} + 50"),
        facility="facility_id",
        agency="agency_id",
        engagement="id",
        title="'Kerja sama pelatihan ' || id",
        scope="'Pelatihan kerja bagi warga binaan.'",
        our_number=number.format("W.12/"),
        their_number=number.format("560/"),
        signed_on=signed.format("starts_on"),
        starts_on=signed.format("starts_on"),
        ends_on=signed.format("starts_on + CASE WHEN nth <= 2 THEN 1400 ELSE 1095 END"),
        seats_per_year="64",
        signed_scan=f"CASE WHEN state IN ('signed', 'terminated') THEN {FILE} ELSE '' END",
        state="state",
        state_at=ago(BEFORE),
        answer_by="CASE WHEN state = 'review' THEN current_date + 14 END",
        terminated_on="CASE WHEN state = 'terminated' THEN starts_on + 20 END",
        termination_ground="CASE WHEN state = 'terminated' THEN 'mutual' ELSE '' END",
        reason="CASE WHEN state IN ('terminated', 'cancelled') THEN 'Disepakati' ELSE '' END",
    )
    yield Rows(
        "partners.AgreementDocument",
        f"{ALL}, (VALUES ('draft', 1), ('draft', 2), ('final', 1)) AS d (kind, version)"
        " WHERE state <> 'exploring'",
        agreement="id",
        created_at=ago(f"{BEFORE} + 40"),
        kind="kind",
        version="version",
        file=FILE,
    )
    due = "starts_on + 200 * part"
    yield Rows(
        "partners.Obligation",
        "FROM bench.agreement a, generate_series(1, 3) part WHERE state = 'signed'",
        agreement="id",
        party="CASE part WHEN 2 THEN 'agency' ELSE 'prison' END",
        what="'Kewajiban ke-' || part",
        due=due,
        done_on=f"CASE WHEN {due} < current_date AND id % 10 > 0 THEN {due} END",
    )
    yield Rows(
        "partners.Review",
        f"{ALL} WHERE state = 'signed' AND starts_on + 372 < current_date",
        agreement="id",
        due="(starts_on + interval '12 months')::date",
        held_on="(starts_on + interval '12 months')::date + 3",
        result="'Berjalan baik.'",
    )
    yield Rows(
        "partners.Extension",
        f"{ALL} WHERE state = 'signed' AND nth > 2 AND nth % 10 = 8",
        agreement="id",
        number="'AD-' || id",
        signed_on="starts_on + 700",
        old_end="starts_on + 730",
        new_end="starts_on + 1095",
        reason="'Dilanjutkan'",
        scan=FILE,
    )
