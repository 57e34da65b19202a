from accounts.models.access import AccessRecord
from accounts.models.action_link import ActionLink
from accounts.models.base import (
    PublicRecord,
    RandomUUID,
    ReadAtOnce,
    Record,
    StatefulRecord,
    searched_by,
)
from accounts.models.facility import Facility
from accounts.models.holiday import Holiday
from accounts.models.posting import Posting
from accounts.models.pulse import Pulse
from accounts.models.sign_in import SignIn
from accounts.models.user import User

__all__ = [
    "AccessRecord",
    "ActionLink",
    "Facility",
    "Holiday",
    "Posting",
    "PublicRecord",
    "Pulse",
    "RandomUUID",
    "ReadAtOnce",
    "Record",
    "SignIn",
    "StatefulRecord",
    "User",
    "searched_by",
]
