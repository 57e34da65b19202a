"""Rooms and workshops of the prison."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import may
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from training.filters import RoomFilter
from training.forms.meeting import RoomForm
from training.models import Room
from training.services import rooms
from training.tables import RoomTable


class RoomList(ScopedListView):
    model = Room
    table_class = RoomTable
    filterset_class = RoomFilter
    title = gettext_lazy("Ruang")
    empty_text = gettext_lazy("Belum ada ruang. Catat ruang dan bengkel tempat pelatihan.")
    empty_url = reverse_lazy("training:room-add")
    empty_label = gettext_lazy("Catat ruang")
    empty_act = "plan_batch"
    actions_template = "training/_room_list_actions.html"


def add(request):
    if not may(request.user, "plan_batch"):
        raise PermissionDenied
    form = RoomForm(request.POST or None)
    if form.is_valid() and perform(
        form, rooms.add, facility=request.user.facility, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Ruang dicatat."), "training:room-list")
    return show(request, "training/room_form.html", form=form)


def change(request, public_id):
    room = find(Room.objects, request.user, public_id)
    if not may(request.user, "plan_batch", room.facility_id):
        raise PermissionDenied
    initial = {name: getattr(room, name) for name in ("name", "capacity", "is_active")}
    form = RoomForm(request.POST or None, initial=initial)
    if form.is_valid() and perform(
        form, rooms.change, room=room, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Disimpan."), "training:room-list")
    return show(request, "training/room_form.html", {"room": room}, form=form)
