"""What must be true of the data, recounted in plain SQL, apart from the triggers that keep it."""

from django.db import connection

from reports import leftovers

# Each statement returns the ids of the rows that break the sentence which names it.
CHECKS = {
    "seats taken equal the enrolments and offers that hold one": """
        SELECT b.id FROM training_batch b WHERE b.seats_taken <> (
          SELECT count(*) FROM training_enrolment e WHERE e.batch_id = b.id
             AND e.state IN ('enrolled', 'suspended', 'completed', 'not_completed')) + (
          SELECT count(*) FROM training_seatoffer o WHERE o.batch_id = b.id
             AND o.state IN ('open', 'taken'))""",
    "a seat is held for an approved reserve without a seat, in a batch that still selects": """
        SELECT o.id FROM training_seatoffer o
          JOIN training_candidate c ON c.id = o.candidate_id
          JOIN training_batch b ON b.id = o.batch_id
        WHERE o.state IN ('open', 'taken') AND (
          c.batch_id <> o.batch_id OR c.state <> 'approved'
          OR b.state IN ('finished', 'closed', 'cancelled')
          OR EXISTS (SELECT FROM training_enrolment e WHERE e.candidate_id = c.id))""",
    "an offer that became a seat stands behind an enrolment": """
        SELECT o.id FROM training_seatoffer o WHERE o.state = 'seated' AND NOT EXISTS (
          SELECT FROM training_enrolment e WHERE e.candidate_id = o.candidate_id)""",
    "a participant who is in has an approved candidature": """
        SELECT e.id FROM training_enrolment e JOIN training_candidate c ON c.id = e.candidate_id
        WHERE c.batch_id <> e.batch_id OR c.inmate_id <> e.inmate_id OR (
          e.state IN ('enrolled', 'suspended', 'completed', 'not_completed')
          AND c.state <> 'approved')""",
    "a cancelled batch holds nobody": """
        SELECT b.id FROM training_batch b WHERE b.state = 'cancelled' AND (
          EXISTS (SELECT FROM training_enrolment e
                   WHERE e.batch_id = b.id AND e.state IN ('enrolled', 'suspended'))
          OR EXISTS (SELECT FROM training_slotproposal p
                      WHERE p.batch_id = b.id AND p.state = 'open')
          OR EXISTS (SELECT FROM training_meeting m
                      WHERE m.batch_id = b.id AND m.state = 'planned' AND NOT EXISTS (
                        SELECT FROM training_attendance a WHERE a.meeting_id = m.id)
                        AND NOT EXISTS (
                        SELECT FROM training_toolcheck t WHERE t.meeting_id = m.id)))""",
    "nobody is on the way into a batch that is over, and no meeting of it comes": """
        SELECT b.id FROM training_batch b WHERE b.state IN ('finished', 'closed', 'cancelled') AND (
          EXISTS (SELECT FROM training_candidate c
                   WHERE c.batch_id = b.id AND c.state IN ('proposed', 'approved', 'deferred')
                     AND NOT EXISTS (SELECT FROM training_enrolment e
                                      WHERE e.candidate_id = c.id))
          OR EXISTS (SELECT FROM training_hearing h
                      WHERE h.batch_id = b.id AND h.state = 'planned')
          OR EXISTS (SELECT FROM training_decree d
                      WHERE d.batch_id = b.id AND d.state IN ('prepared', 'returned'))
          OR EXISTS (SELECT FROM training_meeting m WHERE m.batch_id = b.id
                        AND m.state = 'planned' AND lower(m.during) > now()))""",
    "a cancelled batch has no result and no paper": """
        SELECT b.id FROM training_batch b WHERE b.state = 'cancelled' AND (
          EXISTS (SELECT FROM training_enrolment e
                   WHERE e.batch_id = b.id AND e.state IN ('completed', 'not_completed'))
          OR EXISTS (SELECT FROM training_certificate c
                       JOIN training_enrolment e ON e.id = c.enrolment_id
                      WHERE e.batch_id = b.id AND c.state = 'issued'))""",
    "places of a vacancy equal those whom an employer took": """
        SELECT v.id FROM placements_vacancy v WHERE v.places_filled <> (
          SELECT count(*) FROM placements_referral r
           WHERE r.vacancy_id = v.id AND r.state = 'accepted') + (
          SELECT count(*) FROM placements_placement p
           WHERE p.vacancy_id = v.id AND p.referral_id IS NULL AND p.state <> 'void')""",
    "a referral is marked as placed exactly when somebody works by it": """
        SELECT r.id FROM placements_referral r WHERE r.is_placed <> EXISTS (
          SELECT FROM placements_placement p
           WHERE p.referral_id = r.id AND p.inmate_id = r.inmate_id)""",
    "who goes out to work is held there": """
        SELECT p.id FROM placements_placement p JOIN inmates_inmate i ON i.id = p.inmate_id
        WHERE p.kind = 'work_release' AND p.state = 'running' AND NOT EXISTS (
          SELECT FROM inmates_custody k JOIN inmates_inmate o ON o.id = k.inmate_id
           WHERE k.facility_id = p.facility_id AND k.until IS NULL
             AND coalesce(o.merged_into_id, o.id) = coalesce(i.merged_into_id, i.id))
          AND NOT EXISTS (
          SELECT FROM inmates_circumstance c JOIN inmates_inmate o ON o.id = c.inmate_id
           WHERE c.facility_id = p.facility_id AND c.decision = ''
             AND c.kind IN ('transferred', 'released', 'died', 'escaped')
             AND coalesce(o.merged_into_id, o.id) = coalesce(i.merged_into_id, i.id))""",
    "only work release goes out and comes back": """
        SELECT w.id FROM placements_workday w JOIN placements_placement p ON p.id = w.placement_id
        WHERE p.kind <> 'work_release' OR w.facility_id <> p.facility_id""",
    "nothing goes on for an agency of which the person wants none any more": """
        SELECT r.id FROM placements_referral r JOIN inmates_consent c ON c.id = r.consent_id
        WHERE r.state IN ('draft', 'submitted', 'approved', 'sent', 'received', 'forwarded',
                          'interview') AND c.withdrawn_on IS NOT NULL""",
    "no agency has anything open of whoever asked that their data be used no further": """
        SELECT r.id FROM placements_referral r JOIN inmates_datalimit l USING (inmate_id)
        WHERE l.lifted_on IS NULL AND r.state IN ('draft', 'submitted', 'approved', 'sent',
          'received', 'forwarded', 'interview')
        UNION ALL
        SELECT f.id FROM placements_followup f JOIN inmates_datalimit l USING (inmate_id)
        WHERE l.lifted_on IS NULL AND f.state = 'due' AND f.owner = 'agency'""",
    "a person has one open series of follow-ups": """
        SELECT coalesce(i.merged_into_id, i.id) FROM placements_followup f
          JOIN inmates_inmate i ON i.id = f.inmate_id
        WHERE f.state = 'due' GROUP BY 1 HAVING count(DISTINCT f.counted_from) > 1""",
    "an agency is to ask only of who agreed": """
        SELECT f.id FROM placements_followup f JOIN inmates_inmate i ON i.id = f.inmate_id
        WHERE f.state = 'due' AND f.owner = 'agency' AND (f.agency_id IS NULL OR NOT EXISTS (
          SELECT FROM inmates_consent c JOIN inmates_inmate p ON p.id = c.inmate_id
           WHERE coalesce(p.merged_into_id, p.id) = coalesce(i.merged_into_id, i.id)
             AND c.purpose = 'follow_up' AND c.withdrawn_on IS NULL))""",
    "a link that may be used asks about what nobody answered": """
        SELECT l.id FROM placements_followuplink l
          JOIN placements_followup f ON f.id = l.follow_up_id
        WHERE l.used_at IS NULL AND l.revoked_at IS NULL AND f.state <> 'due'""",
    "news is counted from its own day and is never to be asked": """
        SELECT id FROM placements_followup
        WHERE months = 0 AND (state = 'due' OR due_on <> counted_from)""",
    "a candidate is of the prison of the batch": """
        SELECT c.id FROM training_candidate c JOIN training_batch b ON b.id = c.batch_id
        WHERE c.facility_id <> b.facility_id""",
    "a participant is of the prison and agency of the batch": """
        SELECT e.id FROM training_enrolment e JOIN training_batch b ON b.id = e.batch_id
        WHERE e.facility_id <> b.facility_id OR e.agency_id <> b.agency_id""",
    "a closed batch has no participant without a result": """
        SELECT e.id FROM training_enrolment e JOIN training_batch b ON b.id = e.batch_id
        WHERE b.state = 'closed' AND e.state IN ('enrolled', 'suspended')""",
    "a certificate is of the person, course and prison of its enrolment": """
        SELECT c.id FROM training_certificate c
          JOIN training_enrolment e ON e.id = c.enrolment_id
          JOIN training_batch b ON b.id = e.batch_id
        WHERE c.inmate_id <> e.inmate_id OR c.facility_id <> e.facility_id
           OR (c.course_id IS NOT NULL AND c.course_id <> b.course_id)""",
    "a revoked certificate is revoked to the public too": """
        SELECT c.id FROM training_certificate c
          JOIN correspondence_verification v ON v.id = c.verification_id
        WHERE (c.state = 'revoked') <> (v.revoked_at IS NOT NULL)""",
    "JP are counted only for who came, and never more than the meeting has": """
        SELECT a.id FROM training_attendance a
          JOIN training_meeting m ON m.id = a.meeting_id
          JOIN training_enrolment e ON e.id = a.enrolment_id
        WHERE a.jp > m.jp OR (a.jp > 0 AND a.code NOT IN ('H', 'T'))
           OR e.batch_id <> m.batch_id OR a.facility_id <> m.facility_id""",
    "meetings are numbered in the order of their time": """
        SELECT m.id FROM (
          SELECT id, number, row_number() OVER (PARTITION BY batch_id ORDER BY during, id) AS nth
            FROM training_meeting WHERE state <> 'cancelled') m
        WHERE m.number <> m.nth""",
    "a meeting is not marked as held before it takes place": """
        SELECT id FROM training_meeting WHERE state = 'held' AND lower(during) > now()""",
    "no batch holds more people than seats": """
        SELECT id FROM training_batch WHERE seats_taken > seats_confirmed + seats_extra""",
    "seats confirmed are those of the last accepted round": """
        SELECT b.id FROM training_batch b
        JOIN LATERAL (SELECT seats FROM training_slotproposal p
                       WHERE p.batch_id = b.id AND p.state = 'accepted'
                       ORDER BY round DESC LIMIT 1) last ON true
        WHERE b.seats_confirmed <> last.seats AND NOT b.entered_afterwards""",
    "a negotiating batch has an open round": """
        SELECT b.id FROM training_batch b WHERE b.state = 'negotiating' AND NOT EXISTS (
          SELECT FROM training_slotproposal p WHERE p.batch_id = b.id AND p.state = 'open')""",
    "nobody is in two overlapping batches": """
        SELECT a.id FROM training_enrolment a JOIN training_enrolment b
          ON a.inmate_id = b.inmate_id AND a.id < b.id AND a.period && b.period
        WHERE a.state IN ('enrolled', 'suspended') AND b.state IN ('enrolled', 'suspended')""",
    "a participant's period is the batch's": """
        SELECT e.id FROM training_enrolment e JOIN training_batch b ON b.id = e.batch_id
        WHERE e.state IN ('enrolled', 'suspended')
          AND e.period <> daterange(b.starts_on, b.ends_on, '[]')""",
    "every enrolment stands on an issued decree that lists it": """
        SELECT e.id FROM training_enrolment e JOIN training_decree d ON d.id = e.decree_id
        WHERE d.state <> 'issued' OR NOT EXISTS (
          SELECT FROM training_decreeentry x
           WHERE x.decree_id = d.id AND x.candidate_id = e.candidate_id)""",
    "a signed agreement is complete": """
        SELECT id FROM partners_agreement WHERE state IN ('signed', 'terminated') AND (
          our_number = '' OR their_number = '' OR signed_scan = '' OR signed_on IS NULL
          OR starts_on IS NULL OR ends_on IS NULL OR ends_on < starts_on)""",
    "one open custody a person": """
        SELECT inmate_id FROM inmates_custody WHERE until IS NULL
        GROUP BY inmate_id HAVING count(*) > 1""",
    "nobody who left is still enrolled or proposed": """
        WITH person AS (
          SELECT id, coalesce(merged_into_id, id) AS root FROM inmates_inmate),
        stay AS (
          SELECT p.root, k.facility_id, bool_and(k.until IS NOT NULL) AS gone,
                 max(k.until) AS left_on
            FROM inmates_custody k JOIN person p ON p.id = k.inmate_id GROUP BY 1, 2),
        leg AS (
          SELECT e.id, e.inmate_id, e.facility_id,
                 CASE WHEN b.state = 'postponed' THEN 'infinity' ELSE b.ends_on END AS lasts_until
            FROM training_enrolment e JOIN training_batch b ON b.id = e.batch_id
           WHERE e.state IN ('enrolled', 'suspended')
             AND b.state NOT IN ('finished', 'closed', 'cancelled')
          UNION ALL
          SELECT c.id, c.inmate_id, c.facility_id, 'infinity'
            FROM training_candidate c LEFT JOIN training_enrolment e ON e.candidate_id = c.id
           WHERE c.state IN ('proposed', 'approved', 'deferred') AND e.id IS NULL)
        SELECT leg.id FROM leg JOIN person p ON p.id = leg.inmate_id
          JOIN stay s ON s.root = p.root AND s.facility_id = leg.facility_id
         WHERE s.gone AND s.left_on <= leg.lasts_until AND NOT EXISTS (
           SELECT FROM inmates_circumstance c JOIN person q ON q.id = c.inmate_id
            WHERE q.root = p.root AND c.facility_id = leg.facility_id AND c.decision = ''
              AND c.kind IN ('transferred', 'released', 'died', 'escaped'))""",
    "a person is held where the open stay is": """
        SELECT i.id FROM inmates_inmate i
        LEFT JOIN inmates_custody c ON c.inmate_id = i.id AND c.until IS NULL
        WHERE i.prison_id IS DISTINCT FROM c.facility_id""",
    "a person's prisons are those of the stays": """
        SELECT i.id FROM inmates_inmate i
        LEFT JOIN (SELECT inmate_id, array_agg(DISTINCT facility_id ORDER BY facility_id) AS ids
                     FROM inmates_custody GROUP BY inmate_id) c ON c.inmate_id = i.id
        WHERE i.prisons <> coalesce(c.ids, '{}')""",
    "a merged record points to one that is in use": """
        SELECT i.id FROM inmates_inmate i JOIN inmates_inmate w ON w.id = i.merged_into_id
        WHERE w.merged_into_id IS NOT NULL OR w.id = i.id""",
    "a merged record was merged by somebody, and its winner's person is where it points": """
        SELECT i.id FROM inmates_inmate i
        LEFT JOIN inmates_merge m ON m.loser_id = i.id AND m.undone_at IS NULL
        LEFT JOIN inmates_inmate w ON w.id = m.winner_id
        WHERE i.merged_into_id IS DISTINCT FROM coalesce(w.merged_into_id, w.id)""",
    "a merged record holds nothing open": """
        SELECT i.id FROM inmates_inmate i WHERE i.merged_into_id IS NOT NULL AND (
          EXISTS (SELECT FROM inmates_custody WHERE inmate_id = i.id AND until IS NULL)
          OR EXISTS (SELECT FROM inmates_transfer WHERE inmate_id = i.id AND state = 'proposed')
          OR EXISTS (SELECT FROM training_waitingentry
                      WHERE inmate_id = i.id AND state = 'waiting')
          OR EXISTS (SELECT FROM training_enrolment
                      WHERE inmate_id = i.id AND state IN ('enrolled', 'suspended'))
          OR EXISTS (SELECT FROM training_candidate c
                      WHERE c.inmate_id = i.id AND c.state IN ('proposed', 'approved', 'deferred')
                        AND NOT EXISTS (SELECT FROM training_enrolment e
                                         WHERE e.candidate_id = c.id)))""",
    "an anonymised person is in no custody and has no register number": """
        SELECT i.id FROM inmates_inmate i WHERE i.anonymised_on IS NOT NULL AND EXISTS (
          SELECT FROM inmates_custody c
            LEFT JOIN inmates_registerentry r ON r.custody_id = c.id
           WHERE c.inmate_id = i.id AND (c.until IS NULL
             OR c.register_number NOT IN ('', '—')
             OR r.register_number NOT IN ('', '—')))""",
    "letters of an own series have no gap": """
        SELECT series_id FROM correspondence_letter WHERE sequence IS NOT NULL
        GROUP BY series_id, year HAVING max(sequence) <> count(*)""",
    "a series' counter is its newest number": """
        SELECT s.id FROM correspondence_letterseries s
        JOIN correspondence_letter l ON l.series_id = s.id AND l.year = s.counter_year
        GROUP BY s.id, s.counter HAVING max(l.sequence) <> s.counter""",
    "a live notice is told once": """
        SELECT min(id) FROM correspondence_notice WHERE state = 'live'
        GROUP BY recipient_id, kind, object_type, object_id, due, offset_days
        HAVING count(*) > 1""",
    "a sent mail says when": """
        SELECT id FROM correspondence_mail WHERE state = 'sent' AND sent_at IS NULL""",
}


def differences():
    """Pairs of check and the ids that break it: those of `CHECKS`, then what is left of people."""
    with connection.cursor() as cursor:
        for check, statement in CHECKS.items():
            cursor.execute(statement)
            yield check, [row[0] for row in cursor.fetchall()]
    yield from leftovers.checks()
