"""The NIK at rest: encrypted with the newest key, found by a keyed digest, never in the clear.

Keys come from `NIK_KEYS` (`id:urlsafe-base64 of 32 bytes`, newest first): the first encrypts, all
decrypt. To rotate without a pause: put the new key last and restart everything; when every process
knows it, move it to the front and restart; run `manage.py rotate_nik_keys` while people work; when
it says that nothing is left, take the old key out. Until then keep it: backups need it, too.

`NIK_DIGEST_KEY` makes the digests by which a NIK is found. It is changed only if it has leaked: all
processes must use one key at a time, so stop web and workers, change it, start them, and run
`manage.py rotate_nik_keys --digests`. Until that has ended, who is not done yet is not found by
NIK, and an import says that their NIK has changed.
"""

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnknownKey(Exception):
    """No configured key opens this NIK."""


@lru_cache(maxsize=4)
def _box(keys):
    pairs = [key.split(":", 1) for key in keys]
    return pairs[0][0], MultiFernet([Fernet(secret.encode()) for _id, secret in pairs])


def newest_key():
    """The id of the key that new ciphers carry."""
    return _box(tuple(settings.NIK_KEYS))[0]


def seal(nik):
    """What is stored of a NIK: cipher (text), key id, digest, last four digits."""
    key_id, box = _box(tuple(settings.NIK_KEYS))
    return {
        "cipher": box.encrypt(nik.encode()).decode(),
        "key": key_id,
        "digest": digest(nik),
        "last4": nik[-4:],
    }


def reveal(cipher):
    """The NIK in the clear, from the stored bytes. For exports that the design allows, no page."""
    try:
        return _box(tuple(settings.NIK_KEYS))[1].decrypt(bytes(cipher)).decode()
    except InvalidToken as error:
        raise UnknownKey from error


def digest(nik):
    """Same NIK, same digest; without the key nobody can try out all NIKs."""
    key = settings.NIK_DIGEST_KEY.encode()
    return hmac.new(key, nik.encode(), hashlib.sha256).hexdigest()
