"""What was promised at a visit, by the reader's post or by the reader by name."""

from types import SimpleNamespace

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import ActionItem
from reports.lines import Lines

LIST = "partners:action-item-list"
KEEP = SimpleNamespace(what=gettext_lazy("Penuhi janji kunjungan"), together=False, covers="")
PASSED_UP = SimpleNamespace(
    what=gettext_lazy("Penuhi janji jabatan yang kosong"), together=False, covers=""
)


def of(user, vacant):
    """(kind, `Lines`, address of the list) of the reader's own, and of posts that nobody holds."""
    rows = ActionItem.objects.visible_to(user).open()
    yield KEEP, _lines(rows.owned_by(user)), f"{reverse(LIST)}?whose=mine"
    if vacant:
        query = urlencode({"post": sorted(vacant)}, doseq=True)
        yield PASSED_UP, _lines(rows.of_posts(vacant)), f"{reverse(LIST)}?{query}"


def _lines(rows):
    return Lines(
        rows,
        due="due",
        since="created_at",
        data={"what": "what", "agency": "agency__name"},
        words=lambda row: (
            row["what"],
            _("dijanjikan kepada %(agency)s") % {"agency": row["agency"]},
        ),
        page="partners:engagement-detail",
        of="engagement__public_id",
    )
