"""Who saw whose data between two moments, for the notification of a breach (UU 27/2022 art. 46)."""

from reports.breaches.kinds import kinds_of
from reports.breaches.looks import Asked, Looks
from reports.breaches.reach import names_people, people_meant, prisons_of, records_of

__all__ = ["Asked", "Looks", "kinds_of", "names_people", "people_meant", "prisons_of", "records_of"]
