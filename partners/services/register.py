"""What supervision wants to read about an agreement."""

from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from partners.models import Agreement
from partners.states import AgreementState


@act
def describe(*, agreement, background, implementation, benefit, by):
    """Write the texts of the register, before the signing or after it.

    Whoever drafts agreements; the last one to write wins, and history keeps what stood there.
    """
    require(by, "draft_agreement", agreement.facility_id)
    agreement = Agreement.objects.select_for_update(no_key=True, of=["self"]).get(pk=agreement.pk)
    if agreement.state == AgreementState.CANCELLED:
        raise NotAllowed(_("Perjanjian ini dibatalkan; tidak masuk laporan."))
    written = {
        "background": background.strip(),
        "implementation": implementation.strip(),
        "benefit": benefit.strip(),
    }
    changed = [name for name, text in written.items() if getattr(agreement, name) != text]
    for name in changed:
        setattr(agreement, name, written[name])
    if changed:
        agreement.save(update_fields=changed)
    return agreement
