"""Letters, what people were told, who looked at whom."""

from bench.seed.load import Rows
from bench.seed.offices import POSTS
from bench.seed.people import PUBLIC
from bench.seed.words import ago
from bench.seed.work import SENT

DECREED = "FROM bench.batch WHERE kind IN ('closed', 'finished', 'running')"
# Those who hold the three posts of a prison, and the users who look at the measured one.
READERS = (
    "(SELECT u.id AS user_id, u.email, p.*, row_number() OVER (PARTITION BY p.n ORDER BY u.id) AS k"
    "   FROM accounts_posting h JOIN accounts_user u ON u.id = h.user_id"
    "   JOIN bench.prison p ON p.id = h.facility_id"
    f"  WHERE h.role_id IN {POSTS} AND (u.email LIKE '%-b%' OR p.n = 1)"
    "    AND u.email NOT LIKE 'country@%') r"
)
# As many for the measured prison whatever the size.
TOLD = f"FROM {READERS}, generate_series(0, CASE WHEN n = 1 THEN 119 ELSE people / 30 END) j"
SEEN = f"FROM {READERS}, generate_series(1, people / 6) j"


def rows(inmates):
    yield from _written(inmates)
    yield from _told()
    yield from _seen()


def _written(inmates):
    yield Rows(
        "correspondence.Letter",
        DECREED,
        id="id",
        created_at=ago("current_date - starts_on + 9"),
        facility="facility_id",
        kind="'decree'",
        subject="'SK peserta Angkatan ' || id",
        data="'{}'",
        signatory="'{}'",
        number="'SK-' || id",
        year="extract(year FROM starts_on)",
        dated="starts_on - 7",
        state="'signed'",
        signed_at=ago("current_date - starts_on + 7"),
        state_at=ago("current_date - starts_on + 7"),
    )
    yield Rows(
        "correspondence.Letter",
        f"FROM bench.referral WHERE {SENT}",
        id=f"i + {inmates}",
        created_at=ago("days"),
        facility="facility_id",
        kind="'recommendation'",
        subject="'Rekomendasi R-' || i",
        data="'{}'",
        signatory="'{}'",
        number="'REK-' || i",
        year="extract(year FROM current_date - days)",
        dated="current_date - days + 5",
        state="'sent'",
        signed_at=ago("days - 5"),
        state_at=ago("days - 6"),
    )
    yield Rows(
        "correspondence.LetterFile",
        DECREED,
        letter="id",
        pdf="'letters/uji-' || id || '.pdf'",
        sha256="md5(id::text) || md5(id::text)",
        created_at=ago("current_date - starts_on + 7"),
    )


def _told():
    day = "current_date - (j * 3)::int"
    yield Rows(
        "correspondence.Mail",
        f"{TOLD} WHERE j % 10 = 0",
        created_at=ago("j * 3"),
        recipient="user_id",
        digest_on=day,
        state="'sent'",
        message_id="'<uji-' || user_id || '-' || j || '@bench.test>'",
        subject="'Ringkasan'",
        body="'Ada pemberitahuan untuk Anda.'",
        not_before=ago("j * 3"),
        attempts="1",
        sent_at=ago("j * 3"),
    )
    agreement = "(SELECT min(id) FROM bench.agreement a WHERE a.n = r.n)"
    yield Rows(
        "correspondence.Notice",
        TOLD,
        created_at=ago("j * 3"),
        recipient="user_id",
        facility="r.id",
        kind="'agreement_signed'",
        object_type="'partners.agreement'",
        object_id=agreement,
        due=day,
        data="jsonb_build_object('agreement', 'Kerja sama pelatihan', 'agency', 'BLK Kota',"
        f" 'starts_on', {day}, 'ends_on', {day} + 1095)",
        link="'/agreements/'",
        read_at=f"CASE WHEN j > 9 THEN {ago('j * 3')} END",
        acknowledged_at=f"CASE WHEN j > 9 THEN {ago('j * 3')} END",
    )


def _seen():
    """One in five shows a page of a list, the others one person."""
    person = PUBLIC.format("(before + 1 + (j * 7 + k + {}) % people)::bigint")
    yield Rows(
        "accounts.AccessRecord",
        SEEN,
        at=ago("j % 700"),
        user_email="email",
        act="'view'",
        path="CASE j % 5 WHEN 0 THEN '/inmates/' ELSE '/inmates/' || "
        f"{person.format(0)} || '/' END",
        subjects=f"CASE j % 5 WHEN 0 THEN ARRAY(SELECT {person.format('m')}"
        f" FROM generate_series(0, 24) m) ELSE ARRAY[{person.format(0)}] END",
        address="'127.0.0.1'",
    )
    yield Rows(
        "accounts.SignIn",
        f"FROM {READERS}, generate_series(1, 100) j",
        at=ago("j * 3"),
        user_email="email",
        kind="CASE j % 2 WHEN 0 THEN 'in' ELSE 'out' END",
        address="'127.0.0.1'",
    )
