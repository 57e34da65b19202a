from inmates.models.custody import Custody
from inmates.models.import_run import ImportRow, ImportRun
from inmates.models.inmate import Inmate
from inmates.models.restriction import Restriction
from inmates.models.sentence import Sentence

__all__ = ["Custody", "ImportRow", "ImportRun", "Inmate", "Restriction", "Sentence"]
