from django.db.models import Count, Q

from inmates.models import Custody
from inmates.states import CustodyEnd, RegisterClass, Sex
from reports.monthly.section import Section, total_of

COLUMNS = ["Golongan registrasi", "Laki-laki", "Perempuan", "Belum dicatat", "Jumlah"]


def held(facility, first, last):
    """Who was in custody on the last day, by class of registration and sex."""
    rows = (
        Custody.objects.filter(facility=facility, starts__lte=last)
        .filter(Q(until=None) | Q(until__gt=last))
        .exclude(ended_how=CustodyEnd.DUPLICATE)
        .order_by()
        .values("register_class")
        .annotate(
            men=Count("pk", filter=Q(inmate__sex=Sex.MALE)),
            women=Count("pk", filter=Q(inmate__sex=Sex.FEMALE)),
            everybody=Count("pk"),
        )
    )
    found = {row["register_class"]: row for row in rows}
    known = [*RegisterClass.values, *(code for code in found if code not in RegisterClass.values)]
    lines = [
        [
            str(RegisterClass(code).label) if code in RegisterClass.values else "Belum dicatat",
            row["men"],
            row["women"],
            row["everybody"] - row["men"] - row["women"],
            row["everybody"],
        ]
        for code in known
        if (row := found.get(code))
    ]
    return Section("people", "Penghuni", COLUMNS, lines, total_of(lines, COLUMNS))
