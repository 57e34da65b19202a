from reports.models.city_edition import CityEdition
from reports.models.edition import Edition
from reports.models.handover import Handover
from reports.models.kept import KeptCount, KeptGroup, KeptLength
from reports.models.report import Report

__all__ = ["CityEdition", "Edition", "Handover", "KeptCount", "KeptGroup", "KeptLength", "Report"]
