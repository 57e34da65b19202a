"""Which pages are measured: (name, role, path, text that the page must show)."""

from urllib.parse import quote

from django.urls import reverse

ROLES = ("officer", "registrar")


def all_pages():
    from inmates.models import Inmate
    from training.models import Batch
    from training.states import BatchState

    person = Inmate.objects.filter(prison__code="B001").order_by("pk")[7]
    batch = Batch.objects.get(facility__code="B001", state=BatchState.CONFIRMED)
    propose = reverse("training:candidate-propose", args=[batch.public_id])
    word = person.search_name.split()[1]
    typo = word[:-3] + word[-2] + word[-3] + word[-1]
    register = person.custodies.get().register_number
    found = person.name
    return [
        ("people", "officer", "/inmates/", "Warga Binaan"),
        ("people, page 15", "officer", "/inmates/?page=15", "Warga Binaan"),
        ("people of class B.I", "officer", "/inmates/?register_class=B.I", "B.I"),
        ("search: a name", "officer", f"/search/?q={word}", word.upper()),
        ("search: a typo", "officer", f"/search/?q={typo}", word.upper()),
        ("search: register number", "officer", f"/search/?q={quote(register)}", found),
        ("search: person key", "officer", f"/search/?q={person.person_key}", found),
        ("one person", "officer", person.get_absolute_url(), found),
        ("who could join", "officer", propose, "Siapa bisa ikut"),
        ("who could join, page 10", "officer", f"{propose}?page=10", "Siapa bisa ikut"),
        ("who could join, by name", "officer", f"{propose}?q={word}", word.upper()),
        ("home", "officer", "/", "Menunggu Anda"),
        ("pipeline", "officer", "/dashboard/", "Alur dari pelatihan ke pekerjaan"),
        ("figures of training", "officer", "/dashboard/training/", "Angka pelatihan"),
        ("figures of agreements", "officer", "/dashboard/agreements/", "Angka perjanjian"),
        ("figures of work", "officer", "/dashboard/work/", "Angka kerja"),
        ("prisons side by side", "officer", "/dashboard/prisons/", "Lapas dalam angka"),
        ("city report", "officer", "/reports/city/", "dalam pelatihan kerja"),
        ("participants", "officer", "/participants/?step=certified", "Keikutsertaan"),
    ]
