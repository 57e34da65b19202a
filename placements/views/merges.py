"""Records that may be of one person: the list, a pair side by side, merging, and its undo."""

import uuid

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from inmates import rules
from inmates.models import Distinct, Inmate, Merge
from placements import duplicates
from placements.forms.merge import MergeForm, label_of
from placements.services import holdings, merges

PAGE_SIZE = 25


def pair_list(request):
    """Every pair that waits for a word, likeliest first, and what was said of others."""
    prisons = _registers(request.user)
    found = duplicates.pairs(prisons)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = duplicates.with_people(list(page.object_list), prisons)
    judged = Distinct.objects.visible_to(request.user).latest_first()[:PAGE_SIZE]
    merged = Merge.objects.visible_to(request.user).standing().with_people()[:PAGE_SIZE]
    named = [person for pair in page for person in (pair.first, pair.second)]
    named += [person for row in judged for person in (row.first, row.second)]
    named += [person for row in merged for person in (row.winner, row.loser)]
    access.record(request, access.VIEW, named)
    return show(
        request,
        "placements/likeness_list.html",
        {
            "page": page,
            "is_capped": len(found) == duplicates.MOST,
            "judged": judged,
            "merged": merged,
        },
    )


def compare(request, public_id):
    """A record beside another one (`with`, or `key` as typed); a POST merges the two."""
    inmate = _in_use(request, public_id)
    prisons = _registers(request.user)
    other = _other(request, inmate)
    if other is None:
        return _candidates(request, inmate, prisons)
    facility_id = merges.prison_of(request.user, inmate, other)
    duplicates.stays_of({inmate.pk: inmate, other.pk: other}, prisons)
    form = MergeForm(request.POST or None, first=inmate, second=other, facility_id=facility_id)
    if form.is_valid():
        merge = perform(form, merges.merge, by=request.user, **form.merged())
        if merge:
            return done(request, _("Kedua data digabungkan."), merge)
    access.record(request, access.VIEW, [inmate, other])
    open_things = holdings.of([inmate.pk, other.pk], facility_id)
    return show(
        request,
        "placements/merge_compare.html",
        {
            "inmate": inmate,
            "other": other,
            "holds": [open_things[inmate.pk], open_things[other.pk]],
            "is_distinct": Distinct.objects.visible_to(request.user).of(inmate, other).exists(),
        },
        form=form,
    )


@require_POST
def distinguish(request, public_id):
    inmate, other = _pair(request, public_id)
    merges.distinguish(first=inmate, second=other, by=request.user)
    return done(request, _("Dicatat: bukan orang yang sama."), reverse("placements:duplicate-list"))


@require_POST
def reconsider(request, public_id):
    inmate, other = _pair(request, public_id)
    merges.reconsider(first=inmate, second=other, by=request.user)
    address = reverse("placements:duplicate-compare", args=[inmate.public_id])
    return done(request, _("Pernyataan dibatalkan."), f"{address}?with={other.public_id}")


def detail(request, public_id):
    """One merge: which record is kept, what was taken over, and the undo."""
    merge = find(Merge.objects.with_people(), request.user, public_id)
    access.record(request, access.VIEW, [merge.winner, merge.loser])
    return show(
        request,
        "placements/merge_detail.html",
        {
            "merge": merge,
            "taken": [label_of(name) for name in merge.before.get("fields", ())],
            "may_undo": merges.may_undo(request.user, merge),
        },
    )


@require_POST
def undo(request, public_id):
    merge = find(Merge.objects, request.user, public_id)
    merges.undo(merge=merge, by=request.user)
    return done(request, _("Penggabungan dibatalkan; kedua data dipakai lagi."), merge)


def _registers(user):
    """The prisons whose register the reader keeps; 403 for whoever keeps none."""
    prisons = [pk for pk in user.facility_ids if may(user, "import_register", pk)]
    if not prisons:
        raise PermissionDenied
    return prisons


def _in_use(request, public_id):
    """The person in scope, for a registrar; of a merged record the one that is used now."""
    inmate = find(Inmate.objects, request.user, public_id)
    _registers(request.user)
    return _used(request.user, inmate)


def _used(user, inmate):
    if inmate.merged_into_id is None:
        return inmate
    return Inmate.objects.visible_to(user).filter(pk=inmate.merged_into_id).first() or inmate


def _other(request, inmate):
    """The record named beside the first: by `with` (404 if out of scope) or by a typed key."""
    data = request.POST if request.method == "POST" else request.GET
    key = rules.person_key_of(data.get("key"))
    if named := data.get("with"):
        try:
            other = find(Inmate.objects, request.user, uuid.UUID(named))
        except ValueError:
            raise Http404 from None
    else:
        other = Inmate.objects.visible_to(request.user).filter(person_key=key).first()
    other = other and _used(request.user, other)
    return other if other != inmate else None


def _pair(request, public_id):
    inmate = _in_use(request, public_id)
    other = _other(request, inmate)
    if other is None:
        raise Http404
    return inmate, other


def _candidates(request, inmate, prisons):
    """Whom the record may be the same as, and a box for the key of one that nobody proposes."""
    found = duplicates.with_people(duplicates.pairs(prisons, person=inmate), prisons)
    key = request.GET.get("key", "")
    access.record(
        request,
        access.VIEW,
        [inmate, *(person for pair in found for person in (pair.first, pair.second))],
    )
    return show(
        request, "placements/likeness_of.html", {"inmate": inmate, "pairs": found, "key": key}
    )
