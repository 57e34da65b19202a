"""What the public may check of a paper: a random code, and the few facts behind it.

The service of the app that owns a paper writes its verification and revokes it; the public page
reads nothing else. `public` maps the keys of `PUBLIC` to texts: never a prison, a full name or a
list.
"""

import io
import re
import secrets

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.refusals import act
from correspondence.models import Verification

# Letters and digits that nobody mixes up; what somebody may take for one of them is read as it.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OIL", "011")
PUBLIC = {
    "course": _("Program pelatihan"),
    "scheme": _("Skema"),
    "issuer": _("Penerbit"),
    "holder": _("Inisial pemegang"),
}
LENGTH = 20  # of 32 signs each: 100 bits
GROUP = 5


def new_code():
    """A random code of 100 bits, for a paper that has to carry it before it is numbered."""
    return "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))


@act
def write(*, kind, number, issued_on, public, valid_until=None, code="", by):
    """Make a paper checkable; the permission is the caller's business. Returns the row.

    `kind` is a code of `correspondence.letter_kinds`, which names it on the page.
    """
    return Verification.objects.create(
        code=code or new_code(),
        kind=kind,
        number=number,
        issued_on=issued_on,
        public=public,
        valid_until=valid_until,
        created_by=by,
    )


@act
def revoke(*, verification):
    """The paper is worth nothing any more; twice is harmless, and it never comes back."""
    if verification.revoked_at is None:
        verification.revoked_at = timezone.now()
        verification.save(update_fields=["revoked_at"])
    return verification


def find(typed):
    """The verification of a code as somebody typed or scanned it, or None."""
    return Verification.objects.filter(code=_bare(typed)).first()


def grouped(code):
    """The code as it is printed and read aloud: `7K3M2-ABCDE-...`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def address_of(code):
    """The public address at which the code is checked, as it stands in the QR."""
    path = reverse("correspondence:verify", args=[grouped(code)])
    return f"{settings.PUBLIC_VERIFY_URL}{path}"


def qr_of(code):
    """The address as an SVG picture: black on white, presentation attributes only."""
    picture = io.BytesIO()
    segno.make(address_of(code), error="m", micro=False).save(
        picture,
        kind="svg",
        light="white",
        omitsize=True,
        svgclass=None,
        lineclass=None,
        xmldecl=False,
        nl=False,
    )
    return picture.getvalue().decode()


def printed(code):
    """What a paper carries so that a stranger can check it, as plain data."""
    return {"code": grouped(code), "address": address_of(code), "qr": qr_of(code)}


def facts_of(verification):
    """Pairs of a label and a text: what the paper's owner lets the public know."""
    return [
        (label, verification.public[key])
        for key, label in PUBLIC.items()
        if verification.public.get(key)
    ]


def initials_of(name):
    """`Budi Santoso` is B.S.: all that a stranger learns of the holder."""
    words = re.findall(r"\w+", name)
    return "".join(f"{word[0].upper()}." for word in words)


def _bare(typed):
    """Without groups, in capitals, at most one sign too long: anything else finds nothing."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper().translate(MISREAD))[: LENGTH + 1]
