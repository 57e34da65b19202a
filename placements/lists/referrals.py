"""Referrals: the prison's list, what quick links count, and an agency's file of its own."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.conf import settings
from django.db.models import Count, Q, Value
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.badges import days_left, state_badge
from accounts.columns import DayColumn, NameColumn, Table
from accounts.days import day_in_words
from accounts.filters import OfPrison
from accounts.permissions import may
from accounts.stand_ins import asked_often
from inmates.filters import PersonFilter
from inmates.models import Inmate
from partners.filters import DaysFilter
from placements import figures
from placements.employment import DeclineReason, ReferralState
from placements.models import Referral
from placements.referred import Referred
from training.filters import YearFilter
from training.models import Course

BY_ID = {"to_field_name": "public_id"}
TICKED = "tick"  # in the address: which boxes are ticked already
LATE, TO_PLACE = "late", "to_place"
WITH, ONCE, PLACED = "with_agency", "sent_once", "placed"
READY = "to_send"
GROUPS = (
    (READY, _("Disetujui, suratnya ditandatangani")),
    (LATE, _("Terlambat dijawab")),
    (TO_PLACE, _("Diterima, belum bekerja")),
    (WITH, _("Di Disnaker, belum dijawab")),
    (ONCE, _("Pernah dikirim")),
    (PLACED, _("Diterima dan mulai bekerja")),
)


class ReferralFilter(OfPrison):
    q = PersonFilter(label=_("Cari nama atau kode"), method="search")
    state = filters.ChoiceFilter(
        label=_("Keadaan"), method="in_state", choices=[*ReferralState.choices, *GROUPS]
    )
    agency = filters.ModelChoiceFilter(
        label=_("Disnaker"), queryset=lambda request: _named("agency", request.user), **BY_ID
    )
    employer = filters.ModelChoiceFilter(
        label=_("Pemberi kerja"), queryset=lambda request: _named("employer", request.user), **BY_ID
    )
    vacancy = filters.ModelChoiceFilter(
        label=_("Lowongan"), queryset=lambda request: _named("vacancy", request.user), **BY_ID
    )
    available = filters.DateFilter(
        label=_("Tersedia mulai bulan"),
        field_name="available_from",
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        input_formats=["%Y-%m"],
    )
    year = YearFilter(label=_("Tahun disusun"), field_name="created_at")
    course = filters.ModelChoiceFilter(
        label=_("Program"), queryset=Course.objects.all(), method="learned", **BY_ID
    )
    sent = DaysFilter(
        label=_("Belum dijawab lebih dari (hari)"),
        method="waiting_for",
        usual=settings.REFERRAL_ANSWER_DAYS,
    )
    declined = filters.ChoiceFilter(
        label=_("Sebab ditolak"), choices=DeclineReason.choices, method="declined_for"
    )

    class Meta:
        model = Referral
        fields = (
            "q",
            "state",
            "agency",
            "employer",
            "vacancy",
            "available",
            "year",
            "course",
            "sent",
            "declined",
        )

    def search(self, queryset, name, value):
        listed = Inmate.objects.filter(pk__in=queryset.order_by().values("inmate"))
        people = listed.search(value, at=self.request.user.facility_ids)
        return queryset.filter(
            Q(person_code__istartswith=value.strip()) | Q(inmate__in=people.order_by().values("pk"))
        )

    def in_state(self, queryset, name, value):
        if value == LATE:
            return queryset.unanswered()
        if value == TO_PLACE:
            return queryset.to_place()
        if value == READY:
            return queryset.to_send()
        if value == WITH:
            return queryset.with_agency()
        if value == ONCE:
            return queryset.exclude(sent_at=None)
        if value == PLACED:
            return queryset.filter(state=ReferralState.ACCEPTED, is_placed=True)
        return queryset.filter(state=value)

    def learned(self, queryset, name, value):
        return figures.of_course(queryset, value.pk)

    def waiting_for(self, queryset, name, value):
        before = timezone.now() - timedelta(days=int(value))
        return queryset.with_agency().filter(sent_at__lt=before)

    def declined_for(self, queryset, name, value):
        return queryset.filter(state=ReferralState.DECLINED, decline_reason=value)


def _named(field, user):
    """What the referrals of the reader's prisons name in this field."""
    rows = Referral.objects.visible_to(user).order_by()
    related = Referral._meta.get_field(field).related_model
    named = related.objects.filter(pk__in=rows.values(field)).order_by(*related._meta.ordering)
    return named.only("public_id", "title" if field == "vacancy" else "name")


# Words and query strings of the links above the list; each counts what the filter finds for it.
QUICK = (
    (_("Disusun"), ReferralState.DRAFT),
    (_("Menunggu Kalapas"), ReferralState.SUBMITTED),
    (_("Siap dikirim"), ReferralState.APPROVED),
    (_("Terlambat dijawab"), LATE),
    (_("Diterima, belum bekerja"), TO_PLACE),
)


def of_prisons(user):
    """Referrals of the prisons where the user may see people."""
    prisons = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
    return Referral.objects.visible_to(user).filter(facility__in=prisons)


@asked_often
def _counted(reader):
    rows, request = of_prisons(reader).order_by(), SimpleNamespace(user=reader)
    found = [ReferralFilter({"state": state}, rows, request=request).qs for _words, state in QUICK]
    numbers = {
        f"n{place}": Count("pk", filter=Q(pk__in=some.order_by().values("pk")))
        for place, some in enumerate(found)
    }
    whole = rows.annotate(whole=Value(1)).values("whole")
    return whole.annotate(**numbers).values_list(*numbers)


def quick_links(request):
    """(words, query string, number of rows, whether it is the present one), counted at once."""
    counted = _counted(request.user)
    numbers = counted[0] if counted else [0] * len(QUICK)
    shown = {name: value for name, value in request.GET.dict().items() if name != TICKED}
    return [
        {
            "words": words,
            "query": f"state={state}",
            "number": number,
            "is_current": shown == {"state": str(state)},
        }
        for (words, state), number in zip(QUICK, numbers, strict=True)
    ]


class ReferralTable(Table):
    """Referrals as the prison reads them; `pick` is there where several may be acted on at once."""

    caption = _("Rujukan kerja")

    pick = tables.Column(_("Pilih"), empty_values=(), orderable=False, exclude_from_export=True)
    person_code = tables.Column(_("Kode"), linkify=True, attrs={"td": {"class": "nowrap"}})
    inmate = NameColumn(_("Warga Binaan"), order_by="inmate__name")
    state = tables.Column(_("Keadaan"), orderable=False)
    agency = NameColumn(_("Disnaker"), orderable=False)
    employer = NameColumn(_("Pemberi kerja"), orderable=False)
    vacancy = NameColumn(_("Lowongan"), orderable=False, named_by="title")
    available_from = tables.Column(_("Tersedia mulai"))
    answer_by = tables.Column(_("Dijawab sampai"), empty_values=())

    class Meta:
        model = Referral
        fields = (
            "pick", "person_code", "inmate", "state", "agency", "employer", "vacancy",
            "available_from", "answer_by",
        )  # fmt: skip

    def render_pick(self, record):
        pick = _("Pilih")
        return format_html(
            '<input class="form-check-input" type="checkbox" name="referrals" value="{}" '
            'aria-label="{}" data-tickable{}>',
            record.public_id,
            f"{pick}: {record.inmate}",
            " checked" if str(record.public_id) in self.request.GET.getlist(TICKED) else "",
        )

    def render_state(self, record):
        if not record.waits_for_letter:
            return state_badge(record)
        return format_html(
            '{}<span class="muted small d-block">{}</span>',
            state_badge(record),
            _("suratnya belum ditandatangani"),
        )

    def render_available_from(self, value):
        return day_in_words(value, "F Y")

    def render_answer_by(self, record):
        day = day_in_words(record.answer_by, "d/m/Y") if record.answer_by else ""
        if not record.is_with_agency:
            return day
        return mark_safe(f"{day} {days_left(record.answer_by)}")

    def value_state(self, value):
        return value

    def value_available_from(self, value):
        return day_in_words(value, "m/Y")

    def value_answer_by(self, value):
        return day_in_words(value, "d/m/Y") if value else ""


@dataclass(frozen=True)
class Line:
    """A referral with its person as the agency may know them.

    `is_own`: the reader's agency itself is to answer, and not a unit below it. `is_resting`: the
    person was accepted elsewhere.
    """

    referral: Referral
    seen: Referred
    is_own: bool = False
    is_resting: bool = False


class ReferredTable(Table):
    """An agency's referrals as `placements.referred` tells them, for a file; without the NIK."""

    code = tables.Column(_("Kode"), accessor="seen__code")
    state = tables.Column(_("Keadaan"), accessor="referral__state")
    facility = tables.Column(_("Dari"), accessor="referral__facility")
    name = tables.Column(_("Nama"), accessor="seen__name")
    sex = tables.Column(_("Jenis kelamin"), accessor="seen__sex")
    age = tables.Column(_("Umur"), accessor="seen__age")
    education = tables.Column(_("Pendidikan"), accessor="seen__education")
    skills = tables.Column(_("Keterampilan"), accessor="seen__skills")
    certificates = tables.Column(_("Sertifikat"), accessor="seen__certificates")
    returns_to = tables.Column(_("Daerah tujuan"), accessor="seen__returns_to")
    available_from = DayColumn(verbose_name=_("Tersedia mulai"), accessor="seen__available_from")
    vacancy = tables.Column(_("Lowongan"), accessor="referral__vacancy")
    employer = tables.Column(_("Pemberi kerja"), accessor="referral__employer")
    answer_by = DayColumn(
        verbose_name=_("Dijawab sampai"),
        accessor="referral__answer_by",
    )
    decline_reason = tables.Column(_("Sebab ditolak"), accessor="referral__decline_reason")

    class Meta:
        default = ""

    def value_state(self, record):
        return record["referral"].get_state_display()

    def value_skills(self, record):
        return "; ".join(record["seen"].skills)

    def value_certificates(self, record):
        papers = record["seen"].certificates
        return "; ".join(f"{paper.course} ({paper.number})" for paper in papers)

    def value_available_from(self, value):
        return day_in_words(value, "m/Y") if value else ""

    def value_decline_reason(self, record):
        return record["referral"].get_decline_reason_display()
