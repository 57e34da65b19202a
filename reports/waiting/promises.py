"""What was promised at a visit, by the reader's post or by the reader by name."""

from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addresses import page_of
from partners.models import ActionItem
from reports.lines import Lines

LIST = "partners:action-item-list"


@dataclass(frozen=True)
class Promises:
    """As `reports.waiting.kinds.Work`, of no act: who made a promise keeps it. Of the `vacant`
    posts, or the reader's own."""

    what: str
    vacant: frozenset = frozenset()
    act = covers = ""
    together = False

    def lines(self, user, prisons=None):
        rows = ActionItem.objects.visible_to(user).open()
        return _lines(rows.of_posts(self.vacant) if self.vacant else rows.owned_by(user))

    def url(self, user, prisons=None):
        query = {"post": sorted(self.vacant)} if self.vacant else {"whose": "mine"}
        return page_of(LIST, urlencode(query, doseq=True))


def kinds(vacant):
    """The reader's own, and those of posts that nobody holds."""
    yield Promises(gettext_lazy("Penuhi janji kunjungan"))
    if vacant:
        yield Promises(gettext_lazy("Penuhi janji jabatan yang kosong"), vacant)


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
