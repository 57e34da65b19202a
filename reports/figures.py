"""The numbers of the home. Each counts exactly the rows of the list that it links to."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import may
from correspondence.models import Letter, Notice
from inmates.models import Inmate
from partners.models import Agreement
from partners.states import AgreementStatus
from training.models import Batch
from training.states import BatchState


@dataclass
class Figure:
    number: int
    label: str
    url: str


def people_held(user):
    """Warga Binaan in custody: the list without a filter."""
    count = Inmate.objects.visible_to(user).held_at(user.facility_ids).count()
    return Figure(count, _("Warga Binaan di lapas"), reverse("inmates:inmate-list"))


def people_without_nik(user):
    """Of those in custody; the list says what to do about it."""
    held = Inmate.objects.visible_to(user).held_at(user.facility_ids)
    url = f"{reverse('inmates:inmate-list')}?found=no_nik"
    return Figure(held.without_nik().count(), _("Warga Binaan tanpa NIK"), url)


def agreements_expiring(user):
    rows = Agreement.objects.visible_to(user).having_status(AgreementStatus.EXPIRING)
    url = f"{reverse('partners:agreement-list')}?status={AgreementStatus.EXPIRING}"
    return Figure(rows.count(), _("perjanjian berakhir dalam 90 hari"), url)


def agreements_in_force(user):
    rows = Agreement.objects.visible_to(user).having_status(AgreementStatus.IN_FORCE)
    url = f"{reverse('partners:agreement-list')}?status={AgreementStatus.IN_FORCE}"
    return Figure(rows.count(), _("perjanjian berlaku"), url)


def batches_in(user, state, label):
    count = Batch.objects.visible_to(user).filter(state=state).count()
    return Figure(count, label, f"{reverse('training:batch-list')}?state={state}")


def notices_waiting(user):
    count = Notice.objects.visible_to(user).waiting().count()
    return Figure(count, _("pemberitahuan menunggu"), reverse("correspondence:notice-list"))


def letters_numbered(user):
    """Letters that have a number: the letter list without a filter."""
    count = Letter.objects.visible_to(user).count()
    return Figure(count, _("surat bernomor"), reverse("correspondence:letter-list"))


def letters_latest(user, count=5):
    """The newest letters of the prison, for whoever numbers and sends them."""
    if not may(user, "number_letters"):
        return []
    rows = Letter.objects.visible_to(user).exclude(number="").filter(entered_afterwards=False)
    return list(rows.order_by("-dated", "-pk")[:count])


def figures_for(user):
    """Up to four figures that the reader may look behind."""
    if may(user, "see_people"):
        first = [people_held(user)]
    elif may(user, "number_letters"):
        first = [letters_numbered(user)]
    else:
        first = [agreements_in_force(user)]
    cares_for_data = may(user, "import_register") or may(user, "correct_state")
    return [
        *first,
        batches_in(user, BatchState.CONFIRMED, _("angkatan dikonfirmasi")),
        agreements_expiring(user),
        people_without_nik(user) if cares_for_data else notices_waiting(user),
    ]
