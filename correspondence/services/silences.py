"""Which mails a person does not want. What is urgent or mandatory always comes."""

from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed, act
from correspondence import kinds
from correspondence.models import Silence


@act
def choose(*, silenced, by):
    """Mails of exactly these kinds (codes) stay away from now on; the app shows them all the same.

    A kind that is wanted again comes with the next digest, with what is still open of it.
    """
    allowed = {kind.code for kind in kinds.silenceable()}
    if refused := set(silenced) - allowed:
        labels = ", ".join(str(kinds.get(code).label) for code in sorted(refused))
        raise NotAllowed(_("Surel ini tidak dapat dimatikan: %(kinds)s.") % {"kinds": labels})
    Silence.objects.filter(user=by).exclude(kind__in=silenced).delete()
    Silence.objects.bulk_create(
        [Silence(user=by, kind=code, created_by=by) for code in silenced], ignore_conflicts=True
    )


def of(user):
    """The codes that the person has silenced."""
    return set(Silence.objects.filter(user=user).values_list("kind", flat=True))
