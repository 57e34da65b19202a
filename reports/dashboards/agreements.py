"""How healthy the agreements are today."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import Agreement, Obligation
from partners.states import PAST_NOTICE, AgreementState, AgreementStatus, Party
from reports.bars import Bar
from reports.dashboards.asked import counted, in_one_row
from reports.dashboards.page import Line, Section
from training.models import Batch
from training.states import BatchState

EXPIRING, UNSIGNED = settings.AGREEMENT_EXPIRING_DAYS, settings.AGREEMENT_UNSIGNED_DAYS
AGES = sorted({30, UNSIGNED, 90, 180})
LIST, IDLE = "partners:agreement-list", "reports:idle-agreement-list"


def agreements(chosen):
    now = timezone.now()
    [numbers], [duties] = _count(chosen, *(now - timedelta(days=days) for days in AGES))
    return [_term(chosen, numbers), _drafts(chosen, numbers), _duties(chosen, duties, numbers)]


def idle(rows):
    """In force, and nobody ever planned a batch under them that was not cancelled."""
    used = Batch.objects.exclude(state=BatchState.CANCELLED).filter(agreement=OuterRef("pk"))
    return rows.in_force().filter(~Exists(used))


@counted
def _count(chosen, *moments):
    """Each kind of agreements, and of duties; the moments are so many days ago as `AGES` says."""
    rows = chosen.narrow(Agreement.objects.all())
    rows = rows.filter(kind=chosen.kind) if chosen.kind else rows
    ending = rows.ending_within(EXPIRING)
    kinds = {
        "in_force": rows.in_force(),
        "ending": ending,
        "alone": ending.not_renewed(),
        "notice": rows.notice_within(EXPIRING),
        "past_notice": rows.having_status(PAST_NOTICE[0]),
        "idle": idle(rows),
        "unsigned": rows.unsigned(),
        **{
            f"older_{days}": rows.unsigned_since(moment)
            for days, moment in zip(AGES, moments, strict=True)
        },
        "late": rows.with_obligations(late=True),
    }
    numbers = {
        f"n_{name}": Count("pk", filter=Q(pk__in=each.order_by().values("pk")))
        for name, each in kinds.items()
    }
    return in_one_row(rows, **numbers), _duties_of(rows)


def _duties_of(rows):
    open_ones = Obligation.objects.open().filter(agreement__in=rows.order_by().values("pk"))
    late = Q(Exists(Obligation.objects.late().filter(pk=OuterRef("pk"))))
    return in_one_row(
        open_ones.exclude(agreement__state=AgreementState.CANCELLED),
        **{f"open_{party}": Count("pk", filter=Q(party=party)) for party in Party},
        **{f"late_{party}": Count("pk", filter=Q(party=party) & late) for party in Party},
    )


def _term(chosen, numbers):
    days = {"days": EXPIRING}
    whole = numbers["n_in_force"]

    def line(label, name, lists=LIST, **query):
        bar = Bar(label, numbers[f"n_{name}"], whole, chosen.list_of(lists, **query))
        return Line(bar, _("berlaku"))

    in_force = chosen.list_of(LIST, status=AgreementStatus.IN_FORCE.value)
    lines = [
        Line(Bar(_("Berlaku hari ini"), whole, url=in_force)),
        line(_("Berakhir dalam %(days)s hari") % days, "ending", ending=EXPIRING),
        line(
            _("Berakhir dalam %(days)s hari tanpa penerus") % days,
            "alone",
            ending=EXPIRING,
            renewed="no",
        ),
        line(_("Batas usulan dalam %(days)s hari") % days, "notice", notice=EXPIRING),
        line(_("Lewat batas usulan, tanpa penerus"), "past_notice", status=PAST_NOTICE[0]),
        line(_("Tanpa satu angkatan pun"), "idle", IDLE),
    ]
    empty = _("Belum ada perjanjian yang berlaku. Catat perjanjian yang ada, atau mulai dari draf.")
    note = _("Penerus: perjanjian lanjutan yang sudah ditandatangani.")
    return Section("term", _("Masa berlaku"), lines, empty, note)


def _drafts(chosen, numbers):
    whole = numbers["n_unsigned"]
    url = chosen.list_of(LIST, status=AgreementStatus.UNSIGNED.value)
    lines = [Line(Bar(_("Belum ditandatangani"), whole, url=url))]
    for days in AGES:
        label = _("Lebih dari %(days)s hari") % {"days": days}
        bar = Bar(label, numbers[f"n_older_{days}"], whole, chosen.list_of(LIST, unsigned=days))
        lines.append(Line(bar, _("belum ditandatangani")))
    empty = _("Tidak ada naskah yang menunggu tanda tangan.")
    note = _("Umur naskah sejak dicatat.")
    return Section("drafts", _("Naskah yang belum ditandatangani"), lines, empty, note)


def _duties(chosen, found, numbers):
    name = "reports:obligation-list"
    lines = []
    for party in Party:
        late = Bar(
            _("Terlambat: %(party)s") % {"party": party.label},
            found[f"late_{party}"],
            found[f"open_{party}"],
            chosen.list_of(name, party=party.value, standing="late"),
        )
        whole = Bar(
            _("belum dipenuhi"),
            found[f"open_{party}"],
            url=chosen.list_of(name, party=party.value, standing="open"),
        )
        lines.append(Line(late, _("belum dipenuhi"), whole))
    url = chosen.list_of(LIST, obligations="late")
    lines.append(Line(Bar(_("Perjanjian dengan kewajiban terlambat"), numbers["n_late"], url=url)))
    empty = _("Tidak ada kewajiban yang belum dipenuhi.")
    return Section("duties", _("Kewajiban"), lines, empty)
