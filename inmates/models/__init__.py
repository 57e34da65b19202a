from inmates.models.circumstance import Circumstance
from inmates.models.consent import Consent, Document
from inmates.models.custody import Custody, RegisterEntry
from inmates.models.data_limit import DataLimit
from inmates.models.import_run import Absence, ColumnMapping, ImportRow, ImportRun
from inmates.models.inmate import Inmate
from inmates.models.likeness import Distinct, Merge
from inmates.models.restriction import Restriction
from inmates.models.sentence import Sentence
from inmates.models.skill import AptitudeAssessment, SkillProfile
from inmates.models.transfer import Transfer

__all__ = [
    "Absence",
    "AptitudeAssessment",
    "Circumstance",
    "ColumnMapping",
    "Consent",
    "Custody",
    "DataLimit",
    "Distinct",
    "Document",
    "ImportRow",
    "ImportRun",
    "Inmate",
    "Merge",
    "RegisterEntry",
    "Restriction",
    "Sentence",
    "SkillProfile",
    "Transfer",
]
