"""Plan against granted, seats, attendance and certificates of the batches of a year."""

from collections import Counter
from datetime import date
from types import SimpleNamespace

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Agreement
from reports.bars import Bar
from reports.dashboards.asked import counted, in_one_row
from reports.dashboards.page import Grid, Line, Section
from training import attended_sums
from training.attended import Attended
from training.models import Batch, Certificate, Enrolment, PlanLine
from training.states import BATCH_BEGUN, BATCH_OPEN, BatchState, EnrolmentState

PLANNED = {
    "planned": gettext_lazy("Direncanakan"),
    "requested": gettext_lazy("Diminta"),
    "granted": gettext_lazy("Diberikan"),
}
COUNTED = Q(jp_held__gt=F("jp_excused"))
# As `Attended.is_enough`: whole percents, rounded down.
_ENOUGH = Q(
    GreaterThanOrEqual(
        F("jp_attended") * 100, (F("jp_held") - F("jp_excused")) * F("minimum_percent")
    )
)
# Of enrolments `with_attendance()`: the words of the list's filter.
ATTENDANCE = {
    "counted": COUNTED,
    "enough": COUNTED & _ENOUGH,
    "below": COUNTED & ~_ENOUGH,
    "none": ~COUNTED,
}


COLUMNS = [f"{unit}_{word}" for unit in ("packages", "seats") for word in PLANNED]


def training(chosen):
    kept = chosen.kept and chosen.kept.attendance()
    planned, [seats], [promised], certified, *rows = (_count_rest if kept else _count)(chosen)
    return [
        _plan(chosen, planned),
        _seats(chosen, seats, promised),
        _attendance(chosen, kept or _tally(*rows)),
        _certificates(chosen, certified),
    ]


@counted
def _count(chosen):
    """How many have the same sums of attendance: so each is worked out once for a participant."""
    return (*_rest(chosen), attended_sums.sums(begun(chosen)))


@counted
def _count_rest(chosen):
    return _rest(chosen)


def _rest(chosen):
    return _planned(chosen), _seated(chosen), _promising(chosen), _certified(chosen)


def _planned(chosen):
    rows = chosen.narrow(PlanLine.objects.all(), year="year", course="course")
    named = rows.order_by("course__name", "course").values("course__name", "course__public_id")
    return named.annotate(
        lines=Count("pk"),
        **{f"sum_{name}": Sum(name) for name in COLUMNS},
        **{f"rows_{word}": Count("pk", filter=Q(**{f"seats_{word}__gt": 0})) for word in PLANNED},
    )


def _plan(chosen, found):
    def total(name):
        return sum(row[name] for row in found)

    lines = [
        Line(
            Bar(
                _("Kursi: %(what)s") % {"what": str(label).lower()},
                total(f"sum_seats_{word}"),
                None if word == "planned" else total("sum_seats_planned"),
            ),
            of="" if word == "planned" else _("direncanakan"),
            rows=Bar(
                _("baris rencana"),
                total(f"rows_{word}"),
                url=chosen.list_of("reports:plan-line-list", seats=word),
            ),
        )
        for word, label in PLANNED.items()
    ]
    words = [_("Paket %(what)s"), _("Kursi %(what)s")]
    grid = Grid(
        _("Program"),
        [
            _("Baris rencana"),
            *(each % {"what": str(label).lower()} for each in words for label in PLANNED.values()),
        ],
        [
            (
                row["course__name"],
                [
                    Bar(
                        _("Baris rencana"),
                        row["lines"],
                        url=chosen.list_of(
                            "reports:plan-line-list", course=row["course__public_id"]
                        ),
                    ),
                    *(Bar("", row[f"sum_{name}"]) for name in COLUMNS),
                ],
            )
            for row in found
        ],
    )
    empty = _("Belum ada rencana. Isi rencana tahunan dahulu.")
    return Section("plan", _("Rencana dan yang diberikan"), lines, empty, grid=grid)


def _seated(chosen):
    rows = chosen.narrow(Batch.objects.all(), year="starts_on__year", course="course")
    rows = rows.exclude(state=BatchState.CANCELLED)
    today = timezone.localdate()
    coming = Q(
        state__in=BATCH_OPEN,
        starts_on__gte=today,
        seats_taken__lt=F("seats_confirmed") + F("seats_extra"),
    )
    return in_one_row(
        rows,
        confirmed=Sum("seats_confirmed", default=0),
        extra=Sum("seats_extra", default=0),
        taken=Sum("seats_taken", default=0),
        free=Sum(
            F("seats_confirmed") + F("seats_extra") - F("seats_taken"), filter=coming, default=0
        ),
        n_granted=Count("pk", filter=Q(seats_confirmed__gt=0)),
        n_extra=Count("pk", filter=Q(seats_extra__gt=0)),
        n_used=Count("pk", filter=Q(seats_taken__gt=0)),
        n_coming=Count("pk", filter=coming),
    )


def _seats(chosen, found, promised):
    today = timezone.localdate()

    def batches(number, word):
        url = chosen.list_of("training:batch-list", seats=word)
        return Bar(_("angkatan"), number, url=url)

    promised = _promised(chosen, promised, today)
    whole = found["confirmed"] + found["extra"]
    confirmed = Bar(
        _("Dikonfirmasi instansi"), found["confirmed"], promised.bar.number if promised else None
    )
    lines = [
        *([promised] if promised else []),
        Line(
            confirmed, _("dijanjikan") if promised else "", batches(found["n_granted"], "granted")
        ),
        Line(Bar(_("Tambahan"), found["extra"]), rows=batches(found["n_extra"], "extra")),
        Line(
            Bar(_("Terisi"), found["taken"], whole),
            _("dikonfirmasi dan tambahan"),
            batches(found["n_used"], "used"),
        ),
        Line(
            Bar(_("Kosong, belum mulai"), found["free"], whole),
            _("dikonfirmasi dan tambahan"),
            batches(found["n_coming"], "coming"),
        ),
    ]
    note = (
        _("Dijanjikan: kursi per tahun dari perjanjian yang berlaku pada %(day)s.")
        % {"day": f"{day_of(chosen.year, today):%d/%m/%Y}"}
        if promised
        else _("Kursi yang dijanjikan perjanjian tampil untuk satu tahun tanpa pilihan program.")
    )
    empty = _("Belum ada kursi. Rencanakan angkatan dan usulkan kuotanya.")
    return Section("seats", _("Kursi dijanjikan, dikonfirmasi, terisi"), lines, empty, note)


def _promising(chosen):
    rows = chosen.narrow(Agreement.objects.promising_seats())
    if chosen.year:
        rows = rows.in_force(day_of(chosen.year, timezone.localdate()))
    return in_one_row(rows, n=Count("pk"), seats=Sum("seats_per_year", default=0))


def _promised(chosen, found, today):
    """Agreements promise seats a year, of no course: told for one year of all courses."""
    if not chosen.year or chosen.course:
        return None
    day = day_of(chosen.year, today)
    url = chosen.list_of(
        "partners:agreement-list", without=("year",), on=day.isoformat(), seats="promised"
    )
    return Line(
        Bar(_("Dijanjikan perjanjian"), found["seats"]),
        rows=Bar(_("perjanjian"), found["n"], url=url),
    )


def day_of(year, today):
    """Today of this year, else the day of the year that is nearest to it."""
    return min(max(today, date(year, 1, 1)), date(year, 12, 31))


def begun(chosen):
    """Participations in batches that have begun, by these, which are of the same prison and agency
    (`reports.integrity`): so that the database reads those of the prison and not of the country."""
    rows = Enrolment.objects.filter(batch__state__in=BATCH_BEGUN)
    batches = {"facility": "batch__facility", "agency": "batch__agency"}
    return chosen.narrow(rows, year="batch__starts_on__year", course="batch__course", **batches)


def _tally(rows):
    """As `reports.kept.Kept.attendance`: JP `attended` and `held`, and the number of participants
    by each word of `ATTENDANCE`."""
    number = Counter()
    for *sums, people in rows:
        named = dict(zip(attended_sums.SUMS, sums, strict=True))
        one = Attended.of(SimpleNamespace(jp_ahead=0, **named))
        if one.is_enough is None:
            number["none"] += people
            continue
        number["enough" if one.is_enough else "below"] += people
        number["attended"] += one.attended * people
        number["held"] += one.held * people
    number["counted"] = number["enough"] + number["below"]
    return number


def _attendance(chosen, number):
    def people(label, word, whole):
        url = chosen.list_of("reports:participant-list", attendance=word)
        return Bar(label, number[word], whole, url)

    of_counted, everybody = number["counted"], number["counted"] + number["none"]
    lines = [
        Line(people(_("Kehadirannya sudah dihitung"), "counted", everybody), _("peserta")),
        Line(people(_("Cukup menurut program"), "enough", of_counted), _("dihitung")),
        Line(people(_("Di bawah batas program"), "below", of_counted), _("dihitung")),
        Line(people(_("Belum ada pertemuan yang dihitung"), "none", everybody), _("peserta")),
        Line(
            Bar(_("JP dihadiri"), number["attended"], number["held"]),
            _("JP yang dihitung"),
            people(_("peserta"), "counted", None),
            is_drawn=False,
        ),
    ]
    note = _("Pertemuan yang terlaksana, tanpa ketidakhadiran yang diizinkan.")
    empty = _("Belum ada peserta: belum ada angkatan yang mulai.")
    return Section("attendance", _("Kehadiran"), lines, empty, note)


def _certified(chosen):
    papers = Certificate.objects.certified().filter(enrolment=OuterRef("pk"))
    finished = Q(state=EnrolmentState.COMPLETED)
    return (
        begun(chosen)
        .annotate(is_certified=Exists(papers))
        .order_by("batch__course__name", "batch__course")
        .values("batch__course__name", "batch__course__public_id")
        .annotate(
            enrolled=Count("pk"),
            finished=Count("pk", filter=finished),
            certified=Count("pk", filter=finished & Q(is_certified=True)),
        )
    )


def _certificates(chosen, found):
    def bar(label, step, number, whole=None, **more):
        url = chosen.list_of("reports:participant-list", step=step, **more)
        return Bar(label, number, whole, url)

    total = {
        name: sum(row[name] for row in found) for name in ("enrolled", "finished", "certified")
    }
    finishing, certifying = _("Menyelesaikan"), _("Bersertifikat")
    lines = [
        Line(bar(_("Peserta"), "enrolled", total["enrolled"])),
        Line(bar(finishing, "finished", total["finished"], total["enrolled"]), _("peserta")),
        Line(
            bar(certifying, "certified", total["certified"], total["finished"]), _("menyelesaikan")
        ),
    ]
    rows = []
    for row in found:
        of = {"course": row["batch__course__public_id"]}
        cells = [
            bar(_("Peserta"), "enrolled", row["enrolled"], **of),
            bar(finishing, "finished", row["finished"], row["enrolled"], **of),
            bar(certifying, "certified", row["certified"], row["finished"], **of),
        ]
        rows.append((row["batch__course__name"], cells))
    grid = Grid(_("Program"), [_("Peserta"), finishing, certifying], rows)
    empty = _("Belum ada peserta: belum ada angkatan yang mulai.")
    return Section("certificates", _("Kelulusan dan sertifikat"), lines, empty, grid=grid)
