"""Figures of the dashboards beside the pipeline's: counted here, shown by `reports.views`.

A dashboard is a function of a `Chosen` that gives `Section`s. A number that counts rows leads to
the list of exactly these; a sum (seats, JP) leads to the rows that it is a sum of.
"""

from reports.dashboards.agreements import agreements
from reports.dashboards.page import Chosen, Section
from reports.dashboards.prisons import prisons
from reports.dashboards.training import training
from reports.dashboards.work import work

__all__ = ["Chosen", "Section", "agreements", "prisons", "training", "work"]
