"""Sessions in the database, found by SQL and a plan that are made once: each page asks for one."""

from functools import lru_cache

from django.contrib.sessions.backends import db
from django.utils import timezone

from accounts.prepared import ODD_MOMENT, ForStandIns
from accounts.words import WHOLE


class SessionStore(db.SessionStore):
    """Django's own, but for how a session is found."""

    def _get_session_from_db(self):
        real = {WHOLE: self.session_key, ODD_MOMENT: timezone.now()}
        for session in _alive().objects(real):
            return session
        self._session_key = None
        return None


@lru_cache(maxsize=1)
def _alive():
    """The session with a key, if it is not over."""
    sessions = SessionStore.get_model_class().objects
    rows = sessions.filter(session_key=WHOLE, expire_date__gt=ODD_MOMENT)
    return ForStandIns(rows, lambda value: value in (WHOLE, ODD_MOMENT))
