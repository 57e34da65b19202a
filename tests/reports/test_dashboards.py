"""The dashboards of training, agreements and work equal what plain SQL counts over drawn lives."""

import re
from html import unescape

import pytest
from django.db import connection

from placements.employment import PlacementKind
from tests.factories.accounts import staff
from tests.factories.partners import PartnershipFactory, today
from tests.reports import deals, lives
from training.models import Enrolment

pytestmark = pytest.mark.django_db

TRAINING, AGREEMENTS, WORK = "/dashboard/training/", "/dashboard/agreements/", "/dashboard/work/"
MOST = 12


@pytest.fixture(scope="module", params=[1, 2])
def lived(request, stage):
    partnerships = PartnershipFactory.create_batch(2)
    places = [(each.facility, each.agency) for each in partnerships]
    for draw in (lives.draw, deals.deal):
        draw(request.param, *places)
    return places[0][0]


@pytest.fixture(scope="module")
def officer(lived):
    return staff(lived, "officer")


def text(answer):
    return answer.content.decode()


def linked(page):
    """`[(address, figure)]` of the tables that lead to a list."""
    found = re.findall(r'<a href="([^"]+)">(\d+)<span class="visually-hidden"', page)
    return [(unescape(url), int(number)) for url, number in found]


def rows_in(answer):
    return answer.context["table"].paginator.count


def figures(answer):
    """`{section: {label: (number, denominator)}}`."""
    return {
        section.key: {
            str(line.bar.label): (line.bar.number, line.bar.whole) for line in section.lines
        }
        for section in answer.context["sections"]
    }


def ask(sql, facility, **more):
    with connection.cursor() as cursor:
        given = {"facility": facility.pk, "today": today(), "year": today().year}
        cursor.execute(sql, given | more)
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


@pytest.mark.parametrize("page", [TRAINING, AGREEMENTS, WORK])
@pytest.mark.parametrize("asked", ["", "?year=&agency={agency}&course={course}"])
def test_every_figure_lists_exactly_that_many_rows(lived, officer, login, page, asked):
    client = login(officer)
    batch = Enrolment.objects.filter(facility=lived, state="completed").first().batch
    asked = asked.format(agency=batch.agency.public_id, course=batch.course.public_id)
    found = linked(text(client.get(page + asked)))
    for url, number in found:
        assert rows_in(client.get(url)) == number, url
    assert any(number for _url, number in found)


def test_plan_and_seats_equal_a_recount(lived, officer, login):
    told = ask(
        """SELECT (SELECT coalesce(sum(seats_planned), 0) FROM training_planline
                    WHERE facility_id = %(facility)s AND year = %(year)s) AS planned,
                  (SELECT coalesce(sum(seats_requested), 0) FROM training_planline
                    WHERE facility_id = %(facility)s AND year = %(year)s) AS requested,
                  (SELECT coalesce(sum(seats_granted), 0) FROM training_planline
                    WHERE facility_id = %(facility)s AND year = %(year)s) AS granted,
                  (SELECT coalesce(sum(seats_per_year), 0) FROM partners_agreement
                    WHERE facility_id = %(facility)s AND state IN ('signed', 'terminated')
                      AND %(today)s BETWEEN starts_on AND ends_on
                      AND (terminated_on IS NULL OR terminated_on > %(today)s)) AS promised,
                  coalesce(sum(seats_confirmed), 0) AS confirmed,
                  coalesce(sum(seats_extra), 0) AS extra,
                  coalesce(sum((SELECT count(*) FROM training_enrolment e
                     WHERE e.batch_id = b.id AND e.state <> 'dropped')), 0) AS taken,
                  coalesce(sum(seats_confirmed + seats_extra - seats_taken)
                    FILTER (WHERE starts_on >= %(today)s AND state IN
                      ('planned', 'negotiating', 'confirmed', 'running')), 0) AS free
             FROM training_batch b
            WHERE facility_id = %(facility)s AND state <> 'cancelled'
              AND extract(year FROM starts_on) = %(year)s""",
        lived,
    )
    answer = login(officer).get(TRAINING)
    plan, seats = (figures(answer)[key] for key in ("plan", "seats"))
    assert plan == {
        "Kursi: direncanakan": (told["planned"], None),
        "Kursi: diminta": (told["requested"], told["planned"]),
        "Kursi: diberikan": (told["granted"], told["planned"]),
    }
    whole = told["confirmed"] + told["extra"]
    assert seats == {
        "Dijanjikan perjanjian": (told["promised"], None),
        "Dikonfirmasi instansi": (told["confirmed"], told["promised"]),
        "Tambahan": (told["extra"], None),
        "Terisi": (told["taken"], whole),
        "Kosong, belum mulai": (told["free"], whole),
    }
    assert told["planned"]
    assert told["confirmed"]


ATTENDED = """
WITH met AS (
  SELECT e.id, coalesce(c.minimum_attendance, %(minimum)s) AS minimum, m.jp, a.code,
         a.jp AS was
    FROM training_enrolment e
    JOIN training_batch b ON b.id = e.batch_id
    JOIN training_course c ON c.id = b.course_id
    JOIN training_decree d ON d.id = e.decree_id
    JOIN correspondence_letter l ON l.id = d.letter_id
    LEFT JOIN training_meeting m ON m.batch_id = b.id AND m.state = 'held'
         AND (lower(m.during) AT TIME ZONE 'Asia/Jakarta')::date >= b.starts_on
         AND (lower(m.during) AT TIME ZONE 'Asia/Jakarta')::date
           <= coalesce(e.dropped_on, 'infinity')
    LEFT JOIN training_attendance a ON a.meeting_id = m.id AND a.enrolment_id = e.id
   WHERE e.facility_id = %(facility)s AND b.state IN ('running', 'finished', 'closed')
), each AS (
  SELECT id, minimum, coalesce(sum(was), 0) AS was,
         coalesce(sum(jp), 0) - coalesce(sum(jp) FILTER (WHERE code = ANY(%(excused)s)), 0) AS held
    FROM met GROUP BY id, minimum
)
SELECT count(*) AS everybody,
       count(*) FILTER (WHERE held > 0) AS counted,
       count(*) FILTER (WHERE held > 0 AND was * 100 / held >= minimum) AS enough,
       coalesce(sum(was) FILTER (WHERE held > 0), 0) AS attended,
       coalesce(sum(held) FILTER (WHERE held > 0), 0) AS held
  FROM each
"""


def test_attendance_equals_a_recount(lived, officer, login, settings):
    told = ask(
        ATTENDED,
        lived,
        minimum=settings.MINIMUM_ATTENDANCE_PERCENT,
        excused=list(settings.ATTENDANCE_EXCUSED_CODES),
    )
    seen = figures(login(officer).get(f"{TRAINING}?year="))["attendance"]
    assert seen == {
        "Kehadirannya sudah dihitung": (told["counted"], told["everybody"]),
        "Cukup menurut program": (told["enough"], told["counted"]),
        "Di bawah batas program": (told["counted"] - told["enough"], told["counted"]),
        "Belum ada pertemuan yang dihitung": (
            told["everybody"] - told["counted"],
            told["everybody"],
        ),
        "JP dihadiri": (told["attended"], told["held"]),
    }
    assert told["counted"]


def test_certificates_equal_a_recount(lived, officer, login):
    told = ask(
        """SELECT count(*) AS enrolled, count(*) FILTER (WHERE e.state = 'completed') AS finished,
                  count(*) FILTER (WHERE e.state = 'completed' AND EXISTS (
                    SELECT FROM training_certificate c WHERE c.enrolment_id = e.id
                       AND c.state = 'issued' AND c.kind <> 'participation')) AS certified
             FROM training_enrolment e JOIN training_batch b ON b.id = e.batch_id
            WHERE e.facility_id = %(facility)s AND b.state IN ('running', 'finished', 'closed')
              AND extract(year FROM b.starts_on) = %(year)s""",
        lived,
    )
    assert figures(login(officer).get(TRAINING))["certificates"] == {
        "Peserta": (told["enrolled"], None),
        "Menyelesaikan": (told["finished"], told["enrolled"]),
        "Bersertifikat": (told["certified"], told["finished"]),
    }


HEALTH = """
WITH mine AS (
  SELECT a.*, (state IN ('signed', 'terminated') AND %(today)s BETWEEN starts_on AND ends_on
               AND (terminated_on IS NULL OR terminated_on > %(today)s)) AS holds,
         state IN ('exploring', 'draft', 'review', 'ready') AS draft,
         (ends_on - make_interval(months => notice_months::int))::date AS propose_by,
         EXISTS (SELECT FROM partners_agreement s WHERE s.renews_id = a.id
                    AND s.state IN ('signed', 'terminated')) AS followed
    FROM partners_agreement a WHERE facility_id = %(facility)s
), duty AS (
  SELECT o.*, m.id AS of FROM partners_obligation o JOIN mine m ON m.id = o.agreement_id
   WHERE o.done_on IS NULL AND o.dropped_at IS NULL AND m.state <> 'cancelled'
)
SELECT count(*) FILTER (WHERE holds) AS holds,
       count(*) FILTER (WHERE holds AND ends_on <= %(today)s::date + 90) AS ending,
       count(*) FILTER (WHERE holds AND ends_on <= %(today)s::date + 90 AND NOT followed) AS alone,
       count(*) FILTER (WHERE holds AND NOT followed
         AND propose_by BETWEEN %(today)s AND %(today)s::date + 90) AS notice,
       count(*) FILTER (WHERE holds AND NOT followed AND propose_by < %(today)s) AS late,
       count(*) FILTER (WHERE holds AND NOT EXISTS (SELECT FROM training_batch b
         WHERE b.agreement_id = mine.id AND b.state <> 'cancelled')) AS idle,
       count(*) FILTER (WHERE draft) AS drafts,
       count(*) FILTER (WHERE draft AND created_at < now() - interval '60 days') AS old,
       (SELECT count(*) FROM duty WHERE party = 'prison') AS ours,
       (SELECT count(*) FROM duty WHERE party = 'prison' AND due < %(today)s) AS ours_late,
       (SELECT count(*) FROM duty WHERE party = 'agency') AS theirs,
       (SELECT count(*) FROM duty WHERE party = 'agency' AND due < %(today)s) AS theirs_late,
       (SELECT count(DISTINCT of) FROM duty WHERE due < %(today)s) AS with_late
  FROM mine
"""


def test_the_health_of_agreements_equals_a_recount(lived, officer, login):
    told = ask(HEALTH, lived)
    seen = figures(login(officer).get(AGREEMENTS))
    assert seen["term"] == {
        "Berlaku hari ini": (told["holds"], None),
        "Berakhir dalam 90 hari": (told["ending"], told["holds"]),
        "Berakhir dalam 90 hari tanpa penerus": (told["alone"], told["holds"]),
        "Batas usulan dalam 90 hari": (told["notice"], told["holds"]),
        "Lewat batas usulan, tanpa penerus": (told["late"], told["holds"]),
        "Tanpa satu angkatan pun": (told["idle"], told["holds"]),
    }
    assert seen["drafts"]["Belum ditandatangani"] == (told["drafts"], None)
    assert seen["drafts"]["Lebih dari 60 hari"] == (told["old"], told["drafts"])
    assert seen["duties"] == {
        "Terlambat: Lapas": (told["ours_late"], told["ours"]),
        "Terlambat: Instansi": (told["theirs_late"], told["theirs"]),
        "Perjanjian dengan kewajiban terlambat": (told["with_late"], None),
    }
    assert told["holds"]
    assert told["drafts"]


def test_referrals_equal_a_recount(lived, officer, login):
    told = ask(
        """SELECT count(*) AS every, count(*) FILTER (WHERE sent_at IS NOT NULL) AS sent,
                  count(*) FILTER (WHERE state IN ('sent', 'received', 'forwarded', 'interview'))
                    AS open,
                  count(*) FILTER (WHERE state IN ('sent', 'received', 'forwarded', 'interview')
                    AND sent_at < now() - interval '30 days') AS old,
                  count(*) FILTER (WHERE state IN ('sent', 'received', 'forwarded', 'interview')
                    AND answer_by < %(today)s) AS late,
                  count(*) FILTER (WHERE state = 'accepted') AS accepted,
                  count(*) FILTER (WHERE state = 'declined') AS declined,
                  count(*) FILTER (WHERE state = 'draft') AS draft,
                  count(*) FILTER (WHERE state = 'accepted' AND EXISTS (
                    SELECT FROM placements_placement p WHERE p.referral_id = r.id)) AS placed
             FROM placements_referral r WHERE facility_id = %(facility)s
              AND extract(year FROM created_at AT TIME ZONE 'Asia/Jakarta') = %(year)s""",
        lived,
    )
    seen = figures(login(officer).get(WORK))
    states, answers = seen["referrals"], seen["answers"]
    assert states["Semua rujukan"] == (told["every"], None)
    assert states["Disusun"] == (told["draft"], told["every"])
    assert states["Di Disnaker, belum dijawab"] == (told["open"], None)
    assert states["Dikirim lebih dari 30 hari lalu"] == (told["old"], told["open"])
    assert states["Lewat batas jawab"] == (told["late"], told["open"])
    assert answers["Pernah dikirim"] == (told["sent"], told["every"])
    assert answers["Diterima bekerja"] == (told["accepted"], told["sent"])
    assert answers["Diterima dan mulai bekerja"] == (told["placed"], told["accepted"])
    assert answers["Ditolak"] == (told["declined"], told["sent"])
    assert told["sent"]


@pytest.mark.parametrize("kind", ["after_release", "work_release", "self_employed"])
def test_placements_equal_a_recount(lived, officer, login, kind):
    told = ask(
        """SELECT count(*) FILTER (WHERE extract(year FROM starts_on) = %(year)s) AS begun,
                  count(*) FILTER (WHERE extract(year FROM starts_on) = %(year)s
                    AND kind = %(kind)s) AS begun_so,
                  count(*) FILTER (WHERE extract(year FROM ended_on) = %(year)s) AS ended,
                  count(*) FILTER (WHERE extract(year FROM ended_on) = %(year)s
                    AND kind = %(kind)s) AS ended_so
             FROM placements_placement WHERE facility_id = %(facility)s""",
        lived,
        kind=kind,
    )
    label = PlacementKind(kind).label
    seen = figures(login(officer).get(WORK))["placements"]
    assert seen["Mulai bekerja"] == (told["begun"], None)
    assert seen[f"Mulai: {label}"] == (told["begun_so"], told["begun"])
    assert seen["Berakhir"] == (told["ended"], None)
    assert seen[f"Berakhir: {label}"] == (told["ended_so"], told["ended"])


def test_follow_ups_equal_a_recount(lived, officer, login):
    told = ask(
        """SELECT count(*) AS due,
                  count(*) FILTER (WHERE (state = 'done' AND outcome <> 'not_reached')
                    OR state = 'cancelled') AS reached,
                  count(*) FILTER (WHERE state = 'done' AND outcome IN
                    ('formal', 'informal', 'self_employed', 'apprentice')) AS working
             FROM placements_followup
            WHERE facility_id = %(facility)s AND months <> 0 AND due_on <= %(today)s
              AND (state <> 'cancelled' OR outcome = 'detained')""",
        lived,
    )
    assert figures(login(officer).get(f"{WORK}?year="))["follow-ups"] == {
        "Jatuh tempo": (told["due"], None),
        "Terjangkau": (told["reached"], told["due"]),
        "Bekerja, dari yang terjangkau": (told["working"], told["reached"]),
        "Bekerja, dari semua yang jatuh tempo": (told["working"], told["due"]),
        "Belum diketahui": (told["due"] - told["reached"], told["due"]),
    }
    assert told["reached"]
