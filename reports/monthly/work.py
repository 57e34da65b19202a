from django.db.models import Count, Q

from placements.employment import PlacementKind, ReferralState
from placements.models import FollowUp, Placement, Referral
from reports.monthly.section import Section, total_of

EMPLOYERS = ["Pemberi kerja", "Orang pada akhir bulan", "Mulai bulan ini"]
NUMBERS = ["Uraian", "Jumlah"]


def released_to_work(facility, first, last):
    """Who works outside while serving, by employer."""
    rows = (
        Placement.objects.counted()
        .filter(facility=facility, kind=PlacementKind.WORK_RELEASE, starts_on__lte=last)
        .filter(Q(ended_on=None) | Q(ended_on__gte=first))
        .order_by("employer__name")
        .values_list("employer__name")
        .annotate(
            at_end=Count("pk", filter=Q(ended_on=None) | Q(ended_on__gt=last)),
            begun=Count("pk", filter=Q(starts_on__gte=first)),
        )
    )
    lines = [list(row) for row in rows]
    return Section("release", "Asimilasi kerja", EMPLOYERS, lines, total_of(lines, EMPLOYERS))


def placed(facility, first, last):
    """Referrals, work after release, and what was asked about it in the month."""
    month = (first, last)
    referrals = Referral.objects.filter(facility=facility).aggregate(
        sent=Count("pk", filter=Q(sent_at__date__range=month)),
        accepted=Count("pk", filter=Q(state=ReferralState.ACCEPTED, state_at__date__range=month)),
    )
    work = (
        Placement.objects.counted()
        .filter(facility=facility, starts_on__range=month)
        .exclude(kind=PlacementKind.WORK_RELEASE)
        .aggregate(
            employed=Count("pk", filter=~Q(kind=PlacementKind.SELF_EMPLOYED)),
            own=Count("pk", filter=Q(kind=PlacementKind.SELF_EMPLOYED)),
        )
    )
    due = FollowUp.objects.counted(last).filter(facility=facility, due_on__gte=first)
    rows = [
        ["Rujukan dikirim ke Disnaker", referrals["sent"]],
        ["Rujukan diterima pemberi kerja", referrals["accepted"]],
        ["Mulai bekerja pada pemberi kerja", work["employed"]],
        ["Mulai wirausaha", work["own"]],
        ["Pemantauan jatuh tempo", due.count()],
        ["Pemantauan: terjangkau", due.reached().count()],
        ["Pemantauan: bekerja", due.working().count()],
    ]
    return Section("placed", "Penempatan kerja dan pemantauan", NUMBERS, rows)
