"""The sections of the monthly report that the app counts (field notes 5.5), in their order.

A section is a function of a prison and the first and last day of a month; it gives a `Section`
without the name of any inmate. Counted in Indonesian, as all papers.
"""

from reports.monthly import agreements, people, trainings, work
from reports.monthly.section import Section, differences

SECTIONS = (
    people.held,
    trainings.held,
    agreements.in_force,
    work.released_to_work,
    work.placed,
)

__all__ = ["SECTIONS", "Section", "differences"]
