"""What every address answers to whom. Read a row aloud: "the warden who posts here gets 403".

200 shown, 302 on (done, refused in a sentence, or to the sign-in page), 403 seen but not theirs,
404 unknown to them, 405 only posted, 422 a form with a message. A POST carries nothing useful, so
422 and 302 mean "may, and would have to fill in the form". All objects belong to the prison and
the agency of the first roles; `outsider` is an officer of another prison, `suspended` a head who
may no longer sign in.

Each app has a module of its rows; `site` has those of none.
"""

from tests.access_matrix import (
    correspondence,
    inmates,
    partners,
    placements,
    reports,
    site,
    training,
)

ROLES = (
    "anonymous",
    "officer",
    "head",
    "warden",
    "registrar",
    "secretariat",
    "observer",
    "liaison",
    "other_liaison",
    "outsider",
    "suspended",
)
MATRIX = "".join(
    part.ROWS.lstrip()
    for part in (reports, placements, training, partners, inmates, correspondence, site)
)
