"""How far participations came: the figures, and the list behind each of them."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import listed
from accounts.forms import offered
from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from inmates.models import Inmate
from reports import paths, residents, ways
from reports.bars import Bar, draw
from reports.filters import CandidateFilter, ParticipantFilter, PipelineFilter
from reports.kept import kept
from reports.paths import OF, Step
from reports.tables import CandidacyTable, ParticipantTable
from reports.views.reading import list_of, need_staff
from training.models import Candidate, Enrolment, WaitingEntry
from training.services import demand


@require_safe
def pipeline(request):
    """The steps of the participations that the filter leaves, and the days between them."""
    need_staff(request.user)
    asked = PipelineFilter(request.GET, queryset=paths.begun(request.user), request=request)
    offered.together(asked)
    found = _kept(request.user, asked)
    counted, times = found.told() if found else _told(request, asked)
    bars = [
        Bar(
            str(step.label),
            counted[step],
            counted[OF[step]] if step in OF else None,
            _rows_of(request.GET, step=step),
        )
        for step in Step
    ]
    return render(
        request,
        "reports/pipeline.html",
        {
            "filter": asked,
            "is_filtered": asked.form.has_changed(),
            "as_of": found and found.as_of,
            "way_in": _way_in(request, asked),
            "bars": bars,
            "wholes": [
                (bar, OF[step].label if step in OF else "")
                for bar, step in zip(bars, Step, strict=True)
            ],
            "picture": draw(bars),
            "times": [(time, _rows_of(request.GET, took=time.took)) for time in times],
        },
    )


def _told(request, asked):
    """As `ways.told`, by SQL that is made once for all with the same rights and choices."""
    chosen, typed = listed.chosen_in(asked)
    if chosen is None or typed:
        return ways.told(asked.qs)

    def rows(request):
        filterset = PipelineFilter(queryset=paths.begun(request.user), request=request)
        filterset._form = asked.form
        return filterset.filter_queryset(filterset.queryset)

    narrowed = listed.Rows(Enrolment, request, (pipeline, chosen), rows)
    return ways.read(narrowed.told_by(ways.whole))


def _kept(user, asked):
    """What was kept of the participations that the filter leaves, if so many prisons are read."""
    asked.form.is_valid()
    given = asked.form.cleaned_data
    if given.get("facility"):
        return None
    return kept(
        user.facility_ids,
        year=given.get("year"),
        course=given.get("course"),
        course__trade=given.get("trade"),
        agency=given.get("agency"),
        sex={"": None, residents.UNKNOWN: ""}.get(given.get("sex") or "", given.get("sex")),
        is_resident={"yes": True, "no": False}.get(given.get("resident")),
    )


def _way_in(request, asked):
    """Of today, for whoever may read the lists: who could join, who waits, who is proposed."""
    user = request.user
    if not may(user, "see_people"):
        return []
    course, facility = (asked.form.cleaned_data.get(name) for name in ("course", "facility"))
    facility = facility or (user.facility if len(user.facility_ids) == 1 else None)
    found = []
    if course and facility:
        query = urlencode({"prison": facility.code, "course": course.public_id})
        found.append(
            Bar(
                _("Memenuhi syarat program ini"),
                demand.could_join(course, facility),
                url=f"{reverse('training:plan-supply')}?{query}",
            )
        )
    if len(request.user.facility_ids) == 1:
        url = reverse("training:waiting-list") + (f"?course={course.public_id}" if course else "")
        found.append(Bar(_("Menunggu pelatihan"), _waiting(request, course), url=url))
    url = list_of("reports:candidacy-list", asked.data, CandidateFilter)
    found.append(Bar(_("Calon peserta, belum ditetapkan"), _proposed(request, asked), url=url))
    return found


def _waiting(request, course):
    def rows(request):
        rows = WaitingEntry.objects.visible_to(request.user)
        rows = rows.of_people_at(request.user.facility_ids).open()
        return rows.filter(course=course) if course else rows

    shape = (_waiting, course and course.pk)
    return listed.Rows(WaitingEntry, request, shape, rows, of_many_tables=True).count()


def _proposed(request, asked):
    if any(asked.data.get(name) for name in CandidateFilter.base_filters):
        rows = CandidateFilter(asked.data, queryset=candidacies(request.user), request=request)
        return rows.qs.count()

    def rows(request):
        return candidacies(request.user)

    return listed.Rows(Candidate, request, _proposed, rows, of_many_tables=True).count()


def candidacies(user):
    """Open candidatures without a seat, at prisons where the user may see people."""
    prisons = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
    rows = Candidate.objects.visible_to(user).on_the_way(prisons)
    return rows.select_related("inmate", "batch__course", "facility")


class CandidacyList(ScopedListView):
    model = Candidate
    table_class = CandidacyTable
    filterset_class = CandidateFilter
    title = gettext_lazy("Calon peserta")
    lead = gettext_lazy("Diusulkan dan belum ditetapkan dengan SK, di semua angkatan.")
    empty_text = gettext_lazy("Tidak ada calon. Usulkan calon dari halaman sebuah angkatan.")

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return candidacies(self.request.user).order_by("batch__starts_on", "batch", "rank", "pk")

    def render_to_response(self, context, **kwargs):
        _record(self, context)
        return super().render_to_response(context, **kwargs)


# Of a participant, a person, a batch and its course, which have eighty columns.
SHOWN = (
    *("participant_code", "state", "inmate__name", "inmate__public_id", "facility__name"),
    *("batch__name", "batch__public_id", "batch__starts_on", "batch__course__name"),
)


class ParticipantList(ScopedListView):
    """Names for who may see people, else the codes by which an agency knows them."""

    model = Enrolment
    table_class = ParticipantTable
    filterset_class = ParticipantFilter
    asks = ("took",)
    of_many_tables = True
    title = gettext_lazy("Keikutsertaan")
    lead = gettext_lazy("Setiap keikutsertaan dalam angkatan yang sudah mulai, dan tahapnya.")
    empty_text = gettext_lazy("Belum ada peserta: belum ada angkatan yang mulai.")

    def dispatch(self, request, *args, **kwargs):
        need_staff(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        rows = paths.with_steps(paths.begun(self.request.user))
        took = self._took
        order = (f"-took_{took}", "pk") if took else ("-batch__starts_on", "participant_code", "pk")
        if took:
            rows = paths.with_times(rows)
        return (
            rows.select_related("inmate", "batch__course", "facility").only(*SHOWN).order_by(*order)
        )

    @property
    def _took(self):
        asked = self.request.GET.get("took")
        return asked if asked in paths.Took.values else ""

    @property
    def _names(self):
        user = self.request.user
        return all(may(user, "see_people", pk) for pk in user.facility_ids)

    def get_table_kwargs(self):
        hidden = [] if self._names else ["inmate"]
        hidden += [] if self._took else ["days"]
        hidden += [] if len(self.request.user.facility_ids) > 1 else ["facility"]
        return {"exclude": hidden, "took": self._took}

    def render_to_response(self, context, **kwargs):
        if self._names:
            _record(self, context)
        return super().render_to_response(context, **kwargs)


def _record(view, context):
    """Whom a list shows, or a file of it names."""
    if view.wants_csv:
        people = Inmate.objects.visible_to(view.request.user)
        named = people.filter(pk__in=view.object_list.order_by().values("inmate"))
        access.record(view.request, access.EXPORT, named.only("public_id"))
    else:
        shown = [row.record.inmate for row in context["table"].paginated_rows]
        access.record(view.request, access.VIEW, shown)


def _rows_of(asked, **more):
    return list_of("reports:participant-list", asked, PipelineFilter, **more)
