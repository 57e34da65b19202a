"""People on their way out, and what they have for work."""

from django.utils import timezone

from inmates.models import Document
from placements.checklist import DOCUMENTS
from placements.employment import CVPart
from placements.models import CurriculumVitae, ReadinessItem
from tests.factories.inmates import inmate_at
from tests.factories.partners import today


def leaving(facility, days=90, **fields):
    """Somebody whose sentence ends in so many days; no way out before."""
    sentence = {"two_thirds": today(-200), "expires": today(days)}
    return inmate_at(facility, sentence=sentence, **fields)


def cv_of(inmate, facility, **given):
    """A text in Indonesian, approved, with all parts shared."""
    values = {
        "language": "id",
        "summary": "Saya teliti.",
        "experience": "Penjahit di konveksi",
        "abilities": "Menjahit",
        "phone": "0812-3456-7890",
        "shares": CVPart.values,
        "written_at": timezone.now(),
        "approved_on": today(),
    }
    return CurriculumVitae.objects.create(inmate=inmate, facility=facility, **(values | given))


def there(inmate, facility, kind):
    """Makes one thing of the checklist be there, where it is read from."""
    if kind in DOCUMENTS:
        return Document.objects.create(
            inmate=inmate, facility=facility, kind=DOCUMENTS[kind], seen_on=today(-3)
        )
    if kind == "cv":
        return cv_of(inmate, facility)
    return ReadinessItem.objects.create(
        inmate=inmate, facility=facility, kind=kind, done_on=today(-3)
    )
