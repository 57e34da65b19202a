"""Ranked people for a vacancy, ranked vacancies for a person; from either one refers.

And all open vacancies, each with how many it suits.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy, ngettext

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView, csv_of
from accounts.views.pages import done, find, perform, show
from inmates.models import Inmate
from inmates.states import ConsentPurpose
from placements.employment import VacancyStanding
from placements.forms import matching as forms
from placements.lists.matching import (
    PeopleTable,
    TalliedFilter,
    TalliedTable,
    VacanciesTable,
)
from placements.matching import FITS
from placements.models import Vacancy
from placements.services import matching, referral_checks


class VacancyMatches(ScopedListView):
    """Which open vacancies could be filled, and by how many people of one's prisons."""

    model = Vacancy
    table_class = TalliedTable
    filterset_class = TalliedFilter
    title = gettext_lazy("Lowongan dan orang yang cocok")
    lead = gettext_lazy(
        "Yang bisa dirujuk cocok, setuju, dan tidak terhalang; yang belum setuju hanya dihitung."
    )
    empty_text = gettext_lazy("Tidak ada lowongan terbuka yang terbaca oleh lapas ini.")
    empty_url = reverse_lazy("placements:vacancy-list")
    empty_label = gettext_lazy("Semua lowongan")

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return super().get_queryset().open().select_related("employer").soonest_first()

    def get_table(self, **kwargs):
        table = super().get_table(**kwargs)
        rows = self.object_list
        if not self.wants_csv:
            shown = [row.record.pk for row in table.paginated_rows]
            rows = Vacancy.objects.visible_to(self.request.user).filter(pk__in=shown)
        table.tallies = matching.tallies(rows, self.request.user)
        return table


VACANCIES = Vacancy.objects.select_related("employer", "trade")


def people(request, public_id):
    """The people of one's prisons who suit a vacancy; those picked are referred to it."""
    vacancy = find(VACANCIES, request.user, public_id)
    if not matching.prisons_of(request.user):
        raise PermissionDenied
    filters = forms.WantedPeopleForm(request.GET)
    if request.GET.get("format") == "csv":
        page = matching.people_page(vacancy, request.user, filters.wanted(), size=None)
        access.record(request, access.EXPORT, [row.person for row in page.rows])
        return csv_of(PeopleTable(page.rows), f"cocok {vacancy.title}")
    form = forms.ReferPeopleForm(
        request.POST if request.method == "POST" else None, user=request.user
    )
    refused = []
    if request.method == "POST":
        if not may(request.user, "refer"):
            raise PermissionDenied
        if form.is_valid():
            answer = _referred(request, form, vacancy, form.in_order())
            if answer and answer.drafted:
                messages.success(request, _drafted(len(answer.drafted)))
            if answer and not answer.refused and not answer.unnamed:
                return redirect(
                    f"{reverse('placements:referral-list')}?vacancy={vacancy.public_id}"
                )
            refused = answer.refused if answer else []
    return _who_suits(request, vacancy, filters, form, refused)


def _referred(request, form, vacancy, people):
    """What became of those picked; that some are not named is said in the form."""
    answer = perform(
        form,
        matching.refer,
        vacancy=vacancy,
        inmates=people,
        agency=form.cleaned_data["agency"],
        message=form.cleaned_data["message"],
        by=request.user,
    )
    if answer and answer.unnamed:
        form.add_error(None, matching.unnamed_sentence(answer.unnamed))
    return answer


def _who_suits(request, vacancy, filters, form, refused):
    wanted = filters.wanted()
    page = matching.people_page(vacancy, request.user, wanted, after=filters.after())
    picked = form.picked()
    for row in page.rows:
        row.person.is_picked = str(row.person.public_id) in picked
    access.record(
        request,
        access.VIEW,
        [*(row.person for row in page.rows), *(person for person, _why in refused)],
    )
    is_open = vacancy.standing == VacancyStanding.OPEN
    response = show(
        request,
        "placements/matching_people.html",
        {
            "vacancy": vacancy,
            "warning": referral_checks.warning_of(vacancy.employer),
            "is_open": is_open,
            "may_pick": is_open and wanted.show == FITS and may(request.user, "refer"),
            "refused": refused,
            "consents_url": f"{reverse('inmates:inmate-list')}?consent={ConsentPurpose.REFERRAL}",
            **_list_context(request, filters, page, wanted),
        },
        form=form,
    )
    if refused:
        response.status_code = 422
    return response


def vacancies(request, public_id):
    """The open vacancies that suit somebody of one's prisons; the person is referred to one."""
    inmate = find(Inmate.objects.select_related("merged_into"), request.user, public_id)
    if inmate.merged_into:
        return redirect("placements:person-vacancies", inmate.merged_into.public_id)
    filters = forms.WantedForm(request.GET)
    if request.GET.get("format") == "csv":
        page = matching.vacancies_page(inmate, request.user, filters.wanted(), size=None)
        access.record(request, access.EXPORT, [inmate])
        return csv_of(VacanciesTable(page.rows), "lowongan yang cocok")
    form = forms.ReferThereForm(
        request.POST if request.method == "POST" else None, user=request.user
    )
    may_refer = may(request.user, "refer", inmate.prison_id)
    refused = []
    if request.method == "POST":
        if not may_refer:
            raise PermissionDenied
        if form.is_valid():
            answer = _referred(request, form, form.cleaned_data["vacancy"], [inmate])
            if answer and answer.drafted:
                return done(request, _drafted(1), answer.drafted[0])
            refused = (
                [sentence for _who, why in answer.refused for sentence in why] if answer else []
            )
    return _which_suit(request, inmate, filters, form, may_refer=may_refer, refused=refused)


def _which_suit(request, inmate, filters, form, *, may_refer, refused):
    wanted = filters.wanted()
    page = matching.vacancies_page(inmate, request.user, wanted, after=filters.after())
    for sentence in refused:
        form.add_error(None, sentence)
    access.record(request, access.VIEW, [inmate])
    if page.rows:  # then they are looked for, and each row knows of the consent
        is_ours, has_consented = True, page.rows[0].match.has_consented
    else:
        is_ours = matching.is_ours(inmate, request.user)
        has_consented = is_ours and referral_checks.consent_of(inmate) is not None
    return show(
        request,
        "placements/matching_vacancies.html",
        {
            "inmate": inmate,
            "is_ours": is_ours,
            "limited": "" if is_ours else referral_checks.limited(inmate),
            "has_consented": has_consented,
            "may_pick": may_refer and has_consented and wanted.show == FITS,
            "may_record_consent": inmate.prison_id
            and may(request.user, "record_consent", inmate.prison_id),
            **_list_context(request, filters, page, wanted),
        },
        form=form,
    )


def _list_context(request, filters, page, wanted):
    """What both lists show around their rows."""
    query = request.GET.copy()
    query.pop("after", None)
    asked = query.copy()
    asked.pop("show", None)
    shown = [
        {
            "code": code,
            "label": label,
            "count": page.counts[code],
            "url": f"?{_with(asked, show=code)}",
            "is_chosen": code == wanted.show,
        }
        for code, label in forms.SHOWN
    ]
    return {
        "page": page,
        "filters": filters,
        "wanted": wanted,
        "shown": shown,
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
        "is_first": not request.GET.get("after"),
        "first_url": f"?{query.urlencode()}",
        "next_url": f"?{_with(query, after=page.following)}" if page.following else "",
        "csv_url": f"?{_with(query, format='csv')}",
    }


def _with(query, **changed):
    query = query.copy()
    for name, value in changed.items():
        query[name] = value
    return query.urlencode()


def _drafted(count):
    return ngettext(
        "%(count)d rujukan disimpan sebagai konsep; ajukan kepada Kalapas.",
        "%(count)d rujukan disimpan sebagai konsep; ajukan kepada Kalapas.",
        count,
    ) % {"count": count}
