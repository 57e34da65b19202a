"""Which pages are measured, what each must show, and how much each may cost."""

from dataclasses import dataclass
from urllib.parse import quote

from bench.names import LARGEST, MEASURED

LISTED, FURTHER, FOUND, ONE, RANKED, EMPTY = 2.5, 3.0, 3.0, 3.0, 3.5, 1.0  # x bare
MOST_STATEMENTS, MOST_GROWTH = 12, 1.2
ROLES = ("officer", "head", "liaison", "disnaker", "largest", "observer", "country")
# The same of the largest prison and of the whole country.
OTHERS = ("largest", "observer")
OBSERVED = ("home", "agreements", "timeline", "batches", "figures of training", "pipeline")


@dataclass(frozen=True)
class Page:
    name: str
    role: str
    path: str
    shows: str
    limit: float


def of_prison(code, role):
    """The pages of a prison's officer; `role` is who looks, one of `ROLES`."""
    from django.urls import reverse

    from inmates.models import Inmate
    from partners.models import Agreement
    from placements import matching
    from placements.models import Vacancy
    from training.models import Batch, Hearing
    from training.states import BatchState, HearingState

    person = Inmate.objects.filter(prison__code=code).order_by("pk")[7]
    prison = person.prison
    of_prison = Batch.objects.filter(facility=prison)
    empty = of_prison.filter(state=BatchState.CONFIRMED, candidates=None).order_by("pk")[0]
    running = of_prison.filter(state=BatchState.RUNNING).order_by("pk")[0]
    agreement = Agreement.objects.filter(facility=prison, state="signed").order_by("pk")[0]
    hearing = Hearing.objects.filter(facility=prison, state=HearingState.PLANNED).order_by("pk")[0]
    vacancy = Vacancy.objects.open().order_by("pk")[20]
    suits = matching.people_for(vacancy, [prison.pk], size=1).rows
    suited = Inmate.objects.get(pk=suits[0].person) if suits else person
    propose = reverse("training:candidate-propose", args=[empty.public_id])
    people = reverse("placements:vacancy-people", args=[vacancy.public_id])
    word = person.search_name.split()[1]
    typo = word[:-3] + word[-2] + word[-3] + word[-1]
    register = person.custodies.order_by("pk")[0].register_number
    rows = [
        ("home", "/", "Menunggu Anda", LISTED),
        ("people", "/inmates/", "Warga Binaan", LISTED),
        ("people, page 15", "/inmates/?page=15", "Warga Binaan", FURTHER),
        ("people of class B.I", "/inmates/?register_class=B.I", "B.I", LISTED),
        ("people: one row", f"/inmates/?q={person.person_key}", person.name, FOUND),
        ("search: a name", f"/search/?q={word}", word.upper(), FOUND),
        ("search: a typo", f"/search/?q={typo}", word.upper(), FOUND),
        ("search: register number", f"/search/?q={quote(register)}", person.name, FOUND),
        ("search: person key", f"/search/?q={person.person_key}", person.name, FOUND),
        ("one person", person.get_absolute_url(), person.name, ONE),
        ("who could join", propose, "Siapa bisa ikut", RANKED),
        ("who could join, page 10", f"{propose}?page=10", "Siapa bisa ikut", RANKED),
        ("who could join, by name", f"{propose}?q={word}", word.upper(), RANKED),
        ("agreements", "/agreements/", "Kerja sama pelatihan", LISTED),
        ("timeline", "/agreements/timeline/", "Kerja sama pelatihan", LISTED),
        ("one agreement", agreement.get_absolute_url(), agreement.title, ONE),
        ("batches", "/batches/", "Angkatan", LISTED),
        ("one batch", running.get_absolute_url(), running.name, ONE),
        ("slots", "/slots/", "Angkatan", LISTED),
        ("hearings", "/hearings/", "Angkatan", LISTED),
        ("one hearing", hearing.get_absolute_url(), hearing.batch.name, ONE),
        ("referrals", "/referrals/", "R-", LISTED),
        ("follow-ups", "/follow-ups/", "Pemantauan", LISTED),
        ("people for a vacancy", people, "data-person", RANKED),
        (
            "vacancies for a person",
            reverse("placements:person-vacancies", args=[suited.public_id]),
            "data-vacancy",
            RANKED,
        ),
        ("pipeline", "/dashboard/", "Alur dari pelatihan ke pekerjaan", RANKED),
        ("figures of training", "/dashboard/training/", "Angka pelatihan", RANKED),
        ("figures of agreements", "/dashboard/agreements/", "Angka perjanjian", RANKED),
        ("figures of work", "/dashboard/work/", "Angka kerja", RANKED),
        ("prisons side by side", "/dashboard/prisons/", "Lapas dalam angka", RANKED),
        ("participants", "/participants/?step=certified", "Keikutsertaan", LISTED),
        ("certificates", "/certificates/", "S-", LISTED),
        ("notices", "/notices/", "Pemberitahuan", LISTED),
        ("letters", "/letters/", "Rekomendasi", LISTED),
    ]
    return [Page(name, role, *rest) for name, *rest in rows]


def of_agencies():
    """What a liaison reads behind the second wall."""
    from training.models import Batch
    from training.states import BatchState

    batch = Batch.objects.filter(facility__code="B001", state=BatchState.RUNNING)[0]
    return [
        Page("slots, as liaison", "liaison", "/slots/", "Angkatan", LISTED),
        Page("home, as liaison", "liaison", "/", "Menunggu jawaban Anda", LISTED),
        Page("one batch, as liaison", "liaison", batch.get_absolute_url(), batch.name, ONE),
        Page("referrals, as labour office", "disnaker", "/referrals/inbox/", "R-", LISTED),
    ]


def of_country():
    """What an observer of all prisons may open."""
    return [
        # Nothing waits for an observer.
        Page(page.name, "observer", page.path, "Selamat bekerja", page.limit)
        if page.path == "/"
        else Page(page.name, "observer", page.path, page.shows, page.limit)
        for page in of_prison(MEASURED, "observer")
        if page.name in OBSERVED
    ]


def is_large():
    """Whether there is a prison many times as large as the one that is measured."""
    from inmates.models import Inmate

    held = [Inmate.objects.filter(prison__code=code).count() for code in (LARGEST, MEASURED)]
    return held[0] > 10 * held[1]


def measured():
    """`{who: pages}`: those that the targets are about, then those that stand beside them."""
    found = {"prison of 500": of_prison(MEASURED, "officer") + of_agencies()}
    if is_large():
        found["largest prison"] = of_prison(LARGEST, "largest")
        found["whole country"] = of_country()
    return found
