from reports.models.edition import Edition
from reports.models.handover import Handover
from reports.models.report import Report

__all__ = ["Edition", "Handover", "Report"]
