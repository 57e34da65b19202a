"""The audience every app shares: whoever holds a post of the prison today."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Posting
from accounts.roles import LIAISON, ROLE_LABELS
from correspondence.sources import FACILITY, OWNER, audience

POSTS = {role: label for role, label in ROLE_LABELS.items() if role != LIAISON}


@audience(FACILITY, {**POSTS, OWNER: _("jabatan pemilik tugas")})
def holders_of_posts(today):
    return (
        Posting.objects.current(today)
        .filter(user__is_active=True)
        .order_by()
        .values_list("role_id", "facility_id", "user_id")
    )
