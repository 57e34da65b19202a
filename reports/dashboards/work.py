"""Referrals, work and what was learned afterwards."""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from placements import asking, figures
from placements.employment import (
    WITH_AGENCY,
    DeclineReason,
    EmployerKind,
    PlacementKind,
    ReferralState,
)
from placements.models import FollowUp, Placement, Referral
from reports.bars import Bar
from reports.dashboards.page import Grid, Line, Section

AGES = (14, 30, 60)
REFERRALS, PLACEMENTS = "placements:referral-list", "placements:placement-list"
FOLLOW_UPS = "placements:follow-up-list"


def work(chosen):
    found = _count(chosen)
    return [
        _states(chosen, found),
        _answers(chosen, found),
        _placements(chosen),
        _follow_ups(chosen),
    ]


def _of_course(rows, chosen):
    return figures.of_course(rows, chosen.course.pk) if chosen.course else rows


def _count(chosen):
    """Of the referrals that were written in the year, in one statement."""
    rows = _of_course(chosen.narrow(Referral.objects.all(), year="created_at__year"), chosen)
    now = timezone.now()
    with_agency = Q(state__in=WITH_AGENCY)
    kinds = {
        **{state.value: Q(state=state) for state in ReferralState},
        "with_agency": with_agency,
        **{f"age_{days}": with_agency & Q(sent_at__lt=now - timedelta(days=days)) for days in AGES},
        "late": with_agency & Q(answer_by__lt=timezone.localdate()),
        "sent_once": Q(sent_at__isnull=False),
        "to_place": Q(state=ReferralState.ACCEPTED, is_placed=False),
        "placed": Q(state=ReferralState.ACCEPTED, is_placed=True),
        **{
            f"why_{why}": Q(state=ReferralState.DECLINED, decline_reason=why)
            for why in DeclineReason
        },
    }
    return rows.order_by().aggregate(
        all=Count("pk"), **{f"n_{name}": Count("pk", filter=each) for name, each in kinds.items()}
    )


def _states(chosen, found):
    url = chosen.people_list(REFERRALS)
    lines = [Line(Bar(_("Semua rujukan"), found["all"], url=url))]
    for state in ReferralState:
        url = chosen.people_list(REFERRALS, state=state.value)
        bar = Bar(str(state.label), found[f"n_{state.value}"], found["all"], url)
        lines.append(Line(bar, _("rujukan")))
    whole = found["n_with_agency"]
    url = chosen.people_list(REFERRALS, state="with_agency")
    lines.append(Line(Bar(_("Di Disnaker, belum dijawab"), whole, url=url)))
    for days in AGES:
        label = _("Dikirim lebih dari %(days)s hari lalu") % {"days": days}
        url = chosen.people_list(REFERRALS, sent=days)
        lines.append(Line(Bar(label, found[f"n_age_{days}"], whole, url), _("belum dijawab")))
    url = chosen.people_list(REFERRALS, state="late")
    lines.append(Line(Bar(_("Lewat batas jawab"), found["n_late"], whole, url), _("belum dijawab")))
    empty = _("Belum ada rujukan. Rujuk dari halaman orangnya atau dari sebuah lowongan.")
    note = _("Menurut tahun rujukan disusun.")
    return Section("referrals", _("Rujukan menurut keadaan dan umur"), lines, empty, note)


def _answers(chosen, found):
    sent = found["n_sent_once"]
    accepted, declined = found["n_accepted"], found["n_declined"]

    def line(label, number, whole, of, **query):
        return Line(Bar(label, number, whole, chosen.people_list(REFERRALS, **query)), of)

    lines = [
        line(_("Pernah dikirim"), sent, found["all"], _("rujukan"), state="sent_once"),
        line(_("Diterima bekerja"), accepted, sent, _("dikirim"), state="accepted"),
        line(
            _("Diterima dan mulai bekerja"),
            found["n_placed"],
            accepted,
            _("diterima"),
            state="placed",
        ),
        line(
            _("Diterima, belum bekerja"),
            found["n_to_place"],
            accepted,
            _("diterima"),
            state="to_place",
        ),
        line(_("Ditolak"), declined, sent, _("dikirim"), state="declined"),
        *(
            line(
                _("Ditolak: %(why)s") % {"why": why.label},
                found[f"n_why_{why}"],
                declined,
                _("ditolak"),
                declined=why.value,
            )
            for why in DeclineReason
            if found[f"n_why_{why}"]
        ),
    ]
    empty = _("Belum ada rujukan yang dikirim.")
    return Section("answers", _("Jawaban pemberi kerja"), lines, empty)


def _placements(chosen):
    """Begun and ended in the year: two different sets, counted in one statement."""
    rows = _of_course(chosen.narrow(Placement.objects.counted()), chosen)
    begun = Q(starts_on__year=chosen.year) if chosen.year else Q()
    ended = Q(ended_on__year=chosen.year) if chosen.year else Q(ended_on__isnull=False)
    counted = (
        rows.order_by()
        .values_list("kind", "employer__kind")
        .annotate(begun=Count("pk", filter=begun or None), ended=Count("pk", filter=ended))
    )
    found = {(kind, employer or "none"): tuple(rest) for kind, employer, *rest in counted}

    def total(place, kind=None, employer=None):
        return sum(
            number[place]
            for (k, e), number in found.items()
            if kind in (None, k) and employer in (None, e)
        )

    def bar(label, place, whole=None, **query):
        asked = _year_of(chosen, place) | query
        url = chosen.people_list(PLACEMENTS, without=("year",), **asked)
        return Bar(label, total(place, query.get("kind"), query.get("employer_kind")), whole, url)

    lines = []
    for place, every, one in (
        (0, _("Mulai bekerja"), _("Mulai: %(kind)s")),
        (1, _("Berakhir"), _("Berakhir: %(kind)s")),
    ):
        lines.append(Line(bar(every, place)))
        whole = total(place)
        of = every.lower()
        lines += [
            Line(bar(one % {"kind": kind.label}, place, whole, kind=kind.value), of)
            for kind in PlacementKind
        ]
    kinds = [
        *((kind.value, kind.label) for kind in EmployerKind),
        ("none", _("Tanpa pemberi kerja")),
    ]
    grid = Grid(
        _("Pemberi kerja"),
        [_("Mulai bekerja"), _("Berakhir")],
        [
            (
                str(label),
                [
                    bar(_("Mulai bekerja"), 0, total(0), employer_kind=code),
                    bar(_("Berakhir"), 1, total(1), employer_kind=code),
                ],
            )
            for code, label in kinds
        ],
    )
    empty = _("Belum ada penempatan. Catat dari rujukan yang diterima, atau dari halaman orangnya.")
    return Section("placements", _("Penempatan kerja"), lines, empty, grid=grid)


def _year_of(chosen, place):
    """What the list is asked for: begun in the year, or ended in it."""
    if place == 0:
        return {"year": chosen.year} if chosen.year else {}
    return {"ended": chosen.year} if chosen.year else {"state": "ended"}


def _follow_ups(chosen):
    rows = _of_course(chosen.narrow(FollowUp.objects.all(), year="due_on__year"), chosen)
    by_months = figures.reach(rows, by=(figures.MONTHS,))
    found = sorted((months, reach) for (months,), reach in by_months.items())

    def bars(reach, **query):
        def url(word):
            return chosen.people_list(FOLLOW_UPS, found=word, **query)

        return (
            Bar(_("Jatuh tempo"), reach.due, url=url("due")),
            Bar(_("Terjangkau"), reach.reached, reach.due, url("reached")),
            Bar(_("Bekerja, dari yang terjangkau"), reach.working, reach.reached, url("working")),
            Bar(
                _("Bekerja, dari semua yang jatuh tempo"), reach.working, reach.due, url("working")
            ),
            Bar(_("Belum diketahui"), reach.missed, reach.due, url("missed")),
        )

    due, reached = _("jatuh tempo"), _("terjangkau")
    of = ("", due, reached, due, due)
    total = bars(figures.total(reach for _months, reach in found))
    lines = [Line(bar, words) for bar, words in zip(total, of, strict=True)]
    grid = Grid(
        _("Pemantauan"),
        [bar.label for bar in total],
        [(asking.name_of(months), list(bars(reach, months=months))) for months, reach in found],
    )
    empty = _("Belum ada pemantauan yang jatuh tempo.")
    note = _("Menurut tahun jatuh tempo, sampai hari ini. Yang ditahan lagi tetap dihitung.")
    return Section("follow-ups", _("Pemantauan"), lines, empty, note, grid=grid)
