"""Who may join a batch, and who comes first (field notes 4.4). Pure functions; they know no model.

`rules`: what each rule says of a person. `priority`: points that order those who may join. Both
take `Facts` about a person and the `Terms` of a batch; `training.services.eligible` gathers these,
and `training.ranking` says the same in SQL for a whole prison.
"""

from training.eligibility.facts import Facts, Span, Terms
from training.eligibility.priority import parts, score
from training.eligibility.results import Outcome, Result
from training.eligibility.rules import (
    ASKED_AGAIN,
    NEVER_OVERRIDDEN,
    RULES,
    SOFTENED,
    asked,
    check,
    failures,
    lifted_by,
    may_be_overridden,
    outcome_of,
    remarks,
)

__all__ = [
    "ASKED_AGAIN",
    "NEVER_OVERRIDDEN",
    "RULES",
    "SOFTENED",
    "Facts",
    "Outcome",
    "Result",
    "Span",
    "Terms",
    "asked",
    "check",
    "failures",
    "lifted_by",
    "may_be_overridden",
    "outcome_of",
    "parts",
    "remarks",
    "score",
]
