"""One person as a page shows them: what is read, and their time as a picture."""

from placements.person.page import Person

__all__ = ["Person"]
